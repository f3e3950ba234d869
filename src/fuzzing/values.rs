//! Values of the contract with plugins, out of a fuzzer's bytes.

use arbitrary::{Result, Unstructured};

use crate::channel::host::wit;
use crate::event::UnixMs;

/// A text of at most 254 bytes, or a long one.
pub(super) fn text(input: &mut Unstructured<'_>) -> Result<String> {
    let length = input.arbitrary::<u8>()?;
    let bytes = input.bytes(usize::from(length).min(input.len()))?;
    let text = String::from_utf8_lossy(bytes);
    Ok(if length == u8::MAX { text.repeat(40) } else { text.into_owned() })
}

/// Stands in everything that must not come out; taken out of all else.
pub(super) const PRIVATE: &str = "never-comes-out";

/// What may be shown.
pub(super) fn shown(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(text(input)?.replace(PRIVATE, ""))
}

/// What is for nobody's eyes, with the mark by which it is found.
pub(super) fn private(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(text(input)? + PRIVATE)
}

/// Some texts that may be shown.
pub(super) fn texts(input: &mut Unstructured<'_>, max: usize) -> Result<Vec<String>> {
    (0..input.int_in_range(0..=max)?).map(|_| shown(input)).collect()
}

/// One of these.
pub(super) fn one_of(input: &mut Unstructured<'_>, all: &[&str]) -> Result<String> {
    input.choose(all).map(|it| (*it).to_owned())
}

/// Nothing, or what `make` makes.
pub(super) fn maybe<T>(
    input: &mut Unstructured<'_>,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    if input.arbitrary()? { make(input).map(Some) } else { Ok(None) }
}

/// A time around another, or any.
pub(super) fn time(input: &mut Unstructured<'_>, around_ms: UnixMs) -> Result<u64> {
    let any = input.arbitrary()?;
    let near = around_ms.saturating_add(i64::from(input.arbitrary::<i32>()?));
    Ok(match input.arbitrary::<u8>()? % 8 {
        0 => any,
        1 => 0,
        _ => near.unsigned_abs(),
    })
}

/// A moment around a time, in UTC or by some clock on a wall, or none.
pub(super) fn moment(input: &mut Unstructured<'_>, around_ms: UnixMs) -> Result<wit::MomentResult> {
    let ms = time(input, around_ms)?;
    Ok(match input.int_in_range(0..=3)? {
        0 => wit::MomentResult::None,
        1 => {
            let zones = ["", "Europe/Warsaw", "America/St_Johns", "Nowhere/Else"];
            let zone = maybe(input, |input| one_of(input, &zones))?;
            wit::MomentResult::Local(wit::LocalTimeResult { wall_ms: ms, zone })
        }
        _ => wit::MomentResult::Utc(ms),
    })
}

