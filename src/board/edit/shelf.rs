//! The operator's folder of boards, as the editor uses it: a text is read with a tag of its content,
//! and saved only over the text that it was made from. Each save keeps the earlier text. A file is
//! replaced whole or not at all; the library finds it there as it finds a file that a person changed.
//!
//! A shipped board has no file: its first save makes one, which stands in its place from then on.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::templates;
use super::versions::{Came, Dropped, Limits, New, Version, Versions};
use crate::board::file::{Board, FILE_BYTES_MAX};
use crate::board::library;
use crate::config::Problem;
use crate::event::UnixMs;
use crate::files;
use crate::journal::{Observer, SideFileError};

/// The tag of a board that is not there.
const NOTHING: &str = "none";

/// Where boards and their earlier texts are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `boards.dir`.
    pub dir: Option<PathBuf>,
    /// `boards.versions_max`.
    pub versions_max: usize,
    /// `boards.versions_bytes_max`.
    pub versions_bytes_max: usize,
}

/// A board's text as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The file's, or what ships; empty where there is neither.
    pub text: String,
    /// Another text has another.
    pub tag: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a board's text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It ships: saving makes a file of the operator's.
    Shipped,
    /// The operator's file.
    File(PathBuf),
    /// There is no such board.
    Nowhere,
}

/// Why a text is not saved, or a board not removed.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// There is no place for it.
    #[error(
        "boards.dir is not set: name a folder for boards in the config and start the server again"
    )]
    NoFolder,
    /// It cannot be part of an address.
    #[error(
        "{0:?} cannot be part of an address: use letters, digits, - and _, at most {NAME_CHARS_MAX}"
    )]
    BadName(String),
    /// There is one already.
    #[error("there is a board \"{0}\" already: choose another name, or edit that one")]
    Taken(String),
    /// There is nothing of that name that could be removed.
    #[error("there is no board file \"{0}\" of your own")]
    Unknown(String),
    /// There is no such template.
    #[error("there is no template \"{0}\"")]
    NoTemplate(String),
    /// Each of these must be put right.
    #[error("the board has {} mistakes", .0.len())]
    Invalid(Vec<Problem>),
    /// Somebody has changed it since it was read.
    #[error("the board was changed by somebody else meanwhile")]
    Changed(Box<Held>),
    /// The disk refuses.
    #[error("{path} cannot be written or read: {source}", path = path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
    /// Without its earlier text nothing is saved.
    #[error(transparent)]
    Versions(#[from] SideFileError),
}

/// Letters of a board's name.
const NAME_CHARS_MAX: usize = 64;

/// The folder and the earlier texts. All its calls block.
pub struct Shelf {
    dir: Option<PathBuf>,
    /// One change at a time: between reading and writing nobody else writes.
    versions: Mutex<Versions>,
    now: fn() -> UnixMs,
    by_number: AtomicU64,
    by_bytes: AtomicU64,
}

impl Shelf {
    /// Opens the earlier texts of a state folder.
    pub fn open(
        settings: Settings,
        state_dir: &Path,
        observer: Arc<dyn Observer>,
        now: fn() -> UnixMs,
    ) -> Result<Arc<Shelf>, SideFileError> {
        let limits =
            Limits { versions_max: settings.versions_max, bytes_max: settings.versions_bytes_max };
        let versions = Mutex::new(Versions::open(state_dir, limits, observer)?);
        let (by_number, by_bytes) = Default::default();
        Ok(Arc::new(Shelf { dir: settings.dir, versions, now, by_number, by_bytes }))
    }

    /// There is a folder to save to.
    pub fn has_folder(&self) -> bool {
        self.dir.is_some()
    }

    /// Texts that were dropped for a limit since the start.
    pub fn dropped(&self) -> Dropped {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Dropped { by_number: read(&self.by_number), by_bytes: read(&self.by_bytes) }
    }

    /// A board's text as it is now.
    pub fn held(&self, id: &str) -> Result<Held, SaveError> {
        if !is_fit(id) {
            return Err(SaveError::BadName(id.to_owned()));
        }
        if let Some(path) = self.path(id).filter(|path| path.exists()) {
            let text = files::read_to_string(&path, FILE_BYTES_MAX)
                .map_err(|source| SaveError::Disk { path: path.clone(), source })?;
            return Ok(Held { tag: tag(&text), text, origin: Origin::File(path) });
        }
        Ok(match library::shipped().find(|(name, _)| *name == id) {
            Some((_, text)) => {
                Held { text: text.to_owned(), tag: tag(text), origin: Origin::Shipped }
            }
            None => Held { text: String::new(), tag: NOTHING.to_owned(), origin: Origin::Nowhere },
        })
    }

