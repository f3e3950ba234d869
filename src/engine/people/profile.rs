//! Who an agent is by the network's directory: the name that people call them by, and their teams.

use serde::{Deserialize, Serialize};

use crate::event::AgentKnown;

/// What a network's directory says of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentProfile {
    /// The name that people call them by.
    pub title: Option<String>,
    /// Teams they belong to.
    pub teams: Vec<String>,
}

impl From<&AgentKnown> for AgentProfile {
    fn from(known: &AgentKnown) -> Self {
        let AgentKnown { title, teams } = known.clone().bounded();
        AgentProfile { title: title.filter(|title| !title.is_empty()), teams }
    }
}
