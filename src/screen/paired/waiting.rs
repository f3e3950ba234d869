//! Screens that show a code, and wrong codes of the last minutes. Kept in memory alone: after a
//! restart a page is given another code.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use super::Visit;
use super::code::{self, Hash};
use super::limits::{self, PairLimit, PairLimits};
use crate::event::UnixMs;

/// Codes that are drawn until one is free: of 25 thousand million one always is.
const DRAWS_MAX: usize = 16;

/// A screen that shows a code.
pub(super) struct Pending {
    pub(super) code: String,
    pub(super) expires_ms: UnixMs,
    visit: Visit,
}

#[derive(Default)]
pub(super) struct Waiting {
    pending: HashMap<Hash, Pending>,
    /// When, and from where; the oldest first.
    wrong: VecDeque<(UnixMs, Option<IpAddr>)>,
}

impl Waiting {
    /// Codes end, and so does the memory of wrong ones.
    pub(super) fn forget_old(&mut self, now_ms: UnixMs, limits: &PairLimits) {
        let lifetime_ms = limits::ms(limits.code_lifetime);
        // One that ends later than any can was given by a clock that was ahead.
        let is_good = |ends_ms: UnixMs| ends_ms > now_ms && ends_ms - now_ms <= lifetime_ms;
        self.pending.retain(|_, pending| is_good(pending.expires_ms));
        self.wrong.retain(|(at_ms, _)| is_good(at_ms.saturating_add(lifetime_ms)));
    }

    pub(super) fn len(&self) -> usize {
        self.pending.len()
    }

    pub(super) fn of(&self, hash: &Hash) -> Option<&Pending> {
        self.pending.get(hash)
    }

    /// Whether one more code may be given to that address.
    pub(super) fn has_room(
        &self,
        from: Option<IpAddr>,
        limits: &PairLimits,
    ) -> Result<(), PairLimit> {
        if self.pending.len() >= limits.codes_max {
            return Err(PairLimit::Codes);
        }
        let same = self.pending.values().filter(|it| from.is_some() && it.visit.counted_as == from);
        if same.count() >= limits.codes_per_address_max {
            return Err(PairLimit::CodesPerAddress);
        }
        Ok(())
    }

    /// A code that no other screen shows.
    pub(super) fn draw_code(&self) -> Result<String, String> {
        for _ in 0..DRAWS_MAX {
            let code = code::draw()?;
            if self.pending.values().all(|pending| pending.code != code) {
                return Ok(code);
            }
        }
        Err("no free code was drawn".to_owned())
    }

    pub(super) fn put(&mut self, hash: Hash, code: String, visit: Visit, expires_ms: UnixMs) {
        let visit = visit.shortened();
        self.pending.insert(hash, Pending { code, expires_ms, visit });
    }

    pub(super) fn remove(&mut self, hash: &Hash) {
        self.pending.remove(hash);
    }

    /// Who shows this code.
    pub(super) fn with_code(&self, code: &str) -> Option<(Hash, Visit)> {
        let mut found = self.pending.iter().filter(|(_, pending)| pending.code == code);
        found.next().map(|(hash, pending)| (*hash, pending.visit.clone()))
    }

    /// Whether somebody may try a code: nobody may go through them all.
    pub(super) fn may_try(
        &self,
        from: Option<IpAddr>,
        limits: &PairLimits,
    ) -> Result<(), PairLimit> {
        if self.wrong.len() >= limits.wrong_max {
            return Err(PairLimit::Wrong);
        }
        let same = self.wrong.iter().filter(|(_, of)| from.is_some() && *of == from);
        if same.count() >= limits.wrong_per_address_max {
            return Err(PairLimit::WrongPerAddress);
        }
        Ok(())
    }

    pub(super) fn was_wrong(&mut self, from: Option<IpAddr>, now_ms: UnixMs) {
        self.wrong.push_back((now_ms, from));
    }
}
