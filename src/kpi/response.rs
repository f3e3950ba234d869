//! Response: how soon customers who wrote get a human reply. By the calendar's time.

use super::reading::mean_seconds;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, Outcome, Reading, text};
use crate::engine::{Bins, CellView, Field, Length, Sum};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "unanswered_now",
        title: "Unanswered",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: true,
        expression: "written contacts whose customer waits for a human reply",
        source: "KPIs: response",
        doc: "Customers whose message, the first or a later one, nobody of ours has replied to. \
              A bot's answer is no reply.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| {
            if reading.is_past() || reading.is_empty() {
                return nothing_seen(kpi);
            }
            let unanswered = reading.cells().iter().map(CellView::unanswered).sum::<u32>();
            let sentence = format!(
                "{} customers who wrote wait for a human reply now.",
                text::count(i64::from(unanswered)),
            );
            Outcome::new(kpi, Figure::Number(f64::from(unanswered)), sentence)
                .count("unanswered", i64::from(unanswered))
        },
    },
    Kpi {
        id: "frt",
        title: "First response time",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: false,
        expression: "Σ (first public human reply − customer's opening) / contacts replied to",
        source: "KPIs: response",
        doc: "Mean time from the customer's first message to the first human reply, counted \
              when the reply was given.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| {
            let count = reading.get(Field::Responses);
            let figure = mean_seconds(reading.sum_ms(Sum::Response), count);
            responded(kpi, reading, figure, count, "on average they took")
                .count("response_ms", reading.sum_ms(Sum::Response))
        },
    },
    Kpi {
        id: "frt_median",
        title: "First response time (median)",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: false,
        expression: "median of first response times",
        source: "KPIs: response",
        doc: "Half of the first human replies came at least this fast (exact to 0.2%).",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| {
            let bins = reading.lengths(Length::Response);
            let figure = quantile(bins.median_ms());
            responded(kpi, reading, figure, held(&bins), "half of them took at most")
        },
    },
    Kpi {
        id: "frt_p90",
        title: "First response time (90%)",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: false,
        expression: "90th percentile of first response times, nearest rank",
        source: "KPIs: response",
        doc: "Nine of ten first human replies came at least this fast (exact to 0.2%).",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| {
            let bins = reading.lengths(Length::Response);
            let figure = quantile(bins.quantile_ms(0.9));
            responded(kpi, reading, figure, held(&bins), "90 % of them took at most")
        },
    },
    Kpi {
        id: "first_bot_response",
        title: "First answer of a bot",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: false,
        expression: "Σ (first answer of a bot − customer's opening) / contacts a bot answered",
        source: "KPIs: response",
        doc: "Mean time to the first answer of a machine. It stops no other clock.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| {
            let count = reading.get(Field::BotResponses);
            let sum_ms = reading.sum_ms(Sum::BotResponse);
            let sentence = match mean_seconds(sum_ms, count) {
                Figure::Number(mean) => format!(
                    "{} first answers of a bot {} took {} on average.",
                    text::count(count),
                    reading.when(),
                    text::clock(mean),
                ),
                _ => format!("No bot answered {}.", reading.when()),
            };
            Outcome::new(kpi, mean_seconds(sum_ms, count), sentence)
                .count("bot_responses", count)
                .count("response_ms", sum_ms)
        },
    },
];

fn held(bins: &Bins) -> i64 {
    i64::try_from(bins.count()).unwrap_or(i64::MAX)
}

fn quantile(length_ms: Option<f64>) -> Figure {
    length_ms.map_or(Figure::NoData, |length_ms| Figure::Number(length_ms / 1000.0))
}

/// `how` says what the figure is of the replies: "they took on average".
fn responded(kpi: &Kpi, reading: &Reading<'_>, figure: Figure, count: i64, how: &str) -> Outcome {
    let sentence = match figure {
        Figure::Number(seconds) => format!(
            "{} first human replies were given {}; {how} {}.",
            text::count(count),
            reading.when(),
            text::clock(seconds),
        ),
        _ => format!("No first human replies were given {}.", reading.when()),
    };
    Outcome::new(kpi, figure, sentence).count("responses", count)
}
