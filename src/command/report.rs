//! `tablica report`: a day or a week as a page, a table or JSON, from the roll-ups.
//!
//! Works beside a running server and without one: it reads the state folder and writes nothing
//! into it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app;
use crate::app::mailing::letter;
use crate::app::recover;
use crate::app::reports::write_private;
use crate::app::roll_ups::{RECALLED_MS, recall_span};
use crate::board::annotations::Annotations;
use crate::board::figures::Site;
use crate::clock;
use crate::config::model::{Config, ReportOf};
use crate::config::{self, Environment};
use crate::engine::{Engine, QUARTER_MS, Rules};
use crate::event::{Millis, UnixMs};
use crate::journal::rollups::{Reader, RollupError};
use crate::journal::{self, SideFileError, snapshots_in};
use crate::kpi::text;
use crate::mail::{Envelope, Occurrence, eml};
use crate::report::{Format, Kind, Report, Span};

/// An annotation's volume afterwards is known for so long after the span.
const AFTERWARDS_MS: Millis = 21 * 86_400_000;

const BEYOND: &str = "that date is beyond the calendar";

const EXAMPLES: &str = "\
Examples:
  tablica report daily --config tablica.toml --out yesterday.html
  tablica report weekly --config tablica.toml --date 2026-03-04 --format csv
  tablica report daily --config tablica.toml --queue sales
  tablica report send morning --config tablica.toml --to morning.eml

The figures are those of the wall: counts by quarter of an hour, which the server keeps in its state
folder and brings up to date every minute (journal.snapshot_every). The command only reads there;
the server may run or not.";

/// The arguments of `tablica report`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// Of a day or of a week.
    #[arg(value_enum, required = true)]
    pub kind: Option<Kind>,
    /// Or what is done with a report of the config.
    #[command(subcommand)]
    pub send: Option<Sub>,
    /// The day, or any day of the week. Without it: the last day or week that is over.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<Date>,
    /// What the report is written as.
    #[arg(long, value_enum, default_value = "html")]
    pub format: Format,
    /// Contacts of this queue only.
    #[arg(long, value_name = "NAME")]
    pub queue: Option<String>,
    /// Contacts of this channel only.
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// This policy only, of those that there are; may be given several times.
    #[arg(long = "policy", value_name = "NAME")]
    pub policies: Vec<String>,
    /// Write it to this file instead of printing it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The server's config. Its secrets are not read. Without it the state is in ./state.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What is done with a report of the config.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Sub {
    /// Write the mail of a [report.NAME] into a file, to look at it; nothing is sent.
    Send(Send),
}

/// The arguments of `tablica report send`.
#[derive(Clone, Debug, clap::Args)]
pub struct Send {
    /// Which: the NAME of [report.NAME].
    pub name: String,
    /// The file: mail programs open .eml.
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// As if it were this day. Without it: today.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<Date>,
    /// The server's config. Its secrets are not read.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a date such as 2026-03-04".to_owned())
}

