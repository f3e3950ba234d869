//! From the contract's words to the domain's: [`wit::Event`] becomes [`Event`].
//!
//! An [`Event`] has no place for a message's text. Whoever wants to learn from it takes it out
//! first, by [`text`], and gives it to [`enrich`]; otherwise it ends here, and only its length
//! stays. Ids and customer identifiers come out as the network gave them: whoever calls this
//! hands the event on to [`Normalize`] at once.
//!
//! [`Normalize`]: crate::channel::Normalize
//! [`enrich`]: crate::channel::enrich

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::wit;
use crate::channel::enrich::Text;
use crate::event::{
    Abandoned, AgentKnown, AgentState, AgentStatus, Answered, Author, Awaits, CallbackPromised,
    CustomerKey, Delivery, DeliveryState, Direction, Event, Feed, FeedState, Gauge, Kind, Left,
    LeftReason, Medium, Member, Membership, Mention, Merged, Message, Millis, Opened, Other,
    Pending, Prioritized, Priority, Rated, Removed, Resolved, RingMissed, Sentiment, TalkEnded,
    TransferWay, Transferred, UnixMs,
};

/// Takes the text out of a message or mention that has one.
pub fn text(event: &mut wit::Event) -> Option<Text> {
    let text = match &mut event.kind {
        wit::Kind::Message(message) | wit::Kind::Edited(message) => message.text.take(),
        wit::Kind::Mention(mention) => mention.text.take(),
        _ => None,
    };
    text.map(Text::new)
}

/// The event as the plugin gave it, in the domain's words. One for which the network gave no
/// time, or none that is a time, happened when it was received. `zone` is the site's.
pub fn event(channel: &str, zone: &TimeZone, event: wit::Event, received_ms: UnixMs) -> Event {
    let at_ms = at_ms(event.at, zone).unwrap_or(received_ms);
    Event {
        id: event.id,
        channel: channel.to_owned(),
        at_ms,
        received_ms,
        interaction: event.interaction,
        queue: event.queue,
        agent: event.agent,
        customer: event.customer.into_iter().map(CustomerKey).collect(),
        order: event.order,
        refers: event.refers,
        same_as: None,
        kind: kind(event.kind, zone),
        attrs: event.attrs.into_iter().map(|pair| (pair.name, pair.value)).collect(),
    }
}

/// When a moment was. A time that a wall's clock showed twice is the first one; one that it left out
/// is as far behind the gap as the clock was put forward.
fn at_ms(moment: wit::MomentResult, site: &TimeZone) -> Option<UnixMs> {
    match moment {
        wit::MomentResult::None | wit::MomentResult::Utc(0) => None,
        wit::MomentResult::Utc(ms) => i64::try_from(ms).ok(),
        wit::MomentResult::Local(wit::LocalTimeResult { wall_ms, zone }) => {
            let wall = Timestamp::UNIX_EPOCH
                .checked_add(SignedDuration::from_millis(i64::try_from(wall_ms).ok()?))
                .ok()?;
            let wall: DateTime = TimeZone::UTC.to_datetime(wall);
            let zone = match zone {
                Some(name) => TimeZone::get(&name).ok()?,
                None => site.clone(),
            };
            Some(zone.to_timestamp(wall).ok()?.as_millisecond())
        }
    }
}

fn message(it: wit::Message) -> Message {
    Message {
        medium: medium(it.medium),
        author: author(it.author),
        public: it.visibility == wit::Visibility::Public,
        note: it.visibility == wit::Visibility::Note,
        length: it.length,
        language: it.language,
        sentiment: sentiment(it.sentiment),
        ..Message::default()
    }
}

/// JSON has no word for NaN and infinity: what holds one could be written, never read.
fn no_number(name: &str) -> Kind {
    Kind::Other(Other { name: name.into(), value: "not a number".into() })
}

