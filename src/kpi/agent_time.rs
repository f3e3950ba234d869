//! What agents spend their time on: occupancy, and the time in each state.
//!
//! From what networks tell of their agents' states and from the calls that they work on.
//! Conversations in writing occupy nobody: an agent has several at once. Remembered for a day and
//! some; of time longer ago nothing is said.

use std::collections::BTreeMap;

use super::reading::share;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, COMMON, Kpi, OWN, Outcome, Reading, text};
use crate::engine::STATES_REMEMBERED_MS;
use crate::event::{AgentStatus, Millis, UnixMs};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "occupancy",
        title: "Occupancy",
        unit: Unit::Ratio,
        expression: "(talking + hold + after-work) / (talking + hold + after-work + available)",
        source: COMMON,
        doc: "Of the time in which agents handled calls or were available for one, the share in \
              which they handled calls. Ringing, pauses and time logged off count on neither side. \
              Agents whose network never tells that they are available are left out.",
        compute: occupancy,
        ..TIME
    },
    Kpi {
        id: "time_available",
        title: "Time available",
        doc: "How long agents were ready for the next contact, added up over all of them.",
        compute: |kpi, reading| time(kpi, reading, AgentStatus::Available, "available"),
        ..TIME
    },
    Kpi {
        id: "time_talking",
        title: "Time talking",
        doc: "How long agents talked in calls, without hold, added up over all of them.",
        compute: |kpi, reading| time(kpi, reading, AgentStatus::Talking, "talking"),
        ..TIME
    },
    Kpi {
        id: "time_hold",
        title: "Time on hold",
        doc: "How long agents had a customer on hold, added up over all of them.",
        compute: |kpi, reading| time(kpi, reading, AgentStatus::Hold, "in calls on hold"),
        ..TIME
    },
    Kpi {
        id: "time_after_work",
        title: "Time in after-work",
        doc: "How long agents wrapped up after contacts, added up over all of them. Known where \
              the network tells when after-work ends.",
        compute: |kpi, reading| time(kpi, reading, AgentStatus::AfterWork, "in after-work"),
        ..TIME
    },
    Kpi {
        id: "time_paused",
        title: "Time paused",
        doc: "How long agents were on a break, added up over all of them. Calls that they took \
              during a break are left out.",
        compute: |kpi, reading| time(kpi, reading, AgentStatus::Paused, "paused"),
        ..TIME
    },
];

/// What they have in common.
const TIME: Kpi = Kpi {
    id: "",
    title: "",
    unit: Unit::Seconds,
    better: Better::Neither,
    is_state: false,
    expression: "Σ time in this state, over all agents",
    source: OWN,
    doc: "",
    applies_to: AppliesTo::Agents,
    compute: |kpi, _| nothing_seen(kpi),
};

/// Lengths by state.
type Times = BTreeMap<AgentStatus, Millis>;

/// The span, if agents' states are known of it; else why they are not.
fn known_span(reading: &Reading<'_>) -> Result<(UnixMs, UnixMs), String> {
    let (from_ms, to_ms) = reading.span_ms();
    if from_ms < reading.now_ms - STATES_REMEMBERED_MS {
        let hours = text::length(STATES_REMEMBERED_MS);
        return Err(format!("what agents did is remembered for {hours}, and this is longer ago"));
    }
    Ok((from_ms, to_ms))
}

fn of(times: &Times, status: AgentStatus) -> Millis {
    times.get(&status).copied().unwrap_or_default()
}

fn occupancy(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let span_ms = match known_span(reading) {
        Ok(span_ms) => span_ms,
        Err(why) => return Outcome::not_applicable(kpi, &why),
    };
    let times = reading.engine.told_state_times(reading.selector, span_ms);
    let [talking, hold, after_work, available] =
        [AgentStatus::Talking, AgentStatus::Hold, AgentStatus::AfterWork, AgentStatus::Available]
            .map(|status| of(&times, status));
    let handling = talking + hold + after_work;
    let figure = share(handling, handling + available);
    let sentence = match figure {
        Figure::Number(_) => format!(
            "Agents handled calls for {} of the {} {} in which they were handling or available.",
            clock(handling),
            clock(handling + available),
            reading.when(),
        ),
        _ => format!("No network told of agents who were available {}.", reading.when()),
    };
    Outcome::new(kpi, figure, sentence)
        .count("handling_ms", handling)
        .count("talking_ms", talking)
        .count("hold_ms", hold)
        .count("after_work_ms", after_work)
        .count("available_ms", available)
}

