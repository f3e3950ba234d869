//! Events to try the journal's form with: every kind with every field set, every kind with as little
//! as there may be, every word.
//!
//! No `..` in here: who adds a field or a kind is told by the compiler.

use std::collections::BTreeMap;

use crate::event::{
    Abandoned, AgentKnown, AgentState, AgentStatus, Answered, Author, Awaits, CallbackPromised,
    CustomerKey, Delivery, DeliveryState, Direction, Event, Feed, FeedPart, FeedState, Gauge, Kind,
    Left, LeftReason, Medium, Member, Membership, Mention, Merged, Message, Opened, Other, Pending,
    Prioritized, Priority, Rated, Removed, Resolved, RingMissed, SameAs, Sentiment, TalkEnded,
    TransferWay, Transferred,
};

/// 2026-11-22 00:00 UTC.
const MIDNIGHT_MS: i64 = 1_795_305_600_000;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|it| (*it).to_owned()).collect()
}

/// An event with every field set.
pub(super) fn full(number: usize, kind: Kind) -> Event {
    let number = i64::try_from(number).expect("a small number");
    Event {
        id: format!("full {number} łódź \"\n"),
        channel: "phones".to_owned(),
        at_ms: MIDNIGHT_MS + number * 1000,
        received_ms: MIDNIGHT_MS + number * 1000 + 250,
        kind,
        interaction: format!("call-{number}"),
        queue: some("sales"),
        agent: some("anna"),
        customer: vec![CustomerKey("0a1b2c".to_owned()), CustomerKey("3d4e5f".to_owned())],
        order: Some(u64::MAX),
        refers: some("full 0"),
        same_as: Some(SameAs {
            channel: "desk".to_owned(),
            interaction: "ticket-7".to_owned(),
            told_there: true,
        }),
        attrs: BTreeMap::from([
            ("brand".to_owned(), "acme".to_owned()),
            (String::new(), String::new()),
        ]),
    }
}

