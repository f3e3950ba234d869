//! Which events were taken already: the hashes of their ids, channel by channel, within a stated
//! time.
//!
//! A channel's ids stand in parts, oldest first. A part is full after an eighth of the window and is
//! forgotten as a whole once its last id is older than the window: an id is recognised for the
//! window, and up to an eighth of it longer. When all channels together have more ids than
//! `contacts.duplicate_ids_max`, the channel with the most forgets its oldest part, so that a flood
//! on one channel does not make another one forget.
//!
//! Two days of a large site are fifty million ids: too many to be in every snapshot. A snapshot
//! says how many ids each part has and what their sum is; the ids themselves are handed out once
//! ([`NewIds`]), stored beside it, and handed back at a start ([`Duplicates::remember`]).

mod channel_ids;
mod id_set;
mod stored;

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use channel_ids::ChannelIds;
use stored::{Run, runs};

use crate::engine::rules::Limits;
use crate::event::UnixMs;

pub use stored::NewIds;

/// Parts of the duplicate window that are forgotten as a whole.
const PARTS: i64 = 8;
/// A part is full, too, when it has so much of all ids that may be kept.
const PART_OF_IDS_MAX: usize = 64;

/// The events that were taken within the duplicate window.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Duplicates {
    /// By number of the channel.
    channels: Vec<ChannelIds>,
    /// How often new ids were handed out.
    batch: u64,
    /// Ids of all channels.
    #[serde(skip)]
    total: usize,
    /// Before this moment no part is old enough to be forgotten.
    #[serde(skip)]
    look_ms: UnixMs,
}

impl Duplicates {
    /// True when the id is new.
    pub(in crate::engine) fn insert(
        &mut self,
        channel: u16,
        id: u64,
        now_ms: UnixMs,
        limits: &Limits,
    ) -> bool {
        let channel = usize::from(channel);
        if channel >= self.channels.len() {
            self.channels.resize_with(channel + 1, ChannelIds::default);
        }
        let ids = &mut self.channels[channel];
        if ids.contains(id) {
            return false;
        }
        let is_full = |began_ms: UnixMs, count: usize| {
            now_ms.saturating_sub(began_ms) >= limits.duplicate_window_ms / PARTS
                || count >= (limits.duplicate_ids_max / PART_OF_IDS_MAX).max(1)
        };
        ids.push(id, now_ms, self.batch + 1, is_full);
        self.total += 1;
        true
    }

    /// Forgets what is too much, and says how many that were.
    pub(in crate::engine) fn make_room(&mut self, limits: &Limits) -> u64 {
        let mut too_many = 0;
        while self.total > limits.duplicate_ids_max {
            let Some(largest) = self.channels.iter_mut().max_by_key(|ids| ids.len()) else { break };
            let forgotten = largest.forget_oldest();
            self.total -= forgotten;
            too_many += forgotten as u64;
        }
        too_many
    }

    /// Forgets what is older than the window.
    pub(in crate::engine) fn forget(&mut self, now_ms: UnixMs, limits: &Limits) {
        if now_ms < self.look_ms {
            return;
        }
        let window_ms = limits.duplicate_window_ms;
        // A part that begins now is not old before the window has passed.
        let mut look_ms = now_ms.saturating_add(window_ms);
        for ids in &mut self.channels {
            while let Some(last_ms) = ids.oldest_ms() {
                let ends_ms = last_ms.saturating_add(window_ms);
                if ends_ms >= now_ms {
                    look_ms = look_ms.min(ends_ms.saturating_add(1));
                    break;
                }
                self.total -= ids.forget_oldest();
            }
        }
        self.look_ms = look_ms;
    }

    /// What came since the last call, to be stored before the next snapshot.
    pub(in crate::engine) fn take_new(&mut self) -> NewIds {
        self.batch += 1;
        let taken = (0..).zip(&mut self.channels).map(|(channel, ids)| {
            let (first, ids) = ids.take_new();
            Run { channel, first, ids }
        });
        NewIds::new(self.batch, taken)
            .needed_from(self.batches().map_or(self.batch, |needed| *needed.start()))
    }

    /// Lets the next [`Duplicates::take_new`] hand out all: what was stored is lost.
    pub(in crate::engine) fn hand_out_anew(&mut self) {
        for ids in &mut self.channels {
            ids.hand_out_anew(self.batch + 1);
        }
    }

    /// The batches that hold ids which were handed out and are not old yet.
    pub(in crate::engine) fn batches(&self) -> Option<RangeInclusive<u64>> {
        let first = self.channels.iter().filter_map(ChannelIds::oldest_batch).min()?;
        (first <= self.batch).then_some(first..=self.batch)
    }

    /// Takes back what was handed out before the snapshot; what is too old or not known is passed
    /// over.
    pub(in crate::engine) fn remember(&mut self, stored: &[u8]) {
        for run in runs(stored) {
            if let Some(ids) = self.channels.get_mut(usize::from(run.channel)) {
                ids.remember(run.first, &run.ids);
            }
        }
        self.count();
    }

    /// After reading a snapshot: what is in it is put in its place.
    pub(in crate::engine) fn rebuild(&mut self) {
        self.channels.iter_mut().for_each(ChannelIds::rebuild);
        self.count();
    }

    fn count(&mut self) {
        self.total = self.channels.iter().map(ChannelIds::len).sum();
    }

    /// False while ids of before the snapshot are missing.
    pub(in crate::engine) fn is_whole(&self) -> bool {
        self.channels.iter().all(ChannelIds::is_whole)
    }

    /// How many ids are kept.
    pub(in crate::engine) fn len(&self) -> usize {
        self.total
    }
}
