//! Quantiles of lengths that can be added, merged and taken away again.
//!
//! Sliding windows let old observations go, which a DDSketch cannot do (it only adds). So:
//! log-linear bins. Up to 128 s a bin is 1/8 s wide, then its width doubles with each doubling:
//! never more than 0.2% of the value, and whole seconds stay exact up to 17 minutes.

use serde::{Deserialize, Serialize};

use crate::event::Millis;

/// Finest width.
const UNIT_MS: i64 = 125;
/// Histogram for each doubling.
const STEPS: i64 = 512;

/// How many observations fell in each bin: bin and count of all that are not empty, shortest
/// first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram(Vec<(u16, u32)>);

/// The bin's lower edge: what every observation in it was at least.
fn edge_ms(bin: u16) -> Millis {
    let bin = i64::from(bin);
    if bin < 2 * STEPS {
        return bin * UNIT_MS;
    }
    let doublings = bin / STEPS - 1;
    ((bin - doublings * STEPS) << doublings) * UNIT_MS
}

impl Histogram {
    /// The bin of a length.
    pub(in crate::engine) fn bin(length_ms: Millis) -> u16 {
        let units = (length_ms / UNIT_MS).max(0);
        let doublings = (units / STEPS).checked_ilog2().unwrap_or(0);
        // Within a doubling the leading ten bits tell the bin.
        let index = i64::from(doublings) * STEPS + (units >> doublings);
        u16::try_from(index).unwrap_or(u16::MAX)
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
    fn ranked_ms(&self, rank: u64) -> Option<Millis> {
        let mut passed = 0;
        self.0.iter().find_map(|(bin, count)| {
            passed += u64::from(*count);
            (passed >= rank).then(|| edge_ms(*bin))
        })
    }

    /// The median: the middle one, or the mean of the two in the middle.
    pub fn median_ms(&self) -> Option<f64> {
        let count = self.count();
        let low = self.ranked_ms(count.div_ceil(2))?;
        let high = self.ranked_ms(count / 2 + 1)?;
        Some((low + high) as f64 / 2.0)
    }

    /// The shortest length that this share of them does not exceed (nearest rank).
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        let rank = (share * self.count() as f64).ceil().max(1.0) as u64;
        self.ranked_ms(rank).map(|length| length as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_ordered_and_at_most_two_thousandths_wide() {
        let mut last = (0, 0);
        let mut length_ms: i64 = 0;
        while length_ms < 10 * 366 * 86_400_000 {
            let (index, edge) = (Histogram::bin(length_ms), edge_ms(Histogram::bin(length_ms)));
            assert!(index >= last.0 && edge >= last.1, "order at {length_ms}");
            let error = length_ms - edge;
            assert!((0..=UNIT_MS.max(length_ms / 500)).contains(&error), "{length_ms}: {edge}");
            last = (index, edge);
            length_ms += 1 + length_ms / 700;
        }
    }

    #[test]
    fn whole_seconds_are_exact_up_to_seventeen_minutes() {
        for seconds in 0..1024 {
            assert_eq!(edge_ms(Histogram::bin(seconds * 1000)), seconds * 1000);
        }
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
