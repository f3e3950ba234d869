//! How much came in around an annotation: what a campaign brought, what an outage cost.
//!
//! Made of the engine's quarters of an hour, so it reaches five weeks back and costs nothing per
//! event. Reports and the API ask here, so that both say the same.

use serde::Serialize;
use utoipa::ToSchema;

use super::Annotation;
use crate::engine::{Engine, QUARTER_MS, Quarters};
use crate::event::{Millis, UnixMs};
use crate::kpi;
use crate::kpi::value::Figure;
use crate::scope::Selector;

/// Shortest span that is compared: less says nothing.
pub const SPAN_MIN_MS: Millis = 3_600_000;
/// Longest span that is compared: more is a trend, and belongs to a report.
pub const SPAN_MAX_MS: Millis = 24 * 3_600_000;

/// Contacts before and after an annotation began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AnnotationVolume)]
pub struct Volume {
    /// Where before ends and after begins: the annotation's beginning, to the nearest quarter of
    /// an hour.
    #[schema(value_type = i64)]
    pub turn_ms: UnixMs,
    /// Length of either span: the annotation's own, at least an hour and at most a day.
    #[schema(value_type = i64)]
    pub span_ms: Millis,
    /// Contacts that came in before; nothing where that is not known.
    pub before: Option<u64>,
    /// Contacts that came in after, so far; nothing until it has begun.
    pub after: Option<u64>,
    /// The span after is over: both can be compared.
    pub is_whole: bool,
}

/// Contacts before and after an annotation's beginning, of those that it concerns.
pub fn around(engine: &Engine, annotation: &Annotation, now_ms: UnixMs) -> Volume {
    let span_ms = (annotation.end_ms() - annotation.from_ms).clamp(SPAN_MIN_MS, SPAN_MAX_MS);
    let turn_ms = (annotation.from_ms + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS;
    let end_ms = turn_ms + span_ms;
    let known_since_ms = known_since_ms(engine, annotation);
    let counted = |from_ms, to_ms| {
        let is_known = known_since_ms.is_some_and(|since_ms| since_ms <= from_ms);
        // Counts of contacts are whole and not negative.
        is_known.then(|| contacts(engine, annotation, Quarters::between(from_ms, to_ms)) as u64)
    };
    let has_begun = annotation.from_ms <= now_ms;
    Volume {
        turn_ms,
        span_ms,
        before: has_begun.then(|| counted(turn_ms - span_ms, turn_ms)).flatten(),
        after: (turn_ms <= now_ms).then(|| counted(turn_ms, end_ms.min(now_ms))).flatten(),
        is_whole: end_ms <= now_ms,
    }
}

/// Contacts per hour in the quarters of a span, of those that an annotation concerns; only of
/// what is over and not before anything was counted.
pub fn per_hour(
    engine: &Engine,
    annotation: &Annotation,
    from_ms: UnixMs,
    to_ms: UnixMs,
) -> Option<f64> {
    let known_ms = known_since_ms(engine, annotation)?;
    let passed_ms = engine.now_ms().div_euclid(QUARTER_MS) * QUARTER_MS;
    let quarters = Quarters::between(from_ms.max(known_ms), to_ms.min(passed_ms));
    let hours = (quarters.to_ms() - quarters.from_ms()) as f64 / SPAN_MIN_MS as f64;
    (hours > 0.0).then(|| contacts(engine, annotation, quarters) / hours)
}

fn contacts(engine: &Engine, annotation: &Annotation, quarters: Quarters) -> f64 {
    let selector = Selector { queue: annotation.queue.clone(), ..feed(annotation) };
    let figure = kpi::find("volume")
        .map(|kpi| kpi::compute_quarters(kpi, engine, &selector, quarters))
        .unwrap_or(Figure::NoData);
    if let Figure::Number(number) = figure { number } else { 0.0 }
}

/// Since when there are counts at all: a feed that was not known yet was not quiet.
fn known_since_ms(engine: &Engine, annotation: &Annotation) -> Option<UnixMs> {
    engine.known_since_ms(&feed(annotation))
}

fn feed(annotation: &Annotation) -> Selector {
    Selector { channel: annotation.channel.clone(), ..Selector::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::annotations::{Kind, Level, Source};
    use crate::engine::Rules;
    use crate::engine::tests::script::{START_MS, fold_with, reference};

    const HOUR_MS: Millis = 3_600_000;

    fn release(from_ms: UnixMs, to_ms: Option<UnixMs>) -> Annotation {
        Annotation {
            id: "r".to_owned(),
            kind: Kind::Release,
            title: "1.0".to_owned(),
            from_ms,
            to_ms,
            channel: None,
            queue: None,
            boards: Vec::new(),
            level: Level::Normal,
            source: Source::File,
        }
    }

    /// 1,060 calls, 120 an hour, asked so long after the first.
    fn volume(annotation: &Annotation, now_ms: Millis) -> Volume {
        let engine = fold_with(Rules::default(), &reference(), 36_000.0);
        around(&engine, annotation, START_MS + now_ms)
    }

    #[test]
    fn an_hour_before_stands_against_an_hour_after() {
        // Five minutes past a quarter of an hour turns at that quarter.
        let hour = volume(&release(START_MS + 2 * HOUR_MS + 300_000, None), 10 * HOUR_MS);
        assert_eq!(hour.turn_ms, START_MS + 2 * HOUR_MS);
        assert_eq!((hour.before, hour.after, hour.is_whole), (Some(120), Some(120), true));
    }

    #[test]
    fn a_long_one_is_compared_over_its_own_length_up_to_a_day() {
        let from_ms = START_MS + 3 * HOUR_MS;
        let three = volume(&release(from_ms, Some(from_ms + 3 * HOUR_MS)), 10 * HOUR_MS);
        assert_eq!((three.before, three.after), (Some(360), Some(360)));
        let week = volume(&release(from_ms, Some(from_ms + 168 * HOUR_MS)), 10 * HOUR_MS);
        assert_eq!((week.span_ms, week.is_whole), (SPAN_MAX_MS, false));
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let early = volume(&release(START_MS + 1_800_000, None), 10 * HOUR_MS);
        assert_eq!((early.before, early.after), (None, Some(120)));
        let to_come = volume(&release(START_MS + 11 * HOUR_MS, None), 10 * HOUR_MS);
        assert_eq!((to_come.before, to_come.after), (None, None));
        let nowhere = Annotation { channel: Some("fax".to_owned()), ..release(START_MS, None) };
        assert_eq!(volume(&nowhere, 10 * HOUR_MS).after, None);
    }
}
