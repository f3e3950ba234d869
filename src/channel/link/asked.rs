//! What a plugin asks for of a link, in the host's words.

use std::sync::Arc;

use bytes::Bytes;

use crate::channel::host::wit;
use crate::channel::request::{Piece, pieces};

/// A connection that the host is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    /// The plugin's name for it.
    pub link: Arc<str>,
    /// `wss://HOST/PATH`, `ws://`, `tls://HOST:PORT` or `tcp://HOST:PORT`.
    pub address: Vec<Piece>,
    /// Of a WebSocket's handshake: name and value.
    pub headers: Vec<(String, Vec<Piece>)>,
    /// Of which a WebSocket's server may choose one.
    pub protocols: Vec<String>,
    /// How what comes is cut.
    pub framing: Framing,
}

/// How what comes is cut into frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A WebSocket's own messages.
    Messages,
    /// As a stream's bytes come.
    Chunks,
    /// Before these bytes, which are left out.
    Until(Bytes),
    /// By the length that stands before each.
    Prefixed(LengthPrefix),
}

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthPrefix {
    /// 1, 2, 4 or 8.
    pub bytes: u8,
    /// The lowest byte comes first.
    pub little_endian: bool,
    /// The length is of the frame and of itself.
    pub counts_itself: bool,
}

/// What to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The link's name.
    pub link: String,
    /// A WebSocket's text message.
    pub is_text: bool,
    /// Put together when its turn comes.
    pub data: Vec<Piece>,
}

impl Outgoing {
    /// What it takes in the queue. How long a secret is, is known only when it is put in.
    pub fn bytes(&self) -> usize {
        const SECRET_BYTES: usize = 256;
        let bytes = |piece: &Piece| match piece {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::Secret(_) | Piece::Computed(_) => SECRET_BYTES,
        };
        self.data.iter().map(bytes).sum()
    }
}

impl From<wit::Connect> for Connect {
    fn from(it: wit::Connect) -> Self {
        let header = |it: wit::Header| (it.name, pieces(it.value));
        Self {
            link: it.link.into(),
            address: pieces(it.address),
            headers: it.headers.into_iter().map(header).collect(),
            protocols: it.protocols,
            framing: match it.framing {
                wit::Framing::Messages => Framing::Messages,
                wit::Framing::Chunks => Framing::Chunks,
                wit::Framing::Until(end) => Framing::Until(end.into()),
                wit::Framing::Prefixed(it) => Framing::Prefixed(LengthPrefix {
                    bytes: it.bytes,
                    little_endian: it.little_endian,
                    counts_itself: it.counts_itself,
                }),
            },
        }
    }
}

impl From<wit::Outgoing> for Outgoing {
    fn from(it: wit::Outgoing) -> Self {
        Self { link: it.link, is_text: it.is_text, data: pieces(it.data) }
    }
}
