//! `tablica report`: a day or a week as a page, a table or JSON, from the roll-ups.
//!
//! Works beside a running server and without one: it reads the state folder and writes nothing
//! into it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ValueEnum;
use jiff::civil::Date;

use crate::app;
use crate::app::roll_ups::{RECALLED_MS, recall_span};
use crate::board::annotations::Annotations;
use crate::clock;
use crate::config::model::Config;
use crate::config::{self, Environment};
use crate::engine::{Engine, Rules};
use crate::event::{Millis, UnixMs};
use crate::journal::rollups::Reader;
use crate::journal::snapshots_in;
use crate::report::{Kind, Report, Span};

/// An annotation's volume afterwards is known for so long after the span.
const AFTERWARDS_MS: Millis = 21 * 86_400_000;

const EXAMPLES: &str = "\
  tablica report daily --config tablica.toml --out yesterday.html
  tablica report weekly --date 2026-03-04 --format csv

A week goes from Monday to Sunday and is named by any of its days. Figures come from the
roll-ups in the state folder, which the server brings up to date at each snapshot.";

/// Print a report of a day or a week: what was promised and kept, by channel, queue and agent
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A day or a week.
    #[arg(value_enum)]
    pub kind: Length,
    /// The day, or a day of the week; the last whole one without it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<Date>,
    /// How it is written.
    #[arg(long, value_enum, default_value = "html")]
    pub format: Format,
    /// Where to; standard output without it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The config.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How long a report looks back.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Length {
    /// One day.
    Daily,
    /// Monday to Sunday.
    Weekly,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A page that prints on two sheets.
    Html,
    /// One line for each figure.
    Csv,
    /// Everything, for programs.
    Json,
}

/// Runs the command.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let environment = Environment { skips_secrets: true, ..environment.clone() };
    let config = match config::load_with(arguments.config.as_deref(), &environment) {
        Ok(config) => config,
        Err(problems) => bail!("{problems}"),
    };
    let rules = Rules::from(&config);
    let kind = match arguments.kind {
        Length::Daily => Kind::Daily,
        Length::Weekly => Kind::Weekly,
    };
    let span = match arguments.date {
        Some(date) => Span::holding(kind, date, &rules),
        None => Span::last_whole(kind, clock::now_ms(), &rules),
    };
    let span = span.context("that date is beyond the calendar")?;
    let report = made(&config, rules, &span)?;
    let text = written(&report, arguments.format)?;
    match &arguments.out {
        None => out.write_all(text.as_bytes())?,
        Some(path) => {
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
            writeln!(out, "{}", path.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The report as a file of that format.
pub(crate) fn written(report: &Report, format: Format) -> anyhow::Result<String> {
    Ok(match format {
        Format::Html => report.to_html(),
        Format::Csv => report.to_csv(),
        Format::Json => serde_json::to_string_pretty(report)? + "\n",
    })
}

fn made(config: &Config, rules: Rules, span: &Span) -> anyhow::Result<Report> {
    let state_dir = &config.server.state_dir;
    let Some(stored) = Reader::open(state_dir)? else {
        bail!(
            "there are no roll-ups in {}: has a server run with this config?",
            state_dir.display()
        );
    };
    if stored.load(span.from_ms, span.to_ms)?.is_empty() {
        bail!("nothing was counted on {}", span.dates());
    }
    // Beyond the span: how an annotation went on.
    let to_ms = clock::now_ms().min(span.to_ms + AFTERWARDS_MS);
    let mut engine = engine(rules, state_dir, to_ms);
    let from_ms = span.to_ms - RECALLED_MS;
    recall_span(&mut engine, from_ms, to_ms, |from, to| stored.load(from, to))?;
    let site = app::site(config, |_| None);
    let zone = &config.site.time_zone;
    let (annotations, problem) = Annotations::look(&config.annotations, state_dir, zone)?;
    if let Some(problem) = problem {
        // A report without them is better than none; but whoever reads it must know.
        eprintln!("tablica: without the annotations of the file, which has mistakes:\n{problem}");
    }
    Ok(Report::of(&engine, &site, &annotations, span))
}

/// As the server kept it last, where it counted by these rules: it knows what roll-ups don't
/// hold, such as who came again. Else a new one, at that moment.
fn engine(rules: Rules, state_dir: &Path, now_ms: UnixMs) -> Engine {
    let kept = snapshots_in(state_dir)
        .find_map(|snapshot| Engine::restore(rules.clone(), &snapshot.bytes).ok());
    kept.unwrap_or_else(|| {
        let mut engine = Engine::new(rules);
        engine.tick(now_ms);
        engine
    })
}
