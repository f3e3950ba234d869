//! Engines that are taken from moment to moment by the same events.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::select::Selection;
use super::source::{Events, Source};
use crate::app;
use crate::channel::intake;
use crate::config::model::Config;
use crate::engine::{Engine, Rules};
use crate::event::{Event, UnixMs};

/// What a config says of the contacts that are counted.
pub(super) struct Site {
    pub(super) rules: Rules,
    queues: Queues,
}

impl Site {
    /// For events from there: what is in the journal has got its queue when it came in.
    pub(super) fn of(config: &Config, source: &Source) -> Self {
        let channels = config.channels.values().filter(|_| !source.is_journal());
        let queues = channels.filter_map(|it| Some((it.name.clone(), it.queue.clone()?)));
        Self { rules: app::rules(config), queues: Queues(queues.collect()) }
    }
}

/// The queues of channels, for events for which the network names none.
struct Queues(BTreeMap<String, String>);

impl Queues {
    fn fill<'a>(&self, event: &'a Event) -> Cow<'a, Event> {
        match self.0.get(&event.channel) {
            Some(queue) if event.queue.is_none() => {
                let mut event = event.clone();
                intake::fill_queue(&mut event, Some(queue));
                Cow::Owned(event)
            }
            _ => Cow::Borrowed(event),
        }
    }
}

/// Events that are not counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeftOut {
    /// Of a file: known only later.
    pub(super) later: Option<u64>,
    /// Of the journal: cannot be read back.
    pub(super) unreadable: u64,
}

/// One engine for each config, and the events that are still to come.
pub(super) struct Fold<const N: usize> {
    pub(super) engines: [Engine; N],
    queues: [Queues; N],
    next: Option<(UnixMs, Event)>,
    events: Events,
}

impl<const N: usize> Fold<N> {
    /// Engines that have seen nothing, and that will know what is asked for.
    pub(super) fn new(sites: [Site; N], mut events: Events, asked: &Selection) -> Self {
        let next = events.next();
        let engines = std::array::from_fn(|side| {
            let mut engine = Engine::new(sites[side].rules.clone());
            engine.watch(asked.only());
            engine
        });
        Self { engines, queues: sites.map(|site| site.queues), next, events }
    }

    /// Folds everything that was known by then, and lets time pass until then.
    pub(super) fn advance(&mut self, to_ms: UnixMs) {
        while let Some((known_ms, event)) = self.next.take_if(|(known_ms, _)| *known_ms <= to_ms) {
            for (engine, queues) in self.engines.iter_mut().zip(&self.queues) {
                // Takes it through all that becomes due before this event.
                engine.apply(&queues.fill(&event), known_ms);
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

    /// What is not counted by now.
    pub(super) fn left_out(&self) -> LeftOut {
        let later = self.events.left().map(|left| left + u64::from(self.next.is_some()));
        LeftOut { later, unreadable: self.unreadable() }
    }
}

impl Fold<1> {
    /// The engine as it is, and the events after it as it would have taken them.
    pub(super) fn into_parts(self) -> (Engine, impl Iterator<Item = (UnixMs, Event)> + Send) {
        let ([engine], [queues]) = (self.engines, self.queues);
        let events = self.next.into_iter().chain(self.events);
        let filled =
            events.map(move |(known_ms, event)| (known_ms, queues.fill(&event).into_owned()));
        (engine, filled)
    }
}
