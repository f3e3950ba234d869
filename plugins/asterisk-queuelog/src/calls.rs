//! The calls under way, and which call a line is about.
//!
//! A callid is the id of the caller's channel, so it names the call, with one exception: a
//! consultation with which an agent hands a call on has an id of its own (`consultation`).
//!
//! Two kinds of calls wait for something: those whose next stay in a queue was logged before the
//! end of the last one (`order`), and consultations of which nobody was told yet. Each has a time
//! at which the waiting ends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::line::Kept;

/// Calls remembered; over it the oldest is given up as lost.
const CALLS_MAX: usize = 20_000;
/// A call that left its queue may enter another one for so long and still be the same contact.
const ELSEWHERE_MS_MAX: u64 = 3_600_000;
/// How many calls before those elsewhere are swept out for the first time.
const SWEEP_AT_MIN: usize = 256;
/// Consultations in a row that are followed.
const CONTINUED_MAX: usize = 8;
/// Lines of one happening carry the same second, or one and the next.
pub(crate) const SAME_TIME_MS: u64 = 1_000;
/// Calls that ended just now and are remembered in case they go on.
const ENDED_MAX: usize = 1_000;

/// By callid.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Calls {
    calls: BTreeMap<String, Call>,
    /// What has [`Call::due_ms`], the soonest first.
    due: BTreeSet<(u64, String)>,
    /// The latest last.
    ended: VecDeque<Ended>,
    sweep_at: usize,
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Named by a DID line, in no queue yet.
    #[default]
    Announced,
    Waiting,
    Talking,
    /// Left its queue, by transfer, key or timeout: it may enter another one.
    Elsewhere,
    /// A consultation of which nobody was told: its lines are about the call it was made for.
    Merged,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Call {
    pub(crate) stage: Stage,
    pub(crate) queue: String,
    /// Who talks, or talked last.
    pub(crate) agent: Option<String>,
    /// The caller's identifier. Never in a snapshot: nothing in the clear outlives the process.
    #[serde(skip)]
    pub(crate) customer: Option<String>,
    /// The caller's number when it is a telephone of the site's own.
    pub(crate) extension: Option<String>,
    /// The number that was dialled, until an event has carried it.
    pub(crate) did: Option<String>,
    /// The last line about it.
    pub(crate) at_ms: u64,
    /// When it entered the queue.
    pub(crate) entered_ms: u64,
    /// The id of the events that tell of its entry, which are held back until it is clear that
    /// it is no consultation.
    pub(crate) held_back: Option<String>,
    /// An agent handed it on to a queue; the log did not say which consultation waits there.
    pub(crate) handed_on: bool,
    /// Its entry was made up: the line of the consultation may still come.
    pub(crate) made_up: bool,
    /// Lines about its next stay, which wait for the end of this one.
    pub(crate) next: Vec<Kept>,
    /// When it is decided without what it waits for.
    due_ms: Option<u64>,
    /// The call that its lines are about.
    continued_as: Option<String>,
    /// The call whose lines are about this one.
    continues: Option<String>,
}

/// A call that ended just now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) id: String,
    pub(crate) at_ms: u64,
    pub(crate) queue: String,
    pub(crate) agent: Option<String>,
    /// It ended by ABANDON, not after a talk.
    pub(crate) gave_up: bool,
    #[serde(skip)]
    pub(crate) customer: Option<String>,
}

impl Call {
    pub(crate) fn is_in(&self, queue: Option<&str>) -> bool {
        Some(self.queue.as_str()) == queue
    }
}

