//! Made-up calls and conversations, with agents' states and a restart: what properties are held
//! against.

use std::time::Duration;

use proptest::prelude::*;

use super::promises::{policy, weekdays};
use super::script::*;
use crate::config::model::Clock;
use crate::engine::Rules;
use crate::event::{
    AgentState, AgentStatus, Author, Awaits, CallbackPromised, CustomerKey, Delivery,
    DeliveryState, Event, Feed, FeedState, Kind, LeftReason, Medium, Mention, Merged, Message,
    Pending, Prioritized, Priority, Rated, Removed, Resolved, Sentiment,
};

/// Policies of every clock, some for some contacts only, with hours that end within the script.
pub(crate) fn rules() -> Rules {
    let mut urgent = policy("urgent", Clock::FirstResponse);
    urgent.priorities = vec![Priority::High, Priority::Urgent];
    urgent.calendar = weekdays(9, 10);
    let mut public = policy("public", Clock::NextResponse);
    public.public = Some(true);
    let mut calls = policy("calls", Clock::Answer);
    calls.queues = vec!["sales".to_owned()];
    (calls.target_ms, calls.warn_ms) = (20_000, 10_000);
    let mut complaints = policy("complaints", Clock::Resolution);
    complaints.complaints = true;
    let policies = vec![urgent, public, calls, policy("solve", Clock::Resolution), complaints];
    let mut rules = Rules { policies, ..Rules::default() };
    // Within the script.
    rules.contacts.callback_within = Duration::from_secs(1200);
    rules
}

/// One step in a contact's life: so many seconds after the one before.
pub(crate) type Step = (u8, u16, u8, u8);

pub(super) const QUEUES: [&str; 3] = ["sales", "support", ""];
const AGENTS: [&str; 3] = ["ann", "ben", "cem"];
const TOPICS: [&str; 2] = ["delivery", "invoice"];

fn call(script: &mut Script, contact: usize, start: u32, steps: &[Step]) {
    let mut second = f64::from(start);
    script.contact(&format!("call{contact}"), QUEUES[contact % 2]);
    if contact.is_multiple_of(3) {
        script.opened(second - 2.0, Medium::Call);
    }
    script.queued(second);
    for (what, seconds, queue, agent) in steps {
        second += f64::from(*seconds % 90);
        script.agent(AGENTS[usize::from(agent % 3)]);
        let other = QUEUES[usize::from(queue % 2)];
        match what % 15 {
            0 => script.kind(second, Kind::OfferedToAgent),
            1 => script.kind(second, Kind::RingMissed(Default::default())),
            2 | 3 => script.answered(second),
            4 => script.kind(second, Kind::Held),
            5 => script.kind(second, Kind::Resumed),
            6 => script.ended(second),
            7 => script.abandoned(second),
            8 => script.left(second, LeftReason::Timeout),
            9 => script.transferred(second, (queue % 2 == 0).then_some(other)).queue(other),
            10 => script.queue(other).queued(second),
            11 if queue % 4 == 0 => script.kind(second, aside(*agent)),
            12 => script.kind(second, Kind::Merged(Merged { into: "another".to_owned() })),
            13 => script.kind(second, Kind::CallbackPromised(CallbackPromised::default())),
            14 => script.kind(second, Kind::Assigned),
            _ => script.kind(second, Kind::WrappedUp),
        };
    }
}

/// What happens beside a contact's way through queues.
fn aside(which: u8) -> Kind {
    match which % 6 {
        0 => Kind::Prioritized(Prioritized { priority: Priority::ALL[usize::from(which / 6 % 4)] }),
        1 => Kind::Tagged(vec![TOPICS[usize::from(which / 6 % 2)].to_owned()]),
        2 => Kind::RatingRequested,
        3 => Kind::Removed(Removed { by: Author::Agent }),
        4 => Kind::Mention(Mention {
            public: true,
            sentiment: Sentiment::Negative,
            topics: vec![TOPICS[0].to_owned()],
            ..Mention::default()
        }),
        _ => Kind::Rated(Rated {
            dimension: ["overall", "clear"][usize::from(which / 6 % 2)].to_owned(),
            score: f64::from(which / 12 % 11),
            scale: 10.0,
        }),
    }
}

fn customers(queue: u8, agent: u8) -> Message {
    let moods = [Sentiment::Unknown, Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative];
    Message {
        medium: Medium::Message,
        author: Author::Customer,
        public: queue.is_multiple_of(7),
        sentiment: moods[usize::from(agent % 4)],
        topics: TOPICS.iter().take(usize::from(queue % 5)).map(|&it| it.to_owned()).collect(),
        complaint: agent.is_multiple_of(9),
        spam: agent % 16 == 5,
        ..Message::default()
    }
}

