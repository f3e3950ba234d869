//! `cargo xtask test` and `lint`: everything that must pass, and the total in one line.

use std::process::ExitCode;

use anyhow::Context;

use crate::count::{Counts, cargo_tests, node_tests};
use crate::place::Place;
use crate::step::{Finished, Steps};
use crate::tools::which;
use crate::{grafana, kit, pages, server, setup};

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
        let failed = self.counts.failed + self.failed_steps.len() as u64;
        println!("{} passed, {failed} failed", self.counts.passed);
        if failed == 0 && self.counts.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

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
    let mut command = place.cargo(&["test", "--workspace", SDK_WHOLE, "--no-fail-fast"]);
    if let Some(filter) = &args.filter {
        command.args(["--", filter]);
    }
    kit::tools(place, steps, &mut command)?;
    let finished = steps.attempt("cargo test", &mut command)?;
    report.count("cargo test", &finished, cargo_tests(&finished.text));
    Ok(report.close())
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
