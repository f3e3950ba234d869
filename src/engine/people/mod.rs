//! The people: what each agent is doing, and which customers came again.

mod agents;
mod members;
mod profile;
mod visits;
mod within;
mod work;

pub use agents::STATES_REMEMBERED_MS;
pub use profile::AgentProfile;

pub(in crate::engine) use agents::{Agent, Agents, StateTime};
pub(in crate::engine) use members::MemberChange;
pub(in crate::engine) use visits::{Regulars, Visit};
pub(in crate::engine) use within::Within;
pub(in crate::engine) use work::{AtWork, Span, Work};
