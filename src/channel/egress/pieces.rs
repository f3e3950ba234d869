//! Puts a request's pieces together.
//!
//! Bytes stay bytes: they are never searched for anything. What is made of secrets is remembered,
//! so that a server which sends it back does not show it to the plugin.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::FetchError;
use crate::channel::request::{Atom, Computed, Digest, Encoding, Piece};
use crate::config::model::Secret;

/// Computed pieces of one request. Each is looked for in the answer.
pub(super) const COMPUTED_MAX: usize = 8;

/// Finds a secret by name, or says why it must not be sent.
pub(super) type Find<'a> = dyn Fn(&str) -> Result<&'a Secret, FetchError> + 'a;

/// Makes the parts of one request.
pub(super) struct Maker<'a> {
    find: &'a Find<'a>,
    /// What was computed of secrets.
    pub(super) made: Vec<Zeroizing<Vec<u8>>>,
    computed: usize,
}

impl<'a> Maker<'a> {
    pub(super) fn new(find: &'a Find<'a>) -> Self {
        Self { find, made: Vec::new(), computed: 0 }
    }

    /// Pieces of a header or a body, one after the other.
    pub(super) fn bytes(&mut self, pieces: &[Piece]) -> Result<Zeroizing<Vec<u8>>, FetchError> {
        let mut out = Zeroizing::new(Vec::new());
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => out.extend_from_slice(bytes),
                Piece::Secret(name) => out.extend_from_slice((self.find)(name)?.expose()),
                Piece::Computed(computed) => out.extend_from_slice(&self.computed(computed)?),
            }
        }
        Ok(out)
    }

    /// Pieces of an address. Whatever could end a part of it is escaped in a secret, so that it stays
    /// where it was put.
    pub(super) fn url(&mut self, pieces: &[Piece]) -> Result<Zeroizing<String>, FetchError> {
        let mut out = Zeroizing::new(Vec::new());
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => out.extend_from_slice(bytes),
                Piece::Secret(name) => {
                    escape((self.find)(name)?.expose(), IN_ADDRESS, &mut out);
                }
                Piece::Computed(computed) => {
                    let made = self.computed(computed)?;
                    match computed.encoding {
                        Encoding::Percent => out.extend_from_slice(&made),
                        _ => escape(&made, IN_ADDRESS, &mut out),
                    }
                }
            }
        }
        let text = std::str::from_utf8(&out).map_err(|_| FetchError::Address)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn computed(&mut self, computed: &Computed) -> Result<Zeroizing<Vec<u8>>, FetchError> {
        self.computed += 1;
        if self.computed > COMPUTED_MAX {
            return Err(FetchError::TooManyComputed);
        }
        let key = self.atoms(&computed.key)?;
        let over = self.atoms(&computed.over)?;
        let digest = Zeroizing::new(digest(computed.digest, &key, &over)?);
        let written = Zeroizing::new(match computed.encoding {
            Encoding::Raw => digest.to_vec(),
            Encoding::Hex => hex::encode(&*digest).into_bytes(),
            Encoding::Base64 => BASE64_STANDARD.encode(&*digest).into_bytes(),
            Encoding::Base64url => BASE64_URL_SAFE_NO_PAD.encode(&*digest).into_bytes(),
            Encoding::Percent => {
                let mut out = Vec::with_capacity(digest.len());
                escape(&digest, UNRESERVED, &mut out);
                out
            }
        });
        let is_secret = |atom: &Atom| matches!(atom, Atom::Secret(_));
        if computed.key.iter().chain(&computed.over).any(is_secret) {
            self.made.push(written.clone());
        }
        Ok(written)
    }

    fn atoms(&self, atoms: &[Atom]) -> Result<Zeroizing<Vec<u8>>, FetchError> {
        let mut out = Zeroizing::new(Vec::new());
        for atom in atoms {
            match atom {
                Atom::Bytes(bytes) => out.extend_from_slice(bytes),
                Atom::Secret(name) => out.extend_from_slice((self.find)(name)?.expose()),
            }
        }
        Ok(out)
    }
}

/// The address as a message may show it: with nothing in place of the secrets.
pub(super) fn without_secrets(pieces: &[Piece]) -> Result<String, FetchError> {
    let bytes = pieces.iter().filter_map(|piece| match piece {
        Piece::Bytes(bytes) => Some(&**bytes),
        Piece::Secret(_) | Piece::Computed(_) => None,
    });
    String::from_utf8(bytes.collect::<Vec<_>>().concat()).map_err(|_| FetchError::Address)
}

fn digest(digest: Digest, key: &[u8], over: &[u8]) -> Result<Vec<u8>, FetchError> {
    Ok(match digest {
        Digest::None => over.to_vec(),
        Digest::Md5 => Md5::digest(over).to_vec(),
        Digest::Sha1 => Sha1::digest(over).to_vec(),
        Digest::Sha256 => Sha256::digest(over).to_vec(),
        Digest::HmacMd5 => authenticated(Hmac::<Md5>::new_from_slice(key), over)?,
        Digest::HmacSha1 => authenticated(Hmac::<Sha1>::new_from_slice(key), over)?,
        Digest::HmacSha256 => authenticated(Hmac::<Sha256>::new_from_slice(key), over)?,
    })
}

fn authenticated<M: Mac, E>(mac: Result<M, E>, over: &[u8]) -> Result<Vec<u8>, FetchError> {
    // Of these HMACs any length is a key.
    let mut mac = mac.map_err(|_| FetchError::Address)?;
    mac.update(over);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// All but what an address may have as it is (RFC 3986).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// And `:`, which tokens have in a path.
const IN_ADDRESS: &AsciiSet = &UNRESERVED.remove(b':');

fn escape(bytes: &[u8], escaped: &'static AsciiSet, out: &mut Vec<u8>) {
    percent_encode(bytes, escaped).for_each(|part| out.extend_from_slice(part.as_bytes()));
}
