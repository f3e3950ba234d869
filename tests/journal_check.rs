//! A journal with a bad page or without its newest events: what is whole is read, what is lost is
//! said by its numbers, by the server, by `tablica journal check` and by `repair`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tablica::clock;

use crate::support::damage::{beside, newest_day_file, set_aside_in, spoil_rows_in_the_middle};
use crate::support::journal::{Notebook, Running, ids, opened};
use crate::support::server::{Server, Site, tablica, telegram_message};
use crate::support::wait::until;

const EVENTS: u64 = 120;
const TODAY: &str = "channel=telegram&window=today";

/// A stopped journal with a commit for each event.
async fn journal_of(state: &Path, events: u64) {
    let mut running = Running::start(opened(state, &Notebook::default(), clock::now_ms));
    for number in 1..=events {
        // Text that does not compress: several pages of rows.
        let id: String = (0..40).map(|part| format!("{:x}-", number * 7919 * (part + 3))).collect();
        running.append([id.as_str()]).await;
    }
    running.committed.close();
    running.thread.stop().await;
}

fn sequences(state: &Path, notebook: &Notebook) -> Vec<u64> {
    ids(&opened(state, notebook, clock::now_ms), 0).into_iter().map(|(at, _)| at).collect()
}

fn journal(state: &Path, arguments: &[&str]) -> Output {
    let mut command = tablica();
    command.arg("journal").args(arguments).arg("--state-dir").arg(state);
    command.output().expect("tablica runs")
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{out}{err}")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)))
}

/// Every number of the lost ranges of a check as JSON.
fn lost(check: &Value) -> Vec<u64> {
    let ranges = check["lost"].as_array().expect("a list").iter();
    ranges
        .flat_map(|range| {
            let [first, last] = ["first", "last"].map(|key| range[key].as_u64().expect("a number"));
            first..=last
        })
        .collect()
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.display().to_string(), fs::read(path).expect("readable")))
        .collect()
}

#[tokio::test]
async fn one_bad_page_costs_its_own_events_and_repair_keeps_all_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path();
    journal_of(state, EVENTS).await;
    spoil_rows_in_the_middle(&newest_day_file(state), "batches");

    let before = bytes(&state.join("journal"));
    let check = journal(state, &["check", "--format", "json"]);
    assert_eq!(check.status.code(), Some(1), "{}", said(&check));
    assert_eq!(bytes(&state.join("journal")), before, "a check changes nothing");
    let check = json(&check);
    let missing = lost(&check);
    assert!((1..EVENTS / 4).contains(&(missing.len() as u64)), "a page's worth: {missing:?}");
    assert!(missing[0] > 1 && missing[missing.len() - 1] < EVENTS, "in the middle: {missing:?}");
    let found: Vec<u64> = (1..=EVENTS).filter(|at| !missing.contains(at)).collect();
    assert_eq!(check["events"], found.len());
    assert_eq!(check["lost_events"], missing.len());

    // In words: which numbers, how many, and what to do.
    let told = said(&journal(state, &["check"]));
    let range = format!("{} to {}", missing[0], missing[missing.len() - 1]);
    for words in [&range, &format!("{} of {EVENTS} events", missing.len()), "journal repair"] {
        assert!(told.contains(words), "{words}: {told}");
    }

    let repair = journal(state, &["repair"]);
    assert_eq!(repair.status.code(), Some(0), "{}", said(&repair));
    assert!(said(&repair).contains(&range), "{}", said(&repair));
    assert_eq!(set_aside_in(&state.join("journal")).len(), 1, "the damaged file is kept");
    let check = journal(state, &["check", "--format", "json"]);
    assert_eq!(check.status.code(), Some(0), "nothing new is wrong: {}", said(&check));
    assert_eq!(lost(&json(&check)), missing, "what is lost stays known");
    let again = journal(state, &["repair"]);
    assert!(said(&again).contains("nothing to repair"), "{}", said(&again));
    let notebook = Notebook::default();
    assert_eq!(sequences(state, &notebook), found);
    assert!(notebook.bad_rows.lock().unwrap().is_empty(), "it is known already");
}

