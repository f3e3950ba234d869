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
/// What a plugin may answer. Walls are on the same host: what a browser would run is none of it.
const CONTENT_TYPES: [&str; 5] =
    [TEXT, "application/json", "application/octet-stream", "application/xml", "text/xml"];
const TEXT: &str = "text/plain";
/// Letters of a text; others cannot be told from markup by every browser.
const CHARSETS: [&str; 3] = ["utf-8", "us-ascii", "iso-8859-1"];

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

/// What of a plugin's reply was changed, because walls are on the same host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Its content type: it is plain text now.
    ContentType,
    /// A header that no plugin may set was left out.
    Header,
    /// A status that is none is 200 now.
    Status,
    /// The end of a long body was left out.
    Body,
}

impl Changed {
    /// For the log.
    pub fn word(self) -> &'static str {
        match self {
            Changed::ContentType => "content type",
            Changed::Header => "header",
            Changed::Status => "status",
            Changed::Body => "length",
        }
    }
}

impl Reply {
    /// The plugin's word, as far as it is allowed, and what had to be changed.
    pub fn of_plugin(given: wit::Reply) -> (Self, Option<Changed>) {
        let mut changed = None;
        let mut note = |what| {
            changed.get_or_insert(what);
        };
        let mut headers: Vec<(String, String)> = Vec::new();
        for header in given.headers {
            let (name, value) = (header.name.to_ascii_lowercase(), header.value);
            let is_plain = value.chars().all(|c| !c.is_control());
            if !REPLY_HEADERS.contains(&name.as_str()) || !is_plain {
                note(Changed::Header);
            } else if name == "content-type" {
                let allowed = content_type(&value);
                if allowed.is_none() {
                    note(Changed::ContentType);
                }
                headers.push((name, allowed.unwrap_or_else(|| TEXT.to_owned())));
            } else {
                headers.push((name, value));
            }
        }
        let is_status = (200..=599).contains(&given.status);
        if !is_status {
            note(Changed::Status);
        }
        let mut body = given.body;
        if body.len() > REPLY_BYTES_MAX {
            note(Changed::Body);
            body.truncate(REPLY_BYTES_MAX);
        }
        let status = if is_status { given.status } else { 200 };
        (Self { status, headers, body: body.into() }, changed)
    }

    /// A status with a text.
    pub fn text(status: u16, text: &str) -> Self {
        let headers = vec![("content-type".to_owned(), TEXT.to_owned())];
        Self { status, headers, body: Bytes::copy_from_slice(text.as_bytes()) }
    }
}

/// A content type that is allowed, without what it need not say; none when it is not.
fn content_type(said: &str) -> Option<String> {
    let mut parts = said.split(';').map(|part| part.trim_matches([' ', '\t']));
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    if !CONTENT_TYPES.contains(&essence.as_str()) {
        return None;
    }
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        (is_charset && CHARSETS.contains(&value.as_str())).then_some(value)
    });
    Some(charset.map_or(essence.clone(), |charset| format!("{essence}; charset={charset}")))
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

    fn reply(headers: &[(&str, &str)]) -> wit::Reply {
        let header = |(name, value): &(&str, &str)| wit::PairResult {
            name: (*name).into(),
            value: (*value).into(),
        };
        let headers = headers.iter().map(header).collect();
        wit::Reply { status: 200, headers, body: b"<script>alert(1)</script>".to_vec() }
    }

    #[test]
    fn a_plugin_sets_status_body_and_content_type_only() {
        let given = reply(&[
            ("Content-Type", "text/plain"),
            ("Set-Cookie", "a=b"),
            ("Retry-After", "1\r\nX: y"),
        ]);
        let (made, changed) = Reply::of_plugin(wit::Reply { status: 0, ..given });
        assert_eq!((made.status, changed), (200, Some(Changed::Header)));
        assert_eq!(made.headers, [("content-type".into(), "text/plain".into())]);
        assert_eq!(made.body, "<script>alert(1)</script>");
        let long = wit::Reply { body: vec![b'x'; REPLY_BYTES_MAX + 1], ..reply(&[]) };
        let (made, changed) = Reply::of_plugin(long);
        assert_eq!((made.body.len(), changed), (REPLY_BYTES_MAX, Some(Changed::Body)));
        assert_eq!(Reply::of_plugin(reply(&[("retry-after", "5")])).1, None);
    }

    #[test]
    fn a_plugin_answers_nothing_that_a_browser_would_run() {
        for (said, becomes) in [
            ("text/plain", "text/plain"),
            ("Text/Plain; Charset=\"UTF-8\"", "text/plain; charset=utf-8"),
            ("text/plain; charset=utf-7", "text/plain"),
            ("application/json; profile=x", "application/json"),
            ("application/octet-stream", "application/octet-stream"),
            ("text/xml; charset=utf-8", "text/xml; charset=utf-8"),
            ("application/xml", "application/xml"),
        ] {
            let (made, changed) = Reply::of_plugin(reply(&[("content-type", said)]));
            assert_eq!(made.headers, [("content-type".into(), becomes.into())], "{said}");
            assert_eq!(changed, None, "{said}");
        }
        for said in [
            "text/html",
            "TEXT/HTML;charset=utf-8",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/javascript",
            "application/javascript",
            "application/wasm",
            "text/css",
            "application/pdf",
            "multipart/x-mixed-replace",
            "text/plain, text/html",
            "",
            "text/plain\u{a0}",
        ] {
            let (made, changed) = Reply::of_plugin(reply(&[("content-type", said)]));
            assert_eq!(made.headers, [("content-type".into(), "text/plain".into())], "{said}");
            assert_eq!(changed, Some(Changed::ContentType), "{said}");
        }
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
