//! Takes out of an event everything by which a customer could be known.
//!
//! Identifiers become keyed hashes that only this site can make: the key is drawn once and
//! never leaves the state folder. Without the key they cannot be guessed back, not even a
//! telephone number. Free text does not pass: of a message only its length does, because
//! [`Event`] has no place for more. What a plugin does not declare is dropped.
//!
//! The host converts a plugin's event into an [`Event`] whose `id`, `interaction` and
//! `customer` are still readable, and hands it through [`Pseudonymizer::event`] at once, before
//! it is logged, journaled or shown to anybody.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use sha2::Sha256;

use crate::event::{CustomerKey, Event, Kind};

const KEY_BYTES: usize = 32;
/// Bytes of a hash that are kept: 128 bits tell all contacts of a site apart.
const HASH_BYTES: usize = 16;
/// Identifiers of one customer in one event; more are not looked at.
const IDENTIFIERS_MAX: usize = 16;
/// Longest name of a queue, agent, tag or reason, and longest attribute, in characters.
const WORD_CHARS_MAX: usize = 120;
/// Tags of one event.
const TAGS_MAX: usize = 32;
/// Longest BCP 47 tag that is one.
const LANGUAGE_CHARS_MAX: usize = 35;

/// The site's key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The disk says no.
    #[error("the site key {path} cannot be {action}: {reason}")]
    Unusable {
        /// The key's file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the disk said.
        reason: io::Error,
    },
    /// Something else is in the file.
    #[error(
        "the site key {path} holds {found} bytes instead of {KEY_BYTES}; put the right one back from a backup, or remove it and lose the link to customers known so far"
    )]
    Damaged {
        /// The key's file.
        path: PathBuf,
        /// Its length.
        found: usize,
    },
}

/// The secret from which all hashes of a site are made; one for all channels. Has no `Debug`.
#[derive(Clone)]
pub struct SiteKey(Hmac<Sha256>);

impl SiteKey {
    /// From given bytes; for tests and for tools without a state folder.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        // HMAC pads a key that is shorter than a block with zeros.
        let mut block = [0; 64];
        block[..KEY_BYTES].copy_from_slice(&bytes);
        Self(Hmac::<Sha256>::new(&block.into()))
    }

    /// The key under `state_dir`, drawn at the first start, readable by the owner alone.
    pub fn open(state_dir: &Path) -> Result<Self, KeyError> {
        let folder = state_dir.join("keys");
        let path = folder.join("site.key");
        let unusable =
            |action| move |reason| KeyError::Unusable { path: path_of(state_dir), action, reason };
        match fs::read(&path) {
            Ok(bytes) => {
                let found = bytes.len();
                let bytes = bytes.try_into().map_err(|_| KeyError::Damaged { path, found })?;
                return Ok(Self::from_bytes(bytes));
            }
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => {}
            Err(reason) => return Err(unusable("read")(reason)),
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(unusable("created"))?;
        let mut bytes = [0; KEY_BYTES];
        rand::rngs::SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| unusable("drawn")(io::Error::other(error)))?;
        write_once(&path, &bytes).map_err(unusable("written"))?;
        Ok(Self::from_bytes(bytes))
    }

    /// Hash of the parts under a domain. Lengths go in, so that parts cannot run together.
    fn hash(&self, domain: Domain, parts: &[&str]) -> String {
        let mut mac = self.0.clone();
        mac.update(&[domain as u8]);
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        let hash = mac.finalize().into_bytes();
        let mut digits = [0; 2 * HASH_BYTES];
        // The sizes fit. Into a buffer, because `hex::encode` goes digit by digit.
        let _ = hex::encode_to_slice(&hash[..HASH_BYTES], &mut digits);
        String::from_utf8_lossy(&digits).into_owned()
    }
}

fn path_of(state_dir: &Path) -> PathBuf {
    state_dir.join("keys").join("site.key")
}