#[tokio::test]
async fn a_server_reads_on_behind_a_bad_page_counts_what_is_missing_and_takes_events() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path();
    journal_of(state, EVENTS).await;
    spoil_rows_in_the_middle(&newest_day_file(state), "batches");
    let missing = lost(&json(&journal(state, &["check", "--format", "json"])));
    let found: Vec<u64> = (1..=EVENTS).filter(|at| !missing.contains(at)).collect();

    let notebook = Notebook::default();
    assert_eq!(sequences(state, &notebook), found);
    let told = notebook.bad_rows.lock().unwrap().clone();
    let counted: u64 = told.iter().map(|row| u64::from(row.count)).sum();
    assert_eq!(counted, missing.len() as u64, "{told:?}");
    assert_eq!(told[0].first, missing[0]);
    let beside: Vec<u64> = tablica::journal::read(state)
        .expect("a journal")
        .events()
        .filter_map(|event| event.ok().map(|(at, _)| at))
        .collect();
    assert_eq!(beside, found, "who reads beside a server finds the same");

    let running = Running::start(opened(state, &Notebook::default(), clock::now_ms));
    running.append(["later", "latest"]).await;
    running.thread.stop().await;
    let all: Vec<u64> = found.into_iter().chain([EVENTS + 1, EVENTS + 2]).collect();
    assert_eq!(sequences(state, &Notebook::default()), all);
}

async fn killed_with_events(site: &Site, events: u64) {
    let server = site.start().await;
    for id in 1..=events {
        let answer = server.telegram(&telegram_message(id, id, "hello")).await;
        assert!(answer.expect("an answer").status().is_success());
    }
    server.kill();
}

/// How a write-ahead log loses its end.
type Cut = (&'static str, fn(&Path));

const CUTS: [Cut; 3] = [
    ("deleted", |wal| fs::remove_file(wal).expect("it was there")),
    ("emptied", |wal| drop(File::create(wal).expect("emptied"))),
    ("cut in half", |wal| {
        let file = File::options().write(true).open(wal).expect("it opens");
        file.set_len(file.metadata().expect("a length").len() / 2).expect("cut");
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_write_ahead_log_that_was_cut_is_noticed_and_what_it_held_is_said() {
    let new = Site::new("");
    // Compiles the plugins once for all of them.
    assert!(new.start().await.stop().success());
    for (how, cut) in CUTS {
        let site = new.copy();
        killed_with_events(&site, 9).await;
        let state = site.path("state");
        cut(&beside(&newest_day_file(&state), "-wal"));
        let check = journal(&state, &["check", "--format", "json"]);
        assert_eq!(check.status.code(), Some(1), "{how}: {}", said(&check));
        let missing = lost(&json(&check));
        let last = *missing.last().expect("some are lost");
        assert!(missing.len() >= 2, "{how}: {missing:?}");

        let server = site.start().await;
        let range = format!("{}..{last}", missing[0]);
        until(&format!("{how}: the log says {range}: {}", server.output()), || {
            server.output().lines().any(|line| line.contains(&range) && line.contains("ERROR"))
        });
        server.counts("tablica_journal_events_missing_total", missing.len() as u64).await;
        let answer = server.telegram(&telegram_message(100, 100, "hello")).await;
        assert!(answer.expect("an answer").status().is_success());
        server.kill();
        // The numbers of what is lost are not given out again, and it is said once.
        let server = site.start().await;
        server.counts("tablica_journal_events_missing_total", 0).await;
        assert!(server.stop().success());
        let check = journal(&state, &["check", "--format", "json"]);
        assert_eq!(check.status.code(), Some(0), "{how}: {}", said(&check));
        assert_eq!(lost(&json(&check)), missing, "{how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_beside_a_server_finds_it_whole_and_a_repair_is_refused() {
    let site = Site::new("");
    let server = site.start().await;
    for id in 1..=5 {
        server.telegram(&telegram_message(id, id, "hello")).await.expect("an answer");
    }
    let state = site.path("state");
    let check = journal(&state, &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", said(&check));
    assert!(said(&check).contains("whole"), "{}", said(&check));
    let repair = journal(&state, &["repair"]);
    assert_eq!(repair.status.code(), Some(2), "{}", said(&repair));
    assert!(said(&repair).contains("stop"), "says what to do: {}", said(&repair));
    is_well(&server).await;
    assert!(server.stop().success());
    assert_eq!(journal(&state, &["check"]).status.code(), Some(0));
    assert!(site.command(&["journal", "check"]).status.success(), "by the config as well");
}

async fn is_well(server: &Server) {
    server.settles("offered", TODAY, 5.0).await;
}

#[test]
fn without_a_journal_there_is_nothing_to_check_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    for action in ["check", "repair"] {
        let output = journal(&folder.path().join("nowhere"), &[action]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("nowhere"), "{}", said(&output));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
}
