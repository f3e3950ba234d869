//! How often a limit of the engine was hit, and what the figures lack since.

use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// How often each limit was hit, since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsHit {
    /// Events of channels beyond the limit.
    pub channels_refused: u64,
    /// Events that named a queue beyond the limit.
    pub queues_refused: u64,
    /// Events that named an agent beyond the limit.
    pub agents_refused: u64,
    /// Finished contacts forgotten before their time: late events of theirs count anew.
    pub contacts_evicted: u64,
    /// Waiting contacts given up as lost.
    pub contacts_lost: u64,
    /// Event ids forgotten before `contacts.duplicate_window`.
    pub ids_evicted: u64,
    /// Topics beyond the limit.
    pub topics_refused: u64,
    /// Reasons of agents' pauses and rated dimensions beyond the limit.
    pub labels_refused: u64,
    /// Countings by agent, topic and the like that found no room: those figures are too low.
    pub slices_refused: u64,
    /// Networks' own counts beyond the limit, and such as are no numbers.
    pub gauges_refused: u64,
    /// Identifiers of customers beyond the limit: they are not recognised when they come again.
    pub identifiers_refused: u64,
}

/// One limit, as metrics, log and API say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitHit {
    /// What it is called.
    pub limit: &'static str,
    /// How often it was hit.
    pub hits: u64,
    /// What each hit means, and what to do about it.
    pub means: &'static str,
}

/// How much the engine keeps of what it may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What.
    pub what: &'static str,
    /// So much now.
    pub kept: usize,
    /// So much at most.
    pub kept_max: usize,
}

impl LimitsHit {
    /// Each limit, hit or not.
    pub fn each(&self) -> [LimitHit; 11] {
        let limit = |limit, hits, means| LimitHit { limit, hits, means };
        [
            limit(
                "channels",
                self.channels_refused,
                "an event of a channel beyond the thousandth is not counted",
            ),
            limit(
                "queues",
                self.queues_refused,
                "an event of a queue beyond the thousandth counts under no queue",
            ),
            limit(
                "agents",
                self.agents_refused,
                "an event of an agent beyond the twenty thousandth counts without its agent",
            ),
            limit(
                "ended_contacts",
                self.contacts_evicted,
                "an ended contact was forgotten early: a late event would count it anew; \
                 raise contacts.contacts_max",
            ),
            limit(
                "open_contacts",
                self.contacts_lost,
                "an open contact was given up as lost; raise contacts.contacts_max",
            ),
            limit(
                "duplicate_ids",
                self.ids_evicted,
                "the id of an event was forgotten before contacts.duplicate_window: the event \
                 would count twice if it came again; raise contacts.duplicate_ids_max",
            ),
            limit(
                "topics",
                self.topics_refused,
                "a contact does not count under a topic beyond the thousandth",
            ),
            limit(
                "labels",
                self.labels_refused,
                "a rated dimension or a reason of a pause beyond the thousandth is not counted",
            ),
            limit(
                "gauges",
                self.gauges_refused,
                "a network's own count beyond the thousandth, with a name of more than a hundred \
                 bytes, or that is no number is not shown",
            ),
            limit(
                "slices",
                self.slices_refused,
                "figures by agent, topic and the like are too low: more combinations are counted \
                 than there is room for; have boards select by fewer things together",
            ),
            limit(
                "identifiers",
                self.identifiers_refused,
                "a returning customer may not be recognised: a million identifiers are known",
            ),
        ]
    }
}

impl Engine {
    /// How often limits were hit.
    pub fn limits_hit(&self) -> LimitsHit {
        LimitsHit {
            slices_refused: self.state.cells.refused,
            identifiers_refused: self.state.regulars.refused(),
            ..self.state.limits_hit
        }
    }

    /// How much is kept of what the config limits.
    pub fn kept(&self) -> [Kept; 2] {
        let kept = |what, kept, kept_max| Kept { what, kept, kept_max };
        [
            kept("contacts", self.state.contacts.len(), self.limits.contacts_max),
            kept("duplicate_ids", self.state.duplicates.len(), self.limits.duplicate_ids_max),
        ]
    }
}
