//! What Tablica's own metrics were lately: all that alerts ask for, and no more.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// Labels of a series, without the metric's name.
pub(crate) type Labels = BTreeMap<String, String>;
/// A moment in milliseconds since 1970.
pub(crate) type Ms = i64;

/// Of what is older only one value in some minutes is kept: long ranges alone ask for it. What nobody asks
/// for is not kept for so long.
pub(super) const FINE_MS: Ms = 3_600_000;
const COARSE_MS: Ms = 300_000;
/// Values that come closer together than that replace each other, however often somebody looks.
const CLOSEST_MS: Ms = 5_000;

/// How far back each metric is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted(BTreeMap<String, Ms>);

impl Wanted {
    /// Somebody asks for the metric as it was so long ago.
    pub(crate) fn add(&mut self, metric: &str, back_ms: Ms) {
        let known = self.0.entry(metric.to_owned()).or_default();
        *known = (*known).max(back_ms);
    }

    /// Whether anybody asks for it.
    pub(crate) fn has(&self, metric: &str) -> bool {
        self.0.contains_key(metric)
    }

    /// How far back it is asked for.
    pub(crate) fn back_ms(&self, metric: &str) -> Option<Ms> {
        self.0.get(metric).copied()
    }
}

/// A value at a moment; none where the series ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Point {
    /// When.
    pub(crate) at_ms: Ms,
    /// How much.
    pub(crate) value: Option<f64>,
}

/// One series.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Series {
    /// Its labels.
    pub(crate) labels: Labels,
    coarse: VecDeque<Point>,
    fine: VecDeque<Point>,
}

impl Series {
    fn push(&mut self, point: Point, back_ms: Ms) {
        let one_before = self.fine.len().checked_sub(2).and_then(|at| self.fine.get(at));
        let is_close = one_before.is_some_and(|it| point.at_ms - it.at_ms < CLOSEST_MS);
        // A counter that begins anew was at its last value: that must not be lost.
        if is_close && self.fine.back().is_some_and(|last| point.value >= last.value) {
            self.fine.pop_back();
        }
        self.fine.push_back(point);
        let fine_ms = FINE_MS.min(back_ms);
        while self.fine.front().is_some_and(|it| it.at_ms < point.at_ms - fine_ms) {
            let Some(old) = self.fine.pop_front() else { break };
            if back_ms <= FINE_MS {
                continue;
            }
            if self.coarse.back().is_none_or(|last| old.at_ms - last.at_ms >= COARSE_MS) {
                self.coarse.push_back(old);
            }
        }
        while self.coarse.front().is_some_and(|it| it.at_ms < point.at_ms - back_ms) {
            self.coarse.pop_front();
        }
    }

    /// Its points in a stretch of time, both ends in it, the oldest first.
    pub(crate) fn points(
        &self,
        from_ms: Ms,
        to_ms: Ms,
    ) -> impl DoubleEndedIterator<Item = Point> + '_ {
        let first = |points: &VecDeque<Point>| points.partition_point(|it| it.at_ms < from_ms);
        let (coarse, fine) = (first(&self.coarse), first(&self.fine));
        let points = self.coarse.range(coarse..).chain(self.fine.range(fine..));
        points.copied().filter(move |it| it.at_ms <= to_ms)
    }

    /// The same, but one in five minutes only: a long range has as many points of its last hour as of
    /// any other, so that a mean or a line is not that of the last hour.
    pub(crate) fn even_points(&self, from_ms: Ms, to_ms: Ms) -> impl Iterator<Item = Point> + '_ {
        let mut last_ms = None;
        self.points(from_ms, to_ms).filter(move |point| {
            let is_kept = last_ms.is_none_or(|last| point.at_ms - last >= COARSE_MS);
            if is_kept {
                last_ms = Some(point.at_ms);
            }
            is_kept
        })
    }

    /// The clock was set back: what lies ahead of it is no longer known.
    fn set_back(&mut self, now_ms: Ms) {
        self.coarse.retain(|it| it.at_ms <= now_ms);
        self.fine.retain(|it| it.at_ms <= now_ms);
    }

    fn newest(&self) -> Option<Point> {
        self.fine.back().or(self.coarse.back()).copied()
    }
}

/// Series by metric, as they are kept on disk.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept(Vec<(String, Vec<Series>)>);

/// All series that are asked for.
#[derive(Clone, Debug)]
pub(crate) struct History {
    wanted: Wanted,
    series: HashMap<String, BTreeMap<Labels, Series>>,
    /// How many series there are, and may be.
    count: usize,
    max: usize,
    /// Values of series beyond that since the last look.
    left_out: usize,
}

