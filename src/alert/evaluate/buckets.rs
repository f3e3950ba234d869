//! Quantiles of histograms.

use std::collections::BTreeMap;

use super::Sample;
use crate::alert::history::Labels;

/// The upper end of a bucket.
const UPPER: &str = "le";

/// The quantile of each histogram whose buckets are given; NaN of one without a count.
pub(super) fn quantiles(quantile: f64, buckets: Vec<Sample>) -> Vec<Sample> {
    let mut histograms: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
    for Sample { mut labels, value } in buckets {
        let upper = labels.remove(UPPER).and_then(|it| it.parse::<f64>().ok());
        if let Some(upper) = upper {
            histograms.entry(labels).or_default().push((upper, value));
        }
    }
    let of = |(labels, buckets)| Sample { labels, value: quantile_of(quantile, buckets) };
    histograms.into_iter().map(of).collect()
}

/// Within a bucket values are taken to lie evenly.
fn quantile_of(quantile: f64, mut buckets: Vec<(f64, f64)>) -> f64 {
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Scraped at different moments, a bucket may lag behind a smaller one.
    let mut most = f64::NEG_INFINITY;
    for (_, count) in &mut buckets {
        most = most.max(*count);
        *count = most;
    }
    let [.., (before_last, _), (last, all)] = *buckets.as_slice() else { return f64::NAN };
    if last != f64::INFINITY || all == 0.0 || all.is_nan() || quantile.is_nan() {
        return f64::NAN;
    }
    if quantile < 0.0 {
        return f64::NEG_INFINITY;
    }
    if quantile > 1.0 {
        return f64::INFINITY;
    }
    let rank = quantile * all;
    let at = buckets.iter().position(|(_, count)| *count >= rank).unwrap_or(buckets.len() - 1);
    let (upper, count) = buckets[at];
    if at == buckets.len() - 1 {
        return before_last;
    }
    if at == 0 && upper <= 0.0 {
        return upper;
    }
    let (lower, below) = if at == 0 { (0.0, 0.0) } else { buckets[at - 1] };
    lower + (upper - lower) * ((rank - below) / (count - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_evenly_in_their_bucket() {
        let buckets = || vec![(10.0, 9.0), (20.0, 10.0), (f64::INFINITY, 10.0)];
        assert_eq!(quantile_of(0.95, buckets()), 15.0);
        assert_eq!(quantile_of(0.45, buckets()), 5.0);
        let beyond = vec![(10.0, 5.0), (f64::INFINITY, 10.0)];
        assert_eq!(quantile_of(0.9, beyond), 10.0);
    }

    #[test]
    fn of_nothing_there_is_no_quantile() {
        assert!(quantile_of(0.5, Vec::new()).is_nan());
        assert!(quantile_of(0.5, vec![(1.0, 0.0), (f64::INFINITY, 0.0)]).is_nan());
        assert!(quantile_of(0.5, vec![(1.0, 3.0), (2.0, 4.0)]).is_nan());
    }
}
