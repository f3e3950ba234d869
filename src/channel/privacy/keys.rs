//! The keys that hashes are made with: one for ids that stays, one for customers that rotates.
//!
//! Both are drawn at the first start and never leave `keys/` in the state folder.
//!
//! - The **ids'** key hashes events' and interactions' ids. It is never rotated: with another one
//!   a contact that is open would fall in two, and a network's redelivery would count twice. What
//!   it hashes is gone when the journal drops it (`journal.keep`). On networks whose conversations
//!   are people (a messenger's private chat) an interaction's hash follows that chat for as long.
//!   Where the folder itself has leaked, stop the server and remove it: then all begins anew.
//! - The **customers'** key hashes telephone numbers, addresses and network ids. [`rotate`] draws
//!   another; the one before stays for an overlap, in which each identifier is hashed by both, so
//!   that a customer's past and present are linked. After it the old key is deleted, and nobody
//!   can make or check the old hashes any more.
//!
//! All of it is one small file, replaced as a whole, so that a crash leaves the old or the new
//! keys. Times are arguments.

mod disk;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use self::disk::{lock, make_folder, unusable, write};
use crate::event::{Millis, UnixMs};
use crate::files;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a hash that are kept: 128 bits tell all contacts of a site apart.
pub(super) const HASH_BYTES: usize = 16;

const FILE: &str = "keys.toml";
/// A few keys; a larger file is something else.
const FILE_BYTES_MAX: u64 = 64 << 10;
/// The single key of the first versions.
const FIRST_FILE: &str = "site.key";
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
    previous_until_ms: Option<UnixMs>,
    /// Drawn, or without a key whose overlap is over, and not on disk yet: it has no room.
    unkept: Option<Stored>,
}

impl KeyRing {
    /// The keys under `state_dir`, drawn at the first start, readable by the owner alone. A
    /// previous key whose overlap is over is deleted.
    pub fn open(state_dir: &Path, now_ms: UnixMs) -> Result<Self, KeyError> {
        let Found { stored, modified, unkept } = stored(state_dir, now_ms)?;
        let path = path_of(state_dir);
        let keys = Arc::new(ArcSwap::from_pointee(stored.keys(&path)?));
        if let Some(error) = &unkept {
            tracing::warn!(%error, "the keys are used, and kept as soon as there is room");
        }
        let source = Source {
            state_dir: state_dir.to_owned(),
            modified,
            previous_until_ms: stored.previous.as_ref().map(|key| key.until_ms),
            unkept: unkept.map(|_| stored),
        };
        Ok(Self { keys, source: Arc::new(Mutex::new(Some(source))) })
    }

