//! The keys that hashes are made with: one for ids that stays, one for customers that rotates.
//!
//! Both are drawn at the first start and never leave `keys/` in the state folder.
//!
//! - The **ids'** key hashes events' and interactions' ids. It is never rotated: with another one
//!   a contact that is open would fall in two, and a network's redelivery would count twice. What
//!   it hashes is gone when the journal drops it (`journal.keep`). On networks whose conversations
//!   are people (a messenger's private chat) an interaction's hash follows that chat for as long.
//!   Where the folder itself has leaked, stop the server, remove it and `tablica key draw`.
//! - The **customers'** key hashes telephone numbers, addresses and network ids. [`rotate`] draws
//!   another; the one before stays for an overlap, in which each identifier is hashed by both, so
//!   that a customer's past and present are linked. After it the old key is deleted, and nobody
//!   can make or check the old hashes any more.
//!
//! All of it is one small file, replaced as a whole, so that a crash leaves the old or the new
//! keys. Times are arguments.

mod file;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use self::file::{
    Found, Missing, Previous, Stored, draw, existing, folder, modified, path_of, read, stored,
    write,
};
use crate::event::{Millis, UnixMs};

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a hash that are kept: 128 bits tell all contacts of a site apart.
pub(super) const HASH_BYTES: usize = 16;

/// The site's keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The disk says no.
    #[error("the site's keys {path} cannot be {action}: {reason}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the disk said.
        reason: io::Error,
    },
    /// Something else is in the file. What, is not said: it may be a key.
    #[error(
        "the site's keys {path} are damaged; put the right ones back from a backup, or remove the file and lose the link to contacts and customers known so far"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A rotation is not over.
    #[error(
        "the key before this one is still needed to link customers, until {}; rotate after that, or use --force to forget it now",
        moment(*until_ms)
    )]
    InOverlap {
        /// When it ends.
        until_ms: UnixMs,
    },
    /// They are not there, and hashes were made with them.
    #[error(
        "the site's keys {path} are gone, and the journal has hashes made with them: put the file back from a backup; or, when there is none, draw others with `tablica key draw` and lose the link to contacts and customers known so far"
    )]
    Gone {
        /// The file.
        path: PathBuf,
    },
    /// They are there.
    #[error("there are keys in {path}: remove them first, if they are to be lost for good")]
    Present {
        /// The file.
        path: PathBuf,
    },
    /// They are not there.
    #[error(
        "there are no keys in {path}: is this the state folder of the server's config (--config)? A server draws them when it starts"
    )]
    None {
        /// Where they should be.
        path: PathBuf,
    },
}

fn moment(ms: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |at| at.to_string())
}

