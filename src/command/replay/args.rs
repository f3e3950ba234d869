//! The command line of `tablica replay`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgGroup;

use super::select::SelectError;
use crate::config::units::parse_duration;
use crate::scope::{Selector, Window};

/// Shortest step between two moments.
const STEP_MIN: Duration = Duration::from_secs(1);
/// Slowest and fastest that a span can be served.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=10_000.0;

const EXAMPLES: &str = r#"Examples:
  tablica replay --config tablica.toml --at 2026-03-02T11:40 --kpi service_level --queue sales
  tablica replay --config tablica.toml --from 09:00 --to 18:00 --step 1h --format csv
  tablica replay --events events.jsonl --config tablica.toml --at 11:40 --format jsonl
  tablica replay --config tablica.toml --from 09:00 --to 18:00 --diff other.toml
  tablica replay --config tablica.toml --from 09:00 --to 18:00 --serve --speed 60

A line of --format jsonl:
  {"at":"2026-03-02T11:40:00+01:00","kpi":"offered","selector":{"queue":"sales"},
   "window":"today","state":"number","value":17.0,"unit":"count"}
`state` is number, no_data, not_applicable or concealed; `value` is null unless it is number.
With --diff: `a_state`, `a`, `b_state`, `b` in their place.

Contacts of which neither the network nor the config names a queue are in none: --queue ""
selects them.

Times: 2026-03-02T09:00:00Z; 2026-03-02T09:00 by the site's clock; or 09:00 alone, which is of the
last day that there is. Nothing is written to the state folder; the server may run or not."#;

/// Folds past events and prints the KPIs, compares two configs on them, or shows them as boards.
#[derive(Clone, Debug, clap::Args)]
#[command(
    group = ArgGroup::new("when").args(["at", "from"]).required(true),
    after_help = EXAMPLES
)]
pub struct Args {
    /// File of events, one JSON object a line, instead of the journal; `-` reads standard input.
    /// As in a server, events that name no queue get that of their channel in the config.
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// The server's config; its secrets are not read. Without it the state is in ./state, the zone
    /// is UTC, and in time are calls within 20 s and written contacts within 15 min.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Of one moment: every number, with how it was made. What became known later is left out.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Of a span instead: from this moment on.
    #[arg(long, value_name = "TIME", requires = "to")]
    pub from: Option<String>,
    /// Up to this moment.
    #[arg(long, value_name = "TIME", requires = "from")]
    pub to: Option<String>,
    /// The numbers of a span are told every so often: 15m, 30s.
    #[arg(
        long,
        value_name = "LENGTH",
        default_value = "15m",
        value_parser = step,
        requires = "from"
    )]
    pub step: Duration,
    /// Only this KPI; may be repeated.
    #[arg(long, value_name = "ID")]
    pub kpi: Vec<String>,
    /// Only contacts of this channel; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub channel: Vec<String>,
    /// Only contacts of this agent, kind, priority, topic …: `agent=anna`; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    pub select: Vec<String>,
    /// Only contacts of this queue, or with "" of no queue; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub queue: Vec<String>,
    /// Counted over: 5m, 15m, 30m, 60m, today, shift, 24h, 48h, yesterday, or all of these in turn;
    /// may be repeated. States, such as who waits, are always of the moment.
    #[arg(long, value_name = "WINDOW", default_values = ["today"], value_parser = window_id)]
    pub window: Vec<String>,
    /// How the result looks.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// With --format jsonl: what else is in each line; may be repeated.
    #[arg(long, value_name = "DETAIL", conflicts_with_all = ["diff", "serve"])]
    pub with: Vec<Detail>,
    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Print instead where and when the numbers would have differed with this other config.
    #[arg(long, value_name = "OTHER", requires = "from")]
    pub diff: Option<PathBuf>,
    /// Show the span as live boards at this address instead of printing it; the last picture
    /// stays until Ctrl-C.
    #[arg(
        long,
        value_name = "ADDR",
        requires = "from",
        conflicts_with_all = ["diff", "json", "format"],
        num_args = 0..=1,
        default_missing_value = "127.0.0.1:8090"
    )]
    pub serve: Option<SocketAddr>,
    /// With --serve: so many times as fast as it was.
    #[arg(long, value_name = "TIMES", default_value = "60", value_parser = speed, requires = "serve")]
    pub speed: f64,
}

/// How the result looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One document, with each number's receipt.
    Json,
    /// One short JSON object a line for each number.
    Jsonl,
    /// For spreadsheets: a header, then a line for each number.
    Csv,
}

/// What a line of [`Format::Jsonl`] can have besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Detail {
    /// The figure as a wall writes it: "81.13 %".
    Display,
    /// How it was made, in a sentence.
    Sentence,
    /// The formula's id.
    Formula,
    /// The counts that went into it.
    Counts,
    /// `from` and `to`: the exact span that was counted over.
    Span,
    /// Its channels, and how fresh each was.
    Coverage,
}

/// Where and how fast a span is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Serving {
    pub(super) address: SocketAddr,
    pub(super) speed: f64,
}

/// How numbers are printed.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) format: Format,
    /// What else lines of JSON have.
    pub(super) details: Vec<Detail>,
}

impl Args {
    pub(super) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    pub(super) fn look(&self) -> Look {
        Look { format: self.format(), details: self.with.clone() }
    }

    pub(super) fn serving(&self) -> Option<Serving> {
        self.serve.map(|address| Serving { address, speed: self.speed })
    }
}

impl Args {
    /// What `--select` says.
    pub(super) fn only(&self) -> Result<Selector, SelectError> {
        let mut selector = Selector::default();
        for text in &self.select {
            let bad = |why: String| SelectError::Selector(format!("{text}: {why}"));
            let (key, value) = text
                .split_once('=')
                .ok_or_else(|| bad("expected KEY=VALUE, such as agent=anna".to_owned()))?;
            selector.set(key, value).map_err(|error| bad(error.to_string()))?;
        }
        Ok(selector)
    }
}

fn window_id(id: &str) -> Result<String, String> {
    if id == "all" || Window::from_id(id).is_some_and(|window| window != Window::Now) {
        return Ok(id.to_owned());
    }
    let flows = Window::ALL.into_iter().filter(|window| *window != Window::Now);
    let ids: Vec<_> = flows.map(Window::id).collect();
    Err(format!("one of {}, all", ids.join(", ")))
}

fn step(text: &str) -> Result<Duration, String> {
    parse_duration(text)
        .filter(|step| *step >= STEP_MIN)
        .ok_or_else(|| "a length such as 15m, 1h or 30s, not shorter than 1s".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|speed| SPEEDS.contains(speed)).ok_or_else(|| {
        format!("a number from {} to {}: 1 is as fast as it was", SPEEDS.start(), SPEEDS.end())
    })
}