impl History {
    /// An empty one that keeps what is wanted, of so many series at most.
    pub(crate) fn new(wanted: Wanted, max: usize) -> Self {
        Self { wanted, series: HashMap::new(), count: 0, max, left_out: 0 }
    }

    /// The clock was set back.
    pub(crate) fn set_back(&mut self, now_ms: Ms) {
        for series in self.series.values_mut().flat_map(BTreeMap::values_mut) {
            series.set_back(now_ms);
        }
    }

    /// May have so many series from now on. Those that it has stay.
    pub(crate) fn limit_to(&mut self, max: usize) {
        self.max = max;
    }

    /// How many series were left out since this was asked last.
    pub(crate) fn take_left_out(&mut self) -> usize {
        std::mem::take(&mut self.left_out)
    }

    /// What an earlier run knew, of what is wanted now.
    pub(crate) fn take_up(&mut self, kept: Kept) {
        for (metric, series) in kept.0 {
            if self.wanted.has(&metric) {
                let series = series.into_iter().map(|it| (it.labels.clone(), it));
                let series: BTreeMap<Labels, Series> = series.collect();
                self.count += series.len();
                self.series.insert(metric, series);
            }
        }
    }

    /// All of it, for a later run.
    pub(crate) fn to_keep(&self) -> Kept {
        let all = self.series.iter();
        Kept(all.map(|(name, of)| (name.clone(), of.values().cloned().collect())).collect())
    }

    /// Whether a metric is kept.
    pub(crate) fn keeps(&self, metric: &str) -> bool {
        self.wanted.has(metric)
    }

    /// Adds a value; of a metric that nobody asks for it is dropped.
    pub(crate) fn push(&mut self, metric: &str, labels: Labels, at_ms: Ms, value: f64) {
        self.put(metric, labels, Point { at_ms, value: Some(value) });
    }

    /// The series has ended.
    #[cfg(test)]
    pub(crate) fn end(&mut self, metric: &str, labels: Labels, at_ms: Ms) {
        self.put(metric, labels, Point { at_ms, value: None });
    }

    fn put(&mut self, metric: &str, labels: Labels, point: Point) {
        let Some(back_ms) = self.wanted.back_ms(metric) else { return };
        let of_metric = self.series.entry(metric.to_owned()).or_default();
        if !of_metric.contains_key(&labels) {
            if self.count >= self.max {
                self.left_out += 1;
                return;
            }
            self.count += 1;
        }
        let series = of_metric.entry(labels).or_insert_with_key(|labels| Series {
            labels: labels.clone(),
            coarse: VecDeque::new(),
            fine: VecDeque::new(),
        });
        series.push(point, back_ms);
    }

    /// All values of a moment are in: series without one have ended, and those that ended long ago are
    /// forgotten.
    pub(crate) fn close(&mut self, at_ms: Ms, mut is_of: impl FnMut(&str) -> bool) {
        for (metric, of_metric) in &mut self.series {
            if !is_of(metric) {
                continue;
            }
            let back_ms = self.wanted.back_ms(metric).unwrap_or_default();
            let before = of_metric.len();
            of_metric.retain(|_, series| match series.newest() {
                Some(newest) => newest.at_ms >= at_ms - back_ms,
                None => false,
            });
            self.count -= before - of_metric.len();
            for series in of_metric.values_mut() {
                if series.newest().is_some_and(|it| it.at_ms < at_ms && it.value.is_some()) {
                    series.push(Point { at_ms, value: None }, back_ms);
                }
            }
        }
    }

