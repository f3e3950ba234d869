//! Abandonment: customers who gave up waiting. Makes sense where a network tells that they did.

use super::reading::share;
use super::value::{Better, Count, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, COMMON, Kpi, Outcome, Reading, text};
use crate::engine::Field;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "abandoned",
        title: "Abandoned",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "offered contacts whose customer gave up waiting",
        source: COMMON,
        doc: "Customers who gave up waiting in the queue, counted in the interval in which they \
              were offered. Asking for a callback is not giving up.",
        applies_to: AppliesTo::Voice,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let (abandoned, offered) = (reading.get(Field::Abandoned), reading.get(Field::Offered));
            let sentence = format!(
                "{} of {} {} offered {} were abandoned.",
                text::count(abandoned),
                text::count(offered),
                reading.noun(),
                reading.when(),
            );
            with_counts(Outcome::new(kpi, Figure::Number(abandoned as f64), sentence), reading)
        },
    },
    Kpi {
        id: "abandon_rate",
        title: "Abandon rate",
        unit: Unit::Ratio,
        better: Better::Lower,
        is_state: false,
        expression: "abandoned / offered",
        source: COMMON,
        doc: "Share of the offered calls whose caller gave up waiting in the queue, counted in the \
              interval in which they were offered.",
        applies_to: AppliesTo::Voice,
        compute: |kpi, reading| rate(kpi, reading, 0),
    },
    Kpi {
        id: "abandon_rate_net",
        title: "Abandon rate (net)",
        unit: Unit::Ratio,
        better: Better::Lower,
        is_state: false,
        expression: "(abandoned − abandoned within s) / (offered − abandoned within s)",
        source: COMMON,
        doc: "Share of the offered calls whose caller gave up waiting, without those who hung up \
              within s (the queue's `short_abandon`, 5 s if not set): they did not really wait.",
        applies_to: AppliesTo::Voice,
        compute: |kpi, reading| {
            let mut outcome = rate(kpi, reading, reading.get(Field::AbandonedShort));
            for cell in reading.cells() {
                let short = cell.rules().short_abandon.as_millis();
                let value = i64::try_from(short).unwrap_or(i64::MAX);
                let threshold = Count { name: "short_abandon", value };
                if !outcome.thresholds_ms.contains(&threshold) {
                    outcome.thresholds_ms.push(threshold);
                }
            }
            outcome
        },
    },
];

fn rate(kpi: &Kpi, reading: &Reading<'_>, left_out: i64) -> Outcome {
    let abandoned = reading.get(Field::Abandoned) - left_out;
    let offered = reading.get(Field::Offered) - left_out;
    let (noun, when) = (reading.noun(), reading.when());
    let sentence = match (offered, left_out) {
        (..=0, _) => format!("No {noun} were offered {when}, so there is no share yet."),
        (_, 0) => format!(
            "{} of {} {noun} offered {when} were abandoned.",
            text::count(abandoned),
            text::count(offered),
        ),
        _ => format!(
            "{} of {} {noun} offered {when} were abandoned; {} short abandons are not counted.",
            text::count(abandoned),
            text::count(offered),
            text::count(left_out),
        ),
    };
    with_counts(Outcome::new(kpi, share(abandoned, offered), sentence), reading)
}

fn with_counts(outcome: Outcome, reading: &Reading<'_>) -> Outcome {
    outcome
        .count("abandoned", reading.get(Field::Abandoned))
        .count("abandoned_short", reading.get(Field::AbandonedShort))
        .count("offered", reading.get(Field::Offered))
}
