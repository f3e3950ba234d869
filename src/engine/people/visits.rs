//! One customer on all networks: who came back, and within how long.
//!
//! A customer is known by keyed hashes of their identifiers; an event that carries two of them
//! links them for good, whatever channel it came from. Each contact of a customer is a visit. A
//! visit is a *repeat* when the same customer had been in contact within W before, and the
//! earlier one was then not resolved at first contact.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::within::Within;
use crate::engine::cells::{At, Cells, Place, Visitor};
use crate::engine::counting::{Entry, Field, Fields, Item};
use crate::engine::ids::{PersonId, QueueId};
use crate::engine::intern::Map;
use crate::engine::moment::VISITS_KEPT_MS;
use crate::event::UnixMs;

/// Identifiers that are remembered; further customers are not recognised, counted.
const IDENTIFIERS_MAX: usize = 1_000_000;

/// One contact of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) struct Visit {
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) contact: u64,
    pub(in crate::engine) channel: u16,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: PersonId,
}

impl Visit {
    /// Where it counts: what the contact is like does not matter.
    pub(in crate::engine) fn at(&self) -> At<'static> {
        let Visit { channel, queue, agent, .. } = *self;
        let place = Place::new(channel, queue, agent);
        At { place, topics: &[] }
    }

    pub(in crate::engine) fn entry(&self, field: Field) -> Entry {
        Entry::new(self.at_ms, Fields::of(field))
    }
}

/// What becomes of visits when one is added or taken away: to be counted in the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Change {
    /// The visit counts (+1), or no longer.
    Visit(Visit, i32),
    /// It is a repeat (+1), or no longer.
    Repeat(Visit, i32),
    /// The customer came back after it within W (+1), or did not after all.
    Repeated(Visit, i32),
}

/// Which identifiers are one customer, and when each customer was in contact.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Customers {
    /// From an identifier to one that it is linked with; to itself at the end.
    #[serde(serialize_with = "in_order")]
    links: Map<u64, u64>,
    #[serde(serialize_with = "in_order")]
    visits: Map<u64, Vec<Visit>>,
    /// Identifiers that found no room.
    pub(in crate::engine) refused: u64,
}

fn in_order<V: Serialize, S: Serializer>(
    map: &Map<u64, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    map.iter().collect::<BTreeMap<_, _>>().serialize(serializer)
}

impl Customers {
    fn root(&self, identifier: u64) -> Option<u64> {
        let mut root = identifier;
        loop {
            match *self.links.get(&root)? {
                next if next == root => return Some(root),
                next => root = next,
            }
        }
    }

    /// These identifiers are one person's.
    pub(in crate::engine) fn link(
        &mut self,
        identifiers: &[u64],
        within: &Within,
        changes: &mut Vec<Change>,
    ) {
        for identifier in identifiers {
            if !self.links.contains_key(identifier) {
                if self.links.len() >= IDENTIFIERS_MAX {
                    self.refused += 1;
                    continue;
                }
                self.links.insert(*identifier, *identifier);
            }
        }
        let mut roots: Vec<u64> = identifiers.iter().filter_map(|one| self.root(*one)).collect();
        roots.sort_unstable();
        roots.dedup();
        // Whoever has most visits takes the others' in: so no visit moves often, however many
        // contacts share an identifier. Of equals the lowest.
        let size = |root: &u64| self.visits.get(root).map_or(0, Vec::len);
        let Some(root) = roots.iter().copied().rev().max_by_key(size) else { return };
        for other in roots.into_iter().filter(|other| *other != root) {
            let moving = self.visits.remove(&other).unwrap_or_default();
            repeats(&moving, within, -1, changes);
            self.links.insert(other, root);
            for visit in moving {
                self.insert(root, visit, within, changes);
            }
        }
    }

    /// Takes a visit to its place among those of a customer. False when it is there already.
    fn insert(
        &mut self,
        root: u64,
        visit: Visit,
        within: &Within,
        changes: &mut Vec<Change>,
    ) -> bool {
        let held = self.visits.entry(root).or_insert_with(|| Vec::with_capacity(1));
        let Err(place) = held.binary_search(&visit) else { return false };
        repeats(neighbours(held, place, place), within, -1, changes);
        held.insert(place, visit);
        repeats(neighbours(held, place, place + 1), within, 1, changes);
        true
    }

    /// A visit of the customer with that identifier.
    pub(in crate::engine) fn add(
        &mut self,
        identifier: u64,
        visit: Visit,
        within: &Within,
        changes: &mut Vec<Change>,
    ) {
        let Some(root) = self.root(identifier) else { return };
        if self.insert(root, visit, within, changes) {
            changes.push(Change::Visit(visit, 1));
        }
    }

