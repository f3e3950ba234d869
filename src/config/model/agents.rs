//! What agents are called, and which of them are one person.

use std::collections::BTreeMap;

use serde::Serialize;

/// What agents are called in reports, and who is who.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agents {
    /// How those are shown who have no alias of their own. Default: by a made-up alias.
    pub show: ShowAgents,
    /// Aliases of their own, by the name that the network gives, or that of one of the people.
    pub aliases: BTreeMap<String, String>,
    /// People who work under several names, each with all of them. Whoever is not among them is
    /// a person by themselves: one for each name of a channel. No agent belongs to two people.
    pub people: BTreeMap<String, Vec<AgentOfChannel>>,
}

/// An agent as one network knows them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentOfChannel {
    /// The channel's name.
    pub channel: String,
    /// The name that its network gives.
    pub name: String,
}

/// How agents are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowAgents {
    /// By an alias, always the same for the same name.
    #[default]
    Alias,
    /// By the name that the network gives.
    Name,
}

/// As in `agents.show`.
pub const SHOW_AGENTS: [(&str, ShowAgents); 2] =
    [("alias", ShowAgents::Alias), ("name", ShowAgents::Name)];
