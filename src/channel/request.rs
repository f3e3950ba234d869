//! A plugin's `fetch`: a request in pieces. A secret is a piece of its own, so nothing that a network
//! says, and a plugin hands on, can ask for one.

use bytes::Bytes;

use super::host::wit;
use super::input::Method;

/// What to ask a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Absolute; the bytes before the first secret hold the host.
    pub url: Vec<Piece>,
    /// Name and value.
    pub headers: Vec<(String, Vec<Piece>)>,
    /// Sent as it is put together.
    pub body: Vec<Piece>,
    /// The plugin's own mark, repeated in the response.
    pub tag: String,
}

/// A part of what goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As they are.
    Bytes(Bytes),
    /// The value of the secret of this name.
    Secret(String),
    /// Made of both.
    Computed(Computed),
}

/// `digest` of `over`, with `key` where it is an HMAC, written in `encoding`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// What is done first.
    pub digest: Digest,
    /// Of an HMAC.
    pub key: Vec<Atom>,
    /// What it is made of.
    pub over: Vec<Atom>,
    /// What is done last.
    pub encoding: Encoding,
}

/// A part of what something is computed of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// As they are.
    Bytes(Bytes),
    /// The value of the secret of this name.
    Secret(String),
}

/// What becomes of bytes before they are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// They stay.
    None,
    /// Networks' old log-ins.
    Md5,
    /// SHA-1
    Sha1,
    /// SHA-256
    Sha256,
    /// HMAC-MD5
    HmacMd5,
    /// HMAC-SHA-1
    HmacSha1,
    /// HMAC-SHA-256
    HmacSha256,
}

/// How bytes are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Raw,
    /// Lower-case hexadecimal.
    Hex,
    /// With padding.
    Base64,
    /// For addresses, without padding.
    Base64url,
    /// All but letters, digits and `-._~` as `%XX`.
    Percent,
}

impl From<wit::Request> for Request {
    fn from(request: wit::Request) -> Self {
        let header = |it: wit::Header| (it.name, pieces(it.value));
        Self {
            method: request.method.into(),
            url: pieces(request.url),
            headers: request.headers.into_iter().map(header).collect(),
            body: pieces(request.body),
            tag: request.tag,
        }
    }
}

/// From the contract's words.
pub fn pieces(pieces: Vec<wit::Piece>) -> Vec<Piece> {
    pieces.into_iter().map(Piece::from).collect()
}

fn atoms(atoms: Vec<wit::Atom>) -> Vec<Atom> {
    let atom = |atom| match atom {
        wit::Atom::Bytes(bytes) => Atom::Bytes(bytes.into()),
        wit::Atom::Secret(name) => Atom::Secret(name),
    };
    atoms.into_iter().map(atom).collect()
}

impl From<wit::Piece> for Piece {
    fn from(piece: wit::Piece) -> Self {
        match piece {
            wit::Piece::Bytes(bytes) => Piece::Bytes(bytes.into()),
            wit::Piece::Secret(name) => Piece::Secret(name),
            wit::Piece::Computed(it) => Piece::Computed(Computed {
                digest: match it.digest {
                    wit::Digest::None => Digest::None,
                    wit::Digest::Md5 => Digest::Md5,
                    wit::Digest::Sha1 => Digest::Sha1,
                    wit::Digest::Sha256 => Digest::Sha256,
                    wit::Digest::HmacMd5 => Digest::HmacMd5,
                    wit::Digest::HmacSha1 => Digest::HmacSha1,
                    wit::Digest::HmacSha256 => Digest::HmacSha256,
                },
                key: atoms(it.key),
                over: atoms(it.over),
                encoding: match it.encoding {
                    wit::Encoding::Raw => Encoding::Raw,
                    wit::Encoding::Hex => Encoding::Hex,
                    wit::Encoding::Base64 => Encoding::Base64,
                    wit::Encoding::Base64url => Encoding::Base64url,
                    wit::Encoding::Percent => Encoding::Percent,
                },
            }),
        }
    }
}
