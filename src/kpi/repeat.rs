//! Repeats: who had to come again, on whatever channel, and what was settled only seemingly.

use super::reading::share;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, COMMON, CONTACTS_OF_AGENT_MIN, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{Field, QUARTER_MS, Quarters};
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Count;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "fcr",
        title: "First-contact resolution",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "1 − contacts whose customer came again within W / contacts of known \
                     customers, in the window W ago",
        source: COMMON,
        doc: "Share of contacts after which the same customer did not come again on any channel \
              within W days (`repeat_within`, 7 if not set). It is known only after W days, so the \
              window lies W days back; the receipt says which days it covers.",
        applies_to: AppliesTo::Contacts,
        compute: first_contact_resolution,
    },
    Kpi {
        id: "repeat_contacts",
        title: "Repeat contacts",
        unit: Unit::Ratio,
        better: Better::Lower,
        is_state: false,
        expression: "contacts of customers who had been in contact within W before / contacts \
                     of known customers",
        source: OWN,
        doc: "Share of contacts whose customer had already been in contact within the W days \
              before (`repeat_within`, 7 if not set), on any channel. It is known at once, unlike \
              first-contact resolution.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let (repeats, visits) = (reading.get(Field::RepeatVisits), reading.get(Field::Visits));
            let within_ms = within_ms(reading);
            let sentence = match visits {
                1.. => format!(
                    "{} of {} {} {} were of customers who had been in contact within {} before, \
                     on whatever channel.",
                    text::count(repeats),
                    text::count(visits),
                    reading.noun(),
                    reading.when(),
                    length(within_ms),
                ),
                _ => nobody_known(reading.when()),
            };
            within(Outcome::new(kpi, share(repeats, visits), sentence), within_ms)
                .count("repeat_contacts", repeats)
                .count("contacts_of_known_customers", visits)
        },
    },
    Kpi {
        id: "reopen_rate",
        title: "Reopen rate",
        unit: Unit::Ratio,
        better: Better::Lower,
        is_state: false,
        expression: "reopenings / contacts resolved for the first time",
        source: COMMON,
        doc: "Reopenings for each contact that was resolved for the first time in the same window.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let (reopened, resolved) = (reading.get(Field::Reopened), reading.get(Field::Resolved));
            let when = reading.when();
            let sentence = match resolved {
                1.. => format!(
                    "{} settled and {} opened again {when}.",
                    text::counted(resolved, "matters"),
                    text::count(reopened),
                ),
                _ => format!("Nothing was settled {when}, so there is no share yet."),
            };
            Outcome::new(kpi, share(reopened, resolved), sentence)
                .count("reopened", reopened)
                .count("resolved", resolved)
        },
    },
];

fn first_contact_resolution(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let (from_ms, to_ms) = reading.span_ms();
    let within_ms = within_ms(reading);
    // Visits are kept by quarters of an hour: whole ones, at least one, all of them complete.
    let quarter = |at_ms: i64| at_ms.div_euclid(QUARTER_MS) * QUARTER_MS;
    let before = |at_ms: UnixMs| quarter(reading.engine.repeat_within_before_ms(at_ms));
    let to_ms = before(to_ms);
    let from_ms = before(from_ms).min(to_ms - QUARTER_MS);
    let (visits, repeated) = reading.cells().iter().fold((0, 0), |(visits, repeated), cell| {
        let (more, of_them) = cell.visits(from_ms, to_ms);
        (visits + more, repeated + of_them)
    });
    let when = text::span((from_ms, to_ms), &reading.engine.rules().time_zone);
    let (figure, sentence) = if visits <= 0 && counted_then(reading, from_ms, to_ms) > 0 {
        let sentence = format!("Who came again after {when} is not known any more.");
        (Figure::NoData, sentence)
    } else if visits <= 0 {
        (Figure::NoData, nobody_known(&format!("from {when}")))
    } else if reading.selector.agent.is_some() && visits < CONTACTS_OF_AGENT_MIN {
        let sentence = format!("Of fewer than {CONTACTS_OF_AGENT_MIN} contacts from {when}.");
        (Figure::Concealed, sentence)
    } else {
        let sentence = format!(
            "After {} of {} {} from {when} the customer did not come again within {}, on whatever \
             channel.",
            text::count(visits - repeated),
            text::count(visits),
            reading.noun(),
            length(within_ms),
        );
        (share(visits - repeated, visits), sentence)
    };
    let outcome =
        Outcome { span_ms: Some((from_ms, to_ms)), ..Outcome::new(kpi, figure, sentence) };
    if figure == Figure::Concealed {
        return outcome;
    }
    within(outcome, within_ms)
        .count("contacts_of_known_customers", visits)
        .count("came_again", repeated)
}

/// Contacts of known customers in that span, which are remembered for longer than who came again.
fn counted_then(reading: &Reading<'_>, from_ms: UnixMs, to_ms: UnixMs) -> i64 {
    let then = Quarters::between(from_ms, to_ms);
    reading.cells().iter().map(|cell| cell.quarters(then).get(Field::Visits)).sum()
}

fn nobody_known(when: &str) -> String {
    format!("No customer who can be recognised was in contact {when}.")
}

fn within(mut outcome: Outcome, within_ms: Millis) -> Outcome {
    outcome.thresholds_ms.push(Count { name: "repeat_within", value: within_ms });
    outcome
}

/// W.
fn within_ms(reading: &Reading<'_>) -> Millis {
    let within = reading.engine.rules().contacts.repeat_within.as_millis();
    i64::try_from(within).unwrap_or(i64::MAX / 2)
}

/// W in words: "7 days".
fn length(within_ms: Millis) -> String {
    const DAY_MS: Millis = 86_400_000;
    match within_ms {
        ms if ms >= DAY_MS && ms % DAY_MS == 0 => text::counted(ms / DAY_MS, "days"),
        ms => text::length(ms),
    }
}
