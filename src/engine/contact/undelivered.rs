//! Messages of ours that never got there: they were no replies.
//!
//! The network says so later, or, out of order, before the message itself is known. So they are
//! looked for among all facts before the state goes through them.

use smallvec::SmallVec;

use super::fact::{Fact, What};
use super::state::ContactState;
use crate::engine::counting::Field;

/// Messages of one contact of which it is remembered that they failed, once the facts that say so
/// are no longer kept.
const REMEMBERED_MAX: usize = 64;

impl ContactState {
    /// Which messages failed, by all facts together.
    pub(super) fn learn_undelivered(&mut self, facts: &[Fact]) {
        for fact in facts {
            if let What::Undelivered { of } = fact.what
                && !self.is_undelivered(of)
            {
                self.undelivered.push((of, false));
            }
        }
    }

    /// A part of the facts is gone through alone: what the others say of its messages holds.
    pub(super) fn share_undelivered(&mut self, all: &ContactState) {
        let unknown: SmallVec<[u32; 4]> = all
            .undelivered
            .iter()
            .map(|(of, _)| *of)
            .filter(|of| !self.is_undelivered(*of))
            .collect();
        self.undelivered.extend(unknown.into_iter().map(|of| (of, false)));
    }

    pub(super) fn is_undelivered(&self, id: u32) -> bool {
        self.undelivered.iter().any(|(of, _)| *of == id)
    }

    /// The message counts as failed, once.
    pub(super) fn delivery_failed(&mut self, fact: &Fact, of: u32) {
        let mut known = self.undelivered.iter_mut();
        if let Some((_, is_counted)) = known.find(|(it, _)| *it == of)
            && !std::mem::replace(is_counted, true)
        {
            self.mark(Field::Undelivered, fact);
        }
    }

    /// Lets go of the oldest.
    pub(super) fn forget_undelivered(&mut self) {
        let too_many = self.undelivered.len().saturating_sub(REMEMBERED_MAX);
        self.undelivered.drain(..too_many);
    }
}
