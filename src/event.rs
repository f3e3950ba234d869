//! The domain's vocabulary: what can happen in a contact center, in its own words.
//!
//! Every network's events end up as [`Event`]s: the journal keeps them, the engine folds them,
//! `tablica plugin run` prints them and `tablica replay` reads them, always in the same JSON
//! shape. This module does no IO, knows no network and cannot fail.
//!
//! In the journal a field and a kind are their number, `n`. A number that was given stays: it is
//! never changed, nor given to something else. A new field gets the next one, and is an `Option` or
//! has `skip_if`, so that it may be missing in events of before.
//!
//! What is never in here: a message's text, a customer's phone number, address or name.
//! Identifiers arrive as [`CustomerKey`]s, keyed hashes that only this site can make.

mod kind_name;

use std::collections::BTreeMap;
use std::time::Duration;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::kind_name::KindName;
use crate::words::words;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type UnixMs = i64;
/// A length of time in milliseconds.
pub type Millis = i64;

/// A length of time in milliseconds; what does not fit is the longest there is.
pub fn millis(length: Duration) -> Millis {
    Millis::try_from(length.as_millis()).unwrap_or(Millis::MAX)
}

/// A customer's identifier (phone, e-mail, network id) as a keyed hash in hex.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct CustomerKey(#[n(0)] pub String);

/// One thing that happened on one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Unique within the channel and equal on redelivery; duplicates are found by it.
    #[n(0)]
    pub id: String,
    /// The channel's name in the operator's config.
    #[n(1)]
    pub channel: String,
    /// When it happened, by the network's clock (the host's, when the network gives none).
    #[n(2)]
    pub at_ms: UnixMs,
    /// When the host received it; equals `at_ms` in hand-written files that leave it out.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[n(3)]
    pub received_ms: UnixMs,
    /// The contact it belongs to: a call, a conversation, a thread. Empty for events about
    /// agents and feeds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cbor(n(5), skip_if = "String::is_empty")]
    pub interaction: String,
    /// The queue or team, where the network knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(6)]
    pub queue: Option<String>,
    /// The agent, as the network calls them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(8)]
    pub agent: Option<String>,
    /// Who the customer is, by every identifier the network gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cbor(n(7), skip_if = "Vec::is_empty")]
    pub customer: Vec<CustomerKey>,
    /// Its place among the contact's events of the same time, where the network numbers them: those
    /// with a place come before those without, which stay as they arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(10)]
    pub order: Option<u64>,
    /// `id` of the earlier event that this one is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(11)]
    pub refers: Option<String>,
    /// The contact of another channel that its contact is, where the operator says how to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(12)]
    pub same_as: Option<SameAs>,
    /// What happened.
    #[n(4)]
    pub kind: Kind,
    /// Details that no KPI needs by name; only those that the plugin declares get here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cbor(n(9), skip_if = "BTreeMap::is_empty")]
    pub attrs: BTreeMap<String, String>,
}

impl Event {
    /// When the host learned of it: `received_ms`, or `at_ms` where a file gives only that.
    pub fn known_ms(&self) -> UnixMs {
        if self.received_ms == 0 { self.at_ms } else { self.received_ms }
    }
}

/// A contact by the words of the channel that it came in by. A help desk's ticket in which a chat of
/// another channel is worked on is that chat: one contact, which two channels tell of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct SameAs {
    /// The other channel.
    #[n(0)]
    pub channel: String,
    /// The contact, as that channel names it.
    #[n(1)]
    pub interaction: String,
    /// What this event says is told by the other channel too, and counts as it comes from there: that
    /// the contact began, what the customer wrote.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cbor(n(2), skip_if = "is_false")]
    pub told_there: bool,
}

