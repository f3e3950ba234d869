//! `cargo xtask`: everything that is done to the project, the same for developers and for CI.
//!
//! Each task sets up what it needs by itself. Nothing here is part of the product.

mod checks;
mod count;
mod demo;
mod failures;
mod fuzz;
mod grafana;
mod kit;
mod pages;
mod pictures;
mod place;
mod plugins;
mod processes;
mod server;
mod setup;
mod site;
mod step;
mod tools;
mod torture;
mod torture_documents;
mod torture_heap;
mod torture_kills;
mod torture_simulation;
mod torture_soak;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::place::Place;
use crate::step::Steps;

/// Build, run and test Tablica.
///
/// Build products are kept in ~/.cache/tablica (or the folder that TABLICA_CACHE names), so
/// that a second run is fast. What a task needs it installs by itself where it can: the wasm
/// target, and on Debian the packages that tests use.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    /// Show what the tools print, not just how long they take
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Start a server with a made-up contact center, and open its wall in a browser
    Demo(demo::DemoArgs),
    /// Run everything that must pass: lints, documentation, all tests
    Test(checks::TestArgs),
    /// Leave a complete server in target/release/tablica
    Build,
    /// Build the channel plugins into plugins/dist
    Plugins,
    /// Build the wall's front end into dashboards/app/dist
    Ui,
    /// Take pictures of every board that ships, in each state and size: dashboards/pictures
    Pictures(pictures::PicturesArgs),
    /// Take pictures of every dashboard of Grafana with a made-up center's figures: grafana/pictures
    GrafanaPictures(grafana::GrafanaPicturesArgs),
    /// Measure: cost per event, decoding, memory per screen, fan-out; prints a table
    Bench(BenchArgs),
    /// Look for what shows only after a long time: kills by the thousand, hours of load
    Torture(torture::TortureArgs),
    /// Throw made-up bytes at everything that reads bytes of others: targets, minutes, findings
    Fuzz(fuzz::FuzzArgs),
    /// Check format, clippy, documentation and dependencies, without running tests
    Lint,
}

#[derive(clap::Args)]
struct BenchArgs {
    /// Passed on to the benchmark
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = Place::find().and_then(|place| {
        let mut steps = Steps::new(&place, cli.verbose)?;
        run(cli.task, &place, &mut steps)
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task, place: &Place, steps: &mut Steps) -> anyhow::Result<ExitCode> {
    match task {
        Task::Demo(args) => return demo::run(&args, place, steps),
        Task::Test(args) => return checks::test(&args, place, steps),
        Task::Fuzz(args) => return fuzz::run(&args, place, steps),
        Task::Lint => return checks::lint(place, steps),
        Task::Build => {
            let binary = server::build(place, steps)?;
            println!("{} is complete and runs from any folder", binary.display());
        }
        Task::Plugins => plugins::build(place, steps)?,
        Task::Pictures(args) => pictures::run(&args, place, steps)?,
        Task::GrafanaPictures(args) => grafana::pictures(&args, place, steps)?,
        Task::Ui => pages::build(place, steps)?,
        Task::Torture(args) => torture::run(&args, place, steps)?,
        Task::Bench(args) => server::bench(place, steps, &args.rest)?,
    }
    Ok(ExitCode::SUCCESS)
}