/// An event with what it must have alone.
pub(super) fn bare(number: usize, kind: Kind) -> Event {
    Event {
        id: format!("bare {number}"),
        channel: "phones".to_owned(),
        at_ms: -1,
        received_ms: 0,
        kind,
        interaction: String::new(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
    }
}

/// Every kind, with all that it can say.
fn full_kinds() -> Vec<Kind> {
    let message = Message {
        medium: Medium::Mail,
        author: Author::Customer,
        public: true,
        note: true,
        length: u32::MAX,
        language: some("pl"),
        sentiment: Sentiment::Negative,
        topics: texts(&["invoice", "delivery"]),
        complaint: true,
        spam: true,
    };
    vec![
        Kind::Opened(Opened {
            medium: Medium::Call,
            direction: Direction::Outbound,
            public: true,
            priority: Some(Priority::High),
        }),
        Kind::Message(message.clone()),
        Kind::Queued,
        Kind::OfferedToAgent,
        Kind::RingMissed(RingMissed { ring_ms: Some(20_000) }),
        Kind::Answered(Answered { wait_ms: Some(i64::MAX), ring_ms: Some(i64::MIN) }),
        Kind::Held,
        Kind::Resumed,
        Kind::Transferred(Transferred {
            to_queue: some("billing"),
            to_agent: some("ben"),
            way: TransferWay::Attended,
        }),
        Kind::TalkEnded(TalkEnded {
            talk_ms: Some(60_000),
            hold_ms: Some(5000),
            by: Author::Agent,
        }),
        Kind::WrappedUp,
        Kind::Resolved(Resolved { by: Author::Bot }),
        Kind::Reopened,
        Kind::Abandoned(Abandoned { wait_ms: Some(40_000) }),
        Kind::Left(Left { reason: LeftReason::Callback }),
        Kind::Prioritized(Prioritized { priority: Priority::Urgent }),
        Kind::RatingRequested,
        Kind::Rated(Rated { dimension: "overall".to_owned(), score: 0.1, scale: -5e300 }),
        Kind::Tagged(texts(&["vip", ""])),
        Kind::Mention(Mention {
            public: true,
            sentiment: Sentiment::Positive,
            language: some("uk"),
            topics: texts(&["brand"]),
            spam: true,
        }),
        Kind::Removed(Removed { by: Author::Peer }),
        Kind::Assigned,
        Kind::Pending(Pending { awaits: Awaits::ATime, until_ms: Some(MIDNIGHT_MS) }),
        Kind::Merged(Merged { into: "call-1".to_owned() }),
        Kind::CallbackPromised(CallbackPromised { due_ms: Some(MIDNIGHT_MS) }),
        Kind::Edited(message),
        Kind::Delivery(Delivery { state: DeliveryState::Failed }),
        Kind::Gauge(Gauge { name: "calls waiting".to_owned(), value: 2.5 }),
        Kind::Member(Member { change: Membership::Paused, reason: some("lunch") }),
        Kind::AgentKnown(AgentKnown { title: some("Anna B."), teams: texts(&["sales", "night"]) }),
        Kind::AgentState(AgentState { status: AgentStatus::Paused, reason: some("lunch") }),
        Kind::Feed(Feed { state: FeedState::Gap, part: Some(FeedPart::Link) }),
        Kind::Other(Other { name: "levitated".to_owned(), value: "1 m".to_owned() }),
    ]
}

/// The kinds that can say less than everything, with as little as there may be.
fn bare_kinds() -> Vec<Kind> {
    vec![
        Kind::Opened(Opened::default()),
        Kind::Message(Message::default()),
        Kind::RingMissed(RingMissed::default()),
        Kind::Answered(Answered::default()),
        Kind::Transferred(Transferred::default()),
        Kind::TalkEnded(TalkEnded::default()),
        Kind::Abandoned(Abandoned::default()),
        Kind::Tagged(Vec::new()),
        Kind::Mention(Mention::default()),
        Kind::Pending(Pending { awaits: Awaits::Customer, until_ms: None }),
        Kind::CallbackPromised(CallbackPromised::default()),
        Kind::Member(Member { change: Membership::Joined, reason: None }),
        Kind::AgentKnown(AgentKnown::default()),
        Kind::AgentState(AgentState { status: AgentStatus::Available, reason: None }),
        Kind::Feed(Feed { state: FeedState::Up, part: None }),
        Kind::Other(Other { name: String::new(), value: String::new() }),
    ]
}

/// Every word, in a kind that says it.
fn words() -> Vec<Kind> {
    let opened = |medium, direction, priority| {
        Kind::Opened(Opened { medium, direction, public: false, priority: Some(priority) })
    };
    let spoken = |sentiment| Kind::Mention(Mention { sentiment, ..Mention::default() });
    let way = |way| Kind::Transferred(Transferred { way, ..Transferred::default() });
    let awaits = |awaits| Kind::Pending(Pending { awaits, until_ms: None });
    let status = |status| Kind::AgentState(AgentState { status, reason: None });
    let part = |part| Kind::Feed(Feed::of(part, FeedState::Down));
    let mut kinds = Vec::new();
    let (inbound, normal) = (Direction::Inbound, Priority::Normal);
    kinds.extend(Medium::ALL.map(|it| opened(it, inbound, normal)));
    kinds.extend(Direction::ALL.map(|it| opened(Medium::Chat, it, normal)));
    kinds.extend(Priority::ALL.map(|it| opened(Medium::Chat, inbound, it)));
    kinds.extend(Author::ALL.map(|by| Kind::Resolved(Resolved { by })));
    kinds.extend(Sentiment::ALL.map(spoken));
    kinds.extend(TransferWay::ALL.map(way));
    kinds.extend(LeftReason::ALL.map(|reason| Kind::Left(Left { reason })));
    kinds.extend(Awaits::ALL.map(awaits));
    kinds.extend(DeliveryState::ALL.map(|state| Kind::Delivery(Delivery { state })));
    kinds.extend(Membership::ALL.map(|change| Kind::Member(Member { change, reason: None })));
    kinds.extend(AgentStatus::ALL.map(status));
    kinds.extend(FeedPart::ALL.map(part));
    kinds.extend(FeedState::ALL.map(|state| Kind::Feed(Feed { state, part: None })));
    kinds
}

/// All of them.
pub(super) fn every_kind() -> Vec<Event> {
    let full = full_kinds().into_iter().enumerate().map(|(number, kind)| full(number, kind));
    let less = bare_kinds().into_iter().chain(words());
    full.chain(less.enumerate().map(|(number, kind)| bare(number, kind))).collect()
}
