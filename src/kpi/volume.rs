//! Volume: what came in, and what became of it.

use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{FLOWS, Field};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "offered",
        title: "Offered",
        unit: Unit::Count,
        better: Better::Neither,
        is_state: false,
        expression: "answered + abandoned + flowed out + waiting",
        source: OWN,
        doc: "Contacts that entered a queue. A contact that goes through two queues is offered \
              twice; a contact that we began (outbound) is not offered.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            stays(kpi, reading, Field::Offered, |offered, when| {
                format!("{offered} entered a queue {when}.")
            })
        },
    },
    Kpi {
        id: "answered",
        title: "Answered",
        unit: Unit::Count,
        better: Better::Neither,
        is_state: false,
        expression: "offered contacts that a human answered",
        source: OWN,
        doc: "Of the offered contacts, those that a human answered: an agent took the call or sent \
              a public reply. Counted in the interval in which they were offered.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            stays(kpi, reading, Field::Answered, |answered, when| {
                format!("Of those offered {when}, {answered} reached an agent.")
            })
        },
    },
    Kpi {
        id: "flowed_out",
        title: "Flowed out",
        unit: Unit::Count,
        better: Better::Neither,
        is_state: false,
        expression: "offered contacts that left unanswered without being abandoned",
        source: OWN,
        doc: "Offered contacts that left the queue without an answer and without the customer \
              giving up: transferred before an answer, overflow, timeout, callback, exit key, \
              queue full or empty, blocked by the customer, resolved unanswered, merged into \
              another contact, or lost. Counted in the interval in which they were offered.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let mut outcome = stays(kpi, reading, Field::FlowedOut, |flowed_out, when| {
                format!("{flowed_out} offered {when} left the queue without an answer.")
            });
            for (field, name) in FLOWS {
                let count = reading.get(field);
                if count != 0 {
                    outcome = outcome.count(name, count);
                }
            }
            outcome
        },
    },
    Kpi {
        id: "volume",
        title: "Contacts",
        unit: Unit::Count,
        better: Better::Neither,
        is_state: false,
        expression: "contacts that came in, each once",
        source: OWN,
        doc: "Contacts that customers began. Each counts once, however many queues it goes through \
              and however many messages it has.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let contacts = reading.get(Field::Contacts);
            let counted = text::counted(contacts, reading.noun());
            let sentence = format!("{counted} came in {}.", reading.when());
            Outcome::new(kpi, Figure::Number(contacts as f64), sentence)
                .count("contacts", contacts)
                .count("messages", reading.get(Field::MessagesCustomer))
        },
    },
    Kpi {
        id: "messages",
        title: "Messages",
        unit: Unit::Count,
        better: Better::Neither,
        is_state: false,
        expression: "messages that customers wrote",
        source: OWN,
        doc: "Messages that customers wrote. A contact can have many.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let messages = reading.get(Field::MessagesCustomer);
            let counted = text::counted(messages, "messages");
            let sentence = format!("Customers wrote {counted} {}.", reading.when());
            Outcome::new(kpi, Figure::Number(messages as f64), sentence)
                .count("messages", messages)
                .count("of_agents", reading.get(Field::MessagesAgent))
                .count("of_bots", reading.get(Field::MessagesBot))
                .count("of_peers", reading.get(Field::MessagesPeer))
        },
    },
    Kpi {
        id: "undelivered",
        title: "Undelivered",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "messages of ours of which the network says that they did not get there",
        source: OWN,
        doc: "Messages of agents that failed, each once, counted when the network said so. Such a \
              message was no reply: the customer still waits, and figures of answers are \
              corrected. `messages` counts what was written, delivered or not.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let failed = reading.get(Field::Undelivered);
            let counted = text::counted(failed, "messages");
            let sentence = format!("{counted} of ours did not get there {}.", reading.when());
            Outcome::new(kpi, Figure::Number(failed as f64), sentence)
                .count("undelivered", failed)
                .count("of_agents", reading.get(Field::MessagesAgent))
        },
    },
];

/// A count of stays in queues, with the identity that it is part of.
fn stays(
    kpi: &Kpi,
    reading: &Reading<'_>,
    field: Field,
    sentence: fn(&str, &str) -> String,
) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let count = reading.get(field);
    let sentence = sentence(&text::counted(count, reading.noun()), reading.when());
    Outcome::new(kpi, Figure::Number(count as f64), sentence)
        .count("offered", reading.get(Field::Offered))
        .count("answered", reading.get(Field::Answered))
        .count("abandoned", reading.get(Field::Abandoned))
        .count("flowed_out", reading.get(Field::FlowedOut))
        .count("waiting", reading.get(Field::Waiting))
}
