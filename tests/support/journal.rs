//! Journals to try things with.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tablica::channel::privacy::keys;
use tablica::config::model;
use tablica::event::{Event, Kind, UnixMs};
use tablica::journal::{
    BadRow, Committed, JournalHandle, JournalThread, Observer, Opened, Options, Sequence, SetAside,
    open_with,
};
use tokio::sync::mpsc;

/// Settings with small limits.
pub(crate) fn settings() -> model::Journal {
    model::Journal {
        keep: Duration::from_secs(3 * 24 * 60 * 60),
        pending_max: 256,
        commit_events_max: 64,
        snapshot_every: Duration::from_secs(60),
        rollups_keep: Duration::from_secs(3 * 24 * 60 * 60),
    }
}

/// A contact that entered a queue.
pub(crate) fn event(id: &str) -> Event {
    Event {
        id: id.to_owned(),
        channel: "phone".to_owned(),
        at_ms: 1_795_305_600_000,
        received_ms: 1_795_305_600_250,
        interaction: format!("call-{id}"),
        queue: Some("sales".to_owned()),
        agent: None,
        customer: Vec::new(),
        kind: Kind::Queued,
        order: None,
        refers: None,
        same_as: None,
        attrs: std::collections::BTreeMap::new(),
    }
}

/// Remembers what it is told.
#[derive(Clone, Default)]
pub(crate) struct Notebook {
    pub(crate) bad_rows: Arc<Mutex<Vec<BadRow>>>,
    pub(crate) commits: Arc<Mutex<Vec<usize>>>,
    pub(crate) bad_snapshots: Arc<Mutex<usize>>,
    pub(crate) set_aside: Arc<Mutex<Vec<SetAside>>>,
}

impl Observer for Notebook {
    fn committed(&self, events: usize, _bytes: usize, _elapsed: Duration) {
        self.commits.lock().unwrap().push(events);
    }

    fn bad_row(&self, row: &BadRow) {
        self.bad_rows.lock().unwrap().push(row.clone());
    }

    fn set_aside(&self, file: &SetAside) {
        match file.what {
            "snapshot" => *self.bad_snapshots.lock().unwrap() += 1,
            _ => self.set_aside.lock().unwrap().push(file.clone()),
        }
    }
}

/// A journal in a folder, with a notebook and a clock.
pub(crate) fn opened(state_dir: &Path, notebook: &Notebook, now: fn() -> UnixMs) -> Opened {
    let options = Options { observer: Arc::new(notebook.clone()), now, ..Options::default() };
    open_with(&settings(), state_dir, options).expect("the journal opens")
}

/// A running journal and the engine's end of it.
pub(crate) struct Running {
    pub(crate) handle: JournalHandle,
    pub(crate) thread: JournalThread,
    pub(crate) committed: mpsc::Receiver<Committed>,
}

impl Running {
    /// Starts an opened journal.
    pub(crate) fn start(opened: Opened) -> Self {
        let (to_engine, committed) = mpsc::channel(1024);
        let (handle, thread) = opened.start(to_engine).expect("the writer starts");
        Self { handle, thread, committed }
    }

    /// Appends one event by each id, one after another.
    pub(crate) async fn append(&self, ids: impl IntoIterator<Item = &str>) {
        for id in ids {
            self.handle.append(vec![event(id)], None).await.expect("the append is durable");
        }
    }
}

/// Leaves a journal of these events, in their order, and keys, as a server does that has stopped.
pub(crate) async fn write(state_dir: &Path, events: &[Event]) {
    keys::draw_anew(state_dir, tablica::clock::now_ms()).expect("keys");
    let running = Running::start(opened(state_dir, &Notebook::default(), tablica::clock::now_ms));
    let Running { handle, thread, mut committed } = running;
    let engine = tokio::spawn(async move { while committed.recv().await.is_some() {} });
    for batch in events.chunks(settings().commit_events_max) {
        handle.append(batch.to_vec(), None).await.expect("the append is durable");
    }
    drop(handle);
    thread.stop().await;
    engine.await.expect("nothing is left to fold");
}

/// Sequence and id of each event in the journal.
pub(crate) fn ids(opened: &Opened, after: Sequence) -> Vec<(Sequence, String)> {
    opened.tail(after).expect("the tail opens").map(|(at, event)| (at, event.id)).collect()
}
