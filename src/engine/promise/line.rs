//! Open time along the wall clock's line: every day has 24 hours, every week seven days.
//!
//! A moment of the line is what the wall shows, in milliseconds since the Monday before 1970
//! began there; so weeks divide it. Weeks are alike but for the days of exceptions, which are
//! listed with the open time before them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::config::model::{MINUTES_PER_DAY, Span};
use crate::event::Millis;

const MINUTE_MS: Millis = 60_000;
const DAY_MS: Millis = 86_400_000;
const WEEK_DAYS: i64 = 7;
const WEEK_MS: Millis = WEEK_DAYS * DAY_MS;

/// Day 0 of the line, the last Monday before 1970.
const FIRST_DAY: Date = date(1969, 12, 29);
/// From there to 1970.
const FIRST_DAY_TO_1970_MS: Millis = 3 * DAY_MS;

/// The open time of every day, by the clock on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) struct Line {
    /// From Monday on.
    week: [Day; 7],
    /// Open time of the week before each of its days.
    week_before_ms: [Millis; 7],
    week_open_ms: Millis,
    /// By day.
    exceptions: Vec<Exception>,
}

/// A day that is not like its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Exception {
    /// Number of the day on the line.
    number: i64,
    day: Day,
    open_before_ms: Millis,
    /// How much more open time there was by its end than in weeks without exceptions.
    correction_ms: Millis,
}

impl Line {
    pub(in crate::engine) fn new(
        hours: &[Vec<Span>; 7],
        exceptions: &BTreeMap<Date, Vec<Span>>,
    ) -> Self {
        let week: [Day; 7] =
            std::array::from_fn(|weekday| Day::new(&hours[(weekday + 6) % 7], &hours[weekday]));
        let mut week_open_ms = 0;
        let week_before_ms = std::array::from_fn(|weekday| {
            let before_ms = week_open_ms;
            week_open_ms += week[weekday].open_ms;
            before_ms
        });
        let mut line = Line { week, week_before_ms, week_open_ms, exceptions: Vec::new() };
        let hours_of = |date: Date| {
            let weekday = number_of(date).rem_euclid(WEEK_DAYS) as usize;
            exceptions.get(&date).unwrap_or(&hours[weekday])
        };
        // The night of an exception reaches into the day after it.
        let next = |date: &Date| date.checked_add(1.day()).ok();
        let dates: BTreeSet<Date> =
            exceptions.keys().copied().chain(exceptions.keys().filter_map(next)).collect();
        for date in dates {
            let Ok(yesterday) = date.checked_sub(1.day()) else { continue };
            let day = Day::new(hours_of(yesterday), hours_of(date));
            line.except(number_of(date), day);
        }
        line
    }

    /// Adds a day later than all exceptions so far.
    fn except(&mut self, number: i64, day: Day) {
        let as_usual = self.day(number);
        if day == *as_usual {
            return;
        }
        let more_ms = day.open_ms - as_usual.open_ms;
        let correction_ms = more_ms + self.exceptions.last().map_or(0, |last| last.correction_ms);
        let open_before_ms = self.open_before(number * DAY_MS - FIRST_DAY_TO_1970_MS);
        self.exceptions.push(Exception { number, day, open_before_ms, correction_ms });
    }

    pub(in crate::engine) fn is_always_open(&self) -> bool {
        self.week_open_ms == WEEK_MS && self.exceptions.is_empty()
    }

    pub(in crate::engine) fn is_open(&self, local_ms: Millis) -> bool {
        let (number, rest_ms) = split(local_ms);
        self.day(number).closes(rest_ms).is_some()
    }

    /// Open time between the line's beginning and a moment, negative before that.
    pub(in crate::engine) fn open_before(&self, local_ms: Millis) -> Millis {
        let (number, rest_ms) = split(local_ms);
        let passed = self.exceptions.partition_point(|exception| exception.number < number);
        let correction_ms = match passed.checked_sub(1) {
            Some(last) => self.exceptions[last].correction_ms,
            None => 0,
        };
        let weekday = number.rem_euclid(WEEK_DAYS) as usize;
        let day = match self.exceptions.get(passed) {
            Some(exception) if exception.number == number => &exception.day,
            _ => &self.week[weekday],
        };
        number.div_euclid(WEEK_DAYS) * self.week_open_ms
            + self.week_before_ms[weekday]
            + correction_ms
            + day.open_before(rest_ms)
    }

