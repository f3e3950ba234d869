//! Handling: what a contact costs agents' time, and how often it is handed on.
//!
//! A call that was handed on counts once for each agent who worked on it: so the parts of AHT add
//! up. A written contact has two lengths, since agents have several at once: the active time on
//! it, and the time that passed.

use super::reading::mean_seconds;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, Outcome, Reading, text};
use crate::engine::{Field, Sum};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "aht",
        title: "Average handling time",
        expression: "(talk + hold + after-work) / handled",
        doc: "Mean time that a call took an agent, from the answer to the end of after-work; \
              after-work only where the network says when it ends.",
        compute: aht,
        ..HANDLING
    },
    Kpi {
        id: "talk_time",
        title: "Talk time",
        expression: "talk / handled",
        doc: "Mean time that an agent talked in a call, without hold.",
        compute: |kpi, reading| part(kpi, reading, Sum::Talk, "the talk took"),
        ..HANDLING
    },
    Kpi {
        id: "hold_time",
        title: "Hold time",
        expression: "hold / handled",
        doc: "Mean time that customers were on hold in a call.",
        compute: |kpi, reading| part(kpi, reading, Sum::Hold, "the customer was on hold for"),
        ..HANDLING
    },
    Kpi {
        id: "after_work_time",
        title: "After-work time",
        expression: "after-work / handled",
        doc: "Mean time of wrapping up after a call, where the network says when that ends.",
        compute: |kpi, reading| {
            if reading.get(Field::WrapUps) == 0 {
                let sentence = format!("No network told of after-work {}.", reading.when());
                return Outcome::new(kpi, Figure::NoData, sentence);
            }
            part(kpi, reading, Sum::AfterWork, "after-work took")
                .count("wrap_ups", reading.get(Field::WrapUps))
        },
        ..HANDLING
    },
    Kpi {
        id: "aht_written",
        title: "Handling time (active)",
        expression: "agents' work on written contacts / handled",
        doc: "Mean time that agents worked on a written contact: what passed before each of \
              their messages, of longer silences 5 minutes. Counted when the contact is over.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| written(kpi, reading, Sum::Active, "agents worked on one for"),
        ..HANDLING
    },
    Kpi {
        id: "aht_written_elapsed",
        title: "Handling time (elapsed)",
        expression: "Σ (end − opening) of written contacts / handled",
        doc: "Mean time from the opening to the end of a written contact that an agent worked \
              on. Agents have several at once: this is no measure of work.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| written(kpi, reading, Sum::Elapsed, "one was open for"),
        ..HANDLING
    },
    Kpi {
        id: "handled",
        title: "Handled",
        unit: Unit::Count,
        better: Better::Neither,
        expression: "calls that agents finished + written contacts over after an agent's work",
        doc: "Contacts that agents have done with, a call once for each agent who had it.",
        applies_to: AppliesTo::Contacts,
        compute: handled,
        ..HANDLING
    },
    Kpi {
        id: "transfers_per_contact",
        title: "Hand-overs per contact",
        unit: Unit::Number,
        expression: "hand-overs to another queue or agent / contacts",
        doc: "How often customers are passed on. Of a queue or an agent: by the contacts offered \
              there, those that came from elsewhere included.",
        applies_to: AppliesTo::Contacts,
        compute: transfers,
        ..HANDLING
    },
    Kpi {
        id: "rings_missed",
        title: "Rings missed",
        unit: Unit::Count,
        expression: "rings that the agent did not take",
        doc: "How often a call rang at an agent in vain, and the caller had to wait on.",
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let missed = reading.get(Field::RingsMissed);
            let counted = text::counted(missed, "rings");
            let sentence = format!("{counted} {} not taken {}.", were(missed), reading.when());
            Outcome::new(kpi, Figure::Number(missed as f64), sentence).count("rings_missed", missed)
        },
        ..HANDLING
    },
];

