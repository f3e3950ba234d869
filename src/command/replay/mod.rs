//! `tablica replay`: folds the events of any past span again and prints the KPIs, compares two
//! configs on them, or shows them as live boards.
//!
//! The events are the journal's (read beside a running server, see [`crate::journal::read`]), or
//! the JSON lines of a file as `tablica plugin run` prints them. The clock of the fold is the
//! events' own, and the fold begins with the first event there is: snapshots, which know the
//! server's clock, are not used. So the same span of the same journal gives the same bytes,
//! whenever and wherever it is replayed.
//!
//! | file | what is in it |
//! |---|---|
//! | `args` | the command line |
//! | `lines` | JSON lines → events, with what is wrong with a line |
//! | `source` | where events come from: the journal or a file |
//! | `progress` | how far a long fold is, for a person at a terminal |
//! | `span` | from when to when, in which steps |
//! | `fold` | engines that are taken from moment to moment |
//! | `select` | which numbers |
//! | `figures`, `csv` | numbers as lines of JSON, and for spreadsheets |
//! | `notes` | what is said beside the numbers |
//! | `moment` | `--at`: one moment, every number with its receipt |
//! | `steps` | `--from … --to …`: the numbers at each step |
//! | `diff`, `difference` | `--diff`: what another config would have said, and how that is told |
//! | `serve`, `pump` | `--serve`: the span as live boards |
//!
//! Nothing here writes to the state folder, and no metric is counted.

mod args;
mod csv;
mod diff;
mod difference;
mod figures;
mod fold;
mod lines;
mod moment;
mod notes;
mod progress;
mod pump;
mod select;
mod serve;
mod source;
mod span;
mod steps;

use std::io::{self, Write};
use std::path::Path;

use crate::config::{self, Environment, Problems};
use crate::journal;

pub use args::{Args, Detail, Format};
pub use lines::BadLines;
pub use select::SelectError;
pub use span::SpanError;

use fold::{Fold, Site};
use select::Selection;
use source::Source;
use span::{Span, Times};

/// Why nothing, or not everything, was printed.
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
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] journal::ReadError),
    /// A config has mistakes.
    #[error("{0}")]
    Config(Problems),
    /// Times that are none, or that the journal doesn't hold.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// Numbers that don't exist.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// The file of events has none.
    #[error("{path} holds no event: nothing can be counted")]
    NoEvents {
        /// The file.
        path: String,
    },
    /// Options that do not go together.
    #[error("--with is for --format jsonl: the other formats have all or none of it")]
    WithoutLines,
    /// The output is closed.
    #[error("cannot write the result: {0}")]
    Unwritable(#[from] io::Error),
}

/// Runs the command; the result goes to `out`.
pub fn run(args: &Args, environment: &Environment, out: &mut dyn Write) -> anyhow::Result<()> {
    let environment = Environment { skips_secrets: true, ..environment.clone() };
    let load = |path: Option<&Path>| config::load_with(path, &environment);
    let config = load(args.config.as_deref()).map_err(ReplayError::Config)?;
    let other = args.diff.as_deref().map(|path| load(Some(path))).transpose();
    let other = other.map_err(ReplayError::Config)?;
    let selection = Selection::of(args).map_err(ReplayError::Select)?;
    if !args.with.is_empty() && args.format() != Format::Jsonl {
        return Err(ReplayError::WithoutLines.into());
    }
    let source = Source::open(args.events.as_deref(), &config.server.state_dir)?;
    let site = Site::of(&config, &source);
    let zone = site.rules.time_zone.clone();
    let times = Times { zone: &zone, held: source.held() };

    if let Some(at) = &args.at {
        let at_ms = times.moment("--at", at).map_err(ReplayError::Span)?;
        let fold = Fold::new([site], source.events(), &selection);
        return Ok(moment::print(fold, at_ms, &selection, &args.look(), out)?);
    }
    let span = Span::of(args, &times).map_err(ReplayError::Span)?;
    if let Some(serving) = args.serving() {
        return serve::run(
            &config,
            Fold::new([site], source.events(), &selection),
            span,
            serving,
            out,
        );
    }
    match other {
        Some(other) => {
            let configs = diff::Configs::of(args);
            let sites = [site, Site::of(&other, &source)];
            let fold = Fold::new(sites, source.events(), &selection);
            diff::print(fold, &configs, &span, &selection, args.format(), out)?;
        }
        None => {
            let fold = Fold::new([site], source.events(), &selection);
            steps::print(fold, &span, &selection, &args.look(), out)?;
        }
    }
    Ok(())
}

/// The config's own name in what is printed.
fn config_name(path: Option<&Path>) -> String {
    path.map_or_else(|| "the defaults".to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests;
