//! What survives a restart: the calls under way, and which legs are agents'. No caller's number or name is in it.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Author, Recent};

/// The oldest one is forgotten for a further one.
const CALLS_MAX: usize = 1_000;
const LEGS_MAX: usize = 2_000;
/// Agents on one call at once; of further ones nothing is told.
const AGENTS_MAX: usize = 8;

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// In the application, in no queue yet.
    #[default]
    Opened,
    Waiting,
    Talking,
    /// It talked, and is in the application still.
    Talked,
}

/// Who asked to hang up first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    Caller,
    Agent,
}

/// As the one who ended a talk.
pub(crate) fn author(by: Option<By>) -> Author {
    match by {
        Some(By::Caller) => Author::Customer,
        Some(By::Agent) => Author::Agent,
        None => Author::System,
    }
}

/// One call: the caller's channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Call {
    pub(crate) stage: Stage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) queue: Option<String>,
    /// Where it talks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bridge: Option<String>,
    /// Agents' legs there; the first one has the call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) legs: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_held: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<By>,
    /// When it left the application, without being hung up as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) left_ms: Option<u64>,
}

impl Call {
    pub(crate) fn join(&mut self, leg: &str) {
        if self.legs.len() < AGENTS_MAX && !self.legs.iter().any(|it| it == leg) {
            self.legs.push(leg.to_owned());
        }
    }
}

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) calls: Recent<String, Call, CALLS_MAX>,
    /// Legs that were called, and the agent where it is one's.
    pub(crate) legs: Recent<String, Option<String>, LEGS_MAX>,
    /// There was a connection before: the next one comes after a gap.
    pub(crate) was_connected: bool,
    /// When the last event was, by Asterisk's clock.
    pub(crate) event_ms: u64,
}

impl State {
    pub(crate) fn put_call(&mut self, channel: &str, call: Call) {
        self.calls.put(channel.to_owned(), call);
    }

    pub(crate) fn put_leg(&mut self, channel: &str, agent: Option<String>) {
        self.legs.put(channel.to_owned(), agent);
    }

    /// The agent whose leg it is.
    pub(crate) fn agent(&self, channel: &str) -> Option<String> {
        self.legs.get(channel).cloned().flatten()
    }

    /// The call in which the leg is.
    pub(crate) fn call_of(&self, leg: &str) -> Option<String> {
        let has = |call: &Call| call.legs.iter().any(|it| it == leg);
        self.calls.iter().find(|(_, call)| has(call)).map(|(channel, _)| channel.clone())
    }
}
