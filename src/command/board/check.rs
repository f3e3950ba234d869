//! `tablica board check`: what is wrong with board files, and what in them looks misspelt beside
//! the config.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::board::library;
use crate::board::unknown::Known;
use crate::config::Environment;
use crate::config::model::Config;

/// The arguments of `tablica board check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Board files; without any, all of `boards.dir`.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The config by whose queues, channels and policies names are checked [default: tablica.toml
    /// of this folder, if it is there].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Prints everything; the exit code is 1 when there are problems. Warnings change nothing.
pub(super) fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let config = match super::config(arguments.config.as_deref(), environment) {
        Ok(config) => config,
        Err(problems) => {
            writeln!(out, "{problems}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let files = files(arguments, config.as_ref())?;
    let known = config.as_ref().map(Known::of).unwrap_or_default();
    let (mut problems, mut warnings) = (0, 0);
    for path in &files {
        let (board, names) = library::look(path);
        let doubts: BTreeSet<(usize, String)> =
            names.iter().filter_map(|named| Some((named.line, known.doubt(named)?))).collect();
        let found = board.as_ref().err().map(Vec::as_slice).unwrap_or_default();
        for problem in found {
            writeln!(out, "{problem}")?;
        }
        for (line, doubt) in &doubts {
            writeln!(out, "{}:{line}: warning: {doubt}", path.display())?;
        }
        if let (Ok(board), true) = (&board, doubts.is_empty()) {
            writeln!(out, "{}: ok, {} tiles", path.display(), board.tiles.len())?;
        }
        problems += found.len();
        warnings += doubts.len();
    }
    if config.is_none() {
        writeln!(
            out,
            "note: no config: whether queues, channels and policies exist was not looked at \
             (--config)"
        )?;
    }
    if problems + warnings > 0 {
        writeln!(out, "{}, {}", number(problems, "problem"), number(warnings, "warning"))?;
    }
    Ok(if problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn files(arguments: &Arguments, config: Option<&Config>) -> anyhow::Result<Vec<PathBuf>> {
    if !arguments.files.is_empty() {
        return Ok(arguments.files.clone());
    }
    let dir = config.and_then(|config| config.boards.dir.as_deref());
    let dir = dir.context("name a board file, or a config that has boards.dir (--config)")?;
    let found = library::files_in(dir)
        .with_context(|| format!("cannot read the folder of boards {}", dir.display()))?;
    Ok(found.into_values().collect())
}

fn number(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
