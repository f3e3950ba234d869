//! The journal and the engine on a simulated disk, as databases are tested: thousands of days of a
//! small contact center in which the process is killed, the power is cut and the disk refuses, each
//! day drawn from one number.
//!
//! | file | what is in it |
//! |---|---|
//! | `fate` | the plan of what fails when; how much is left after a power cut |
//! | `disk` | real files, and beside them what of them a power cut would leave |
//! | `vfs` | SQLite's way to that disk; the only `unsafe` of the library |
//! | `sources` | networks that deliver at least once, again, and out of order |
//! | `server` | journal, engine and kept states as the server has them, driven by hand |
//! | `oracle` | what was acknowledged, and whether it is there |
//! | `truth` | what the files hold, read without the journal's code |
//! | `knowledge` | the engine against the pure fold, and against a day without faults |
//! | `run` | one run |
//! | `report` | the table |
//! | `cases` | what runs have found, each as a scenario of its own |
//!
//! It stands in the library because it drives the journal's writer step by step and puts its disk
//! behind `files::point`: neither is in the product, nor a feature of it.

mod cases;
mod disk;
mod fate;
mod knowledge;
mod oracle;
mod real_files;
mod report;
mod run;
mod server;
mod sources;
mod truth;
mod vfs;

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use report::Report;
use run::Tally;

use crate::clock;

/// Runs of each test of everything: about two minutes. More than that is `cargo xtask torture`.
const RUNS: u64 = 1000;
/// What fails once fails often: no more is looked for.
const FINDINGS_MAX: usize = 20;
/// How often a torture says how far it is.
const SAY_EVERY: Duration = Duration::from_secs(60);

/// Runs seeds from this one on, as long as `goes_on` says so of the number of runs begun.
fn torture(first_seed: u64, goes_on: impl Fn(u64, &Report) -> bool + Sync) -> Report {
    vfs::register();
    let (begun, report) = (AtomicU64::new(0), Mutex::new(Report::default()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().build();
                let runtime = runtime.expect("a runtime");
                let _within = runtime.enter();
                loop {
                    let number = begun.fetch_add(1, Ordering::Relaxed);
                    let goes_on = {
                        let report = report.lock().unwrap_or_else(PoisonError::into_inner);
                        report.findings.len() < FINDINGS_MAX && goes_on(number, &report)
                    };
                    if !goes_on {
                        break;
                    }
                    let seed = first_seed.wrapping_add(number);
                    let outcome = one(seed);
                    report.lock().unwrap_or_else(PoisonError::into_inner).add(seed, outcome);
                }
            });
        }
    });
    report.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// One run in a folder of its own.
fn one(seed: u64) -> Result<Tally, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    run::run(seed, folder.path())
}

#[test]
fn kills_power_cuts_and_refusing_disks_lose_nothing_and_count_nothing_twice() {
    let report = torture(1, |number, _| number < RUNS);
    println!("{report}");
    assert!(report.findings.is_empty(), "\n{report}");
    let Tally { kills, power_cuts, refused_appends, failed_starts, .. } = report.sum;
    assert!(kills > RUNS && power_cuts > RUNS, "\n{report}");
    assert!(refused_appends > RUNS && failed_starts > RUNS / 10, "\n{report}");
}

#[test]
fn a_seed_is_always_the_same_run() {
    vfs::register();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let _within = runtime.enter();
    for seed in 1..6 {
        assert_eq!(one(seed), one(seed), "seed {seed}");
    }
}

/// `cargo xtask torture`: as many hours as it says, from a seed on.
#[test]
#[ignore = "it runs for hours, when it is told to"]
fn without_end() {
    let number = |name| env::var(name).ok().and_then(|it| it.parse::<f64>().ok());
    let hours = number("TABLICA_TORTURE_HOURS").unwrap_or(0.0);
    let seed = env::var("TABLICA_TORTURE_SEED").ok().and_then(|it| it.parse().ok());
    let (begun, length) = (clock::monotonic(), Duration::from_secs_f64(hours.max(0.0) * 3600.0));
    let said = Mutex::new(begun);
    let report = torture(seed.unwrap_or(1), |number, report| {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.elapsed() >= SAY_EVERY {
            *said = clock::monotonic();
            println!("{:>6} min: {}", begun.elapsed().as_secs() / 60, report.progress());
        }
        // At least the one run.
        number == 0 || begun.elapsed() < length
    });
    println!("\n{report}");
    assert!(report.findings.is_empty(), "something was found: see above");
}
