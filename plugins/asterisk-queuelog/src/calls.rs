//! The calls under way, and which call a line is about.
//!
//! A callid is the id of the caller's channel, so it names the call, with one exception. When an
//! agent transfers a call into another queue with a consultation, the consultation enters that
//! queue under an id of its own; after the transfer the lines of that queue carry the id of the
//! first call again. What waited there is the consultation, so these lines are read as about it:
//! each queue has one call offered and one ended, and none stays open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Calls remembered; over it the oldest is given up as lost.
const CALLS_MAX: usize = 20_000;
/// A call that left its queue may enter another one for so long and still be the same contact.
const ELSEWHERE_MS_MAX: u64 = 3_600_000;
/// How many calls before those elsewhere are swept out for the first time.
const SWEEP_AT_MIN: usize = 256;
/// Consultations in a row that are followed.
const CONTINUED_MAX: usize = 8;

/// By callid.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Calls {
    calls: BTreeMap<String, Call>,
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
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Call {
    pub(crate) stage: Stage,
    pub(crate) queue: String,
    pub(crate) agent: Option<String>,
    /// The caller's identifier. Never in a snapshot: nothing in the clear outlives the process.
    #[serde(skip)]
    pub(crate) customer: Option<String>,
    /// The number that was dialled, until an event has carried it.
    pub(crate) did: Option<String>,
    /// The last line about it.
    pub(crate) at_ms: u64,
    /// The consultation that it became.
    continued_as: Option<String>,
    /// The call that this consultation continues.
    continues: Option<String>,
}

impl Calls {
    /// The call that a line with this callid and queue is about.
    pub(crate) fn about<'a>(&'a self, callid: &'a str, queue: Option<&str>) -> &'a str {
        let mut id = callid;
        for _ in 0..CONTINUED_MAX {
            let Some(call) = self.calls.get(id) else { return id };
            match &call.continued_as {
                Some(next) if Some(call.queue.as_str()) != queue => id = next,
                _ => return id,
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

    /// The call, made when it is new; and one that had to be given up for it.
    pub(crate) fn enter(&mut self, id: &str, at_ms: u64) -> (&mut Call, Option<(String, Call)>) {
        let mut lost = None;
        if !self.calls.contains_key(id) {
            self.sweep(at_ms);
            if self.calls.len() >= CALLS_MAX {
                let oldest = self.calls.iter().min_by_key(|(_, call)| call.at_ms);
                let oldest = oldest.map(|(id, _)| id.clone());
                lost = oldest.and_then(|id| self.calls.remove_entry(&id));
            }
        }
        let call = self.calls.entry(id.to_owned()).or_default();
        call.at_ms = at_ms;
        (call, lost)
    }

    /// The agent transferred a call that they were in: which one, seen from the callid of the
    /// line, and the consultation it goes on as.
    pub(crate) fn transferred(&self, callid: &str, queue: &str, agent: &str) -> Transferred {
        let is_theirs = |call: &Call| {
            call.stage == Stage::Talking
                && call.queue == queue
                && call.agent.as_deref() == Some(agent)
        };
        let direct = self.about(callid, Some(queue));
        if self.calls.get(direct).is_some_and(is_theirs) {
            return Transferred { call: Some(direct.to_owned()), consultation: None };
        }
        let theirs = self.calls.iter().find(|(_, call)| is_theirs(call));
        let consultation = self.calls.get(callid).is_some_and(|call| {
            matches!(call.stage, Stage::Waiting | Stage::Talking) && call.queue != queue
        });
        Transferred {
            call: theirs.map(|(id, _)| id.clone()),
            consultation: consultation.then(|| callid.to_owned()),
        }
    }

    /// From here on the call's lines in the next queue are about the consultation, and its
    /// customer is there.
    pub(crate) fn continue_as(&mut self, id: &str, consultation: &str) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.continued_as = Some(consultation.to_owned());
        let customer = call.customer.clone();
        if let Some(next) = self.calls.get_mut(consultation) {
            next.continues = Some(id.to_owned());
            next.customer = customer;
        }
    }

    /// The call is over; so are those that it continued.
    pub(crate) fn end(&mut self, id: &str) {
        let mut next = self.calls.remove(id).and_then(|call| call.continues);
        while let Some(id) = next {
            next = self.calls.remove(&id).and_then(|call| call.continues);
        }
    }

    /// All of them, when Asterisk forgot them.
    pub(crate) fn drain(&mut self) -> Vec<(String, Call)> {
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
        self.sweep_at = self.calls.len() * 2;
    }
}

/// See [`Calls::transferred`].
pub(crate) struct Transferred {
    pub(crate) call: Option<String>,
    pub(crate) consultation: Option<String>,
}
