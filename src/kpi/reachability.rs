//! Reachability: whether customers get a human answer at all, and who waits for one and how long.

use super::reading::share;
use super::value::{Better, Count, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{CellView, Field};
use crate::event::{Awaits, Millis};

const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "answer_rate",
        title: "Answer rate",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "contacts that got a human answer / contacts",
        source: OWN,
        doc: "Share of the contacts that came in that got an answer from a human, counted in the \
              interval in which they came in. Contacts that are still open count as not answered \
              yet. An assignment, an internal note or a message of a bot is no answer.",
        applies_to: AppliesTo::Contacts,
        compute: answer_rate,
    },
    Kpi {
        id: "never_answered",
        title: "Never answered",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "contacts that are over without a human answer",
        source: OWN,
        doc: "Contacts that came in, are over and never got an answer from a human: the customer \
              gave up, was turned away, was closed without an answer, or the contact was lost. \
              Counted in the interval in which they came in. Whoever was promised a callback is \
              not counted until 24 h (`callback_within`) have passed without one.",
        applies_to: AppliesTo::Contacts,
        compute: never_answered,
    },
    Kpi {
        id: "unanswered_now",
        title: "Unanswered",
        expression: "written contacts whose customer waits for a human reply",
        doc: "Customers who wrote and wait for a reply from a human, to the first message or to a \
              later one. An assignment, an internal note or a message of a bot is no reply.",
        compute: |kpi, reading| {
            let unanswered = |cell: &CellView<'_>| i64::from(cell.unanswered());
            waiting_customers(kpi, reading, unanswered, |count, waits| {
                format!("{count} who wrote {waits} for a human reply now.")
            })
        },
        ..UNANSWERED
    },
    Kpi {
        id: "oldest_unanswered_now",
        title: "Oldest unanswered",
        unit: Unit::Seconds,
        expression: "now − the earliest moment since which a customer waits for a human reply",
        doc: "How long the customer who wrote and waits longest for a reply from a human has \
              waited, nights and weekends included. Callers in a queue are left out. 0 when nobody \
              waits.",
        compute: oldest,
        ..UNANSWERED
    },
    Kpi {
        id: "unanswered_over_15m",
        title: "Unanswered over 15 min",
        compute: |kpi, reading| over(kpi, reading, 15 * MINUTE_MS),
        ..UNANSWERED
    },
    Kpi {
        id: "unanswered_over_1h",
        title: "Unanswered over 1 h",
        compute: |kpi, reading| over(kpi, reading, HOUR_MS),
        ..UNANSWERED
    },
    Kpi {
        id: "unanswered_over_4h",
        title: "Unanswered over 4 h",
        compute: |kpi, reading| over(kpi, reading, 4 * HOUR_MS),
        ..UNANSWERED
    },
    Kpi {
        id: "unanswered_over_24h",
        title: "Unanswered over 24 h",
        compute: |kpi, reading| over(kpi, reading, 24 * HOUR_MS),
        ..UNANSWERED
    },
    Kpi {
        id: "unanswered_over_48h",
        title: "Unanswered over 48 h",
        compute: |kpi, reading| over(kpi, reading, 48 * HOUR_MS),
        ..UNANSWERED
    },
    Kpi {
        id: "pending_now",
        title: "Pending",
        better: Better::Neither,
        expression: "written contacts that are not over and wait for somebody who is not an agent, \
                     or for a time",
        doc: "Contacts that agents have put aside: they wait for the customer's answer, for \
              somebody outside, for a colleague, or until a time. Told by networks that know it. \
              A customer who waits for a reply meanwhile still counts as unanswered.",
        compute: pending,
        ..UNANSWERED
    },
];

/// What those of customers who wait now have in common.
const UNANSWERED: Kpi = Kpi {
    id: "",
    title: "",
    unit: Unit::Count,
    better: Better::Lower,
    is_state: true,
    expression: "written contacts whose customer has waited for a human reply for longer",
    source: OWN,
    doc: "Customers who wrote and have waited for a reply of a human for longer than the time in \
          the name, nights and weekends included.",
    applies_to: AppliesTo::Written,
    compute: |kpi, _| nothing_seen(kpi),
};

