//! Quantiles of lengths that can be added, merged and taken away again.
//!
//! Sliding windows let old observations go, which a DDSketch cannot do (it only adds). So:
//! log-linear bins. Up to 2 s a bin is 1 ms wide, then its width doubles with each doubling: never
//! more than 0.1% of what is in it. A bin is told as the roundest length that fell into it: tenths
//! of a second are exact up to two minutes, whole seconds up to 17 minutes, whole minutes up to 18
//! hours.

use serde::{Deserialize, Serialize};

use crate::event::Millis;

/// Bins for each doubling.
const STEPS: i64 = 1024;

/// What people call round, the roundest first.
const ROUND_MS: [Millis; 5] = [3_600_000, 60_000, 1000, 100, 10];

/// How many observations fell in each bin: bin and count of all that are not empty, shortest
/// first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram(Vec<(u16, u32)>);

/// The shortest and the longest length that belong into a bin.
fn range_ms(bin: u16) -> (Millis, Millis) {
    let bin = i64::from(bin);
    let doublings = (bin / STEPS - 1).max(0);
    let shortest = (bin - doublings * STEPS) << doublings;
    (shortest, shortest + ((1 << doublings) - 1))
}

/// The length that a bin is told as.
fn told_ms(bin: u16) -> f64 {
    let (shortest, longest) = range_ms(bin);
    let middle = shortest + (longest - shortest) / 2;
    let nearest = |unit: Millis| (middle + unit / 2) / unit * unit;
    let mut round = ROUND_MS.into_iter().map(nearest);
    round
        .find(|length| (shortest..=longest).contains(length))
        .map_or((shortest as f64 + longest as f64) / 2.0, |length| length as f64)
}

impl Histogram {
    /// The bin of a length.
    pub(in crate::engine) fn bin(length_ms: Millis) -> u16 {
        let length_ms = length_ms.max(0);
        let doublings = (length_ms / STEPS).checked_ilog2().unwrap_or(0);
        // Within a doubling the leading eleven bits tell the bin. The longest length that there
        // can be has bin 55,295.
        let index = i64::from(doublings) * STEPS + (length_ms >> doublings);
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// The shortest length of a bin: what it is stored as where bins may be others one day.
    pub(in crate::engine) fn shortest_ms(bin: u16) -> Millis {
        range_ms(bin).0
    }

    /// Bin and count of all that are not empty, shortest first.
    pub(in crate::engine) fn packed(&self) -> &[(u16, u32)] {
        &self.0
    }

    /// Of such a row, in whatever order.
    pub(in crate::engine) fn unpacked(packed: Vec<(u16, u32)>) -> Histogram {
        Histogram::summed(packed.into_iter().map(|(bin, count)| (bin, i64::from(count))).collect())
    }

    /// Of changes, in whatever order: a bin may occur several times.
    pub(in crate::engine) fn summed(mut changes: Vec<(u16, i64)>) -> Histogram {
        changes.sort_unstable();
        let same = changes.chunk_by(|(bin, _), (other, _)| bin == other);
        let sums = same.filter_map(|of_one| {
            let sum = of_one.iter().map(|(_, count)| count).sum::<i64>();
            Some((of_one.first()?.0, u32::try_from(sum).ok()?))
        });
        Histogram(sums.filter(|(_, count)| *count > 0).collect())
    }

    pub(crate) fn merge(&mut self, other: &Histogram) {
        let mut both = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut mine, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some((one, _)), Some((another, _))) = (mine.peek(), theirs.peek()) {
            let order = one.cmp(another);
            let next = if order.is_gt() { theirs.next() } else { mine.next() };
            let same = if order.is_eq() { theirs.next() } else { None };
            let more = same.map_or(0, |(_, count)| *count);
            both.extend(next.map(|(bin, count)| (*bin, count.saturating_add(more))));
        }
        both.extend(mine.chain(theirs).copied());
        self.0 = both;
    }

    /// How many observations there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(_, count)| u64::from(*count)).sum()
    }

    /// The length of that rank, 1 for the shortest.
    fn ranked_ms(&self, rank: u64) -> Option<f64> {
        let mut passed = 0;
        self.0.iter().find_map(|(bin, count)| {
            passed += u64::from(*count);
            (passed >= rank).then(|| told_ms(*bin))
        })
    }

    /// The median: the middle one, or the mean of the two in the middle.
    pub fn median_ms(&self) -> Option<f64> {
        let count = self.count();
        let low = self.ranked_ms(count.div_ceil(2))?;
        let high = self.ranked_ms(count / 2 + 1)?;
        Some((low + high) / 2.0)
    }

    /// The shortest length that this share of them does not exceed (nearest rank).
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        let rank = (share * self.count() as f64).ceil().max(1.0) as u64;
        self.ranked_ms(rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one observation of that length is told as.
    fn told(length_ms: Millis) -> f64 {
        let of_one = Histogram::unpacked(vec![(Histogram::bin(length_ms), 1)]);
        of_one.median_ms().expect("there is one")
    }

    #[test]
    fn every_length_of_ten_years_is_told_to_a_thousandth() {
        let mut last = (0, 0.0);
        let mut length_ms: i64 = 0;
        while length_ms < 10 * 366 * 86_400_000 {
            let (bin, told) = (Histogram::bin(length_ms), told(length_ms));
            assert!(bin >= last.0 && told >= last.1, "order at {length_ms}");
            let error = (told - length_ms as f64).abs();
            assert!(error <= length_ms as f64 / 1000.0, "{length_ms}: {told}");
            assert_eq!(Histogram::bin(Histogram::shortest_ms(bin)), bin, "stored and read again");
            last = (bin, told);
            length_ms += 1 + length_ms / 1500;
        }
    }

    #[test]
    fn short_lengths_are_exact() {
        for length_ms in (0..2048).chain([5120, 9_870, 12_340]) {
            assert_eq!(told(length_ms), length_ms as f64);
        }
    }

    #[test]
    fn round_lengths_are_exact() {
        let each = |unit_ms: i64, count: i64| (0..count).map(move |number| number * unit_ms);
        let tenths = each(100, 1300);
        let (seconds, minutes) = (each(1000, 1024), each(60_000, 18 * 60));
        for length_ms in tenths.chain(seconds).chain(minutes).chain(each(3_600_000, 24 * 40)) {
            assert_eq!(told(length_ms), length_ms as f64);
        }
    }

    #[test]
    fn the_longest_length_has_a_bin_of_its_own_size() {
        assert_eq!([Histogram::bin(i64::MAX), Histogram::bin(i64::MIN)], [55_295, 0]);
        assert!((told(i64::MAX) / i64::MAX as f64 - 1.0).abs() < 0.001);
    }

    #[test]
    fn merged_bins_hold_both() {
        let of = |seconds: &[i64]| {
            Histogram::unpacked(
                seconds.iter().map(|seconds| (Histogram::bin(seconds * 1000), 1)).collect(),
            )
        };
        let mut bins = of(&[1, 5, 5, 9]);
        bins.merge(&of(&[5, 7, 300]));
        bins.merge(&Histogram::default());
        assert_eq!(bins, of(&[300, 9, 7, 5, 5, 5, 1]));
    }
}
