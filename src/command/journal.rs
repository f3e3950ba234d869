//! `tablica journal`: which events of the journal are lost, and a whole file in place of a damaged
//! one.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::StateFolder;
use crate::config::Environment;
use crate::journal::{self, Check, CheckedFile, Lost, Repaired};

/// Something is damaged or lost.
const DAMAGED: u8 = 1;
/// It is not known: the journal cannot be read, or not be changed.
const FAILED: u8 = 2;

/// The arguments of `tablica journal`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the server keeps its state.
    #[command(flatten)]
    pub folder: StateFolder,
    /// How the result is printed.
    #[arg(long, value_name = "FORMAT", global = true, default_value = "text")]
    pub format: Format,
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// How the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// One JSON document.
    Json,
}

/// What to do with the journal.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum Action {
    /// Say which events are lost. Only reads, also beside a running server.
    ///
    /// Exit code: 0 whole, or all that is lost is known; 1 damaged or lost; 2 cannot be read.
    Check,
    /// Make damaged files anew from what can be read, and note what is lost. Needs the server
    /// stopped; the damaged files stay beside under another name.
    ///
    /// Exit code: 0 done, or nothing to do; 2 cannot be done.
    Repair,
}

/// Checks or repairs, prints, and says by the exit code how it went.
pub fn run(arguments: &Arguments, environment: &Environment, out: &mut impl Write) -> ExitCode {
    match carry_out(arguments, environment, out) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tablica: {}", super::told(&error));
            ExitCode::from(FAILED)
        }
    }
}

fn carry_out(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let state_dir = arguments.folder.find(environment)?;
    match arguments.action {
        Action::Check => {
            let found = journal::check(&state_dir)?;
            match arguments.format {
                Format::Text => print_check(&found, out)?,
                Format::Json => print_json(&found, out)?,
            }
            Ok(if found.ok { ExitCode::SUCCESS } else { ExitCode::from(DAMAGED) })
        }
        Action::Repair => {
            let done = journal::repair(&state_dir)?;
            match arguments.format {
                Format::Text => print_repair(&done, out)?,
                Format::Json => print_json(&done, out)?,
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn print_json(it: &impl serde::Serialize, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(it)?)?;
    Ok(())
}

fn print_check(found: &Check, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Journal in {}", found.folder.display())?;
    for file in &found.files {
        let name = name(&file.file);
        let state = match &file.damage {
            None => "whole".to_owned(),
            Some(damage) => format!("DAMAGED: {damage}"),
        };
        writeln!(out, "  {name:<24} {:<28} {state}", events_of(file))?;
    }
    if found.files.is_empty() {
        writeln!(out, "  no file with events")?;
    }
    print_lost(&found.lost, out)?;
    let all = found.events.saturating_add(found.lost_events);
    match (found.lost_events, found.ok) {
        (0, true) => writeln!(out, "The journal is whole: {} events.", found.events),
        (lost, true) => {
            writeln!(out, "{lost} of {all} events are lost, which is known. Nothing is to be done.")
        }
        (lost, false) => writeln!(
            out,
            "{lost} of {all} events are lost. What to do:\n  \
             1. Copy {} to another disk: this one may be failing.\n  \
             2. A server can go on: it reads what is whole. To put the files right, stop it and\n     \
             run `tablica journal repair`; damaged files are kept beside.",
            found.folder.display()
        ),
    }
}

fn events_of(file: &CheckedFile) -> String {
    match (file.first, file.last) {
        (Some(first), Some(last)) => format!("events {first} to {last}"),
        _ => "no event".to_owned(),
    }
}

fn print_lost(lost: &[Lost], out: &mut impl Write) -> io::Result<()> {
    for lost in lost {
        let noted = if lost.noted { " (known)" } else { "" };
        let Lost { first, last, events, reason, .. } = lost;
        writeln!(out, "  lost{noted}: {first} to {last}, {events} events: {reason}")?;
    }
    Ok(())
}

fn print_repair(done: &Repaired, out: &mut impl Write) -> io::Result<()> {
    if done.files.is_empty() && done.noted.is_empty() {
        return writeln!(out, "The journal is whole: nothing to repair.");
    }
    for file in &done.files {
        let (name, aside) = (name(&file.file), name(&file.aside));
        writeln!(out, "  {name}: made anew with {} events; damaged: {aside}", file.events)?;
        if file.lost_cursors {
            writeln!(out, "    the channels' positions are lost; the server uses older ones")?;
        }
    }
    print_lost(&done.noted, out)?;
    writeln!(out, "Repaired. The server can be started.")
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_check_says_what_is_lost_and_what_to_do() {
        let file = |name: &str, damage: Option<&str>| CheckedFile {
            file: PathBuf::from("state/journal").join(name),
            first: Some(1),
            last: Some(120),
            events: 35,
            damage: damage.map(str::to_owned),
        };
        let lost = Lost {
            first: 36,
            last: 120,
            events: 85,
            reason: "cannot be read: database disk image is malformed".to_owned(),
            noted: false,
        };
        let found = Check {
            folder: PathBuf::from("state/journal"),
            files: vec![
                file("2026-11-22.sqlite", None),
                file("2026-11-23.sqlite", Some("database disk image is malformed")),
            ],
            events: 70,
            lost: vec![lost],
            lost_events: 85,
            ok: false,
        };
        let mut out = Vec::new();
        print_check(&found, &mut out).expect("printed");
        expect_test::expect![[r#"
            Journal in state/journal
              2026-11-22.sqlite        events 1 to 120              whole
              2026-11-23.sqlite        events 1 to 120              DAMAGED: database disk image is malformed
              lost: 36 to 120, 85 events: cannot be read: database disk image is malformed
            85 of 155 events are lost. What to do:
              1. Copy state/journal to another disk: this one may be failing.
              2. A server can go on: it reads what is whole. To put the files right, stop it and
                 run `tablica journal repair`; damaged files are kept beside.
        "#]]
        .assert_eq(&String::from_utf8(out).expect("UTF-8"));
    }
}
