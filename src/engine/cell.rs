//! The books of one queue on one channel: a ring of buckets, running sums for each window,
//! today, all time, and who waits.
//!
//! Reading any window is one copy; the price is paid when a bucket leaves a window.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::day::{BUCKETS, Moment};
use super::fact::QueueId;
use super::longest::Longest;
use super::machine::{Class, Outcome};
use super::posting::Posting;
use super::rules::Promises;
use super::tally::{Field, Sum, Tally, Totals};
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Window;

/// The sliding windows' lengths in buckets.
const SLIDING: [(Window, usize); 4] =
    [(Window::Min5, 20), (Window::Min15, 60), (Window::Min30, 120), (Window::Min60, BUCKETS)];

/// How many buckets a sliding window has.
pub(super) fn buckets_of(window: Window) -> Option<usize> {
    SLIDING.iter().find(|(of, _)| *of == window).map(|(_, buckets)| *buckets)
}

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Cell {
    pub(super) channel: u16,
    pub(super) queue: QueueId,
    pub(super) promises: Promises,
    /// Most who waited at once, by bucket.
    peaks: Vec<u32>,
    ring: Vec<Tally>,
    sliding: [Tally; SLIDING.len()],
    today: Tally,
    pub(super) totals: Totals,
    /// First response times, likewise; no ring until there is one.
    response_ring: Vec<Bins>,
    response_sliding: [Bins; SLIDING.len()],
    response_today: Bins,
    pub(super) longest_today: Longest,
    /// Calls in line and customers without a reply, the longest waiting first.
    pending: BTreeSet<(UnixMs, u64)>,
    pub(super) waiting: u32,
    /// Of the pending: in writing.
    pub(super) unanswered: u32,
    /// Stays of each class, all time: which KPIs make sense here.
    pub(super) voice: i64,
    pub(super) written: i64,
}

impl Cell {
    pub(super) fn new(channel: u16, queue: QueueId, promises: Promises) -> Self {
        Cell {
            channel,
            queue,
            promises,
            peaks: vec![0; BUCKETS],
            ring: vec![Tally::default(); BUCKETS],
            sliding: Default::default(),
            today: Tally::default(),
            totals: Totals::default(),
            response_ring: Vec::new(),
            response_sliding: Default::default(),
            response_today: Bins::default(),
            longest_today: Longest::default(),
            pending: BTreeSet::new(),
            waiting: 0,
            unanswered: 0,
            voice: 0,
            written: 0,
        }
    }

    /// Counts something that happened at `at_ms`; `delta` −1 takes it back.
    pub(super) fn count(&mut self, moment: &Moment, at_ms: UnixMs, field: Field, delta: i32) {
        self.totals.count(field, delta);
        self.each_tally(moment, at_ms, |tally| tally.count(field, delta));
    }

