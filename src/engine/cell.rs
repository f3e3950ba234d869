//! The books of one slice: the last hour, today, five weeks by quarter hour, all time, and who
//! waits.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::day::{BUCKETS, Moment};
use super::entry::Entry;
use super::field::Length;
use super::longest::Longest;
use super::machine::{Class, Outcome};
use super::posting::Posting;
use super::promise::Standing;
use super::quarters::{Quarters, Recalled};
use super::slice::{Axes, Slice};
use super::tally::{Tally, Totals};
use super::timeline::Timeline;
use super::visits::VisitDays;
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Window;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cell {
    pub(super) slice: Slice,
    counts: Timeline<Tally>,
    /// Distributions of those lengths that occurred.
    lengths: Vec<(Length, Timeline<Bins>)>,
    pub(super) quarters: Quarters,
    pub(super) totals: Totals,
    /// Most who waited at once, by bucket; only of channel with queue.
    peaks: Vec<u32>,
    pub(super) longest_today: Longest,
    /// Calls in line and customers without a reply, the longest waiting first; and whether in
    /// writing.
    pending: BTreeSet<(UnixMs, u64, bool)>,
    pub(super) waiting: u32,
    /// Of the pending: in writing.
    pub(super) unanswered: u32,
    /// A policy's clocks that run now, by how they stand; where the slice fixes no policy, those
    /// of the policies for complaints.
    standing: [u32; Standing::COUNT],
    /// Stays of each class, all time: which KPIs make sense here.
    pub(super) voice: i64,
    pub(super) written: i64,
    pub(super) visits: VisitDays,
    /// What its roll-ups tell of the time before this engine's memory.
    #[serde(skip)]
    pub(super) recalled: Recalled,
}

impl Cell {
    pub(super) fn new(slice: Slice) -> Self {
        let is_base = slice.axes() == Axes::BASE;
        Cell {
            slice,
            counts: Timeline::new(is_base),
            lengths: Vec::new(),
            quarters: Quarters::default(),
            totals: Totals::default(),
            peaks: if is_base { vec![0; BUCKETS] } else { Vec::new() },
            longest_today: Longest::default(),
            pending: BTreeSet::new(),
            waiting: 0,
            unanswered: 0,
            standing: [0; Standing::COUNT],
            voice: 0,
            written: 0,
            visits: VisitDays::default(),
            recalled: Recalled::default(),
        }
    }

    /// Counts an entry; `delta` −1 takes it back.
    pub(super) fn count(&mut self, moment: &Moment, entry: &Entry<'_>, delta: i32) {
        for field in entry.fields {
            self.totals.count(*field, delta);
        }
        self.counts.change(
            moment,
            entry.at_ms,
            |tally| entry.count_in(tally, delta),
            |bucket| entry.count_in(bucket, delta),
        );
        let sheet = self.quarters.at(entry.at_ms, moment.now_ms);
        entry.count_in(&mut sheet.counts, delta);
        for (length, length_ms) in entry.lengths {
            let change = |bins: &mut Bins| {
                if delta > 0 { bins.add(*length_ms) } else { bins.remove(*length_ms) }
            };
            change(sheet.lengths_mut(*length));
            let timeline = timeline(&mut self.lengths, self.slice, *length);
            timeline.change(moment, entry.at_ms, change, change);
        }
    }

    /// Makes a posting (+1) or reverses it (−1).
    pub(super) fn post(&mut self, moment: &Moment, posting: &Posting, delta: i32) {
        match posting.class {
            Class::Voice => self.voice += i64::from(delta),
            Class::Written => self.written += i64::from(delta),
        }
        if !posting.offered {
            return;
        }
        posting.entries(&mut |entry| self.count(moment, entry, delta));
        if posting.outcome == Outcome::Waiting {
            self.waiting = self.waiting.saturating_add_signed(delta);
            if let Some(peak) = self.peaks.get_mut(slot(moment.head)) {
                *peak = (*peak).max(self.waiting);
            }
        } else if moment.is_today(posting.outcome_at_ms) {
            self.longest_today.change(posting.wait_ms, delta);
        }
    }

