//! What runs have found, each as a scenario of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, Mounted};
use super::fate::{Cut, Plan};
use super::knowledge::{fold, same_figures};
use super::server::{Answer, Server, now_ms, set_time};
use super::{truth, vfs};
use crate::engine::tests::script::{START_MS, Script};
use crate::event::Event;
use crate::files;
use crate::journal::{self, IdBatch, SeenIds};
use crate::scope::Window;

const CHANNEL: &str = "phone";

/// A server's state folder on a simulated disk.
struct Machine {
    folder: tempfile::TempDir,
    disk: Arc<Disk>,
    _mounted: Mounted,
}

impl Machine {
    fn new() -> Machine {
        vfs::register();
        set_time(START_MS + 60_000);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("state")).expect("made");
        let (disk, mounted) = Disk::mount(&folder.path().join("state"), 1);
        Machine { folder, disk, _mounted: mounted }
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// The server, and where its channel's file stands.
    fn start(&self) -> (Server, usize) {
        let (server, positions) =
            Server::start(&self.state(), 64, &[CHANNEL.to_owned()]).expect("it starts");
        (server, positions[0])
    }

    /// Ids of the events that the files hold.
    fn journal(&self) -> Vec<String> {
        let events = truth::read(&self.state(), &self.folder.path().join("scratch"));
        events.expect("every number once").into_iter().map(|event| event.id).collect()
    }
}

/// One event on its way to the disk; whether it was acknowledged.
fn append(server: &mut Server, event: Event, position: Option<usize>) -> bool {
    let answer = server.append(CHANNEL, vec![event], position).expect("there is room");
    assert!(server.commit());
    is_acknowledged(answer)
}

/// Three calls that come in.
fn calls() -> Vec<Event> {
    let mut script = Script::on(CHANNEL);
    for second in 1..4u8 {
        script.contact(&format!("call {second}"), "sales").queued(f64::from(second));
    }
    script.events
}

fn is_acknowledged(mut answer: Answer) -> bool {
    answer.try_recv().expect("it was answered").is_ok()
}

fn within_a_runtime(scenario: impl FnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let _within = runtime.enter();
    scenario();
}

#[test]
fn a_commit_that_could_not_be_synced_does_not_meet_the_next_one_under_its_numbers() {
    within_a_runtime(|| {
        let machine = Machine::new();
        let (mut server, _) = machine.start();
        let [first, refused, next] = <[Event; 3]>::try_from(calls()).expect("three");
        assert!(append(&mut server, first, Some(1)));
        machine.disk.begin(Plan::no_sync());
        assert!(!append(&mut server, refused, Some(2)), "it is not on disk");
        machine.disk.begin(Plan::default());
        assert!(append(&mut server, next, None));
        drop(server);

        assert_eq!(machine.journal(), ["1", "3"]);
        let (server, position) = machine.start();
        assert_eq!((server.sequence, position), (2, 1), "the refused one is read again");
    });
}

#[test]
fn what_follows_a_first_commit_that_could_not_be_synced_survives_a_power_cut() {
    within_a_runtime(|| {
        let machine = Machine::new();
        let (mut server, _) = machine.start();
        let [refused, next, _] = <[Event; 3]>::try_from(calls()).expect("three");
        machine.disk.begin(Plan::no_sync());
        assert!(!append(&mut server, refused, None), "it is not on disk");
        machine.disk.begin(Plan::default());
        assert!(append(&mut server, next, None));
        machine.disk.lock().fate.die();
        drop(server);
        machine.disk.lock().cut(Cut::Chance(0)).expect("cut");

        assert_eq!(machine.journal(), ["2"]);
    });
}

#[test]
fn what_is_kept_behind_a_log_with_a_hole_survives_a_power_cut() {
    let machine = Machine::new();
    let mut ids = SeenIds::open(&machine.state()).expect("a file");
    let mut keep = |number: u64| {
        let pieces = vec![number.to_le_bytes().to_vec()];
        ids.write(&[IdBatch { number, needed_from: 1, pieces }], None)
    };
    keep(1).expect("the disk takes it");
    machine.disk.begin(Plan::no_sync());
    keep(2).expect_err("it is not on disk");
    machine.disk.begin(Plan::default());
    keep(3).expect("the disk takes it again");
    machine.disk.lock().fate.die();
    drop(ids);
    machine.disk.lock().cut(Cut::Chance(0)).expect("cut");

    machine.disk.begin(Plan::default());
    let ids = SeenIds::open(&machine.state()).expect("a file");
    let mut kept = Vec::new();
    ids.load(1..=3, |piece| kept.extend_from_slice(&piece[..1])).expect("it can be read");
    assert!(kept.starts_with(&[1]) && kept.ends_with(&[3]), "{kept:?}");
}

#[test]
fn a_start_waits_for_a_disk_that_does_not_let_itself_be_read() {
    within_a_runtime(|| {
        let machine = Machine::new();
        let (mut server, _) = machine.start();
        let _waiting = server.append(CHANNEL, calls(), None).expect("there is room");
        assert!(server.commit());
        drop(server);
        let mut fold = fold(&calls());
        let mut starts = 0;
        for from in 0..40 {
            machine.disk.begin(Plan::unreadable(from..from + 60));
            let started = Server::start(&machine.state(), 64, &[CHANNEL.to_owned()]);
            // It may refuse to start; it must not start without what is in the journal.
            let Ok((mut server, _)) = started else { continue };
            starts += 1;
            server.engine.tick(now_ms());
            fold.tick(now_ms());
            for kpi in 0..5 {
                same_figures(&server.engine, &fold, &[Window::Today], kpi).expect("all of it");
            }
        }
        assert!(starts > 10, "{starts} starts");
    });
}

#[test]
fn a_clock_that_was_ahead_and_is_set_right_between_two_processes_is_noted() {
    within_a_runtime(|| {
        let machine = Machine::new();
        let [ahead, right, _] = <[Event; 3]>::try_from(calls()).expect("three");
        let right_ms = now_ms();
        let ahead_ms = right_ms + 40 * 86_400_000;
        for (at_ms, mut event) in [(ahead_ms, ahead), (right_ms, right)] {
            set_time(at_ms);
            event.received_ms = at_ms;
            let (mut server, _) = machine.start();
            assert!(append(&mut server, event, None));
        }
        let journal = journal::read(&machine.state()).expect("a journal");
        assert!(journal.right_times().spoil(1, ahead_ms), "a snapshot of the time that was none");
        assert!(!journal.right_times().spoil(2, right_ms));
    });
}

#[test]
fn folders_that_were_made_are_there_after_a_power_cut() {
    let machine = Machine::new();
    let folder = machine.state().join("a/b");
    files::create_private_folder(&folder).expect("made");
    let cut = || machine.disk.lock().cut(Cut::Chance(0)).expect("cut");
    cut();
    assert!(folder.is_dir());

    // What is not synced is not there: the disk can tell the difference.
    let note: &Path = &folder.join("note");
    files::write_over(note, b"not synced").expect("written");
    cut();
    assert!(!note.exists());
}
