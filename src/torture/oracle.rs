//! What was promised to whom, and whether the journal has kept it.

use std::collections::BTreeMap;

use crate::event::Event;

/// The attribute by which each delivery of an event is known in the journal.
const ATTEMPT: &str = "attempt";

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Waiting,
    Acknowledged,
    /// Refused, or the process ended without an answer: all of it may be there, or nothing.
    Open,
}

/// One append.
struct Attempt {
    events: Vec<Event>,
    outcome: Outcome,
}

/// All that was handed to the journal.
#[derive(Default)]
pub(super) struct Oracle {
    attempts: Vec<Attempt>,
}

impl Oracle {
    /// Events are handed over: as they will stand in the journal.
    pub(super) fn hand_over(&mut self, mut events: Vec<Event>) -> (usize, Vec<Event>) {
        let number = self.attempts.len();
        for event in &mut events {
            event.attrs.insert(ATTEMPT.to_owned(), number.to_string());
        }
        self.attempts.push(Attempt { events: events.clone(), outcome: Outcome::Waiting });
        (number, events)
    }

    pub(super) fn answered(&mut self, attempt: usize, is_acknowledged: bool) {
        self.attempts[attempt].outcome =
            if is_acknowledged { Outcome::Acknowledged } else { Outcome::Open };
    }

    pub(super) fn handed_over(&self) -> usize {
        self.attempts.len()
    }

    /// Whether the journal's events are what was promised.
    pub(super) fn judge(&self, journal: &[Event]) -> Result<(), String> {
        let mut found: BTreeMap<usize, Vec<(usize, &Event)>> = BTreeMap::new();
        for (place, event) in journal.iter().enumerate() {
            let attempt = event.attrs.get(ATTEMPT).and_then(|number| number.parse().ok());
            let attempt = attempt.filter(|number| *number < self.attempts.len());
            let Some(attempt) = attempt else {
                return Err(format!("event {} was never sent: {event:?}", place + 1));
            };
            found.entry(attempt).or_default().push((place, event));
        }
        for (number, attempt) in self.attempts.iter().enumerate() {
            let events = found.remove(&number).unwrap_or_default();
            let what = || format!("append {number} of {} events", attempt.events.len());
            if events.is_empty() {
                if attempt.outcome == Outcome::Acknowledged && !attempt.events.is_empty() {
                    return Err(format!("{} was acknowledged and is not there", what()));
                }
                continue;
            }
            let together = events.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0);
            let same = events.iter().map(|(_, event)| *event).eq(&attempt.events);
            if !(together && same) {
                let places: Vec<usize> = events.iter().map(|(place, _)| place + 1).collect();
                let outcome = attempt.outcome;
                return Err(format!("{}, {outcome:?}, stands in part at {places:?}", what()));
            }
        }
        Ok(())
    }

    /// Whether a file's position stands for events that are all there.
    pub(super) fn judge_position(
        journal: &[Event],
        channel: &str,
        before: &[Event],
    ) -> Result<(), String> {
        let there = |wanted: &&Event| {
            journal.iter().any(|event| event.channel == channel && event.id == wanted.id)
        };
        match before.iter().find(|event| !there(event)) {
            None => Ok(()),
            Some(event) => Err(format!(
                "{channel}'s position is {}, and event {} before it is not there",
                before.len(),
                event.id
            )),
        }
    }
}
