//! In which queues an agent is a member, where the network tells: from that it follows whether they
//! are logged in, and whether they pause.
//!
//! Changes may come out of order: the newest are kept, and what follows from them is derived anew
//! with each further one.

use serde::{Deserialize, Serialize};

use super::agents::Said;
use crate::engine::ids::{NO_QUEUE, QueueId, WordId};
use crate::event::{AgentStatus, Membership, UnixMs};

/// Queues of one agent.
const PLACES_MAX: usize = 32;
/// Changes of one agent that a late one can still come between.
const CHANGES_MAX: usize = 64;

/// The mark of a state that follows from memberships, where others have the hash of their event.
pub(super) const BY_MEMBERSHIP: u64 = 0;

/// An agent's place in a queue changed: when, by which event, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) struct MemberChange {
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) place: u64,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) change: Membership,
    /// Of a pause.
    pub(in crate::engine) reason: Option<WordId>,
}

/// One queue of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    queue: QueueId,
    is_in: bool,
    /// Since when, and why.
    paused: Option<(UnixMs, Option<WordId>)>,
}

/// What an agent's places say together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    /// In no queue.
    Out,
    /// In at least one, and in all of them they pause; the reason given last.
    Paused(Option<WordId>),
    /// In at least one, and there they get contacts.
    In,
}

/// An agent's places in queues.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Members {
    /// Before the changes that are kept.
    before: Vec<Place>,
    before_ms: UnixMs,
    /// Oldest first.
    changes: Vec<MemberChange>,
    now: Vec<Place>,
}

impl Members {
    /// Whether they are in that queue; nothing where the network does not tell.
    pub(super) fn is_in(&self, queue: QueueId) -> Option<bool> {
        let is_told = self.now.iter().any(|place| place.queue != NO_QUEUE);
        is_told.then(|| self.now.iter().any(|place| place.queue == queue && place.is_in))
    }

    /// Takes a change to its place by time, and derives anew what the network's words on the agent
    /// are with it.
    pub(super) fn take(&mut self, change: MemberChange, words: &mut Vec<Said>) {
        if change.at_ms < self.before_ms {
            return;
        }
        let place = self.changes.partition_point(|held| *held < change);
        self.changes.insert(place, change);
        let first_ms = self.changes.first().map_or(change.at_ms, |first| first.at_ms);
        words.retain(|(at_ms, _, id, _)| *id != BY_MEMBERSHIP || *at_ms < first_ms);
        self.now.clone_from(&self.before);
        for change in &self.changes {
            let was = together(&self.now);
            apply(&mut self.now, change);
            let known = words.partition_point(|(at_ms, ..)| *at_ms <= change.at_ms);
            let current = known.checked_sub(1).map(|last| words[last].1);
            let Some((status, reason)) = word(was, together(&self.now), current) else { continue };
            // Of several at the same time the last one counts.
            words.retain(|(at_ms, _, id, _)| *id != BY_MEMBERSHIP || *at_ms != change.at_ms);
            let said = (change.at_ms, status, BY_MEMBERSHIP, reason);
            let place = words.partition_point(|held| *held < said);
            words.insert(place, said);
        }
        while self.changes.len() > CHANGES_MAX {
            let oldest = self.changes.remove(0);
            self.before_ms = oldest.at_ms;
            apply(&mut self.before, &oldest);
        }
    }
}

fn apply(places: &mut Vec<Place>, change: &MemberChange) {
    let known = places.iter().position(|place| place.queue == change.queue);
    let index = match known {
        Some(index) => index,
        None if places.len() >= PLACES_MAX => return,
        None => {
            places.push(Place { queue: change.queue, is_in: false, paused: None });
            places.len() - 1
        }
    };
    let place = &mut places[index];
    // Who pauses in a queue, or gets its contacts again, is a member of it.
    place.is_in = change.change != Membership::Left;
    match change.change {
        Membership::Paused => place.paused = Some((change.at_ms, change.reason)),
        Membership::Resumed | Membership::Left => place.paused = None,
        Membership::Joined => {}
    }
}

fn together(places: &[Place]) -> Together {
    let mut in_any = false;
    let mut last: Option<(UnixMs, Option<WordId>)> = None;
    for place in places.iter().filter(|place| place.is_in) {
        in_any = true;
        let Some(paused) = place.paused else { return Together::In };
        last = last.filter(|(at_ms, _)| *at_ms > paused.0).or(Some(paused));
    }
    match last {
        Some((_, reason)) => Together::Paused(reason),
        None if in_any => Together::In,
        None => Together::Out,
    }
}

/// What the network says of the agent with that, if it says anything.
fn word(
    was: Together,
    is: Together,
    current: Option<AgentStatus>,
) -> Option<(AgentStatus, Option<WordId>)> {
    use AgentStatus::{Available, Offline, Paused};
    match (was, is) {
        (Together::Paused(_), Together::In) if current == Some(Paused) => Some((Available, None)),
        (_, Together::In) => matches!(current, None | Some(Offline)).then_some((Available, None)),
        (was, Together::Paused(reason)) if was != is => Some((Paused, reason)),
        (_, Together::Paused(_)) => None,
        (was, Together::Out) => {
            (was != Together::Out || current.is_none()).then_some((Offline, None))
        }
    }
}
