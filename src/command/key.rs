//! `tablica key`: the keys that customers are hashed with.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use super::StateFolder;
use crate::channel::privacy::keys::{self, KeyDates, Rotated};
use crate::clock;
use crate::config::{Environment, units};
use crate::event::UnixMs;

const ABOUT_ROTATE: &str = "\
Customers' telephone numbers, addresses and network ids are kept as keyed hashes only. This draws a
new key. For the overlap both keys are used, so that a customer's contacts before and after are
linked; then the old key is deleted and nobody can make the old hashes any more. Contacts that are
open, and the ids of events, are hashed with a key of their own that stays.

A running server takes the new key up within seconds; one that is stopped, when it starts.";

/// The arguments of `tablica key`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the server keeps its state.
    #[command(flatten)]
    pub folder: StateFolder,
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with the keys.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// Draw a new key; the old one is used beside it for a while.
    #[command(long_about = ABOUT_ROTATE,
              after_help = "Example:\n  tablica key rotate --config tablica.toml")]
    Rotate {
        /// How long both keys are used. Not shorter than contacts.repeat_within, or customers who
        /// come again are taken for new ones.
        #[arg(long, value_name = "TIME", default_value = "35d", value_parser = length)]
        overlap: Duration,
        /// Draw a new key although the last overlap is not over: customers who are known by the
        /// oldest key only are taken for new ones then.
        #[arg(long)]
        force: bool,
    },
    /// Draw keys where there are none any more although the journal has events: contacts and
    /// customers known so far become strangers. A first start needs no such thing.
    Draw,
    /// Say since when the key is in use, and until when the one before it still is.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn length(text: &str) -> Result<Duration, String> {
    units::parse_duration(text).ok_or_else(|| "a length of time such as 35d or 12h".to_owned())
}

/// Carries it out.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let state_dir = arguments.folder.find(environment)?;
    match arguments.action {
        Action::Rotate { overlap, force } => {
            let overlap_ms = i64::try_from(overlap.as_millis()).unwrap_or(i64::MAX);
            let Rotated { overlap_until_ms } =
                keys::rotate(&state_dir, overlap_ms, force, clock::now_ms())?;
            let until = moment(overlap_until_ms);
            writeln!(out, "A new key is in force; the old one is used beside it until {until}.")?;
            writeln!(out, "A running server takes it up within seconds, another when it starts.")?;
        }
        Action::Draw => {
            keys::draw_anew(&state_dir, clock::now_ms())?;
            writeln!(
                out,
                "New keys are drawn. Contacts and customers known so far are strangers."
            )?;
        }
        Action::Status { json } => {
            let dates = keys::dates(&state_dir)?;
            if json {
                writeln!(out, "{}", json!(dates))?;
            } else {
                print_dates(dates, out)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_dates(dates: KeyDates, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "The key for customers has been in use since {}.",
        moment(dates.customer_since_ms)
    )?;
    match dates.overlap_until_ms {
        Some(until) => {
            writeln!(out, "The one before it is used beside it until {}.", moment(until))
        }
        None => writeln!(out, "There is none before it."),
    }
}

fn moment(ms: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| ms.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::privacy::keys::KeyRing;

    fn command(folder: &tempfile::TempDir, action: Action) -> anyhow::Result<String> {
        let folder = StateFolder { config: None, state_dir: Some(folder.path().to_owned()) };
        let mut out = Vec::new();
        run(&Arguments { folder, action }, &Environment::default(), &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn rotating_says_what_holds_now_and_status_repeats_it() {
        let folder = tempfile::tempdir().expect("folder");
        let rotate = || Action::Rotate { overlap: Duration::from_secs(3600), force: false };
        let error = command(&folder, rotate()).expect_err("no keys").to_string();
        assert!(error.contains("there are no keys in"), "{error}");

        KeyRing::open(folder.path(), 0, false).expect("keys");
        let status = command(&folder, Action::Status { json: false }).expect("status");
        expect_test::expect![[r#"
            The key for customers has been in use since 1970-01-01T00:00:00Z.
            There is none before it.
        "#]]
        .assert_eq(&status);
        let said = command(&folder, rotate()).expect("rotated");
        assert!(said.starts_with("A new key is in force"), "{said}");
        let json = command(&folder, Action::Status { json: true }).expect("status");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let since = json["customer_since_ms"].as_i64().expect("a time");
        assert_eq!(json["overlap_until_ms"], since + 3_600_000);
        let again = command(&folder, rotate()).expect_err("in the overlap").to_string();
        assert!(again.contains("--force"), "{again}");
    }
}
