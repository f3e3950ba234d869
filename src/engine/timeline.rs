//! Something countable along the last hour: buckets of 15 s, running sums for the sliding
//! windows, and today.
//!
//! Only buckets in which something was counted are held. Running sums make reading a window one
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

/// What can be added up and taken away again.
pub(super) trait Summable: Clone + Default {
    fn add(&mut self, other: &Self);
    fn subtract(&mut self, other: &Self);
}

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Timeline<T> {
    /// By number since 1970, oldest first.
    buckets: VecDeque<(i64, Box<T>)>,
    sliding: Option<Box<[T; SLIDING.len()]>>,
    today: T,
}

impl<T: Summable> Timeline<T> {
    /// `running`: keep a running sum for each sliding window.
    pub(super) fn new(running: bool) -> Self {
        Timeline {
            buckets: VecDeque::new(),
            sliding: running.then(Box::default),
            today: T::default(),
        }
    }

    /// Changes everything that covers `at_ms`.
    pub(super) fn change(&mut self, moment: &Moment, at_ms: UnixMs, change: impl Fn(&mut T)) {
        if moment.is_today(at_ms) {
            change(&mut self.today);
        }
        let Some(age) = moment.age(at_ms) else { return };
        change(self.bucket(moment.head - age as i64));
        if let Some(sliding) = &mut self.sliding {
            for (sum, (_, buckets)) in sliding.iter_mut().zip(SLIDING) {
                if age < buckets {
                    change(sum);
                }
            }
        }
    }

    fn bucket(&mut self, number: i64) -> &mut T {
        let place = match self.buckets.back() {
            Some((newest, _)) if *newest == number => self.buckets.len() - 1,
            Some((newest, _)) if *newest > number => {
                match self.buckets.binary_search_by_key(&number, |(held, _)| *held) {
                    Ok(place) => place,
                    Err(place) => {
                        self.buckets.insert(place, (number, Box::default()));
                        place
                    }
                }
            }
            _ => {
                self.buckets.push_back((number, Box::default()));
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
            if let Some(sliding) = &mut self.sliding {
                **sliding = Default::default();
            }
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