/// Runs the command.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    if let Some(Sub::Send(send)) = &arguments.send {
        return write_mail(send, environment, out);
    }
    let config = config_of(arguments.config.as_deref(), environment)?;
    let rules = app::rules(&config);
    let kind = arguments.kind.context("daily or weekly?")?;
    let span = match arguments.date {
        Some(date) => Span::holding(kind, date, &rules),
        None => Span::last_whole(kind, clock::now_ms(), &rules),
    };
    let span = span.context(BEYOND)?;
    let of = ReportOf {
        queue: arguments.queue.clone(),
        channel: arguments.channel.clone(),
        policies: arguments.policies.clone(),
    };
    let report = made(&config, rules, &span, &of)?.written(arguments.format)?;
    match &arguments.out {
        None => out.write_all(report.as_bytes())?,
        Some(path) => {
            write_private(path, report.as_bytes())
                .with_context(|| format!("cannot write {}", path.display()))?;
            writeln!(out, "{}", path.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn config_of(path: Option<&Path>, environment: &Environment) -> anyhow::Result<Config> {
    let environment = Environment { skips_secrets: true, ..environment.clone() };
    match config::load_with(path, &environment) {
        Ok(config) => Ok(config),
        Err(problems) => bail!("{problems}"),
    }
}

/// `tablica report send`: the mail as the server would send it, into a file.
fn write_mail(
    send: &Send,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let config = config_of(send.config.as_deref(), environment)?;
    let (Some(settings), Some(mail)) = (config.mailed_reports.get(&send.name), &config.mail) else {
        let names: Vec<&str> = config.mailed_reports.keys().map(String::as_str).collect();
        bail!("there is no [report.{}]; there is: {}", send.name, names.join(", "));
    };
    let rules = app::rules(&config);
    let zone = &config.site.time_zone;
    let at = match send.date {
        Some(date) => date.to_datetime(settings.at).to_zoned(zone.clone())?.timestamp(),
        None => Timestamp::from_millisecond(clock::now_ms())?,
    };
    let due = Occurrence { date: zone.to_datetime(at).date(), at_ms: at.as_millisecond() };
    let span = Span::last_whole(settings.kind, due.at_ms, &rules).context(BEYOND)?;
    let report = made(&config, rules, &span, &settings.of)?;
    let site = Site::of(&config, |_| None);
    let admin_url = config.server.admin_url.as_deref();
    let letter = letter(&send.name, settings, &site, (&report, &span), due, admin_url);
    let letter = letter.map_err(anyhow::Error::msg)?;
    let to = settings.to.first().context("nobody gets it")?;
    let envelope = Envelope { from: &mail.from, to, by_hand: None };
    let message = eml(&letter, envelope).map_err(anyhow::Error::msg)?;
    write_private(&send.to, &message.formatted())
        .with_context(|| format!("cannot write {}", send.to.display()))?;
    writeln!(out, "{}", send.to.display())?;
    Ok(ExitCode::SUCCESS)
}

fn made(config: &Config, rules: Rules, span: &Span, of: &ReportOf) -> anyhow::Result<Report> {
    let state_dir = &config.server.state_dir;
    let engine = match of_roll_ups(&rules, state_dir, span) {
        Err(error) if is_damage(&error) => {
            // What is whole is worth more than none; but whoever reads it must know.
            eprintln!("tablica: {error}: counted from the journal, as far back as it goes");
            recover::anew(rules, state_dir, journal::read(state_dir)?)?.0
        }
        counted => counted?,
    };
    let site = Site::of(config, |_| None);
    let zone = &config.site.time_zone;
    let (annotations, problem) = Annotations::look(&config.annotations, state_dir, zone);
    if let Some(problem) = problem {
        // A report without them is better than none; but whoever reads it must know.
        eprintln!("tablica: without annotations that cannot be read:\n{problem}");
    }
    Ok(Report::about(&engine, &site, &annotations, span, of))
}

/// The file itself is damaged, as opposed to one of a newer version.
fn is_damage(error: &anyhow::Error) -> bool {
    let damaged =
        |error: &RollupError| matches!(error, RollupError::File(SideFileError::Database { .. }));
    error.downcast_ref().is_some_and(damaged)
}

/// The engine that knows what is stored of the span and the weeks before.
fn of_roll_ups(rules: &Rules, state_dir: &Path, span: &Span) -> anyhow::Result<Engine> {
    let Some(stored) = Reader::open(state_dir)? else {
        bail!("{}", nothing_in(state_dir));
    };
    if stored.load(span.from_ms, span.to_ms)?.is_empty() {
        let Some((first_ms, last_ms)) = stored.held()? else { bail!("{}", nothing_in(state_dir)) };
        let held = text::span((first_ms, last_ms + QUARTER_MS), &rules.time_zone);
        bail!("nothing was counted on {}; known is {held}", span.dates());
    }
    // Beyond the span: how an annotation went on.
    let to_ms = clock::now_ms().min(span.to_ms + AFTERWARDS_MS);
    let mut engine = engine(rules.clone(), state_dir, to_ms);
    let from_ms = span.to_ms - RECALLED_MS;
    recall_span(&mut engine, from_ms, to_ms, |from, to| stored.load(from, to))?;
    Ok(engine)
}

fn nothing_in(state_dir: &Path) -> String {
    format!(
        "nothing has been counted in {} yet: is it the state folder of the server's config \
         (--config), and has the server run for a minute?",
        state_dir.display()
    )
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
