//! `tablica serve`: the server.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::app;
use crate::config;
use crate::telemetry::logs;

/// Take in what the networks say, show it on walls, export it to Prometheus. Stops cleanly on
/// SIGINT and SIGTERM.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The config; without one the defaults hold and no channel is connected.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How log lines look: `text` or `json`. They go to standard error.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log_format: logs::Format,
    /// Which log lines there are, e.g. `info` or `warn,tablica::channel=debug`.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: String,
}

/// Runs until it is told to stop.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    logs::init(arguments.log_format, &arguments.log)?;
    let config = match config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(problems) => {
            eprintln!("{problems}");
            return Ok(ExitCode::FAILURE);
        }
    };
    super::runtime()?.block_on(app::serve(config, &mut std::io::stdout()))?;
    Ok(ExitCode::SUCCESS)
}
