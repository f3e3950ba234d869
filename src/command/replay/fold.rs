//! Engines that are taken from moment to moment by the same events.

use super::select::Selection;
use super::source::Events;
use crate::engine::{Engine, Rules};
use crate::event::{Event, UnixMs};

/// One engine for each set of rules, and the events that are still to come.
pub(super) struct Fold<const N: usize> {
    pub(super) engines: [Engine; N],
    next: Option<(UnixMs, Event)>,
    events: Events,
}

impl<const N: usize> Fold<N> {
    /// Engines that have seen nothing, and that will know what is asked for.
    pub(super) fn new(rules: [Rules; N], mut events: Events, asked: &Selection) -> Self {
        let next = events.next();
        let mut engines = rules.map(Engine::new);
        for engine in &mut engines {
            engine.watch(asked.only());
        }
        Self { engines, next, events }
    }

    /// Folds everything that was known by then, and lets time pass until then.
    pub(super) fn advance(&mut self, to_ms: UnixMs) {
        while let Some((known_ms, event)) = self.next.take_if(|(known_ms, _)| *known_ms <= to_ms) {
            for engine in &mut self.engines {
                // Takes it through all that becomes due before this event.
                engine.apply(&event, known_ms);
            }
            self.next = self.events.next();
        }
        for engine in &mut self.engines {
            engine.tick(to_ms);
            // For histograms of what is live; this is the past.
            engine.take_observations().for_each(drop);
        }
    }

    /// How many events could not be read back by now.
    pub(super) fn unreadable(&self) -> u64 {
        self.events.unreadable()
    }

    /// How many events of a file were known only later.
    pub(super) fn left_out(&self) -> Option<u64> {
        self.events.left().map(|left| left + u64::from(self.next.is_some()))
    }

    /// The engines as they are, and the events after them.
    pub(super) fn into_parts(self) -> ([Engine; N], impl Iterator<Item = (UnixMs, Event)> + Send) {
        (self.engines, self.next.into_iter().chain(self.events))
    }
}
