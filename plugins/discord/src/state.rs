//! What must outlive a restart. Ids and counts only: no names, no texts.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint};

use crate::places::Places;
use crate::wire::Snowflake;

/// Messages of customers that are remembered: to know one when it is deleted or answered, and whose
/// conversation an answer belongs to in a channel where many write.
const RECENT_MAX: usize = 1_000;
/// Agents whose names were told.
const AGENTS_MAX: usize = 1_000;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// To go on with after the connection broke.
    pub(crate) session: Option<Session>,
    /// A session ended that could not be resumed: what came meanwhile is lost.
    pub(crate) has_gap: bool,
    /// New sessions of the last day.
    pub(crate) identified: Identified,
    pub(crate) places: Places,
    recent: Recent<u64, Seen, RECENT_MAX>,
    /// Agent → a fingerprint of the name that was told last.
    agents: Recent<u64, u64, AGENTS_MAX>,
}

/// A session of the gateway.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// Where it is resumed.
    pub(crate) url: Option<String>,
    /// The last dispatch that came.
    pub(crate) seq: u64,
}

/// Discord takes a bot's token away that begins 1,000 sessions in a day.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Identified {
    pub(crate) since_ms: u64,
    pub(crate) count: u32,
}

/// A customer's message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Seen {
    #[serde(rename = "c")]
    pub(crate) channel: u64,
    #[serde(rename = "a")]
    pub(crate) author: u64,
    /// The interaction: the thread, or the first message of a conversation in a channel.
    #[serde(rename = "r")]
    pub(crate) root: u64,
}

impl State {
    pub(crate) fn dispatched(&mut self, seq: u64) {
        if let Some(session) = &mut self.session {
            session.seq = seq;
        }
    }

    /// Remembers a customer's message; one that comes again stays where it is.
    pub(crate) fn remember(&mut self, message: Snowflake, seen: Seen) {
        self.recent.get_or_put_with(message.0, || seen);
    }

    pub(crate) fn recent(&self, message: Snowflake) -> Option<Seen> {
        self.recent.get(&message.0).copied()
    }

    /// The message is gone.
    pub(crate) fn forget(&mut self, message: Snowflake) -> Option<Seen> {
        self.recent.remove(&message.0)
    }

    /// The last conversation in the channel, of that author or of anybody.
    pub(crate) fn conversation(&self, channel: Snowflake, author: Option<u64>) -> Option<u64> {
        let mut newest_first = self.recent.iter().rev().map(|(_, seen)| seen);
        let is_it =
            |it: &&Seen| it.channel == channel.0 && author.is_none_or(|author| it.author == author);
        newest_first.find(is_it).map(|it| it.root)
    }

    /// The conversation goes on in a thread: what its author writes next in the channel is another one.
    pub(crate) fn moved(&mut self, root: u64, thread: u64) {
        for seen in self.recent.values_mut().filter(|it| it.root == root) {
            seen.channel = thread;
        }
    }

    /// Whether the agent's name is news.
    pub(crate) fn is_news(&mut self, agent: u64, name: &str) -> bool {
        let name = fingerprint(name);
        self.agents.renew(agent, name) != Some(name)
    }
}
