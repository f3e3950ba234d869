//! Who an agent is by the network's directory: the name that people call them by, and their teams.

use serde::{Deserialize, Serialize};

use crate::event::AgentKnown;

/// Teams of one agent; further ones are left out.
const TEAMS_MAX: usize = 16;
/// Characters of a title or of a team's name; the rest is left out.
const NAME_CHARS_MAX: usize = 100;

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
        let short = |name: &String| name.chars().take(NAME_CHARS_MAX).collect::<String>();
        AgentProfile {
            title: known.title.as_ref().filter(|title| !title.is_empty()).map(short),
            teams: known.teams.iter().take(TEAMS_MAX).map(short).collect(),
        }
    }
}
