//! What policies have promised, as it can be read off the engine.

use crate::engine::{CellCounters, CellView, Engine, Field, POLICY, PolicyRules, Standing};
use crate::event::UnixMs;
use crate::scope::Selector;

impl<'a> CellView<'a> {
    /// The policy whose promises these are; none of cells that count contacts.
    pub fn policy(&self) -> Option<&'a PolicyRules> {
        let label = self.engine.state.labels.name(self.cell.slice.label()?);
        self.engine.policy(label.strip_prefix(POLICY)?)
    }

    /// A policy's clocks that run now and stand so; of a selector that names no policy, those of
    /// the policies for complaints.
    pub fn standing(&self, standing: Standing) -> u32 {
        self.cell.standing(standing)
    }

    /// When the next of a policy's promises breaks, to the second, if nothing happens before. The
    /// paused ones have no such moment.
    pub fn next_breach_ms(&self) -> Option<UnixMs> {
        self.cell.deadline_ms()
    }

    /// There are promises here: open, kept or broken.
    pub fn has_promises(&self) -> bool {
        let verdicts = [Field::PolicyMet, Field::PolicyBreached];
        Standing::ALL.into_iter().any(|standing| self.standing(standing) > 0)
            || self.has_any(&verdicts)
    }
}

impl<'a> CellCounters<'a> {
    /// A policy's clocks that run now and stand so.
    pub fn standing(&self, standing: Standing) -> u32 {
        self.view.standing(standing)
    }
}

impl Engine {
    /// A policy's promises since the beginning, by channel and queue.
    pub fn promised(&self, policy: &str) -> impl Iterator<Item = CellCounters<'_>> {
        let selector = Selector { policy: Some(policy.to_owned()), ..Selector::default() };
        self.select(&selector).into_iter().map(|view| CellCounters { view })
    }

    /// The selectors of the policies that a selector covers: the one that it names, else all.
    pub fn policy_selectors(&self, selector: &Selector) -> Vec<Selector> {
        let named = selector.policy.as_deref();
        let policies = self.rules.policies.iter().map(|policy| policy.name.as_str());
        let covered = policies.filter(|name| named.is_none_or(|named| named == *name));
        covered.map(|name| Selector { policy: Some(name.to_owned()), ..selector.clone() }).collect()
    }
}
