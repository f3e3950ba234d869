//! What happens to a contact once: its first answer, its first complaint, that it was settled.

use serde::{Deserialize, Serialize};

use super::parts::Parts;
use crate::engine::ids::{AgentId, NO_AGENT};
use crate::event::{Millis, UnixMs};

/// What is counted once for a contact, between its opening and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Once {
    /// A human, a bot, another customer has replied already.
    pub(in crate::engine) responded: bool,
    pub(in crate::engine) bot_responded: bool,
    pub(in crate::engine) peer_responded: bool,
    /// An agent was told to take care of it.
    pub(in crate::engine) assigned: bool,
    /// A customer's message was seen.
    pub(in crate::engine) heard: bool,
    /// The customer was asked for a rating.
    pub(in crate::engine) asked_to_rate: bool,
    /// When it complained first, and whether it was settled since.
    pub(in crate::engine) complained_ms: Option<UnixMs>,
    pub(in crate::engine) complaint_settled: bool,
    /// It began with spam: it does not count.
    pub(in crate::engine) spam: bool,
    /// It was settled at least once.
    pub(in crate::engine) was_resolved: bool,
    /// It went on in another interaction: nothing more is settled here.
    pub(in crate::engine) merged: bool,
    /// When the customer is to be called back, as far as a time was agreed.
    pub(in crate::engine) callback_due_ms: Option<UnixMs>,
    /// When it was settled, if it is.
    pub(in crate::engine) resolved_ms: Option<UnixMs>,
    /// How long agents worked on it in writing.
    pub(in crate::engine) active_ms: Millis,
    /// Who worked on it last.
    pub(in crate::engine) agent: AgentId,
    /// Who has answered, talked, kept or broken promises in it.
    pub(in crate::engine) parts: Parts,
}

impl Once {
    /// Nothing of it has happened yet.
    pub(super) const NONE: Once = Once {
        responded: false,
        bot_responded: false,
        peer_responded: false,
        assigned: false,
        heard: false,
        asked_to_rate: false,
        complained_ms: None,
        complaint_settled: false,
        spam: false,
        was_resolved: false,
        merged: false,
        callback_due_ms: None,
        resolved_ms: None,
        active_ms: 0,
        agent: NO_AGENT,
        parts: Parts::NONE,
    };
}
