//! Takes out of an event everything by which a customer could be known.
//!
//! Identifiers are brought to one spelling (`canonical`) and become keyed hashes that only this
//! site can make ([`keys`]): the keys are drawn here and never leave the state folder. Without them
//! hashes cannot be guessed back, not even a telephone number. Free text does not pass: of a
//! message only its length does, because [`Event`] has no place for more. What a plugin does not
//! declare is dropped.
//!
//! The host converts a plugin's event into an [`Event`] whose `id`, `interaction` and
//! `customer` are still readable, and hands it through [`Pseudonymizer::event`] at once, before
//! it is logged, journaled or shown to anybody.

mod identifier;
pub mod keys;
mod phone;
mod quoted;

use std::collections::BTreeSet;

use zeroize::Zeroizing;

pub(crate) use self::identifier::canonical;
use self::keys::{Key, KeyRing, Keys};
pub(crate) use self::quoted::{without_numbers, without_values};
use crate::event::{CustomerKey, Event, Kind, Merged, SameAs};

/// Identifiers of one customer in one event; more are not looked at.
const IDENTIFIERS_MAX: usize = 16;
/// Longest name of a queue, agent, tag or reason, and longest attribute, in characters.
const WORD_CHARS_MAX: usize = 120;
/// Tags of one event.
const TAGS_MAX: usize = 32;
/// Longest BCP 47 tag that is one.
const LANGUAGE_CHARS_MAX: usize = 35;

/// What a hash is of: the same text in two roles gives two hashes.
#[derive(Clone, Copy)]
enum Domain {
    Event = 1,
    Interaction = 2,
    Customer = 3,
}

/// Makes the events of one channel safe to keep.
pub struct Pseudonymizer {
    keys: KeyRing,
    keep: BTreeSet<String>,
}

impl Pseudonymizer {
    /// With the attributes that the plugin's manifest declares (`[attributes] keep`).
    pub fn new(keys: KeyRing, keep: impl IntoIterator<Item = String>) -> Self {
        Self { keys, keep: keep.into_iter().collect() }
    }

    /// The event without anything by which its customer could be known. Give it once only: a
    /// second time hashes the hashes.
    pub fn event(&self, event: Event) -> Event {
        let Event { id, channel, at_ms, received_ms, interaction, queue, agent, .. } = event;
        // What is readable in them does not stay in freed memory.
        let (id, interaction) = (Zeroizing::new(id), Zeroizing::new(interaction));
        let refers = event.refers.map(Zeroizing::new);
        let keys = self.keys.keys();
        let mut customer = Vec::new();
        let identifiers = event.customer.into_iter().map(|identifier| Zeroizing::new(identifier.0));
        for identifier in identifiers.take(IDENTIFIERS_MAX) {
            for hash in customers(&keys, &identifier) {
                if !customer.contains(&hash) {
                    customer.push(hash);
                }
            }
        }
        let event_id = |id: &str| hash(&keys.ids, Domain::Event, &[&channel, id]);
        let interaction_of = |channel: &str, interaction: &str| {
            hash(&keys.ids, Domain::Interaction, &[channel, interaction])
        };
        let interaction_id = |interaction: &str| interaction_of(&channel, interaction);
        Event {
            id: event_id(&id),
            // Agents' and feeds' events have none, and that must stay visible.
            interaction: if interaction.is_empty() {
                String::new()
            } else {
                interaction_id(&interaction)
            },
            refers: refers.map(|id| event_id(&id)),
            same_as: event.same_as.map(|same| SameAs {
                interaction: interaction_of(&same.channel, &Zeroizing::new(same.interaction)),
                ..same
            }),
            kind: match event.kind {
                Kind::Merged(Merged { into }) => {
                    Kind::Merged(Merged { into: interaction_id(&Zeroizing::new(into)) })
                }
                other => kind(other),
            },
            customer,
            at_ms,
            received_ms,
            channel,
            queue: queue.map(word),
            agent: agent.map(word),
            order: event.order,
            attrs: event
                .attrs
                .into_iter()
                .filter(|(name, _)| self.keep.contains(name))
                .map(|(name, value)| (name, word(value)))
                .collect(),
        }
    }
}

/// The hashes of one identifier: by the key in force, then by the one before it while that is
/// still in its overlap, so that whoever reads them can link the two; none of what names nobody.
/// The channel is no part of it: the same person on two networks is one customer.
fn customers(keys: &Keys, identifier: &str) -> impl Iterator<Item = CustomerKey> {
    let identifier = canonical(identifier).map(Zeroizing::new);
    let by = [Some(&keys.customer), keys.previous.as_ref()]
        .map(|key| Some(CustomerKey(hash(key?, Domain::Customer, &[identifier.as_deref()?]))));
    by.into_iter().flatten()
}

