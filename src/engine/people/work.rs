//! What an agent does for one contact, now and before.

use serde::{Deserialize, Serialize};

use crate::engine::ids::AgentId;
use crate::event::UnixMs;

/// What an agent does for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) enum Work {
    Ringing,
    WrappingUp,
    Hold,
    Talking,
}

impl Work {
    /// In conversation with the customer, who may be on hold.
    pub(in crate::engine) fn is_in_call(self) -> bool {
        matches!(self, Work::Talking | Work::Hold)
    }
}

/// What an agent does for a contact now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct AtWork {
    pub(in crate::engine) agent: AgentId,
    pub(in crate::engine) work: Work,
    pub(in crate::engine) since_ms: UnixMs,
}

/// Work that an agent has done for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) struct Span {
    pub(in crate::engine) from_ms: UnixMs,
    pub(in crate::engine) to_ms: UnixMs,
    pub(in crate::engine) agent: AgentId,
    pub(in crate::engine) work: Work,
}
