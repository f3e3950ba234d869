//! Handling: what a contact costs agents' time, and how often it is handed on.
//!
//! A call that was handed on counts once for each agent who worked on it: so the parts of AHT add
//! up. A written contact has two lengths, since agents have several at once: the active time on
//! it, and the time that passed.

use super::reading::mean_seconds;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, COMMON, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{Field, Sum};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "aht",
        title: "Average handling time",
        expression: "(talk + hold + after-work) / handled",
        source: COMMON,
        doc: "Mean time that a call took an agent: talk, hold and after-work. A call counts when \
              its handling ends, with all its parts. After-work is only known where the network \
              tells when it ends.",
        compute: aht,
        ..HANDLING
    },
    Kpi {
        id: "talk_time",
        title: "Talk time",
        expression: "talk / handled",
        source: COMMON,
        doc: "Mean time that agents talked in a call, without hold. A call counts when its \
              handling ends.",
        compute: |kpi, reading| part(kpi, reading, Sum::Talk, "the talk took"),
        ..HANDLING
    },
    Kpi {
        id: "hold_time",
        title: "Hold time",
        expression: "hold / handled",
        source: COMMON,
        doc: "Mean time that customers were on hold in a call. A call counts when its handling \
              ends.",
        compute: |kpi, reading| part(kpi, reading, Sum::Hold, "the customer was on hold for"),
        ..HANDLING
    },
    Kpi {
        id: "after_work_time",
        title: "After-work time",
        expression: "after-work / handled",
        source: COMMON,
        doc: "Mean time that agents wrapped up after a call. A call counts when its handling ends. \
              No data where the network does not tell when after-work ends.",
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
        expression: "agents' active time on written contacts / handled",
        doc: "Mean time that agents were active on a written contact: the time before each of \
              their messages, at most 5 minutes for each message. Counted when the contact is \
              over.",
        applies_to: AppliesTo::Written,
        compute: |kpi, reading| written(kpi, reading, Sum::Active, "agents worked on one for"),
        ..HANDLING
    },
    Kpi {
        id: "aht_written_elapsed",
        title: "Handling time (elapsed)",
        expression: "Σ (end − opening) of written contacts / handled",
        doc: "Mean time from the opening to the end of a written contact that an agent worked on, \
              counted when the contact is over. Agents have several written contacts at the same \
              time, so this is not the time that one of them costs.",
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
        source: COMMON,
        doc: "Contacts that agents have finished, counted when their handling ends. A call counts \
              once for each agent who had it.",
        applies_to: AppliesTo::Contacts,
        compute: handled,
        ..HANDLING
    },
    Kpi {
        id: "transfers_per_contact",
        title: "Transfers per contact",
        unit: Unit::Number,
        expression: "transfers to another queue or agent / contacts",
        source: COMMON,
        doc: "How often contacts are handed on to another queue or agent. For one queue or one \
              agent the transfers are divided by the contacts offered there, including those that \
              came from elsewhere.",
        applies_to: AppliesTo::Contacts,
        compute: transfers,
        ..HANDLING
    },
    Kpi {
        id: "rings_missed",
        title: "Missed rings",
        unit: Unit::Count,
        expression: "rings that the agent did not take",
        doc: "How often a call rang at an agent who did not take it, so that the caller had to \
              wait on.",
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
    source: OWN,
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

#[cfg(test)]
mod tests {
    use crate::engine::tests::script::*;
    use crate::event::{Answered, Author, Event, Kind};
    use crate::kpi::value::Figure;
    use crate::kpi::{self, find};
    use crate::scope::{Selector, Window};

    /// Calls that an agent takes at once: each talks 100 s, holds 20 s and wraps up 30 s.
    fn calls_of(agent: &str, count: u32) -> Vec<Event> {
        let mut script = Script::on("phone");
        for call in 0..count {
            let second = f64::from(call) * 200.0;
            script.contact(&format!("{agent} {call}"), "sales").agent(agent).queued(second);
            script.kind(second, Kind::Answered(Answered::default()));
            script.kind(second + 60.0, Kind::Held).kind(second + 80.0, Kind::Resumed);
            script.ended(second + 120.0).kind(second + 150.0, Kind::WrappedUp);
        }
        // Ids are unique within a channel.
        for event in &mut script.events {
            event.id = format!("{agent} {}", event.id);
        }
        script.events
    }

    fn by_agent(agent: &str) -> Selector {
        Selector { agent: Some(agent.to_owned()), ..Selector::default() }
    }

    #[test]
    fn handling_time_is_the_sum_of_its_parts() {
        let engine = fold(&calls_of("ann", 6), 1200.0);
        for (id, expected) in [
            ("aht", "2:30"),
            ("talk_time", "1:40"),
            ("hold_time", "0:20"),
            ("after_work_time", "0:30"),
            ("handled", "6"),
            ("rings_missed", "0"),
            ("transfers_per_contact", "0.00"),
            ("aht_written", "not applicable"),
        ] {
            assert_eq!(shown(&engine, id, &all(), Window::Today), expected, "{id}");
        }
        let sentence = value(&engine, "aht", &all(), Window::Today).receipt.sentence;
        let expected = "6 calls finished by agents today took 2:30 on average: talk 1:40, hold \
                        0:20, after-work 0:30.";
        assert_eq!(sentence, expected);
    }

    #[test]
    fn an_agents_figures_need_five_contacts_also_step_by_step() {
        let mut events = calls_of("ann", 5);
        events.extend(calls_of("ben", 4));
        let mut engine = fold(&events, 1200.0);
        assert!(engine.watch(&by_agent("ann")));
        assert_eq!(shown(&engine, "aht", &by_agent("ann"), Window::Today), "2:30");
        let concealed = value(&engine, "aht", &by_agent("ben"), Window::Today);
        assert_eq!(concealed.figure, Figure::Concealed);
        assert!(concealed.receipt.counts.is_empty(), "nor does the receipt tell");
        // A figure of written contacts is not one of too few of them.
        let elsewhere = value(&engine, "frt_median", &by_agent("ann"), Window::Today);
        assert_eq!(elsewhere.figure, Figure::NotApplicable);
        let course = |agent: &str, step_ms| {
            let series = kpi::series(find("aht").expect("aht"), &engine, &by_agent(agent), step_ms);
            series.values.into_iter().flatten().collect::<Vec<_>>()
        };
        assert_eq!(course("ann", 30 * 60_000), [150.0]);
        assert!(course("ann", 60_000).is_empty(), "a minute holds one call");
        assert!(course("ben", 30 * 60_000).is_empty());
    }

    #[test]
    fn a_share_of_one_agents_few_contacts_is_not_told_though_they_have_had_many() {
        let mut script = Script::on("desk");
        for ticket in 0..6 {
            let second = f64::from(ticket) * 100.0;
            script.contact(&format!("t{ticket}"), "care").wrote(second, Author::Customer);
            script.agent("ann").wrote(second + 30.0, Author::Agent);
            if ticket < 4 {
                script.rated(second + 60.0, 1.0, 5.0);
            }
        }
        let shown_of_ann = |script: &Script| {
            let engine = fold(&script.events, 1200.0);
            ["csat", "rating", "frt"].map(|id| shown(&engine, id, &by_agent("ann"), Window::Today))
        };
        assert_eq!(shown_of_ann(&script), ["concealed", "concealed", "0:30"]);
        script.rated(700.0, 5.0, 5.0);
        assert_eq!(shown_of_ann(&script), ["20.00 %", "36.00 %", "0:30"]);
    }

    #[test]
    fn whoever_only_replies_to_what_another_has_answered_has_figures_too() {
        let mut script = Script::on("desk");
        for ticket in 0..6 {
            let second = f64::from(ticket) * 100.0;
            script.contact(&format!("t{ticket}"), "care").wrote(second, Author::Customer);
            script.agent("zoe").kind(second + 10.0, Kind::Assigned);
            script.agent("ann").wrote(second + 30.0, Author::Agent);
            if ticket < 5 {
                script.agent("").wrote(second + 40.0, Author::Customer);
                script.agent("ben").wrote(second + 60.0, Author::Agent);
            }
        }
        // Ten replies, but to four contacts.
        for reply in 0..10 {
            let second = 1_000.0 + f64::from(reply) * 20.0;
            script.contact(&format!("t{}", reply % 4), "care").wrote(second, Author::Customer);
            script.agent("eva").wrote(second + 5.0, Author::Agent);
        }
        let engine = fold(&script.events, 1_300.0);
        let of = |agent, id| shown(&engine, id, &by_agent(agent), Window::Today);
        assert_eq!(of("ben", "nrt"), "0:20");
        assert_eq!(of("zoe", "time_to_assignment"), "0:10");
        assert_eq!(of("eva", "nrt"), "concealed");
    }

    #[test]
    fn whoever_takes_a_call_over_has_a_part_in_it() {
        let mut script = Script::on("phone");
        for call in 0..5 {
            let second = f64::from(call) * 100.0;
            script.contact(&format!("c{call}"), "sales").queued(second);
            script.agent("ann").answered(second);
            script.agent("ann").transferred(second + 10.0, None);
            script.agent("ben").answered(second + 10.0).ended(second + 40.0);
        }
        let engine = fold(&script.events, 600.0);
        assert_eq!(shown(&engine, "talk_time", &by_agent("ann"), Window::Today), "0:10");
        assert_eq!(shown(&engine, "talk_time", &by_agent("ben"), Window::Today), "0:30");
        assert_eq!(shown(&engine, "handled", &all(), Window::Today), "10");
        assert_eq!(shown(&engine, "transfers_per_contact", &all(), Window::Today), "1.00");
    }

    #[test]
    fn work_in_writing_is_less_than_the_time_that_passes() {
        let mut script = Script::on("chat");
        script.contact("c1", "care").wrote(0.0, Author::Customer);
        script.agent("ann").wrote(60.0, Author::Agent);
        script.wrote(1200.0, Author::Customer).wrote(1260.0, Author::Agent);
        script.kind(1800.0, Kind::Resolved(crate::event::Resolved { by: Author::Agent }));
        let engine = fold(&script.events, 1900.0);
        assert_eq!(shown(&engine, "aht_written", &all(), Window::Today), "2:00");
        assert_eq!(shown(&engine, "aht_written_elapsed", &all(), Window::Today), "30:00");
        assert_eq!(shown(&engine, "aht", &all(), Window::Today), "not applicable");
    }
}
