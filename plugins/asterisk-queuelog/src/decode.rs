//! One line into events.
//!
//! Verbs that Asterisk does not have come from the `QueueLog()` application: they are counted as
//! `other` with their name, without their data, which may be anything. What lines about calls and
//! about agents mean is in `stays`, `talks` and `staff`; `order` has a look at them first.

use tablica_plugin::{
    Abandoned, Author, Event, FeedState, Kind, LeftReason, Pair, TalkEnded, TransferWay,
};

use crate::State;
use crate::agents::Said;
use crate::calls::{Call, Stage};
use crate::consultation::Telephones;
use crate::line::Entry;
use crate::settings::Settings;

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
    Decoder::new(entry, id, settings, state, events).line();
}

/// Decides what has waited for other lines in vain, by the log's clock.
pub(crate) fn due(now_ms: u64, settings: &Settings, state: &mut State, events: &mut Vec<Event>) {
    events.extend(state.wrap_ups.due(now_ms));
    // It concerns no line, so nothing of it is asked for.
    let nothing = Entry { at_ms: now_ms, call: None, queue: None, agent: None, verb: "", data: "" };
    while let Some(id) = state.calls.take_due(now_ms) {
        Decoder::new(&nothing, String::new(), settings, state, events).decide(&id);
    }
}

pub(crate) struct Decoder<'a> {
    pub(crate) entry: &'a Entry<'a>,
    /// The person that the line names.
    pub(crate) agent: Option<String>,
    id: String,
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    pub(crate) events: &'a mut Vec<Event>,
    numbered: usize,
}

