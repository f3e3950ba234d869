//! Where HTTP's webhooks meet the channels: the same things in the words of both.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::channel::registry::{self, Registry};
use crate::channel::reply;
use crate::http::{Door, Incoming, Refusal, Reply};
use crate::journal::JournalError;

/// The channels' registry as the door that HTTP knocks on.
pub(super) struct FrontDoor(pub(super) Arc<Registry>);

impl Door for FrontDoor {
    async fn deliver(&self, channel: &str, request: Incoming) -> Result<Reply, Refusal> {
        let Incoming { method, query, headers, body, remote } = request;
        let Ok(method) = method.as_str().parse() else {
            return Err(Refusal::BadMethod { method });
        };
        let request = registry::Incoming { method, query, headers, body, remote };
        self.0.deliver(channel, request).await.map(reply).map_err(refusal)
    }
}

fn reply(reply: reply::Reply) -> Reply {
    let mut headers = HeaderMap::with_capacity(reply.headers.len());
    for (name, value) in reply.headers {
        // What is no header was dropped where the plugin's reply came in.
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str()))
        {
            headers.insert(name, value);
        }
    }
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    Reply { status, headers, body: reply.body }
}

fn refusal(refusal: reply::Refusal) -> Refusal {
    match refusal {
        reply::Refusal::UnknownChannel(channel) => Refusal::UnknownChannel { channel },
        reply::Refusal::NotAWebhook(channel) => Refusal::NotAWebhook { channel },
        reply::Refusal::BadSignature => Refusal::BadSignature,
        reply::Refusal::Busy(_) => Refusal::Busy,
        reply::Refusal::PluginUnavailable(_) => Refusal::PluginUnavailable,
        reply::Refusal::JournalUnavailable(JournalError::Busy { .. }) => Refusal::Busy,
        reply::Refusal::JournalUnavailable(JournalError::Unwritable { .. }) => {
            Refusal::JournalUnavailable
        }
        // A webhook's bad input is answered by its reply; these are what the journal or a retry
        // says of a single event.
        reply::Refusal::Undecodable { reason, .. } => Refusal::Undecodable { reason },
        reply::Refusal::JournalUnavailable(error @ JournalError::Invalid { .. }) => {
            Refusal::Undecodable { reason: error.to_string() }
        }
        reply::Refusal::JournalUnavailable(JournalError::Closed) | reply::Refusal::Stopping => {
            Refusal::Stopping
        }
    }
}
