//! A SQLite file beside the journal: quarantine, roll-ups, annotations.
//!
//! None of them may keep the server from starting. A damaged one is set aside with a warning and
//! begun anew. One that cannot be opened for writing (a full disk) is read as it is, and opened at
//! its next change; until then each change fails with the reason. What was changed is on disk when
//! [`SideFile::change`] returns, also when somebody deletes the file meanwhile.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::sqlite::{
    Place, Standing, empty_if_never_begun, fold_log, fold_on_close, is_damage, make_log_last,
    remove_empty_companions, set_aside, write_again,
};
use super::{Observer, SetAside, folder, sqlite};
use crate::files;

/// Somebody else's `sqlite3` may hold the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What kind of file it is.
#[derive(Debug)]
pub(crate) struct Kind {
    /// What it is called in messages, and the label by which it is counted.
    pub(crate) name: &'static str,
    /// Its name in the state folder.
    pub(crate) file: &'static str,
    /// `PRAGMA user_version` of its tables.
    pub(crate) version: i64,
    /// Makes its tables, where they are not there.
    pub(crate) schema: &'static str,
    /// Run on each connection that writes.
    pub(crate) pragmas: &'static str,
    /// What is gone when it is set aside, for the warning.
    pub(crate) lost: &'static str,
}

/// Why a file cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum SideFileError {
    /// The file or its folder cannot be made, or a damaged one not be renamed.
    #[error("the {name} {path} cannot be opened: {source}", path = path.display())]
    Unopenable {
        /// What it is called.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// The database's word.
    #[error("the {name} {path} cannot be used: {source}", path = path.display())]
    Database {
        /// What it is called.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Somebody has deleted or replaced it, and it could not be written again.
    #[error("the {name} {path} cannot be used: {reason}", path = path.display())]
    Gone {
        /// What it is called.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// What became of it.
        reason: String,
    },
    /// A newer Tablica wrote it.
    #[error(
        "the {name} {path} are of version {found}, this Tablica knows {known}",
        path = path.display()
    )]
    Newer {
        /// What it is called.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
}

/// The file, as the one who writes it has it.
pub(crate) struct SideFile {
    kind: &'static Kind,
    path: PathBuf,
    /// None for a command beside the server, which must leave the file where it is.
    observer: Option<Arc<dyn Observer>>,
    /// How often it was opened: what is known of its content holds for one opening.
    openings: u64,
    /// Its pages were read once, and it was not set aside since.
    is_checked: bool,
    /// None while it cannot be opened for writing, and after a change that was refused.
    open: Option<Open>,
}

struct Open {
    connection: Connection,
    place: Place,
}