    /// Saves a text over the one with that tag; answers its own tag.
    pub fn save(&self, id: &str, text: &str, over: &str, who: &str) -> Result<String, SaveError> {
        let mut versions = self.versions();
        let held = self.held(id)?;
        if held.tag != over {
            return Err(SaveError::Changed(Box::new(held)));
        }
        let Some(path) = self.path(id) else { return Err(SaveError::NoFolder) };
        if text.len() as u64 > FILE_BYTES_MAX {
            let words = format!("it is larger than {FILE_BYTES_MAX} bytes");
            return Err(SaveError::Invalid(vec![Problem::in_file(&file(id), &words, "")]));
        }
        Board::parse(id, &file(id), text).map_err(SaveError::Invalid)?;
        let (own, at_ms) = (tag(text), (self.now)());
        let new = New { at_ms, who, came: Came::Saved, tag: &own, text };
        let texts: Vec<New<'_>> = earlier(&held).into_iter().chain([new]).collect();
        let (number, dropped) = versions.keep(id, &texts)?;
        self.count(dropped);
        if let Err(error) = write(&path, text) {
            // It did not come about, so it is no version; the earlier one is.
            if held.tag != own {
                versions.forget(number)?;
            }
            return Err(error);
        }
        Ok(own)
    }

    /// A new board from a template.
    pub fn create(&self, id: &str, template: &str, who: &str) -> Result<(), SaveError> {
        let held = self.held(id)?;
        if held.origin != Origin::Nowhere {
            return Err(SaveError::Taken(id.to_owned()));
        }
        let text = templates::text(template, id);
        let text = text.ok_or_else(|| SaveError::NoTemplate(template.to_owned()))?;
        self.save(id, &text, &held.tag, who).map(drop)
    }

    /// Removes the operator's file, if it is the text of that tag. Its text stays among the earlier
    /// ones; what ships under that name is shown again.
    pub fn remove(&self, id: &str, over: &str) -> Result<(), SaveError> {
        let mut versions = self.versions();
        let held = self.held(id)?;
        let Origin::File(path) = &held.origin else {
            return Err(SaveError::Unknown(id.to_owned()));
        };
        if held.tag != over {
            return Err(SaveError::Changed(Box::new(held)));
        }
        let texts: Vec<New<'_>> = earlier(&held).into_iter().collect();
        let (_, dropped) = versions.keep(id, &texts)?;
        self.count(dropped);
        let removed = files::remove(path);
        let synced = removed.and_then(|()| path.parent().map_or(Ok(()), files::sync_folder));
        synced.map_err(|source| SaveError::Disk { path: path.clone(), source })
    }

    /// The texts that a board had, the newest first.
    pub fn versions_of(&self, id: &str) -> Result<Vec<Version>, SideFileError> {
        self.versions().list(id)
    }

    /// One of them.
    pub fn version(&self, id: &str, number: i64) -> Result<Option<String>, SideFileError> {
        self.versions().text(id, number)
    }

    fn path(&self, id: &str) -> Option<PathBuf> {
        self.dir.as_ref().map(|dir| dir.join(file(id)))
    }

    fn versions(&self) -> MutexGuard<'_, Versions> {
        // The file's state is SQLite's, which no panic leaves half-changed.
        self.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, dropped: Dropped) {
        self.by_number.fetch_add(dropped.by_number, Ordering::Relaxed);
        self.by_bytes.fetch_add(dropped.by_bytes, Ordering::Relaxed);
    }
}

fn is_fit(id: &str) -> bool {
    library::is_name(id) && id.len() <= NAME_CHARS_MAX
}

fn file(id: &str) -> String {
    format!("{id}.toml")
}

/// Tells a text from others.
fn tag(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..16])
}

/// What a save replaces, as a version: nobody knows who wrote it, unless it is kept already.
fn earlier(held: &Held) -> Option<New<'_>> {
    let (came, at_ms) = match &held.origin {
        Origin::Nowhere => return None,
        Origin::Shipped => (Came::Shipped, 0),
        Origin::File(path) => (Came::Found, changed_ms(path)),
    };
    Some(New { at_ms, who: "", came, tag: &held.tag, text: &held.text })
}

/// When a file was changed last.
fn changed_ms(path: &Path) -> UnixMs {
    let modified = path.metadata().and_then(|it| it.modified()).ok();
    let since = modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| UnixMs::try_from(since.as_millis()).ok()).unwrap_or(0)
}

fn write(path: &Path, text: &str) -> Result<(), SaveError> {
    let failed = |source| SaveError::Disk { path: path.to_owned(), source };
    // Where a link leads to another place, that file is the board.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // Its name has another ending: the library takes no half-written file for a board.
    let draft = real.with_extension("toml.draft");
    files::replace_shared(&real, &draft, &[text.as_bytes()]).map_err(failed)
}
