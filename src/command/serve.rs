//! `tablica serve`: the server.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use crate::app::{self, Listeners, Start, StartingDoors, StopSignal};
use crate::config::{self, Config};
use crate::telemetry::logs;

/// How long a stop waits for a file that does not answer, as on a network that hangs.
const WAITS_FOR_FILES: Duration = Duration::from_secs(1);

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
    app::in_small_pages();
    let runtime = super::runtime()?;
    let served = runtime.block_on(serve(config));
    // Everything that must be on disk is: what still waits for a file waits for somebody else's.
    runtime.shutdown_timeout(WAITS_FOR_FILES);
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let stop = StopSignal::listen()?;
    let listeners = Listeners::bind(&config.server)?;
    let addresses = addresses(&config, &listeners)?;
    let admin = listeners.admin.local_addr()?;
    let start = Arc::new(Start::default());
    let starting = StartingDoors::open(&config, &listeners, &start)?;
    let app = app::build(config, listeners, &start).await?;
    starting.close().await?;
    let mut out = io::stdout();
    if let Some(path) = app.set_up_path().await? {
        // To the terminal alone: it opens everything, once.
        writeln!(out, "Nobody is an admin yet. Open within an hour, once:")?;
        writeln!(out, "  set-up    http://{admin}{}", *path)?;
    }
    out.write_all(addresses.as_bytes())?;
    out.flush()?;
    let reloads = app.reloads();
    app.run(stop.wait(Some(reloads))).await
}

/// Says where everything is. Scripts read these lines.
fn addresses(config: &Config, listeners: &Listeners) -> io::Result<String> {
    let state_dir = config.server.state_dir.display();
    let (public, admin) = (listeners.public.local_addr()?, listeners.admin.local_addr()?);
    Ok(format!(
        "Tablica {}, state in {state_dir}
  walls     http://{public}/wall/floor
  api       http://{public}/api/v1/kpis
  webhooks  http://{public}/in/{{channel}}
  metrics   http://{admin}/metrics
",
        env!("CARGO_PKG_VERSION")
    ))
}
