//! The ids of one channel, in parts that are forgotten as a whole.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::id_set::IdSet;
use crate::event::UnixMs;

/// Ids are numbered within their channel in the order in which they came, so that what was stored
/// finds its part again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ChannelIds {
    /// Oldest first.
    parts: VecDeque<Part>,
    /// Those that were not handed out yet.
    fresh: VecDeque<u64>,
    /// The number of the first of them.
    fresh_first: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Part {
    /// The number of its first id.
    first: u64,
    count: u64,
    /// The ids added up, to recognise them when they come back from the disk.
    sum: u64,
    began_ms: UnixMs,
    /// When its newest id came.
    last_ms: UnixMs,
    /// The batch that its first id is handed out with.
    batch: u64,
    #[serde(skip)]
    ids: IdSet,
}

impl Part {
    fn end(&self) -> u64 {
        self.first + self.count
    }

    fn is_whole(&self) -> bool {
        self.ids.len() as u64 == self.count && self.ids.sum() == self.sum
    }
}

impl ChannelIds {
    pub(super) fn contains(&self, id: u64) -> bool {
        self.parts.iter().rev().any(|part| part.ids.contains(id))
    }

    /// How many ids are known.
    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.ids.len()).sum()
    }

    /// Adds an id that is not there. `is_full` says of a part's beginning and its number of ids
    /// whether the next id begins another part; `batch` is the next that is handed out.
    pub(super) fn push(
        &mut self,
        id: u64,
        now_ms: UnixMs,
        batch: u64,
        is_full: impl FnOnce(UnixMs, usize) -> bool,
    ) {
        let newest = self.parts.back();
        if newest.is_none_or(|part| is_full(part.began_ms, part.ids.len())) {
            let first = self.fresh_first + self.fresh.len() as u64;
            self.parts.push_back(Part {
                first,
                count: 0,
                sum: 0,
                began_ms: now_ms,
                last_ms: now_ms,
                batch,
                ids: IdSet::default(),
            });
        }
        let Some(part) = self.parts.back_mut() else { return };
        part.count += 1;
        part.sum = part.sum.wrapping_add(id);
        part.last_ms = now_ms;
        part.ids.insert(id);
        self.fresh.push_back(id);
    }

    /// When the newest id of the oldest part came.
    pub(super) fn oldest_ms(&self) -> Option<UnixMs> {
        self.parts.front().map(|part| part.last_ms)
    }

    /// The first batch that is still needed.
    pub(super) fn oldest_batch(&self) -> Option<u64> {
        self.parts.front().map(|part| part.batch)
    }

    /// Forgets the oldest part and says how many ids it had.
    pub(super) fn forget_oldest(&mut self) -> usize {
        let Some(part) = self.parts.pop_front() else { return 0 };
        let fresh = part.end().saturating_sub(self.fresh_first).min(self.fresh.len() as u64);
        self.fresh.drain(..fresh as usize);
        self.fresh_first += fresh;
        part.ids.len()
    }

    /// The ids that were not handed out yet, and the number of the first.
    pub(super) fn take_new(&mut self) -> (u64, Vec<u64>) {
        let first = self.fresh_first;
        let ids = Vec::from(std::mem::take(&mut self.fresh));
        self.fresh_first += ids.len() as u64;
        (first, ids)
    }

    /// All ids are to be handed out with the next batch.
    pub(super) fn hand_out_anew(&mut self, batch: u64) {
        let Some(oldest) = self.parts.front() else { return };
        self.fresh_first = oldest.first;
        // Within a part any order will do: it is recognised by number and sum.
        self.fresh = self.parts.iter().flat_map(|part| part.ids.iter()).collect();
        self.parts.iter_mut().for_each(|part| part.batch = batch);
    }

    /// Puts the ids that a snapshot holds into their parts.
    pub(super) fn rebuild(&mut self) {
        let fresh = Vec::from(std::mem::take(&mut self.fresh));
        self.put(self.fresh_first, &fresh);
        self.fresh = fresh.into();
    }

    /// Puts ids that were handed out into their parts.
    pub(super) fn remember(&mut self, first: u64, ids: &[u64]) {
        let known = self.fresh_first.saturating_sub(first).min(ids.len() as u64);
        self.put(first, &ids[..known as usize]);
    }

    fn put(&mut self, first: u64, ids: &[u64]) {
        let end = first.saturating_add(ids.len() as u64);
        for part in &mut self.parts {
            let (from, to) = (part.first.max(first), part.end().min(end));
            if from < to {
                ids[(from - first) as usize..(to - first) as usize]
                    .iter()
                    .for_each(|id| part.ids.insert(*id));
            }
        }
    }

    /// True when every part has the ids that it had.
    pub(super) fn is_whole(&self) -> bool {
        self.parts.iter().all(Part::is_whole)
    }
}
