//! The recount: all that is known at a moment, from scratch.

use std::collections::{BTreeMap, BTreeSet};

use tablica::event::{Event, FeedState, Kind, Mention, UnixMs};

use super::contact::Contact;
use super::crew::{self, Crew};
use super::draw::Scenario;
use super::promise::{self, Promise};
use super::reading::Reading;
use super::world::{POLICIES, World};
use super::{call, written};

/// What was said of us without addressing us.
#[derive(Clone, Debug)]
pub(super) struct Spoken {
    pub(super) channel: String,
    pub(super) queue: String,
    pub(super) at_ms: UnixMs,
    pub(super) mention: Mention,
}

/// Everything that is known at a moment.
pub(super) struct Recount {
    pub(super) world: World,
    pub(super) now_ms: UnixMs,
    pub(super) reading: Reading,
    pub(super) contacts: Vec<Contact>,
    /// Each with the index of its contact.
    pub(super) promises: Vec<(usize, Promise)>,
    pub(super) mentions: Vec<Spoken>,
    pub(super) crew: Crew,
    /// When the first event of all happened.
    pub(super) first_ms: UnixMs,
}

/// The events that are known by then, each once, by the time at which they happened; those of the
/// same time as they were told.
fn known(events: &[Event], now_ms: UnixMs) -> Vec<&Event> {
    let mut ids = BTreeSet::new();
    let known = events.iter().filter(|event| event.known_ms() <= now_ms);
    let once = known.filter(|event| ids.insert((&event.channel, &event.id)));
    let mut events: Vec<_> = once.collect();
    events.sort_by_key(|event| event.at_ms);
    events
}

impl Recount {
    pub(super) fn of(scenario: &Scenario, reading: Reading) -> Self {
        let Scenario { world, now_ms, .. } = *scenario;
        let events = known(&scenario.events, now_ms);
        let mut threads: BTreeMap<(&str, &str), Vec<&Event>> = BTreeMap::new();
        let mut restarts_ms: BTreeMap<&str, Vec<UnixMs>> = BTreeMap::new();
        let mut mentions = Vec::new();
        for event in &events {
            match &event.kind {
                Kind::Mention(mention) => mentions.push(Spoken {
                    channel: event.channel.clone(),
                    queue: event.queue.clone().unwrap_or_default(),
                    at_ms: event.at_ms,
                    mention: mention.clone(),
                }),
                Kind::Feed(feed) if feed.state == FeedState::Restarted => {
                    restarts_ms.entry(&event.channel).or_default().push(event.at_ms);
                }
                _ if event.interaction.is_empty() => {}
                _ => threads.entry((&event.channel, &event.interaction)).or_default().push(event),
            }
        }
        let mut contacts = Vec::new();
        for ((channel, _), facts) in &threads {
            if call::is_call(facts) {
                let restarts_ms = restarts_ms.get(channel).map_or(&[][..], Vec::as_slice);
                contacts.push(call::recount(facts, restarts_ms, reading));
            } else {
                contacts.extend(written::recount(facts, now_ms, reading));
            }
        }
        let mut promises = Vec::new();
        for policy in POLICIES {
            for (index, contact) in contacts.iter().enumerate() {
                let made = promise::promises(policy, contact, now_ms, reading);
                promises.extend(made.into_iter().map(|promise| (index, promise)));
            }
        }
        Recount {
            world,
            now_ms,
            reading,
            crew: crew::recount(&events, &contacts),
            promises,
            contacts,
            mentions,
            first_ms: events.first().map_or(now_ms, |event| event.at_ms),
        }
    }
}
