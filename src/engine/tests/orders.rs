//! Properties: the order of arrival doesn't matter, and the books always balance.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use super::promises::{policy, weekdays};
use super::script::*;
use crate::config::model::Clock;
use crate::engine::{Engine, Field, Rules};
use crate::event::{
    AgentState, AgentStatus, Author, CustomerKey, Event, Feed, FeedState, Kind, LeftReason, Medium,
    Mention, Message, Prioritized, Priority, Rated, Removed, Resolved, Sentiment,
};
use crate::kpi;
use crate::scope::{Selector, Window};

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
    Rules { policies, ..Rules::default() }
}

/// One step in a contact's life: so many seconds after the one before.
pub(crate) type Step = (u8, u16, u8, u8);

const QUEUES: [&str; 3] = ["sales", "support", ""];
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
        match what % 12 {
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
            _ if queue % 4 == 0 => script.kind(second, aside(*agent)),
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
        match what % 14 {
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
            _ => script.opened(second, Medium::Chat),
        };
    }
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
        let feed = Feed { state: FeedState::Restarted };
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

/// Contacts from which it is known what the network tells.
fn what_it_tells() -> Vec<Event> {
    let mut script = Script::on("desk");
    script.contact("abandoned", "support").queued(-300.0).abandoned(-290.0);
    script.contact("wrapped-up", "support").agent("ben").queued(-280.0).answered(-270.0);
    script.ended(-260.0).kind(-250.0, Kind::WrappedUp);
    script.contact("resolved", "support").wrote(-240.0, Author::Customer);
    script.wrote(-230.0, Author::Agent).kind(-220.0, Kind::Resolved(Resolved::default()));
    for event in &mut script.events {
        event.id = format!("before {}", event.id);
    }
    script.events
}

pub(crate) const END: f64 = 6.0 * 3600.0;

/// The base, and all that contacts can be selected by.
fn selectors() -> Vec<Selector> {
    let one = |key: &str, value: &str| {
        let mut selector = Selector::default();
        selector.set(key, value).expect("a key and its word");
        selector
    };
    let more = [
        ("agent", "ann"),
        ("topic", "invoice"),
        ("policy", "urgent"),
        ("policy", "solve"),
        ("kind", "message"),
        ("priority", "high"),
        ("public", "true"),
        ("dimension", "clear"),
    ];
    let more = more.map(|(key, value)| one(key, value));
    QUEUES.iter().take(2).map(|name| queue(name)).chain([all()]).chain(more).collect()
}

/// An engine that counts by all of that, whatever is asked first.
pub(in crate::engine) fn engine() -> Engine {
    engine_with(rules())
}

fn engine_with(rules: Rules) -> Engine {
    let mut engine = Engine::new(rules);
    for selector in selectors() {
        assert!(engine.watch(&selector));
    }
    engine
}

fn live(events: &[Event]) -> Engine {
    told(engine(), events)
}

/// Each event in its time.
fn told(mut engine: Engine, events: &[Event]) -> Engine {
    for event in events {
        engine.apply(event, event.known_ms());
    }
    engine.tick(at(END));
    engine
}

/// Everything that a wall could show.
pub(crate) fn figures(engine: &Engine, selectors: &[Selector]) -> Vec<String> {
    let mut figures = Vec::new();
    for selector in selectors {
        let windows: &[Window] =
            if *selector == all() { &Window::ALL } else { &[Window::Min60, Window::Hours24] };
        for kpi in kpi::registry() {
            for &window in windows.iter().filter(|it| !kpi.is_state || **it != Window::Min60) {
                let value = kpi::compute(kpi, engine, selector, window, engine.now_ms());
                let (figure, counts) = (value.figure, value.receipt.counts);
                let place = format!("{:?} {}", selector.words(), window.id());
                figures.push(format!("{} {place}: {figure:?} {counts:?}", kpi.id));
            }
        }
    }
    figures
}

fn assert_balanced(engine: &Engine) {
    let by_agent = Selector { agent: Some("ann".to_owned()), ..all() };
    for view in engine.select(&all()).into_iter().chain(engine.select(&by_agent)) {
        for window in Window::ALL {
            let tally = view.tally(window);
            let get = |field| tally.get(field);
            let known = get(Field::Answered)
                + get(Field::Abandoned)
                + get(Field::FlowedOut)
                + get(Field::Waiting);
            assert_eq!(get(Field::Offered), known, "{} {}", view.queue(), window.id());
            let parts = [
                Field::Offered,
                Field::Answered,
                Field::Abandoned,
                Field::FlowedOut,
                Field::Waiting,
                Field::Decided,
                Field::Responses,
            ];
            assert!(parts.into_iter().all(|field| get(field) >= 0), "{tally:?}");
        }
        assert!(i64::from(view.waiting()) >= view.tally(Window::Min60).get(Field::Waiting));
    }
}

