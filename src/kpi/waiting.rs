//! Waiting: who waits now, how long, and how long the answered have waited.

use super::measured::{LENGTH, held, in_seconds};
use super::reading::mean_seconds;
use super::value::{Better, Figure, Unit};
use super::{AppliesTo, COMMON, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{CellView, Field, Length, Sum};
use crate::scope::Window;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "waiting",
        title: "Waiting",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: true,
        expression: "offered − answered − abandoned − flowed out",
        source: OWN,
        doc: "Contacts that wait now: calls in a queue that no agent has taken, and written \
              contacts that no human has answered yet.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let waiting = reading.waiting();
            let counted = text::counted(waiting, reading.noun());
            let sentence = format!("{counted} waiting {}.", reading.when());
            Outcome::new(kpi, Figure::Number(waiting as f64), sentence).count("waiting", waiting)
        },
    },
    Kpi {
        id: "longest_wait_now",
        title: "Longest wait now",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: true,
        expression: "now − the earliest moment since which somebody waits",
        source: COMMON,
        doc: "How long the one who waits longest has waited: a caller in a queue, or a customer \
              who wrote and has no reply from a human yet, to the first message or to a later one. \
              0 when nobody waits.",
        applies_to: AppliesTo::Contacts,
        compute: longest_wait_now,
    },
    Kpi {
        id: "longest_wait_today",
        title: "Longest wait today",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: true,
        expression: "the longest of: waits that ended today, waits that go on now",
        source: OWN,
        doc: "The longest that anybody had to wait today, including those who wait now and \
              those who came before midnight. No data until a wait has ended today or goes on.",
        applies_to: AppliesTo::Contacts,
        compute: longest_wait_today,
    },
    Kpi {
        id: "asa",
        title: "Average speed of answer",
        expression: "Σ wait of answered / answered",
        source: COMMON,
        doc: "Mean time that callers waited in the queue until an agent answered, over the calls \
              that were answered in the window. It is the arithmetic mean, never the exponential \
              average that some telephone systems print.",
        compute: |kpi, reading| {
            let (answered, sum_ms) =
                (reading.get(Field::Answers), reading.sum_ms(Sum::WaitAnswered));
            let figure = mean_seconds(sum_ms, answered);
            let say = |calls, wait| format!("{calls} had waited {wait} on average.");
            answered_wait(kpi, reading, (figure, answered), say).count("wait_ms", sum_ms)
        },
        ..ANSWERED_WAIT
    },
    Kpi {
        id: "wait_median",
        title: "Wait (median)",
        expression: "median of the waits of answered",
        doc: "Half of the calls that were answered in the window had waited at most this long \
              (exact to 0.5 %).",
        compute: |kpi, reading| {
            let bins = reading.lengths(Length::Wait);
            let figure = in_seconds(bins.median_ms());
            let say = |calls, wait| format!("Of {calls}, half had waited at most {wait}.");
            answered_wait(kpi, reading, (figure, held(&bins)), say)
        },
        ..ANSWERED_WAIT
    },
    Kpi {
        id: "wait_p90",
        title: "Wait (90%)",
        expression: "90th percentile of the waits of answered, nearest rank",
        doc: "90 % of the calls that were answered in the window had waited at most this long \
              (exact to 0.5 %).",
        compute: |kpi, reading| wait_percentile(kpi, reading, 90),
        ..ANSWERED_WAIT
    },
    Kpi {
        id: "wait_p95",
        title: "Wait (95%)",
        expression: "95th percentile of the waits of answered, nearest rank",
        doc: "95 % of the calls that were answered in the window had waited at most this long \
              (exact to 0.5 %).",
        compute: |kpi, reading| wait_percentile(kpi, reading, 95),
        ..ANSWERED_WAIT
    },
];

/// What the waits of the answered have in common.
const ANSWERED_WAIT: Kpi = Kpi { applies_to: AppliesTo::Voice, ..LENGTH };

