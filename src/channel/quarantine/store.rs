//! The quarantine's SQLite file. One process writes entries; the command sets retry flags.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::{Entry, EntryId, NewEntry, QuarantineError, Raw, Redelivery, State, scrub};
use crate::channel::host::FailureClass;
use crate::config::model;
use crate::event::UnixMs;

const FILE: &str = "quarantine.sqlite";
const VERSION: i64 = 1;
/// How long to wait for the other process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a reason is kept where `quarantine.keep` is zero.
const REASON_KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Entries that one look for requested retries takes.
const RETRIES_AT_ONCE: usize = 64;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    plugin TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    class TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'held',
    attempts INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL,
    about TEXT,
    body BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS entry_received ON entry (received_ms);
CREATE INDEX IF NOT EXISTS entry_requested ON entry (id) WHERE state = 'requested';
";

const COLUMNS: &str = "id, channel, plugin, received_ms, class, reason, state, attempts, events, \
                       bytes, about, body";

/// Which entries to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this channel only.
    pub channel: Option<String>,
    /// These only; empty means all.
    pub ids: Vec<EntryId>,
}

/// The file, opened.
pub struct Store {
    path: PathBuf,
    connection: Connection,
    keep: Duration,
    entries_max: u64,
    bytes_max: u64,
    /// Entries and raw bytes in it, as far as this process has put them in.
    entries: u64,
    bytes: u64,
}

/// What a change did beside what was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Oldest entries that went because of `entries_max` or `bytes_max`.
    pub by_limit: u64,
}

impl Store {
    /// Opens it for the server; makes it, readable by the owner alone, when it is not there.
    pub fn open(settings: &model::Quarantine, state_dir: &Path) -> Result<Self, QuarantineError> {
        let path = state_dir.join(FILE);
        let unopenable = |reason| QuarantineError::Unopenable { path: path.clone(), reason };
        fs::create_dir_all(state_dir).map_err(unopenable)?;
        OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(unopenable)?;
        let mut store = Self::open_file(path, settings)?;
        // A retry under way when the server died is asked for again; event ids make it harmless.
        store.run("UPDATE entry SET state = 'requested' WHERE state = 'running'")?;
        (store.entries, store.bytes) = store.measure()?;
        Ok(store)
    }

    /// Opens it for the command; none when there is no quarantine yet.
    pub fn open_existing(state_dir: &Path) -> Result<Option<Self>, QuarantineError> {
        let path = state_dir.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        Self::open_file(path, &model::Quarantine::default()).map(Some)
    }

