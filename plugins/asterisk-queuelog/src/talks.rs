//! What lines about rings, answers, talks and transfers mean.

use tablica_plugin::wrap_up::WrapUp;
use tablica_plugin::{Answered, Author, Kind, TalkEnded, Transfer, TransferWay};

use crate::calls::Stage;
use crate::decode::{Decoder, Place};

impl Decoder<'_> {
    pub(crate) fn ring_missed(&mut self, ring_ms: Option<u64>) {
        let Some(id) = self.about() else { return };
        self.seen();
        let place = self.here();
        self.call_event(&id, self.entry.at_ms, place, Kind::RingMissed(ring_ms));
    }

    pub(crate) fn connect(&mut self) {
        let entry = self.entry;
        let wait_ms = entry.wait_ms();
        self.waited(wait_ms);
        let Some(id) = self.about() else { return };
        self.seen();
        if let Some(agent) = self.agent.as_deref() {
            self.events.extend(self.state.wrap_ups.cut_short(agent, entry.at_ms));
        }
        if let Some(call) = self.state.calls.get_mut(&id) {
            call.stage = Stage::Talking;
            call.agent.clone_from(&self.agent);
            call.at_ms = entry.at_ms;
        }
        let answered = Answered { wait_ms, ring_ms: entry.seconds_ms(2) };
        let place = self.here();
        self.call_event(&id, entry.at_ms, place, Kind::Answered(answered));
    }

    pub(crate) fn talking(&mut self, kind: Kind) {
        if let Some(id) = self.about() {
            let place = self.here();
            self.call_event(&id, self.entry.at_ms, place, kind);
        }
    }

    /// `hold|talk|position`, where `hold` is the wait in the queue. A call whose beginning we did
    /// not see, or that was transferred before, is not ended again.
    pub(crate) fn complete(&mut self, by: Author) {
        let Some(id) = self.about().filter(|id| self.is_talk_here(id)) else { return };
        let to_queue = self.next_queue(&id);
        let goes_on = to_queue.is_some();
        if goes_on {
            self.handed_on(&id, Transfer { to_queue, to_agent: None, way: TransferWay::Unknown });
        }
        self.talk_ended(&id, self.entry.seconds_ms(1), by);
        match goes_on {
            true => self.elsewhere(&id),
            false => self.end(&id, false),
        }
        self.replay(&id);
    }

    pub(crate) fn transfer(&mut self, way: TransferWay) {
        let entry = self.entry;
        let (Some(callid), Some(queue), Some(agent)) =
            (entry.call, entry.queue, self.agent.clone())
        else {
            return;
        };
        let is_theirs = |id: &String| {
            let talk = self.state.calls.get(id).and_then(|call| call.agent.as_deref());
            self.is_talk_here(id) && talk.is_none_or(|talking| talking == agent)
        };
        let direct = self.about().filter(is_theirs);
        // Some versions write the consultation's id.
        let other = || self.state.calls.talk_of(queue, &agent);
        let is_attended = way == TransferWay::Attended;
        let Some(id) = direct.or_else(|| is_attended.then(other).flatten()) else { return };
        let is_to_queue = is_attended && entry.data.starts_with("APP|Queue|");
        let consultation = if callid != id && self.is_under_way(callid) {
            Some(callid.to_owned())
        } else if is_to_queue {
            self.state.calls.consultation_of(&id, &agent, &self.telephones())
        } else {
            None
        };
        let next = consultation.as_deref().and_then(|id| self.state.calls.get(id));
        let transfer = Transfer {
            to_queue: next.map(|call| call.queue.clone()).or_else(|| self.next_queue(&id)),
            to_agent: next.and_then(|call| call.agent.clone()),
            way,
        };
        self.handed_on(&id, transfer);
        self.talk_ended(&id, entry.talk_before_position_ms(), Author::Agent);
        self.elsewhere(&id);
        match consultation {
            Some(consultation) => {
                let at_ms = self.ended_ms(&id);
                self.adopt(&id, &consultation, at_ms);
            }
            None => {
                if let Some(call) = self.state.calls.get_mut(&id) {
                    call.handed_on = is_to_queue;
                }
            }
        }
        self.replay(&id);
    }

    /// The call waits or talks.
    fn is_under_way(&self, callid: &str) -> bool {
        let call = self.state.calls.get(callid);
        call.is_some_and(|call| matches!(call.stage, Stage::Waiting | Stage::Talking))
    }

    /// The line is about the talk under way, not about one before it.
    fn is_talk_here(&self, id: &str) -> bool {
        let call = self.state.calls.get(id);
        call.is_some_and(|call| call.stage == Stage::Talking && call.is_in(self.entry.queue))
    }

    /// Where the call waits next, when that was logged before the end of the talk.
    fn next_queue(&self, id: &str) -> Option<String> {
        self.state.calls.get(id)?.next.first()?.queue.clone()
    }

    fn handed_on(&mut self, id: &str, transfer: Transfer) {
        let (at_ms, place) = (self.ended_ms(id), self.here());
        self.call_event(id, at_ms, place, Kind::Transferred(transfer));
    }

    fn elsewhere(&mut self, id: &str) {
        let at_ms = self.ended_ms(id);
        if let Some(call) = self.state.calls.get_mut(id) {
            (call.stage, call.at_ms) = (Stage::Elsewhere, at_ms);
        }
    }

    fn talk_ended(&mut self, id: &str, talk_ms: Option<u64>, by: Author) {
        let at_ms = self.ended_ms(id);
        let Place { queue, agent } = self.here();
        let place = || Place { queue: queue.clone(), agent: agent.clone() };
        let ended = TalkEnded { talk_ms, hold_ms: None, by };
        self.call_event(id, at_ms, place(), Kind::TalkEnded(ended));
        let wrap_up_ms = self.entry.queue.map_or(0, |queue| self.settings.wrap_up_ms(queue));
        if wrap_up_ms == 0 {
            self.call_event(id, at_ms, place(), Kind::WrappedUp);
            return;
        }
        let event_id = self.next_id();
        let ended_early = self.state.wrap_ups.begin(WrapUp {
            id: event_id,
            call: id.to_owned(),
            queue,
            agent,
            due_ms: at_ms.saturating_add(wrap_up_ms),
            ends_ms: None,
        });
        self.events.extend(ended_early);
    }
}
