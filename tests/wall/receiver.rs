//! Made-up channels behind the webhooks' door.

use std::sync::Mutex;

use axum::http::HeaderMap;
use bytes::Bytes;
use tablica::channel::input::Incoming;
use tablica::channel::reply::{Refusal, Reply};
use tablica::http::{Problem, WebhookReceiver};

/// Takes what a test lets it take, and remembers it.
#[derive(Default)]
pub(super) struct FakeReceiver {
    pub(super) taken: Mutex<Vec<(String, Incoming)>>,
}

impl WebhookReceiver for FakeReceiver {
    fn admit(&self, channel: &str, _headers: &HeaderMap) -> Result<(), Problem> {
        match channel {
            "open" | "forged" | "busy" => Ok(()),
            "file" => Err(Refusal::NotAWebhook(channel.to_owned()).into()),
            other => Err(Refusal::UnknownChannel(other.to_owned()).into()),
        }
    }

    async fn receive(&self, channel: &str, request: Incoming) -> Result<Reply, Problem> {
        let refusal = match channel {
            "open" => {
                let taken = (channel.to_owned(), request);
                self.taken.lock().expect("no panic before").push(taken);
                let body = Bytes::from_static(b"thanks");
                return Ok(Reply { body, ..Reply::status(202) });
            }
            "forged" => Refusal::BadSignature,
            "busy" => Refusal::Busy(channel.to_owned()),
            other => Refusal::UnknownChannel(other.to_owned()),
        };
        Err(refusal.into())
    }
}
