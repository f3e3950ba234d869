//! The engine's limits: how much it keeps, and what it had to leave out.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::telemetry::{Seldom, names};

/// Says each limit in the log when it is hit: now and then, with a count.
#[derive(Default)]
pub(super) struct LimitLog {
    limits: BTreeMap<&'static str, (u64, Seldom)>,
    /// What was hit before this start has been said then.
    has_begun: bool,
}

pub(super) fn publish(engine: &Engine, log: &mut LimitLog) {
    for it in engine.kept() {
        names::ENGINE_KEPT.set(&[it.what], it.kept as f64);
        names::ENGINE_KEPT_MAX.set(&[it.what], it.kept_max as f64);
    }
    for it in engine.limits_hit().each() {
        names::ENGINE_LIMITED.reach(&[it.limit], it.hits);
        let (said, lines) = log.limits.entry(it.limit).or_default();
        // An engine that was counted anew may have been luckier.
        *said = (*said).min(it.hits);
        if it.hits > *said && (!log.has_begun || lines.now().is_some()) {
            if log.has_begun {
                let (limit, hits, means) = (it.limit, it.hits - *said, it.means);
                tracing::warn!(limit, hits, "a limit of the engine was hit: {means}");
            }
            *said = it.hits;
        }
    }
    log.has_begun = true;
}
