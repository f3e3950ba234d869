//! `tablica replay`: folds a file of events and prints every KPI with its receipt.
//!
//! The events are the JSON lines of [`crate::event`], as `tablica plugin run` prints them; its
//! other lines (commands, replies, calls, failures) are passed over. The clock of the fold is the
//! events' own: the same file gives the same figures whenever it is replayed.

mod lines;
mod report;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::config::model::Config;
use crate::engine::{Engine, Rules};
use crate::event::UnixMs;
use crate::kpi::value::Window;
use lines::BadLines;
use report::Report;

/// Folds normalized events (JSON lines) and prints every KPI with its receipt at a given time.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// File of events, one JSON object a line; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub events: PathBuf,
    /// Config with thresholds, formulas and the site's zone; without it T is 20 s for calls and
    /// 15 min for written contacts, s is 5 s and the zone is UTC.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The moment: 2026-03-02T18:00:00Z, or without an offset in the site's zone. Events known
    /// only later are left out.
    #[arg(long, value_name = "TIME")]
    pub at: String,
    /// Window of the flow KPIs: 5m, 15m, 30m, 60m, today or all; may be repeated. States are
    /// always of the moment.
    #[arg(long, value_name = "WINDOW", default_values = ["today"], value_parser = window_ids)]
    pub window: Vec<String>,
    /// Print one JSON document instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The file of events can't be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Lines that are no events.
    #[error(transparent)]
    BadLines(#[from] BadLines),
    /// `--at` is no time.
    #[error(
        "--at {given}: not a time. Write 2026-03-02T18:00:00Z, or 2026-03-02T18:00:00 for the \
         site's zone ({zone})"
    )]
    BadTime {
        /// What was given.
        given: String,
        /// The site's zone.
        zone: String,
    },
    /// The output is closed.
    #[error("cannot write the result: {0}")]
    Unwritable(#[from] io::Error),
}

/// Runs the command: `config` is what `--config` names, loaded; the result goes to `out`.
pub fn run(args: &Args, config: Option<&Config>, out: &mut dyn Write) -> Result<(), ReplayError> {
    let rules = config.map_or_else(Rules::default, Rules::from);
    let at_ms = parse_time(&args.at, &rules.time_zone)?;
    let mut engine = Engine::new(rules);
    let left_out = fold_file(&mut engine, &args.events, at_ms)?;
    let report = Report { engine: &engine, at_ms, windows: windows(&args.window), left_out };
    if args.json {
        report.write_json(out)?
    } else {
        report.write_table(out)?
    }
    out.flush()?;
    Ok(())
}

/// Folds what was known by `at_ms`; says how many events were not.
fn fold_file(engine: &mut Engine, path: &Path, at_ms: UnixMs) -> Result<u64, ReplayError> {
    let name = path.display().to_string();
    let unreadable = |source| ReplayError::Unreadable { path: name.clone(), source };
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
    };
    let mut left_out = 0;
    let shown = if path == Path::new("-") { "standard input" } else { &name };
    lines::each_event(reader, shown, |event| {
        let known_ms = event.known_ms();
        if known_ms <= at_ms {
            // Takes the fold through all that becomes due before this event.
            engine.apply(event, known_ms);
        } else {
            left_out += 1;
        }
    })
    .map_err(|error| match error {
        lines::LinesError::Unreadable(source) => unreadable(source),
        lines::LinesError::Bad(bad) => bad.into(),
    })?;
    engine.tick(at_ms);
    Ok(left_out)
}

fn parse_time(given: &str, zone: &TimeZone) -> Result<UnixMs, ReplayError> {
    let with_offset = given.parse::<Timestamp>().ok();
    let in_zone = || {
        let local = given.parse::<DateTime>().ok()?;
        zone.to_ambiguous_timestamp(local).compatible().ok()
    };
    with_offset.or_else(in_zone).map(Timestamp::as_millisecond).ok_or_else(|| {
        let zone = zone.iana_name().unwrap_or("a fixed offset").to_owned();
        ReplayError::BadTime { given: given.to_owned(), zone }
    })
}

fn window_ids(id: &str) -> Result<String, String> {
    if id == "all" || Window::from_id(id).is_some_and(|window| window != Window::Now) {
        return Ok(id.to_owned());
    }
    Err("one of 5m, 15m, 30m, 60m, today, all".to_owned())
}

/// The windows asked for, each once, shortest first.
fn windows(ids: &[String]) -> Vec<Window> {
    let asked = |window: &Window| ids.iter().any(|id| id == "all" || id == window.id());
    Window::ALL.into_iter().filter(|window| *window != Window::Now).filter(asked).collect()
}

#[cfg(test)]
mod tests;
