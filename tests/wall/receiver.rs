//! Made-up channels behind the webhooks' door.

use std::sync::Mutex;

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
    fn admit(&self, channel: &str, _head: &Incoming) -> Result<(), Problem> {
        match channel {
            "open" | "forged" | "busy" | "hidden" | "twiml" => Ok(()),
            "file" => Err(Refusal::NotAWebhook(channel.to_owned()).into()),
            other => Err(Refusal::UnknownChannel(other.to_owned()).into()),
        }
    }

    fn has_secret_path(&self, channel: &str) -> bool {
        channel == "hidden"
    }

    async fn receive(&self, channel: &str, request: Incoming) -> Result<Reply, Problem> {
        let refusal = match channel {
            "open" => {
                let taken = (channel.to_owned(), request);
                self.taken.lock().expect("no panic before").push(taken);
                let body = Bytes::from_static(b"thanks");
                return Ok(Reply { body, ..Reply::status(202) });
            }
            "hidden" => {
                self.taken.lock().expect("no panic before").push((channel.to_owned(), request));
                return Ok(Reply::default());
            }
            "twiml" => {
                let headers = vec![("content-type".to_owned(), "text/xml".to_owned())];
                let body = Bytes::from_static(b"<Response/>");
                return Ok(Reply { headers, body, ..Reply::status(200) });
            }
            "forged" => Refusal::BadSignature,
            "busy" => Refusal::Busy(channel.to_owned()),
            other => Refusal::UnknownChannel(other.to_owned()),
        };
        Err(refusal.into())
    }
}