    /// It was none after all.
    pub(in crate::engine) fn remove(
        &mut self,
        identifier: u64,
        visit: Visit,
        within: &Within,
        changes: &mut Vec<Change>,
    ) {
        let Some(held) = self.root(identifier).and_then(|root| self.visits.get_mut(&root)) else {
            return;
        };
        let Ok(place) = held.binary_search(&visit) else { return };
        repeats(neighbours(held, place, place + 1), within, -1, changes);
        held.remove(place);
        repeats(neighbours(held, place, place), within, 1, changes);
        changes.push(Change::Visit(visit, -1));
    }

    /// Forgets visits that nothing can follow within W any more; and links of customers without
    /// any, when room grows scarce.
    pub(in crate::engine) fn forget(&mut self, before_ms: UnixMs) {
        self.visits.retain(|_, visits| {
            visits.retain(|visit| visit.at_ms >= before_ms);
            !visits.is_empty()
        });
        if self.links.len() < IDENTIFIERS_MAX / 4 * 3 {
            return;
        }
        let visits = &self.visits;
        let mut roots = Map::default();
        for identifier in self.links.keys() {
            if let Some(root) = self.root(*identifier).filter(|root| visits.contains_key(root)) {
                roots.insert(*identifier, root);
            }
        }
        self.links = roots;
    }
}

/// The visits from the one before `from` up to the one after `to`.
fn neighbours(visits: &[Visit], from: usize, to: usize) -> &[Visit] {
    &visits[from.saturating_sub(1)..(to + 1).min(visits.len())]
}

/// Which visits of a sorted row are repeats of the one before.
fn repeats(visits: &[Visit], within: &Within, delta: i32, changes: &mut Vec<Change>) {
    for pair in visits.windows(2) {
        if within.reaches(pair[0].at_ms, pair[1].at_ms) {
            changes.push(Change::Repeat(pair[1], delta));
            changes.push(Change::Repeated(pair[0], delta));
        }
    }
}

/// The customers, and what their coming back counts as.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Regulars {
    customers: Customers,
    /// W: `contacts.repeat_within`. Part of the rules, not of a snapshot.
    #[serde(skip)]
    within: Within,
    /// Memory that one visit after another uses.
    #[serde(skip)]
    changes: Vec<Change>,
}

impl Regulars {
    pub(in crate::engine) fn set_within(&mut self, within: Within) {
        self.within = within;
    }

    /// W before that.
    pub(in crate::engine) fn within_before_ms(&self, at_ms: UnixMs) -> UnixMs {
        self.within.before_ms(at_ms)
    }

    /// Identifiers that found no room.
    pub(in crate::engine) fn refused(&self) -> u64 {
        self.customers.refused
    }

    /// These identifiers are one person's.
    pub(in crate::engine) fn link(&mut self, identifiers: &[u64], cells: &mut Cells) {
        self.customers.link(identifiers, &self.within, &mut self.changes);
        self.post(&mut cells.visitor());
    }

    pub(in crate::engine) fn add(
        &mut self,
        identifier: u64,
        visit: Visit,
        visitor: &mut Visitor<'_>,
    ) {
        self.customers.add(identifier, visit, &self.within, &mut self.changes);
        self.post(visitor);
    }

    pub(in crate::engine) fn remove(
        &mut self,
        identifier: u64,
        visit: Visit,
        visitor: &mut Visitor<'_>,
    ) {
        self.customers.remove(identifier, visit, &self.within, &mut self.changes);
        self.post(visitor);
    }

    /// Lets go of what is too old to matter.
    pub(in crate::engine) fn forget(&mut self, now_ms: UnixMs) {
        self.customers.forget(self.within.before_ms(now_ms) - VISITS_KEPT_MS);
    }

    fn post(&mut self, visitor: &mut Visitor<'_>) {
        for change in self.changes.drain(..) {
            let (visit, delta, entry) = match change {
                Change::Visit(visit, delta) => {
                    let counted = visit.entry(Field::Visits);
                    (visit, delta, Entry { others: [Some((Item::Visit, 1)), None], ..counted })
                }
                Change::Repeat(visit, delta) => (visit, delta, visit.entry(Field::RepeatVisits)),
                Change::Repeated(visit, delta) => {
                    (visit, delta, Entry::other(visit.at_ms, Item::Revisited, 1))
                }
            };
            match delta {
                1 => visitor.put(visit.at(), &entry),
                _ => visitor.take_out(visit.at(), &entry),
            }
        }
    }
}
