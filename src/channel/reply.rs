//! What becomes of a delivery: a [`Reply`] for the network, or a [`Refusal`].
//!
//! The actor fills in the reply at once and passes the rest of the [`Answer`] on to the journal,
//! which completes it when the events are on disk: one wake-up per webhook, and no 2xx before.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::host::{FailureClass, wit};
use crate::journal::JournalError;

/// Bytes of a reply's body; networks expect a word or two.
const REPLY_BYTES_MAX: usize = 64 << 10;
/// Headers of a reply that a plugin may set. The rest is HTTP's business.
const REPLY_HEADERS: [&str; 2] = ["content-type", "retry-after"];

/// The answer to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers by lower-case name.
    pub headers: Vec<(String, String)>,
    /// The body; mostly empty.
    pub body: Bytes,
}

impl Reply {
    /// A status without a body.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }
}

impl Default for Reply {
    fn default() -> Self {
        Self::status(200)
    }
}

/// The plugin's word, as far as HTTP allows it. A status that is none becomes 200.
impl From<wit::Reply> for Reply {
    fn from(given: wit::Reply) -> Self {
        let status = if (200..=599).contains(&given.status) { given.status } else { 200 };
        let plain = |text: &str| text.chars().all(|c| !c.is_control());
        let headers = given
            .headers
            .into_iter()
            .map(|header| (header.name.to_ascii_lowercase(), header.value))
            .filter(|(name, value)| REPLY_HEADERS.contains(&name.as_str()) && plain(value))
            .collect();
        let mut body = given.body;
        body.truncate(REPLY_BYTES_MAX);
        Self { status, headers, body: body.into() }
    }
}

/// Why a delivery was not taken, in words for the operator. `http` tells networks in its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No `[channel.NAME]` of that name. 404.
    #[error("there is no channel `{0}`")]
    UnknownChannel(String),
    /// The channel reads a file or polls. 404.
    #[error("channel `{0}` takes no webhooks: its plugin reads another kind of source")]
    NotAWebhook(String),
    /// The signature is wrong, missing or too old. 401.
    #[error("the signature is missing, wrong or too old")]
    BadSignature,
    /// `mailbox_max` inputs wait already. 503, try again soon.
    #[error("channel `{0}` is busy: mailbox_max inputs are waiting")]
    Busy(String),
    /// The plugin failed too often; it is tried again later. 503.
    #[error("the plugin of channel `{0}` is resting after repeated failures")]
    PluginUnavailable(String),
    /// The journal cannot take it. 503.
    #[error("{0}")]
    JournalUnavailable(JournalError),
    /// An input from the quarantine failed again. Webhooks never get this: theirs is a reply.
    #[error("{class}: {reason}")]
    Undecodable {
        /// The kind of trouble.
        class: FailureClass,
        /// The trouble in words.
        reason: String,
    },
    /// The plugin cannot tell yet what it means. 503, after so many milliseconds.
    #[error("the plugin asks for this again in {0} ms")]
    Later(u32),
    /// The server is stopping. 503.
    #[error("the server is stopping")]
    Stopping,
}

/// A delivery that was dealt with for good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// For the network.
    pub reply: Reply,
    /// Events it gave, now on disk.
    pub events: usize,
}

type Outcome = Result<Taken, Refusal>;

/// The promise to tell somebody what became of their delivery. Dropping it says "stopping".
#[derive(Debug)]
pub struct Answer {
    outcome: Arc<OnceLock<Outcome>>,
    done: oneshot::Sender<Result<(), JournalError>>,
}

/// The other end of an [`Answer`].
#[derive(Debug)]
pub struct Awaited {
    outcome: Arc<OnceLock<Outcome>>,
    done: oneshot::Receiver<Result<(), JournalError>>,
}

impl Answer {
    /// An answer and the one who waits for it.
    pub fn pair() -> (Answer, Awaited) {
        let outcome = Arc::new(OnceLock::new());
        let (sender, receiver) = oneshot::channel();
        (
            Answer { outcome: Arc::clone(&outcome), done: sender },
            Awaited { outcome, done: receiver },
        )
    }

    /// Says what to reply once the events are durable; the journal gets the rest.
    pub fn once_durable(self, taken: Taken) -> oneshot::Sender<Result<(), JournalError>> {
        // Set at most once: both ways out consume the answer.
        let _ = self.outcome.set(Ok(taken));
        self.done
    }

    /// Nothing was stored; why.
    pub fn refuse(self, refusal: Refusal) {
        let _ = self.outcome.set(Err(refusal));
        // Nobody waits any more: the network hung up.
        let _ = self.done.send(Ok(()));
    }
}

impl Awaited {
    /// Waits until the delivery's events are on disk, or cannot be.
    pub async fn outcome(self) -> Outcome {
        match self.done.await {
            Ok(Ok(())) => self.outcome.get().cloned().unwrap_or_else(|| Ok(Taken::default())),
            Ok(Err(error)) => Err(Refusal::JournalUnavailable(error)),
            Err(_) => Err(Refusal::Stopping),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_sets_status_body_and_content_type_only() {
        let header =
            |name: &str, value: &str| wit::PairResult { name: name.into(), value: value.into() };
        let reply = Reply::from(wit::Reply {
            status: 0,
            headers: vec![
                header("Content-Type", "text/plain"),
                header("Set-Cookie", "a=b"),
                header("Retry-After", "1\r\nX: y"),
            ],
            body: b"ok".to_vec(),
        });
        assert_eq!(reply.status, 200);
        assert_eq!(reply.headers, [("content-type".into(), "text/plain".into())]);
        assert_eq!(reply.body, "ok");
    }

    #[tokio::test]
    async fn a_reply_is_given_only_when_the_journal_says_so() {
        let (answer, awaited) = Answer::pair();
        let taken = Taken { reply: Reply::status(204), events: 2 };
        let done = answer.once_durable(taken.clone());
        done.send(Ok(())).unwrap();
        assert_eq!(awaited.outcome().await, Ok(taken));

        let (answer, awaited) = Answer::pair();
        let done = answer.once_durable(Taken::default());
        done.send(Err(JournalError::Closed)).unwrap();
        let refused = Refusal::JournalUnavailable(JournalError::Closed);
        assert_eq!(awaited.outcome().await, Err(refused));

        let (answer, awaited) = Answer::pair();
        drop(answer);
        assert_eq!(awaited.outcome().await, Err(Refusal::Stopping));
    }
}
