//! Groups of values: their sum, their largest and so on.

use std::collections::BTreeMap;

use super::Sample;
use crate::alert::expression::{Aggregate, Grouping};
use crate::alert::history::Labels;

impl Grouping {
    /// The labels by which a group, or a partner on the other side, is known.
    pub(super) fn key(&self, labels: &Labels) -> Labels {
        let kept = labels.iter().filter(|(name, _)| match self {
            Grouping::By(names) => names.contains(*name),
            Grouping::Without(names) => !names.contains(*name),
        });
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

pub(super) fn groups(
    aggregate: Aggregate,
    grouping: &Grouping,
    samples: Vec<Sample>,
) -> Vec<Sample> {
    let of = |(labels, values): (Labels, Vec<f64>)| {
        let count = values.len() as f64;
        // A NaN is not larger or smaller than anything, and is the answer only if it is all there is.
        let values = values.into_iter();
        let value = match aggregate {
            Aggregate::Sum => values.sum(),
            Aggregate::Avg => values.sum::<f64>() / count,
            Aggregate::Count => count,
            Aggregate::Min => values.reduce(f64::min).unwrap_or(f64::NAN),
            Aggregate::Max => values.reduce(f64::max).unwrap_or(f64::NAN),
        };
        Sample { labels, value }
    };
    let mut groups: BTreeMap<Labels, Vec<f64>> = BTreeMap::new();
    for sample in samples {
        groups.entry(grouping.key(&sample.labels)).or_default().push(sample.value);
    }
    groups.into_iter().map(of).collect()
}

/// The largest few of each group, with all their labels, the largest first.
pub(super) fn largest(count: f64, grouping: &Grouping, samples: Vec<Sample>) -> Vec<Sample> {
    let count = if count >= 1.0 { count as usize } else { 0 };
    let mut groups: BTreeMap<Labels, Vec<Sample>> = BTreeMap::new();
    for sample in samples {
        groups.entry(grouping.key(&sample.labels)).or_default().push(sample);
    }
    let first = |mut group: Vec<Sample>| {
        let rank = |it: &Sample| if it.value.is_nan() { f64::NEG_INFINITY } else { it.value };
        group.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        group.truncate(count);
        group
    };
    groups.into_values().flat_map(first).collect()
}
