//! One line into events.
//!
//! Verbs that Asterisk does not have come from the `QueueLog()` application: they are counted as
//! `other` with their name, without their data, which may be anything.

use tablica_plugin::{
    Abandoned, AgentState, Answered, Author, Direction, Event, FeedState, Kind, LeftReason, Medium,
    Opened, Pair, TalkEnded, Transfer, TransferWay, identity,
};

use crate::State;
use crate::calls::{Call, Stage};
use crate::line::Entry;
use crate::settings::Settings;
use crate::wrap_up::WrapUp;

/// A custom verb's name is cut here.
const VERB_CHARS_MAX: usize = 64;

/// Decodes a line. Its events are numbered after the first: `ID`, `ID#1`, …
pub(crate) fn entry(
    entry: &Entry<'_>,
    id: String,
    settings: &Settings,
    state: &mut State,
    events: &mut Vec<Event>,
) {
    Decoder { entry, id, settings, state, events, numbered: 0 }.decode();
}

struct Decoder<'a> {
    entry: &'a Entry<'a>,
    id: String,
    settings: &'a Settings,
    state: &'a mut State,
    events: &'a mut Vec<Event>,
    numbered: usize,
}

impl Decoder<'_> {
    fn decode(&mut self) {
        let entry = self.entry;
        match entry.verb {
            "DID" => self.did(),
            "ENTERQUEUE" => self.enter(entry.at_ms),
            "RINGNOANSWER" => {
                let ring_ms = entry.text(0).and_then(|ms| ms.parse().ok());
                self.ring_missed(ring_ms);
            }
            // Hung up during the announcement, before the caller heard them.
            "AGENTDUMP" => self.ring_missed(None),
            "CONNECT" => self.connect(),
            "HOLD" => self.talking(Kind::Held),
            "UNHOLD" => self.talking(Kind::Resumed),
            "COMPLETEAGENT" => self.complete(Author::Agent),
            "COMPLETECALLER" => self.complete(Author::Customer),
            "BLINDTRANSFER" | "TRANSFER" => self.transfer(TransferWay::Blind),
            "ATTENDEDTRANSFER" => self.transfer(TransferWay::Attended),
            "ABANDON" => {
                let wait_ms = entry.seconds_ms(2);
                self.waited(wait_ms);
                self.leave(Kind::Abandoned(Abandoned { wait_ms }));
            }
            "EXITWITHTIMEOUT" => self.exit(entry.seconds_ms(2), LeftReason::Timeout),
            "EXITWITHKEY" => self.exit(entry.seconds_ms(3), LeftReason::ExitKey),
            "EXITEMPTY" => self.exit(entry.seconds_ms(2), LeftReason::QueueEmpty),
            "JOINEMPTY" | "JOINUNAVAIL" => self.exit(Some(0), LeftReason::QueueEmpty),
            "FULL" => self.exit(Some(0), LeftReason::QueueFull),
            // Answered, but the two telephones share no codec: dropped.
            "SYSCOMPAT" => self.exit(None, LeftReason::Unknown),
            "PAUSE" => self.pause(entry.queue, true),
            "UNPAUSE" => self.pause(entry.queue, false),
            "PAUSEALL" => self.pause(None, true),
            "UNPAUSEALL" => self.pause(None, false),
            "ADDMEMBER" | "REMOVEMEMBER" => self.member(),
            "AGENTLOGIN" | "AGENTCALLBACKLOGIN" => {
                let said = entry.agent.and_then(|agent| self.state.agents.logged_on(agent));
                self.agent_state(said);
            }
            "AGENTLOGOFF" | "AGENTCALLBACKLOGOFF" => {
                let said = entry.agent.and_then(|agent| self.state.agents.logged_off(agent));
                self.agent_state(said);
            }
            "QUEUESTART" => self.restarted(),
            // The caller hung up while it rang: ABANDON follows. The rest is configuration.
            "RINGCANCELED" | "CONFIGRELOAD" | "PENALTY" | "MEMBERPENALTY" | "RINGINUSE" => {}
            custom => {
                let name = custom.chars().take(VERB_CHARS_MAX).collect();
                let event = self.event(Kind::Other(Pair { name, value: String::new() }));
                self.events.push(event);
            }
        }
    }

    /// The number that was dialled; written by dialplans, before or after ENTERQUEUE.
    fn did(&mut self) {
        let entry = self.entry;
        let (Some(id), Some(did)) = (entry.call, entry.text(0)) else { return };
        let id = self.state.calls.about(id, entry.queue).to_owned();
        let (call, lost) = self.state.calls.enter(&id, entry.at_ms);
        call.did = Some(did.to_owned());
        self.lost(lost);
    }

    /// Into a queue, and into the contact center when the call is new.
    fn enter(&mut self, at_ms: u64) {
        let entry = self.entry;
        let (Some(id), Some(queue)) = (entry.call, entry.queue) else { return };
        let customer = match entry.verb {
            "ENTERQUEUE" => entry
                .caller()
                .and_then(|caller| identity::phone(caller, self.settings.country_code.as_deref())),
            _ => None,
        };
        let (call, lost) = self.state.calls.enter(id, entry.at_ms);
        let is_new = call.stage == Stage::Announced;
        call.stage = Stage::Waiting;
        call.queue = queue.to_owned();
        call.agent = None;
        call.customer = customer.or(call.customer.take());
        self.lost(lost);
        if is_new {
            let opened = Opened {
                medium: Medium::Call,
                direction: Direction::Inbound,
                public: false,
                priority: None,
            };
            self.call_event(id, at_ms, Kind::Opened(opened));
        }
        self.call_event(id, at_ms, Kind::Queued);
    }

    /// Makes up for an ENTERQUEUE that was before our time: Asterisk says how long the call
    /// waited. Also for those that never get one, refused at the door.
    fn waited(&mut self, wait_ms: Option<u64>) {
        let entry = self.entry;
        let (Some(callid), Some(_)) = (entry.call, entry.queue) else { return };
        let id = self.state.calls.about(callid, entry.queue);
        let is_waiting = self.state.calls.get(id).is_some_and(|call| {
            call.stage == Stage::Waiting && Some(call.queue.as_str()) == entry.queue
        });
        if !is_waiting {
            self.enter(entry.at_ms.saturating_sub(wait_ms.unwrap_or(0)));
        }
    }

    fn ring_missed(&mut self, ring_ms: Option<u64>) {
        let Some(id) = self.about() else { return };
        self.seen();
        self.call_event(&id, self.entry.at_ms, Kind::RingMissed(ring_ms));
    }

    fn connect(&mut self) {
        let entry = self.entry;
        let wait_ms = entry.seconds_ms(0);
        self.waited(wait_ms);
        let Some(id) = self.about() else { return };
        self.seen();
        if let Some(agent) = entry.agent {
            self.events.extend(self.state.wrap_ups.cut_short(agent, entry.at_ms));
        }
        if let Some(call) = self.state.calls.get_mut(&id) {
            call.stage = Stage::Talking;
            call.agent = entry.agent.map(str::to_owned);
            call.at_ms = entry.at_ms;
        }
        let answered = Answered { wait_ms, ring_ms: entry.seconds_ms(2) };
        self.call_event(&id, entry.at_ms, Kind::Answered(answered));
    }

    fn talking(&mut self, kind: Kind) {
        if let Some(id) = self.about() {
            self.call_event(&id, self.entry.at_ms, kind);
        }
    }

    /// `hold|talk|position`, where `hold` is the wait in the queue. A call whose beginning we did
    /// not see, or that was transferred before, is not ended again.
    fn complete(&mut self, by: Author) {
        let Some(id) = self.about() else { return };
        if self.state.calls.get(&id).is_some_and(|call| call.stage == Stage::Talking) {
            self.talk_ended(&id, self.entry.seconds_ms(1), by);
            self.state.calls.end(&id);
        }
    }

    fn transfer(&mut self, way: TransferWay) {
        let entry = self.entry;
        let (Some(callid), Some(queue), Some(agent)) = (entry.call, entry.queue, entry.agent)
        else {
            return;
        };
        let transferred = self.state.calls.transferred(callid, queue, agent);
        let Some(id) = transferred.call else { return };
        let next = transferred.consultation.as_deref().and_then(|id| self.state.calls.get(id));
        let kind = Kind::Transferred(Transfer {
            to_queue: next.map(|call| call.queue.clone()),
            to_agent: next.and_then(|call| call.agent.clone()),
            way,
        });
        self.call_event(&id, entry.at_ms, kind);
        self.talk_ended(&id, entry.talk_before_position_ms(), Author::Agent);
        if let Some(call) = self.state.calls.get_mut(&id) {
            call.stage = Stage::Elsewhere;
            call.at_ms = entry.at_ms;
        }
        if let Some(consultation) = transferred.consultation {
            self.state.calls.continue_as(&id, &consultation);
        }
    }

    fn talk_ended(&mut self, id: &str, talk_ms: Option<u64>, by: Author) {
        let entry = self.entry;
        let ended = TalkEnded { talk_ms, hold_ms: None, by };
        self.call_event(id, entry.at_ms, Kind::TalkEnded(ended));
        let wrap_up_ms = entry.queue.map_or(0, |queue| self.settings.wrap_up_ms(queue));
        if wrap_up_ms == 0 {
            self.call_event(id, entry.at_ms, Kind::WrappedUp);
            return;
        }
        let event_id = self.next_id();
        let ended_early = self.state.wrap_ups.begin(WrapUp {
            id: event_id,
            call: id.to_owned(),
            queue: entry.queue.map(str::to_owned),
            agent: entry.agent.map(str::to_owned),
            due_ms: entry.at_ms.saturating_add(wrap_up_ms),
        });
        self.events.extend(ended_early);
    }

    /// Out of the queue without an agent; it may enter another one.
    fn exit(&mut self, wait_ms: Option<u64>, reason: LeftReason) {
        self.waited(wait_ms);
        self.leave(Kind::Left(reason));
    }

    fn leave(&mut self, kind: Kind) {
        let Some(id) = self.about() else { return };
        let gave_up = matches!(kind, Kind::Abandoned(_));
        self.call_event(&id, self.entry.at_ms, kind);
        if gave_up {
            self.state.calls.end(&id);
        } else if let Some(call) = self.state.calls.get_mut(&id) {
            call.stage = Stage::Elsewhere;
            call.at_ms = self.entry.at_ms;
        }
    }

    fn pause(&mut self, queue: Option<&str>, paused: bool) {
        let entry = self.entry;
        let Some(agent) = entry.agent else { return };
        // A reason is free text, separators and all.
        let reason = (!entry.data.is_empty()).then_some(entry.data);
        let said = self.state.agents.paused(agent, queue, paused, reason);
        self.agent_state(said);
    }

    fn member(&mut self) {
        let entry = self.entry;
        let (Some(agent), Some(queue)) = (entry.agent, entry.queue) else { return };
        let said = match entry.verb {
            "ADDMEMBER" => self.state.agents.added(agent, queue, entry.text(0) == Some("PAUSED")),
            _ => self.state.agents.removed(agent, queue),
        };
        self.agent_state(said);
    }

    /// Asterisk started: it knows nothing of the calls before, and will never end them.
    fn restarted(&mut self) {
        for lost in self.state.calls.drain() {
            self.lost(Some(lost));
        }
        let event = self.event(Kind::Feed(FeedState::Restarted));
        self.events.push(event);
    }

    /// A call whose end nobody will see.
    fn lost(&mut self, lost: Option<(String, Call)>) {
        let Some((id, call)) = lost else { return };
        let kinds = match call.stage {
            Stage::Waiting => vec![Kind::Left(LeftReason::Lost)],
            Stage::Talking => {
                let ended = TalkEnded { talk_ms: None, hold_ms: None, by: Author::System };
                vec![Kind::TalkEnded(ended), Kind::WrappedUp]
            }
            Stage::Announced | Stage::Elsewhere => return,
        };
        for kind in kinds {
            let mut event = self.event(kind).on(id.as_str());
            event.queue = Some(call.queue.clone());
            event.agent.clone_from(&call.agent);
            self.events.push(event);
        }
    }

    /// The call that the line is about.
    fn about(&self) -> Option<String> {
        let callid = self.entry.call?;
        Some(self.state.calls.about(callid, self.entry.queue).to_owned())
    }

    /// A call shows who is in the queue.
    fn seen(&mut self) {
        if let (Some(agent), Some(queue)) = (self.entry.agent, self.entry.queue) {
            self.state.agents.seen(agent, queue);
        }
    }

    fn agent_state(&mut self, said: Option<AgentState>) {
        let Some(said) = said else { return };
        let mut event = self.event(Kind::AgentState(said));
        event.agent = self.entry.agent.map(str::to_owned);
        self.events.push(event);
    }

    fn call_event(&mut self, id: &str, at_ms: u64, kind: Kind) {
        let mut event = self.event(kind).on(id);
        event.at_ms = at_ms;
        event.queue = self.entry.queue.map(str::to_owned);
        // An ENTERQUEUE made up from a later line had no agent.
        if !matches!(event.kind, Kind::Opened(_) | Kind::Queued) {
            event.agent = self.entry.agent.map(str::to_owned);
        }
        if let Some(call) = self.state.calls.get_mut(id) {
            event.customer.extend(call.customer.clone());
            if let Some(did) = call.did.take() {
                event = event.attr("did", did);
            }
        }
        self.events.push(event);
    }

    fn event(&mut self, kind: Kind) -> Event {
        Event::new(self.next_id(), self.entry.at_ms, kind)
    }

    fn next_id(&mut self) -> String {
        let number = self.numbered;
        self.numbered += 1;
        match number {
            0 => self.id.clone(),
            number => format!("{}#{number}", self.id),
        }
    }
}
