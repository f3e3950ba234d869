//! Counts, sums and distributions of many short spans of time, in one row.
//!
//! Most cells see little in a bucket of 5 s or a quarter of an hour, and there are many of all
//! three: lists for each would cost more than what is in them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::quarter_counts::{Lengths, QuarterCounts};
use super::totals::Moved;
use crate::engine::counting::{Field, Histogram, Length, Sum, Tally};

/// A span's number since 1970, and what is counted in it: 39 bits, 2 for which kind of item, 7 for
/// which one, and 16 for the bin of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) struct Key(u64);

const FIELD: u64 = 0;
const SUM: u64 = 1;
const LENGTH: u64 = 2;
const KIND_SHIFT: u32 = NUMBER_SHIFT + 7;
const NUMBER_SHIFT: u32 = 16;
const SPAN_SHIFT: u32 = KIND_SHIFT + 2;

const _: () = assert!(Field::COUNT <= 128 && Sum::COUNT <= 128);

impl Key {
    fn new(span: i64, kind: u64, number: u8, bin: u16) -> Key {
        let number = u64::from(number) << NUMBER_SHIFT;
        Key(Key::first_of(span).0 | kind << KIND_SHIFT | number | u64::from(bin))
    }

    /// No key of the span is less.
    pub(in crate::engine) fn first_of(span: i64) -> Key {
        Key(span.max(0).unsigned_abs() << SPAN_SHIFT)
    }

    /// The same thing counted in another span.
    pub(in crate::engine) fn at(self, span: i64) -> Key {
        Key(Key::first_of(span).0 | self.0 & ((1 << SPAN_SHIFT) - 1))
    }

    /// A field, by its number; of no span yet.
    pub(in crate::engine) fn field(number: u8) -> Key {
        Key::new(0, FIELD, number, 0)
    }

    /// A sum; of no span yet.
    pub(in crate::engine) fn sum(sum: Sum) -> Key {
        Key::new(0, SUM, sum as u8, 0)
    }

    /// A length that falls into that bin; of no span yet.
    pub(in crate::engine) fn length(length: Length, bin: u16) -> Key {
        Key::new(0, LENGTH, length as u8, bin)
    }

    /// Of a number that changed in the span.
    pub(in crate::engine) fn moved(span: i64, what: Moved) -> Key {
        match what {
            Moved::Field(field) => Key::new(span, FIELD, field, 0),
            Moved::Sum(sum) => Key::new(span, SUM, sum, 0),
        }
    }

    pub(in crate::engine) fn span(self) -> i64 {
        (self.0 >> SPAN_SHIFT).cast_signed()
    }

    pub(in crate::engine) fn what(self) -> What {
        let number = (self.0 >> NUMBER_SHIFT & 0x7f) as usize;
        let what = match self.0 >> KIND_SHIFT & 0b11 {
            FIELD => Field::ALL.get(number).map(|field| What::Field(*field)),
            SUM => Sum::ALL.get(number).map(|sum| What::Sum(*sum)),
            LENGTH => Length::ALL.get(number).map(|length| What::Length(*length, self.0 as u16)),
            _ => None,
        };
        what.unwrap_or(What::Unknown)
    }
}

/// What a key counts.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum What {
    Field(Field),
    Sum(Sum),
    /// Lengths that fell into that bin.
    Length(Length, u16),
    Unknown,
}

/// A key, and how much was counted.
pub(in crate::engine) type Row = (Key, i64);

/// Room for so many more, and a quarter of the list beside: there are many such lists, and twice as
/// much room as is needed would be much.
pub(in crate::engine) fn make_room<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more + list.len() / 4);
    }
}

/// The rows of what was counted in one span.
pub(in crate::engine) fn rows_of(span: i64, sheet: &QuarterCounts) -> impl Iterator<Item = Row> {
    let counts = sheet.counts.counts.iter();
    let counts =
        counts.map(move |(field, count)| (Key::new(span, FIELD, *field, 0), i64::from(*count)));
    let sums = sheet.counts.sums.iter();
    let sums = sums.map(move |(sum, value)| (Key::new(span, SUM, *sum, 0), *value));
    counts.chain(sums).chain(lengths_of(span, &sheet.lengths))
}

/// The rows of the distributions of one span.
pub(in crate::engine) fn lengths_of(span: i64, lengths: &Lengths) -> impl Iterator<Item = Row> {
    lengths.rows().iter().map(move |(length, bin, count)| {
        (Key::new(span, LENGTH, *length as u8, *bin), i64::from(*count))
    })
}

/// The other way round; the rows are of one span, and in order.
pub(in crate::engine) fn sheet_of<'a>(rows: impl Iterator<Item = &'a Row>) -> QuarterCounts {
    let mut sheet = QuarterCounts::default();
    let mut lengths = Vec::new();
    for (key, amount) in rows {
        match key.what() {
            What::Field(field) => sheet.counts.count(field, *amount),
            What::Sum(sum) => sheet.counts.lengthen(sum, *amount),
            What::Length(length, bin) => {
                lengths.extend(u32::try_from(*amount).ok().map(|count| (length, bin, count)));
            }
            What::Unknown => {}
        }
    }
    sheet.lengths = Lengths::of_rows(lengths);
    sheet
}

/// The part of sorted rows that belongs to those spans.
pub(in crate::engine) fn between(rows: &[Row], spans: Range<i64>) -> &[Row] {
    let from = rows.partition_point(|(key, _)| *key < Key::first_of(spans.start));
    let to = rows.partition_point(|(key, _)| *key < Key::first_of(spans.end));
    &rows[from..to.max(from)]
}

/// Adds rows up.
pub(in crate::engine) fn add_counts<'a>(rows: impl Iterator<Item = &'a Row>, tally: &mut Tally) {
    for (key, amount) in rows {
        match key.what() {
            What::Field(field) => tally.count(field, *amount),
            What::Sum(sum) => tally.lengthen(sum, *amount),
            What::Length(..) | What::Unknown => {}
        }
    }
}

/// How a length was distributed in rows.
pub(in crate::engine) fn lengths<'a>(
    rows: impl Iterator<Item = &'a Row>,
    length: Length,
) -> Histogram {
    let bins = rows.filter_map(|(key, count)| match key.what() {
        What::Length(of, bin) if of == length => Some((bin, *count)),
        _ => None,
    });
    Histogram::summed(bins.collect())
}
