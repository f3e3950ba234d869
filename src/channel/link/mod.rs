//! Links: connections that the host holds for a channel's plugin.
//!
//! Each has a task of its own, which waits for its turn, opens the connection by a [`Linker`], and
//! carries what is said both ways until one side ends it. What comes goes to the actor through one
//! bounded channel, with a limit of bytes for each link: while the actor has not taken
//! it, the socket is not read, and the network's side feels that.

mod asked;
mod framing;
mod inbox;
mod stream;
mod task;
mod websocket;

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;

pub use self::asked::{Connect, Framing, LengthPrefix, Outgoing};
pub use self::framing::{FramingError, check, cut};
pub(super) use self::inbox::{Told, What};
pub(super) use self::task::{Handle, Limits, start};
use super::BoxFuture;
pub(super) use super::back_off::BackOff;
pub use super::back_off::Pace;
use super::egress::Guard;
use super::status::Limit;

/// Opens links on a plugin's behalf, within what the operator granted.
pub trait Linker: Send + Sync {
    /// Opens one, or says why not, in words without the address's path and without secrets.
    fn open(
        self: Arc<Self>,
        connect: Connect,
        frame_bytes_max: usize,
    ) -> BoxFuture<Result<Opened, NotOpened>>;

    /// How long failed ones wait.
    fn pace(&self) -> Pace {
        Pace::default()
    }
}

/// Both ways of a connection.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A connection, with TLS or without.
pub type Socket = Box<dyn Io>;

/// A link that is open.
pub struct Opened {
    /// What the two sides of a WebSocket agreed on.
    pub protocol: Option<String>,
    /// Of a WebSocket's handshake, but for cookies.
    pub headers: Vec<(String, String)>,
    /// What carries it.
    pub transport: Transport,
    /// Puts secrets in and takes them out.
    pub guard: Guard,
}

/// What carries a link.
pub enum Transport {
    /// Messages.
    WebSocket(Box<WebSocketStream<Socket>>),
    /// Bytes, and how they are cut.
    Stream(Socket, Framing),
}

/// Why a link is not open, or something was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotOpened {
    /// The HTTP status that refused it.
    pub code: Option<u16>,
    /// In words.
    pub reason: String,
}

impl NotOpened {
    /// Without a status.
    pub fn new(reason: String) -> Self {
        Self { code: None, reason }
    }
}

/// How a link ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended {
    /// A WebSocket's close code, or the status that refused it.
    pub(super) code: Option<u16>,
    /// In our words.
    pub(super) reason: String,
    /// In the network's, without secrets.
    pub(super) said: Option<String>,
    /// The limit that ended it.
    pub(super) limit: Option<Limit>,
    /// With what our side of a WebSocket closes it.
    pub(super) close_with: Option<u16>,
}

impl Ended {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..Self::default() }
    }

    fn by_plugin(code: Option<u16>) -> Self {
        Self { code, ..Self::new("the plugin closed it") }
    }

    fn took_nothing() -> Self {
        let seconds = task::SEND_TIMEOUT.as_secs();
        Self::new(format!("the network's side took nothing for {seconds} s"))
    }
}

impl From<NotOpened> for Ended {
    fn from(NotOpened { code, reason }: NotOpened) -> Self {
        Self { code, ..Self::new(reason) }
    }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test that cannot go on has failed")]
mod tests;
