//! The file that the keys are in: read, mended and replaced as a whole, the owner's alone.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rand::TryRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{KEY_BYTES, Key, KeyError, Keys};
use crate::event::UnixMs;
use crate::files::{self, FILE_RIGHTS, FOLDER_RIGHTS};

const FOLDER: &str = "keys";
const FILE: &str = "keys.toml";
/// A few keys; a larger file is something else.
const FILE_BYTES_MAX: u64 = 64 << 10;
/// The single key of the first versions.
pub(super) const FIRST_FILE: &str = "site.key";
const HEAD: &str =
    "# Keys of this site's hashes. Keep a backup; show nobody. Written by Tablica.\n";

/// As in the file: keys in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    pub(super) ids: Zeroizing<String>,
    pub(super) customer: Zeroizing<String>,
    pub(super) customer_since_ms: UnixMs,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<Previous>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Previous {
    pub(super) customer: Zeroizing<String>,
    pub(super) until_ms: UnixMs,
}

impl Stored {
    pub(super) fn keys(&self, path: &Path) -> Result<Keys, KeyError> {
        let key = |text: &str| {
            let mut bytes = Zeroizing::new([0; KEY_BYTES]);
            hex::decode_to_slice(text, bytes.as_mut()).map_err(|_| damaged(path))?;
            Ok(Key::from_bytes(*bytes))
        };
        Ok(Keys {
            ids: key(&self.ids)?,
            customer: key(&self.customer)?,
            previous: self.previous.as_ref().map(|it| key(&it.customer)).transpose()?,
        })
    }
}

/// What to do when there are no keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    AreDrawn,
    IsAnError,
}

/// The keys as they are to be.
pub(super) struct Found {
    pub(super) stored: Stored,
    /// The file's time.
    pub(super) modified: Option<SystemTime>,
    /// Why they are not on disk so.
    pub(super) unkept: Option<KeyError>,
}

/// The file's content, made or mended where need be. What cannot be written is used all the same. A
/// previous key whose overlap is over at `forget_at_ms` is forgotten; without it none is.
pub(super) fn stored(
    state_dir: &Path,
    now_ms: UnixMs,
    forget_at_ms: Option<UnixMs>,
    missing: Missing,
) -> Result<Found, KeyError> {
    let path = path_of(state_dir);
    let first = state_dir.join(FOLDER).join(FIRST_FILE);
    if missing == Missing::IsAnError && !path.exists() && !first.exists() {
        return Err(KeyError::Gone { path });
    }
    let _lock = folder(state_dir)?;
    for private in [&path, &first] {
        make_private(private, FILE_RIGHTS)?;
    }
    let (stored, unkept) = match read(&path)? {
        Some(mut stored) => {
            let is_over = stored
                .previous
                .take_if(|key| forget_at_ms.is_some_and(|at_ms| key.until_ms <= at_ms))
                .is_some();
            let unkept = if is_over { write(&path, &stored).err() } else { None };
            (stored, unkept)
        }
        None => {
            let customer = match files::read(&first, FILE_BYTES_MAX).map(Zeroizing::new) {
                Ok(bytes) if bytes.len() == KEY_BYTES => Zeroizing::new(hex::encode(&bytes)),
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

/// The folder of the keys, made where it is missing, the owner's alone; locked until dropped.
pub(super) fn folder(state_dir: &Path) -> Result<File, KeyError> {
    let folder = state_dir.join(FOLDER);
    files::create_private_folder(&folder).map_err(unusable(&path_of(state_dir), "created"))?;
    make_private(&folder, FOLDER_RIGHTS)?;
    lock(&folder)
}

/// Takes from others what is the owner's: whoever can read the keys can guess telephone numbers
/// from their hashes. What is not there is as it should be.
fn make_private(path: &Path, mode: u32) -> Result<(), KeyError> {
    let found = match fs::metadata(path) {
        Ok(found) => found.permissions().mode() & 0o777,
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(reason) => return Err(unusable(path, "read")(reason)),
    };
    if found & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(unusable(path, "kept from others"))?;
    tracing::warn!(
        path = %path.display(),
        mode = format!("{found:o}"),
        "others could read the site's keys; they no longer can. Rotate them (`tablica key rotate`) \
         when somebody may have"
    );
    Ok(())
}

pub(super) fn path_of(state_dir: &Path) -> PathBuf {
    state_dir.join(FOLDER).join(FILE)
}

pub(super) fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

fn unusable(path: &Path, action: &'static str) -> impl Fn(io::Error) -> KeyError {
    move |reason| KeyError::Unusable { path: path.to_owned(), action, reason }
}

fn damaged(path: &Path) -> KeyError {
    KeyError::Damaged { path: path.to_owned() }
}

/// A server and the command may write at once; held until dropped.
fn lock(folder: &Path) -> Result<File, KeyError> {
    let path = folder.join("lock");
    let open = files::make(&path);
    let file = open.map_err(unusable(&path, "opened"))?;
    file.lock().map_err(unusable(&path, "locked"))?;
    Ok(file)
}

/// As [`lock`], where a server has made the folder.
pub(super) fn existing(state_dir: &Path) -> Result<File, KeyError> {
    let folder = state_dir.join(FOLDER);
    if !folder.is_dir() {
        return Err(KeyError::None { path: folder });
    }
    lock(&folder)
}

pub(super) fn draw(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    rand::rngs::SysRng
        .try_fill_bytes(bytes.as_mut())
        .map_err(|error| unusable(path, "drawn")(io::Error::other(error)))?;
    Ok(Zeroizing::new(hex::encode(*bytes)))
}

pub(super) fn read(path: &Path) -> Result<Option<Stored>, KeyError> {
    match files::read_to_string(path, FILE_BYTES_MAX).map(Zeroizing::new) {
        Ok(text) => toml::from_str(&text).map(Some).map_err(|_| damaged(path)),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(reason) => Err(unusable(path, "read")(reason)),
    }
}

/// Whole or not at all, on disk when it returns.
pub(super) fn write(path: &Path, stored: &Stored) -> Result<(), KeyError> {
    let text = toml::to_string(stored).map_err(io::Error::other);
    let text = Zeroizing::new(text.map_err(unusable(path, "written"))?);
    let draft = path.with_extension("draft");
    files::replace(path, &draft, &[HEAD.as_bytes(), text.as_bytes()])
        .map_err(unusable(path, "written"))
}
