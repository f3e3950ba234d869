//! The SQLite file of annotations that were made through the API.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{Annotation, AnnotationsError, Kind, Level, Source};
use crate::journal::side_file::{self, SideFile, version};
use crate::journal::{Observer, SideFileError, open_read_only};

static KIND: side_file::Kind = side_file::Kind {
    name: "annotations",
    file: "annotations.sqlite",
    version: 1,
    schema: "
CREATE TABLE IF NOT EXISTS annotation (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER,
    channel TEXT,
    queue TEXT
) STRICT, WITHOUT ROWID;
-- Of messages to walls: for which boards, with commas, and how much they matter.
CREATE TABLE IF NOT EXISTS to_walls (
    id TEXT PRIMARY KEY,
    boards TEXT NOT NULL,
    level TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- The number of the last id that was made up; never given out again.
CREATE TABLE IF NOT EXISTS made_up (only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL)
STRICT;
INSERT OR IGNORE INTO made_up VALUES (1, 0);
",
    pragmas: "",
    lost: "annotations that were made through the API; they must be sent again",
};

/// The file, opened.
pub(super) struct Store {
    file: SideFile,
}

/// What became of an annotation that was to be put in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It is on disk, under a new id.
    New(Annotation),
    /// It is on disk, and the one of that id is gone.
    Replaced(Annotation),
    /// There are too many already.
    Full,
}