impl SideFile {
    /// Opens the file of a state folder, readable by its owner alone; makes it when there is none.
    /// Fails only for one of a newer version, which may not be touched.
    pub(crate) fn open(
        kind: &'static Kind,
        state_dir: &Path,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, SideFileError> {
        let path = state_dir.join(kind.file);
        let mut file = Self {
            kind,
            path,
            observer: Some(observer),
            openings: 0,
            is_checked: false,
            open: None,
        };
        match file.opened() {
            Err(error @ SideFileError::Newer { .. }) => return Err(error),
            Err(error) => tracing::warn!(%error, "opened again when it is to be changed"),
            Ok(_) => {}
        }
        Ok(file)
    }

    /// Opens the file beside its server, if it is there; it stays where it is, whatever is wrong.
    pub(crate) fn beside(
        kind: &'static Kind,
        state_dir: &Path,
    ) -> Result<Option<Self>, SideFileError> {
        let path = state_dir.join(kind.file);
        if !path.exists() {
            return Ok(None);
        }
        let mut file =
            Self { kind, path, observer: None, openings: 0, is_checked: false, open: None };
        file.open = Some(file.connect()?);
        Ok(Some(file))
    }

    /// Tells one opening of the file from the next, which may be another file.
    pub(crate) fn openings(&self) -> u64 {
        self.openings
    }

    /// Asks the file; nothing when there is none yet. Also while it cannot be opened for writing.
    pub(crate) fn ask<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, SideFileError> {
        if let Some(open) = &self.open {
            return ask(&open.connection).map(Some).map_err(|source| self.database(source));
        }
        if !self.path.exists() {
            return Ok(None);
        }
        let asked = sqlite::open_as_it_is(&self.path)
            .and_then(|file| if version(&file)? == 0 { Ok(None) } else { ask(&file).map(Some) });
        asked.map_err(|source| self.database(source))
    }

    /// Changes the file; all of it is on disk when this returns `Ok`. Damage that is met is set
    /// aside, and the change made to a new file.
    pub(crate) fn change<T>(
        &mut self,
        mut change: impl FnMut(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, SideFileError> {
        self.stand()?;
        let changed = match change(&mut self.opened()?.connection) {
            Err(damage) if self.observer.is_some() && is_damage(&damage) => {
                self.open = None;
                self.set_aside(&damage.to_string())?;
                change(&mut self.opened()?.connection)
            }
            changed => changed,
        };
        let changed = changed.map_err(|source| {
            // What was refused may be in its log, where nothing must be written behind it.
            self.open = None;
            self.database(source)
        })?;
        // Before it is acknowledged: deleted meanwhile it is on no disk.
        self.stand()?;
        Ok(changed)
    }

    /// Sees to it that what is open is what the path leads to.
    fn stand(&mut self) -> Result<(), SideFileError> {
        let Some(open) = self.open.as_ref().filter(|_| self.observer.is_some()) else {
            return Ok(());
        };
        match open.place.look() {
            Standing::Same => return Ok(()),
            Standing::LogGone => {
                fold_log(&open.connection).map_err(|source| self.database(source))?;
                self.written_again(open.place.log_path(), "it was deleted while the server runs");
            }
            Standing::Gone(reason) => {
                let (name, path) = (self.kind.name, self.path.clone());
                write_again(&open.connection, &path).map_err(|cause| SideFileError::Gone {
                    name,
                    path: path.clone(),
                    reason: format!("{reason}, and it cannot be written again: {cause}"),
                })?;
                self.written_again(&path, reason);
            }
        }
        self.open = None;
        Ok(())
    }

    fn written_again(&self, path: &Path, reason: &str) {
        if let Some(observer) = &self.observer {
            observer.written_again(path, reason);
        }
    }

    fn opened(&mut self) -> Result<&mut Open, SideFileError> {
        if self.open.is_none() {
            self.openings += 1;
            self.open = Some(match self.connect() {
                Err(SideFileError::Database { source, .. }) if is_damage(&source) => {
                    self.set_aside(&source.to_string())?;
                    self.connect()?
                }
                Err(SideFileError::Unopenable { source, .. })
                    if source.kind() == io::ErrorKind::InvalidInput =>
                {
                    self.set_aside(&source.to_string())?;
                    self.connect()?
                }
                connected => connected?,
            });
            self.is_checked = true;
        }
        let gone = || SideFileError::Gone {
            name: self.kind.name,
            path: self.path.clone(),
            reason: String::from("it is not open"),
        };
        self.open.as_mut().ok_or_else(gone)
    }

    fn connect(&self) -> Result<Open, SideFileError> {
        let connected = self.try_connect();
        if connected.is_err() {
            // SQLite has begun them and could not go on: nobody uses them, and who finds them
            // takes the file to be in use.
            remove_empty_companions(&self.path);
        }
        connected
    }

    fn try_connect(&self) -> Result<Open, SideFileError> {
        let unopenable = |source| SideFileError::Unopenable {
            name: self.kind.name,
            path: self.path.clone(),
            source,
        };
        if let Ok(metadata) = fs::metadata(&self.path) {
            files::must_be_regular(&metadata).map_err(unopenable)?;
        }
        if let Some(parent) = self.path.parent().filter(|parent| !parent.exists()) {
            folder::create(parent).map_err(unopenable)?;
        }
        // SQLite would make it readable for everybody.
        files::make(&self.path).map_err(unopenable)?;
        if self.observer.is_some() {
            empty_if_never_begun(&self.path);
        }
        let failed = |source| self.database(source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).map_err(failed)?;
        fold_on_close(&connection, false).map_err(failed)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        let found = version(&connection).map_err(failed)?;
        let known = self.kind.version;
        if found > known {
            let (name, path) = (self.kind.name, self.path.clone());
            return Err(SideFileError::Newer { name, path, found, known });
        }
        if !self.is_checked {
            check(&connection).map_err(failed)?;
        }
        let Kind { schema, pragmas, .. } = self.kind;
        let run = |sql: &str| connection.execute_batch(sql);
        run(&format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {pragmas}"))
            .and_then(|()| make_log_last(&connection, &self.path))
            .and_then(|()| fold_on_close(&connection, true))
            .and_then(|()| {
                run(&format!("BEGIN IMMEDIATE; {schema} PRAGMA user_version = {known}; COMMIT;"))
            })
            .map_err(failed)?;
        let place = Place::of(&self.path).map_err(unopenable)?;
        Ok(Open { connection, place })
    }

    fn set_aside(&self, damage: &str) -> Result<(), SideFileError> {
        let (name, path) = (self.kind.name, self.path.clone());
        let aside = set_aside(&self.path).map_err(|source| SideFileError::Unopenable {
            name,
            path,
            source,
        })?;
        if let Some(observer) = &self.observer {
            observer.set_aside(&SetAside {
                what: name,
                path: self.path.clone(),
                aside,
                reason: damage.to_owned(),
                lost: self.kind.lost.to_owned(),
            });
        }
        Ok(())
    }

    fn database(&self, source: rusqlite::Error) -> SideFileError {
        SideFileError::Database { name: self.kind.name, path: self.path.clone(), source }
    }
}

/// The version of a file's tables; 0 while it has none.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Reads every page once: damage is found now, and not in the middle of a report.
fn check(connection: &Connection) -> rusqlite::Result<()> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(rusqlite::Error::SqliteFailure(corrupt, Some(found)))
}