    /// The series of a metric, in the order of their labels.
    pub(crate) fn of(&self, metric: &str) -> impl Iterator<Item = &Series> {
        self.series.get(metric).into_iter().flat_map(|it| it.values())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(queue: &str) -> Labels {
        Labels::from([("queue".to_owned(), queue.to_owned())])
    }

    fn history(back_ms: Ms) -> History {
        let mut wanted = Wanted::default();
        wanted.add("waiting", back_ms);
        History::new(wanted, 100)
    }

    #[test]
    fn what_nobody_asks_for_is_not_kept() {
        let mut history = history(0);
        history.push("offered", labels("sales"), 0, 1.0);
        history.push("waiting", labels("sales"), 0, 1.0);
        assert_eq!((history.of("offered").count(), history.of("waiting").count()), (0, 1));
    }

    #[test]
    fn of_what_is_older_than_an_hour_one_point_in_five_minutes_stays_as_long_as_asked_for() {
        let mut history = history(2 * FINE_MS);
        for minute in 0..=240 {
            history.push("waiting", labels("sales"), minute * 60_000, minute as f64);
        }
        let series = history.of("waiting").next().expect("it");
        let minutes: Vec<Ms> = series.points(0, Ms::MAX).map(|it| it.at_ms / 60_000).collect();
        // The last hour whole, and five-minute steps of the hour before.
        let expected: Vec<Ms> = (120..180).step_by(5).chain(180..=240).collect();
        assert_eq!(minutes, expected);
        let part: Vec<Ms> =
            series.points(170 * 60_000, 182 * 60_000).map(|it| it.at_ms / 60_000).collect();
        assert_eq!(part, [170, 175, 180, 181, 182]);
        let newest = series.points(0, 182 * 60_000).next_back().map(|it| it.at_ms / 60_000);
        assert_eq!(newest, Some(182));
    }

    #[test]
    fn after_the_clock_was_set_back_nothing_lies_ahead() {
        let mut history = history(FINE_MS);
        for minute in 0..60 {
            history.push("waiting", labels("sales"), minute * 60_000, 1.0);
        }
        history.set_back(30 * 60_000);
        history.push("waiting", labels("sales"), 31 * 60_000, 1.0);
        let series = history.of("waiting").next().expect("it");
        let minutes: Vec<Ms> = series.points(0, Ms::MAX).map(|it| it.at_ms / 60_000).collect();
        assert_eq!(minutes, (0..=31).collect::<Vec<_>>());
    }

    #[test]
    fn however_often_somebody_looks_a_series_has_a_point_in_five_seconds() {
        let mut history = history(FINE_MS);
        for second in 0..=60 {
            history.push("waiting", labels("sales"), second * 1000, second as f64);
        }
        let series = history.of("waiting").next().expect("it");
        let points: Vec<Point> = series.points(0, Ms::MAX).collect();
        assert!((12..=17).contains(&points.len()), "{points:?}");
        assert_eq!(points.last().and_then(|it| it.value), Some(60.0));
    }

    #[test]
    fn a_long_range_is_evenly_sampled() {
        let mut history = history(2 * FINE_MS);
        for minute in 0..=120 {
            history.push("waiting", labels("sales"), minute * 60_000, 1.0);
        }
        let series = history.of("waiting").next().expect("it");
        let even: Vec<Ms> = series.even_points(0, Ms::MAX).map(|it| it.at_ms / 60_000).collect();
        assert_eq!(even, (0..=120).step_by(5).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_asked_for_over_minutes_is_kept_for_minutes() {
        let mut history = history(300_000);
        for minute in 0..=60 {
            history.push("waiting", labels("sales"), minute * 60_000, 1.0);
        }
        assert_eq!(history.of("waiting").next().expect("it").points(0, Ms::MAX).count(), 6);
    }

    #[test]
    fn series_beyond_the_limit_are_left_out_and_counted() {
        let mut wanted = Wanted::default();
        wanted.add("waiting", 60_000);
        let mut history = History::new(wanted, 2);
        for at_ms in [0, 15_000] {
            for queue in ["a", "b", "c"] {
                history.push("waiting", labels(queue), at_ms, 1.0);
            }
        }
        assert_eq!((history.of("waiting").count(), history.take_left_out()), (2, 2));
        // One that has ended makes room when it is forgotten.
        history.push("waiting", labels("a"), FINE_MS, 1.0);
        history.close(FINE_MS, |_| true);
        history.push("waiting", labels("c"), FINE_MS, 1.0);
        assert_eq!((history.of("waiting").count(), history.take_left_out()), (2, 0));
    }

    #[test]
    fn a_series_without_a_value_has_ended_and_is_forgotten_when_nobody_can_ask_for_it() {
        let mut history = history(60_000);
        for (at_ms, queues) in [(0, &["sales", "care"][..]), (15_000, &["care"])] {
            for queue in queues {
                history.push("waiting", labels(queue), at_ms, 1.0);
            }
            history.close(at_ms, |_| true);
        }
        let ended = |history: &History, queue: &str| {
            let series = history.of("waiting").find(|it| it.labels == labels(queue)).cloned();
            series.map(|it| it.newest().is_some_and(|it| it.value.is_none()))
        };
        assert_eq!((ended(&history, "sales"), ended(&history, "care")), (Some(true), Some(false)));
        history.push("waiting", labels("care"), 120_000, 1.0);
        history.close(120_000, |_| true);
        assert_eq!((ended(&history, "sales"), ended(&history, "care")), (None, Some(false)));
    }
}