fn is_zero(ms: &UnixMs) -> bool {
    *ms == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What happened. Each variant says what it counts for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A contact began: it is `offered` from here (a call: from [`Kind::Queued`], if that comes).
    #[n(0)]
    Opened(#[n(0)] Opened),
    /// Somebody wrote. A customer's message opens a contact that is not open; an agent's public
    /// one answers it.
    #[n(1)]
    Message(#[n(0)] Message),
    /// Entered the queue: `offered`, and waiting.
    #[n(2)]
    Queued,
    /// Rang at an agent. Not an answer.
    #[n(3)]
    OfferedToAgent,
    /// Rang at an agent who did not take it.
    #[n(4)]
    RingMissed(#[n(0)] RingMissed),
    /// An agent (never a bot) took it: `answered`.
    #[n(5)]
    Answered(#[n(0)] Answered),
    /// On hold.
    #[n(6)]
    Held,
    /// Off hold.
    #[n(7)]
    Resumed,
    /// Handed on. Before an answer it leaves its queue as `flowed_out`.
    #[n(8)]
    Transferred(#[n(0)] Transferred),
    /// The conversation is over; wrap-up may follow.
    #[n(9)]
    TalkEnded(#[n(0)] TalkEnded),
    /// After-work is done: handling time is complete.
    #[n(10)]
    WrappedUp,
    /// The matter is settled.
    #[n(11)]
    Resolved(#[n(0)] Resolved),
    /// The matter is open again.
    #[n(12)]
    Reopened,
    /// The customer gave up waiting: `abandoned`.
    #[n(13)]
    Abandoned(#[n(0)] Abandoned),
    /// Left the queue without an agent and without giving up: `flowed_out`.
    #[n(14)]
    Left(#[n(0)] Left),
    /// The contact was ranked anew.
    #[n(15)]
    Prioritized(#[n(0)] Prioritized),
    /// The customer was asked for a rating.
    #[n(16)]
    RatingRequested,
    /// The customer gave a rating.
    #[n(17)]
    Rated(#[n(0)] Rated),
    /// Topics or labels were attached.
    #[n(18)]
    Tagged(#[n(0)] Vec<String>),
    /// The company was spoken of without being addressed.
    #[n(19)]
    Mention(#[n(0)] Mention),
    /// A customer's public post was removed.
    #[n(20)]
    Removed(#[n(0)] Removed),
    /// Given to an agent, or taken from whoever had it: not an answer.
    #[n(21)]
    Assigned,
    /// Waits for somebody who is not us, or for a time, until the customer writes or it is
    /// reopened.
    #[n(22)]
    Pending(#[n(0)] Pending),
    /// Goes on in another interaction: here it has ended.
    #[n(23)]
    Merged(#[n(0)] Merged),
    /// The customer will be called back. Before an answer it leaves its queue as `flowed_out`.
    #[n(24)]
    CallbackPromised(#[n(0)] CallbackPromised),
    /// The message that `refers` names was changed: no further message.
    #[n(25)]
    Edited(#[n(0)] Message),
    /// What became of our message that `refers` names: one that failed was no reply.
    #[n(26)]
    Delivery(#[n(0)] Delivery),
    /// The network's own count of something: shown beside ours.
    #[n(27)]
    Gauge(#[n(0)] Gauge),
    /// An agent's place in a queue changed.
    #[n(28)]
    Member(#[n(0)] Member),
    /// Who an agent is, by the network's directory.
    #[n(29)]
    AgentKnown(#[n(0)] AgentKnown),
    /// An agent changed state.
    #[n(30)]
    AgentState(#[n(0)] AgentState),
    /// The feed itself: up, down, a gap, a restart of the network's side.
    #[n(31)]
    Feed(#[n(0)] Feed),
    /// Known to a newer plugin only: counted, not understood.
    #[n(32)]
    Other(#[n(0)] Other),
}

words! {
    /// What a contact is made of.
    #[derive(Default, ToSchema)]
    pub enum Medium {
        /// A telephone call.
        Call = "call",
        /// A live chat.
        Chat = "chat",
        /// A messenger conversation.
        Message = "message",
        /// E-mail.
        Mail = "mail",
        /// A comment under a post.
        Comment = "comment",
        /// A public post of the customer's own.
        Post = "post",
        /// A public review.
        Review = "review",
        /// A help-desk ticket or web form.
        Ticket = "ticket",
        /// A visit to a branch office.
        Visit = "visit",
        /// The network does not say.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// Who began it.
    #[derive(Default)]
    pub enum Direction {
        /// The customer.
        #[default]
        Inbound = "inbound",
        /// We did.
        Outbound = "outbound",
    }
}

words! {
    /// How urgent a contact is.
    #[derive(Default, ToSchema)]
    pub enum Priority {
        /// Can wait.
        Low = "low",
        /// As usual; what holds where the network does not rank.
        #[default]
        Normal = "normal",
        /// Before the others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }
}

words! {
    /// Who did it.
    #[derive(Default)]
    pub enum Author {
        /// The customer.
        Customer = "customer",
        /// A human of ours.
        Agent = "agent",
        /// A machine of ours. Its answers are no human answers.
        Bot = "bot",
        /// Another customer.
        Peer = "peer",
        /// The network or the help desk itself.
        #[default]
        System = "system",
    }
}

words! {
    /// How it sounds.
    #[derive(Default)]
    pub enum Sentiment {
        /// Praise.
        Positive = "positive",
        /// Neither.
        Neutral = "neutral",
        /// Criticism.
        Negative = "negative",
        /// Nobody looked.
        #[default]
        Unknown = "unknown",
    }
}

/// See [`Kind::Opened`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Opened {
    /// What the contact is made of.
    #[n(0)]
    pub medium: Medium,
    /// Who began it. Outbound contacts are not `offered`.
    #[n(1)]
    pub direction: Direction,
    /// Strangers can read it.
    #[n(2)]
    pub public: bool,
    /// How urgent it is, where the network ranks its contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub priority: Option<Priority>,
}

/// See [`Kind::Prioritized`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Prioritized {
    /// Its rank from now on.
    #[n(0)]
    pub priority: Priority,
}

/// See [`Kind::Message`]. The text is not here: it ends at the tagging stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Message {
    /// What the contact is made of.
    #[n(0)]
    pub medium: Medium,
    /// Who wrote it.
    #[n(1)]
    pub author: Author,
    /// Strangers can read it.
    #[cbor(n(6), skip_if = "is_false")]
    pub public: bool,
    /// Only colleagues see it: it is no reply.
    #[serde(skip_serializing_if = "is_false")]
    #[cbor(n(7), skip_if = "is_false")]
    pub note: bool,
    /// Characters.
    #[n(3)]
    pub length: u32,
    /// BCP 47 tag, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub language: Option<String>,
    /// How it sounds.
    #[n(2)]
    pub sentiment: Sentiment,
    /// What it is about, by the site's rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cbor(n(5), skip_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// It complains, by the site's rules.
    #[serde(skip_serializing_if = "is_false")]
    #[cbor(n(8), skip_if = "is_false")]
    pub complaint: bool,
    /// It is spam, by the site's rules: a contact that begins with it does not count.
    #[serde(skip_serializing_if = "is_false")]
    #[cbor(n(9), skip_if = "is_false")]
    pub spam: bool,
}

/// See [`Kind::RingMissed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct RingMissed {
    /// How long it rang, where the network says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub ring_ms: Option<Millis>,
}

/// See [`Kind::Answered`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Answered {
    /// The network's own measure of the wait; else it is taken from the events' times.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub wait_ms: Option<Millis>,
    /// How long it rang at the agent who took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub ring_ms: Option<Millis>,
}

/// See [`Kind::Transferred`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Transferred {
    /// The next queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub to_queue: Option<String>,
    /// The next agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub to_agent: Option<String>,
    /// Whether the agents spoke first.
    #[n(2)]
    pub way: TransferWay,
}

words! {
    /// How a contact was handed on.
    #[derive(Default)]
    pub enum TransferWay {
        /// Without a word.
        Blind = "blind",
        /// The agents spoke first.
        Attended = "attended",
        /// The network does not say.
        #[default]
        Unknown = "unknown",
    }
}

/// See [`Kind::TalkEnded`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct TalkEnded {
    /// The network's own measure of the talk.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub talk_ms: Option<Millis>,
    /// The network's own measure of the time on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub hold_ms: Option<Millis>,
    /// Who ended it.
    #[n(2)]
    pub by: Author,
}

/// See [`Kind::Resolved`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Resolved {
    /// Who settled it.
    #[n(0)]
    pub by: Author,
}

/// See [`Kind::Abandoned`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Abandoned {
    /// The network's own measure of the wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub wait_ms: Option<Millis>,
}

/// See [`Kind::Left`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Left {
    /// Why.
    #[n(0)]
    pub reason: LeftReason,
}

words! {
    /// Why a contact left its queue unanswered without being abandoned.
    #[derive(Default)]
    pub enum LeftReason {
        /// Moved to another queue by rule.
        Overflow = "overflow",
        /// Waited as long as the queue allows.
        Timeout = "timeout",
        /// The customer pressed the exit key.
        ExitKey = "exit_key",
        /// Asked to be called back. Not an abandon.
        Callback = "callback",
        /// The queue was full.
        QueueFull = "queue_full",
        /// Nobody was logged in.
        QueueEmpty = "queue_empty",
        /// Its end was never seen (the network's side restarted).
        Lost = "lost",
        /// The customer blocked us.
        Blocked = "blocked",
        /// The network does not say.
        #[default]
        Unknown = "unknown",
    }
}

/// See [`Kind::Rated`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Rated {
    /// What was rated: `overall`, `clear`, `easy`, `correct`, `fast` or a name of the site's.
    #[n(0)]
    pub dimension: String,
    /// The rating given.
    #[n(1)]
    pub score: f64,
    /// The best rating possible.
    #[n(2)]
    pub scale: f64,
}

/// See [`Kind::Mention`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Mention {
    /// Strangers can read it.
    #[n(0)]
    pub public: bool,
    /// How it sounds.
    #[n(1)]
    pub sentiment: Sentiment,
    /// BCP 47 tag, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub language: Option<String>,
    /// What it is about, by the site's rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cbor(n(3), skip_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// It is spam, by the site's rules: it does not count.
    #[serde(skip_serializing_if = "is_false")]
    #[cbor(n(4), skip_if = "is_false")]
    pub spam: bool,
}

/// See [`Kind::Removed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct Removed {
    /// Who removed it.
    #[n(0)]
    pub by: Author,
}

/// See [`Kind::Pending`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// For whom, or what, it waits.
    #[n(0)]
    pub awaits: Awaits,
    /// When it comes back by itself, where the network says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub until_ms: Option<UnixMs>,
}

words! {
    /// For whom, or what, a contact waits that is not finished.
    pub enum Awaits {
        /// The customer's answer.
        Customer = "customer",
        /// Somebody outside: a supplier, a bank.
        ThirdParty = "third_party",
        /// Somebody of ours who is not an agent.
        Colleague = "colleague",
        /// A time: it was snoozed.
        ATime = "a_time",
    }
}

/// See [`Kind::Merged`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Merged {
    /// The interaction in which it goes on.
    #[n(0)]
    pub into: String,
}

/// See [`Kind::CallbackPromised`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackPromised {
    /// When, where a time was agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub due_ms: Option<UnixMs>,
}

/// See [`Kind::Delivery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// What became of it.
    #[n(0)]
    pub state: DeliveryState,
}

words! {
    /// What became of a message of ours.
    pub enum DeliveryState {
        /// It is on the customer's side.
        Delivered = "delivered",
        /// The customer has seen it.
        Read = "read",
        /// It did not get there.
        Failed = "failed",
    }
}

/// See [`Kind::Gauge`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Gauge {
    /// What is counted, in the network's words.
    #[n(0)]
    pub name: String,
    /// How many, or how much.
    #[n(1)]
    pub value: f64,
}

/// See [`Kind::Member`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// What changed.
    #[n(0)]
    pub change: Membership,
    /// The reason of a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub reason: Option<String>,
}

words! {
    /// How an agent's place in a queue changed.
    pub enum Membership {
        /// Takes contacts of the queue from now on.
        Joined = "joined",
        /// No longer does.
        Left = "left",
        /// Still a member, but gets no contacts.
        Paused = "paused",
        /// Gets contacts again.
        Resumed = "resumed",
    }
}

/// See [`Kind::AgentKnown`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default, deny_unknown_fields)]
pub struct AgentKnown {
    /// The name that people call them by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[n(0)]
    pub title: Option<String>,
    /// Teams they belong to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cbor(n(1), skip_if = "Vec::is_empty")]
    pub teams: Vec<String>,
}

impl AgentKnown {
    /// Teams of one agent; further ones are left out.
    pub const TEAMS_MAX: usize = 16;
    /// Characters of a title or of a team's name; the rest is left out.
    pub const NAME_CHARS_MAX: usize = 100;

    /// No more of it than is kept of an agent.
    pub fn bounded(self) -> Self {
        let short = |name: String| match name.char_indices().nth(Self::NAME_CHARS_MAX) {
            Some((end, _)) => name[..end].to_owned(),
            None => name,
        };
        let teams = self.teams.into_iter().take(Self::TEAMS_MAX).map(short).collect();
        Self { title: self.title.map(short), teams }
    }
}

/// See [`Kind::AgentState`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct AgentState {
    /// The state entered.
    #[n(0)]
    pub status: AgentStatus,
    /// The reason of a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub reason: Option<String>,
}

words! {
    /// What an agent is doing.
    pub enum AgentStatus {
        /// Ready for the next contact.
        Available = "available",
        /// A contact is ringing.
        Ringing = "ringing",
        /// In conversation.
        Talking = "talking",
        /// In conversation, the customer on hold.
        Hold = "hold",
        /// Wrap-up after a contact.
        AfterWork = "after_work",
        /// On a break, for a reason.
        Paused = "paused",
        /// Not logged in.
        Offline = "offline",
    }
}

/// See [`Kind::Feed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// What became of the feed.
    #[n(0)]
    pub state: FeedState,
    /// What the host has seen of it by itself; nothing where the network says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub part: Option<FeedPart>,
}

impl Feed {
    /// The host's own word on a part of the feed.
    pub fn of(part: FeedPart, state: FeedState) -> Feed {
        Feed { state, part: Some(part) }
    }
}

/// The network's word.
impl From<FeedState> for Feed {
    fn from(state: FeedState) -> Feed {
        Feed { state, part: None }
    }
}

words! {
    /// The part of a feed that the host sees work or fail by itself.
    pub enum FeedPart {
        /// The file whose lines are read.
        File = "file",
        /// The folder or mailbox whose documents are read.
        Documents = "documents",
        /// The requests by which the plugin asks its network.
        Requests = "requests",
        /// The connections that the plugin keeps open.
        Link = "link",
        /// The plugin: it rests while it has failed too often.
        Plugin = "plugin",
        /// The webhook: what comes is not signed by who knows the secret.
        Webhook = "webhook",
    }
}

words! {
    /// The network's, or the host's, word on a feed.
    pub enum FeedState {
        /// Connected and delivering.
        Up = "up",
        /// Not delivering.
        Down = "down",
        /// Delivering, but something is known to be missing.
        Gap = "gap",
        /// The network's side restarted: contacts open before it will not be ended by it.
        Restarted = "restarted",
    }
}

/// See [`Kind::Other`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// The newer plugin's name for it.
    #[n(0)]
    pub name: String,
    /// Its value.
    #[n(1)]
    pub value: String,
}
