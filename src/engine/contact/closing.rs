//! A reply that closes the contact. "Send and close" is one act of an agent's, of which networks tell in
//! two events: sometimes the settlement comes first, at the same moment or a little before the reply.

use super::fact::{Fact, What};
use super::state::ContactState;
use crate::event::{Author, Millis};

/// An agent's message not later than so after the contact was settled is part of settling it.
const ONE_ACT_MS: Millis = 5_000;

impl ContactState {
    /// The reply with which a contact was settled whose customer waits for one, where the network tells of
    /// it after that.
    pub(super) fn closing_reply(&self, settled: &Fact, later: &[Fact]) -> Option<Fact> {
        let by_us = !matches!(settled.what, What::Resolved { by: Author::Customer });
        self.progress.pending.filter(|_| by_us)?;
        let until_ms = settled.at_ms.saturating_add(ONE_ACT_MS);
        let after = later.iter().skip_while(|it| *it <= settled);
        let mut soon = after.take_while(|it| it.at_ms <= until_ms && !begins_anew(it));
        let told = |it: &&Fact| match it.what {
            What::Agent { id, .. } => !self.is_undelivered(id),
            _ => false,
        };
        soon.find(told).map(|reply| Fact { at_ms: settled.at_ms, ..*reply })
    }
}

/// What comes after it is no part of what was settled before.
fn begins_anew(fact: &Fact) -> bool {
    matches!(fact.what, What::Customer { .. } | What::Opened { .. } | What::Reopened)
}

/// Among the later facts is a reply that can belong to a settlement among the earlier ones.
pub(super) fn is_one_act(before: &[Fact], after: &[Fact]) -> bool {
    let Some(last) = before.last() else { return false };
    let until_ms = last.at_ms.saturating_add(ONE_ACT_MS);
    let mut soon = after.iter().take_while(|it| it.at_ms <= until_ms);
    let Some(reply) = soon.find(|it| matches!(it.what, What::Agent { .. })) else { return false };
    let since_ms = reply.at_ms.saturating_sub(ONE_ACT_MS);
    let mut near = before.iter().rev().take_while(|it| it.at_ms >= since_ms);
    near.any(|it| matches!(it.what, What::Resolved { .. }))
}
