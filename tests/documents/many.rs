//! A folder with many files: each is given once, also after a restart, and one of many costs what one of few
//! does. A few thousand are a scenario; a hundred thousand are `cargo xtask torture --part documents`.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use super::{OFFERED, desk, parts_given};
use crate::support::process::{processor, resident_bytes};
use crate::support::server::{Server, Site};
use crate::support::wait::pass;

/// How it is told how many: see `cargo xtask torture --help`.
const FILES: &str = "TABLICA_TORTURE_FILES";
/// How often a server is asked how far it is: what it answers costs, too.
const ASKED_EVERY: Duration = Duration::from_millis(250);
/// A server that gives nothing for so long has stopped.
const STANDS_STILL: Duration = Duration::from_secs(60);
/// How much more of a processor one of many may take than one of few.
const DEARER_MAX: f64 = 1.5;
/// So much memory may remain of each: its contact, its event's id, and a few bytes of the file itself.
const FILE_BYTES_MAX: f64 = 2048.0;

/// A site whose folder is empty, and so many files for it: they come all at once when theirs takes its place.
fn full_desk(files: u64) -> Site {
    let site = desk("folder = \"drop\"");
    fs::create_dir(site.path("drop")).unwrap();
    let folder = site.path("later");
    fs::create_dir(&folder).unwrap();
    let begun = SystemTime::now() - Duration::from_secs(1_000_000);
    for number in 0..files {
        let file = File::create(folder.join(format!("{number}.csv"))).unwrap();
        // In another order than that of their names.
        let place = number * 7919 % files;
        file.set_modified(begun + Duration::from_millis(place)).unwrap();
    }
    site
}

/// Waits until a server has given so many documents.
async fn given(server: &Server, files: u64) {
    let (mut last, mut patience) = (0, STANDS_STILL);
    loop {
        let now = parts_given(server).await;
        if now >= files {
            return;
        }
        patience = if now > last { STANDS_STILL } else { patience.saturating_sub(ASKED_EVERY) };
        assert!(!patience.is_zero(), "it stands still at {now} of {files}");
        last = now;
        pass(ASKED_EVERY).await;
    }
}

/// What each of so many files took.
struct Cost {
    files: u64,
    processor: Duration,
    memory_bytes: f64,
    elapsed: Duration,
    /// Of a start that finds all of them given.
    again: Duration,
}

impl Cost {
    /// Gives them, starts anew, and adds one.
    async fn of(files: u64) -> Self {
        let site = full_desk(files);
        let server = site.start().await;
        let begun =
            (processor(server.pid()), resident_bytes(server.pid()), tablica::clock::monotonic());
        fs::rename(site.path("later"), site.path("drop")).unwrap();
        given(&server, files).await;
        server.settles("offered", OFFERED, files as f64).await;
        let each = |all: Duration| all.div_f64(files as f64);
        let elapsed = each(begun.2.elapsed());
        let processor = each(processor(server.pid()) - begun.0);
        let grown = resident_bytes(server.pid()).saturating_sub(begun.1);
        assert_eq!(parts_given(&server).await, files, "each once");
        server.kill();

        let begun = tablica::clock::monotonic();
        let server = site.start().await;
        fs::write(site.path("drop/.new"), "new").unwrap();
        fs::rename(site.path("drop/.new"), site.path("drop/new.csv")).unwrap();
        given(&server, 1).await;
        let again = begun.elapsed();
        server.settles("offered", OFFERED, files as f64 + 1.0).await;
        assert_eq!(parts_given(&server).await, 1, "only the new one");
        server.counts("tablica_quarantine_entries", 0).await;
        server.counts("tablica_documents_passed_over_total", 0).await;
        assert!(server.stop().success());
        Self { files, processor, memory_bytes: grown as f64 / files as f64, elapsed, again }
    }

    fn print(&self) {
        println!(
            "{:>7} files: {:>6.0} µs of a processor, {:>5.0} bytes and {:>6.0} µs each; \
             a start with all of them given takes {:.1} s",
            self.files,
            self.processor.as_secs_f64() * 1e6,
            self.memory_bytes,
            self.elapsed.as_secs_f64() * 1e6,
            self.again.as_secs_f64(),
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_among_many_files_it_gives_each_of_them_once() {
    let files = 1500;
    let site = full_desk(files);
    fs::rename(site.path("later"), site.path("drop")).unwrap();
    let mut all = 0;
    for after in [1, 400, 500] {
        let server = site.start().await;
        given(&server, after).await;
        all += parts_given(&server).await;
        server.kill();
    }
    let server = site.start().await;
    server.settles("offered", OFFERED, files as f64).await;
    all += parts_given(&server).await;
    // What was given after the last question before a kill is not in the sum.
    assert!(all <= files + 3, "{all}: no more than one is given again after each kill");
    server.counts("tablica_quarantine_entries", 0).await;
    assert!(server.stop().success());
}

/// `cargo xtask torture --part documents`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes"]
async fn as_many_as_one_likes() {
    let files = std::env::var(FILES).map_or(100_000, |files| files.parse().unwrap());
    let few = Cost::of(files / 10).await;
    few.print();
    let many = Cost::of(files).await;
    many.print();
    let dearer = many.processor.as_secs_f64() / few.processor.as_secs_f64();
    assert!(dearer < DEARER_MAX, "one of many takes {dearer:.2} times as much of a processor");
    assert!(many.memory_bytes < FILE_BYTES_MAX, "{} bytes remain of each", many.memory_bytes);
}
