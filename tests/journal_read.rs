//! The journal read beside its server: no lock, nothing changed, nothing missed.

use std::collections::BTreeMap;
use std::path::Path;

use tablica::clock;
use tablica::journal::{BadRow, Events, Sequence, read};

use crate::support::journal::{Notebook, Running, opened};

/// Characters that mean something in a URI.
const ODD_FOLDER: &str = "site #1? 100%";

fn start(state: &Path) -> Running {
    Running::start(opened(state, &Notebook::default(), clock::now_ms))
}

async fn stop(running: Running) {
    drop(running.handle);
    running.thread.stop().await;
}

fn events(state: &Path) -> Events {
    read(state).expect("a journal").events()
}

/// Sequence and id of each event, and what could not be read.
fn all(events: Events) -> (Vec<(Sequence, String)>, Vec<BadRow>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for read in events {
        match read {
            Ok((sequence, event)) => good.push((sequence, event.id)),
            Err(row) => bad.push(row),
        }
    }
    (good, bad)
}

fn named(ids: &[&str]) -> Vec<(Sequence, String)> {
    (1..).zip(ids.iter().map(|id| (*id).to_owned())).collect()
}

fn files(state: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(state.join("journal")).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.display().to_string(), std::fs::read(path).expect("readable")))
        .collect()
}

/// The one day file there is.
fn day_file(state: &Path) -> rusqlite::Connection {
    let path = files(state).into_keys().find(|path| path.ends_with(".sqlite"));
    rusqlite::Connection::open(path.expect("a day file")).expect("it opens")
}

#[tokio::test]
async fn it_is_read_while_it_is_written_and_after_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join(ODD_FOLDER);
    let running = start(&state);
    assert_eq!(read(&state).expect("a journal").held(), None, "no event yet");
    running.append(["a", "b"]).await;
    assert_eq!(all(events(&state)).0, named(&["a", "b"]));
    running.append(["c"]).await;
    let held = read(&state).expect("a journal").held().expect("events");
    assert_eq!((held.first, held.last), (1, 3));
    assert_eq!((held.from_ms, held.to_ms), (1_795_305_600_250, 1_795_305_600_250));
    stop(running).await;

    let before = files(&state);
    assert_eq!(all(events(&state)), (named(&["a", "b", "c"]), Vec::new()));
    assert_eq!(files(&state), before);
}

#[tokio::test]
async fn a_server_that_starts_in_the_middle_of_it_takes_nothing_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path());
    running.append(["a", "b"]).await;
    stop(running).await;
    let mut reading = events(folder.path());
    assert!(matches!(reading.next(), Some(Ok((1, _)))));
    let running = start(folder.path());
    running.append(["c", "d"]).await;
    let rest: Vec<Sequence> = reading.map(|read| read.expect("readable").0).collect();
    assert_eq!(rest, [2, 3, 4]);
    stop(running).await;
}

#[tokio::test]
async fn what_cannot_be_read_back_is_told_and_left_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path());
    running.append(["a", "b", "c"]).await;
    stop(running).await;
    let file = day_file(folder.path());
    file.execute("UPDATE batches SET crc = crc + 1 WHERE first = 2", []).unwrap();
    drop(file);
    let before = files(folder.path());
    let (good, bad) = all(events(folder.path()));
    assert_eq!(good, [(1, "a".to_owned()), (3, "c".to_owned())]);
    assert_eq!((bad.len(), bad[0].first, bad[0].count), (1, 2, 1));
    assert!(bad[0].reason.contains("checksum"), "{}", bad[0]);
    assert_eq!(files(folder.path()), before);

    day_file(folder.path()).execute_batch("PRAGMA user_version = 99").unwrap();
    let error = read(folder.path()).expect_err("a newer format").to_string();
    assert!(error.contains("made by a newer tablica (format 99"), "{error}");
}
