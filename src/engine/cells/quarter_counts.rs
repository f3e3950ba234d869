//! Counts and distributions of a quarter of an hour. Zeros are left out.

use serde::{Deserialize, Serialize};

use crate::engine::counting::{Histogram, Length, Sparse};

/// What was counted in one quarter of an hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct QuarterCounts {
    pub(in crate::engine) counts: Sparse,
    pub(in crate::engine) lengths: Lengths,
}

impl QuarterCounts {
    /// Of counts, and of distributions in whatever order.
    pub(in crate::engine) fn new(
        counts: Sparse,
        lengths: impl Iterator<Item = (Length, Histogram)>,
    ) -> Self {
        QuarterCounts { counts, lengths: Lengths::unpacked(lengths) }
    }

    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.lengths.0.is_empty()
    }
}

/// How lengths were distributed: how many of each fell in which bin. One row, sorted: there are
/// few in a quarter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct Lengths(Vec<(Length, u16, u32)>);

impl Lengths {
    /// Of such rows, in whatever order.
    pub(in crate::engine) fn unpacked(packed: impl Iterator<Item = (Length, Histogram)>) -> Self {
        let bins = |(length, bins): (Length, Histogram)| {
            let row = |(bin, count): &(u16, u32)| (length, *bin, *count);
            bins.packed().iter().map(row).collect::<Vec<_>>()
        };
        let mut rows: Vec<_> = packed.flat_map(bins).collect();
        rows.sort_unstable();
        Lengths(rows)
    }

    /// Of rows in order.
    pub(in crate::engine) fn of_rows(rows: Vec<(Length, u16, u32)>) -> Self {
        Lengths(rows)
    }

    pub(in crate::engine) fn rows(&self) -> &[(Length, u16, u32)] {
        &self.0
    }

    /// The distributions of those that occurred, in order.
    pub(in crate::engine) fn each(&self) -> impl Iterator<Item = (Length, Vec<(u16, u32)>)> {
        let of_one = self.0.chunk_by(|(one, ..), (other, ..)| one == other);
        of_one.filter_map(|rows| {
            let (length, ..) = rows.first()?;
            Some((*length, rows.iter().map(|(_, bin, count)| (*bin, *count)).collect()))
        })
    }

    pub(in crate::engine) fn of(&self, length: Length) -> Histogram {
        let first = self.0.partition_point(|(of, ..)| *of < length);
        let rows = self.0[first..].iter().take_while(|(of, ..)| *of == length);
        Histogram::unpacked(rows.map(|(_, bin, count)| (*bin, *count)).collect())
    }

    pub(in crate::engine) fn merge(&mut self, other: &Lengths) {
        for (length, bin, count) in &other.0 {
            self.add(*length, *bin, *count);
        }
    }

    fn add(&mut self, length: Length, bin: u16, count: u32) {
        match self.place(length, bin) {
            Ok(place) => self.0[place].2 = self.0[place].2.saturating_add(count),
            Err(place) => self.0.insert(place, (length, bin, count)),
        }
    }

    fn place(&self, length: Length, bin: u16) -> Result<usize, usize> {
        self.0.binary_search_by_key(&(length, bin), |(of, bin, _)| (*of, *bin))
    }

    /// One more of a length in that bin, or one fewer.
    pub(in crate::engine) fn count(&mut self, length: Length, bin: u16, more: i64) {
        if more > 0 {
            self.add(length, bin, 1);
        } else if let Ok(place) = self.place(length, bin) {
            self.0[place].2 -= 1;
            if self.0[place].2 == 0 {
                self.0.remove(place);
            }
        }
    }

    pub(in crate::engine) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away_was_never_there() {
        let mut lengths = Lengths::default();
        lengths.count(Length::Reply, Histogram::bin(7_000), 1);
        for seconds in [300, 60, 120] {
            lengths.count(Length::Wait, Histogram::bin(seconds * 1000), 1);
        }
        assert_eq!(lengths.of(Length::Wait).median_ms(), Some(120_000.0));
        assert_eq!(lengths.of(Length::Wait).quantile_ms(0.9), Some(300_000.0));
        lengths.count(Length::Wait, Histogram::bin(300_000), -1);
        let bins = lengths.of(Length::Wait);
        assert_eq!((bins.count(), bins.median_ms()), (2, Some(90_000.0)));
        lengths.count(Length::Wait, Histogram::bin(60_000), -1);
        lengths.count(Length::Wait, Histogram::bin(120_000), -1);
        assert_eq!(lengths.of(Length::Wait), Histogram::default());
        assert_eq!(lengths.of(Length::Reply).count(), 1);
    }

    #[test]
    fn merged_and_unpacked_they_are_the_same() {
        let of = |seconds: &[i64]| {
            let mut lengths = Lengths::default();
            seconds
                .iter()
                .for_each(|it| lengths.count(Length::Handle, Histogram::bin(it * 1000), 1));
            lengths
        };
        let mut lengths = of(&[9, 1, 5]);
        lengths.merge(&of(&[5, 7]));
        assert_eq!(lengths, of(&[1, 5, 5, 7, 9]));
        let packed = lengths.each().map(|(length, bins)| (length, Histogram::unpacked(bins)));
        assert_eq!(Lengths::unpacked(packed.collect::<Vec<_>>().into_iter()), lengths);
    }
}