fn hash(key: &Key, domain: Domain, parts: &[&str]) -> String {
    key.hash(domain as u8, parts)
}

/// Names of queues, agents, tags and reasons are the site's own words, but not its essays.
fn word(text: String) -> String {
    match text.char_indices().nth(WORD_CHARS_MAX) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

fn language(tag: Option<String>) -> Option<String> {
    tag.filter(|tag| {
        (2..=LANGUAGE_CHARS_MAX).contains(&tag.len())
            && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}

/// Kinds with room for words get them shortened; a newer plugin's value is not understood, so
/// nobody can say what is in it, and only its name passes.
fn kind(kind: Kind) -> Kind {
    match kind {
        Kind::Message(mut message) => {
            message.language = language(message.language);
            Kind::Message(message)
        }
        Kind::Edited(mut message) => {
            message.language = language(message.language);
            Kind::Edited(message)
        }
        Kind::Mention(mut mention) => {
            mention.language = language(mention.language);
            Kind::Mention(mention)
        }
        Kind::Transferred(mut transferred) => {
            transferred.to_queue = transferred.to_queue.map(word);
            transferred.to_agent = transferred.to_agent.map(word);
            Kind::Transferred(transferred)
        }
        Kind::Rated(mut rated) => {
            rated.dimension = word(rated.dimension);
            Kind::Rated(rated)
        }
        Kind::Tagged(tags) => Kind::Tagged(tags.into_iter().take(TAGS_MAX).map(word).collect()),
        Kind::Gauge(mut gauge) => {
            gauge.name = word(gauge.name);
            Kind::Gauge(gauge)
        }
        Kind::Member(mut member) => {
            member.reason = member.reason.map(word);
            Kind::Member(member)
        }
        Kind::AgentKnown(known) => Kind::AgentKnown(known.bounded()),
        Kind::AgentState(mut state) => {
            state.reason = state.reason.map(word);
            Kind::AgentState(state)
        }
        Kind::Other(mut other) => {
            other.name = word(other.name);
            other.value.clear();
            Kind::Other(other)
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::keys::{HASH_BYTES, KEY_BYTES};
    use super::*;
    use crate::event::{Message, Other};

    fn keys(ids: u8, customer: u8, previous: Option<u8>) -> Keys {
        let key = |byte| Key::from_bytes([byte; KEY_BYTES]);
        Keys { ids: key(ids), customer: key(customer), previous: previous.map(key) }
    }

    fn pseudonymizer() -> Pseudonymizer {
        Pseudonymizer::new(KeyRing::fixed(keys(7, 8, None)), ["did".to_owned()])
    }

    fn event(kind: Kind) -> Event {
        Event {
            id: "MARKER-id".into(),
            channel: "tg".into(),
            at_ms: 5,
            received_ms: 6,
            interaction: "MARKER-interaction".into(),
            queue: Some("Sales".into()),
            agent: Some("Anna".into()),
            customer: vec![CustomerKey("MARKER-customer".into())],
            order: Some(3),
            refers: Some("MARKER-refers".into()),
            same_as: Some(SameAs {
                channel: "tg".into(),
                interaction: "MARKER-interaction".into(),
                told_there: false,
            }),
            kind,
            attrs: BTreeMap::from([
                ("did".to_owned(), "2211".to_owned()),
                ("text".to_owned(), "MARKER-attribute".to_owned()),
            ]),
        }
    }

    #[test]
    fn what_names_a_customer_never_comes_out() {
        let kinds = [
            Kind::Opened(Default::default()),
            Kind::Message(Message {
                language: Some("MARKER is no language".into()),
                ..Message::default()
            }),
            Kind::Edited(Message {
                language: Some("MARKER is no language".into()),
                ..Message::default()
            }),
            Kind::Merged(Merged { into: "MARKER-interaction".into() }),
            Kind::Other(Other { name: "poll".into(), value: "MARKER-value".into() }),
        ];
        for kind in kinds {
            let safe = pseudonymizer().event(event(kind));
            let written = serde_json::to_string(&safe).expect("JSON");
            assert!(!written.contains("MARKER"), "{written}");
            assert_eq!(safe.queue.as_deref(), Some("Sales"));
            assert_eq!(safe.attrs["did"], "2211");
            assert_eq!((safe.at_ms, safe.received_ms), (5, 6));
        }
    }

    #[test]
    fn what_an_event_points_at_keeps_the_name_that_the_other_event_has() {
        let earlier = pseudonymizer().event(Event { id: "7".into(), ..event(Kind::Queued) });
        let later = Event { refers: Some("7".into()), ..event(Kind::Queued) };
        assert_eq!(pseudonymizer().event(later).refers, Some(earlier.id));
        let merged = Kind::Merged(Merged { into: "MARKER-interaction".into() });
        let into = pseudonymizer().event(event(Kind::Queued)).interaction;
        let kind = pseudonymizer().event(event(merged)).kind;
        assert_eq!(kind, Kind::Merged(Merged { into }));
    }

    #[test]
    fn the_same_identifier_gives_the_same_hash_and_a_redelivery_the_same_event() {
        let first = pseudonymizer().event(event(Kind::Queued));
        let again = pseudonymizer().event(event(Kind::Queued));
        assert_eq!(first, again);
        assert_eq!(first.id.len(), HASH_BYTES * 2);
    }

    #[test]
    fn roles_channels_and_sites_do_not_share_hashes() {
        let all_alike = |channel: &str, key: u8| {
            let event = Event {
                id: "1".into(),
                interaction: "1".into(),
                customer: vec![CustomerKey("1".into())],
                channel: channel.into(),
                ..event(Kind::Queued)
            };
            Pseudonymizer::new(KeyRing::fixed(keys(key, key, None)), []).event(event)
        };
        let (a, b, c) = (all_alike("a", 1), all_alike("b", 1), all_alike("a", 2));
        let hashes =
            BTreeSet::from([&a.id, &a.interaction, &a.customer[0].0, &b.id, &b.interaction]);
        assert_eq!(hashes.len(), 5);
        assert_eq!(a.customer, b.customer, "one customer on two channels");
        assert_ne!(a.customer, c.customer, "another site cannot compare");
    }

    #[test]
    fn spellings_of_one_address_or_number_are_one_customer() {
        let of = |identifiers: &[&str]| {
            let customer = identifiers.iter().map(|it| CustomerKey((*it).into())).collect();
            pseudonymizer().event(Event { customer, ..event(Kind::Queued) }).customer
        };
        assert_eq!(of(&["Jan@Example.org "]), of(&["jan@example.org"]));
        assert_eq!(of(&["tel:48601222333;phone-context=+48"]), of(&["tel:+48 601-222-333"]));
        assert_eq!(of(&["+48601222333", "tel:0048601222333"]).len(), 1, "one customer once");
        assert_ne!(of(&["telegram:12"]), of(&["telegram:1-2"]));
        assert_eq!(of(&["  ", "anonymous", "tel:7001", "site:unknown"]), [], "nobody");
    }

    #[test]
    fn in_an_overlap_each_identifier_is_hashed_by_both_keys_the_new_one_first() {
        let by = |customer, previous| {
            let keys = KeyRing::fixed(keys(7, customer, previous));
            let mut event = event(Kind::Queued);
            event.customer = ["tel:+48601222333", "a@b.pl", "+48 601222333"]
                .map(|it| CustomerKey(it.into()))
                .into();
            Pseudonymizer::new(keys, []).event(event)
        };
        let (before, during, after) = (by(1, None), by(2, Some(1)), by(2, None));
        let [old, new] = [&before.customer, &after.customer];
        assert_eq!(during.customer, [&new[0], &old[0], &new[1], &old[1]].map(Clone::clone));
        assert!(old.iter().all(|hash| !new.contains(hash)));
        assert_eq!((&before.id, &before.interaction), (&after.id, &after.interaction));
    }

    #[test]
    fn events_of_agents_keep_having_no_interaction() {
        let event = Event { interaction: String::new(), ..event(Kind::Queued) };
        assert_eq!(pseudonymizer().event(event).interaction, "");
    }

    #[test]
    fn a_contact_of_another_channel_is_the_one_that_it_is_there() {
        let here = pseudonymizer().event(event(Kind::Queued));
        let elsewhere = Event { channel: "desk".into(), ..event(Kind::Queued) };
        let elsewhere = pseudonymizer().event(elsewhere);
        assert_ne!(elsewhere.interaction, here.interaction);
        assert_eq!(elsewhere.same_as.map(|same| same.interaction), Some(here.interaction));
    }
}
