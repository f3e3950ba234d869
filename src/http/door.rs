//! Where webhooks go: the seam between the HTTP edge and the channels.

use std::future::Future;
use std::net::SocketAddr;

use axum::http::{HeaderMap, Method, StatusCode};
use bytes::Bytes;

use super::problem::Problem;

/// Takes what a network sends to `/in/{channel}`. It returns once the events are on disk, or
/// cannot be.
pub trait Door: Send + Sync + 'static {
    /// Delivers one request to a channel.
    fn deliver(
        &self,
        channel: &str,
        request: Incoming,
    ) -> impl Future<Output = Result<Reply, Refusal>> + Send;
}

/// A network's request, its body complete.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// `POST` mostly; `GET` for challenges.
    pub method: Method,
    /// The query without `?`; none when there was none.
    pub query: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, byte for byte: signatures are over it.
    pub body: Bytes,
    /// The peer of the socket; a proxy, where there is one.
    pub remote: Option<SocketAddr>,
}

/// What the network is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// 2xx: the events are on disk.
    pub status: StatusCode,
    /// Headers of the plugin's choice, already checked.
    pub headers: HeaderMap,
    /// Mostly empty.
    pub body: Bytes,
}

/// Why a request was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No `[channel.NAME]` in the config.
    #[error("there is no channel \"{channel}\"")]
    UnknownChannel {
        /// What was asked for.
        channel: String,
    },
    /// The channel's source is a file or a poll.
    #[error("channel \"{channel}\" takes no webhooks")]
    NotAWebhook {
        /// The channel.
        channel: String,
    },
    /// No network calls in this way.
    #[error("a webhook is not called by {method}")]
    BadMethod {
        /// The method.
        method: Method,
    },
    /// It does not prove who sent it.
    #[error("the signature is missing or wrong")]
    BadSignature,
    /// The channel's mailbox or the journal is full: later.
    #[error("too much is waiting already: send it again later")]
    Busy,
    /// The disk refuses.
    #[error("the journal cannot be written: send it again later")]
    JournalUnavailable,
    /// The plugin is restarting, or was shut off after repeated failures.
    #[error("the channel's plugin is not running: send it again later")]
    PluginUnavailable,
    /// It cannot become an event that the journal keeps.
    #[error("it cannot be taken: {reason}")]
    Undecodable {
        /// Why.
        reason: String,
    },
    /// What is shown here is the past.
    #[error("this is a replay, which takes nothing in: send it to the server itself")]
    Replay,
    /// The server is stopping.
    #[error("the server is stopping: send it again later")]
    Stopping,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        const LATER: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
        let detail = refusal.to_string();
        let problem = |status, name, title| Problem::new(status, name, title, detail.clone());
        match refusal {
            Refusal::UnknownChannel { .. } => {
                problem(StatusCode::NOT_FOUND, "unknown-channel", "Unknown channel")
            }
            Refusal::NotAWebhook { .. } => {
                problem(StatusCode::NOT_FOUND, "not-a-webhook", "Not a webhook channel")
            }
            Refusal::BadMethod { .. } => {
                problem(StatusCode::METHOD_NOT_ALLOWED, "bad-method", "Method not allowed")
            }
            Refusal::BadSignature => {
                problem(StatusCode::UNAUTHORIZED, "bad-signature", "Bad signature")
            }
            Refusal::Busy => problem(LATER, "busy", "Busy").retry_after(1),
            Refusal::JournalUnavailable => {
                problem(LATER, "journal-unavailable", "Journal unavailable").retry_after(10)
            }
            Refusal::PluginUnavailable => {
                problem(LATER, "plugin-unavailable", "Plugin unavailable").retry_after(10)
            }
            Refusal::Undecodable { .. } => {
                problem(StatusCode::UNPROCESSABLE_ENTITY, "undecodable", "Undecodable")
            }
            Refusal::Replay => problem(StatusCode::GONE, "replay", "Replay"),
            Refusal::Stopping => problem(LATER, "stopping", "Stopping").retry_after(5),
        }
    }
}