    /// Sees to it that the keys in force are on disk: nothing that was hashed by them may be
    /// before. Writes only where a start had no room.
    pub fn keep(&self) -> Result<(), KeyError> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(source) = source.as_mut() else { return Ok(()) };
        let Some(unkept) = &source.unkept else { return Ok(()) };
        let path = path_of(&source.state_dir);
        let folder = source.state_dir.join("keys");
        make_folder(&folder).map_err(unusable(&path, "created"))?;
        let _lock = lock(&folder)?;
        write(&path, unkept)?;
        source.modified = modified(&path);
        source.unkept = None;
        Ok(())
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
        let Some(source) = source.as_mut().filter(|source| source.unkept.is_none()) else {
            return Ok(false);
        };
        let over = source.previous_until_ms.is_some_and(|until| until <= now_ms);
        let path = path_of(&source.state_dir);
        if !over && modified(&path) == source.modified {
            return Ok(false);
        }
        if !path.exists() {
            // Whoever removes it under a running server does not mean new keys at this moment.
            return Err(KeyError::None { path });
        }
        let Found { stored, modified, unkept } = stored(&source.state_dir, now_ms)?;
        self.keys.store(Arc::new(stored.keys(&path)?));
        source.modified = modified;
        // One that could not be deleted is still there: again at the next look.
        if unkept.is_none() {
            source.previous_until_ms = stored.previous.map(|key| key.until_ms);
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

/// The dates of the keys under `state_dir`.
pub fn dates(state_dir: &Path) -> Result<KeyDates, KeyError> {
    let path = path_of(state_dir);
    let stored = read(&path)?.ok_or(KeyError::None { path })?;
    Ok(KeyDates {
        customer_since_ms: stored.customer_since_ms,
        overlap_until_ms: stored.previous.map(|key| key.until_ms),
    })
}

/// As in the file: keys in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    ids: String,
    customer: String,
    customer_since_ms: UnixMs,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Previous>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Previous {
    customer: String,
    until_ms: UnixMs,
}

impl Stored {
    fn keys(&self, path: &Path) -> Result<Keys, KeyError> {
        let key = |text: &str| {
            let mut bytes = [0; KEY_BYTES];
            hex::decode_to_slice(text, &mut bytes).map_err(|_| damaged(path))?;
            Ok(Key::from_bytes(bytes))
        };
        Ok(Keys {
            ids: key(&self.ids)?,
            customer: key(&self.customer)?,
            previous: self.previous.as_ref().map(|it| key(&it.customer)).transpose()?,
        })
    }
}

/// The keys as they are to be.
struct Found {
    stored: Stored,
    /// The file's time.
    modified: Option<SystemTime>,
    /// Why they are not on disk so.
    unkept: Option<KeyError>,
}

/// The file's content, made or mended where need be. What cannot be written is used all the same.
fn stored(state_dir: &Path, now_ms: UnixMs) -> Result<Found, KeyError> {
    let path = path_of(state_dir);
    let folder = state_dir.join("keys");
    make_folder(&folder).map_err(unusable(&path, "created"))?;
    let _lock = lock(&folder)?;
    let (stored, unkept) = match read(&path)? {
        Some(mut stored) => {
            let is_over = stored.previous.take_if(|key| key.until_ms <= now_ms).is_some();
            let unkept = if is_over { write(&path, &stored).err() } else { None };
            (stored, unkept)
        }
        None => {
            let first = folder.join(FIRST_FILE);
            let customer = match files::read(&first, FILE_BYTES_MAX) {
                Ok(bytes) if bytes.len() == KEY_BYTES => hex::encode(bytes),
                Ok(_) => return Err(damaged(&first)),
                Err(reason) if reason.kind() == io::ErrorKind::NotFound => draw(&path)?,
                Err(reason) => return Err(unusable(&first, "read")(reason)),
            };
            let ids = draw(&path)?;
            let stored = Stored { ids, customer, customer_since_ms: now_ms, previous: None };
            let unkept = write(&path, &stored).err();
            if unkept.is_none() {
                // Its key is in the new file, and must be gone from the disk when that rotates.
                let _ = fs::remove_file(&first);
            }
            (stored, unkept)
        }
    };
    Ok(Found { stored, modified: modified(&path), unkept })
}

fn path_of(state_dir: &Path) -> PathBuf {
    state_dir.join("keys").join(FILE)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

fn damaged(path: &Path) -> KeyError {
    KeyError::Damaged { path: path.to_owned() }
}

/// As [`lock`], where a server has made the folder.
fn existing(state_dir: &Path) -> Result<File, KeyError> {
    let folder = state_dir.join("keys");
    if !folder.is_dir() {
        return Err(KeyError::None { path: folder });
    }
    lock(&folder)
}

fn draw(path: &Path) -> Result<String, KeyError> {
    let mut bytes = [0; KEY_BYTES];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| unusable(path, "drawn")(io::Error::other(error)))?;
    Ok(hex::encode(bytes))
}

fn read(path: &Path) -> Result<Option<Stored>, KeyError> {
    match files::read_to_string(path, FILE_BYTES_MAX) {
        Ok(text) => toml::from_str(&text).map(Some).map_err(|_| damaged(path)),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(unusable(path, "read")(reason)),
    }
}

#[cfg(test)]
mod tests;
