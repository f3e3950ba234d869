//! Something countable along the last hour: buckets of 15 s, running sums for the sliding
//! windows, and today.
//!
//! Only buckets in which something was counted are held, and only what was counted in them. Running sums make reading a window one
//! copy and are kept where every contact is counted; elsewhere the few buckets are summed up.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::day::{BUCKETS, Moment};
use crate::event::UnixMs;
use crate::kpi::value::Window;

/// The sliding windows' lengths in buckets.
const SLIDING: [(Window, usize); 4] =
    [(Window::Min5, 20), (Window::Min15, 60), (Window::Min30, 120), (Window::Min60, BUCKETS)];

/// How many buckets a sliding window has.
pub(super) fn buckets_of(window: Window) -> Option<usize> {
    SLIDING.iter().find(|(of, _)| *of == window).map(|(_, buckets)| *buckets)
}

/// What parts can be added to and taken away from again.
pub(super) trait Summable: Clone + Default {
    /// What one bucket holds.
    type Part: Clone + Default;

    fn add(&mut self, part: &Self::Part);
    fn subtract(&mut self, part: &Self::Part);
}

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(
    serialize = "T: Serialize, T::Part: Serialize",
    deserialize = "T: Deserialize<'de>, T::Part: Deserialize<'de>"
))]
pub(super) struct Timeline<T: Summable> {
    /// By number since 1970, oldest first. Those older than an hour may still be among them.
    buckets: VecDeque<(i64, T::Part)>,
    sliding: Option<Box<[T; SLIDING.len()]>>,
    today: T,
    /// The newest bucket with which something leaves a sliding window; earlier ones change
    /// nothing.
    #[serde(skip)]
    next_leaving: i64,
}

impl<T: Summable> Timeline<T> {
    /// `running`: keep a running sum for each sliding window.
    pub(super) fn new(running: bool) -> Self {
        Timeline {
            buckets: VecDeque::new(),
            sliding: running.then(Box::default),
            today: T::default(),
            next_leaving: i64::MAX,
        }
    }

    /// Changes everything that covers `at_ms`: sums and the bucket.
    pub(super) fn change(
        &mut self,
        moment: &Moment,
        at_ms: UnixMs,
        change: impl Fn(&mut T),
        change_part: impl FnOnce(&mut T::Part),
    ) {
        if moment.is_today(at_ms) {
            change(&mut self.today);
        }
        let Some(age) = moment.age(at_ms) else { return };
        let number = moment.head - age as i64;
        change_part(self.bucket(number));
        if let Some(sliding) = &mut self.sliding {
            self.next_leaving = self.next_leaving.min(Self::leaving(number, moment.head));
            for (sum, (_, buckets)) in sliding.iter_mut().zip(SLIDING) {
                if age < buckets {
                    change(sum);
                }
            }
        }
    }

    /// With which newest bucket a bucket leaves the first window that it has not left yet.
    fn leaving(number: i64, head: i64) -> i64 {
        let leaving = SLIDING.iter().map(|(_, buckets)| number + *buckets as i64);
        leaving.filter(|leaving| *leaving > head).min().unwrap_or(i64::MAX)
    }

    fn bucket(&mut self, number: i64) -> &mut T::Part {
        let place = match self.buckets.back() {
            Some((newest, _)) if *newest == number => self.buckets.len() - 1,
            Some((newest, _)) if *newest > number => {
                match self.buckets.binary_search_by_key(&number, |(held, _)| *held) {
                    Ok(place) => place,
                    Err(place) => {
                        self.buckets.insert(place, (number, T::Part::default()));
                        place
                    }
                }
            }
            _ => {
                self.buckets.push_back((number, T::Part::default()));
                self.buckets.len() - 1
            }
        };
        &mut self.buckets[place].1
    }

    /// Lets go of what leaves the windows on the way from one moment to the next.
    pub(super) fn advance(&mut self, from: &Moment, to: &Moment) {
        if to.day_start_ms != from.day_start_ms {
            self.today = T::default();
        }
        if to.head - from.head >= BUCKETS as i64 {
            self.buckets.clear();
            self.next_leaving = i64::MAX;
            if let Some(sliding) = &mut self.sliding {
                **sliding = Default::default();
            }
            return;
        }
        if self.sliding.is_some() && to.head < self.next_leaving {
            return;
        }
        if let Some(sliding) = &mut self.sliding {
            for (sum, (_, buckets)) in sliding.iter_mut().zip(SLIDING) {
                let leaving = |head: i64| head - buckets as i64;
                let first = self.buckets.partition_point(|(n, _)| *n <= leaving(from.head));
                for (number, bucket) in self.buckets.range(first..) {
                    if *number > leaving(to.head) {
                        break;
                    }
                    sum.subtract(bucket);
                }
            }
        }
        let oldest = to.head - BUCKETS as i64;
        while self.buckets.front().is_some_and(|(number, _)| *number <= oldest) {
            self.buckets.pop_front();
        }
        let next = SLIDING.iter().filter_map(|(_, buckets)| {
            let first = self.buckets.partition_point(|(n, _)| *n <= to.head - *buckets as i64);
            self.buckets.get(first).map(|(number, _)| number + *buckets as i64)
        });
        self.next_leaving = next.min().unwrap_or(i64::MAX);
    }

    /// What is counted in a window: of the last minutes, or (any other) of today.
    pub(super) fn window(&self, moment: &Moment, window: Window) -> T {
        let Some(index) = SLIDING.iter().position(|(of, _)| *of == window) else {
            return self.today.clone();
        };
        match &self.sliding {
            Some(sliding) => sliding[index].clone(),
            None => self.stretch(moment, SLIDING[index].1 - 1, 0),
        }
    }

    /// The buckets from `oldest` ago to `newest` ago.
    pub(super) fn stretch(&self, moment: &Moment, oldest: usize, newest: usize) -> T {
        let mut sum = T::default();
        let first = self.buckets.partition_point(|(n, _)| *n < moment.head - oldest as i64);
        for (number, bucket) in self.buckets.range(first..) {
            if *number > moment.head - newest as i64 {
                break;
            }
            sum.add(bucket);
        }
        sum
    }
}