fn kind(kind: wit::Kind, zone: &TimeZone) -> Kind {
    match kind {
        wit::Kind::Opened(it) => Kind::Opened(Opened {
            medium: medium(it.medium),
            direction: direction(it.direction),
            public: it.public,
            priority: it.priority.map(priority),
        }),
        wit::Kind::Message(it) => Kind::Message(message(it)),
        wit::Kind::Queued => Kind::Queued,
        wit::Kind::OfferedToAgent => Kind::OfferedToAgent,
        wit::Kind::RingMissed(ring) => Kind::RingMissed(RingMissed { ring_ms: millis(ring) }),
        wit::Kind::Answered(it) => {
            Kind::Answered(Answered { wait_ms: millis(it.wait_ms), ring_ms: millis(it.ring_ms) })
        }
        wit::Kind::Held => Kind::Held,
        wit::Kind::Resumed => Kind::Resumed,
        wit::Kind::Transferred(it) => Kind::Transferred(Transferred {
            to_queue: it.to_queue,
            to_agent: it.to_agent,
            way: transfer_way(it.way),
        }),
        wit::Kind::TalkEnded(it) => Kind::TalkEnded(TalkEnded {
            talk_ms: millis(it.talk_ms),
            hold_ms: millis(it.hold_ms),
            by: author(it.by),
        }),
        wit::Kind::WrappedUp => Kind::WrappedUp,
        // The note is text, too.
        wit::Kind::Resolved(it) => Kind::Resolved(Resolved { by: author(it.by) }),
        wit::Kind::Reopened => Kind::Reopened,
        wit::Kind::Prioritized(rank) => Kind::Prioritized(Prioritized { priority: priority(rank) }),
        wit::Kind::Abandoned(it) => Kind::Abandoned(Abandoned { wait_ms: millis(it.wait_ms) }),
        wit::Kind::Left(reason) => Kind::Left(Left { reason: left_reason(reason) }),
        wit::Kind::RatingRequested => Kind::RatingRequested,
        wit::Kind::Rated(it) if !(it.score.is_finite() && it.scale.is_finite()) => {
            no_number("rated")
        }
        wit::Kind::Rated(it) => {
            Kind::Rated(Rated { dimension: it.dimension, score: it.score, scale: it.scale })
        }
        wit::Kind::Tagged(tags) => Kind::Tagged(tags),
        wit::Kind::Mention(it) => Kind::Mention(Mention {
            public: it.public,
            sentiment: sentiment(it.sentiment),
            language: it.language,
            ..Mention::default()
        }),
        wit::Kind::Removed(it) => Kind::Removed(Removed { by: author(it.by) }),
        wit::Kind::Assigned => Kind::Assigned,
        wit::Kind::Pending(it) => {
            Kind::Pending(Pending { awaits: awaits(it.awaits), until_ms: at_ms(it.until, zone) })
        }
        wit::Kind::Merged(into) => Kind::Merged(Merged { into }),
        wit::Kind::CallbackPromised(at) => {
            Kind::CallbackPromised(CallbackPromised { due_ms: at_ms(at, zone) })
        }
        wit::Kind::Edited(it) => Kind::Edited(message(it)),
        wit::Kind::Delivery(state) => Kind::Delivery(Delivery { state: delivery_state(state) }),
        wit::Kind::Gauge(it) if !it.value.is_finite() => no_number("gauge"),
        wit::Kind::Gauge(it) => Kind::Gauge(Gauge { name: it.name, value: it.value }),
        wit::Kind::Member(it) => {
            Kind::Member(Member { change: membership(it.change), reason: it.reason })
        }
        wit::Kind::AgentKnown(it) => {
            Kind::AgentKnown(AgentKnown { title: it.title, teams: it.teams })
        }
        wit::Kind::AgentState(it) => {
            Kind::AgentState(AgentState { status: agent_status(it.status), reason: it.reason })
        }
        wit::Kind::Feed(state) => Kind::Feed(Feed::from(feed_state(state))),
        wit::Kind::Other(pair) => Kind::Other(Other { name: pair.name, value: pair.value }),
    }
}

/// Lengths beyond what fits are nonsense; they count as not given.
fn millis(ms: Option<u64>) -> Option<Millis> {
    ms.and_then(|ms| i64::try_from(ms).ok())
}

/// Enums with the same cases on both sides.
macro_rules! same {
    ($($function:ident: $Enum:ident { $($case:ident),+ $(,)? })+) => {$(
        fn $function(value: wit::$Enum) -> $Enum {
            match value { $(wit::$Enum::$case => $Enum::$case),+ }
        }
    )+};
}

same! {
    medium: Medium { Call, Chat, Message, Mail, Comment, Post, Review, Ticket, Visit, Unknown }
    direction: Direction { Inbound, Outbound }
    priority: Priority { Low, Normal, High, Urgent }
    author: Author { Customer, Agent, Bot, Peer, System }
    sentiment: Sentiment { Positive, Neutral, Negative, Unknown }
    transfer_way: TransferWay { Blind, Attended, Unknown }
    left_reason: LeftReason {
        Overflow, Timeout, ExitKey, Callback, QueueFull, QueueEmpty, Lost, Blocked, Unknown,
    }
    awaits: Awaits { Customer, ThirdParty, Colleague, ATime }
    membership: Membership { Joined, Left, Paused, Resumed }
    agent_status: AgentStatus { Available, Ringing, Talking, Hold, AfterWork, Paused, Offline }
    feed_state: FeedState { Up, Down, Gap, Restarted }
}

