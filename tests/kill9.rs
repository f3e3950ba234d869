//! The server may be killed, or its disk fill up, at any moment: what was acknowledged is there
//! exactly once, the numbers have no gaps, and the engine's state equals the fold of it.
//!
//! The victim is this binary again: it appends from several tasks, prints each id once that is
//! acknowledged, folds what comes back and keeps snapshots. The scenarios kill it and look.

use std::collections::BTreeSet;
use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tablica::clock;
use tablica::event::Event;
use tablica::journal::{JournalHandle, Opened, Sequence};

use crate::support::journal::{Notebook, Running, event, opened};
use crate::support::process::{Watched, this_binary};
use crate::support::wait;

const STATE_DIR: &str = "TABLICA_TEST_VICTIM_STATE";
const FIRST_ID: &str = "TABLICA_TEST_VICTIM_FIRST_ID";
const KILLS: u64 = 120;
const TASKS: usize = 8;
/// What a victim may say before it notices that its disk is full.
const LINES_MAX: usize = 10_000;
/// Ids that one victim may use up.
const IDS_MAX: u64 = 1_000_000;

/// A stand-in for the engine: order and identity of everything that was applied.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Fold {
    last: Sequence,
    hash: u32,
}

impl Fold {
    fn apply(&mut self, sequence: Sequence, event: &Event) {
        assert_eq!(sequence, self.last + 1, "no gap and no repetition");
        self.last = sequence;
        let mut hasher = crc32fast::Hasher::new_with_initial(self.hash);
        hasher.update(event.id.as_bytes());
        self.hash = hasher.finalize();
    }

    /// Newest snapshot, then the tail.
    fn recover(opened: &Opened) -> Self {
        let mut fold = opened.snapshots().unwrap().next().map_or(Fold::default(), |snapshot| {
            let hash = snapshot.bytes.try_into().expect("a whole snapshot");
            Fold { last: snapshot.sequence, hash: u32::from_le_bytes(hash) }
        });
        for (sequence, event) in opened.tail(fold.last).unwrap() {
            fold.apply(sequence, &event);
        }
        fold
    }
}

/// Not a scenario: the victim. Without its environment it has nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(state) = env::var_os(STATE_DIR).map(PathBuf::from) else { return };
    let first_id: u64 = env::var(FIRST_ID).unwrap().parse().unwrap();
    say("");
    let opened = opened(&state, &Notebook::default(), clock::now_ms);
    let mut fold = Fold::recover(&opened);
    let Running { handle, thread: _thread, mut committed } = Running::start(opened);
    let ids = AtomicU64::new(first_id);
    let ids: &'static AtomicU64 = Box::leak(Box::new(ids));
    for _ in 0..TASKS {
        tokio::spawn(append_for_ever(handle.clone(), ids));
    }
    while let Some(committed) = committed.recv().await {
        for (sequence, event) in (committed.first..).zip(&committed.events) {
            fold.apply(sequence, event);
        }
        // Refused while the disk is full; the one before is still good.
        let _ = handle.save_snapshot(fold.last, fold.hash.to_le_bytes().to_vec()).await;
    }
}

async fn append_for_ever(handle: JournalHandle, ids: &AtomicU64) {
    loop {
        let id = ids.fetch_add(1, Ordering::Relaxed);
        match handle.append(vec![event(&id.to_string())], None).await {
            Ok(()) => say(&format!("durable {id}")),
            Err(error) => {
                say(&format!("refused {id} writable={}: {error}", handle.is_writable()));
                // Like a server out of rotation: nothing comes in until it says it is ready.
                wait::until_so("the journal to write again", || handle.is_writable()).await;
                say("ready");
            }
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A scenario that has what it wanted no longer listens.
    let _ = writeln!(out, "{line}");
}

fn start_victim(mut command: Command, state: &Path, first_id: u64) -> Watched {
    Watched::start(command.env(STATE_DIR, state).env(FIRST_ID, first_id.to_string()))
}

fn durable_id(line: &str) -> Option<u64> {
    line.strip_prefix("durable ")?.parse().ok()
}

/// Reads the whole journal: every id in `durable` is there, none is there twice.
fn check(state: &Path, durable: &BTreeSet<u64>) {
    let notebook = Notebook::default();
    let opened = opened(state, &notebook, clock::now_ms);
    let mut found = BTreeSet::new();
    let mut fold = Fold::default();
    for (sequence, event) in opened.tail(0).unwrap() {
        fold.apply(sequence, &event);
        assert!(found.insert(event.id.parse().unwrap()), "{} is there twice", event.id);
    }
    let lost: Vec<_> = durable.difference(&found).collect();
    assert!(lost.is_empty(), "acknowledged, but not in the journal: {lost:?}");
    assert_eq!(Fold::recover(&opened), fold, "snapshot and tail equal the fold of everything");
    assert_eq!(opened.last_sequence(), fold.last);
    assert!(notebook.bad_rows.lock().unwrap().is_empty());
    assert_eq!(*notebook.bad_snapshots.lock().unwrap(), 0);
}

#[test]
fn killed_at_random_moments_it_loses_nothing_acknowledged() {
    let state = tempfile::tempdir().unwrap();
    let mut random = StdRng::seed_from_u64(9);
    let mut durable = BTreeSet::new();
    for kill in 1..=KILLS {
        let mut victim = start_victim(this_binary("kill9::victim"), state.path(), kill * IDS_MAX);
        let enough = durable.len() + random.random_range(0..120);
        while durable.len() <= enough {
            let line = victim.line().expect("the victim lives until it is killed");
            durable.extend(durable_id(&line));
        }
        durable.extend(victim.kill().iter().filter_map(|line| durable_id(line)));
        // The victim itself checks the tail after its snapshot; everything is read now and then.
        if kill % 20 == 0 {
            check(state.path(), &durable);
        }
    }
    check(state.path(), &durable);
}

/// The size that the process's files may grow to; the system refuses every write beyond it, to
/// any user.
fn limit_file_size(victim: &Watched, bytes: &str) {
    let pid = format!("--pid={}", victim.id());
    let limit = format!("--fsize={bytes}:unlimited");
    let set = Command::new("prlimit").args([pid, limit]).status().expect("prlimit (util-linux)");
    assert!(set.success());
}

#[test]
fn with_a_full_disk_it_refuses_says_so_and_recovers_by_itself() {
    let state = tempfile::tempdir().unwrap();
    // Without the signal a write beyond the limit fails as on a full disk.
    let binary = this_binary("kill9::victim");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
    command.arg(binary.get_program()).args(binary.get_args());
    let mut victim = start_victim(command, state.path(), 1);
    let mut durable = BTreeSet::new();
    for outage in 1..=3 {
        let enough = durable.len() + 50;
        while durable.len() < enough {
            durable.extend(durable_id(&victim.line().expect("appends go on")));
        }
        limit_file_size(&victim, "1");
        let refusal = (0..LINES_MAX)
            .find_map(|_| {
                let line = victim.line().expect("the victim lives on");
                durable.extend(durable_id(&line));
                line.starts_with("refused").then_some(line)
            })
            .expect("a refusal comes");
        assert!(refusal.contains("writable=false"), "outage {outage}: {refusal}");
        assert!(refusal.contains(".sqlite"), "names the file: {refusal}");
        limit_file_size(&victim, "unlimited");
        while victim.line().expect("it recovers") != "ready" {}
    }
    let enough = durable.len() + 50;
    while durable.len() < enough {
        durable.extend(durable_id(&victim.line().expect("appends go on")));
    }
    durable.extend(victim.kill().iter().filter_map(|line| durable_id(line)));
    check(state.path(), &durable);
}