/// What most of them have in common.
const HANDLING: Kpi = Kpi {
    id: "",
    title: "",
    unit: Unit::Seconds,
    better: Better::Lower,
    is_state: false,
    expression: "",
    source: "KPIs: waiting, handling",
    doc: "",
    applies_to: AppliesTo::Calls,
    compute: |kpi, _| nothing_seen(kpi),
};

fn were(count: i64) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

fn aht(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let handled = reading.get(Field::Handled);
    let [talk, hold, after_work] =
        [Sum::Talk, Sum::Hold, Sum::AfterWork].map(|sum| reading.sum_ms(sum));
    let wrap_ups = reading.get(Field::WrapUps);
    let figure = mean_seconds(talk + hold + after_work, handled);
    let mean = |sum_ms| text::clock(sum_ms as f64 / handled as f64 / 1000.0);
    let sentence = match figure {
        Figure::Number(seconds) => {
            let after_work = match wrap_ups {
                0 => "no network told of after-work".to_owned(),
                _ => format!("after-work {}", mean(after_work)),
            };
            let calls = text::counted(handled, "calls");
            let (talk, hold, when) = (mean(talk), mean(hold), reading.when());
            let took = text::clock(seconds);
            format!(
                "{calls} finished by agents {when} took {took} on average: talk {talk}, hold \
                 {hold}, {after_work}."
            )
        }
        _ => format!("No calls were finished by agents {}.", reading.when()),
    };
    Outcome::new(kpi, figure, sentence)
        .count("handled", handled)
        .count(Sum::Talk.name(), talk)
        .count(Sum::Hold.name(), hold)
        .count(Sum::AfterWork.name(), after_work)
        .count("wrap_ups", wrap_ups)
}

/// `how` leads to the figure: "the talk took".
fn part(kpi: &Kpi, reading: &Reading<'_>, sum: Sum, how: &str) -> Outcome {
    mean_of(kpi, reading, (Field::Handled, "calls"), sum, how)
}

fn written(kpi: &Kpi, reading: &Reading<'_>, sum: Sum, how: &str) -> Outcome {
    mean_of(kpi, reading, (Field::HandledWritten, "written contacts"), sum, how)
}

fn mean_of(
    kpi: &Kpi,
    reading: &Reading<'_>,
    (field, noun): (Field, &str),
    sum: Sum,
    how: &str,
) -> Outcome {
    let (count, sum_ms, when) = (reading.get(field), reading.sum_ms(sum), reading.when());
    let figure = mean_seconds(sum_ms, count);
    let sentence = match figure {
        Figure::Number(mean) => format!(
            "{} {} finished by agents {when}; {how} {} on average.",
            text::counted(count, noun),
            were(count),
            text::clock(mean),
        ),
        _ => format!("No {noun} were finished by agents {when}."),
    };
    Outcome::new(kpi, figure, sentence).count(field.name(), count).count(sum.name(), sum_ms)
}

fn handled(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let [calls, written] = [Field::Handled, Field::HandledWritten].map(|field| reading.get(field));
    let sentence = format!(
        "Agents finished {} {}.",
        text::counted(calls + written, reading.noun()),
        reading.when(),
    );
    Outcome::new(kpi, Figure::Number((calls + written) as f64), sentence)
        .count("handled", calls)
        .count("handled_written", written)
}

fn transfers(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let transfers = reading.get(Field::Transfers);
    let is_part = reading.selector.queue.is_some() || reading.selector.agent.is_some();
    let (field, happened) =
        if is_part { (Field::Offered, "entered the queue") } else { (Field::Contacts, "came in") };
    let (contacts, noun, when) = (reading.get(field), reading.noun(), reading.when());
    if contacts <= 0 {
        return Outcome::new(kpi, Figure::NoData, format!("No {noun} {happened} {when}."))
            .count("transfers", transfers);
    }
    let sentence = format!(
        "There {} {} {when}, and {} {happened}.",
        were(transfers),
        text::counted(transfers, "hand-overs"),
        text::counted(contacts, noun),
    );
    Outcome::new(kpi, Figure::Number(transfers as f64 / contacts as f64), sentence)
        .count("transfers", transfers)
        .count(field.name(), contacts)
}
