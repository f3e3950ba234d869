//! Quarters of an hour on their way to the store of roll-ups, and back.
//!
//! A roll-up is one slice's counts of one quarter, by names and not by numbers: it outlives this
//! version of the engine. Take the roll-ups together with a snapshot and store them when that is
//! on disk: then they never hold more than the snapshot knows, and nothing counts twice when the
//! journal's tail is folded after a restart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::cells::{Asked, QuarterCounts, Slice};
use crate::engine::counting::{Field, Histogram, Length, Sparse, Sum};
use crate::engine::moment::{QUARTER_MS, quarter_of};
use crate::engine::{DIMENSION, Engine, LABELS_MAX, NO_QUEUE, PEOPLE_MAX, POLICY, TOPICS_MAX};
use crate::event::{Millis, UnixMs};
use crate::scope::Selector;

/// Counts of one slice in one quarter of an hour, by names: they outlive this version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RollUp {
    /// When the quarter began.
    pub quarter_ms: UnixMs,
    /// Whose counts they are.
    pub slice: Selector,
    /// By the names of [`Field`]s; zeros are left out.
    pub counts: BTreeMap<String, i64>,
    /// By the names of [`Sum`]s.
    pub sums: BTreeMap<String, i64>,
    /// By the names of [`Length`]s: the shortest length of each bin, in milliseconds, and how many
    /// fell in it. Lengths and no numbers of bins: a later version may have others.
    pub lengths_ms: BTreeMap<String, Vec<(Millis, u32)>>,
}

/// A roll-up that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RollUpError {
    /// Its slice names more than this engine tells apart.
    #[error("there is no room for another channel, queue, agent or topic: see the limits")]
    NoRoom,
}

impl Engine {
    /// What changed since the last call: to be stored once a snapshot of this moment is on disk.
    pub fn take_roll_ups(&mut self) -> Vec<RollUp> {
        let mut changed = Vec::new();
        let moment = self.state.cells.moment;
        for cell in self.state.cells.cells_mut() {
            let slice = cell.slice;
            let quarters = cell.counts.take_changed(&moment).into_iter();
            changed.extend(quarters.map(|(quarter, sheet)| (slice, quarter, sheet)));
        }
        changed
            .into_iter()
            .map(|(slice, quarter, sheet)| roll_up(self.selector_of(&slice), quarter, &sheet))
            .collect()
    }

    /// Takes a roll-up from the store. What the engine knows of that quarter itself is better.
    pub fn recall(&mut self, roll_up: &RollUp) -> Result<(), RollUpError> {
        let slice = self.intern_slice(&roll_up.slice).ok_or(RollUpError::NoRoom)?;
        let place = self.state.cells.place(slice).ok_or(RollUpError::NoRoom)?;
        self.state.cells.recall(place, quarter_of(roll_up.quarter_ms), sheet(roll_up));
        Ok(())
    }

    /// A slice by names.
    pub(in crate::engine) fn selector_of(&self, slice: &Slice) -> Selector {
        let state = &self.state;
        let label = slice.label().map(|label| state.labels.name(label));
        let named = |prefix| label.and_then(|label| label.strip_prefix(prefix)).map(str::to_owned);
        Selector {
            channel: slice.channel().map(|number| state.channels.name(number).to_owned()),
            queue: slice.queue().map(|number| state.queues.name(number).to_owned()),
            agent: slice.agent().map(|number| state.people.name(number).to_owned()),
            kind: slice.medium(),
            priority: slice.priority(),
            public: slice.public(),
            topic: slice.topic().map(|number| state.topics.name(number).to_owned()),
            policy: named(POLICY),
            dimension: named(DIMENSION),
        }
    }

    fn intern_slice(&mut self, selector: &Selector) -> Option<Slice> {
        let mut asked = Asked::new();
        if let Some(name) = &selector.channel {
            asked = asked.channel(Some(self.channel(name)?));
        }
        if let Some(name) = &selector.queue {
            let queue = self.queue(Some(name));
            asked = asked.queue(Some(queue).filter(|it| *it != NO_QUEUE || name.is_empty()));
        }
        if let Some(name) = &selector.agent {
            asked = asked.agent(Some(self.state.people.intern(name, PEOPLE_MAX)?));
        }
        if let Some(name) = &selector.topic {
            asked = asked.topic(Some(self.state.topics.intern(name, TOPICS_MAX)?));
        }
        if let Some(label) = label_of(selector) {
            asked = asked.label(Some(self.state.labels.intern(&label, LABELS_MAX)?));
        }
        let asked = asked.medium(selector.kind).priority(selector.priority);
        Some(asked.public(selector.public).0)
    }
}

/// The label that a selector asks for.
pub(in crate::engine) fn label_of(selector: &Selector) -> Option<String> {
    let policy = selector.policy.as_ref().map(|name| format!("{POLICY}{name}"));
    policy.or_else(|| selector.dimension.as_ref().map(|name| format!("{DIMENSION}{name}")))
}

fn roll_up(slice: Selector, quarter: i64, sheet: &QuarterCounts) -> RollUp {
    let counts = sheet.counts.counts.iter().filter_map(|(number, count)| {
        let field = Field::ALL.get(usize::from(*number))?;
        Some((field.name().to_owned(), i64::from(*count)))
    });
    let sums = sheet.counts.sums.iter().filter_map(|(number, value)| {
        let sum = Sum::ALL.get(usize::from(*number))?;
        Some((sum.name().to_owned(), *value))
    });
    let lengths_ms = sheet.lengths.each().map(|(length, bins)| {
        let bins = bins.into_iter().map(|(bin, count)| (Histogram::shortest_ms(bin), count));
        (length.name().to_owned(), bins.collect())
    });
    RollUp {
        quarter_ms: quarter * QUARTER_MS,
        slice,
        counts: counts.collect(),
        sums: sums.collect(),
        lengths_ms: lengths_ms.collect(),
    }
}

/// Names that this version does not know are left out.
fn sheet(roll_up: &RollUp) -> QuarterCounts {
    let counts = roll_up.counts.iter().filter_map(|(name, count)| {
        Some((Field::from_name(name)? as u8, i32::try_from(*count).unwrap_or(i32::MAX)))
    });
    let sums = roll_up.sums.iter();
    let sums = sums.filter_map(|(name, value)| Some((Sum::from_name(name)? as u8, *value)));
    let lengths = roll_up.lengths_ms.iter();
    let lengths = lengths.filter_map(|(name, bins)| {
        let bins = bins.iter().map(|(length_ms, count)| (Histogram::bin(*length_ms), *count));
        Some((Length::from_name(name)?, Histogram::unpacked(bins.collect())))
    });
    let counts = Sparse { counts: counts.collect(), sums: sums.collect() };
    let mut sheet = QuarterCounts::new(counts, lengths);
    // They came in the order of their names.
    sheet.counts.counts.sort_unstable();
    sheet.counts.sums.sort_unstable();
    sheet
}
