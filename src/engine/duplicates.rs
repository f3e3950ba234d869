//! Which events were taken already, by the hash of channel and id, within a stated time.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize, Serializer};

use crate::engine::intern::Map;
use crate::event::{Millis, UnixMs};

/// Ids kept, whatever the time: about 64 MB.
pub(in crate::engine) const IDS_MAX: usize = 2_000_000;

/// The events that were taken within the duplicate window, by hash of channel and id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "VecDeque<(UnixMs, u64)>")]
pub(in crate::engine) struct Duplicates {
    seen: Map<u64, ()>,
    /// Oldest first.
    order: VecDeque<(UnixMs, u64)>,
}

impl From<VecDeque<(UnixMs, u64)>> for Duplicates {
    fn from(order: VecDeque<(UnixMs, u64)>) -> Self {
        Duplicates { seen: order.iter().map(|(_, id)| (*id, ())).collect(), order }
    }
}

impl Serialize for Duplicates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.order.serialize(serializer)
    }
}

impl Duplicates {
    /// True when the id is new.
    pub(in crate::engine) fn insert(&mut self, id: u64, now_ms: UnixMs) -> bool {
        let is_new = self.seen.insert(id, ()).is_none();
        if is_new {
            self.order.push_back((now_ms, id));
        }
        is_new
    }

    /// Forgets what is older than the window, and what is too much; says how many the latter
    /// were.
    pub(in crate::engine) fn forget(&mut self, now_ms: UnixMs, window_ms: Millis) -> u64 {
        let mut too_many = 0;
        while let Some((seen_ms, id)) = self.order.front().copied() {
            let expired = now_ms.saturating_sub(seen_ms) > window_ms;
            if !expired && self.order.len() <= IDS_MAX {
                break;
            }
            too_many += u64::from(!expired);
            self.order.pop_front();
            self.seen.remove(&id);
        }
        too_many
    }
}