/// Where in the contact center something happens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) queue: Option<String>,
    pub(crate) agent: Option<String>,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(
        entry: &'a Entry<'a>,
        id: String,
        settings: &'a Settings,
        state: &'a mut State,
        events: &'a mut Vec<Event>,
    ) -> Self {
        Self { entry, agent: None, id, settings, state, events, numbered: 0 }
    }

    /// Decodes the line, unless another one has to come first.
    pub(crate) fn line(&mut self) {
        self.agent = self.who();
        if !self.waits_its_turn() {
            self.decode();
        }
    }

    fn decode(&mut self) {
        let entry = self.entry;
        match entry.verb {
            "DID" => self.did(),
            "ENTERQUEUE" => self.enter_queue(),
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
                let wait_ms = entry.wait_ms();
                self.leave(Kind::Abandoned(Abandoned { wait_ms }));
            }
            "EXITWITHTIMEOUT" => self.leave(Kind::Left(LeftReason::Timeout)),
            "EXITWITHKEY" => self.leave(Kind::Left(LeftReason::ExitKey)),
            "EXITEMPTY" => self.leave(Kind::Left(LeftReason::QueueEmpty)),
            // Somebody took the caller out, to send them elsewhere.
            "WITHDRAW" => self.leave(Kind::Left(LeftReason::Overflow)),
            // Answered, but the two telephones share no codec: dropped.
            "SYSCOMPAT" => self.leave(Kind::Left(LeftReason::Unknown)),
            "JOINEMPTY" | "JOINUNAVAIL" | "CLOSED" => self.refused(LeftReason::QueueEmpty),
            "FULL" => self.refused(LeftReason::QueueFull),
            divert if divert.starts_with("DIVERT_") => self.refused(LeftReason::Overflow),
            "PAUSE" => self.pause(entry.queue, true),
            "UNPAUSE" => self.pause(entry.queue, false),
            "PAUSEALL" => self.pause(None, true),
            "UNPAUSEALL" => self.pause(None, false),
            "PAUSEREASON" => self.pause_reason(),
            "ADDMEMBER" | "REMOVEMEMBER" => self.member(),
            "AGENTLOGIN" | "AGENTCALLBACKLOGIN" => self.log_on(),
            "AGENTLOGOFF" | "AGENTCALLBACKLOGOFF" => self.log_off(),
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

    /// The person that the line names.
    fn who(&mut self) -> Option<String> {
        let word = self.entry.agent?;
        let said = match self.entry.verb {
            "ADDMEMBER"
            | "REMOVEMEMBER"
            | "AGENTLOGIN"
            | "AGENTLOGOFF"
            | "AGENTCALLBACKLOGIN"
            | "AGENTCALLBACKLOGOFF" => Said::Login,
            "RINGNOANSWER" | "AGENTDUMP" | "CONNECT" | "HOLD" | "UNHOLD" | "COMPLETEAGENT"
            | "COMPLETECALLER" | "BLINDTRANSFER" | "TRANSFER" | "ATTENDEDTRANSFER" | "ABANDON"
            | "SYSCOMPAT" | "PAUSE" | "UNPAUSE" | "PAUSEALL" | "UNPAUSEALL" | "PAUSEREASON" => {
                Said::Work
            }
            _ => return Some(word.to_owned()),
        };
        Some(self.state.agents.name(word, said, &self.settings.members))
    }

    /// Asterisk started: it knows nothing of the calls before, and will never end them.
    fn restarted(&mut self) {
        while let Some(id) = self.state.calls.take_due(u64::MAX) {
            self.decide(&id);
        }
        for lost in self.state.calls.drain() {
            self.lost(Some(lost));
        }
        for (agent, said) in self.state.agents.restarted(self.entry.at_ms) {
            let mut event = self.event(Kind::AgentState(said));
            event.agent = Some(agent);
            self.events.push(event);
        }
        let event = self.event(Kind::Feed(FeedState::Restarted));
        self.events.push(event);
    }

    /// A call whose end nobody will see.
    pub(crate) fn lost(&mut self, lost: Option<(String, Call)>) {
        let Some((id, mut call)) = lost else { return };
        if call.stage == Stage::Waiting {
            self.tell_of_entry(&id, &mut call);
        }
        let kinds = match call.stage {
            Stage::Waiting => vec![Kind::Left(LeftReason::Lost)],
            Stage::Talking => {
                let ended = TalkEnded { talk_ms: None, hold_ms: None, by: Author::System };
                vec![Kind::TalkEnded(ended), Kind::WrappedUp]
            }
            Stage::Announced | Stage::Elsewhere | Stage::Merged => return,
        };
        for kind in kinds {
            let mut event = self.event(kind).on(id.as_str());
            event.queue = Some(call.queue.clone());
            event.agent.clone_from(&call.agent);
            self.events.push(event);
        }
    }

    /// The call that the line is about.
    pub(crate) fn about(&self) -> Option<String> {
        Some(self.state.calls.about(self.entry.call?).to_owned())
    }

    /// The place that the line names.
    pub(crate) fn here(&self) -> Place {
        Place { queue: self.entry.queue.map(str::to_owned), agent: self.agent.clone() }
    }

    /// In the queue, with nobody yet.
    pub(crate) fn in_line(&self) -> Place {
        Place { agent: None, ..self.here() }
    }

    pub(crate) fn telephones(&self) -> Telephones<'_> {
        Telephones { agents: &self.state.agents, settings: self.settings }
    }

    pub(crate) fn call_event(&mut self, id: &str, at_ms: u64, place: Place, kind: Kind) {
        let mut event = self.event(kind).on(id);
        event.at = at_ms.into();
        (event.queue, event.agent) = (place.queue, place.agent);
        if let Some(call) = self.state.calls.get_mut(id) {
            event.customer.extend(call.customer.clone());
            if let Some(did) = call.did.take() {
                event = event.attr("did", did);
            }
        }
        self.events.push(event);
    }

    pub(crate) fn event(&mut self, kind: Kind) -> Event {
        Event::new(self.next_id(), self.entry.at_ms, kind)
    }

    pub(crate) fn next_id(&mut self) -> String {
        let number = self.numbered;
        self.numbered = number.saturating_add(1);
        numbered(&self.id, number)
    }

    /// The id of the line's next event, for one that comes later or never.
    pub(crate) fn line_id(&self) -> String {
        self.id.clone()
    }
}

/// The id of a line's event.
pub(crate) fn numbered(id: &str, number: usize) -> String {
    match number {
        0 => id.to_owned(),
        number => format!("{id}#{number}"),
    }
}
