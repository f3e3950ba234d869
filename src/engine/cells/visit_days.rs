//! How many visits of each quarter of an hour were followed by another within W.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::moment::{VISITS_KEPT_MS, quarter_of};
use crate::event::UnixMs;

/// How many visits of each quarter of an hour were followed by another within W.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct VisitDays(BTreeMap<i64, (i32, i32)>);

impl VisitDays {
    pub(in crate::engine) fn count(&mut self, at_ms: UnixMs, visits: i32, repeated: i32) {
        let held = self.0.entry(quarter_of(at_ms)).or_default();
        held.0 += visits;
        held.1 += repeated;
    }

    pub(in crate::engine) fn advance(&mut self, now_ms: UnixMs) {
        let oldest = quarter_of(now_ms - VISITS_KEPT_MS);
        while self.0.first_key_value().is_some_and(|(quarter, _)| *quarter < oldest) {
            self.0.pop_first();
        }
    }

    /// Visits in that span, and how many of them were followed by another.
    pub(in crate::engine) fn between(&self, from_ms: UnixMs, to_ms: UnixMs) -> (i64, i64) {
        if from_ms >= to_ms {
            return (0, 0);
        }
        let span = self.0.range(quarter_of(from_ms)..quarter_of(to_ms));
        span.fold((0, 0), |(visits, repeated), (_, (more, of_them))| {
            (visits + i64::from(*more), repeated + i64::from(*of_them))
        })
    }
}
