//! Events with anything in them.

use proptest::collection::{btree_map, vec};
use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::event::{
    Abandoned, AgentKnown, AgentState, AgentStatus, Answered, Author, Awaits, CallbackPromised,
    CustomerKey, Delivery, DeliveryState, Direction, Event, Feed, FeedPart, FeedState, Gauge, Kind,
    Left, LeftReason, Medium, Member, Membership, Mention, Merged, Message, Opened, Other, Pending,
    Prioritized, Priority, Rated, Removed, Resolved, RingMissed, SameAs, Sentiment, TalkEnded,
    TransferWay, Transferred,
};

fn text() -> impl Strategy<Value = String> {
    ".{0,30}"
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

fn number() -> impl Strategy<Value = f64> {
    POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO
}

fn length() -> impl Strategy<Value = Option<i64>> {
    option::of(any::<i64>())
}

fn author() -> impl Strategy<Value = Author> {
    select(&Author::ALL[..])
}

fn message() -> impl Strategy<Value = Message> {
    let who = (select(&Medium::ALL[..]), author(), any::<[bool; 4]>(), any::<u32>());
    let about = (option::of(text()), select(&Sentiment::ALL[..]), texts());
    (who, about).prop_map(|((medium, author, flags, length), (language, sentiment, topics))| {
        let [public, note, complaint, spam] = flags;
        Message {
            medium,
            author,
            public,
            note,
            length,
            language,
            sentiment,
            topics,
            complaint,
            spam,
        }
    })
}

fn plain() -> impl Strategy<Value = Kind> {
    select(vec![
        Kind::Queued,
        Kind::OfferedToAgent,
        Kind::Held,
        Kind::Resumed,
        Kind::WrappedUp,
        Kind::Reopened,
        Kind::RatingRequested,
        Kind::Assigned,
    ])
}

fn of_a_call() -> impl Strategy<Value = Kind> {
    let priority = || select(&Priority::ALL[..]);
    let opened = (
        select(&Medium::ALL[..]),
        select(&Direction::ALL[..]),
        any::<bool>(),
        option::of(priority()),
    );
    prop_oneof![
        opened.prop_map(|(medium, direction, public, priority)| {
            Kind::Opened(Opened { medium, direction, public, priority })
        }),
        length().prop_map(|ring_ms| Kind::RingMissed(RingMissed { ring_ms })),
        (length(), length())
            .prop_map(|(wait_ms, ring_ms)| Kind::Answered(Answered { wait_ms, ring_ms })),
        (option::of(text()), option::of(text()), select(&TransferWay::ALL[..])).prop_map(
            |(to_queue, to_agent, way)| Kind::Transferred(Transferred { to_queue, to_agent, way })
        ),
        (length(), length(), author())
            .prop_map(|(talk_ms, hold_ms, by)| Kind::TalkEnded(TalkEnded { talk_ms, hold_ms, by })),
        author().prop_map(|by| Kind::Resolved(Resolved { by })),
        length().prop_map(|wait_ms| Kind::Abandoned(Abandoned { wait_ms })),
        select(&LeftReason::ALL[..]).prop_map(|reason| Kind::Left(Left { reason })),
        priority().prop_map(|priority| Kind::Prioritized(Prioritized { priority })),
        length().prop_map(|due_ms| Kind::CallbackPromised(CallbackPromised { due_ms })),
    ]
}

fn of_a_conversation() -> impl Strategy<Value = Kind> {
    let mention = (any::<[bool; 2]>(), select(&Sentiment::ALL[..]), option::of(text()), texts())
        .prop_map(|([public, spam], sentiment, language, topics)| {
            Kind::Mention(Mention { public, sentiment, language, topics, spam })
        });
    prop_oneof![
        message().prop_map(Kind::Message),
        message().prop_map(Kind::Edited),
        (text(), number(), number()).prop_map(|(dimension, score, scale)| {
            Kind::Rated(Rated { dimension, score, scale })
        }),
        texts().prop_map(Kind::Tagged),
        mention,
        author().prop_map(|by| Kind::Removed(Removed { by })),
        (select(&Awaits::ALL[..]), length())
            .prop_map(|(awaits, until_ms)| Kind::Pending(Pending { awaits, until_ms })),
        text().prop_map(|into| Kind::Merged(Merged { into })),
        select(&DeliveryState::ALL[..]).prop_map(|state| Kind::Delivery(Delivery { state })),
    ]
}

fn of_agents_and_feeds() -> impl Strategy<Value = Kind> {
    prop_oneof![
        (text(), number()).prop_map(|(name, value)| Kind::Gauge(Gauge { name, value })),
        (select(&Membership::ALL[..]), option::of(text()))
            .prop_map(|(change, reason)| Kind::Member(Member { change, reason })),
        (option::of(text()), texts())
            .prop_map(|(title, teams)| Kind::AgentKnown(AgentKnown { title, teams })),
        (select(&AgentStatus::ALL[..]), option::of(text()))
            .prop_map(|(status, reason)| Kind::AgentState(AgentState { status, reason })),
        (select(&FeedState::ALL[..]), option::of(select(&FeedPart::ALL[..])))
            .prop_map(|(state, part)| Kind::Feed(Feed { state, part })),
        (text(), text()).prop_map(|(name, value)| Kind::Other(Other { name, value })),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![plain(), of_a_call(), of_a_conversation(), of_agents_and_feeds()];
    let same_as = (text(), text(), any::<bool>())
        .prop_map(|(channel, interaction, told_there)| SameAs { channel, interaction, told_there });
    let whose = (text(), text(), text(), option::of(text()), option::of(text()));
    let about = (any::<i64>(), any::<i64>(), option::of(any::<u64>()), option::of(text()));
    let more = (vec(text(), 0..3), option::of(same_as), btree_map(text(), text(), 0..3));
    (whose, about, more, kind).prop_map(|(whose, about, more, kind)| {
        let (id, channel, interaction, queue, agent) = whose;
        let (at_ms, received_ms, order, refers) = about;
        let (customer, same_as, attrs) = more;
        let customer = customer.into_iter().map(CustomerKey).collect();
        Event {
            id,
            channel,
            at_ms,
            received_ms,
            interaction,
            queue,
            agent,
            customer,
            order,
            refers,
            same_as,
            kind,
            attrs,
        }
    })
}

/// Those of one commit.
pub(super) fn events() -> impl Strategy<Value = Vec<Event>> {
    vec(event(), 0..6)
}
