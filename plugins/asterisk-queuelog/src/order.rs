//! Lines of one second in the order in which things happen.
//!
//! The threads of Asterisk write to the log side by side: a call's entry into the next queue, and
//! even the answer there, may be logged before the end of the stay that it came from. Such lines
//! are kept until that end comes, which is in the same second or the next.

use tablica_plugin::{Author, Kind, LeftReason, TalkEnded, Transfer, TransferWay};

use crate::calls::{Call, SAME_TIME_MS, Stage};
use crate::decode::{Decoder, Place};
use crate::line::Kept;

/// Lines kept of one call; more of them do not belong to one moment.
const KEPT_MAX: usize = 16;

impl Decoder<'_> {
    /// Keeps the line when the end of the call's stay has to come first.
    pub(crate) fn waits_its_turn(&mut self) -> bool {
        let (Some(id), Some(_)) = (self.about(), self.entry.queue) else { return false };
        let Some(call) = self.state.calls.get(&id) else { return false };
        let is_first = call.next.is_empty();
        let waits = if is_first { self.begins_another_stay(call) } else { self.is_later(call) };
        if !waits {
            return false;
        }
        if call.next.len() >= KEPT_MAX {
            self.decide(&id);
            return false;
        }
        self.tell(&id);
        let kept = Kept::of(self.entry, self.line_id());
        let customer = self.customer();
        if let Some(call) = self.state.calls.get_mut(&id) {
            if call.extension.is_none() {
                call.customer = customer.or(call.customer.take());
            }
            call.next.push(kept);
        }
        if is_first {
            // The end may come in the second after this one: it is due in the next.
            let due_ms = self.entry.at_ms.saturating_add(2 * SAME_TIME_MS);
            self.state.calls.decide_by(&id, due_ms);
        }
        true
    }

    /// Nobody enters a queue, or is answered, twice: the stay before has ended.
    fn begins_another_stay(&self, call: &Call) -> bool {
        let is_elsewhere = !call.is_in(self.entry.queue);
        match self.entry.verb {
            "ENTERQUEUE" => matches!(call.stage, Stage::Waiting | Stage::Talking),
            "CONNECT" => {
                call.stage == Stage::Talking || call.stage == Stage::Waiting && is_elsewhere
            }
            "ABANDON" | "EXITWITHTIMEOUT" | "EXITWITHKEY" | "EXITEMPTY" | "WITHDRAW" => {
                matches!(call.stage, Stage::Waiting | Stage::Talking) && is_elsewhere
            }
            _ => false,
        }
    }

    /// The line does not end the stay that the others wait for.
    fn is_later(&self, call: &Call) -> bool {
        match self.entry.verb {
            "COMPLETEAGENT" | "COMPLETECALLER" | "BLINDTRANSFER" | "TRANSFER"
            | "ATTENDEDTRANSFER" => {
                let agrees = call.agent == self.agent || call.agent.is_none();
                !(call.stage == Stage::Talking && call.is_in(self.entry.queue) && agrees)
            }
            "ABANDON" | "EXITWITHTIMEOUT" | "EXITWITHKEY" | "EXITEMPTY" | "WITHDRAW"
            | "SYSCOMPAT" => !(call.stage == Stage::Waiting && call.is_in(self.entry.queue)),
            "ENTERQUEUE" | "CONNECT" | "HOLD" | "UNHOLD" => true,
            _ => false,
        }
    }

    /// When a stay ended of which the line says so: not after the entry into the next one.
    pub(crate) fn ended_ms(&self, id: &str) -> u64 {
        let next = self.state.calls.get(id).and_then(|call| call.next.first());
        next.map_or(self.entry.at_ms, |next| next.at_ms.min(self.entry.at_ms))
    }

    /// Decodes what has waited for the end of the call's last stay.
    pub(crate) fn replay(&mut self, id: &str) {
        for kept in self.take_next(id) {
            self.kept(&kept);
        }
    }

    /// What the call has waited for does not come.
    pub(crate) fn decide(&mut self, id: &str) {
        self.tell(id);
        let next = self.take_next(id);
        let Some((first, later)) = next.split_first() else { return };
        let entry = first.entry();
        let id_of_line = first.id.clone();
        let mut decoder = Decoder::new(&entry, id_of_line, self.settings, self.state, self.events);
        decoder.give_up_stay(id);
        decoder.line();
        for kept in later {
            self.kept(kept);
        }
    }

    fn kept(&mut self, kept: &Kept) {
        let entry = kept.entry();
        Decoder::new(&entry, kept.id.clone(), self.settings, self.state, self.events).line();
    }

    fn take_next(&mut self, id: &str) -> Vec<Kept> {
        let next = self.state.calls.get_mut(id).map(|call| std::mem::take(&mut call.next));
        let next = next.unwrap_or_default();
        if !next.is_empty() {
            self.state.calls.decided(id);
        }
        next
    }

    /// The call is in another queue, and nothing says how it got there.
    fn give_up_stay(&mut self, id: &str) {
        let at_ms = self.entry.at_ms;
        let Some(call) = self.state.calls.get_mut(id) else { return };
        let stage = std::mem::replace(&mut call.stage, Stage::Elsewhere);
        call.at_ms = at_ms;
        let place = Place { queue: Some(call.queue.clone()), agent: call.agent.clone() };
        let kinds = match stage {
            Stage::Waiting => vec![Kind::Left(LeftReason::Overflow)],
            Stage::Talking => vec![
                Kind::Transferred(Transfer {
                    to_queue: self.entry.queue.map(str::to_owned),
                    to_agent: None,
                    way: TransferWay::Unknown,
                }),
                Kind::TalkEnded(TalkEnded { talk_ms: None, hold_ms: None, by: Author::System }),
                Kind::WrappedUp,
            ],
            Stage::Announced | Stage::Elsewhere | Stage::Merged => Vec::new(),
        };
        for kind in kinds {
            self.call_event(id, at_ms, place.clone(), kind);
        }
    }
}
