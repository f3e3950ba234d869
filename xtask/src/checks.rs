//! `cargo xtask test` and `lint`: everything that must pass, and the total in one line.

use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::count::{Counts, cargo_tests, node_tests};
use crate::place::Place;
use crate::step::{Finished, Steps};
use crate::tools::which;
use crate::{failures, grafana, kit, pages, server, setup};

/// What tests can be told.
#[derive(clap::Args)]
pub(crate) struct TestArgs {
    /// Only Rust tests with this in their name, and no lints
    filter: Option<String>,
}

/// What has been checked so far.
#[derive(Default)]
struct Report {
    counts: Counts,
    failed_steps: Vec<String>,
    failed_tests: Vec<String>,
    unsteady_tests: Vec<String>,
}

impl Report {
    /// A check without tests of its own passes or fails as a whole.
    fn judge(&mut self, name: &str, finished: &Finished) {
        if !finished.status.success() {
            self.failed_steps.push(name.to_owned());
        }
    }

    /// A run of tests: they are counted, and a run that fails without a failed test (it did not
    /// compile, it crashed) is a failure too.
    fn count(&mut self, name: &str, finished: &Finished, counts: Counts) {
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        if !finished.status.success() && counts.failed == 0 {
            self.failed_steps.push(name.to_owned());
        }
    }

    /// The last line names the sums in the form that test runners are read by.
    fn close(self) -> ExitCode {
        if !self.failed_steps.is_empty() {
            println!("failed as a whole: {}", self.failed_steps.join(", "));
        }
        for name in &self.failed_tests {
            println!("failed: {name}");
        }
        for name in &self.unsteady_tests {
            println!("unsteady, to be mended: {name} failed beside the others and passed alone");
        }
        let failed = self.counts.failed + self.failed_steps.len() as u64;
        println!("{} passed, {failed} failed", self.counts.passed);
        if failed == 0 && self.counts.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// More failed tests than so are no disturbance and are not tried again.
const TRIED_AGAIN_MAX: usize = 8;

/// Authors choose what they need of the SDK; here all of it is tried.
const SDK_WHOLE: &str = "--features=tablica-plugin/all";

/// Everything that must pass. Goes on after a failure, so that one run shows all.
pub(crate) fn test(args: &TestArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<ExitCode> {
    setup::test_programs(steps, place)?;
    server::parts(place, steps)?;
    let mut report = Report::default();
    if args.filter.is_none() {
        let finished = pages::test(place, steps)?;
        report.count("front end tests", &finished, node_tests(&finished.text));
        let finished = grafana::test(place, steps)?;
        report.count("grafana tests", &finished, node_tests(&finished.text));
        all_lints(place, steps, &mut report)?;
    }
    let mut command = all_tests(place);
    if let Some(filter) = &args.filter {
        command.args(["--", filter]);
    }
    kit::tools(place, steps, &mut command)?;
    let finished = steps.attempt("cargo test", &mut command)?;
    report.count("cargo test", &finished, cargo_tests(&finished.text));
    again(&failures::names(&finished.text), place, steps, &mut report)?;
    Ok(report.close())
}

fn all_tests(place: &Place) -> Command {
    let mut command = place.cargo(&["test", "--workspace", SDK_WHOLE, "--no-fail-fast"]);
    // A failed test's message and place say what is wrong; thirty lines of the runtime bury them.
    command.env("RUST_BACKTRACE", "0");
    command
}

/// Runs the few tests that failed once more, alone. What passes then was disturbed by the machine or
/// by its neighbours: it is named as unsteady, which is a fault of the test to be mended, and no
/// fault of the change under test.
fn again(
    failed: &[&str],
    place: &Place,
    steps: &mut Steps,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.failed_tests = failed.iter().map(|&name| name.to_owned()).collect();
    if failed.is_empty() || failed.len() > TRIED_AGAIN_MAX {
        return Ok(());
    }
    let mut command = all_tests(place);
    command.args(["--", "--exact", "--test-threads=1"]).args(failed);
    kit::tools(place, steps, &mut command)?;
    let finished = steps.attempt("cargo test, what failed again", &mut command)?;
    let failed_again = failures::names(&finished.text);
    let passed = cargo_tests(&finished.text).passed;
    // What neither passed nor failed did not run, and stays failed.
    if passed + failed_again.len() as u64 != failed.len() as u64 {
        return Ok(());
    }
    report.counts.passed += passed;
    report.counts.failed -= passed;
    (report.failed_tests, report.unsteady_tests) = std::mem::take(&mut report.failed_tests)
        .into_iter()
        .partition(|name| failed_again.contains(&name.as_str()));
    Ok(())
}

/// The checks that run no test.
pub(crate) fn lint(place: &Place, steps: &mut Steps) -> anyhow::Result<ExitCode> {
    server::parts(place, steps).context("the server's embedded parts come first")?;
    let mut report = Report::default();
    all_lints(place, steps, &mut report)?;
    if report.failed_steps.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("failed: {}", report.failed_steps.join(", "));
    Ok(ExitCode::FAILURE)
}

fn all_lints(place: &Place, steps: &mut Steps, report: &mut Report) -> anyhow::Result<()> {
    let format = ["fmt", "--all", "--check"];
    let clippy = ["clippy", "--workspace", SDK_WHOLE, "--all-targets", "--", "--deny", "warnings"];
    for (name, arguments) in [("cargo fmt", &format[..]), ("cargo clippy", &clippy)] {
        report.judge(name, &steps.attempt(name, &mut place.cargo(arguments))?);
    }
    let mut doc =
        place.cargo(&["doc", "--workspace", SDK_WHOLE, "--no-deps", "--document-private-items"]);
    doc.env("RUSTDOCFLAGS", "--deny warnings");
    report.judge("cargo doc", &steps.attempt("cargo doc", &mut doc)?);

    if which("cargo-deny").is_none() {
        steps.skip("cargo deny", "skipped, cargo-deny is not installed");
        return Ok(());
    }
    // Advisories need a database from the network; what can be told without it is checked here.
    let mut deny = place.cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"]);
    report.judge("cargo deny", &steps.attempt("cargo deny", &mut deny)?);
    Ok(())
}
