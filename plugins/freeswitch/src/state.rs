//! What survives a restart, and the ways in which calls change in it.
//!
//! What is told of a call may come late, in another order, or from a list after a gap. So ids of its
//! events are made of the call and its place in the queue: whichever tells first is counted, and
//! once. A call whose beginning was not seen is made up for from the times that later events carry.

use serde::{Deserialize, Serialize};
use tablica_plugin::wrap_up::{WrapUp, WrapUps};
use tablica_plugin::{
    Abandoned, Answered, Author, Direction, Event, Kind, LeftReason, Medium, Moment, Opened,
    TalkEnded, Transfer, TransferWay,
};

use crate::agents::Agents;
use crate::calls::{Call, Calls, Stage};

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) calls: Calls,
    pub(crate) agents: Agents,
    pub(crate) wrap_ups: WrapUps,
    /// Which start of FreeSWITCH was last heard of.
    pub(crate) core: Option<String>,
    /// When the last event was, by FreeSWITCH's clock.
    pub(crate) event_ms: u64,
    /// There was a connection before: the next one comes after a gap.
    pub(crate) was_connected: bool,
}

/// Which place in which queue something is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) session: String,
    pub(crate) member: String,
    pub(crate) queue: String,
    pub(crate) customer: Option<String>,
}

/// When an agent took a call, and how long it took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) at: Option<u64>,
    pub(crate) agent: Option<String>,
    pub(crate) leg: Option<String>,
    pub(crate) wait_ms: Option<u64>,
    pub(crate) ring_ms: Option<u64>,
}

/// How a talk ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Over {
    pub(crate) at: Option<u64>,
    pub(crate) talk_ms: Option<u64>,
    pub(crate) by: Author,
    pub(crate) handed_on: Option<TransferWay>,
}

impl Entry {
    /// An event about it. Of an unknown time it is of the time at which it is heard.
    pub(crate) fn event(&self, id: String, at: Option<u64>, kind: Kind) -> Event {
        let mut event = Event::new(id, at.map_or(Moment::None, Moment::from), kind);
        event.interaction.clone_from(&self.session);
        event.queue = Some(self.queue.clone()).filter(|queue| !queue.is_empty());
        event.customer.extend(self.customer.clone());
        event
    }

    fn id(&self, what: &str) -> String {
        format!("{}:{}:{what}", self.session, self.member)
    }
}

impl State {
    /// It waits in a queue since then, unless that is known.
    pub(crate) fn waits(&mut self, entry: &Entry, at: Option<u64>, events: &mut Vec<Event>) {
        let known = self.calls.get(&entry.session);
        if known.is_some_and(|call| call.member == entry.member) {
            return;
        }
        match known.map(|call| call.stage) {
            None => {
                let opened = Opened {
                    medium: Medium::Call,
                    direction: Direction::Inbound,
                    public: false,
                    priority: None,
                };
                let id = format!("{}:opened", entry.session);
                events.push(entry.event(id, at, Kind::Opened(opened)));
            }
            // What ended its talk was not seen.
            Some(Stage::Talking) => self.lose(&entry.session, at, events),
            Some(Stage::Waiting | Stage::Out) => {}
        }
        events.push(entry.event(entry.id("queued"), at, Kind::Queued));
        let (member, queue) = (entry.member.clone(), entry.queue.clone());
        self.calls.put(&entry.session, Call { member, queue, ..Call::default() });
    }

    /// An agent took it.
    pub(crate) fn taken(&mut self, entry: &Entry, taken: &Taken, events: &mut Vec<Event>) {
        if !self.calls.is(&entry.session, &entry.member, Stage::Waiting) {
            return;
        }
        if let Some(call) = self.calls.get_mut(&entry.session) {
            call.stage = Stage::Talking;
            call.agent.clone_from(&taken.agent);
            call.leg.clone_from(&taken.leg);
            call.is_held = false;
        }
        if let Some(agent) = taken.agent.as_deref() {
            events.extend(self.wrap_ups.cut_short(agent, taken.at.unwrap_or(u64::MAX)));
        }
        let answered = Answered { wait_ms: taken.wait_ms, ring_ms: taken.ring_ms };
        let mut event = entry.event(entry.id("answered"), taken.at, Kind::Answered(answered));
        event.agent.clone_from(&taken.agent);
        events.push(event);
    }

    /// The talk is over; after-work is as long as FreeSWITCH gives that agent no call.
    pub(crate) fn talked(&mut self, entry: &Entry, over: Over, events: &mut Vec<Event>) {
        if !self.calls.is(&entry.session, &entry.member, Stage::Talking) {
            return;
        }
        let agent = self.out(&entry.session).and_then(|call| call.agent);
        let mut tell = |what: &str, kind: Kind| {
            let mut event = entry.event(entry.id(what), over.at, kind);
            event.agent.clone_from(&agent);
            events.push(event);
        };
        if let Some(way) = over.handed_on {
            let transfer = Transfer { to_queue: None, to_agent: None, way };
            tell("transferred", Kind::Transferred(transfer));
        }
        let ended = TalkEnded { talk_ms: over.talk_ms, hold_ms: None, by: over.by };
        tell("ended", Kind::TalkEnded(ended));
        let wrap_up_ms = agent.as_deref().map_or(0, |agent| self.agents.wrap_up_ms(agent));
        match over.at.filter(|_| wrap_up_ms > 0) {
            None => tell("wrapped-up", Kind::WrappedUp),
            Some(at_ms) => {
                let wrap_up = WrapUp {
                    id: entry.id("wrapped-up"),
                    call: entry.session.clone(),
                    queue: Some(entry.queue.clone()).filter(|queue| !queue.is_empty()),
                    agent,
                    due_ms: at_ms.saturating_add(wrap_up_ms),
                    ends_ms: None,
                };
                events.extend(self.wrap_ups.begin(wrap_up));
            }
        }
    }

    /// It left the queue without an agent.
    pub(crate) fn left(
        &mut self,
        entry: &Entry,
        at: Option<u64>,
        kind: Kind,
        events: &mut Vec<Event>,
    ) {
        if self.calls.is(&entry.session, &entry.member, Stage::Waiting) {
            self.out(&entry.session);
            events.push(entry.event(entry.id("left"), at, kind));
        }
    }

    /// Its end was not seen.
    pub(crate) fn lose(&mut self, session: &str, at: Option<u64>, events: &mut Vec<Event>) {
        let Some(call) = self.calls.get(session) else { return };
        let entry = Entry {
            session: session.to_owned(),
            member: call.member.clone(),
            queue: call.queue.clone(),
            customer: None,
        };
        match call.stage {
            Stage::Waiting => self.left(&entry, at, Kind::Left(LeftReason::Lost), events),
            Stage::Talking => {
                let over = Over { at, talk_ms: None, by: Author::System, handed_on: None };
                self.talked(&entry, over, events);
            }
            Stage::Out => {}
        }
    }

    fn out(&mut self, session: &str) -> Option<Call> {
        let call = self.calls.get_mut(session)?;
        let was = call.clone();
        call.stage = Stage::Out;
        (call.agent, call.leg, call.is_held) = (None, None, false);
        Some(was)
    }
}

/// The caller gave up.
pub(crate) fn abandoned(wait_ms: Option<u64>) -> Kind {
    Kind::Abandoned(Abandoned { wait_ms })
}
