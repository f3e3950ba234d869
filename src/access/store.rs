//! The SQLite file of people, sessions, tokens and acts.

mod known;
mod subjects;

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::secret::Hash;
use super::{AccessError, Act, Recorded, Role, audit};
use crate::event::{Millis, UnixMs};
use crate::journal::side_file::{self, SideFile};
use crate::journal::{Observer, Silent};
pub(super) use known::Known;
pub(super) use subjects::Entered;

static KIND: side_file::Kind = side_file::Kind {
    name: "access",
    file: "access.sqlite",
    version: 1,
    schema: "
CREATE TABLE IF NOT EXISTS person (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    hash BLOB PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (name) ON DELETE CASCADE,
    made_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_person ON session (person);
-- Whom the provider of OpenID Connect vouches for: they have no password.
CREATE TABLE IF NOT EXISTS subject (
    hash BLOB PRIMARY KEY,
    person TEXT NOT NULL UNIQUE REFERENCES person (name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- The link by which the first admin is made; gone once it was used.
CREATE TABLE IF NOT EXISTS set_up (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    hash BLOB NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS act (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    origin TEXT NOT NULL,
    act TEXT NOT NULL,
    target TEXT NOT NULL,
    result TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS act_at ON act (at_ms);
",
    // What was taken from somebody is overwritten, not just unlinked.
    pragmas: "PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;",
    lost: "people, tokens and the log of what was done; the next start prints a link by which an \
           admin is made",
};

/// What becomes of a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    Done,
    Taken,
    Full,
}

/// What becomes of the last admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removed {
    Done,
    Unknown,
    LastAdmin,
}

#[derive(Clone, Debug)]
pub(super) struct SessionOf {
    pub(super) person: String,
    pub(super) expires_ms: UnixMs,
}

/// The file, opened.
pub(super) struct Store {
    file: SideFile,
    /// Which state of the file was read last: its opening, and the changes by others since.
    read: Option<(u64, i64)>,
}

impl Store {
    pub(super) fn open(state_dir: &Path, observer: Arc<dyn Observer>) -> Result<Self, AccessError> {
        Ok(Self { file: SideFile::open(&KIND, state_dir, observer)?, read: None })
    }

    /// For a command, beside a server or before its first start.
    pub(super) fn beside(state_dir: &Path) -> Result<Self, AccessError> {
        if let Some(file) = SideFile::beside(&KIND, state_dir)? {
            return Ok(Self { file, read: None });
        }
        Self::open(state_dir, Arc::new(Silent))
    }

    /// Whether somebody else has changed it since it was read.
    pub(super) fn is_news(&self) -> Result<bool, AccessError> {
        Ok(self.stamp()? != self.read)
    }

    fn stamp(&self) -> Result<Option<(u64, i64)>, AccessError> {
        let version = |file: &Connection| {
            file.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0))
        };
        Ok(self.file.ask(version)?.map(|version| (self.file.openings(), version)))
    }

    /// All of it.
    pub(super) fn read(&mut self) -> Result<Known, AccessError> {
        let stamp = self.stamp()?;
        let known = self.file.ask(known::all)?.unwrap_or_default();
        self.read = stamp;
        Ok(known)
    }

    pub(super) fn password_of(&self, name: &str) -> Result<Option<String>, AccessError> {
        let sql = "SELECT password FROM person WHERE name = ?1 AND password <> ''";
        let found =
            self.file.ask(|file| file.query_row(sql, [name], |row| row.get(0)).optional())?;
        Ok(found.flatten())
    }

    pub(super) fn add_person(
        &mut self,
        (name, role, password): (&str, Role, &str),
        max: usize,
        now_ms: UnixMs,
    ) -> Result<Put, AccessError> {
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let put = put_person(&change, (name, role, password), max, now_ms)?;
            change.commit()?;
            Ok(put)
        })?)
    }

    /// The first admin, by the link of this hash; false when it does not hold (any more).
    pub(super) fn set_up(
        &mut self,
        link: &Hash,
        (name, password): (&str, &str),
        now_ms: UnixMs,
    ) -> Result<bool, AccessError> {
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sql = "DELETE FROM set_up WHERE hash = ?1 AND expires_ms > ?2";
            let holds = change.execute(sql, params![link, now_ms])? == 1 && admins(&change)? == 0;
            if holds {
                change.execute("DELETE FROM person WHERE name = ?1", [name])?;
                put_person(&change, (name, Role::Admin, password), usize::MAX, now_ms)?;
            }
            change.commit()?;
            Ok(holds)
        })?)
    }

    pub(super) fn set_up_holds(&self, link: &Hash, now_ms: UnixMs) -> Result<bool, AccessError> {
        let sql = "SELECT count(*) FROM set_up WHERE hash = ?1 AND expires_ms > ?2";
        let found =
            self.file.ask(|file| file.query_row(sql, params![link, now_ms], |row| row.get(0)))?;
        Ok(found.unwrap_or(0) == 1)
    }

    /// The newest link holds, and no other; none while there is an admin.
    pub(super) fn put_set_up(
        &mut self,
        link: &Hash,
        expires_ms: UnixMs,
    ) -> Result<bool, AccessError> {
        Ok(self.file.change(|file| {
            file.execute("DELETE FROM set_up", [])?;
            if admins(file)? > 0 {
                return Ok(false);
            }
            file.execute("INSERT INTO set_up VALUES (1, ?1, ?2)", params![link, expires_ms])?;
            Ok(true)
        })?)
    }

    pub(super) fn remove_person(&mut self, name: &str) -> Result<Removed, AccessError> {
        self.change_person(|file| file.execute("DELETE FROM person WHERE name = ?1", [name]))
    }

    pub(super) fn change_role(&mut self, name: &str, role: Role) -> Result<Removed, AccessError> {
        self.change_person(|file| {
            let sql = "UPDATE person SET role = ?2 WHERE name = ?1";
            file.execute(sql, params![name, role.word()])
        })
    }

    /// Refused where no admin would be left but was before.
    fn change_person(
        &mut self,
        change_it: impl Fn(&Connection) -> rusqlite::Result<usize>,
    ) -> Result<Removed, AccessError> {
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let before = admins(&change)?;
            if change_it(&change)? == 0 {
                return Ok(Removed::Unknown);
            }
            if before > 0 && admins(&change)? == 0 {
                return Ok(Removed::LastAdmin);
            }
            change.commit()?;
            Ok(Removed::Done)
        })?)
    }

    /// A new password ends all sessions but one.
    pub(super) fn change_password(
        &mut self,
        name: &str,
        password: &str,
        but: Option<&Hash>,
    ) -> Result<bool, AccessError> {
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sql = "UPDATE person SET password = ?2 WHERE name = ?1";
            let is_there = change.execute(sql, [name, password])? == 1;
            let sql = "DELETE FROM session WHERE person = ?1 AND hash IS NOT ?2";
            change.execute(sql, params![name, but])?;
            change.commit()?;
            Ok(is_there)
        })?)
    }

    /// How many older ones made room: of the same person, so that nobody takes all places, and of all.
    pub(super) fn add_session(
        &mut self,
        hash: &Hash,
        of: &SessionOf,
        (max, of_person_max): (usize, usize),
        now_ms: UnixMs,
    ) -> Result<usize, AccessError> {
        let limit = |max: usize| i64::try_from(max).unwrap_or(i64::MAX);
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            change.execute("DELETE FROM session WHERE expires_ms <= ?1", [now_ms])?;
            let sql = "INSERT INTO session VALUES (?1, ?2, ?3, ?4)";
            change.execute(sql, params![hash, of.person, now_ms, of.expires_ms])?;
            let sql = "DELETE FROM session WHERE hash IN (SELECT hash FROM session \
                       WHERE person = ?1 ORDER BY made_ms DESC LIMIT -1 OFFSET ?2)";
            let own = change.execute(sql, params![of.person, limit(of_person_max)])?;
            let sql = "DELETE FROM session WHERE hash IN (SELECT hash FROM session \
                       ORDER BY made_ms DESC LIMIT -1 OFFSET ?1)";
            let room = own + change.execute(sql, [limit(max)])?;
            change.commit()?;
            Ok(room)
        })?)
    }

    pub(super) fn end_session(&mut self, hash: &Hash) -> Result<(), AccessError> {
        self.file.change(|file| file.execute("DELETE FROM session WHERE hash = ?1", [hash]))?;
        Ok(())
    }

    pub(super) fn add_token(
        &mut self,
        (name, role, hash): (&str, Role, &Hash),
        max: usize,
        now_ms: UnixMs,
    ) -> Result<Put, AccessError> {
        Ok(self.file.change(|file| {
            if count(file, "SELECT count(*) FROM token")? >= max {
                return Ok(Put::Full);
            }
            let sql = "INSERT OR IGNORE INTO token VALUES (?1, ?2, ?3, ?4)";
            let put = file.execute(sql, params![name, role.word(), hash, now_ms])?;
            Ok(if put == 1 { Put::Done } else { Put::Taken })
        })?)
    }

    pub(super) fn remove_token(&mut self, name: &str) -> Result<bool, AccessError> {
        let sql = "DELETE FROM token WHERE name = ?1";
        Ok(self.file.change(|file| file.execute(sql, [name]))? > 0)
    }

    /// How many older ones went for it by `rows_max`.
    pub(super) fn record(
        &mut self,
        act: &Act,
        now_ms: UnixMs,
        (keep_ms, rows_max): (Millis, usize),
    ) -> Result<usize, AccessError> {
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            change.execute(
                "INSERT INTO act (at_ms, who, origin, act, target, result) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    now_ms,
                    audit::fit(&act.who),
                    audit::fit(&act.origin),
                    act.act,
                    audit::fit(&act.target),
                    audit::fit(&act.result)
                ],
            )?;
            change.execute("DELETE FROM act WHERE at_ms < ?1", [now_ms.saturating_sub(keep_ms)])?;
            let sql = "DELETE FROM act WHERE id <= (SELECT max(id) FROM act) - ?1";
            let dropped = change.execute(sql, [i64::try_from(rows_max).unwrap_or(i64::MAX)])?;
            change.commit()?;
            Ok(dropped)
        })?)
    }

    /// The newest first.
    pub(super) fn acts(&self, rows_max: usize) -> Result<Vec<Recorded>, AccessError> {
        let sql = "SELECT id, at_ms, who, origin, act, target, result FROM act \
                   ORDER BY id DESC LIMIT ?1";
        let acts = self.file.ask(|file| {
            let mut statement = file.prepare(sql)?;
            let rows =
                statement.query_map([i64::try_from(rows_max).unwrap_or(i64::MAX)], |row| {
                    Ok(Recorded {
                        id: row.get(0)?,
                        at_ms: row.get(1)?,
                        who: row.get(2)?,
                        origin: row.get(3)?,
                        act: row.get(4)?,
                        target: row.get(5)?,
                        result: row.get(6)?,
                    })
                })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(acts.unwrap_or_default())
    }
}

fn put_person(
    file: &Connection,
    (name, role, password): (&str, Role, &str),
    max: usize,
    now_ms: UnixMs,
) -> rusqlite::Result<Put> {
    if count(file, "SELECT count(*) FROM person")? >= max {
        return Ok(Put::Full);
    }
    let sql = "INSERT OR IGNORE INTO person VALUES (?1, ?2, ?3, ?4)";
    let put = file.execute(sql, params![name, role.word(), password, now_ms])?;
    Ok(if put == 1 { Put::Done } else { Put::Taken })
}

fn admins(file: &Connection) -> rusqlite::Result<usize> {
    count(file, "SELECT count(*) FROM person WHERE role = 'admin'")
}

fn count(file: &Connection, sql: &str) -> rusqlite::Result<usize> {
    file.query_row(sql, [], |row| row.get::<_, i64>(0))
        .map(|count| usize::try_from(count).unwrap_or(0))
}