fn over(kpi: &Kpi, reading: &Reading<'_>, length_ms: Millis) -> Outcome {
    let unanswered =
        |cell: &CellView<'_>| i64::try_from(cell.unanswered_over(length_ms)).unwrap_or(i64::MAX);
    let mut outcome = waiting_customers(kpi, reading, unanswered, |count, waits| {
        let length = text::length(length_ms);
        format!("{count} who wrote {waits} for a human reply for longer than {length} now.")
    });
    outcome.thresholds_ms.push(Count { name: "waited_over", value: length_ms });
    outcome
}

/// The sentence is made of "3 customers" and "wait".
fn waiting_customers(
    kpi: &Kpi,
    reading: &Reading<'_>,
    count: impl Fn(&CellView<'_>) -> i64,
    sentence: impl Fn(&str, &str) -> String,
) -> Outcome {
    if reading.is_past() || reading.is_empty() {
        return nothing_seen(kpi);
    }
    let unanswered: i64 = reading.cells().iter().map(count).sum();
    let waits = if unanswered == 1 { "waits" } else { "wait" };
    let sentence = sentence(&text::counted(unanswered, "customers"), waits);
    Outcome::new(kpi, Figure::Number(unanswered as f64), sentence).count("unanswered", unanswered)
}

fn pending(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_past() || reading.is_empty() {
        return nothing_seen(kpi);
    }
    let parts = [
        (Awaits::Customer, "awaits_customer", "for the customer"),
        (Awaits::ThirdParty, "awaits_third_party", "for somebody outside"),
        (Awaits::Colleague, "awaits_colleague", "for a colleague"),
        (Awaits::ATime, "awaits_a_time", "until a time"),
    ];
    let parts = parts.map(|(awaits, name, words)| {
        let count = reading.cells().iter().map(|cell| i64::from(cell.awaited(awaits))).sum();
        (name, words, count)
    });
    let pending: i64 = parts.iter().map(|(_, _, count)| *count).sum();
    let waits = if pending == 1 { "waits" } else { "wait" };
    let each = parts.iter().filter(|(_, _, count)| *count > 0);
    let each: Vec<_> =
        each.map(|(_, words, count)| format!("{} {words}", text::count(*count))).collect();
    let each = if each.is_empty() { String::new() } else { format!(": {}", each.join(", ")) };
    let contacts = text::counted(pending, "contacts");
    let sentence = format!("{contacts} {waits} for others than agents{each}.");
    let outcome = Outcome::new(kpi, Figure::Number(pending as f64), sentence);
    parts.into_iter().fold(outcome, |outcome, (name, _, count)| outcome.count(name, count))
}

fn oldest(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_past() || reading.is_empty() {
        return nothing_seen(kpi);
    }
    let Some(since_ms) = reading.cells().iter().filter_map(CellView::unanswered_since_ms).min()
    else {
        let sentence = "Nobody who wrote waits for a human reply.".to_owned();
        return Outcome::new(kpi, Figure::Number(0.0), sentence);
    };
    let seconds = reading.now_ms.saturating_sub(since_ms).max(0) as f64 / 1000.0;
    let sentence = format!(
        "Of those who wrote, the longest waiting has waited {} for a human reply.",
        text::clock(seconds),
    );
    Outcome::new(kpi, Figure::Number(seconds), sentence).count("since_ms", since_ms)
}

/// What became of the contacts that came in: how many there are, reached a human, never did, and
/// are still open without an answer.
fn fates(reading: &Reading<'_>) -> [i64; 4] {
    let [contacts, reached, never] =
        [Field::Asking, Field::Reached, Field::NeverAnswered].map(|field| reading.get(field));
    [contacts, reached, never, (contacts - reached - never).max(0)]
}

fn answer_rate(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.selector.agent.is_some() {
        return Outcome::not_applicable(kpi, "an agent's contacts are those that they answered");
    }
    let [contacts, reached, never, open] = fates(reading);
    let (noun, when) = (reading.noun(), reading.when());
    let sentence = match contacts {
        ..=0 => format!("No {noun} came in {when}, so there is no share yet."),
        _ => format!(
            "{} of {} that came in {when} got a human answer; {} over without one, {} open yet.",
            text::count(reached),
            text::counted(contacts, noun),
            are(never),
            are(open),
        ),
    };
    with_fates(Outcome::new(kpi, share(reached, contacts), sentence), reading)
}

fn never_answered(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let [contacts, _, never, open] = fates(reading);
    let sentence = format!(
        "Of {} that came in {}, {} over and no human ever answered; {} still open without an \
         answer.",
        text::counted(contacts, reading.noun()),
        reading.when(),
        are(never),
        are(open),
    );
    with_fates(Outcome::new(kpi, Figure::Number(never as f64), sentence), reading)
}

/// "1 is", "3 are".
fn are(count: i64) -> String {
    format!("{} {}", text::count(count), if count == 1 { "is" } else { "are" })
}

fn with_fates(outcome: Outcome, reading: &Reading<'_>) -> Outcome {
    let [contacts, reached, never, open] = fates(reading);
    outcome
        .count("contacts", contacts)
        .count("reached", reached)
        .count("never_answered", never)
        .count("open", open)
}

#[cfg(test)]
mod tests {
    use crate::engine::Rules;
    use crate::engine::tests::script::*;
    use crate::event::{Author, LeftReason};
    use crate::scope::Window;

    #[test]
    fn every_contact_was_reached_never_answered_or_is_open() {
        let mut script = Script::on("phone");
        script.contact("c1", "sales").queued(0.0).agent("ann").answered(5.0).ended(60.0);
        script.contact("c2", "sales").queued(0.0).abandoned(30.0);
        script.contact("c3", "sales").queued(0.0).left(30.0, LeftReason::Callback);
        script.contact("c4", "sales").queued(0.0);
        // Its answer came in the second queue: it is the first one's contact all the same.
        script.contact("c5", "sales").queued(0.0).transferred(20.0, Some("support"));
        script.queue("support").queued(20.0).agent("ben").answered(40.0).ended(70.0);
        // A callback that was promised is due within a day: the contact is open until then.
        let soon = fold(&script.events, 100.0);
        assert_eq!(shown(&soon, "never_answered", &all(), Window::Today), "1");
        let mut rules = Rules::default();
        rules.contacts.callback_within = std::time::Duration::from_secs(60);
        let engine = fold_with(rules, &script.events, 100.0);
        let counts = |id, selector| {
            let receipt = value(&engine, id, &selector, Window::Today).receipt;
            receipt.counts.iter().map(|count| count.value).collect::<Vec<_>>()
        };
        assert_eq!(counts("answer_rate", all()), [5, 2, 2, 1]);
        assert_eq!(counts("never_answered", queue("sales")), [5, 2, 2, 1]);
        assert_eq!(shown(&engine, "answer_rate", &all(), Window::Today), "40.00 %");
        assert_eq!(shown(&engine, "answer_rate", &queue("support"), Window::Today), "no data");
        assert_eq!(shown(&engine, "never_answered", &all(), Window::Today), "2");
    }

    #[test]
    fn a_queue_that_is_named_late_is_the_contacts_queue() {
        let mut script = Script::on("chat");
        script.contact("c1", "").wrote(0.0, Author::Customer);
        script.agent("ann").wrote(60.0, Author::Agent);
        script.queue("care").wrote(90.0, Author::Customer);
        let engine = fold(&script.events, 100.0);
        assert_eq!(shown(&engine, "answer_rate", &queue("care"), Window::Today), "100.00 %");
        assert_eq!(shown(&engine, "nrt", &queue("care"), Window::Today), "1:00");
    }

    #[test]
    fn waiting_for_longer_is_longer_than_exactly_so_long() {
        let mut script = Script::on("chat");
        script.contact("c1", "care").wrote(0.0, Author::Customer);
        script.contact("c2", "care").wrote(1.0, Author::Customer).wrote(2.0, Author::Bot);
        let over = |second| {
            let engine = fold(&script.events, second);
            shown(&engine, "unanswered_over_15m", &all(), Window::Now)
        };
        assert_eq!([over(900.0), over(901.0), over(902.0)], ["0", "1", "2"]);
    }
}
