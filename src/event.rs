//! The domain's vocabulary: what can happen in a contact center, in its own words.
//!
//! Every network's events end up as [`Event`]s: the journal keeps them, the engine folds them,
//! `tablica plugin run` prints them and `tablica replay` reads them, always in the same JSON
//! shape. This module does no IO, knows no network and cannot fail.
//!
//! What is never in here: a message's text, a customer's phone number, address or name.
//! Identifiers arrive as [`CustomerKey`]s, keyed hashes that only this site can make.

mod kind_name;

use std::collections::BTreeMap;
use std::time::Duration;

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
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerKey(pub String);

/// One thing that happened on one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Unique within the channel and equal on redelivery; duplicates are found by it.
    pub id: String,
    /// The channel's name in the operator's config.
    pub channel: String,
    /// When it happened, by the network's clock (the host's, when the network gives none).
    pub at_ms: UnixMs,
    /// When the host received it; equals `at_ms` in hand-written files that leave it out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub received_ms: UnixMs,
    /// The contact it belongs to: a call, a conversation, a thread. Empty for events about
    /// agents and feeds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub interaction: String,
    /// The queue or team, where the network knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The agent, as the network calls them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Who the customer is, by every identifier the network gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customer: Vec<CustomerKey>,
    /// Its place among the contact's events of the same time, where the network numbers them: those
    /// with a place come before those without, which stay as they arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
    /// `id` of the earlier event that this one is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<String>,
    /// The contact of another channel that its contact is, where the operator says how to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<SameAs>,
    /// What happened.
    pub kind: Kind,
    /// Details that no KPI needs by name; only those that the plugin declares get here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameAs {
    /// The other channel.
    pub channel: String,
    /// The contact, as that channel names it.
    pub interaction: String,
    /// What this event says is told by the other channel too, and counts as it comes from there: that
    /// the contact began, what the customer wrote.
    #[serde(default, skip_serializing_if = "is_false")]
    pub told_there: bool,
}

fn is_zero(ms: &UnixMs) -> bool {
    *ms == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What happened. Each variant says what it counts for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A contact began: it is `offered` from here (a call: from [`Kind::Queued`], if that comes).
    Opened(Opened),
    /// Somebody wrote. A customer's message opens a contact that is not open; an agent's public
    /// one answers it.
    Message(Message),
    /// Entered the queue: `offered`, and waiting.
    Queued,
    /// Rang at an agent. Not an answer.
    OfferedToAgent,
    /// Rang at an agent who did not take it.
    RingMissed(RingMissed),
    /// An agent (never a bot) took it: `answered`.
    Answered(Answered),
    /// On hold.
    Held,
    /// Off hold.
    Resumed,
    /// Handed on. Before an answer it leaves its queue as `flowed_out`.
    Transferred(Transferred),
    /// The conversation is over; wrap-up may follow.
    TalkEnded(TalkEnded),
    /// After-work is done: handling time is complete.
    WrappedUp,
    /// The matter is settled.
    Resolved(Resolved),
    /// The matter is open again.
    Reopened,
    /// The customer gave up waiting: `abandoned`.
    Abandoned(Abandoned),
    /// Left the queue without an agent and without giving up: `flowed_out`.
    Left(Left),
    /// The contact was ranked anew.
    Prioritized(Prioritized),
    /// The customer was asked for a rating.
    RatingRequested,
    /// The customer gave a rating.
    Rated(Rated),
    /// Topics or labels were attached.
    Tagged(Vec<String>),
    /// The company was spoken of without being addressed.
    Mention(Mention),
    /// A customer's public post was removed.
    Removed(Removed),
    /// Given to an agent, or taken from whoever had it: not an answer.
    Assigned,
    /// Waits for somebody who is not us, or for a time, until the customer writes or it is
    /// reopened.
    Pending(Pending),
    /// Goes on in another interaction: here it has ended.
    Merged(Merged),
    /// The customer will be called back. Before an answer it leaves its queue as `flowed_out`.
    CallbackPromised(CallbackPromised),
    /// The message that `refers` names was changed: no further message.
    Edited(Message),
    /// What became of our message that `refers` names: one that failed was no reply.
    Delivery(Delivery),
    /// The network's own count of something: shown beside ours.
    Gauge(Gauge),
    /// An agent's place in a queue changed.
    Member(Member),
    /// Who an agent is, by the network's directory.
    AgentKnown(AgentKnown),
    /// An agent changed state.
    AgentState(AgentState),
    /// The feed itself: up, down, a gap, a restart of the network's side.
    Feed(Feed),
    /// Known to a newer plugin only: counted, not understood.
    Other(Other),
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Opened {
    /// What the contact is made of.
    pub medium: Medium,
    /// Who began it. Outbound contacts are not `offered`.
    pub direction: Direction,
    /// Strangers can read it.
    pub public: bool,
    /// How urgent it is, where the network ranks its contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// See [`Kind::Prioritized`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prioritized {
    /// Its rank from now on.
    pub priority: Priority,
}

/// See [`Kind::Message`]. The text is not here: it ends at the tagging stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Message {
    /// What the contact is made of.
    pub medium: Medium,
    /// Who wrote it.
    pub author: Author,
    /// Strangers can read it.
    pub public: bool,
    /// Only colleagues see it: it is no reply.
    #[serde(skip_serializing_if = "is_false")]
    pub note: bool,
    /// Characters.
    pub length: u32,
    /// BCP 47 tag, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How it sounds.
    pub sentiment: Sentiment,
    /// What it is about, by the site's rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// It complains, by the site's rules.
    #[serde(skip_serializing_if = "is_false")]
    pub complaint: bool,
    /// It is spam, by the site's rules: a contact that begins with it does not count.
    #[serde(skip_serializing_if = "is_false")]
    pub spam: bool,
}