/// What happened.
pub(super) fn kind(input: &mut Unstructured<'_>, around_ms: UnixMs) -> Result<wit::Kind> {
    use wit::Kind;
    Ok(match input.int_in_range(0..=32)? {
        0 => Kind::Opened(wit::Opened {
            medium: medium(input)?,
            direction: *input.choose(&[wit::Direction::Inbound, wit::Direction::Outbound])?,
            public: input.arbitrary()?,
            priority: maybe(input, priority)?,
        }),
        1 | 2 => Kind::Message(message(input)?),
        3 => Kind::Queued,
        4 => Kind::OfferedToAgent,
        5 => Kind::RingMissed(input.arbitrary()?),
        6 => Kind::Answered(wit::Answered { wait_ms: length(input)?, ring_ms: length(input)? }),
        7 => Kind::Held,
        8 => Kind::Resumed,
        9 => {
            use wit::TransferWay::{Attended, Blind, Unknown};
            Kind::Transferred(wit::Transfer {
                to_queue: maybe(input, shown)?,
                to_agent: maybe(input, shown)?,
                way: *input.choose(&[Blind, Attended, Unknown])?,
            })
        }
        10 => Kind::TalkEnded(wit::TalkEnded {
            talk_ms: length(input)?,
            hold_ms: length(input)?,
            by: author(input)?,
        }),
        11 => Kind::WrappedUp,
        12 => Kind::Resolved(wit::Resolution { by: author(input)?, note: maybe(input, private)? }),
        13 => Kind::Reopened,
        14 => Kind::Prioritized(priority(input)?),
        15 => Kind::Abandoned(wit::Abandoned { wait_ms: length(input)? }),
        16 => {
            use wit::LeftReason::{Callback, Lost, Overflow, QueueFull, Unknown};
            Kind::Left(*input.choose(&[Overflow, Callback, QueueFull, Lost, Unknown])?)
        }
        17 => Kind::RatingRequested,
        18 => Kind::Rated(wit::Rating {
            dimension: shown(input)?,
            score: input.arbitrary()?,
            scale: input.arbitrary()?,
        }),
        19 => Kind::Tagged(texts(input, 40)?),
        20 => Kind::Mention(wit::Mention {
            public: input.arbitrary()?,
            sentiment: sentiment(input)?,
            text: maybe(input, private)?,
            language: maybe(input, shown)?,
        }),
        21 => Kind::Removed(wit::Removal { by: author(input)? }),
        22 => {
            use wit::AgentStatus::{AfterWork, Available, Hold, Offline, Paused, Ringing, Talking};
            let all = [Available, Ringing, Talking, Hold, AfterWork, Paused, Offline];
            let status = *input.choose(&all)?;
            Kind::AgentState(wit::AgentState { status, reason: maybe(input, shown)? })
        }
        23 => Kind::Assigned,
        24 => {
            use wit::Awaits::{ATime, Colleague, Customer, ThirdParty};
            let awaits = *input.choose(&[Customer, ThirdParty, Colleague, ATime])?;
            Kind::Pending(wit::Pending { awaits, until: moment(input, around_ms)? })
        }
        25 => Kind::Merged(private(input)?),
        26 => Kind::CallbackPromised(moment(input, around_ms)?),
        27 => Kind::Edited(message(input)?),
        28 => {
            use wit::Delivery::{Delivered, Failed, Read};
            Kind::Delivery(*input.choose(&[Delivered, Read, Failed])?)
        }
        29 => Kind::Gauge(wit::Gauge { name: shown(input)?, value: input.arbitrary()? }),
        30 => {
            use wit::Membership::{Joined, Left, Paused, Resumed};
            let change = *input.choose(&[Joined, Left, Paused, Resumed])?;
            Kind::Member(wit::Member { change, reason: maybe(input, shown)? })
        }
        31 => Kind::AgentKnown(wit::AgentProfile {
            title: maybe(input, shown)?,
            teams: texts(input, 40)?,
        }),
        _ if input.arbitrary()? => {
            use wit::FeedState::{Down, Gap, Restarted, Up};
            Kind::Feed(*input.choose(&[Up, Down, Gap, Restarted])?)
        }
        _ => Kind::Other(wit::PairResult { name: shown(input)?, value: private(input)? }),
    })
}

fn message(input: &mut Unstructured<'_>) -> Result<wit::Message> {
    use wit::Visibility::{Note, Private, Public};
    Ok(wit::Message {
        medium: medium(input)?,
        author: author(input)?,
        visibility: *input.choose(&[Private, Public, Note])?,
        length: input.arbitrary()?,
        text: maybe(input, private)?,
        language: maybe(input, shown)?,
        sentiment: sentiment(input)?,
    })
}

/// None, a usual length, or any.
fn length(input: &mut Unstructured<'_>) -> Result<Option<u64>> {
    Ok(match input.arbitrary::<u8>()? % 4 {
        0 => None,
        1 => Some(input.arbitrary()?),
        _ => Some(u64::from(input.arbitrary::<u32>()?) % 1_000_000),
    })
}

fn medium(input: &mut Unstructured<'_>) -> Result<wit::Medium> {
    use wit::Medium::{Call, Chat, Comment, Mail, Message, Post, Review, Ticket, Unknown, Visit};
    let all = [Call, Chat, Message, Mail, Comment, Post, Review, Ticket, Visit, Unknown];
    input.choose(&all).copied()
}

fn priority(input: &mut Unstructured<'_>) -> Result<wit::Priority> {
    use wit::Priority::{High, Low, Normal, Urgent};
    input.choose(&[Low, Normal, High, Urgent]).copied()
}

fn author(input: &mut Unstructured<'_>) -> Result<wit::Author> {
    use wit::Author::{Agent, Bot, Customer, Peer, System};
    input.choose(&[Customer, Agent, Bot, Peer, System]).copied()
}

fn sentiment(input: &mut Unstructured<'_>) -> Result<wit::Sentiment> {
    use wit::Sentiment::{Negative, Neutral, Positive, Unknown};
    input.choose(&[Positive, Neutral, Negative, Unknown]).copied()
}
