//! The engine's state as it was after some event, so that a start need not fold everything.
//!
//! One file per snapshot in `snapshots/`, written beside and renamed into place: a file that has
//! its final name is complete. The newest [`KEPT`] stay. A snapshot that cannot be believed is
//! set aside for the one before it, and without any the engine folds the whole journal.
//!
//! ```text
//! "tablica snapshot 1\n" | sequence u64 | CRC-32 of sequence and state u32 | state
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sqlite::set_aside;
use super::{JournalError, Observer, Sequence, SetAside, folder};
use crate::files;

/// Within the state folder.
pub(super) const FOLDER: &str = "snapshots";
const MAGIC: &[u8] = b"tablica snapshot 1\n";
const SUFFIX: &str = ".snapshot";
const UNFINISHED: &str = "unfinished";
/// A journal that writes a million events a second needs three hundred years to come so far: a
/// larger number in a name is no sequence.
const SEQUENCE_BELIEVABLE_MAX: Sequence = 1 << 53;
/// At two thousand events a second a journal comes so far in seventeen years.
const BELIEVED_BY_NAME_BELOW: Sequence = 1 << 40;
/// Larger files are no snapshots.
const BYTES_MAX: u64 = 16 << 30;
/// The newest, and one more in case the newest is damaged.
const KEPT: usize = 2;

/// The engine's state after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last event that is in it.
    pub sequence: Sequence,
    /// `Engine::snapshot`.
    pub bytes: Vec<u8>,
}

/// The snapshots in a state folder that can be believed, newest first, each read when asked for;
/// for one who only looks, also beside a running server.
pub fn snapshots_in(state_dir: &Path) -> impl Iterator<Item = Snapshot> {
    let files = Snapshots::at(&state_dir.join(FOLDER)).files().unwrap_or_default();
    files.into_iter().filter_map(|path| read(&path).ok())
}

/// The folder of snapshots.
pub(super) struct Snapshots<'a> {
    dir: &'a Path,
}

impl<'a> Snapshots<'a> {
    pub(super) fn at(dir: &'a Path) -> Self {
        Self { dir }
    }

    /// Writes one durably and removes those that are no longer needed.
    pub(super) fn save(&self, sequence: Sequence, state: &[u8]) -> Result<(), JournalError> {
        let path = self.dir.join(format!("{sequence:020}{SUFFIX}"));
        self.write(&path, sequence, state).map_err(|error| JournalError::Unwritable {
            path: path.display().to_string(),
            reason: error.to_string(),
        })
    }

    fn write(&self, path: &Path, sequence: Sequence, state: &[u8]) -> io::Result<()> {
        // The state folder may have been swept.
        folder::create(self.dir)?;
        let unfinished = path.with_extension(UNFINISHED);
        let (number, sum) = (sequence.to_le_bytes(), checksum(sequence, state).to_le_bytes());
        files::replace(path, &unfinished, &[MAGIC, &number, &sum, state])?;
        let believable = self.files()?.into_iter().filter(|path| sequence_of(path).is_some());
        for old in believable.skip(KEPT) {
            files::remove(&old)?;
        }
        Ok(())
    }

    /// Removes what a kill in the middle of a write left behind.
    pub(super) fn tidy(&self) -> io::Result<()> {
        for entry in fs::read_dir(self.dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == UNFINISHED) {
                files::remove(&path)?;
            }
        }
        Ok(())
    }

    /// The believable ones, newest first, each read when asked for. The others are set aside.
    pub(super) fn newest_first(
        &self,
        observer: Arc<dyn Observer>,
    ) -> io::Result<impl Iterator<Item = Snapshot> + use<>> {
        Ok(self.files()?.into_iter().filter_map(move |path| {
            read(&path).map_err(|error| pass_over(&path, &error, &*observer)).ok()
        }))
    }

    /// By the names, also of those that were set aside; 0 without any. A name that is too good to be
    /// true must be that of a whole snapshot.
    pub(super) fn newest_sequence(&self) -> io::Result<Sequence> {
        let mut newest = 0;
        for entry in fs::read_dir(self.dir)? {
            let path = entry?.path();
            let is_believed =
                |number: &Sequence| *number < BELIEVED_BY_NAME_BELOW || read(&path).is_ok();
            newest = newest.max(sequence_of(&path).filter(is_believed).unwrap_or(0));
        }
        Ok(newest)
    }

    /// Newest first: the names sort by sequence.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.dir)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(SUFFIX) {
                files.push(path);
            }
        }
        files.sort_unstable_by(|a, b| b.cmp(a));
        Ok(files)
    }
}

fn checksum(sequence: Sequence, state: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&sequence.to_le_bytes());
    crc.update(state);
    crc.finalize()
}

/// The sequence that a snapshot's name says; a number that no journal comes to says nothing.
fn sequence_of(path: &Path) -> Option<Sequence> {
    let (number, rest) = path.file_name()?.to_str()?.split_once('.')?;
    let is_snapshot = SUFFIX.strip_prefix('.').is_some_and(|suffix| rest.starts_with(suffix));
    number.parse().ok().filter(|sequence| is_snapshot && *sequence <= SEQUENCE_BELIEVABLE_MAX)
}

/// Sets a damaged snapshot aside. One that the disk does not give stays where it is.
fn pass_over(path: &Path, error: &io::Error, observer: &dyn Observer) {
    let is_damage = matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::FileTooLarge
    );
    let aside = if is_damage { set_aside(path).ok() } else { None };
    observer.set_aside(&SetAside {
        what: "snapshot",
        path: path.to_path_buf(),
        aside: aside.unwrap_or_else(|| path.to_path_buf()),
        reason: error.to_string(),
        lost: "nothing: an older snapshot and the journal tell the same".to_owned(),
    });
}

fn read(path: &Path) -> io::Result<Snapshot> {
    let damaged = |why| io::Error::new(io::ErrorKind::InvalidData, why);
    let bytes = files::read(path, BYTES_MAX)?;
    let snapshot = parse(&bytes).ok_or_else(|| damaged("damaged snapshot"))?;
    if sequence_of(path) != Some(snapshot.sequence) {
        return Err(damaged("its name does not say what is in it"));
    }
    Ok(snapshot)
}

pub(super) fn parse(bytes: &[u8]) -> Option<Snapshot> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (sequence, rest) = rest.split_first_chunk::<8>()?;
    let (crc, state) = rest.split_first_chunk::<4>()?;
    let sequence = Sequence::from_le_bytes(*sequence);
    (checksum(sequence, state) == u32::from_le_bytes(*crc))
        .then(|| Snapshot { sequence, bytes: state.to_vec() })
}
