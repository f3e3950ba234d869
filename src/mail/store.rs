//! The SQLite file of what became of each report, for each of its recipients. A recipient is a hash:
//! addresses stay in the config.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use crate::event::UnixMs;
use crate::journal::side_file::{Kind, SideFile};
use crate::journal::{Observer, SideFileError};
use crate::words::words;

static KIND: Kind = Kind {
    name: "mails",
    file: "mails.sqlite",
    version: 1,
    schema: "
CREATE TABLE IF NOT EXISTS delivery (
    report TEXT NOT NULL,
    recipient TEXT NOT NULL,
    date TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    sent_ms INTEGER,
    fault TEXT,
    PRIMARY KEY (report, recipient)
) STRICT, WITHOUT ROWID;
",
    pragmas: "",
    lost: "which reports were sent by mail; each goes out again at its next time",
};

words! {
    /// What became of a report for one recipient.
    pub enum Became {
        /// Its time has not come since it stands in the config.
        New = "new",
        /// It is to be sent, now or at its next try.
        Waiting = "waiting",
        /// The mail server has taken it.
        Sent = "sent",
        /// Refused for good, or tried often enough.
        GivenUp = "given_up",
        /// The server was down for longer than `mail.catch_up`.
        Missed = "missed",
    }
}

/// The newest report of one name, for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    pub(super) report: String,
    pub(super) recipient: String,
    /// Whose turn it is: there is one a day at most.
    pub(super) date: Date,
    pub(super) state: Became,
    /// Those that failed.
    pub(super) tries: u32,
    pub(super) next_ms: UnixMs,
    /// When the last one was taken, this one or one before.
    pub(super) sent_ms: Option<UnixMs>,
    /// Why the last try failed.
    pub(super) fault: Option<String>,
}

/// What a recipient is called in the file.
pub(super) fn hash_of(address: &str) -> String {
    hex::encode(&Sha256::digest(address.to_lowercase().as_bytes())[..12])
}

/// The file, opened.
pub(super) struct Store {
    file: SideFile,
}

impl Store {
    pub(super) fn open(
        state_dir: &Path,
        observer: Arc<dyn Observer>,
    ) -> Result<Store, SideFileError> {
        Ok(Store { file: SideFile::open(&KIND, state_dir, observer)? })
    }

    pub(super) fn load(&self) -> Result<Vec<Delivery>, SideFileError> {
        let sql = "SELECT report, recipient, date, state, tries, next_ms, sent_ms, fault
                   FROM delivery";
        let load = |file: &Connection| file.prepare(sql)?.query_map([], read)?.collect();
        Ok(self.file.ask(load)?.unwrap_or_default())
    }

    /// On disk when this returns.
    pub(super) fn put(&mut self, all: &[Delivery]) -> Result<(), SideFileError> {
        let sql = "INSERT OR REPLACE INTO delivery VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.file.change(|file| {
            let change = file.transaction()?;
            for it in all {
                let date = it.date.to_string();
                let (report, recipient) = (&it.report, &it.recipient);
                let values = params![
                    report,
                    recipient,
                    date,
                    it.state.word(),
                    it.tries,
                    it.next_ms,
                    it.sent_ms,
                    it.fault
                ];
                change.execute(sql, values)?;
            }
            change.commit()
        })
    }

    /// What stands in the config no more is forgotten.
    pub(super) fn remove(&mut self, report: &str, recipient: &str) -> Result<(), SideFileError> {
        let sql = "DELETE FROM delivery WHERE report = ?1 AND recipient = ?2";
        self.file.change(|file| file.execute(sql, [report, recipient])).map(drop)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let (date, state): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Delivery {
        report: row.get(0)?,
        recipient: row.get(1)?,
        // Written by us alone.
        date: date.parse().unwrap_or(Date::MIN),
        state: Became::from_word(&state).unwrap_or(Became::Missed),
        tries: row.get(4)?,
        next_ms: row.get(5)?,
        sent_ms: row.get(6)?,
        fault: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Silent;

    #[test]
    fn what_was_noted_is_there_after_a_kill_and_holds_no_address() {
        let folder = tempfile::tempdir().expect("folder");
        let open = || Store::open(folder.path(), Arc::new(Silent)).expect("open");
        let noted = Delivery {
            report: "morning".to_owned(),
            recipient: hash_of("Lead@example.com"),
            date: "2026-03-02".parse().expect("a date"),
            state: Became::Waiting,
            tries: 2,
            next_ms: 7,
            sent_ms: Some(5),
            fault: Some("why".to_owned()),
        };
        let mut store = open();
        store.put(std::slice::from_ref(&noted)).expect("noted");
        // Never closed: the next one finds the log that a kill leaves.
        assert_eq!(open().load().expect("load"), std::slice::from_ref(&noted));
        assert_eq!(noted.recipient, hash_of("lead@EXAMPLE.com"));
        for entry in std::fs::read_dir(folder.path()).expect("the folder") {
            let bytes = std::fs::read(entry.expect("a file").path()).expect("readable");
            assert!(!bytes.windows(11).any(|it| it.eq_ignore_ascii_case(b"example.com")));
        }
        store.remove("morning", &noted.recipient).expect("forgotten");
        assert_eq!(open().load().expect("load"), []);
    }
}
