//! Where a contact stands: how far it has come, who waits, and what has happened once.

use serde::{Deserialize, Serialize};

use super::leg::Talk;
use super::once::Once;
use crate::engine::ids::{Class, QueueId};
use crate::event::{Awaits, Medium, UnixMs};

/// Where the last stay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum Phase {
    /// There is none.
    Idle,
    /// Waiting since it was opened or handed on; its own `queued` may still say better.
    Tentative,
    /// Waiting in its queue.
    Waiting,
    /// Answered; the talk, or the conversation, goes on.
    Open,
    /// Over: ended, handed on, abandoned, left, resolved.
    Over,
}

/// The customer waits for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Pending {
    pub(in crate::engine) since_ms: UnixMs,
    pub(in crate::engine) queue: QueueId,
}

/// What a contact waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Deferred {
    pub(in crate::engine) awaits: Awaits,
    pub(super) since_ms: UnixMs,
    /// When it comes back by itself.
    pub(super) until_ms: Option<UnixMs>,
    /// With it the promise of a resolution began to stand.
    pub(super) has_paused: bool,
}

impl Deferred {
    /// Until then it is not forgotten, whatever is heard of it.
    pub(super) fn lasts_ms(&self) -> UnixMs {
        self.until_ms.unwrap_or(self.since_ms)
    }
}

/// Where a contact stands, but for its lists. Copied whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct Progress {
    pub(in crate::engine) class: Class,
    /// Facts that are no longer kept were among those that told the class: it stays.
    pub(in crate::engine) is_class_known: bool,
    pub(in crate::engine) medium: Medium,
    pub(in crate::engine) phase: Phase,
    /// We began it.
    pub(in crate::engine) outbound: bool,
    pub(in crate::engine) pending: Option<Pending>,
    /// The contact waits for somebody who is not us.
    pub(in crate::engine) deferred: Option<Deferred>,
    /// When it last ceased to.
    pub(in crate::engine) came_back_ms: UnixMs,
    /// Messages of the customer that nobody has replied to.
    pub(in crate::engine) asked: u32,
    /// When the customer opened the contact: where the time to resolution is measured from.
    pub(in crate::engine) opening_ms: UnixMs,
    /// When the customer asked first, or again after no human had replied: where first response is
    /// measured from.
    pub(in crate::engine) asked_ms: UnixMs,
    /// The customer asked where strangers can read it: only a public reply answers.
    pub(in crate::engine) asked_in_public: bool,
    pub(in crate::engine) once: Once,
    pub(in crate::engine) last_activity_ms: UnixMs,
    /// When it came to be over.
    pub(in crate::engine) over_ms: UnixMs,
    /// Handed to that queue after it was answered: the stay goes on there.
    pub(in crate::engine) moved_to: Option<QueueId>,
    /// An agent handed it on then, and nobody has taken it since.
    pub(in crate::engine) handed_on_ms: Option<UnixMs>,
    /// The customer came to this queue out of another one, where nobody had answered.
    pub(in crate::engine) waits_on: bool,
    /// The talk under way.
    pub(in crate::engine) talk: Talk,
}

impl Progress {
    /// Nothing has happened yet.
    pub(super) const NONE: Progress = Progress {
        class: Class::Voice,
        is_class_known: false,
        medium: Medium::Unknown,
        phase: Phase::Idle,
        outbound: false,
        pending: None,
        deferred: None,
        came_back_ms: 0,
        asked: 0,
        opening_ms: 0,
        asked_ms: 0,
        asked_in_public: false,
        once: Once::NONE,
        last_activity_ms: 0,
        over_ms: 0,
        moved_to: None,
        handed_on_ms: None,
        waits_on: false,
        talk: Talk::NONE,
    };
}
