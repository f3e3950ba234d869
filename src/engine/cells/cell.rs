//! What is counted of one slice: the last hour, today, five weeks by quarter hour, all time, and who
//! waits.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::correction::{Correction, Other};
use super::counts::CellCounts;
use super::last_hour::LastHour;
use super::longest::Longest;
use super::quarters::RecalledFields;
use super::slice::{Axes, Slice};
use super::visit_days::VisitDays;
use super::waiters::Waiters;
use crate::engine::counting::{Field, Histogram, Item, Length, Tally};
use crate::engine::ids::{Class, Standing};
use crate::engine::moment::{BUCKET_MS, Moment, QUARTER_MS, STEPS, step_of};
use crate::event::{Awaits, Millis, UnixMs};
use crate::scope::Window;

/// Buckets of a quarter of an hour.
const PER_QUARTER: i64 = QUARTER_MS / BUCKET_MS;

/// Everything that is counted of one slice. Laid out as written, by how often it is needed and by
/// what is needed together: an event finds most of its cells in far memory, and waits for each line
/// of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[repr(C, align(64))]
pub(in crate::engine) struct Cell {
    /// Where somebody asked for sliding windows.
    last_hour: Option<LastHour>,
    pub(in crate::engine) counts: CellCounts,
    /// Stays of each class, all time: which KPIs make sense here.
    pub(in crate::engine) voice: i64,
    pub(in crate::engine) written: i64,
    pub(in crate::engine) slice: Slice,
    /// How many of a policy's promises break when, to the second, if nothing happens before.
    deadlines: BTreeMap<UnixMs, u32>,
    /// A policy's clocks that run now, by how they stand; where the slice fixes no policy, those
    /// of the policies for complaints.
    standing: [u32; Standing::COUNT],
    longest_today: Longest,
    /// Callers in line and customers without a reply.
    pub(in crate::engine) waiters: Waiters,
    /// Contacts that wait for somebody who is not us, by what they wait for.
    awaited: [u32; Awaits::ALL.len()],
    /// Most who waited at once, by step of the last hour; only of channel with queue.
    peaks: Vec<u32>,
    /// The newest step that they are written down for: in all later ones as many waited as wait
    /// now.
    peaks_head: i64,
    pub(in crate::engine) visits: VisitDays,
    /// What its roll-ups tell of the time before this engine's memory.
    #[serde(skip)]
    pub(in crate::engine) recalled: RecalledFields,
}

impl Cell {
    /// `live`: with the last hour.
    pub(in crate::engine) fn new(slice: Slice, live: bool) -> Self {
        let is_base = slice.axes() == Axes::BASE;
        Cell {
            slice,
            last_hour: live.then(LastHour::default),
            counts: CellCounts::new(is_base),
            longest_today: Longest::default(),
            peaks: if is_base { vec![0; STEPS] } else { Vec::new() },
            peaks_head: 0,
            waiters: Waiters::default(),
            standing: [0; Standing::COUNT],
            awaited: [0; Awaits::ALL.len()],
            deadlines: BTreeMap::new(),
            voice: 0,
            written: 0,
            visits: VisitDays::default(),
            recalled: RecalledFields::default(),
        }
    }

    /// Counts what changes at one time.
    pub(super) fn count(&mut self, moment: &Moment, correction: &Correction) {
        for other in &correction.others {
            self.change(moment, correction.at_ms, other);
        }
        if correction.waits {
            self.move_peaks(moment.step());
        }
        if !correction.rows.is_empty() {
            self.counts.count(moment, correction);
            self.count_recent(moment, correction);
        }
        if correction.waits {
            let waiting = self.waiting();
            if let Some(peak) = self.peaks.get_mut(slot(moment.step())) {
                *peak = (*peak).max(waiting);
            }
        }
    }

    /// Counts it in the last hour only: the rest knows it.
    pub(super) fn count_recent(&mut self, moment: &Moment, correction: &Correction) {
        if let Some(last_hour) = &mut self.last_hour {
            last_hour.count(moment, correction.at_ms, &correction.rows);
        }
    }

    /// Sorts what was counted lately.
    pub(super) fn put_in_order(&mut self, moment: &Moment) {
        if let Some(last_hour) = &mut self.last_hour {
            last_hour.put_in_order(moment);
        }
    }

    /// How many wait now.
    pub(in crate::engine) fn waiting(&self) -> u32 {
        u32::try_from(self.counts.totals.total(Field::Waiting)).unwrap_or_default()
    }

    /// Changes a number that belongs to no quarter.
    fn change(&mut self, moment: &Moment, at_ms: UnixMs, other: &Other) {
        let count = i32::try_from(other.delta()).unwrap_or_default();
        match other.item {
            Item::Stay(Class::Voice) => self.voice += other.delta(),
            Item::Stay(Class::Written) => self.written += other.delta(),
            Item::Standing(standing) => {
                let held = &mut self.standing[standing as usize];
                *held = held.saturating_add_signed(count);
            }
            Item::Deadline => {
                let held = self.deadlines.entry(at_ms).or_default();
                *held = held.saturating_add_signed(count);
                if *held == 0 {
                    self.deadlines.remove(&at_ms);
                }
            }
            Item::Longest if moment.is_today(at_ms) => {
                self.longest_today.change(other.amount, other.sign);
            }
            Item::Visit => self.visits.count(at_ms, count, 0),
            Item::Revisited => self.visits.count(at_ms, 0, count),
            Item::Longest => {}
        }
    }

