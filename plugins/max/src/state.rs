//! What must outlive a restart: where polling stands, whose messages were seen, and what answers what.
//! No texts, and no customer: of an author only so much is kept that the one who asks can be told from
//! others, and a message that was taken back from one that was taken away.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint};

/// Messages whose author is known again when they are answered or removed: the last ones.
const MESSAGES_MAX: usize = 1_000;
/// Answers whose thread is known again: the last ones.
const FIRSTS_MAX: usize = 1_000;

/// Whose message it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrote {
    /// One of ours.
    We,
    /// The user who is asked about.
    They,
    /// Some other user.
    SomebodyElse,
    /// It is too old, or was never seen.
    Unknown,
}

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// The next update to ask for.
    pub(crate) marker: Option<i64>,
    /// Fingerprints of messages with a mark of who wrote them.
    messages: Recent<u64, u16, MESSAGES_MAX>,
    /// Fingerprints of answers with the message that their thread began with.
    firsts: Recent<u64, String, FIRSTS_MAX>,
}

/// The mark of our own messages; that of a user is never 0.
const OURS: u16 = 0;

impl State {
    /// A message was written, by one of us or by a user.
    pub(crate) fn wrote(&mut self, message: &str, user: Option<i64>) {
        let mark = user.map_or(OURS, |user| mark(message, user));
        self.messages.renew(fingerprint(message), mark);
    }

    /// An answer stands in the thread that this message began, whose author is not forgotten while it goes on.
    pub(crate) fn answered(&mut self, message: &str, first: &str) {
        self.firsts.renew(fingerprint(message), first.to_owned());
        self.messages.touch(&fingerprint(first));
    }

    /// The message that began the thread in which an answer stands.
    pub(crate) fn first(&self, message: &str) -> Option<&str> {
        self.firsts.get(&fingerprint(message)).map(String::as_str)
    }

    /// Whether this user wrote that message.
    pub(crate) fn author(&self, message: &str, user: i64) -> Wrote {
        match self.messages.get(&fingerprint(message)) {
            Some(&OURS) => Wrote::We,
            Some(found) if *found == mark(message, user) => Wrote::They,
            Some(_) => Wrote::SomebodyElse,
            None => Wrote::Unknown,
        }
    }
}

/// Of a user under a message: nobody can be found by it.
fn mark(message: &str, user: i64) -> u16 {
    tablica_plugin::mark(format!("{message}/{user}"))
}
