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

/// Rows for which room is made at once.
const ROWS_MORE: usize = 8;

const _: () = assert!(COUNT < NOWHERE as usize);

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

/// One number, in milliseconds where it is a sum.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Row {
    number: u8,
    total: i64,
    before_quarter: i64,
    before_today: i64,
}

/// Counts and sums of all time, and what they were when the quarter and the day began.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Stored")]
#[repr(C)]
pub(in crate::engine) struct RunningTotals {
    /// In the order in which they first occurred.
    rows: Vec<Row>,
    /// What is shown of a field beyond the truth, for counters that may never go down: a
    /// correction (a call turns out to belong to another queue) lowers what is true, and what is
    /// shown waits until the truth has caught up. Hardly ever anything.
    ahead: Vec<(u8, i64)>,
    /// By number: its row.
    places: [u8; COUNT],
}

/// As it stands in a snapshot.
type Stored = (Vec<Row>, Vec<(u8, i64)>);

impl Serialize for RunningTotals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.rows, &self.ahead).serialize(serializer)
    }
}

impl From<Stored> for RunningTotals {
    fn from((rows, ahead): Stored) -> Self {
        let mut places = [NOWHERE; COUNT];
        for (place, row) in (0..).zip(&rows) {
            places.get_mut(usize::from(row.number)).into_iter().for_each(|held| *held = place);
        }
        RunningTotals { rows, ahead, places }
    }
}

impl Default for RunningTotals {
    fn default() -> Self {
        RunningTotals { rows: Vec::new(), ahead: Vec::new(), places: [NOWHERE; COUNT] }
    }
}

/// The number of a field, or of a sum.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum Moved {
    Field(u8),
    Sum(u8),
}

/// When something was: in the quarter under way, today.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct When {
    pub(in crate::engine) is_now: bool,
    pub(in crate::engine) is_today: bool,
}

impl RunningTotals {
    fn row(&mut self, number: Number) -> &mut Row {
        let place = &mut self.places[usize::from(number.0)];
        if *place == NOWHERE {
            *place = self.rows.len() as u8;
            if self.rows.len() == self.rows.capacity() {
                self.rows.reserve_exact(ROWS_MORE);
            }
            let Number(number) = number;
            self.rows.push(Row { number, total: 0, before_quarter: 0, before_today: 0 });
        }
        &mut self.rows[usize::from(*place)]
    }

    /// Changes a count or a sum.
    pub(in crate::engine) fn add(&mut self, number: Number, delta: i64, when: When) {
        let row = self.row(number);
        row.total = row.total.saturating_add(delta);
        if !when.is_now {
            row.before_quarter = row.before_quarter.saturating_add(delta);
        }
        if !when.is_today {
            row.before_today = row.before_today.saturating_add(delta);
        }
    }

    /// Changes a field, which may be shown as a counter.
    pub(in crate::engine) fn count(&mut self, field: Field, delta: i64, when: When) {
        self.add(field.into(), delta, when);
        // Who waits is no counter: they come and go.
        if field != Field::Waiting && (delta < 0 || !self.ahead.is_empty()) {
            Sparse::change(&mut self.ahead, field as u8, |ahead| *ahead = (*ahead - delta).max(0));
        }
    }

    /// How many, all time.
    pub(in crate::engine) fn total(&self, field: Field) -> i64 {
        let place = self.places[field as usize];
        self.rows.get(usize::from(place)).map_or(0, |row| row.total)
    }

    /// How many, all time, as a counter: it never goes down.
    pub(in crate::engine) fn shown(&self, field: Field) -> u64 {
        let ahead = self.ahead.iter().find(|(number, _)| *number == field as u8);
        let shown = self.total(field) + ahead.map_or(0, |(_, ahead)| *ahead);
        u64::try_from(shown).unwrap_or_default()
    }

    /// Nothing is counted.
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.total == 0)
    }

    /// How many numbers occurred.
    pub(in crate::engine) fn len(&self) -> usize {
        self.rows.len()
    }

    /// What was counted in the quarter under way, in no order.
    pub(in crate::engine) fn moved(&self) -> impl Iterator<Item = (Moved, i64)> {
        let more = |row: &Row| row.total.saturating_sub(row.before_quarter);
        let moved = self.rows.iter().filter(move |row| more(row) != 0);
        moved.map(move |row| match row.number.checked_sub(Field::COUNT as u8) {
            None => (Moved::Field(row.number), more(row)),
            Some(sum) => (Moved::Sum(sum), more(row)),
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
        for row in &self.rows {
            today.set(row.number, row.total.saturating_sub(row.before_today));
        }
        today
    }

    /// A quarter of an hour has begun.
    pub(in crate::engine) fn begin_quarter(&mut self) {
        self.rows.iter_mut().for_each(|row| row.before_quarter = row.total);
    }

    /// In the quarter that has just begun, that much had been counted already.
    pub(in crate::engine) fn begin_with(&mut self, counted: &Sparse) {
        let counts = counted.counts.iter().map(|(field, count)| (*field, i64::from(*count)));
        let sums = counted.sums.iter().map(|(sum, value)| (Field::COUNT as u8 + sum, *value));
        for (number, value) in counts.chain(sums).filter(|(it, _)| usize::from(*it) < COUNT) {
            let row = self.row(Number(number));
            row.before_quarter = row.before_quarter.saturating_sub(value);
        }
    }

    /// A day has begun.
    pub(in crate::engine) fn begin_day(&mut self) {
        self.rows.iter_mut().for_each(|row| row.before_today = row.total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: When = When { is_now: true, is_today: true };

    #[test]
    fn one_number_is_counted_for_all_time_the_day_and_the_quarter() {
        let mut numbers = RunningTotals::default();
        numbers.count(Field::Spam, 3, When { is_now: false, is_today: false });
        numbers.count(Field::Offered, 2, When { is_now: false, is_today: true });
        numbers.count(Field::Offered, 1, NOW);
        numbers.add(Sum::Rating.into(), 900, NOW);
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
        numbers.count(Field::Answered, 5, NOW);
        numbers.count(Field::Answered, -2, NOW);
        assert_eq!((numbers.total(Field::Answered), numbers.shown(Field::Answered)), (3, 5));
        numbers.count(Field::Answered, 3, NOW);
        assert_eq!((numbers.total(Field::Answered), numbers.shown(Field::Answered)), (6, 6));
    }
}
