//! A cell's counts and sums: of all time, and what they were when the quarter of an hour and the
//! day began. So whatever happens now changes one number, and is counted three times.
//!
//! Only those are held that ever occurred there, side by side: most cells see a dozen of all that
//! can be counted, and there are many cells.

use serde::{Deserialize, Serialize, Serializer};

use crate::engine::counting::{Field, Sparse, Sum, Tally};

/// A field or a sum: fields first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Number(u8);

/// How many numbers there can be.
const COUNT: usize = Field::COUNT + Sum::COUNT;
/// The place of a number that never occurred.
const NOWHERE: u8 = u8::MAX;
/// Numbers for which room is made at once.
const MORE: usize = 8;

const _: () = assert!(COUNT < NOWHERE as usize);

impl Number {
    /// Of the field of that number.
    pub(super) fn of_field(field: u8) -> Number {
        Number(field)
    }
}

/// How many wait.
const WAITING: Number = Number(Field::Waiting as u8);

impl From<Field> for Number {
    fn from(field: Field) -> Number {
        Number(field as u8)
    }
}

impl From<Sum> for Number {
    fn from(sum: Sum) -> Number {
        Number(Field::COUNT as u8 + sum as u8)
    }
}

/// What a number was when the quarter and the day began.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Before {
    number: u8,
    quarter: i64,
    today: i64,
}

/// Counts and sums of all time, and what they were when the quarter and the day began. Sums are in
/// milliseconds.
///
/// What happens changes the counts of all time and hardly ever those of before. So the two are kept
/// apart: less memory is looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Stored")]
#[repr(C)]
pub(in crate::engine) struct RunningTotals {
    /// All time, in the order in which the numbers first occurred.
    totals: Vec<i64>,
    /// What is shown of a field beyond the truth, for counters that may never go down: a
    /// correction (a call turns out to belong to another queue) lowers what is true, and what is
    /// shown waits until the truth has caught up. Hardly ever anything.
    ahead: Vec<(u8, i64)>,
    /// By number: its place among the totals.
    places: [u8; COUNT],
    /// In the order of the totals.
    before: Vec<Before>,
}

/// As it stands in a snapshot.
type Stored = (Vec<i64>, Vec<Before>, Vec<(u8, i64)>);

impl Serialize for RunningTotals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.totals, &self.before, &self.ahead).serialize(serializer)
    }
}

impl From<Stored> for RunningTotals {
    fn from((mut totals, before, ahead): Stored) -> Self {
        let mut places = [NOWHERE; COUNT];
        for (place, before) in (0..).zip(&before) {
            places.get_mut(usize::from(before.number)).into_iter().for_each(|held| *held = place);
        }
        totals.resize(before.len(), 0);
        RunningTotals { totals, places, before, ahead }
    }
}

impl Default for RunningTotals {
    fn default() -> Self {
        RunningTotals {
            totals: Vec::new(),
            places: [NOWHERE; COUNT],
            before: Vec::new(),
            ahead: Vec::new(),
        }
    }
}

/// The number of a field, or of a sum.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum Moved {
    Field(u8),
    Sum(u8),
}

/// When something was: in the quarter under way, today.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine) struct When {
    pub(in crate::engine) is_now: bool,
    pub(in crate::engine) is_today: bool,
}

impl RunningTotals {
    /// Where a number stands, which it does from now on.
    fn place(&mut self, number: Number) -> usize {
        match self.places[usize::from(number.0)] {
            NOWHERE => self.make_place(number),
            place => usize::from(place),
        }
    }

    #[cold]
    fn make_place(&mut self, Number(number): Number) -> usize {
        let place = self.totals.len();
        if place == self.totals.capacity() {
            self.totals.reserve_exact(MORE);
            self.before.reserve_exact(MORE);
        }
        self.totals.push(0);
        self.before.push(Before { number, quarter: 0, today: 0 });
        self.places[usize::from(number)] = place as u8;
        place
    }

    /// It was so much more when the quarter, or the day, began.
    #[cold]
    fn add_before(&mut self, place: usize, delta: i64, when: When) {
        let before = &mut self.before[place];
        if !when.is_now {
            before.quarter = before.quarter.saturating_add(delta);
        }
        if !when.is_today {
            before.today = before.today.saturating_add(delta);
        }
    }

    /// Changes a count, which may be shown as a counter, or a sum.
    pub(in crate::engine) fn count(&mut self, number: Number, delta: i64, when: When) {
        let place = self.place(number);
        let total = &mut self.totals[place];
        *total = total.saturating_add(delta);
        if !(when.is_now && when.is_today) {
            self.add_before(place, delta, when);
        }
        // Who waits is no counter: they come and go.
        let is_counter = usize::from(number.0) < Field::COUNT && number != WAITING;
        if (delta < 0 || !self.ahead.is_empty()) && is_counter {
            Sparse::change(&mut self.ahead, number.0, |ahead| *ahead = (*ahead - delta).max(0));
        }
    }

