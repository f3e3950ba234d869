//! Damaged files beside the journal, and those who only read them: what is whole is shown, what is
//! not is said. And nothing stays beside a file that was never opened for writing.

use std::fs;
use std::path::Path;

use crate::support::damage::spoil_table;
use crate::support::server::{Site, append, unix_seconds};

const CALLS: i64 = 40;

/// A morning's calls, counted and kept; then a stop.
async fn a_morning(site: &Site) {
    let server = site.start().await;
    let mut lines = String::new();
    for call in 0..CALLS {
        let at = unix_seconds() - 1200 + call;
        lines += &format!("{at}|c-{call}|sales|NONE|ENTERQUEUE||600100200|1\n");
        lines += &format!("{}|c-{call}|sales|Agent/7|CONNECT|5|leg-{call}|3\n", at + 5);
    }
    append(&site.queue_log(), &lines);
    server.settles("answered", "queue=sales&window=today", CALLS as f64).await;
    assert!(server.stop().success());
}

/// The site's day that holds the calls: it began an hour ago, maybe yesterday.
fn day_of_the_morning() -> String {
    let utc = |seconds| {
        let at = jiff::Timestamp::from_second(seconds).unwrap();
        at.to_zoned(jiff::tz::TimeZone::UTC)
    };
    let (called, began) = (utc(unix_seconds() - 1200), utc(unix_seconds() - 3600));
    let date = called.date();
    let day = if called.hour() < began.hour() { date.yesterday().unwrap() } else { date };
    day.to_string()
}

/// How the file may be damaged: as a whole, or in the middle.
const DAMAGES: [fn(&Path); 2] = [
    |file| fs::write(file, "no database".repeat(1000)).unwrap(),
    |file| spoil_table(file, "rollup"),
];

/// What a command prints, and what it says beside.
fn told(site: &Site, arguments: &[&str]) -> (String, String) {
    let output = site.command(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (printed, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {said}");
    (printed, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_and_a_replay_go_on_without_damaged_roll_ups_and_say_so() {
    let whole = Site::new("");
    a_morning(&whole).await;
    let date = day_of_the_morning();
    let report = ["report", "daily", "--date", &date, "--format", "csv"];
    let (wanted, said) = told(&whole, &report);
    assert_eq!(said, "");
    assert!(wanted.contains("sales"), "{wanted}");
    for damage in DAMAGES {
        let site = whole.copy();
        damage(&site.path("state/rollups.sqlite"));
        let (printed, said) = told(&site, &report);
        assert!(said.contains("roll-ups") && said.contains("counted from the journal"), "{said}");
        assert_eq!(printed, wanted, "the journal knows as much of today");
        let now = jiff::Timestamp::now().to_string();
        let replay = ["replay", "--at", &now, "--kpi", "answered", "--format", "csv"];
        let (printed, _) = told(&site, &replay);
        assert!(printed.contains(&CALLS.to_string()), "{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_goes_on_without_damaged_annotations_and_says_so() {
    let site = Site::new("");
    a_morning(&site).await;
    fs::write(site.path("state/annotations.sqlite"), "no database".repeat(1000)).unwrap();
    let (_, said) = told(&site, &["report", "weekly", "--date", &day_of_the_morning()]);
    assert!(said.contains("without annotations"), "{said}");
}

/// What SQLite keeps beside files in use, anywhere in a folder.
fn companions(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(companions(&path));
        } else if path.to_string_lossy().ends_with("-wal")
            || path.to_string_lossy().ends_with("-shm")
        {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_start_without_room_nothing_stays_beside_the_files() {
    let site = Site::new("");
    a_morning(&site).await;
    let nothing: [&str; 0] = [];
    assert_eq!(companions(&site.path("state")), nothing);
    for has_room_again in [false, true] {
        let server = site.start_without_room();
        server.settles("answered", "queue=sales&window=today", CALLS as f64).await;
        if has_room_again {
            server.limit_file_size("unlimited");
        }
        assert!(server.stop().success());
        assert_eq!(companions(&site.path("state")), nothing, "room again: {has_room_again}");
    }
}