    /// As many have waited in every step since as wait now.
    fn move_peaks(&mut self, head: i64) {
        if !self.peaks.is_empty() {
            let waiting = self.waiting();
            for step in (self.peaks_head + 1..=head).rev().take(STEPS) {
                self.peaks[slot(step)] = waiting;
            }
        }
        self.peaks_head = head;
    }

    pub(in crate::engine) fn count_awaited(&mut self, awaits: Awaits, sign: i32) {
        let held = &mut self.awaited[awaits as usize];
        *held = held.saturating_add_signed(sign);
    }

    pub(in crate::engine) fn awaited(&self, awaits: Awaits) -> u32 {
        self.awaited[awaits as usize]
    }

    /// When the next of a policy's promises breaks, if nothing happens before.
    pub(in crate::engine) fn deadline_ms(&self) -> Option<UnixMs> {
        self.deadlines.keys().next().copied()
    }

    /// How many of a policy's promises break when, the next first.
    pub(in crate::engine) fn deadlines(&self) -> impl Iterator<Item = (UnixMs, u32)> + '_ {
        self.deadlines.iter().map(|(due_ms, count)| (*due_ms, *count))
    }

    pub(in crate::engine) fn standing(&self, standing: Standing) -> u32 {
        self.standing[standing as usize]
    }

    /// Keeps the last hour from now on.
    pub(in crate::engine) fn keep_recent(&mut self) {
        self.last_hour.get_or_insert_default();
    }

    /// Nothing has to be done with it when the quarter of an hour is over.
    pub(in crate::engine) fn is_at_rest(&self, moment: &Moment) -> bool {
        self.counts.is_at_rest(moment)
    }

    /// A quarter of an hour, or a day, has begun. Cells at rest learn of it only when a day
    /// begins.
    pub(in crate::engine) fn turn(&mut self, from: &Moment, to: &Moment) {
        if from.day_start_ms != to.day_start_ms {
            self.longest_today = Longest::default();
        }
        if let Some(last_hour) = &mut self.last_hour {
            last_hour.let_go(to);
        }
        self.counts.turn(from, to);
        self.visits.advance(to.now_ms);
    }

    /// Counts of a window: of the last minutes, or (any other) of today.
    pub(in crate::engine) fn tally(&self, moment: &Moment, window: Window) -> Tally {
        match moment.first_bucket(window) {
            Some(first) => self.last_tally(moment, first..moment.head + 1),
            None => self.counts.today(),
        }
    }

    /// How a length was distributed in a window.
    pub(in crate::engine) fn lengths(
        &self,
        moment: &Moment,
        length: Length,
        window: Window,
    ) -> Histogram {
        match moment.first_bucket(window) {
            Some(first) => self.stretch_lengths(moment, length, first..moment.head + 1),
            None => self.counts.today_lengths(moment, length),
        }
    }

    /// Buckets of the last hour that are whole steps: their counts, and the most who waited at
    /// once.
    pub(in crate::engine) fn stretch(&self, moment: &Moment, buckets: Range<i64>) -> (Tally, u32) {
        let last = step_of(buckets.end - 1).min(moment.step());
        let steps = step_of(buckets.start).max(last - STEPS as i64 + 1)..=last;
        let waiting = self.waiting();
        let peak = |step: i64| match self.peaks.get(slot(step)) {
            Some(peak) if step <= self.peaks_head => *peak,
            Some(_) => waiting,
            None => 0,
        };
        let peak = steps.map(peak).max().unwrap_or_default();
        (self.last_tally(moment, buckets), peak)
    }

    fn last_tally(&self, moment: &Moment, buckets: Range<i64>) -> Tally {
        let Some(last_hour) = &self.last_hour else { return Tally::default() };
        let parts = Parts::of(moment, buckets);
        let mut tally = self.counts.counts(moment, parts.quarters);
        for buckets in parts.buckets {
            last_hour.add_counts(buckets, &mut tally);
        }
        tally
    }

    /// How a length was distributed in a part of the last hour.
    pub(in crate::engine) fn stretch_lengths(
        &self,
        moment: &Moment,
        length: Length,
        buckets: Range<i64>,
    ) -> Histogram {
        let Some(last_hour) = &self.last_hour else { return Histogram::default() };
        let parts = Parts::of(moment, buckets);
        let mut bins = self.counts.lengths(moment, length, parts.quarters);
        for buckets in parts.buckets {
            bins.merge(&last_hour.lengths(buckets, length));
        }
        bins
    }

    /// The longest wait that ended today.
    pub(in crate::engine) fn longest_today_ms(&self) -> Option<Millis> {
        self.longest_today.longest_ms()
    }
}

/// A row of buckets as quarters of an hour that it covers whole, and the buckets before and after
/// them.
struct Parts {
    quarters: Range<i64>,
    buckets: [Range<i64>; 2],
}

impl Parts {
    fn of(moment: &Moment, buckets: Range<i64>) -> Parts {
        let Range { start, end } = buckets;
        let first = start.div_euclid(PER_QUARTER) + i64::from(start.rem_euclid(PER_QUARTER) > 0);
        // Of the quarter under way, there is nothing after the bucket under way.
        let last = match end > moment.head {
            true => moment.quarter() + 1,
            false => end.div_euclid(PER_QUARTER),
        };
        if first >= last {
            return Parts { quarters: 0..0, buckets: [start..end, 0..0] };
        }
        Parts {
            quarters: first..last,
            buckets: [start..first * PER_QUARTER, last * PER_QUARTER..end],
        }
    }
}

fn slot(step: i64) -> usize {
    step.rem_euclid(STEPS as i64) as usize
}