/// Events of one contact and one moment change places with each other until they stand in the
/// order in which they were told.
fn keep_moments_in_order(told: &[Event], mixed: &mut [Event]) {
    let moment = |event: &Event| (event.channel.clone(), event.interaction.clone(), event.at_ms);
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, event) in mixed.iter().enumerate() {
        places.entry(moment(event)).or_default().push(place);
    }
    let number = |event: &Event| told.iter().position(|it| it.id == event.id);
    for places in places.values().filter(|places| places.len() > 1) {
        let mut events: Vec<_> = places.iter().map(|place| mixed[*place].clone()).collect();
        events.sort_by_key(number);
        for (place, event) in places.iter().zip(events) {
            mixed[*place] = event;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Live, each event in its time; or all at the end, in any order, some of them repeatedly:
    /// the same figures. Only what one contact tells of one moment stays in its order.
    #[test]
    fn any_order_with_repetitions_ends_the_same(
        events in traffic(),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 0..200),
        again in prop::collection::vec(any::<Index>(), 0..20),
    ) {
        let live = live(&events);
        let mut mixed = events.clone();
        for index in again {
            mixed.push(events[index.index(events.len())].clone());
        }
        for (one, other) in swaps {
            let (one, other) = (one.index(mixed.len()), other.index(mixed.len()));
            mixed.swap(one, other);
        }
        keep_moments_in_order(&events, &mut mixed);
        let mut late = engine();
        for event in &mixed {
            late.apply(event, at(END));
        }
        let asked = selectors();
        for (live, late) in figures(&live, &asked).into_iter().zip(figures(&late, &asked)) {
            prop_assert_eq!(live, late);
        }
    }

    /// Of which only the newer facts are kept, a contact counts as if all were.
    #[test]
    fn condensed_contacts_count_the_same(events in traffic(), facts_max in 4..24usize) {
        // What the older half counted stays where it was counted, whatever the contact is found
        // to be about later.
        let mut rules = rules();
        for policy in &mut rules.policies {
            (policy.public, policy.priorities) = (None, Vec::new());
        }
        // What a network is found to tell shows only facts that are kept in another light.
        let events = [what_it_tells(), events].concat();
        let mut condensed = engine_with(rules.clone());
        condensed.limits.facts_max = facts_max;
        let condensed = told(condensed, &events);
        let whole = told(engine_with(rules), &events);
        let mut asked = selectors();
        asked.retain(|it| it.topic.is_none() && it.public.is_none() && it.priority.is_none());
        for (whole, condensed) in figures(&whole, &asked).into_iter().zip(figures(&condensed, &asked)) {
            prop_assert_eq!(whole, condensed);
        }
    }

    /// `offered = answered + abandoned + flowed_out + waiting` after every event and tick.
    #[test]
    fn the_books_balance_at_every_moment(
        events in traffic(),
        delays in prop::collection::vec(0..600i64, 1..50),
    ) {
        let mut engine = engine();
        // Some events come late, so that they meet a world that has moved on.
        let mut arriving: Vec<_> = events
            .iter()
            .zip(delays.iter().cycle())
            .map(|(event, delay)| (event.at_ms + delay * 1000, event))
            .collect();
        arriving.sort_by_key(|(known_ms, _)| *known_ms);
        for (known_ms, event) in arriving {
            engine.apply(event, known_ms);
            assert_balanced(&engine);
            engine.tick(known_ms + 20_000);
            assert_balanced(&engine);
        }
        engine.tick(at(40.0 * 3600.0));
        assert_balanced(&engine);
    }

    /// A restored engine goes on as if nothing had been, to the byte.
    #[test]
    fn a_snapshot_and_the_tail_equal_the_whole(events in traffic(), cut in any::<Index>()) {
        let cut = cut.index(events.len());
        let whole = live(&events);
        let mut first = engine();
        for event in &events[..cut] {
            first.apply(event, event.known_ms());
        }
        let bytes = first.snapshot();
        let mut second = Engine::restore(rules(), &bytes).expect("own snapshot");
        prop_assert_eq!(second.snapshot(), bytes);
        for event in &events[cut..] {
            second.apply(event, event.known_ms());
        }
        second.tick(at(END));
        prop_assert_eq!(second.snapshot(), whole.snapshot());
    }
}
