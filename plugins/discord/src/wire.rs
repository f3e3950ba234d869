//! The parts of Discord's payloads that are read. Everything else is passed over, so that new fields cannot
//! break anything.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tablica_plugin::Id;

/// Opcodes of the gateway that come in.
pub(crate) const DISPATCH: u64 = 0;
pub(crate) const HEARTBEAT: u64 = 1;
pub(crate) const RECONNECT: u64 = 7;
pub(crate) const INVALID_SESSION: u64 = 9;
pub(crate) const HELLO: u64 = 10;
pub(crate) const HEARTBEAT_ACK: u64 = 11;

/// A message that a customer or an agent wrote by hand.
pub(crate) const DEFAULT: u64 = 0;
/// The same, as a reply to another message.
pub(crate) const REPLY: u64 = 19;
/// What an app answers to a slash command and to a command of a context menu.
pub(crate) const COMMANDS: [u64; 2] = [20, 23];
/// Flag of a message that comes from a channel that is followed.
pub(crate) const IS_CROSSPOST: u64 = 1 << 1;

/// Types of channels that are threads: of news, public, private.
const THREADS: std::ops::RangeInclusive<u64> = 10..=12;
const PRIVATE_THREAD: u64 = 12;
/// The permission to see a channel.
const VIEW_CHANNEL: u64 = 1 << 10;
/// Discord's first second: 2015-01-01T00:00:00Z.
const EPOCH_MS: u64 = 1_420_070_400_000;

/// An id of 64 bits, which Discord writes as text. Its upper 42 bits are a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Snowflake(pub(crate) u64);

impl Snowflake {
    pub(crate) fn at_ms(self) -> u64 {
        (self.0 >> 22).saturating_add(EPOCH_MS)
    }
}

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let id = Id::deserialize(from)?;
        id.0.parse().map(Self).map_err(|_| serde::de::Error::custom("not an id of Discord"))
    }
}

/// What comes on the gateway.
#[derive(Deserialize)]
pub(crate) struct Payload<'a> {
    pub(crate) op: u64,
    #[serde(borrow)]
    pub(crate) d: Option<&'a RawValue>,
    /// Numbers the dispatches of a session.
    pub(crate) s: Option<u64>,
    pub(crate) t: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Hello {
    pub(crate) heartbeat_interval: u64,
}

#[derive(Deserialize)]
pub(crate) struct Ready {
    pub(crate) session_id: String,
    pub(crate) resume_gateway_url: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct User {
    pub(crate) id: Snowflake,
    pub(crate) bot: Option<bool>,
    pub(crate) system: Option<bool>,
    pub(crate) global_name: Option<String>,
    /// In mentions only.
    pub(crate) member: Option<Member>,
}

#[derive(Deserialize)]
pub(crate) struct Member {
    pub(crate) roles: Option<Vec<Snowflake>>,
    pub(crate) nick: Option<String>,
    /// In interactions only.
    pub(crate) user: Option<Box<User>>,
}

/// A message, as a whole or, with updates of earlier years, in part.
#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Snowflake,
    pub(crate) channel_id: Snowflake,
    /// None in a direct message.
    pub(crate) guild_id: Option<Snowflake>,
    pub(crate) author: Option<User>,
    pub(crate) member: Option<Member>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<u64>,
    pub(crate) content: Option<String>,
    pub(crate) edited_timestamp: Option<String>,
    pub(crate) webhook_id: Option<Snowflake>,
    pub(crate) flags: Option<u64>,
    /// Its place in a thread; messages elsewhere have none.
    pub(crate) position: Option<u64>,
    pub(crate) message_reference: Option<Reference>,
    pub(crate) referenced_message: Option<Referenced>,
    pub(crate) interaction_metadata: Option<Metadata>,
    pub(crate) mentions: Option<Vec<User>>,
    pub(crate) message_snapshots: Option<Vec<Snapshot>>,
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) message_id: Option<Snowflake>,
}

#[derive(Deserialize)]
pub(crate) struct Referenced {
    pub(crate) author: Option<User>,
}

/// Whose command a message answers.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) user: Option<User>,
}

/// A message that somebody forwarded.
#[derive(Deserialize)]
pub(crate) struct Snapshot {
    pub(crate) message: Option<Forwarded>,
}

#[derive(Deserialize)]
pub(crate) struct Forwarded {
    pub(crate) content: Option<String>,
}

/// Deleted: it says not by whom, nor whose it was.
#[derive(Deserialize)]
pub(crate) struct Deletion {
    pub(crate) id: Snowflake,
    pub(crate) guild_id: Option<Snowflake>,
}

#[derive(Deserialize)]
pub(crate) struct Deletions {
    pub(crate) ids: Vec<Snowflake>,
}

/// A guild (Discord's servers). Channels are read one by one, so that a broken one takes no other with it.
#[derive(Deserialize)]
pub(crate) struct Guild<'a> {
    pub(crate) id: Snowflake,
    pub(crate) unavailable: Option<bool>,
    #[serde(borrow)]
    pub(crate) channels: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(crate) threads: Option<Vec<&'a RawValue>>,
}

/// Threads of channels that the bot was let into.
#[derive(Deserialize)]
pub(crate) struct ThreadList<'a> {
    pub(crate) guild_id: Snowflake,
    #[serde(borrow)]
    pub(crate) threads: Option<Vec<&'a RawValue>>,
}

/// A channel or a thread.
#[derive(Deserialize)]
pub(crate) struct Channel {
    pub(crate) id: Snowflake,
    pub(crate) guild_id: Option<Snowflake>,
    #[serde(rename = "type")]
    pub(crate) kind: u64,
    /// Of a channel its category, of a thread its channel or forum.
    pub(crate) parent_id: Option<Snowflake>,
    permission_overwrites: Option<Vec<Overwrite>>,
    pub(crate) thread_metadata: Option<ThreadMetadata>,
    pub(crate) applied_tags: Option<Vec<Snowflake>>,
}

impl Channel {
    pub(crate) fn is_thread(&self) -> bool {
        THREADS.contains(&self.kind)
    }

    /// Not everybody in the guild sees it: of a thread whose channel is not private.
    pub(crate) fn is_private(&self, guild: Snowflake) -> bool {
        // The role of everybody has the guild's id.
        let everybody = |it: &&Overwrite| it.id == guild;
        let overwrite = self.permission_overwrites.iter().flatten().find(everybody);
        let denied = overwrite.and_then(|it| it.deny.as_ref()?.0.parse().ok()).unwrap_or(0_u64);
        self.kind == PRIVATE_THREAD || denied & VIEW_CHANNEL != 0
    }
}

#[derive(Deserialize)]
struct Overwrite {
    id: Snowflake,
    /// Bits, as text.
    deny: Option<Id>,
}

#[derive(Deserialize)]
pub(crate) struct ThreadMetadata {
    pub(crate) archived: Option<bool>,
    pub(crate) locked: Option<bool>,
    /// When it was last archived or taken back from there.
    pub(crate) archive_timestamp: Option<String>,
}

/// A button, a menu, a slash command, a form.
#[derive(Deserialize)]
pub(crate) struct Interaction {
    pub(crate) id: Snowflake,
    #[serde(rename = "type")]
    pub(crate) kind: u64,
    pub(crate) data: Option<serde_json::Value>,
    pub(crate) guild_id: Option<Snowflake>,
    pub(crate) channel_id: Option<Snowflake>,
    pub(crate) member: Option<Member>,
    pub(crate) user: Option<User>,
    pub(crate) locale: Option<String>,
}