fn delivery_state(state: wit::Delivery) -> DeliveryState {
    match state {
        wit::Delivery::Delivered => DeliveryState::Delivered,
        wit::Delivery::Read => DeliveryState::Read,
        wit::Delivery::Failed => DeliveryState::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> wit::Event {
        wit::Event {
            id: "7".into(),
            at: wit::MomentResult::None,
            order: None,
            refers: None,
            interaction: "chat-1".into(),
            queue: None,
            agent: None,
            customer: vec!["+48 22 000 00 00".into()],
            kind: wit::Kind::Message(wit::Message {
                medium: wit::Medium::Message,
                author: wit::Author::Customer,
                visibility: wit::Visibility::Private,
                length: 5,
                text: Some("hello".into()),
                language: None,
                sentiment: wit::Sentiment::Unknown,
            }),
            attrs: vec![wit::PairResult { name: "did".into(), value: "100".into() }],
        }
    }

    #[test]
    fn a_messages_text_is_dropped_and_its_length_stays() {
        let event = event("shop", &TimeZone::UTC, message(), 1_000);
        let json = serde_json::to_string(&event).unwrap();
        assert!(!json.contains("hello"), "{json}");
        assert!(json.contains("\"length\":5"), "{json}");
        assert_eq!(event.attrs["did"], "100");
    }

    #[test]
    fn a_rating_that_is_no_number_is_counted_but_not_believed() {
        let rating = wit::Rating { dimension: "overall".into(), score: f64::NAN, scale: 5.0 };
        let rated = wit::Event { kind: wit::Kind::Rated(rating), ..message() };
        let event = event("shop", &TimeZone::UTC, rated, 1_000);
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }

    /// Or what is counted after a restart would be another number than before.
    #[test]
    fn a_rating_is_read_from_the_journal_to_the_last_bit() {
        for score in [-1.054_375_913_426_789_5e151, 4.7, 1.0 / 3.0, f64::MIN_POSITIVE] {
            let rating = wit::Rating { dimension: "overall".into(), score, scale: 5.0 };
            let rated = wit::Event { kind: wit::Kind::Rated(rating), ..message() };
            let event = event("shop", &TimeZone::UTC, rated, 1_000);
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{score}");
        }
    }

    #[test]
    fn an_event_without_a_time_happened_when_it_was_received() {
        assert_eq!(event("shop", &TimeZone::UTC, message(), 1_000).at_ms, 1_000);
        let timed = wit::Event { at: wit::MomentResult::Utc(900), ..message() };
        assert_eq!(event("shop", &TimeZone::UTC, timed, 1_000).at_ms, 900);
    }

    /// What a wall in Warsaw showed on days of 23 and 25 hours, by the zone's public rules.
    #[test]
    fn a_wall_clock_is_read_by_its_zone_or_the_sites() {
        let warsaw = TimeZone::get("Europe/Warsaw").unwrap();
        let wall = |text: &str| {
            let shown: DateTime = text.parse().unwrap();
            TimeZone::UTC.to_timestamp(shown).unwrap().as_millisecond() as u64
        };
        let read = |text: &str, zone: Option<&str>| {
            let local = wit::LocalTimeResult { wall_ms: wall(text), zone: zone.map(str::to_owned) };
            let local = wit::Event { at: wit::MomentResult::Local(local), ..message() };
            let at_ms = event("shop", &warsaw, local, 1_000).at_ms;
            Timestamp::from_millisecond(at_ms).unwrap().to_string()
        };
        for (shown, zone, utc) in [
            ("2026-01-15T12:00:00", None, "2026-01-15T11:00:00Z"),
            ("2026-07-15T12:00:00", None, "2026-07-15T10:00:00Z"),
            ("2026-07-15T12:00:00", Some("America/New_York"), "2026-07-15T16:00:00Z"),
            ("2026-10-25T02:30:00", None, "2026-10-25T00:30:00Z"),
            ("2026-03-29T02:30:00", None, "2026-03-29T01:30:00Z"),
            ("2026-07-15T12:00:00", Some("Mars/Olympus"), "1970-01-01T00:00:01Z"),
        ] {
            assert_eq!(read(shown, zone), utc, "{shown} {zone:?}");
        }
    }
}