/// `doing` says what they did: "talking".
fn time(kpi: &Kpi, reading: &Reading<'_>, status: AgentStatus, doing: &str) -> Outcome {
    let span_ms = match known_span(reading) {
        Ok(span_ms) => span_ms,
        Err(why) => return Outcome::not_applicable(kpi, &why),
    };
    let (times, when) = (reading.engine.state_times(reading.selector, span_ms), reading.when());
    let spent_ms = of(&times, status);
    // Many networks don't tell of after-work: none at all is not known to be none.
    if times.is_empty() || (status == AgentStatus::AfterWork && spent_ms == 0) {
        let sentence = format!("No network told of agents who were {doing} {when}.");
        return Outcome::new(kpi, Figure::NoData, sentence);
    }
    let sentence = format!("Agents were {doing} for {} {when}, all together.", clock(spent_ms));
    Outcome::new(kpi, Figure::Number(spent_ms as f64 / 1000.0), sentence)
        .count("spent_ms", spent_ms)
        .count("known_ms", times.values().sum())
}

fn clock(length_ms: Millis) -> String {
    text::clock(length_ms as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::STATES_REMEMBERED_MS;
    use crate::engine::tests::script::*;
    use crate::engine::{Engine, Quarters};
    use crate::event::{AgentState, AgentStatus, Event, Kind};
    use crate::kpi::value::Figure;
    use crate::kpi::{compute_quarters, find, series};
    use crate::scope::Window;

    const HOUR: f64 = 3600.0;

    fn said(script: &mut Script, second: f64, status: AgentStatus) {
        let state = AgentState { status, reason: None };
        script.contact("", "").agent("ann").kind(second, Kind::AgentState(state));
    }

    /// On duty from 08:00 to 09:00, in calls for 30 minutes of it; off duty; next morning again.
    fn two_days() -> Vec<Event> {
        let mut script = Script::on("phone");
        said(&mut script, 0.0, AgentStatus::Available);
        script.contact("c1", "sales").agent("ann").queued(600.0).answered(600.0).ended(2400.0);
        said(&mut script, HOUR, AgentStatus::Offline);
        said(&mut script, 24.0 * HOUR, AgentStatus::Available);
        script.contact("c2", "sales").agent("ann").queued(24.5 * HOUR).answered(24.5 * HOUR);
        script.events
    }

    /// What is known of them by then.
    fn until(second: f64) -> Engine {
        let events = two_days().into_iter().filter(|event| event.at_ms <= at(second));
        fold(&events.collect::<Vec<_>>(), second)
    }

    fn shares(engine: &Engine, id: &str, window: Window) -> String {
        shown(engine, id, &all(), window)
    }

    #[test]
    fn occupancy_is_made_of_handling_and_available_time() {
        let engine = until(2.0 * HOUR);
        assert_eq!(shares(&engine, "occupancy", Window::Today), "50.00 %");
        assert_eq!(shares(&engine, "time_available", Window::Today), "30:00");
        assert_eq!(shares(&engine, "time_talking", Window::Today), "30:00");
        assert_eq!(shares(&engine, "time_paused", Window::Today), "0:00");
        assert_eq!(shares(&engine, "time_after_work", Window::Today), "no data");
        let expected = "Agents handled calls for 30:00 of the 1:00:00 today in which they were \
                        handling or available.";
        assert_eq!(value(&engine, "occupancy", &all(), Window::Today).receipt.sentence, expected);
    }

    #[test]
    fn a_call_next_morning_makes_nobody_available_over_night() {
        let engine = until(25.0 * HOUR);
        // From 09:00 to 09:00, of which 08:00 to 09:00 on duty, and 08:30 to 09:00 in a call.
        assert_eq!(shares(&engine, "time_available", Window::Hours24), "30:00");
        assert_eq!(shares(&engine, "occupancy", Window::Hours24), "50.00 %");
    }

    #[test]
    fn longer_ago_than_is_remembered_is_not_applicable() {
        assert_eq!(shares(&until(25.0 * HOUR), "occupancy", Window::Yesterday), "50.00 %");
        let last_of_next_day = until(39.9 * HOUR);
        assert_eq!(shares(&last_of_next_day, "time_talking", Window::Yesterday), "30:00");
        let engine = until(50.0 * HOUR);
        let of = |from_ms| {
            let quarters = Quarters::between(from_ms, from_ms + 900_000);
            compute_quarters(find("occupancy").expect("it"), &engine, &all(), quarters)
        };
        // Five minutes of the first quarter they were in a call, before that available.
        assert_eq!(of(at(50.0 * HOUR) - STATES_REMEMBERED_MS), Figure::Number(1.0 / 3.0));
        assert_eq!(of(at(900.0)), Figure::Number(1.0));
        assert_eq!(of(at(50.0 * HOUR) - STATES_REMEMBERED_MS - 900_000), Figure::NotApplicable);
    }

    #[test]
    fn the_course_of_occupancy() {
        let engine = until(1199.0);
        let series = series(find("occupancy").expect("it"), &engine, &all(), 300_000);
        assert_eq!(series.values[8..], [Some(0.0), Some(0.0), Some(1.0), Some(1.0)]);
        assert_eq!(series.values[7], None, "before they came");
    }
}
