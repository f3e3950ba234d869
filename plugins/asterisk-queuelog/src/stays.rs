//! What lines about waiting mean: into a queue, and out of it without an agent.

use tablica_plugin::{
    Direction, Event, Kind, LeftReason, Medium, Opened, Transfer, TransferWay, identity,
};

use crate::calls::{Call, Ended, Stage};
use crate::consultation::is_extension;
use crate::decode::{Decoder, Place, numbered};

/// An internal call that may be a consultation is told of after so long at the latest.
const HELD_BACK_MS: u64 = 30_000;
/// What must be counted before an event that was told too early is dated so much before it.
const BEFORE_MS: u64 = 1;

impl Decoder<'_> {
    /// The number that was dialled; written by dialplans, before or after ENTERQUEUE.
    pub(crate) fn did(&mut self) {
        let entry = self.entry;
        let (Some(id), Some(did)) = (self.about(), entry.text(0)) else { return };
        let (call, lost) = self.state.calls.enter(&id, entry.at_ms);
        call.did = Some(did.to_owned());
        self.lost(lost);
    }

    /// ENTERQUEUE.
    pub(crate) fn enter_queue(&mut self) {
        let entry = self.entry;
        let (Some(callid), Some(_)) = (entry.call, entry.queue) else { return };
        let caller = entry.caller().unwrap_or_default();
        let may_consult = self.state.calls.may_be_consultation(caller, &self.telephones());
        if self.is_missing_consultation(callid, caller) {
            return;
        }
        let is_internal = may_consult || is_extension(caller);
        let customer = self.customer().filter(|_| !is_internal);
        let id = self.state.calls.about(callid).to_owned();
        let (call, lost) = self.state.calls.enter(&id, entry.at_ms);
        call.customer = customer.or(call.customer.take());
        // A kept line no longer says who called; the call knows.
        if !caller.is_empty() {
            call.extension = is_internal.then(|| caller.to_owned());
        }
        self.lost(lost);
        self.enter(&id, entry.at_ms, may_consult && callid == id);
    }

    /// Who calls, where the line says so.
    pub(crate) fn customer(&self) -> Option<String> {
        let caller = self.entry.caller().filter(|_| self.entry.verb == "ENTERQUEUE")?;
        identity::phone(caller, self.settings.country_code.as_deref())
    }

    /// Into a queue, and into the contact center when the call is new. What may be a consultation
    /// waits untold.
    fn enter(&mut self, id: &str, at_ms: u64, may_consult: bool) {
        let entry = self.entry;
        let Some(queue) = entry.queue else { return };
        let went_on = self.went_on(id);
        let (call, lost) = self.state.calls.enter(id, entry.at_ms);
        let is_new = call.stage == Stage::Announced && !went_on;
        call.stage = Stage::Waiting;
        call.queue = queue.to_owned();
        call.entered_ms = at_ms;
        (call.agent, call.handed_on, call.made_up) = (None, false, false);
        self.lost(lost);
        if may_consult && is_new {
            let event_id = self.line_id();
            if let Some(call) = self.state.calls.get_mut(id) {
                call.held_back = Some(event_id);
            }
            self.state.calls.decide_by(id, at_ms.saturating_add(HELD_BACK_MS));
            return;
        }
        let place = self.in_line();
        if is_new {
            self.call_event(id, at_ms, place.clone(), opened());
        }
        self.call_event(id, at_ms, place, Kind::Queued);
    }

    /// It ended a moment ago and goes on: what looked like its end was a redirect.
    fn went_on(&mut self, id: &str) -> bool {
        let Some(ended) = self.state.calls.take_ended(id, self.entry.at_ms) else { return false };
        let (call, _) = self.state.calls.enter(id, self.entry.at_ms);
        call.customer = call.customer.take().or(ended.customer);
        let place = Place { queue: Some(ended.queue), agent: ended.agent };
        let kind = match ended.gave_up {
            true => Kind::Left(LeftReason::Overflow),
            false => Kind::Transferred(Transfer {
                to_queue: self.entry.queue.map(str::to_owned),
                to_agent: None,
                way: TransferWay::Unknown,
            }),
        };
        self.call_event(id, ended.at_ms.saturating_sub(BEFORE_MS), place, kind);
        true
    }

    /// The consultation of a call that was handed on already: its entry is that call's.
    fn is_missing_consultation(&mut self, callid: &str, caller: &str) -> bool {
        let entry = self.entry;
        let Some(queue) = entry.queue else { return false };
        let calls = &self.state.calls;
        let handed_on = calls.handed_on_by(caller, entry.at_ms, &self.telephones());
        let made_up = is_extension(caller).then(|| calls.made_up_for(queue, entry.at_ms)).flatten();
        let is_new = calls.get(callid).is_none_or(|call| call.stage == Stage::Announced);
        let Some(id) = handed_on.clone().or(made_up).filter(|id| is_new && id != callid) else {
            return false;
        };
        let (_, lost) = self.state.calls.enter(callid, entry.at_ms);
        self.state.calls.merge(callid, &id);
        self.lost(lost);
        if handed_on.is_some() {
            self.enter(&id, entry.at_ms, false);
        } else if let Some(call) = self.state.calls.get_mut(&id) {
            call.made_up = false;
        }
        true
    }

    /// Makes up for an ENTERQUEUE that the call has not had: it was before our time, or it was
    /// that of a consultation. Asterisk says how long the call waited.
    pub(crate) fn waited(&mut self, wait_ms: Option<u64>) {
        let entry = self.entry;
        let (Some(id), Some(queue)) = (self.about(), entry.queue) else { return };
        let call = self.state.calls.get(&id);
        if call.is_some_and(|call| call.stage == Stage::Waiting && call.is_in(entry.queue)) {
            self.tell(&id);
            return;
        }
        let began_ms = entry.at_ms.saturating_sub(wait_ms.unwrap_or(0));
        let calls = &self.state.calls;
        let consultation = wait_ms
            .and_then(|_| calls.consultation_since(&id, queue, began_ms, &self.telephones()));
        // It cannot have come before it was handed on.
        let from = call.filter(|call| call.stage == Stage::Elsewhere);
        let entered_ms = from.map_or(began_ms, |call| call.at_ms.max(began_ms));
        let was_handed_on = call.is_some_and(|call| call.handed_on);
        match consultation {
            Some(consultation) => self.adopt(&id, &consultation, entered_ms),
            None => {
                self.enter(&id, entered_ms, false);
                if let Some(call) = self.state.calls.get_mut(&id) {
                    call.made_up = was_handed_on;
                }
            }
        }
    }

    /// The call waits where its consultation does.
    pub(crate) fn adopt(&mut self, id: &str, consultation: &str, entered_ms: u64) {
        let Some(other) = self.state.calls.get(consultation) else { return };
        let (queue, since_ms) = (other.queue.clone(), other.entered_ms);
        if other.held_back.is_none() {
            let (_, lost) = self.state.calls.enter(id, self.entry.at_ms);
            self.lost(lost);
            self.state.calls.continue_as(id, consultation);
            return;
        }
        let (call, lost) = self.state.calls.enter(id, self.entry.at_ms);
        let is_new = call.stage == Stage::Announced;
        call.stage = Stage::Waiting;
        call.queue.clone_from(&queue);
        call.entered_ms = since_ms;
        (call.agent, call.handed_on) = (None, false);
        self.lost(lost);
        self.state.calls.merge(consultation, id);
        let place = Place { queue: Some(queue), agent: None };
        if is_new {
            self.call_event(id, entered_ms, place.clone(), opened());
        }
        self.call_event(id, entered_ms, place, Kind::Queued);
    }

    /// Out of the queue without an agent; it may enter another one.
    pub(crate) fn leave(&mut self, kind: Kind) {
        self.waited(self.entry.wait_ms());
        self.leave_here(kind);
    }

    /// Turned away at the door: in, and out at once.
    pub(crate) fn refused(&mut self, reason: LeftReason) {
        let Some(callid) = self.entry.call else { return };
        let id = self.state.calls.about(callid).to_owned();
        let call = self.state.calls.get(&id);
        let waits =
            call.is_some_and(|call| call.stage == Stage::Waiting && call.is_in(self.entry.queue));
        match waits {
            true => self.tell(&id),
            false => self.enter(&id, self.entry.at_ms, false),
        }
        self.leave_here(Kind::Left(reason));
    }

    fn leave_here(&mut self, kind: Kind) {
        let (Some(id), Some(_)) = (self.about(), self.entry.queue) else { return };
        let (at_ms, place) = (self.ended_ms(&id), self.here());
        let goes_on = self.state.calls.get(&id).is_some_and(|call| !call.next.is_empty());
        let gave_up = matches!(kind, Kind::Abandoned(_));
        // A redirect looks like giving up.
        let kind = if gave_up && goes_on { Kind::Left(LeftReason::Overflow) } else { kind };
        self.call_event(&id, at_ms, place, kind);
        if gave_up && !goes_on {
            self.end(&id, gave_up);
        } else if let Some(call) = self.state.calls.get_mut(&id) {
            call.stage = Stage::Elsewhere;
            call.at_ms = at_ms;
        }
        self.replay(&id);
    }

    /// The call is over, as far as can be told now.
    pub(crate) fn end(&mut self, id: &str, gave_up: bool) {
        let place = self.here();
        let (Some(call), Some(queue)) = (self.state.calls.end(id), place.queue) else { return };
        self.state.calls.ended(Ended {
            id: id.to_owned(),
            at_ms: self.entry.at_ms,
            queue,
            agent: place.agent,
            gave_up,
            customer: call.customer,
        });
    }

    /// Tells of a call that is no consultation, or is one that cannot be told from others.
    pub(crate) fn tell(&mut self, id: &str) {
        if self.state.calls.get(id).is_none_or(|call| call.held_back.is_none()) {
            return;
        }
        self.state.calls.decided(id);
        if let Some(mut call) = self.state.calls.get(id).cloned() {
            self.tell_of_entry(id, &mut call);
            if let Some(known) = self.state.calls.get_mut(id) {
                (known.held_back, known.did) = (None, call.did);
            }
        }
    }

    /// Its events carry the id of the line that it was held back from.
    pub(crate) fn tell_of_entry(&mut self, id: &str, call: &mut Call) {
        let Some(event_id) = call.held_back.take() else { return };
        for (number, kind) in [opened(), Kind::Queued].into_iter().enumerate() {
            let mut event = Event::new(numbered(&event_id, number), call.entered_ms, kind).on(id);
            event.queue = Some(call.queue.clone());
            event.customer.extend(call.customer.clone());
            if let Some(did) = call.did.take() {
                event = event.attr("did", did);
            }
            self.events.push(event);
        }
    }
}

/// A call comes in.
fn opened() -> Kind {
    Kind::Opened(Opened {
        medium: Medium::Call,
        direction: Direction::Inbound,
        public: false,
        priority: None,
    })
}