impl Calls {
    /// The call that a line with this callid is about.
    pub(crate) fn about<'a>(&'a self, callid: &'a str) -> &'a str {
        let mut id = callid;
        for _ in 0..CONTINUED_MAX {
            match self.calls.get(id).and_then(|call| call.continued_as.as_deref()) {
                Some(next) => id = next,
                None => return id,
            }
        }
        id
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Call> {
        self.calls.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Call> {
        self.calls.get_mut(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Call)> {
        self.calls.iter()
    }

    /// The call, made when it is new; and one that had to be given up for it.
    pub(crate) fn enter(&mut self, id: &str, at_ms: u64) -> (&mut Call, Option<(String, Call)>) {
        let mut lost = None;
        if !self.calls.contains_key(id) {
            self.sweep(at_ms);
            if self.calls.len() >= CALLS_MAX {
                let oldest = self.calls.iter().min_by_key(|(_, call)| call.at_ms);
                let oldest = oldest.map(|(id, _)| id.clone());
                lost = oldest.and_then(|id| Some((id.clone(), self.remove(&id)?)));
            }
        }
        let call = self.calls.entry(id.to_owned()).or_default();
        call.at_ms = at_ms;
        (call, lost)
    }

    /// Something about the call is decided then at the latest.
    pub(crate) fn decide_by(&mut self, id: &str, due_ms: u64) {
        self.decided(id);
        if let Some(call) = self.calls.get_mut(id) {
            call.due_ms = Some(due_ms);
            self.due.insert((due_ms, id.to_owned()));
        }
    }

    /// It no longer waits for anything.
    pub(crate) fn decided(&mut self, id: &str) {
        let due_ms = self.calls.get_mut(id).and_then(|call| call.due_ms.take());
        if let Some(due_ms) = due_ms {
            self.due.remove(&(due_ms, id.to_owned()));
        }
    }

    /// A call about which something has to be decided now.
    pub(crate) fn take_due(&mut self, now_ms: u64) -> Option<String> {
        let (_, id) = self.due.first().filter(|(due_ms, _)| *due_ms <= now_ms)?;
        let id = id.clone();
        self.decided(&id);
        Some(id)
    }

    /// When the next decision is due.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.due.first().map(|(due_ms, _)| *due_ms)
    }

    /// From here on the lines of one call are about another, which is told of already.
    pub(crate) fn continue_as(&mut self, id: &str, next: &str) {
        if let Some(call) = self.calls.get_mut(id) {
            call.continued_as = Some(next.to_owned());
        }
        if let Some(call) = self.calls.get_mut(next) {
            call.continues = Some(id.to_owned());
        }
    }

    /// The consultation was part of that call all along.
    pub(crate) fn merge(&mut self, consultation: &str, id: &str) {
        self.decided(consultation);
        self.continue_as(consultation, id);
        if let Some(call) = self.calls.get_mut(consultation) {
            call.stage = Stage::Merged;
        }
    }

    /// The call is over; so are those that it continued.
    pub(crate) fn end(&mut self, id: &str) -> Option<Call> {
        let ended = self.remove(id)?;
        let mut next = ended.continues.clone();
        while let Some(id) = next {
            next = self.remove(&id).and_then(|call| call.continues);
        }
        Some(ended)
    }

    fn remove(&mut self, id: &str) -> Option<Call> {
        self.decided(id);
        self.calls.remove(id)
    }

    /// Remembers for a moment how a call ended.
    pub(crate) fn ended(&mut self, ended: Ended) {
        while self.ended.len() >= ENDED_MAX
            || self
                .ended
                .front()
                .is_some_and(|old| ended.at_ms.saturating_sub(old.at_ms) > SAME_TIME_MS)
        {
            self.ended.pop_front();
        }
        self.ended.push_back(ended);
    }

    /// How the call ended a moment ago, if it did.
    pub(crate) fn take_ended(&mut self, id: &str, at_ms: u64) -> Option<Ended> {
        let is_it =
            |ended: &Ended| ended.id == id && at_ms.saturating_sub(ended.at_ms) <= SAME_TIME_MS;
        let index = self.ended.iter().rposition(is_it)?;
        self.ended.remove(index)
    }

    /// All of them, when Asterisk forgot them.
    pub(crate) fn drain(&mut self) -> Vec<(String, Call)> {
        self.due.clear();
        self.ended.clear();
        std::mem::take(&mut self.calls).into_iter().collect()
    }

    /// Forgets calls that are in no queue any more. Amortised: after each sweep the calls may
    /// double.
    fn sweep(&mut self, now_ms: u64) {
        if self.calls.len() < self.sweep_at.max(SWEEP_AT_MIN) {
            return;
        }
        self.calls.retain(|_, call| {
            matches!(call.stage, Stage::Waiting | Stage::Talking)
                || call.at_ms.saturating_add(ELSEWHERE_MS_MAX) > now_ms
        });
        self.sweep_at = self.calls.len().saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(id: &str, at_ms: u64) -> Ended {
        Ended {
            id: id.into(),
            at_ms,
            queue: "sales".into(),
            agent: None,
            gave_up: true,
            customer: None,
        }
    }

    #[test]
    fn what_ended_is_remembered_for_a_moment_and_once() {
        let mut calls = Calls::default();
        calls.ended(ended("1.1", 5_000));
        assert!(calls.take_ended("1.2", 5_000).is_none());
        assert!(calls.take_ended("1.1", 7_000).is_none());
        assert!(calls.take_ended("1.1", 6_000).is_some());
        assert!(calls.take_ended("1.1", 6_000).is_none());
        for number in 0..2_000 {
            calls.ended(ended(&number.to_string(), 9_000));
        }
        assert_eq!(calls.ended.len(), ENDED_MAX);
    }

    /// A damaged file may tell of any second; the latest that fits is far away.
    #[test]
    fn a_call_that_ended_in_a_time_far_away_is_remembered_like_any_other() {
        let mut calls = Calls::default();
        calls.ended(ended("1.1", u64::MAX));
        calls.ended(ended("1.2", 5_000));
        assert!(calls.take_ended("1.1", u64::MAX).is_some());
        assert!(calls.take_ended("1.2", 5_000).is_some());
    }

    #[test]
    fn what_is_due_goes_with_its_call() {
        let mut calls = Calls::default();
        calls.enter("1.1", 1_000);
        calls.decide_by("1.1", 9_000);
        calls.decide_by("1.1", 4_000);
        assert_eq!((calls.due.len(), calls.due_ms()), (1, Some(4_000)));
        assert_eq!(calls.take_due(3_999), None);
        calls.end("1.1");
        assert_eq!((calls.due_ms(), calls.take_due(9_000)), (None, None));
    }
}
