//! The engine's state as bytes, and back.
//!
//! The same events give the same bytes: maps are written in the order of their keys. A header
//! names the format, so that bytes of another version, or torn ones, are refused and the journal
//! is folded instead.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Serialize, Serializer};

use crate::engine::contact::Contact;
use crate::engine::intern::Map;
use crate::engine::timers::NEVER;
use crate::engine::{Engine, NewIds, Rules, State};

/// First bytes of a snapshot.
const MAGIC: [u8; 8] = *b"tablica\0";
/// Grows with every change of anything that is kept in [`State`], or of its meaning.
const FORMAT: u16 = 22;
const HEADER: usize = MAGIC.len() + 2 + 4;

/// Why a snapshot can't be used. Fold the journal from its beginning instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Not a snapshot of an engine.
    #[error("these bytes are not a snapshot of the engine")]
    NotASnapshot,
    /// Made by another version.
    #[error("the snapshot has format {found}, this version reads {FORMAT}")]
    OtherFormat {
        /// Its format.
        found: u16,
    },
    /// Torn or changed.
    #[error("the snapshot is damaged: {0}")]
    Damaged(String),
    /// Thresholds, zone or contact rules are others now: what was counted by the old ones must
    /// be counted anew.
    #[error("the rules (time zone, day start, contacts, thresholds) changed since the snapshot")]
    OtherRules,
}

impl Engine {
    /// The state. Observations that nobody took are not part of it, nor are ids that somebody took.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::from(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        // Into memory, of plain data: there is nothing that could fail.
        let Ok(mut bytes) = postcard::to_extend(&self.state, bytes) else { return Vec::new() };
        let crc = crc32fast::hash(&bytes[HEADER..]);
        bytes[HEADER - 4..HEADER].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The engine that made the snapshot; fold the journal's tail into it next.
    pub fn restore(rules: Rules, bytes: &[u8]) -> Result<Engine, RestoreError> {
        let body = checked_body(bytes)?;
        let mut state: State =
            postcard::from_bytes(body).map_err(|error| RestoreError::Damaged(error.to_string()))?;
        if state.rules_fingerprint != rules.fingerprint() {
            return Err(RestoreError::OtherRules);
        }
        state.cells.rebuild_index();
        state.duplicates.rebuild();
        let mut engine = Engine::with_state(rules, state);
        for (key, contact) in &engine.state.contacts {
            if contact.timer_ms != NEVER {
                engine.timers.set(contact.timer_ms, *key);
            }
        }
        let configured: Vec<_> = engine.rules.channels.keys().cloned().collect();
        for channel in &configured {
            engine.channel(channel);
        }
        Ok(engine)
    }
}

/// Ids of events are handed out once and stored beside the snapshots.
impl Engine {
    /// The ids that came since the last call. Store them before the next snapshot is.
    pub fn take_new_ids(&mut self) -> NewIds {
        self.state.duplicates.take_new()
    }

    /// What was stored is lost: the next call of [`Engine::take_new_ids`] hands out all ids.
    pub fn hand_out_ids_anew(&mut self) {
        self.state.duplicates.hand_out_anew();
    }

    /// The batches of [`NewIds`] that an engine made of a snapshot needs; none where the snapshot
    /// holds all.
    pub fn ids_needed(&self) -> Option<RangeInclusive<u64>> {
        if self.state.duplicates.is_whole() { None } else { self.state.duplicates.batches() }
    }

    /// Takes back a piece of [`NewIds`].
    pub fn remember_ids(&mut self, piece: &[u8]) {
        self.state.duplicates.remember(piece);
    }
}

fn checked_body(bytes: &[u8]) -> Result<&[u8], RestoreError> {
    let (magic, rest) = bytes.split_first_chunk::<8>().ok_or(RestoreError::NotASnapshot)?;
    if *magic != MAGIC {
        return Err(RestoreError::NotASnapshot);
    }
    let torn = || RestoreError::Damaged("it ends too soon".to_owned());
    let (format, rest) = rest.split_first_chunk::<2>().ok_or_else(torn)?;
    let found = u16::from_le_bytes(*format);
    if found != FORMAT {
        return Err(RestoreError::OtherFormat { found });
    }
    let (crc, body) = rest.split_first_chunk::<4>().ok_or_else(torn)?;
    if u32::from_le_bytes(*crc) != crc32fast::hash(body) {
        return Err(RestoreError::Damaged("its checksum is wrong".to_owned()));
    }
    Ok(body)
}

/// Writes contacts sorted by key: the map's own order depends on its history.
pub(in crate::engine) fn in_order<S: Serializer>(
    contacts: &Map<u64, Box<Contact>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    contacts.iter().collect::<BTreeMap<_, _>>().serialize(serializer)
}