    fn open_file(path: PathBuf, settings: &model::Quarantine) -> Result<Self, QuarantineError> {
        let database = |reason| QuarantineError::Database { path: path.clone(), reason };
        let connection = Connection::open(&path).map_err(database)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(database)?;
        let found: i64 =
            connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(database)?;
        if found > VERSION {
            return Err(QuarantineError::Newer { path, found, known: VERSION });
        }
        // secure_delete: what has expired is overwritten, not just unlinked.
        connection
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                 BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"
            ))
            .map_err(database)?;
        Ok(Self {
            connection,
            keep: settings.keep,
            entries_max: settings.entries_max as u64,
            bytes_max: settings.bytes_max as u64,
            entries: 0,
            bytes: 0,
            path,
        })
    }

    fn error(&self, reason: rusqlite::Error) -> QuarantineError {
        QuarantineError::Database { path: self.path.clone(), reason }
    }

    fn run(&self, sql: &str) -> Result<usize, QuarantineError> {
        self.connection.execute(sql, []).map_err(|reason| self.error(reason))
    }

    fn measure(&self) -> Result<(u64, u64), QuarantineError> {
        let sql = "SELECT count(*), coalesce(sum(length(body)), 0) FROM entry";
        self.connection
            .query_row(sql, [], |row| {
                Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
            })
            .map_err(|reason| self.error(reason))
    }

    /// Entries in the file, as this process knows.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Puts entries in, on disk when it returns; all or none. The oldest make room.
    pub fn put(
        &mut self,
        entries: impl IntoIterator<Item = NewEntry>,
    ) -> Result<(Vec<EntryId>, Dropped), QuarantineError> {
        let (keep_raw, bytes_max) = (!self.keep.is_zero(), self.bytes_max);
        let before = (self.entries, self.bytes);
        let result = (|| {
            let transaction = self.connection.transaction()?;
            let mut ids = Vec::new();
            let mut added = 0;
            for entry in entries {
                // One input larger than all may be together is kept as its reason only.
                let fits = entry.raw.body.len() as u64 <= bytes_max;
                let (entry, bytes) = scrub::scrub(entry, keep_raw && fits);
                let kept = keep_raw && fits;
                let about = kept.then(|| serde_json::to_string(&entry.raw).unwrap_or_default());
                transaction
                    .prepare_cached(
                        "INSERT INTO entry (channel, plugin, received_ms, class, reason, bytes, \
                         about, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    )?
                    .execute(params![
                        entry.channel,
                        entry.plugin,
                        entry.received_ms,
                        entry.class.name(),
                        entry.reason,
                        i64::try_from(bytes).unwrap_or(i64::MAX),
                        about,
                        kept.then_some(&entry.raw.body),
                    ])?;
                ids.push(transaction.last_insert_rowid());
                added += entry.raw.body.len() as u64;
            }
            let (mut count, mut bytes) = (before.0 + ids.len() as u64, before.1 + added);
            let mut by_limit = 0;
            while count > self.entries_max || bytes > bytes_max {
                let gone: Option<i64> = transaction
                    .prepare_cached(
                        "DELETE FROM entry WHERE id = (SELECT min(id) FROM entry) \
                         RETURNING coalesce(length(body), 0)",
                    )?
                    .query_row([], |row| row.get(0))
                    .optional()?;
                let Some(gone) = gone else { break };
                count -= 1;
                bytes = bytes.saturating_sub(gone.unsigned_abs());
                by_limit += 1;
            }
            transaction.commit()?;
            Ok((ids, Dropped { by_limit }, count, bytes))
        })();
        let (ids, dropped, count, bytes) = result.map_err(|reason| self.error(reason))?;
        (self.entries, self.bytes) = (count, bytes);
        Ok((ids, dropped))
    }

    /// Removes what is older than `quarantine.keep`; how many.
    pub fn expire(&mut self, now_ms: UnixMs) -> Result<u64, QuarantineError> {
        let keep = if self.keep.is_zero() { REASON_KEEP } else { self.keep };
        let before = now_ms.saturating_sub(i64::try_from(keep.as_millis()).unwrap_or(i64::MAX));
        let expired = self
            .connection
            .execute("DELETE FROM entry WHERE received_ms < ?1", [before])
            .map_err(|reason| self.error(reason))?;
        if expired > 0 {
            (self.entries, self.bytes) = self.measure()?;
        }
        Ok(expired as u64)
    }

    /// Entries, oldest first; inputs only when asked for.
    pub fn list(&self, filter: &Filter, with_raw: bool) -> Result<Vec<Entry>, QuarantineError> {
        let (clause, arguments) = clause(filter);
        let columns = if with_raw {
            COLUMNS.to_owned()
        } else {
            COLUMNS.replace("about, body", "NULL, NULL")
        };
        let read = || {
            let sql = format!("SELECT {columns} FROM entry WHERE {clause} ORDER BY id");
            let mut statement = self.connection.prepare(&sql)?;
            let rows = statement.query_map(params_from_iter(arguments), read_entry)?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|reason| self.error(reason))
    }

    /// One entry with its input.
    pub fn get(&self, id: EntryId) -> Result<Option<Entry>, QuarantineError> {
        let filter = Filter { ids: vec![id], ..Filter::default() };
        Ok(self.list(&filter, true)?.pop())
    }

    /// Flags entries whose input was kept for a retry; which ones.
    pub fn request(&self, filter: &Filter) -> Result<Vec<EntryId>, QuarantineError> {
        let (clause, arguments) = clause(filter);
        let read = || {
            let mut statement = self.connection.prepare(&format!(
                "UPDATE entry SET state = 'requested' \
                 WHERE state = 'held' AND body IS NOT NULL AND {clause} RETURNING id"
            ))?;
            let rows = statement.query_map(params_from_iter(arguments), |row| row.get(0))?;
            rows.collect::<Result<Vec<EntryId>, _>>()
        };
        let mut ids = read().map_err(|reason| self.error(reason))?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// Takes back requests that no server has taken up; which ones.
    pub fn withdraw(&self, ids: &[EntryId]) -> Result<Vec<EntryId>, QuarantineError> {
        let mut withdrawn = Vec::new();
        for id in ids {
            let sql = "UPDATE entry SET state = 'held' WHERE id = ?1 AND state = 'requested'";
            let changed =
                self.connection.execute(sql, [id]).map_err(|reason| self.error(reason))?;
            if changed == 1 {
                withdrawn.push(*id);
            }
        }
        Ok(withdrawn)
    }

    /// Takes up requested retries, oldest first.
    pub fn take_requested(&mut self) -> Result<Vec<Entry>, QuarantineError> {
        let read = |connection: &Connection| -> rusqlite::Result<Vec<EntryId>> {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT id FROM entry WHERE state = 'requested' ORDER BY id LIMIT {RETRIES_AT_ONCE}"
            ))?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        };
        let ids = read(&self.connection).map_err(|reason| self.error(reason))?;
        let mut entries = Vec::new();
        for id in ids {
            let sql = "UPDATE entry SET state = 'running' WHERE id = ?1 AND state = 'requested'";
            let taken = self.connection.execute(sql, [id]).map_err(|reason| self.error(reason))?;
            if taken == 1 {
                entries.extend(self.get(id)?);
            }
        }
        Ok(entries)
    }

    /// Notes what became of a retry; a decoded entry's input goes at once.
    pub fn finish(&mut self, id: EntryId, outcome: &Redelivery) -> Result<(), QuarantineError> {
        let result = match outcome {
            Redelivery::Decoded { events } => self.connection.execute(
                "UPDATE entry SET state = 'decoded', attempts = attempts + 1, events = ?2, \
                 body = NULL, about = NULL WHERE id = ?1",
                params![id, i64::try_from(*events).unwrap_or(i64::MAX)],
            ),
            Redelivery::Failed { class, reason } => self.connection.execute(
                "UPDATE entry SET state = 'held', attempts = attempts + 1, class = ?2, reason = ?3 \
                 WHERE id = ?1",
                params![id, class.name(), scrub::reason(reason)],
            ),
        };
        result.map_err(|reason| self.error(reason))?;
        if matches!(outcome, Redelivery::Decoded { .. }) {
            (self.entries, self.bytes) = self.measure()?;
        }
        Ok(())
    }
}

