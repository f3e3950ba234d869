//! The calls that are known: which of them wait, which talk, and with whom.
//!
//! A call (`CC-Member-Session-UUID`) is a contact; each time it enters a queue it is another member
//! (`CC-Member-UUID`) of it. Calls that ended are remembered for a while, because what is told of
//! one may come late or in another order. No number and no name is in here.

use serde::{Deserialize, Serialize};
use tablica_plugin::Recent;

/// The oldest one is forgotten for a further one.
const CALLS_MAX: usize = 1_000;

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    #[default]
    Waiting,
    Talking,
    /// Out of its queue. It may enter another one.
    Out,
}

/// One call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Call {
    pub(crate) stage: Stage,
    /// Its place in the queue where it is, or was last.
    pub(crate) member: String,
    pub(crate) queue: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) agent: Option<String>,
    /// The agent's leg, by which holds are found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) leg: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_held: bool,
}

/// All calls.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Calls(Recent<String, Call, CALLS_MAX>);

impl Calls {
    pub(crate) fn get(&self, session: &str) -> Option<&Call> {
        self.0.get(session)
    }

    pub(crate) fn get_mut(&mut self, session: &str) -> Option<&mut Call> {
        self.0.get_mut(session)
    }

    /// Whether the call is in that place, and so far.
    pub(crate) fn is(&self, session: &str, member: &str, stage: Stage) -> bool {
        self.get(session).is_some_and(|call| call.member == member && call.stage == stage)
    }

    /// Puts a call in a place.
    pub(crate) fn put(&mut self, session: &str, call: Call) {
        self.0.put(session.to_owned(), call);
    }

    /// The call that the agent's leg is in.
    pub(crate) fn of_leg(&self, leg: &str) -> Option<String> {
        let is_it = |call: &Call| call.stage == Stage::Talking && call.leg.as_deref() == Some(leg);
        self.0.iter().find(|(_, call)| is_it(call)).map(|(session, _)| session.clone())
    }

    /// Calls that are not out.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = &String> {
        self.0.iter().filter(|(_, call)| call.stage != Stage::Out).map(|(it, _)| it)
    }

    /// The call that has that place in a queue.
    pub(crate) fn of_member(&self, member: &str) -> Option<String> {
        let is_it = |call: &Call| call.stage != Stage::Out && call.member == member;
        self.0.iter().find(|(_, call)| is_it(call)).map(|(session, _)| session.clone())
    }

    /// Nothing of before is known any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
