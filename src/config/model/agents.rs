//! What agents are called.

use std::collections::BTreeMap;

use serde::Serialize;

/// What agents are called in reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agents {
    /// How those are shown who have no alias of their own. Default: by a made-up alias.
    pub show: ShowAgents,
    /// Aliases of their own, by the name that the network gives.
    pub aliases: BTreeMap<String, String>,
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
