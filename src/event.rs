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

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::kind_name::KindName;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type UnixMs = i64;
/// A length of time in milliseconds.
pub type Millis = i64;

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
    /// An agent changed state.
    AgentState(AgentState),
    /// The feed itself: up, down, a gap, a restart of the network's side.
    Feed(Feed),
    /// Known to a newer plugin only: counted, not understood.
    Other(Other),
}

/// What a contact is made of.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A telephone call.
    Call,
    /// A live chat.
    Chat,
    /// A messenger conversation.
    Message,
    /// E-mail.
    Mail,
    /// A comment under a post.
    Comment,
    /// A public post of the customer's own.
    Post,
    /// A public review.
    Review,
    /// A help-desk ticket or web form.
    Ticket,
    /// A visit to a branch office.
    Visit,
    /// The network does not say.
    #[default]
    Unknown,
}

impl Medium {
    /// All of them, in order.
    pub const ALL: [Medium; 10] = [
        Medium::Call,
        Medium::Chat,
        Medium::Message,
        Medium::Mail,
        Medium::Comment,
        Medium::Post,
        Medium::Review,
        Medium::Ticket,
        Medium::Visit,
        Medium::Unknown,
    ];

    /// Its word in selectors, configs and receipts.
    pub fn word(self) -> &'static str {
        match self {
            Medium::Call => "call",
            Medium::Chat => "chat",
            Medium::Message => "message",
            Medium::Mail => "mail",
            Medium::Comment => "comment",
            Medium::Post => "post",
            Medium::Review => "review",
            Medium::Ticket => "ticket",
            Medium::Visit => "visit",
            Medium::Unknown => "unknown",
        }
    }

    /// The medium of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|medium| medium.word() == word)
    }

    /// Voice has rules of its own: waiting in line, abandoning, holding.
    pub fn is_voice(self) -> bool {
        self == Medium::Call
    }
}

/// Who began it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The customer.
    #[default]
    Inbound,
    /// We did.
    Outbound,
}

/// How urgent a contact is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual; what holds where the network does not rank.
    #[default]
    Normal,
    /// Before the others.
    High,
    /// At once.
    Urgent,
}

impl Priority {
    /// All of them, lowest first.
    pub const ALL: [Priority; 4] =
        [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];

    /// Its word in selectors, configs and receipts.
    pub fn word(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Normal => "normal",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
    }

    /// The priority of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.word() == word)
    }
}

/// Who did it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Customer,
    /// A human of ours.
    Agent,
    /// A machine of ours. Its answers are no human answers.
    Bot,
    /// Another customer.
    Peer,
    /// The network or the help desk itself.
    #[default]
    System,
}

/// How it sounds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// Praise.
    Positive,
    /// Neither.
    Neutral,
    /// Criticism.
    Negative,
    /// Nobody looked.
    #[default]
    Unknown,
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

/// How a contact was handed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferWay {
    /// Without a word.
    Blind,
    /// The agents spoke first.
    Attended,
    /// The network does not say.
    #[default]
    Unknown,
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

/// Why a contact left its queue unanswered without being abandoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftReason {
    /// Moved to another queue by rule.
    Overflow,
    /// Waited as long as the queue allows.
    Timeout,
    /// The customer pressed the exit key.
    ExitKey,
    /// Asked to be called back. Not an abandon.
    Callback,
    /// The queue was full.
    QueueFull,
    /// Nobody was logged in.
    QueueEmpty,
    /// Its end was never seen (the network's side restarted).
    Lost,
    /// The customer blocked us.
    Blocked,
    /// The network does not say.
    #[default]
    Unknown,
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

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// Ready for the next contact.
    Available,
    /// A contact is ringing.
    Ringing,
    /// In conversation.
    Talking,
    /// In conversation, the customer on hold.
    Hold,
    /// Wrap-up after a contact.
    AfterWork,
    /// On a break, for a reason.
    Paused,
    /// Not logged in.
    Offline,
}

/// See [`Kind::Feed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// What became of the feed.
    pub state: FeedState,
}

/// The network's, or the host's, word on a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedState {
    /// Connected and delivering.
    Up,
    /// Not delivering.
    Down,
    /// Delivering, but something is known to be missing.
    Gap,
    /// The network's side restarted: contacts open before it will not be ended by it.
    Restarted,
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