    /// The first moment with so much open time before it.
    pub(in crate::engine) fn reaches(&self, open_ms: Millis) -> Option<Millis> {
        let begun = self.exceptions.partition_point(|day| day.open_before_ms < open_ms);
        let mut correction_ms = 0;
        if let Some(last) = begun.checked_sub(1) {
            let Exception { number, ref day, open_before_ms, .. } = self.exceptions[last];
            if let Some(rest_ms) = day.reaches(open_ms - open_before_ms) {
                return join(number, rest_ms);
            }
            correction_ms = self.exceptions[last].correction_ms;
        }
        if self.week_open_ms == 0 {
            return None;
        }
        // Weeks without exceptions until then.
        let open_ms = open_ms.checked_sub(correction_ms)?;
        let week = open_ms.checked_sub(1)?.div_euclid(self.week_open_ms);
        let open_ms = open_ms - week * self.week_open_ms;
        let weekday = self.week_before_ms.partition_point(|before_ms| *before_ms < open_ms) - 1;
        let rest_ms = self.week[weekday].reaches(open_ms - self.week_before_ms[weekday])?;
        join(week.checked_mul(WEEK_DAYS)?.checked_add(weekday as i64)?, rest_ms)
    }

    /// When it closes, if it is open and ever closes.
    pub(in crate::engine) fn closes(&self, local_ms: Millis) -> Option<Millis> {
        let (mut number, mut rest_ms) = split(local_ms);
        loop {
            match self.day(number).closes(rest_ms) {
                None => return join(number, rest_ms),
                Some(DAY_MS) => (number, rest_ms) = (self.next_other(number)?, 0),
                Some(closes_ms) => return join(number, closes_ms),
            }
        }
    }

    /// The next day that may differ from this one, which is open to its end.
    fn next_other(&self, number: i64) -> Option<i64> {
        if self.week_open_ms < WEEK_MS {
            return Some(number + 1);
        }
        let next = self.exceptions.partition_point(|exception| exception.number <= number);
        self.exceptions.get(next).map(|exception| exception.number)
    }

    fn day(&self, number: i64) -> &Day {
        match self.exceptions.binary_search_by_key(&number, |exception| exception.number) {
            Ok(index) => &self.exceptions[index].day,
            Err(_) => &self.week[number.rem_euclid(WEEK_DAYS) as usize],
        }
    }
}

fn number_of(date: Date) -> i64 {
    date.duration_since(FIRST_DAY).as_hours() / 24
}

/// The day's number and the time of that day.
fn split(local_ms: Millis) -> (i64, Millis) {
    let since_ms = local_ms + FIRST_DAY_TO_1970_MS;
    (since_ms.div_euclid(DAY_MS), since_ms.rem_euclid(DAY_MS))
}

fn join(number: i64, rest_ms: Millis) -> Option<Millis> {
    number.checked_mul(DAY_MS)?.checked_add(rest_ms - FIRST_DAY_TO_1970_MS)
}

/// The hours between two midnights.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Day {
    /// Opens, closes: in order, apart from each other.
    spans: Vec<(Millis, Millis)>,
    open_ms: Millis,
}

impl Day {
    /// A day's own hours, and those of the day before that last into it.
    fn new(yesterday: &[Span], today: &[Span]) -> Self {
        let own = today.iter().map(|span| (span.opens_min, span.closes_min.min(MINUTES_PER_DAY)));
        let night =
            yesterday.iter().map(|span| (0, span.closes_min.saturating_sub(MINUTES_PER_DAY)));
        let mut all: Vec<(Millis, Millis)> = own
            .chain(night)
            .filter(|(opens_min, closes_min)| opens_min < closes_min)
            .map(|(opens, closes)| (i64::from(opens) * MINUTE_MS, i64::from(closes) * MINUTE_MS))
            .collect();
        all.sort_unstable();
        let mut spans: Vec<(Millis, Millis)> = Vec::with_capacity(all.len());
        for (opens_ms, closes_ms) in all {
            match spans.last_mut() {
                Some(last) if opens_ms <= last.1 => last.1 = last.1.max(closes_ms),
                _ => spans.push((opens_ms, closes_ms)),
            }
        }
        let open_ms = spans.iter().map(|(opens_ms, closes_ms)| closes_ms - opens_ms).sum();
        Day { spans, open_ms }
    }

    fn open_before(&self, rest_ms: Millis) -> Millis {
        let begun = self.spans.iter().take_while(|(opens_ms, _)| *opens_ms < rest_ms);
        begun.map(|(opens_ms, closes_ms)| rest_ms.min(*closes_ms) - opens_ms).sum()
    }

    /// The first time of the day with so much open time of the day before it.
    fn reaches(&self, mut open_ms: Millis) -> Option<Millis> {
        for (opens_ms, closes_ms) in &self.spans {
            if open_ms <= closes_ms - opens_ms {
                return Some(opens_ms + open_ms);
            }
            open_ms -= closes_ms - opens_ms;
        }
        None
    }

    /// When it closes, if it is open.
    fn closes(&self, rest_ms: Millis) -> Option<Millis> {
        let is_around =
            |(opens_ms, closes_ms): &&(Millis, Millis)| (*opens_ms..*closes_ms).contains(&rest_ms);
        self.spans.iter().find(is_around).map(|(_, closes_ms)| *closes_ms)
    }
}
