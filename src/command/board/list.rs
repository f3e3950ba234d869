//! `tablica board list`: which boards there are, and where each comes from.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::board::library::{Change, Library};
use crate::config::Environment;
use crate::language::Language;

/// The arguments of `tablica board list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The config whose `boards.dir` is listed, too [default: tablica.toml of this folder, if it is
    /// there].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

struct Line {
    id: String,
    title: String,
    what: String,
}

/// Prints a line for each board; those with mistakes come with how to see them.
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
    let dir = config.and_then(|config| config.boards.dir);
    let changes = Library::new(dir).refresh();
    let mut lines: Vec<Line> = changes.into_iter().filter_map(line).collect();
    lines.sort_by(|a, b| a.id.cmp(&b.id));
    let width = |of: fn(&Line) -> &str| {
        lines.iter().map(|line| of(line).chars().count()).max().unwrap_or_default()
    };
    let (ids, titles) = (width(|line| &line.id), width(|line| &line.title));
    for Line { id, title, what } in &lines {
        writeln!(out, "{id:ids$}  {title:titles$}  {what}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(change: Change) -> Option<Line> {
    match change {
        Change::Put { board, source } => {
            let what = format!("{} tiles, {source}", board.tiles.len());
            let title = board.title(Language::default());
            Some(Line { id: board.id, title, what })
        }
        Change::Problem { id, source, problem } => {
            let what = format!(
                "{source} has mistakes ({}): see tablica board check",
                problem.lines().count()
            );
            Some(Line { id, title: "–".to_owned(), what })
        }
        Change::Images(_) | Change::Remove { .. } => None,
    }
}