impl Store {
    /// Opens the file of a state folder; makes it, readable by its owner alone. A damaged one is
    /// set aside.
    pub(super) fn open(
        state_dir: &Path,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, AnnotationsError> {
        Ok(Self { file: SideFile::open(&KIND, state_dir, observer)? })
    }

    /// All of them.
    pub(super) fn load(&self) -> Result<Vec<Annotation>, AnnotationsError> {
        Ok(self.file.ask(load)?.unwrap_or_default())
    }

    /// Puts one in, on disk when it returns; an empty id is made up, unlike any that
    /// `is_taken` elsewhere.
    pub(super) fn put(
        &mut self,
        annotation: &Annotation,
        entries_max: usize,
        is_taken: impl Fn(&str) -> bool,
    ) -> Result<Put, AnnotationsError> {
        Ok(self.file.change(|file| put(file, annotation.clone(), entries_max, &is_taken))?)
    }

    /// Takes one out. Says whether it was there.
    pub(super) fn remove(&mut self, id: &str) -> Result<bool, AnnotationsError> {
        let remove = |file: &mut Connection| {
            let change = file.transaction()?;
            change.execute("DELETE FROM to_walls WHERE id = ?1", [id])?;
            let removed = change.execute("DELETE FROM annotation WHERE id = ?1", [id])?;
            change.commit()?;
            Ok(removed > 0)
        };
        Ok(self.file.change(remove)?)
    }
}

/// What a state folder holds, for one who only reads: a server may be writing it.
pub(super) fn look(state_dir: &Path) -> Result<Vec<Annotation>, AnnotationsError> {
    let path = state_dir.join(KIND.file);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let name = KIND.name;
    let failed = |source| SideFileError::Database { name, path: path.clone(), source };
    let (connection, _) = open_read_only(&path).map_err(failed)?;
    match version(&connection).map_err(failed)? {
        // Its maker has not come to the table yet.
        0 => Ok(Vec::new()),
        found if found == KIND.version => Ok(load(&connection).map_err(failed)?),
        found => Err(SideFileError::Newer { name, path, found, known: KIND.version }.into()),
    }
}

fn load(connection: &Connection) -> rusqlite::Result<Vec<Annotation>> {
    // A file of a version before has none of them, until it is opened for writing.
    let knows = "SELECT count(*) FROM sqlite_schema WHERE name = 'to_walls'";
    let knows_walls = connection.query_row(knows, [], |row| row.get::<_, i64>(0))? > 0;
    let sql = if knows_walls {
        "SELECT annotation.id, kind, title, from_ms, to_ms, channel, queue, boards, level
         FROM annotation LEFT JOIN to_walls ON to_walls.id = annotation.id"
    } else {
        "SELECT id, kind, title, from_ms, to_ms, channel, queue, NULL, NULL FROM annotation"
    };
    connection.prepare(sql)?.query_map([], read)?.collect()
}

fn put(
    connection: &mut Connection,
    mut annotation: Annotation,
    entries_max: usize,
    is_taken: impl Fn(&str) -> bool,
) -> rusqlite::Result<Put> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let exists = |id: &str| -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM annotation WHERE id = ?1";
        Ok(change.query_row(sql, [id], |_| Ok(())).optional()?.is_some())
    };
    let is_new = annotation.id.is_empty() || !exists(&annotation.id)?;
    let count: i64 = change.query_row("SELECT count(*) FROM annotation", [], |row| row.get(0))?;
    if is_new && usize::try_from(count).unwrap_or(usize::MAX) >= entries_max {
        return Ok(Put::Full);
    }
    while annotation.id.is_empty() || (is_new && exists(&annotation.id)?) {
        let sql = "UPDATE made_up SET last = last + 1 RETURNING last";
        let last: i64 = change.query_row(sql, [], |row| row.get(0))?;
        annotation.id = Some(format!("a{last}")).filter(|id| !is_taken(id)).unwrap_or_default();
    }
    let Annotation { id, kind, title, from_ms, to_ms, channel, queue, .. } = &annotation;
    change.execute(
        "INSERT OR REPLACE INTO annotation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![id, kind.id(), title, from_ms, to_ms, channel, queue],
    )?;
    if annotation.kind == Kind::Message {
        let (boards, level) = (annotation.boards.join(","), annotation.level.id());
        let sql = "INSERT OR REPLACE INTO to_walls VALUES (?1, ?2, ?3)";
        change.execute(sql, params![id, boards, level])?;
    } else {
        change.execute("DELETE FROM to_walls WHERE id = ?1", [id])?;
    }
    change.commit()?;
    Ok(if is_new { Put::New(annotation) } else { Put::Replaced(annotation) })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Annotation> {
    let kind: String = row.get(1)?;
    let level: Option<String> = row.get(8)?;
    Ok(Annotation {
        id: row.get(0)?,
        // Written by us alone.
        kind: Kind::from_id(&kind).unwrap_or(Kind::Other),
        title: row.get(2)?,
        from_ms: row.get(3)?,
        to_ms: row.get(4)?,
        channel: row.get(5)?,
        queue: row.get(6)?,
        boards: row
            .get::<_, Option<String>>(7)?
            .map(|boards| {
                boards.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect()
            })
            .unwrap_or_default(),
        level: level.and_then(|level| Level::from_id(&level)).unwrap_or_default(),
        source: Source::Api,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::journal::Silent;

    fn opened(folder: &Path) -> Store {
        Store::open(folder, Arc::new(Silent)).expect("open")
    }

    fn annotation(id: &str, title: &str) -> Annotation {
        Annotation {
            id: id.to_owned(),
            kind: Kind::Outage,
            title: title.to_owned(),
            from_ms: 1,
            to_ms: Some(2),
            channel: Some("pbx".to_owned()),
            queue: None,
            boards: Vec::new(),
            level: Level::Normal,
            source: Source::Api,
        }
    }

    fn put(store: &mut Store, id: &str, title: &str) -> Put {
        store.put(&annotation(id, title), 3, |id| id == "a1").expect("put")
    }

    #[test]
    fn ids_are_made_up_and_never_given_out_again() {
        let folder = tempfile::tempdir().expect("folder");
        let mut store = opened(folder.path());
        assert_eq!(put(&mut store, "a3", "given"), Put::New(annotation("a3", "given")));
        // a1 is taken elsewhere, a3 here.
        assert_eq!(put(&mut store, "", "x"), Put::New(annotation("a2", "x")));
        assert!(store.remove("a2").expect("remove"));
        assert!(!store.remove("a2").expect("gone"));
        assert_eq!(put(&mut store, "", "y"), Put::New(annotation("a4", "y")));
    }

    #[test]
    fn what_was_put_in_survives_a_kill() {
        let folder = tempfile::tempdir().expect("folder");
        let mut store = opened(folder.path());
        put(&mut store, "one", "first");
        // Never closed: the next one finds the log that a kill leaves.
        let other = opened(folder.path());
        assert_eq!(other.load().expect("load"), [annotation("one", "first")]);
    }

    #[test]
    fn a_message_keeps_its_boards_and_level_also_beside_files_of_before() {
        let folder = tempfile::tempdir().expect("folder");
        let mut store = opened(folder.path());
        let message = Annotation {
            kind: Kind::Message,
            boards: vec!["floor".to_owned(), "hall".to_owned()],
            level: Level::Important,
            ..annotation("m", "Pizza at six")
        };
        store.put(&message, 3, |_| false).expect("put");
        assert_eq!(opened(folder.path()).load().expect("load"), std::slice::from_ref(&message));
        // What an earlier version has left behind.
        store.file.change(|file| file.execute_batch("DROP TABLE to_walls")).expect("changed");
        let plain = Annotation { boards: Vec::new(), level: Level::Normal, ..message };
        assert_eq!(look(folder.path()).expect("look"), [plain]);
    }

    #[test]
    fn a_look_finds_what_is_there_and_makes_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        let names = || {
            let entries = fs::read_dir(folder.path()).expect("a folder");
            let mut names: Vec<_> = entries.map(|it| it.expect("an entry").file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(look(folder.path()).expect("nothing yet"), []);
        assert!(names().is_empty());
        let mut store = opened(folder.path());
        put(&mut store, "one", "first");
        // Beside the writer, and after it.
        assert_eq!(look(folder.path()).expect("look"), [annotation("one", "first")]);
        drop(store);
        assert_eq!(look(folder.path()).expect("look"), [annotation("one", "first")]);
        assert_eq!(names(), [KIND.file]);
    }

    #[test]
    fn one_more_than_there_may_be_is_refused_and_one_of_them_can_be_replaced() {
        let folder = tempfile::tempdir().expect("folder");
        let mut store = opened(folder.path());
        for id in ["x", "y", "z"] {
            put(&mut store, id, "one of three");
        }
        assert_eq!(put(&mut store, "", "a fourth"), Put::Full);
        let again = annotation("x", "it is over");
        assert_eq!(put(&mut store, "x", "it is over"), Put::Replaced(again.clone()));
        assert_eq!(store.load().expect("load").len(), 3);
        assert!(store.load().expect("load").contains(&again));
    }
}
