//! Damage to SQLite files, as a bad disk does it.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// What a page is overwritten with: no page of SQLite's begins so.
const JUNK: u8 = 0xa5;

/// The newest day file of a state folder.
pub(crate) fn newest_day_file(state: &Path) -> PathBuf {
    let entries = fs::read_dir(state.join("journal")).expect("the journal's folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let days = paths.filter(|path| path.extension().is_some_and(|it| it == "sqlite"));
    days.max().expect("a day file")
}

/// What SQLite keeps beside a file, or anything else by a name like it.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Names in a folder that say that something was set aside.
pub(crate) fn set_aside_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.contains(".damaged"));
    names.sort();
    names
}

/// Overwrites the first page of a table's tree.
pub(crate) fn spoil_table(file: &Path, table: &str) {
    let at_rest = at_rest(file);
    let sql = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
    let page = at_rest.query_row(sql, [table], |row| row.get(0)).expect("the table's page");
    spoil(file, at_rest, page);
}

/// Overwrites a page of rows in the middle of a table of several pages.
pub(crate) fn spoil_rows_in_the_middle(file: &Path, table: &str) {
    let at_rest = at_rest(file);
    let sql = "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' ORDER BY path";
    let mut statement = at_rest.prepare(sql).expect("dbstat");
    let pages = statement.query_map([table], |row| row.get(0)).expect("pages");
    let pages: Vec<u32> = pages.map(|page| page.expect("a page")).collect();
    drop(statement);
    assert!(pages.len() >= 3, "{table} has {} pages of rows", pages.len());
    spoil(file, at_rest, pages[pages.len() / 2]);
}

/// The file with its log folded in, still open.
fn at_rest(file: &Path) -> Connection {
    let connection = Connection::open(file).expect("it opens");
    let folded =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    assert_eq!(folded.expect("a checkpoint"), 0);
    connection
}

fn spoil(file: &Path, at_rest: Connection, page: u32) {
    let size: u32 = at_rest.query_row("PRAGMA page_size", [], |row| row.get(0)).expect("a size");
    drop(at_rest);
    let junk = vec![JUNK; size as usize];
    let file = File::options().write(true).open(file).expect("it opens");
    file.write_all_at(&junk, u64::from(page - 1) * u64::from(size)).expect("written");
}
