//! Who is who: identifiers that were ever told of one customer are of one customer, on all channels.

use std::collections::BTreeSet;

use tablica::event::{CustomerKey, UnixMs};

use super::contact::Contact;
use super::reading::{Point, Reading};
use super::world::REPEAT_WITHIN;

/// The customers by their identifiers, as far as they are known by a moment.
fn people<'a>(contacts: impl Iterator<Item = &'a Contact>) -> Vec<BTreeSet<CustomerKey>> {
    let mut people: Vec<BTreeSet<CustomerKey>> = Vec::new();
    for contact in contacts.filter(|contact| !contact.customer.is_empty()) {
        let mut person = contact.customer.clone();
        people.retain(|other| {
            let is_same = !other.is_disjoint(&person);
            if is_same {
                person.extend(other.iter().cloned());
            }
            !is_same
        });
        people.push(person);
    }
    people
}

/// The other contacts of the same customer: when each came in. `None`: nobody who can be recognised.
pub(super) fn other_visits(
    contacts: &[Contact],
    index: usize,
    reading: Reading,
) -> Option<Vec<UnixMs>> {
    let contact = &contacts[index];
    let known = contacts
        .iter()
        .filter(|other| !reading.has(Point::MergedFromThenOn) || other.came_ms <= contact.came_ms);
    let person = people(known);
    let person = person.into_iter().find(|person| !person.is_disjoint(&contact.customer))?;
    let others = contacts.iter().enumerate();
    let others = others
        .filter(|(other, it)| *other != index && it.counts() && !it.customer.is_disjoint(&person));
    Some(others.map(|(_, it)| it.came_ms).collect())
}

/// Whether its customer had been in contact shortly before. `None`: it is not known who it is.
pub(super) fn is_repeat(contacts: &[Contact], index: usize, reading: Reading) -> Option<bool> {
    let came_ms = contacts[index].came_ms;
    let visits = other_visits(contacts, index, reading)?;
    Some(visits.into_iter().any(|at_ms| at_ms < came_ms && came_ms - at_ms <= REPEAT_WITHIN))
}