    pub(super) fn start_pending(&mut self, since_ms: UnixMs, contact: u64, class: Class) {
        let written = class == Class::Written;
        if self.pending.insert((since_ms, contact, written)) && written {
            self.unanswered += 1;
        }
    }

    pub(super) fn stop_pending(&mut self, since_ms: UnixMs, contact: u64, class: Class) {
        let written = class == Class::Written;
        if self.pending.remove(&(since_ms, contact, written)) && written {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
    }

    /// Contacts that wait, the longest waiting first.
    pub(super) fn pending(&self) -> impl Iterator<Item = (UnixMs, u64)> {
        self.pending.iter().map(|(since_ms, contact, _)| (*since_ms, *contact))
    }

    /// Written contacts whose customer has waited since before then.
    pub(super) fn unanswered_since(&self, before_ms: UnixMs) -> usize {
        let waited = self.pending.range(..(before_ms, 0, false));
        waited.filter(|(_, _, written)| *written).count()
    }

    /// One more (or fewer) of a policy's clocks stands so.
    pub(super) fn stand(&mut self, standing: Standing, delta: i32) {
        let count = &mut self.standing[standing as usize];
        *count = count.saturating_add_signed(delta);
    }

    pub(super) fn standing(&self, standing: Standing) -> u32 {
        self.standing[standing as usize]
    }

    /// Something in it has to move with every bucket. Of the others, a quarter of an hour is soon
    /// enough.
    pub(super) fn is_running(&self) -> bool {
        !self.peaks.is_empty()
    }

    /// Lets go of what leaves the windows on the way from one moment to the next.
    pub(super) fn advance(&mut self, from: &Moment, to: &Moment) {
        if to.day_start_ms != from.day_start_ms {
            self.longest_today = Longest::default();
        }
        self.counts.advance(from, to);
        for (_, timeline) in &mut self.lengths {
            timeline.advance(from, to);
        }
        if from.quarter() != to.quarter() {
            self.quarters.advance(to.now_ms);
            self.visits.advance(to.now_ms);
        }
        if !self.peaks.is_empty() {
            for head in (from.head + 1..=to.head).rev().take(BUCKETS) {
                self.peaks[slot(head)] = self.waiting;
            }
        }
    }

    pub(super) fn tally(&self, moment: &Moment, window: Window) -> Tally {
        self.counts.window(moment, window)
    }

    pub(super) fn lengths(&self, moment: &Moment, length: Length, window: Window) -> Bins {
        let held = self.lengths.iter().find(|(of, _)| *of == length);
        held.map(|(_, timeline)| timeline.window(moment, window)).unwrap_or_default()
    }

    /// The buckets from `oldest` ago to `newest` ago: their counts, and the most who waited at
    /// once.
    pub(super) fn stretch(&self, moment: &Moment, oldest: usize, newest: usize) -> (Tally, u32) {
        let ages = newest..=oldest.min(BUCKETS - 1);
        let peaks = ages.filter_map(|age| self.peaks.get(slot(moment.head - age as i64)));
        let peak = peaks.max().copied().unwrap_or_default();
        (self.counts.stretch(moment, oldest, newest), peak)
    }

    /// Likewise the distribution of a length.
    pub(super) fn stretch_lengths(
        &self,
        moment: &Moment,
        length: Length,
        oldest: usize,
        newest: usize,
    ) -> Bins {
        let held = self.lengths.iter().find(|(of, _)| *of == length);
        held.map(|(_, timeline)| timeline.stretch(moment, oldest, newest)).unwrap_or_default()
    }

    /// The longest wait that ended today.
    pub(super) fn longest_today_ms(&self) -> Option<Millis> {
        self.longest_today.longest_ms()
    }
}

fn timeline(
    lengths: &mut Vec<(Length, Timeline<Bins>)>,
    slice: Slice,
    length: Length,
) -> &mut Timeline<Bins> {
    let place = match lengths.iter().position(|(of, _)| *of == length) {
        Some(place) => place,
        None => {
            lengths.push((length, Timeline::new(slice.axes() == Axes::BASE)));
            lengths.len() - 1
        }
    };
    &mut lengths[place].1
}

fn slot(bucket: i64) -> usize {
    bucket.rem_euclid(BUCKETS as i64) as usize
}
