//! Lengths of time told in several ways: their mean, their median, what nine of ten don't exceed.
//!
//! Shared by the families that measure how long customers waited for something.

use super::reading::mean_seconds;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, Outcome, PERCENTILE, Reading, text};
use crate::engine::{Field, Histogram, Length, Sum};

/// What is measured, and the words for it.
pub(super) struct Measured {
    /// How often.
    pub(super) field: Field,
    /// How long all together.
    pub(super) sum: Sum,
    /// How that was distributed.
    pub(super) length: Length,
    /// What follows a count of one, and of any other: "reply was given", "replies were given".
    pub(super) words: [&'static str; 2],
    /// What follows the length: " of business hours".
    pub(super) kind_of_time: &'static str,
}

/// What these KPIs have in common.
pub(super) const LENGTH: Kpi = Kpi {
    id: "",
    title: "",
    unit: Unit::Seconds,
    better: Better::Lower,
    is_state: false,
    expression: "",
    source: PERCENTILE,
    doc: "",
    applies_to: AppliesTo::Written,
    compute: |kpi, _| nothing_seen(kpi),
};

/// The arithmetic mean.
pub(super) fn mean(kpi: &Kpi, reading: &Reading<'_>, measured: &Measured) -> Outcome {
    let (count, sum_ms) = (reading.get(measured.field), reading.sum_ms(measured.sum));
    let figure = mean_seconds(sum_ms, count);
    told(kpi, reading, measured, figure, count, "on average they took")
        .count(measured.sum.name(), sum_ms)
}

/// Half of them took at most so long.
pub(super) fn median(kpi: &Kpi, reading: &Reading<'_>, measured: &Measured) -> Outcome {
    let bins = reading.lengths(measured.length);
    let figure = in_seconds(bins.median_ms());
    told(kpi, reading, measured, figure, held(&bins), "half of them took at most")
}

/// So many in a hundred took at most so long.
pub(super) fn percentile(
    kpi: &Kpi,
    reading: &Reading<'_>,
    measured: &Measured,
    percent: u8,
) -> Outcome {
    let bins = reading.lengths(measured.length);
    let figure = in_seconds(bins.quantile_ms(f64::from(percent) / 100.0));
    let how = format!("{percent} % of them took at most");
    told(kpi, reading, measured, figure, held(&bins), &how)
}

/// How many lengths there are.
pub(super) fn held(bins: &Histogram) -> i64 {
    i64::try_from(bins.count()).unwrap_or(i64::MAX)
}

/// A quantile as a figure; no data where nothing was measured.
pub(super) fn in_seconds(length_ms: Option<f64>) -> Figure {
    length_ms.map_or(Figure::NoData, |length_ms| Figure::Number(length_ms / 1000.0))
}

/// `how` says what the figure is of several: "on average they took".
fn told(
    kpi: &Kpi,
    reading: &Reading<'_>,
    measured: &Measured,
    figure: Figure,
    count: i64,
    how: &str,
) -> Outcome {
    let ([one, many], when) = (measured.words, reading.when());
    let of = measured.kind_of_time;
    let sentence = match figure {
        Figure::Number(seconds) if count == 1 => {
            format!("1 {one} {when}; it took {}{of}.", text::clock(seconds))
        }
        Figure::Number(seconds) => {
            format!("{} {many} {when}; {how} {}{of}.", text::count(count), text::clock(seconds))
        }
        _ => format!("No {many} {when}."),
    };
    Outcome::new(kpi, figure, sentence).count(measured.field.name(), count)
}
