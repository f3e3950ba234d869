//! The quarantine's SQLite file. One process writes entries; the command sets retry flags.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::{Entry, EntryId, NewEntry, QuarantineError, Raw, Redelivery, State, scrub};
use crate::channel::host::FailureClass;
use crate::config::model;
use crate::event::UnixMs;
use crate::journal::side_file::{Kind, SideFile};
use crate::journal::{Observer, Silent};

/// How long a reason is kept where `quarantine.keep` is zero.
const REASON_KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Entries that one look for requested retries takes.
const RETRIES_AT_ONCE: usize = 64;

static KIND: Kind = Kind {
    name: "quarantine",
    file: "quarantine.sqlite",
    version: 1,
    schema: "
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
",
    // What has expired is overwritten, not just unlinked.
    pragmas: "PRAGMA secure_delete = ON;",
    lost: "inputs that could not be decoded and waited for somebody to look at them",
};

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
    file: SideFile,
    keep: Duration,
    entries_max: u64,
    bytes_max: u64,
    /// The opening of the file that was measured, and prepared for this process.
    measured: u64,
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
    /// As [`open_with`](Self::open_with), without anybody who is told.
    pub fn open(settings: &model::Quarantine, state_dir: &Path) -> Result<Self, QuarantineError> {
        Self::open_with(settings, state_dir, Arc::new(Silent))
    }

    /// Opens it for the server; makes it, readable by the owner alone, when it is not there. A
    /// damaged one is set aside.
    pub fn open_with(
        settings: &model::Quarantine,
        state_dir: &Path,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, QuarantineError> {
        let mut store = Self::of(SideFile::open(&KIND, state_dir, observer)?, settings);
        if let Err(error) = store.measure() {
            tracing::warn!(%error, "the quarantine takes nothing until it can be written");
        }
        Ok(store)
    }

    /// Opens it for the command; none when there is no quarantine yet.
    pub fn open_existing(state_dir: &Path) -> Result<Option<Self>, QuarantineError> {
        let file = SideFile::beside(&KIND, state_dir)?;
        Ok(file.map(|file| Self::of(file, &model::Quarantine::default())))
    }

    fn of(file: SideFile, settings: &model::Quarantine) -> Self {
        Self {
            file,
            keep: settings.keep,
            entries_max: settings.entries_max as u64,
            bytes_max: settings.bytes_max as u64,
            measured: 0,
            entries: 0,
            bytes: 0,
        }
    }

    /// Counts what is in a file that has been opened anew.
    fn measure(&mut self) -> Result<(), QuarantineError> {
        let (entries, bytes) = self.file.change(|file| {
            // A retry under way when the server died is asked for again; event ids make it
            // harmless.
            file.execute("UPDATE entry SET state = 'requested' WHERE state = 'running'", [])?;
            measured(file)
        })?;
        (self.entries, self.bytes) = (entries, bytes);
        self.measured = self.file.openings();
        Ok(())
    }

    /// Sees to it that the measures are those of the file as it is open.
    fn ready(&mut self) -> Result<(), QuarantineError> {
        if self.measured == self.file.openings() { Ok(()) } else { self.measure() }
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
        self.ready()?;
        let (keep_raw, bytes_max) = (!self.keep.is_zero(), self.bytes_max);
        let entries: Vec<_> = entries
            .into_iter()
            .map(|entry| {
                // One input larger than all may be together is kept as its reason only.
                let kept = keep_raw && entry.raw.body.len() as u64 <= bytes_max;
                let (entry, bytes) = scrub::scrub(entry, kept);
                Scrubbed { entry, bytes, kept }
            })
            .collect();
        let (before, entries_max) = ((self.entries, self.bytes), self.entries_max);
        let (ids, dropped, count, bytes) =
            self.file.change(|file| put(file, &entries, before, entries_max, bytes_max))?;
        (self.entries, self.bytes) = (count, bytes);
        Ok((ids, dropped))
    }

    /// Removes what is older than `quarantine.keep`; how many.
    pub fn expire(&mut self, now_ms: UnixMs) -> Result<u64, QuarantineError> {
        let keep = if self.keep.is_zero() { REASON_KEEP } else { self.keep };
        let before = now_ms.saturating_sub(i64::try_from(keep.as_millis()).unwrap_or(i64::MAX));
        self.ready()?;
        let (expired, measures) = self.file.change(|file| {
            let expired = file.execute("DELETE FROM entry WHERE received_ms < ?1", [before])?;
            Ok((expired, if expired > 0 { Some(measured(file)?) } else { None }))
        })?;
        (self.entries, self.bytes) = measures.unwrap_or((self.entries, self.bytes));
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
        let entries = self.file.ask(|file| {
            let sql = format!("SELECT {columns} FROM entry WHERE {clause} ORDER BY id");
            let mut statement = file.prepare(&sql)?;
            let rows = statement.query_map(params_from_iter(arguments), read_entry)?;
            rows.collect::<Result<Vec<_>, _>>()
        })?;
        Ok(entries.unwrap_or_default())
    }

    /// One entry with its input.
    pub fn get(&self, id: EntryId) -> Result<Option<Entry>, QuarantineError> {
        let filter = Filter { ids: vec![id], ..Filter::default() };
        Ok(self.list(&filter, true)?.pop())
    }

    /// Flags entries whose input was kept for a retry; which ones.
    pub fn request(&self, filter: &Filter) -> Result<Vec<EntryId>, QuarantineError> {
        let (clause, arguments) = clause(filter);
        let ids = self.file.ask(|file| {
            let mut statement = file.prepare(&format!(
                "UPDATE entry SET state = 'requested' \
                 WHERE state = 'held' AND body IS NOT NULL AND {clause} RETURNING id"
            ))?;
            let rows = statement.query_map(params_from_iter(arguments), |row| row.get(0))?;
            rows.collect::<Result<Vec<EntryId>, _>>()
        })?;
        let mut ids = ids.unwrap_or_default();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Takes back requests that no server has taken up; which ones.
    pub fn withdraw(&self, ids: &[EntryId]) -> Result<Vec<EntryId>, QuarantineError> {
        let mut withdrawn = Vec::new();
        for id in ids {
            let sql = "UPDATE entry SET state = 'held' WHERE id = ?1 AND state = 'requested'";
            if self.file.ask(|file| file.execute(sql, [id]))? == Some(1) {
                withdrawn.push(*id);
            }
        }
        Ok(withdrawn)
    }

    /// Takes up requested retries, oldest first.
    pub fn take_requested(&mut self) -> Result<Vec<Entry>, QuarantineError> {
        let requested = self.file.ask(|file| {
            let mut statement = file.prepare_cached(&format!(
                "SELECT id FROM entry WHERE state = 'requested' ORDER BY id LIMIT {RETRIES_AT_ONCE}"
            ))?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<Vec<EntryId>>>()
        })?;
        let mut entries = Vec::new();
        for id in requested.unwrap_or_default() {
            let sql = "UPDATE entry SET state = 'running' WHERE id = ?1 AND state = 'requested'";
            if self.file.change(|file| file.execute(sql, [id]))? == 1 {
                entries.extend(self.get(id)?);
            }
        }
        Ok(entries)
    }

    /// Notes what became of a retry; a decoded entry's input goes at once.
    pub fn finish(&mut self, id: EntryId, outcome: &Redelivery) -> Result<(), QuarantineError> {
        self.ready()?;
        (self.entries, self.bytes) = self.file.change(|file| {
            match outcome {
                Redelivery::Decoded { events } => file.execute(
                    "UPDATE entry SET state = 'decoded', attempts = attempts + 1, events = ?2, \
                     body = NULL, about = NULL WHERE id = ?1",
                    params![id, i64::try_from(*events).unwrap_or(i64::MAX)],
                ),
                Redelivery::Failed { class, reason } => file.execute(
                    "UPDATE entry SET state = 'held', attempts = attempts + 1, class = ?2, \
                     reason = ?3 WHERE id = ?1",
                    params![id, class.name(), scrub::reason(reason)],
                ),
            }?;
            measured(file)
        })?;
        Ok(())
    }
}

/// An entry without its secrets, as it is kept.
struct Scrubbed {
    entry: NewEntry,
    bytes: u64,
    /// With its input.
    kept: bool,
}

/// Entries and raw bytes in a file.
fn measured(file: &Connection) -> rusqlite::Result<(u64, u64)> {
    let sql = "SELECT count(*), coalesce(sum(length(body)), 0) FROM entry";
    file.query_row(sql, [], |row| {
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
    })
}

/// Puts entries in and lets the oldest go; says what is in the file then.
fn put(
    file: &mut Connection,
    entries: &[Scrubbed],
    before: (u64, u64),
    entries_max: u64,
    bytes_max: u64,
) -> rusqlite::Result<(Vec<EntryId>, Dropped, u64, u64)> {
    let transaction = file.transaction()?;
    let mut ids = Vec::new();
    let (mut count, mut in_all) = before;
    for Scrubbed { entry, bytes, kept } in entries {
        let about = kept.then(|| serde_json::to_string(&entry.raw).unwrap_or_default());
        transaction
            .prepare_cached(
                "INSERT INTO entry (channel, plugin, received_ms, class, reason, bytes, about, \
                 body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                entry.channel,
                entry.plugin,
                entry.received_ms,
                entry.class.name(),
                entry.reason,
                i64::try_from(*bytes).unwrap_or(i64::MAX),
                about,
                kept.then_some(&entry.raw.body),
            ])?;
        ids.push(transaction.last_insert_rowid());
        count += 1;
        in_all += entry.raw.body.len() as u64;
    }
    let mut by_limit = 0;
    while count > entries_max || in_all > bytes_max {
        let gone: Option<i64> = transaction
            .prepare_cached(
                "DELETE FROM entry WHERE id = (SELECT min(id) FROM entry) \
                 RETURNING coalesce(length(body), 0)",
            )?
            .query_row([], |row| row.get(0))
            .optional()?;
        let Some(gone) = gone else { break };
        count -= 1;
        in_all = in_all.saturating_sub(gone.unsigned_abs());
        by_limit += 1;
    }
    transaction.commit()?;
    Ok((ids, Dropped { by_limit }, count, in_all))
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
