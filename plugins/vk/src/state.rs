//! What must outlive a restart: where polling stands, whose comments and posts were seen, and what answers
//! what. No texts, and
//! no customer: of an author only so much is kept that a deletion can be told from a moderation.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint};

/// Comments whose author is known again when they are deleted: the last ones.
const COMMENTS_MAX: usize = 1_000;
/// Answers to comments whose thread is known again: the last ones.
const ROOTS_MAX: usize = 1_000;
/// Users' posts whose author is known again: those that were written or commented on last.
const POSTS_MAX: usize = 1_000;

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
    /// Fingerprints of answers with the number of the comment that their thread began with.
    roots: Recent<u64, i64, ROOTS_MAX>,
    /// Fingerprints of users' posts with a mark of who wrote them.
    posts: Recent<u64, u16, POSTS_MAX>,
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
        who(self.comments.get(&fingerprint(comment)), comment, user)
    }

    /// An answer stands in the thread that this comment began.
    pub(crate) fn answered(&mut self, comment: &str, root: i64) {
        self.roots.renew(fingerprint(comment), root);
    }

    /// The comment that began the thread in which an answer stands.
    pub(crate) fn root(&self, comment: &str) -> Option<i64> {
        self.roots.get(&fingerprint(comment)).copied()
    }

    /// The thread goes on, so the authors of its first comment and of the post are not forgotten.
    pub(crate) fn goes_on(&mut self, post: &str, first: &str) {
        self.posts.touch(&fingerprint(post));
        self.comments.touch(&fingerprint(first));
    }

    /// A user wrote a post.
    pub(crate) fn posted(&mut self, post: &str, user: i64) {
        self.posts.renew(fingerprint(post), mark(post, user));
    }

    /// Whether this user wrote that post.
    pub(crate) fn author_of_post(&self, post: &str, user: i64) -> Wrote {
        who(self.posts.get(&fingerprint(post)), post, user)
    }
}

fn who(found: Option<&u16>, what: &str, user: i64) -> Wrote {
    match found {
        Some(&OURS) => Wrote::We,
        Some(found) if *found == mark(what, user) => Wrote::They,
        Some(_) => Wrote::SomebodyElse,
        None => Wrote::Unknown,
    }
}

/// 15 bits of a user under a comment or a post: nobody can be found by it.
fn mark(comment: &str, user: i64) -> u16 {
    let [low, high, ..] = fingerprint(format!("{comment}/{user}")).to_le_bytes();
    u16::from_le_bytes([low, high]) | 1
}
