//! Topics: how many contacts are about one thing, of how many, and whether they become more.

use super::reading::share;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{CellView, Field, Quarters};
use crate::scope::Selector;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "topic_contacts",
        title: "Contacts on the topic",
        unit: Unit::Count,
        better: Better::Neither,
        is_state: false,
        expression: "contacts that came in and have the topic",
        source: OWN,
        doc: "Contacts that have the selected topic by the site's topic rules. A contact can have \
              several topics.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            of_topic(kpi, reading, |topic| {
                let contacts = reading.get(Field::Contacts);
                let counted = text::counted(contacts, reading.noun());
                let sentence = format!("{counted} about \"{topic}\" came in {}.", reading.when());
                Outcome::new(kpi, Figure::Number(contacts as f64), sentence)
                    .count("contacts", contacts)
            })
        },
    },
    Kpi {
        id: "topic_share",
        title: "Topic share",
        unit: Unit::Ratio,
        better: Better::Neither,
        is_state: false,
        expression: "contacts that have the topic / contacts",
        source: OWN,
        doc: "Share of contacts that have the selected topic, of all contacts that the rest of the \
              selection covers.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            of_topic(kpi, reading, |topic| {
                let whole = Selector { topic: None, ..reading.selector.clone() };
                let whole = reading.of(kpi, &whole);
                let contacts = whole.get(Field::Contacts);
                let about = reading.get(Field::Contacts);
                let when = reading.when();
                let sentence = match contacts {
                    1.. => format!(
                        "{} of {} {} {when} are about \"{topic}\".",
                        text::count(about),
                        text::count(contacts),
                        whole.noun(),
                    ),
                    _ => format!("No contacts came in {when}, so there is no share yet."),
                };
                Outcome::new(kpi, share(about, contacts), sentence)
                    .count("about_it", about)
                    .count("contacts", contacts)
            })
        },
    },
    Kpi {
        id: "topic_change",
        title: "Topic change in a week",
        unit: Unit::Ratio,
        better: Better::Neither,
        is_state: false,
        expression: "(contacts that have the topic − the same a week before) / the same a week \
                     before",
        source: OWN,
        doc: "Change in the number of contacts with the selected topic against the same time last \
              week: 50 % means half as many more. Only whole quarters of an hour that are over are \
              compared.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| of_topic(kpi, reading, |topic| change(kpi, reading, topic)),
    },
];

fn of_topic(kpi: &Kpi, reading: &Reading<'_>, tell: impl FnOnce(&str) -> Outcome) -> Outcome {
    match &reading.selector.topic {
        None => Outcome::not_applicable(kpi, "select a topic (topic=…)"),
        Some(_) if reading.is_empty() => nothing_seen(kpi),
        Some(topic) => tell(topic),
    }
}

fn change(kpi: &Kpi, reading: &Reading<'_>, topic: &str) -> Outcome {
    // The same quarters of both weeks, by the clock on the wall.
    let quarters = reading.whole_quarters();
    if quarters.from_ms() >= quarters.to_ms() {
        let why = "it compares whole quarters of an hour that are over, and here is none";
        return Outcome::not_applicable(kpi, why);
    }
    let week_before = |at_ms| reading.engine.days_before(at_ms, 7);
    let before = Quarters::between(week_before(quarters.from_ms()), week_before(quarters.to_ms()));
    let count = |quarters: Quarters| {
        let cells = reading.cells().iter();
        cells.map(|cell: &CellView<'_>| cell.quarters(quarters).get(Field::Contacts)).sum::<i64>()
    };
    let (now, then) = (count(quarters), count(before));
    let span = |quarters: Quarters| {
        let span_ms = (quarters.from_ms(), quarters.to_ms());
        text::span(span_ms, &reading.engine.rules().time_zone)
    };
    let sentence = format!(
        "{} about \"{topic}\" from {}; {} a week before, from {}.",
        text::counted(now, reading.noun()),
        span(quarters),
        text::count(then),
        span(before),
    );
    let outcome = Outcome::new(kpi, share(now - then, then), sentence);
    Outcome { span_ms: Some((quarters.from_ms(), quarters.to_ms())), ..outcome }
        .count("now", now)
        .count("a_week_before", then)
}
