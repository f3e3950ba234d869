//! Who was told what, and what was not taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Due;
use crate::alert::history::Ms;
use crate::alert::notice::Line;

/// How long the first retry waits; each further one twice as long.
const RETRY_MS: Ms = 5_000;
const RETRY_MS_MAX: Ms = 300_000;

/// What a receiver was told of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    /// When it was there first.
    pub(super) since_ms: Ms,
    /// When the receiver was told last.
    pub(super) told_ms: Option<Ms>,
    /// The alerts that held then, by their mark.
    pub(super) told: BTreeMap<String, Line>,
    /// Tries that failed since.
    #[serde(default)]
    pub(super) failed: u32,
    /// Tries that failed to tell that it is over.
    #[serde(default)]
    pub(super) over_failed: u32,
    #[serde(default)]
    pub(super) next_try_ms: Ms,
}

/// What every receiver was told; kept on disk, so that a restart repeats nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told(pub(super) BTreeMap<String, BTreeMap<String, Group>>);

impl Told {
    /// Notes that it was taken.
    pub(crate) fn note_taken(&mut self, due: &Due, now_ms: Ms) {
        let groups = self.0.entry(due.receiver.clone()).or_default();
        if due.holds.is_empty() {
            groups.remove(&due.notice.group);
            return;
        }
        let group = groups.entry(due.notice.group.clone()).or_default();
        (group.failed, group.over_failed, group.next_try_ms) = (0, 0, 0);
        group.told_ms = Some(now_ms);
        group.told.clone_from(&due.holds);
    }

    /// Notes that it was not taken, and is tried again, after `rest_ms` at the earliest.
    pub(crate) fn note_failed(&mut self, due: &Due, rest_ms: Ms, now_ms: Ms) {
        let groups = self.0.entry(due.receiver.clone()).or_default();
        let group = groups.entry(due.notice.group.clone()).or_default();
        let failed = if due.holds.is_empty() { &mut group.over_failed } else { &mut group.failed };
        let wait_ms = RETRY_MS.saturating_mul(1 << (*failed).min(10)).min(RETRY_MS_MAX);
        *failed = failed.saturating_add(1);
        group.next_try_ms = now_ms + wait_ms.max(rest_ms);
    }

    /// The clock was set back: nothing has happened later than now.
    pub(crate) fn set_back(&mut self, now_ms: Ms) {
        for group in self.0.values_mut().flat_map(BTreeMap::values_mut) {
            group.since_ms = group.since_ms.min(now_ms);
            group.told_ms = group.told_ms.map(|at_ms| at_ms.min(now_ms));
            group.next_try_ms = group.next_try_ms.min(now_ms);
        }
    }
}