    fn each_tally(&mut self, moment: &Moment, at_ms: UnixMs, change: impl Fn(&mut Tally)) {
        if moment.is_today(at_ms) {
            change(&mut self.today);
        }
        if let Some(age) = moment.age(at_ms) {
            change(&mut self.ring[slot(moment.head - age as i64)]);
            for (sum, (_, buckets)) in self.sliding.iter_mut().zip(SLIDING) {
                if age < buckets {
                    change(sum);
                }
            }
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
        self.post_offered(moment, posting, delta);
        self.post_decided(moment, posting, delta);
        if let Some((at_ms, length_ms)) = posting.response {
            self.count(moment, at_ms, Field::Responses, delta);
            self.lengthen(moment, at_ms, Sum::Response, length_ms * i64::from(delta));
            self.post_response(moment, at_ms, length_ms, delta);
        }
        if let Some((at_ms, length_ms)) = posting.bot_response {
            self.count(moment, at_ms, Field::BotResponses, delta);
            self.lengthen(moment, at_ms, Sum::BotResponse, length_ms * i64::from(delta));
        }
    }

    fn post_offered(&mut self, moment: &Moment, posting: &Posting, delta: i32) {
        let at_ms = posting.offered_at_ms;
        self.count(moment, at_ms, Field::Offered, delta);
        if posting.first {
            self.count(moment, at_ms, Field::Contacts, delta);
        }
        match posting.outcome {
            Outcome::Waiting => {
                self.count(moment, at_ms, Field::Waiting, delta);
                self.waiting = self.waiting.saturating_add_signed(delta);
                let peak = &mut self.peaks[slot(moment.head)];
                *peak = (*peak).max(self.waiting);
            }
            Outcome::Answered => {
                self.count(moment, at_ms, Field::Answered, delta);
                let wait_ms = posting.wait_ms * i64::from(delta);
                self.lengthen(moment, at_ms, Sum::WaitAnswered, wait_ms);
            }
            Outcome::Abandoned => {
                self.count(moment, at_ms, Field::Abandoned, delta);
                if posting.within_short {
                    self.count(moment, at_ms, Field::AbandonedShort, delta);
                }
            }
            Outcome::FlowedOut(flow) => {
                self.count(moment, at_ms, Field::FlowedOut, delta);
                self.count(moment, at_ms, flow.field(), delta);
            }
        }
        if posting.outcome != Outcome::Waiting && moment.is_today(posting.outcome_at_ms) {
            self.longest_today.change(posting.wait_ms, delta);
        }
    }

    fn post_decided(&mut self, moment: &Moment, posting: &Posting, delta: i32) {
        let Some(at_ms) = posting.decided_at_ms else { return };
        self.count(moment, at_ms, Field::Decided, delta);
        match posting.outcome {
            Outcome::Waiting => {}
            Outcome::Answered => {
                self.count(moment, at_ms, Field::DecidedAnswered, delta);
                if posting.within_threshold {
                    self.count(moment, at_ms, Field::DecidedInTime, delta);
                }
            }
            Outcome::Abandoned => {
                self.count(moment, at_ms, Field::DecidedAbandoned, delta);
                if posting.within_threshold {
                    self.count(moment, at_ms, Field::DecidedAbandonedInTime, delta);
                }
                if posting.within_short {
                    self.count(moment, at_ms, Field::DecidedAbandonedShort, delta);
                }
            }
            Outcome::FlowedOut(_) => {
                self.count(moment, at_ms, Field::DecidedFlowedOut, delta);
            }
        }
    }

    fn lengthen(&mut self, moment: &Moment, at_ms: UnixMs, sum: Sum, delta_ms: Millis) {
        self.each_tally(moment, at_ms, |tally| tally.lengthen(sum, delta_ms));
    }

    fn post_response(&mut self, moment: &Moment, at_ms: UnixMs, length_ms: Millis, delta: i32) {
        let change = |bins: &mut Bins| {
            if delta > 0 { bins.add(length_ms) } else { bins.remove(length_ms) }
        };
        if moment.is_today(at_ms) {
            change(&mut self.response_today);
        }
        if let Some(age) = moment.age(at_ms) {
            self.response_ring.resize_with(BUCKETS, Bins::default);
            change(&mut self.response_ring[slot(moment.head - age as i64)]);
            for (bins, (_, buckets)) in self.response_sliding.iter_mut().zip(SLIDING) {
                if age < buckets {
                    change(bins);
                }
            }
        }
    }

    pub(super) fn start_pending(&mut self, since_ms: UnixMs, contact: u64, class: Class) {
        if self.pending.insert((since_ms, contact)) && class == Class::Written {
            self.unanswered += 1;
        }
    }

    pub(super) fn stop_pending(&mut self, since_ms: UnixMs, contact: u64, class: Class) {
        if self.pending.remove(&(since_ms, contact)) && class == Class::Written {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
    }

    /// Contacts that wait, the longest waiting first.
    pub(super) fn pending(&self) -> impl Iterator<Item = (UnixMs, u64)> {
        self.pending.iter().copied()
    }

    /// Lets go of what leaves the windows on the way from one moment to the next.
    pub(super) fn advance(&mut self, from: &Moment, to: &Moment) {
        if to.day_start_ms != from.day_start_ms {
            self.today = Tally::default();
            self.response_today.clear();
            self.longest_today = Longest::default();
        }
        if to.head - from.head >= BUCKETS as i64 {
            self.forget_the_hour();
            return;
        }
        for head in from.head + 1..=to.head {
            for (index, (_, buckets)) in SLIDING.into_iter().enumerate() {
                let leaving = slot(head - buckets as i64);
                self.sliding[index].subtract(&self.ring[leaving]);
                if let Some(bins) = self.response_ring.get(leaving) {
                    self.response_sliding[index].subtract(bins);
                }
            }
            self.ring[slot(head)] = Tally::default();
            if let Some(bins) = self.response_ring.get_mut(slot(head)) {
                bins.clear();
            }
            self.peaks[slot(head)] = self.waiting;
        }
    }

    /// An hour has passed at once: nothing in the ring is of this hour.
    fn forget_the_hour(&mut self) {
        self.ring.fill(Tally::default());
        self.sliding = Default::default();
        self.response_ring.clear();
        self.response_sliding = Default::default();
        self.peaks.fill(self.waiting);
    }

    pub(super) fn tally(&self, window: Window) -> Tally {
        match SLIDING.iter().position(|(of, _)| *of == window) {
            Some(index) => self.sliding[index],
            None => self.today,
        }
    }

    pub(super) fn responses(&self, window: Window) -> &Bins {
        match SLIDING.iter().position(|(of, _)| *of == window) {
            Some(index) => &self.response_sliding[index],
            None => &self.response_today,
        }
    }

    /// The buckets from `oldest` ago to `newest` ago: their counts, and the most who waited at
    /// once.
    pub(super) fn stretch(&self, moment: &Moment, oldest: usize, newest: usize) -> (Tally, u32) {
        let (mut tally, mut peak) = (Tally::default(), 0);
        for age in newest..=oldest.min(BUCKETS - 1) {
            let slot = slot(moment.head - age as i64);
            tally.add(&self.ring[slot]);
            peak = peak.max(self.peaks[slot]);
        }
        (tally, peak)
    }

    /// Likewise their first response times.
    pub(super) fn stretch_responses(&self, moment: &Moment, oldest: usize, newest: usize) -> Bins {
        let mut bins = Bins::default();
        for age in newest..=oldest.min(BUCKETS - 1) {
            if let Some(held) = self.response_ring.get(slot(moment.head - age as i64)) {
                bins.merge(held);
            }
        }
        bins
    }
}

fn slot(bucket: i64) -> usize {
    bucket.rem_euclid(BUCKETS as i64) as usize
}
