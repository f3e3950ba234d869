//! What must outlive a restart: where polling stands, and whose comments were seen. No texts, and
//! no customer: of an author only so much is kept that a deletion can be told from a moderation.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint};

/// Comments whose author is known again when they are deleted: the last ones.
const COMMENTS_MAX: usize = 1_000;

/// Whose comment it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrote {
    /// The community, or one of its people.
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
    /// The last event of a long poll.
    pub(crate) ts: Option<String>,
    /// Fingerprints of comments with a mark of who wrote them.
    comments: Recent<u64, u16, COMMENTS_MAX>,
}

/// The mark of our own comments; those of users are odd.
const OURS: u16 = 0;

impl State {
    /// A comment was written, by one of us or by a user.
    pub(crate) fn commented(&mut self, comment: &str, user: Option<i64>) {
        let mark = user.map_or(OURS, |user| mark(comment, user));
        self.comments.renew(fingerprint(comment), mark);
    }

    /// Whether this user wrote that comment.
    pub(crate) fn author(&self, comment: &str, user: i64) -> Wrote {
        match self.comments.get(&fingerprint(comment)) {
            Some(&OURS) => Wrote::We,
            Some(found) if *found == mark(comment, user) => Wrote::They,
            Some(_) => Wrote::SomebodyElse,
            None => Wrote::Unknown,
        }
    }
}

/// 15 bits of a user under a comment: nobody can be found by it.
fn mark(comment: &str, user: i64) -> u16 {
    let [low, high, ..] = fingerprint(format!("{comment}/{user}")).to_le_bytes();
    u16::from_le_bytes([low, high]) | 1
}