/// See [`Kind::RingMissed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RingMissed {
    /// How long it rang, where the network says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring_ms: Option<Millis>,
}

/// See [`Kind::Answered`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answered {
    /// The network's own measure of the wait; else it is taken from the events' times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<Millis>,
    /// How long it rang at the agent who took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring_ms: Option<Millis>,
}

/// See [`Kind::Transferred`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transferred {
    /// The next queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_queue: Option<String>,
    /// The next agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_agent: Option<String>,
    /// Whether the agents spoke first.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TalkEnded {
    /// The network's own measure of the talk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk_ms: Option<Millis>,
    /// The network's own measure of the time on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_ms: Option<Millis>,
    /// Who ended it.
    pub by: Author,
}

/// See [`Kind::Resolved`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resolved {
    /// Who settled it.
    pub by: Author,
}

/// See [`Kind::Abandoned`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Abandoned {
    /// The network's own measure of the wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<Millis>,
}

/// See [`Kind::Left`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Left {
    /// Why.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rated {
    /// What was rated: `overall`, `clear`, `easy`, `correct`, `fast` or a name of the site's.
    pub dimension: String,
    /// The rating given.
    pub score: f64,
    /// The best rating possible.
    pub scale: f64,
}

/// See [`Kind::Mention`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mention {
    /// Strangers can read it.
    pub public: bool,
    /// How it sounds.
    pub sentiment: Sentiment,
    /// BCP 47 tag, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What it is about, by the site's rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// It is spam, by the site's rules: it does not count.
    #[serde(skip_serializing_if = "is_false")]
    pub spam: bool,
}

/// See [`Kind::Removed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Removed {
    /// Who removed it.
    pub by: Author,
}

/// See [`Kind::Pending`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// For whom, or what, it waits.
    pub awaits: Awaits,
    /// When it comes back by itself, where the network says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merged {
    /// The interaction in which it goes on.
    pub into: String,
}

/// See [`Kind::CallbackPromised`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackPromised {
    /// When, where a time was agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_ms: Option<UnixMs>,
}

/// See [`Kind::Delivery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// What became of it.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gauge {
    /// What is counted, in the network's words.
    pub name: String,
    /// How many, or how much.
    pub value: f64,
}

/// See [`Kind::Member`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// What changed.
    pub change: Membership,
    /// The reason of a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgentKnown {
    /// The name that people call them by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Teams they belong to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentState {
    /// The state entered.
    pub status: AgentStatus,
    /// The reason of a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// What became of the feed.
    pub state: FeedState,
    /// What the host has seen of it by itself; nothing where the network says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// The newer plugin's name for it.
    pub name: String,
    /// Its value.
    pub value: String,
}
