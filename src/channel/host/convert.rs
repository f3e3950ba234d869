//! From the contract's words to the domain's: [`wit::Event`] becomes [`Event`].
//!
//! An [`Event`] has no place for a message's text. Whoever wants to learn from it takes it out
//! first, by [`text`], and gives it to [`enrich`]; otherwise it ends here, and only its length
//! stays. Ids and customer identifiers come out as the network gave them: whoever calls this
//! hands the event on to [`Normalize`] at once.
//!
//! [`Normalize`]: crate::channel::Normalize
//! [`enrich`]: crate::channel::enrich

use super::wit;
use crate::channel::enrich::Text;
use crate::event::{
    Abandoned, AgentState, AgentStatus, Answered, Author, CustomerKey, Direction, Event, Feed,
    FeedState, Kind, Left, LeftReason, Medium, Mention, Message, Millis, Opened, Other,
    Prioritized, Priority, Rated, Removed, Resolved, RingMissed, Sentiment, TalkEnded, TransferWay,
    Transferred, UnixMs,
};

/// Takes the text out of a message or mention that has one.
pub fn text(event: &mut wit::Event) -> Option<Text> {
    let text = match &mut event.kind {
        wit::Kind::Message(message) => message.text.take(),
        wit::Kind::Mention(mention) => mention.text.take(),
        _ => None,
    };
    text.map(Text::new)
}

/// The event as the plugin gave it, in the domain's words. One for which the network gave no
/// time happened when it was received.
pub fn event(channel: &str, event: wit::Event, received_ms: UnixMs) -> Event {
    let at_ms = match i64::try_from(event.at_ms) {
        Ok(0) | Err(_) => received_ms,
        Ok(at_ms) => at_ms,
    };
    Event {
        id: event.id,
        channel: channel.to_owned(),
        at_ms,
        received_ms,
        interaction: event.interaction,
        queue: event.queue,
        agent: event.agent,
        customer: event.customer.into_iter().map(CustomerKey).collect(),
        kind: kind(event.kind),
        attrs: event.attrs.into_iter().map(|pair| (pair.name, pair.value)).collect(),
    }
}

fn kind(kind: wit::Kind) -> Kind {
    match kind {
        wit::Kind::Opened(it) => Kind::Opened(Opened {
            medium: medium(it.medium),
            direction: direction(it.direction),
            public: it.public,
            priority: it.priority.map(priority),
        }),
        wit::Kind::Message(it) => Kind::Message(Message {
            medium: medium(it.medium),
            author: author(it.author),
            public: it.public,
            length: it.length,
            language: it.language,
            sentiment: sentiment(it.sentiment),
            ..Message::default()
        }),
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
        // JSON has no word for NaN and infinity: such a rating could be written, never read.
        wit::Kind::Rated(it) if !(it.score.is_finite() && it.scale.is_finite()) => {
            Kind::Other(Other { name: "rated".into(), value: "not a number".into() })
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
        wit::Kind::AgentState(it) => {
            Kind::AgentState(AgentState { status: agent_status(it.status), reason: it.reason })
        }
        wit::Kind::Feed(state) => Kind::Feed(Feed { state: feed_state(state) }),
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
    agent_status: AgentStatus { Available, Ringing, Talking, Hold, AfterWork, Paused, Offline }
    feed_state: FeedState { Up, Down, Gap, Restarted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> wit::Event {
        wit::Event {
            id: "7".into(),
            at_ms: 0,
            interaction: "chat-1".into(),
            queue: None,
            agent: None,
            customer: vec!["+48 22 000 00 00".into()],
            kind: wit::Kind::Message(wit::Message {
                medium: wit::Medium::Message,
                author: wit::Author::Customer,
                public: false,
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
        let event = event("shop", message(), 1_000);
        let json = serde_json::to_string(&event).unwrap();
        assert!(!json.contains("hello"), "{json}");
        assert!(json.contains("\"length\":5"), "{json}");
        assert_eq!(event.attrs["did"], "100");
    }

    #[test]
    fn a_rating_that_is_no_number_is_counted_but_not_believed() {
        let rating = wit::Rating { dimension: "overall".into(), score: f64::NAN, scale: 5.0 };
        let rated = wit::Event { kind: wit::Kind::Rated(rating), ..message() };
        let event = event("shop", rated, 1_000);
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }

    /// Or what is counted after a restart would be another number than before.
    #[test]
    fn a_rating_is_read_from_the_journal_to_the_last_bit() {
        for score in [-1.054_375_913_426_789_5e151, 4.7, 1.0 / 3.0, f64::MIN_POSITIVE] {
            let rating = wit::Rating { dimension: "overall".into(), score, scale: 5.0 };
            let rated = wit::Event { kind: wit::Kind::Rated(rating), ..message() };
            let event = event("shop", rated, 1_000);
            let json = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{score}");
        }
    }

    #[test]
    fn an_event_without_a_time_happened_when_it_was_received() {
        assert_eq!(event("shop", message(), 1_000).at_ms, 1_000);
        let timed = wit::Event { at_ms: 900, ..message() };
        assert_eq!(event("shop", timed, 1_000).at_ms, 900);
    }
}