/// Whole or not at all, on disk when it returns, and never over an existing file.
fn write_once(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::hard_link(&draft, path)?;
    fs::remove_file(&draft)?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// What a hash is of: the same text in two roles gives two hashes.
#[derive(Clone, Copy)]
enum Domain {
    Event = 1,
    Interaction = 2,
    Customer = 3,
}

/// Makes the events of one channel safe to keep.
pub struct Pseudonymizer {
    key: SiteKey,
    keep: BTreeSet<String>,
}

impl Pseudonymizer {
    /// With the attributes that the plugin's manifest declares (`[attributes] keep`).
    pub fn new(key: SiteKey, keep: impl IntoIterator<Item = String>) -> Self {
        Self { key, keep: keep.into_iter().collect() }
    }

    /// The event without anything by which its customer could be known. Give it once only: a
    /// second time hashes the hashes.
    pub fn event(&self, event: Event) -> Event {
        let Event { id, channel, at_ms, received_ms, interaction, queue, agent, .. } = event;
        let mut customer: Vec<CustomerKey> = event
            .customer
            .iter()
            .take(IDENTIFIERS_MAX)
            .filter_map(|identifier| self.customer(&identifier.0))
            .collect();
        customer.dedup();
        Event {
            id: self.key.hash(Domain::Event, &[&channel, &id]),
            // Agents' and feeds' events have none, and that must stay visible.
            interaction: if interaction.is_empty() {
                String::new()
            } else {
                self.key.hash(Domain::Interaction, &[&channel, &interaction])
            },
            customer,
            at_ms,
            received_ms,
            channel,
            queue: queue.map(word),
            agent: agent.map(word),
            kind: kind(event.kind),
            attrs: event
                .attrs
                .into_iter()
                .filter(|(name, _)| self.keep.contains(name))
                .map(|(name, value)| (name, word(value)))
                .collect(),
        }
    }

    /// The hash of one identifier. The channel is no part of it: the same person on two
    /// networks is one customer.
    pub fn customer(&self, identifier: &str) -> Option<CustomerKey> {
        let identifier = normalize(identifier);
        (!identifier.is_empty())
            .then(|| CustomerKey(self.key.hash(Domain::Customer, &[&identifier])))
    }
}

/// One spelling for addresses and numbers that people write in many ways.
fn normalize(identifier: &str) -> String {
    let identifier = identifier.trim();
    let number = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.');
    if identifier.contains('@') {
        identifier.to_lowercase()
    } else if identifier.starts_with('+') && identifier.chars().all(number) {
        identifier.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    } else {
        identifier.to_owned()
    }
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
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::event::{Message, Other};

    fn pseudonymizer() -> Pseudonymizer {
        Pseudonymizer::new(SiteKey::from_bytes([7; KEY_BYTES]), ["did".to_owned()])
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
            Pseudonymizer::new(SiteKey::from_bytes([key; KEY_BYTES]), []).event(event)
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
        let safe = pseudonymizer();
        assert_eq!(safe.customer("Jan@Example.org "), safe.customer("jan@example.org"));
        assert_eq!(safe.customer("+48 (22) 123-45"), safe.customer("+482212345"));
        assert_ne!(safe.customer("telegram:12"), safe.customer("telegram:1-2"));
        assert_eq!(safe.customer("  "), None);
    }

    #[test]
    fn events_of_agents_keep_having_no_interaction() {
        let event = Event { interaction: String::new(), ..event(Kind::Queued) };
        assert_eq!(pseudonymizer().event(event).interaction, "");
    }

    #[test]
    fn the_site_key_is_drawn_once_and_is_the_owners_alone() {
        let folder = tempfile::tempdir().expect("folder");
        let hash = || {
            let key = SiteKey::open(folder.path()).expect("key");
            Pseudonymizer::new(key, []).customer("+1")
        };
        let first = hash();
        assert_eq!(first, hash());
        let path = path_of(folder.path());
        let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("folder")), 0o700);

        fs::write(&path, b"short").expect("write");
        assert!(matches!(SiteKey::open(folder.path()), Err(KeyError::Damaged { found: 5, .. })));
    }
}
