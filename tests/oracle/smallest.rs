//! Makes a scenario in which something differs as small as it gets while that still differs.

use tablica::event::{Event, Kind};

use super::compare::{Comparison, Difference, Question};
use super::draw::Scenario;

/// The smallest scenario that was found, and the difference that it shows.
pub(super) fn smallest(
    scenario: &Scenario,
    differs: impl Fn(&Scenario) -> Option<Difference>,
) -> Option<(Scenario, Difference)> {
    let mut found = (scenario.clone(), differs(scenario)?);
    loop {
        let before = found.0.events.len();
        // Whole threads, the largest share first.
        let mut share = 2;
        loop {
            let threads = threads(&found.0.events);
            let size = threads.len().div_ceil(share).max(1);
            let smaller = threads.chunks(size).find_map(|gone| {
                let is_gone = |event: &Event| gone.contains(&thread(event));
                without(&found.0, is_gone, &differs)
            });
            match smaller {
                Some(smaller) => found = smaller,
                None if size == 1 => break,
                None => share *= 2,
            }
        }
        // Then single events that a thread is understood without.
        let mut index = found.0.events.len();
        while index > 0 {
            index -= 1;
            let event = &found.0.events[index];
            if may_go(&found.0.events, event) {
                let is_gone = |other: &Event| std::ptr::eq(other, &raw const found.0.events[index]);
                if let Some(smaller) = without(&found.0, is_gone, &differs) {
                    found = smaller;
                    index = index.min(found.0.events.len());
                }
            }
        }
        if found.0.events.len() == before {
            return Some(found);
        }
    }
}

/// By what the engine and the recount answer to one question.
pub(super) fn by_question(question: &Question) -> impl Fn(&Scenario) -> Option<Difference> {
    let question = question.clone();
    move |scenario| {
        let watched = [question.selector.clone()];
        Comparison::new(scenario, &watched).differs(&question)
    }
}

fn without(
    scenario: &Scenario,
    is_gone: impl Fn(&Event) -> bool,
    differs: impl Fn(&Scenario) -> Option<Difference>,
) -> Option<(Scenario, Difference)> {
    let kept = scenario.events.iter().filter(|event| !is_gone(event)).cloned().collect();
    let smaller = Scenario { events: kept, ..*scenario };
    let difference = differs(&smaller)?;
    Some((smaller, difference))
}

fn thread(event: &Event) -> (&str, &str) {
    (
        &event.channel,
        if event.interaction.is_empty() {
            event.agent.as_deref().unwrap_or("")
        } else {
            &event.interaction
        },
    )
}

fn threads(events: &[Event]) -> Vec<(&str, &str)> {
    let mut threads: Vec<_> = events.iter().map(thread).collect();
    threads.sort_unstable();
    threads.dedup();
    threads
}

/// Whether the rest of the thread still makes sense without it: what it begins with must stay, and
/// a call is only cut from its end, its asides excepted.
fn may_go(events: &[Event], event: &Event) -> bool {
    let of_thread = || events.iter().filter(|other| thread(other) == thread(event));
    let first_ms = of_thread().map(|other| other.at_ms).min().unwrap_or(event.at_ms);
    let last_ms = of_thread().map(|other| other.at_ms).max().unwrap_or(event.at_ms);
    let is_call = ["pbx", "gate"].contains(&event.channel.as_str());
    match event.kind {
        Kind::AgentState(_) => true,
        // Where a contact is would be another story without it.
        Kind::Transferred(_) | Kind::Queued => false,
        Kind::Tagged(_)
        | Kind::Prioritized(_)
        | Kind::RatingRequested
        | Kind::Rated(_)
        | Kind::Held
        | Kind::RingMissed(_) => event.at_ms > first_ms,
        _ if is_call => event.at_ms == last_ms && event.at_ms > first_ms,
        _ => event.at_ms > first_ms,
    }
}