/// The filter as SQL and its arguments.
fn clause(filter: &Filter) -> (String, Vec<rusqlite::types::Value>) {
    let mut parts = vec!["TRUE".to_owned()];
    let mut arguments = Vec::new();
    if let Some(channel) = &filter.channel {
        parts.push("channel = ?".to_owned());
        arguments.push(channel.clone().into());
    }
    if !filter.ids.is_empty() {
        let marks = vec!["?"; filter.ids.len()].join(", ");
        parts.push(format!("id IN ({marks})"));
        arguments.extend(filter.ids.iter().map(|id| (*id).into()));
    }
    (parts.join(" AND "), arguments)
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let (class, state): (String, String) = (row.get(4)?, row.get(6)?);
    let events: i64 = row.get(8)?;
    let (about, body): (Option<String>, Option<Vec<u8>>) = (row.get(10)?, row.get(11)?);
    let raw = body.map(|body| {
        let about: Raw =
            about.and_then(|about| serde_json::from_str(&about).ok()).unwrap_or_default();
        Raw { body, ..about }
    });
    Ok(Entry {
        id: row.get(0)?,
        channel: row.get(1)?,
        plugin: row.get(2)?,
        received_ms: row.get(3)?,
        // Written by us alone; a class that is gone from the list was an unreadable input.
        class: FailureClass::from_name(&class).unwrap_or(FailureClass::BadInput),
        reason: row.get(5)?,
        attempts: row.get(7)?,
        state: match state.as_str() {
            "requested" => State::Requested,
            "running" => State::Running,
            "decoded" => State::Decoded { events: events.unsigned_abs() },
            _ => State::Held,
        },
        bytes: row.get::<_, i64>(9)?.unsigned_abs(),
        raw,
    })
}

#[cfg(test)]
mod tests;
