//! What must outlive a restart. Ids, marks and counts only: no names, no texts.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint};

/// Topics that are remembered; the one that was used longest ago goes.
const TOPICS_MAX: usize = 2_000;
/// Agents whose names were told.
const AGENTS_MAX: usize = 1_000;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    topics: Recent<u64, Topic, TOPICS_MAX>,
    /// Agent → a fingerprint of the name that was told last.
    agents: Recent<i64, u64, AGENTS_MAX>,
}

/// What webhooks do not say again.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Topic {
    /// Who began it, where that was seen.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<i64>,
    /// Who that is to us.
    #[serde(rename = "b")]
    pub(crate) begun_by: BegunBy,
    #[serde(rename = "c", skip_serializing_if = "is_false")]
    pub(crate) is_closed: bool,
    #[serde(rename = "s", skip_serializing_if = "is_false")]
    pub(crate) is_solved: bool,
    #[serde(rename = "g", skip_serializing_if = "is_false")]
    pub(crate) is_gone: bool,
    /// A hash of the name of who has it.
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    pub(crate) assigned: Option<u64>,
    /// How often one of these changed: makes ids of events that have none.
    #[serde(rename = "n")]
    pub(crate) turns: u32,
}

/// Who began a topic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BegunBy {
    /// Not seen.
    #[default]
    Unknown,
    Customer,
    Agent,
    Bot,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Topic {
    /// Nothing more is to be done.
    pub(crate) fn is_over(&self) -> bool {
        self.is_closed || self.is_solved || self.is_gone
    }
}

impl State {
    /// Whether the topic was seen.
    pub(crate) fn knows(&self, id: u64) -> bool {
        self.topics.contains(&id)
    }

    /// The topic, which is new where it was not known; used now.
    pub(crate) fn topic(&mut self, id: u64) -> &mut Topic {
        self.topics.touch(&id);
        self.topics.get_or_put_with(id, Topic::default)
    }

    /// Whether the agent's name is news.
    pub(crate) fn is_news(&mut self, agent: i64, name: &str) -> bool {
        let name = fingerprint(name);
        self.agents.renew(agent, name) != Some(name)
    }
}