/// One secret key. Has no `Debug`.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// From given bytes.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        // HMAC pads a key that is shorter than a block with zeros.
        let mut block = [0; 64];
        block[..KEY_BYTES].copy_from_slice(&bytes);
        Self(Hmac::<Sha256>::new(&block.into()))
    }

    /// Hash of the parts under a domain. Lengths go in, so that parts cannot run together.
    pub(super) fn hash(&self, domain: u8, parts: &[&str]) -> String {
        let hash = self.digits(domain, parts);
        overwrite_stack();
        hash
    }

    /// A function of its own, so that what it leaves on the stack is below its caller.
    #[inline(never)]
    fn digits(&self, domain: u8, parts: &[&str]) -> String {
        let mut mac = self.0.clone();
        mac.update(&[domain]);
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

/// More than making a hash leaves there.
const STACK_BYTES: usize = 4 << 10;

/// Writes over what the last call has left on the stack: hashers are moved on their way, and a copy
/// of the last part of what they were given stays behind.
#[inline(never)]
fn overwrite_stack() {
    std::hint::black_box(&mut [0u8; STACK_BYTES]);
}

/// The keys in force at one moment. Has no `Debug`.
#[derive(Clone)]
pub struct Keys {
    /// Of events' and interactions' ids.
    pub ids: Key,
    /// Of customers.
    pub customer: Key,
    /// Of customers before the last rotation, during the overlap.
    pub previous: Option<Key>,
}

/// The keys as a server holds them: refreshed while it runs, read without waiting.
#[derive(Clone)]
pub struct KeyRing {
    keys: Arc<ArcSwap<Keys>>,
    /// Touched by [`refresh`](Self::refresh) alone.
    source: Arc<Mutex<Option<Source>>>,
}

/// Where the keys came from, and how it was then.
struct Source {
    state_dir: PathBuf,
    modified: Option<SystemTime>,
    /// As it is to be in the file.
    stored: Stored,
    /// It is there. Otherwise it had no room: drawn, or without a key whose overlap is over.
    is_kept: bool,
}

impl Source {
    /// Writes the keys in force to the file.
    fn write(&mut self) -> Result<(), KeyError> {
        let path = path_of(&self.state_dir);
        let _lock = folder(&self.state_dir)?;
        write(&path, &self.stored)?;
        self.modified = modified(&path);
        self.is_kept = true;
        Ok(())
    }

    /// Whoever removes the file under a running server does not mean new keys: events are hashed
    /// by these.
    fn put_back(&mut self) -> Result<(), KeyError> {
        let path = path_of(&self.state_dir);
        tracing::warn!(path = %path.display(), "the site's keys were deleted; they are written again");
        // Said once, however often it has to be tried.
        self.is_kept = false;
        self.write()
    }
}

impl KeyRing {
    /// The keys under `state_dir`, readable by the owner alone. They are drawn at the first start;
    /// when they are gone although the journal has hashes made with them (`in_use`), that is an
    /// error. A previous key whose overlap is over stays until it is looked at by a sure clock
    /// ([`refresh`](Self::refresh)).
    pub fn open(state_dir: &Path, now_ms: UnixMs, in_use: bool) -> Result<Self, KeyError> {
        let missing = if in_use { Missing::IsAnError } else { Missing::AreDrawn };
        let Found { stored, modified, unkept } = stored(state_dir, now_ms, None, missing)?;
        let path = path_of(state_dir);
        let keys = Arc::new(ArcSwap::from_pointee(stored.keys(&path)?));
        if let Some(error) = &unkept {
            tracing::warn!(%error, "the keys are used, and kept as soon as there is room");
        }
        let (state_dir, is_kept) = (state_dir.to_owned(), unkept.is_none());
        let source = Source { state_dir, modified, stored, is_kept };
        Ok(Self { keys, source: Arc::new(Mutex::new(Some(source))) })
    }

    /// Sees to it that the keys in force are on disk: nothing that was hashed by them may be
    /// before. Writes only where a start had no room, or somebody has deleted them.
    pub fn keep(&self) -> Result<(), KeyError> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        match source.as_mut() {
            Some(source) if !source.is_kept => source.write(),
            Some(source) if !path_of(&source.state_dir).exists() => source.put_back(),
            _ => Ok(()),
        }
    }

    /// Given keys that stay; for tests and for tools without a state folder.
    pub fn fixed(keys: Keys) -> Self {
        Self { keys: Arc::new(ArcSwap::from_pointee(keys)), source: Arc::default() }
    }

    /// The keys in force.
    pub(super) fn keys(&self) -> arc_swap::Guard<Arc<Keys>> {
        self.keys.load()
    }

    /// Takes up what `tablica key rotate` did, and ends an overlap that is over. Reads a disk.
    /// True when the keys changed.
    pub fn refresh(&self, now_ms: UnixMs) -> Result<bool, KeyError> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        // What has to be kept first is in force.
        let Some(source) = source.as_mut().filter(|source| source.is_kept) else {
            return Ok(false);
        };
        let path = path_of(&source.state_dir);
        if !path.exists() {
            return source.put_back().map(|()| false);
        }
        let is_over = source.stored.previous.as_ref().is_some_and(|key| key.until_ms <= now_ms);
        if !is_over && modified(&path) == source.modified {
            return Ok(false);
        }
        let found = stored(&source.state_dir, now_ms, Some(now_ms), Missing::IsAnError)?;
        self.keys.store(Arc::new(found.stored.keys(&path)?));
        source.modified = found.modified;
        // One whose key could not be deleted still has it: again at the next look.
        if found.unkept.is_none() {
            source.stored = found.stored;
        }
        Ok(true)
    }
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Until when both keys are used.
    pub overlap_until_ms: UnixMs,
}

/// When the keys were drawn; says nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeyDates {
    /// Since when the customers' key is used.
    pub customer_since_ms: UnixMs,
    /// Until when the one before it is used, too.
    pub overlap_until_ms: Option<UnixMs>,
}

/// Draws a new key for customers; the one in force stays beside it for the overlap. `force`
/// forgets one that is still in its overlap.
pub fn rotate(
    state_dir: &Path,
    overlap_ms: Millis,
    force: bool,
    now_ms: UnixMs,
) -> Result<Rotated, KeyError> {
    let path = path_of(state_dir);
    let _lock = existing(state_dir)?;
    let mut stored = read(&path)?.ok_or(KeyError::None { path: path.clone() })?;
    if let Some(previous) = stored.previous.filter(|key| key.until_ms > now_ms && !force) {
        return Err(KeyError::InOverlap { until_ms: previous.until_ms });
    }
    let until_ms = now_ms.saturating_add(overlap_ms);
    let customer = draw(&path)?;
    stored.previous =
        Some(Previous { customer: std::mem::replace(&mut stored.customer, customer), until_ms });
    stored.customer_since_ms = now_ms;
    write(&path, &stored)?;
    Ok(Rotated { overlap_until_ms: until_ms })
}

/// Draws keys where those that hashes were made with are lost for good: contacts and customers
/// known so far are strangers from then on.
pub fn draw_anew(state_dir: &Path, now_ms: UnixMs) -> Result<(), KeyError> {
    let path = path_of(state_dir);
    if path.exists() {
        return Err(KeyError::Present { path });
    }
    stored(state_dir, now_ms, None, Missing::AreDrawn)?.unkept.map_or(Ok(()), Err)
}

/// The dates of the keys under `state_dir`.
pub fn dates(state_dir: &Path) -> Result<KeyDates, KeyError> {
    let path = path_of(state_dir);
    let stored = read(&path)?.ok_or(KeyError::None { path })?;
    Ok(KeyDates {
        customer_since_ms: stored.customer_since_ms,
        overlap_until_ms: stored.previous.map(|key| key.until_ms),
    })
}

#[cfg(test)]
mod tests;