fn conversation(script: &mut Script, contact: usize, start: u32, steps: &[Step]) {
    let mut second = f64::from(start);
    script.contact(&format!("talk{contact}"), QUEUES[contact % 3]);
    for (what, seconds, queue, agent) in steps {
        second += f64::from(*seconds);
        script.agent(AGENTS[usize::from(agent % 3)]);
        match what % 21 {
            0..=2 => {
                let message = Kind::Message(customers(*queue, *agent));
                let keys = [format!("k{}", contact % 3), format!("m{}", agent % 8)];
                script.kind(second, message);
                let event = script.events.last_mut().expect("just told");
                let known = keys.into_iter().take(usize::from(queue % 3));
                event.customer = known.map(CustomerKey).collect();
                continue;
            }
            3 | 4 => script.wrote(second, Author::Agent),
            5 => script.wrote(second, Author::Bot),
            6 => script.kind(second, Kind::Resolved(Resolved::default())),
            7 => script.kind(second, Kind::Reopened),
            8 => script.transferred(second, Some(QUEUES[usize::from(agent % 2)])),
            9 => script.wrote(second, Author::Peer),
            10 => script.complained(second),
            11 | 12 => script.kind(second, aside(*agent)),
            14..=20 => told_by_desks(script, second, what % 21, (*queue, *agent)),
            _ => script.opened(second, Medium::Chat),
        };
    }
}

/// What help desks and messengers tell beside messages.
fn told_by_desks(
    script: &mut Script,
    second: f64,
    what: u8,
    (queue, agent): (u8, u8),
) -> &mut Script {
    let until_ms = queue.is_multiple_of(2).then(|| at(second) + i64::from(agent) * 5000);
    match what {
        14 => {
            let failed = Kind::Delivery(Delivery { state: DeliveryState::Failed });
            script.kind(second, failed);
            let place = usize::from(queue) % script.events.len();
            let of = script.events.len() - 1 - place.min(4);
            let of = script.events[of].id.clone();
            if let Some(event) = script.events.last_mut() {
                event.refers = Some(of);
            }
        }
        15 | 16 => {
            let awaits = Awaits::ALL[usize::from(agent % 4)];
            script.kind(second, Kind::Pending(Pending { awaits, until_ms }));
        }
        17 => {
            script.kind(second, Kind::Merged(Merged { into: "another".to_owned() }));
        }
        18 => {
            script.kind(second, Kind::CallbackPromised(CallbackPromised { due_ms: until_ms }));
        }
        19 => {
            script.kind(second, Kind::Edited(customers(queue, agent)));
        }
        _ => {
            script.kind(second, Kind::Assigned);
            if let Some(event) = script.events.last_mut().filter(|_| agent % 2 == 0) {
                event.agent = None;
            }
        }
    }
    script
}

/// Contacts: when each begins, and its steps.
pub(crate) type Contacts = Vec<(u32, Vec<Step>)>;

/// What a channel tells of calls, conversations and its agents' states, in order.
pub(crate) fn tell(
    channel: &str,
    calls: &Contacts,
    talks: &Contacts,
    states: Vec<(u32, usize, usize)>,
    restart: Option<u32>,
) -> Vec<Event> {
    let mut script = Script::on(channel);
    for (contact, (start, steps)) in calls.iter().enumerate() {
        call(&mut script, contact, *start, steps);
    }
    for (contact, (start, steps)) in talks.iter().enumerate() {
        conversation(&mut script, contact, *start, steps);
    }
    for (second, status, agent) in states {
        let all = [
            AgentStatus::Available,
            AgentStatus::Ringing,
            AgentStatus::Talking,
            AgentStatus::Hold,
            AgentStatus::AfterWork,
            AgentStatus::Paused,
            AgentStatus::Offline,
        ];
        let state = AgentState { status: all[status], reason: None };
        script.contact("", "").agent(AGENTS[agent]);
        script.kind(f64::from(second), Kind::AgentState(state));
    }
    if let Some(second) = restart {
        let feed = Feed::from(FeedState::Restarted);
        script.contact("", "").kind(f64::from(second), Kind::Feed(feed));
    }
    script.events.sort_by_key(|event| event.at_ms);
    script.events
}

prop_compose! {
    /// Calls and conversations of two hours, with agents' states and a restart.
    pub(in crate::engine) fn traffic()(
        calls in prop::collection::vec((0..3600u32, prop::collection::vec(any::<Step>(), 0..8)), 1..8),
        talks in prop::collection::vec((0..3600u32, prop::collection::vec(
            (any::<u8>(), 0..700u16, any::<u8>(), any::<u8>()), 1..24)), 1..6),
        states in prop::collection::vec((0..7000u32, 0..7usize, 0..3usize), 0..6),
        restart in proptest::option::of(0..7000u32),
    ) -> Vec<Event> {
        tell("desk", &calls, &talks, states, restart)
    }
}