fn wait_percentile(kpi: &Kpi, reading: &Reading<'_>, percent: u8) -> Outcome {
    let bins = reading.lengths(Length::Wait);
    let figure = in_seconds(bins.quantile_ms(f64::from(percent) / 100.0));
    let say = |calls, wait| format!("Of {calls}, {percent} % had waited at most {wait}.");
    answered_wait(kpi, reading, (figure, held(&bins)), say)
}

/// The sentence is made of "5 calls answered today" and the wait.
fn answered_wait(
    kpi: &Kpi,
    reading: &Reading<'_>,
    (figure, answered): (Figure, i64),
    say: impl Fn(String, String) -> String,
) -> Outcome {
    let (noun, when) = (reading.noun(), reading.when());
    let sentence = match figure {
        Figure::Number(seconds) => {
            let calls = text::counted(answered, noun);
            let (calls, wait) = (format!("{calls} answered {when}"), text::clock(seconds));
            if answered == 1 { format!("{calls} had waited {wait}.") } else { say(calls, wait) }
        }
        _ => format!("No {noun} were answered {when}."),
    };
    Outcome::new(kpi, figure, sentence).count("answered", answered)
}

/// Nothing is known of what the selector names: that is not the same as nobody.
pub(super) fn nothing_seen(kpi: &Kpi) -> Outcome {
    Outcome::new(kpi, Figure::NoData, "Nothing has been seen of it yet.".to_owned())
}

fn longest_wait_now(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_past() || reading.is_empty() {
        return nothing_seen(kpi);
    }
    match reading.cells().iter().filter_map(CellView::waiting_since_ms).min() {
        None => Outcome::new(kpi, Figure::Number(0.0), "Nobody waits.".to_owned()),
        Some(since_ms) => {
            let seconds = reading.now_ms.saturating_sub(since_ms).max(0) as f64 / 1000.0;
            let sentence = format!("The longest waiting has waited {}.", text::clock(seconds));
            Outcome::new(kpi, Figure::Number(seconds), sentence).count("since_ms", since_ms)
        }
    }
}

fn longest_wait_today(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_past() {
        return nothing_seen(kpi);
    }
    let cells = reading.cells().iter();
    let ended_ms = cells.clone().filter_map(CellView::longest_today_ms).max();
    let now_ms = cells
        .filter_map(CellView::waiting_since_ms)
        .map(|since_ms| reading.now_ms.saturating_sub(since_ms).max(0))
        .max();
    let Some(longest_ms) = ended_ms.max(now_ms) else {
        let sentence = "Nobody has waited today.".to_owned();
        return Outcome::new(kpi, Figure::NoData, sentence);
    };
    let seconds = longest_ms as f64 / 1000.0;
    let still = if now_ms == Some(longest_ms) { "is, and is still going on," } else { "was" };
    let sentence = format!("The longest wait today {still} {}.", text::clock(seconds));
    let outcome = Outcome::new(kpi, Figure::Number(seconds), sentence);
    Outcome { window: Some(Window::Today), ..outcome }
        .count("ended_ms", ended_ms.unwrap_or_default())
        .count("waiting_ms", now_ms.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::engine::tests::script::*;
    use crate::scope::Window;

    #[test]
    fn the_mean_the_median_and_the_slowest() {
        let mut script = Script::on("phone");
        for call in 1..=20 {
            // 19 wait 1 to 19 s, the last one ten minutes.
            let wait = if call == 20 { 600.0 } else { f64::from(call) };
            let offered = f64::from(call) * 1000.0;
            script.contact(&format!("c{call}"), "sales").queued(offered).answered(offered + wait);
        }
        let engine = fold(&script.events, 30_000.0);
        for (id, expected) in
            [("asa", 39.5), ("wait_median", 10.5), ("wait_p90", 18.0), ("wait_p95", 19.0)]
        {
            assert_eq!(number(&engine, id, &all(), Window::Today), expected, "{id}");
        }
        let receipt = value(&engine, "wait_p90", &all(), Window::Today).receipt;
        let expected = "Of 20 calls answered today, 90 % had waited at most 0:18.";
        assert_eq!(receipt.sentence, expected);
    }
}
