//! Who receives webhooks, and what a network is told when its webhook is refused.

use std::future::Future;

use axum::http::StatusCode;

use super::problem::Problem;
use crate::channel::input::Incoming;
use crate::channel::registry::Registry;
use crate::channel::reply::{Refusal, Reply};
use crate::journal::JournalError;

/// Takes what a network sends to `/in/{channel}`. It returns once the events are on disk, or
/// cannot be. The server's is the [`Registry`].
pub trait WebhookReceiver: Send + Sync + 'static {
    /// Whether a request with this head may bring its body: what cannot be for a channel is
    /// refused before.
    fn admit(&self, channel: &str, head: &Incoming) -> Result<(), Problem>;
    /// Whether a channel's address has a secret at its end, `/in/CHANNEL/SECRET`.
    fn has_secret_path(&self, _channel: &str) -> bool {
        false
    }
    /// Takes one request for a channel.
    fn receive(
        &self,
        channel: &str,
        request: Incoming,
    ) -> impl Future<Output = Result<Reply, Problem>> + Send;
}

impl WebhookReceiver for Registry {
    fn admit(&self, channel: &str, head: &Incoming) -> Result<(), Problem> {
        Registry::admit(self, channel, head).map_err(Problem::from)
    }

    fn has_secret_path(&self, channel: &str) -> bool {
        Registry::has_secret_path(self, channel)
    }

    async fn receive(&self, channel: &str, request: Incoming) -> Result<Reply, Problem> {
        self.deliver(channel, request).await.map_err(Problem::from)
    }
}

/// In words for the network: what it did wrong, or that it may send again, and nothing about the
/// server's inside.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::UnknownChannel(channel) => Problem::new(
                StatusCode::NOT_FOUND,
                "unknown-channel",
                "Unknown channel",
                format!("there is no channel \"{channel}\""),
            ),
            Refusal::NotAWebhook(channel) => Problem::new(
                StatusCode::NOT_FOUND,
                "not-a-webhook",
                "Not a webhook channel",
                format!("channel \"{channel}\" takes no webhooks"),
            ),
            Refusal::BadSignature => Problem::new(
                StatusCode::UNAUTHORIZED,
                "bad-signature",
                "Bad signature",
                "the signature is missing or wrong",
            ),
            Refusal::Busy(_) | Refusal::JournalUnavailable(JournalError::Busy { .. }) => {
                later("busy", "Busy", "too much is waiting already", 1)
            }
            Refusal::JournalUnavailable(JournalError::Unwritable { .. }) => later(
                "journal-unavailable",
                "Journal unavailable",
                "the journal cannot be written",
                10,
            ),
            Refusal::PluginUnavailable(_) => later(
                "plugin-unavailable",
                "Plugin unavailable",
                "the channel's plugin is not running",
                10,
            ),
            Refusal::Later(after_ms) => later(
                "later",
                "Later",
                "it cannot be told yet what this means",
                after_ms.div_ceil(1_000).max(1),
            ),
            // A webhook's bad input is answered by its reply; these are what the journal or a
            // retry says of a single event.
            Refusal::Undecodable { reason, .. } => undecodable(&reason),
            Refusal::JournalUnavailable(error @ JournalError::Invalid { .. }) => {
                undecodable(&error.to_string())
            }
            Refusal::JournalUnavailable(JournalError::Closed) | Refusal::Stopping => {
                later("stopping", "Stopping", "the server is stopping", 5)
            }
        }
    }
}

fn later(name: &str, title: &'static str, why: &str, seconds: u32) -> Problem {
    let detail = format!("{why}: send it again later");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, name, title, detail).retry_after(seconds)
}

fn undecodable(reason: &str) -> Problem {
    let detail = format!("it cannot be taken: {reason}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "undecodable", "Undecodable", detail)
}