    /// How many, all time.
    pub(in crate::engine) fn total(&self, field: Field) -> i64 {
        let place = self.places[field as usize];
        self.totals.get(usize::from(place)).copied().unwrap_or_default()
    }

    /// How many, all time, as a counter: it never goes down.
    pub(in crate::engine) fn shown(&self, field: Field) -> u64 {
        let ahead = self.ahead.iter().find(|(number, _)| *number == field as u8);
        let shown = self.total(field) + ahead.map_or(0, |(_, ahead)| *ahead);
        u64::try_from(shown).unwrap_or_default()
    }

    /// Nothing is counted.
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.totals.iter().all(|total| *total == 0)
    }

    /// What was counted in the quarter under way, in no order.
    pub(in crate::engine) fn moved(&self) -> impl Iterator<Item = (Moved, i64)> {
        let moved = self.totals.iter().zip(&self.before).filter_map(|(total, before)| {
            let more = total.saturating_sub(before.quarter);
            (more != 0).then_some((before.number, more))
        });
        moved.map(|(number, more)| match number.checked_sub(Field::COUNT as u8) {
            None => (Moved::Field(number), more),
            Some(sum) => (Moved::Sum(sum), more),
        })
    }

    /// What was counted in the quarter under way, in order.
    pub(in crate::engine) fn under_way(&self) -> Sparse {
        let mut sparse = Sparse::default();
        for (what, more) in self.moved() {
            match what {
                // Of a quarter of an hour, which is far below 2^31.
                Moved::Field(field) => {
                    sparse.counts.push((field, i32::try_from(more).unwrap_or(i32::MAX)));
                }
                Moved::Sum(sum) => sparse.sums.push((sum, more)),
            }
        }
        sparse.counts.sort_unstable();
        sparse.sums.sort_unstable();
        sparse
    }

    /// What was counted today.
    pub(in crate::engine) fn today(&self) -> Tally {
        let mut today = Tally::default();
        for (total, before) in self.totals.iter().zip(&self.before) {
            today.set(before.number, total.saturating_sub(before.today));
        }
        today
    }

    /// A quarter of an hour has begun.
    pub(in crate::engine) fn begin_quarter(&mut self) {
        for (before, total) in self.before.iter_mut().zip(&self.totals) {
            before.quarter = *total;
        }
    }

    /// In the quarter that has just begun, that much had been counted already.
    pub(in crate::engine) fn begin_with(&mut self, counted: &Sparse) {
        let counts = counted.counts.iter().map(|(field, count)| (*field, i64::from(*count)));
        let sums = counted.sums.iter().map(|(sum, value)| (Field::COUNT as u8 + sum, *value));
        for (number, value) in counts.chain(sums).filter(|(it, _)| usize::from(*it) < COUNT) {
            let place = self.place(Number(number));
            let before = &mut self.before[place];
            before.quarter = before.quarter.saturating_sub(value);
        }
    }

    /// A day has begun.
    pub(in crate::engine) fn begin_day(&mut self) {
        for (before, total) in self.before.iter_mut().zip(&self.totals) {
            before.today = *total;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: When = When { is_now: true, is_today: true };

    #[test]
    fn one_number_is_counted_for_all_time_the_day_and_the_quarter() {
        let mut numbers = RunningTotals::default();
        numbers.count(Field::Spam.into(), 3, When { is_now: false, is_today: false });
        numbers.count(Field::Offered.into(), 2, When { is_now: false, is_today: true });
        numbers.count(Field::Offered.into(), 1, NOW);
        numbers.count(Sum::Rating.into(), 900, NOW);
        assert_eq!((numbers.total(Field::Offered), numbers.total(Field::Spam)), (3, 3));
        let today = numbers.today();
        assert_eq!((today.get(Field::Offered), today.get(Field::Spam)), (3, 0));
        assert_eq!(today.sum_ms(Sum::Rating), 900);
        let quarter = numbers.under_way();
        assert_eq!(quarter.counts, [(Field::Offered as u8, 1)]);
        assert_eq!(quarter.sums, [(Sum::Rating as u8, 900)]);
        numbers.begin_quarter();
        assert!(numbers.under_way().is_empty());
        numbers.begin_day();
        assert!(numbers.today().is_empty() && !numbers.is_empty());
    }

    #[test]
    fn what_is_shown_never_goes_down() {
        let mut numbers = RunningTotals::default();
        numbers.count(Field::Answered.into(), 5, NOW);
        numbers.count(Field::Answered.into(), -2, NOW);
        assert_eq!((numbers.total(Field::Answered), numbers.shown(Field::Answered)), (3, 5));
        numbers.count(Field::Answered.into(), 3, NOW);
        assert_eq!((numbers.total(Field::Answered), numbers.shown(Field::Answered)), (6, 6));
    }
}
