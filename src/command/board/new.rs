//! `tablica board new`: a board file to begin with, which is good as it is.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};

use crate::board::library;
use crate::config::Environment;

/// The template with a comment for each thing that can be said.
const STARTER: &str = include_str!("starter.toml");
const STARTER_NAME: &str = "starter";
/// What the starter has in place of the board's own title.
const TITLE_LINE: &str = "title = ";

/// The arguments of `tablica board new`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The board's name, the last part of its address: letters, digits, `-` and `_`.
    name: String,
    /// `starter`, or a board that ships (see `tablica board list`).
    #[arg(long, value_name = "TEMPLATE", default_value = STARTER_NAME)]
    from: String,
    /// The folder that the file goes into [default: `boards.dir` of the config, else this folder].
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// The config whose `boards.dir` it goes into [default: tablica.toml of this folder, if it is
    /// there].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Writes the file, if there is none of that name.
pub(super) fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let name = &arguments.name;
    if !library::is_name(name) {
        bail!("{name:?} cannot be part of an address: use letters, digits, `-` and `_`");
    }
    let template = template(&arguments.from)?;
    let dir = match &arguments.dir {
        Some(dir) => dir.clone(),
        None => match super::config(arguments.config.as_deref(), environment) {
            Ok(config) => config.and_then(|config| config.boards.dir).unwrap_or_default(),
            Err(problems) => {
                writeln!(out, "{problems}")?;
                return Ok(ExitCode::FAILURE);
            }
        },
    };
    let path = dir.join(format!("{name}.toml"));
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| {
            let path = path.display();
            match error.kind() {
                ErrorKind::AlreadyExists => anyhow!("{path} is there already and stays as it is"),
                _ => anyhow!("cannot write {path}: {error}"),
            }
        })?;
    file.write_all(titled(template, &title(name)).as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))?;
    writeln!(out, "{} is written, as /wall/{name}", path.display())?;
    if library::shipped().any(|(id, _)| id == name) {
        writeln!(out, "It stands in place of the board of that name that ships.")?;
    }
    writeln!(out, "Look at it:   tablica board preview {}", path.display())?;
    writeln!(out, "Then check:   tablica board check {}", path.display())?;
    Ok(ExitCode::SUCCESS)
}

fn template(from: &str) -> anyhow::Result<&'static str> {
    if from == STARTER_NAME {
        return Ok(STARTER);
    }
    let found = library::shipped().find(|(id, _)| *id == from);
    found.map(|(_, text)| text).with_context(|| {
        let shipped: Vec<&str> = library::shipped().map(|(id, _)| id).collect();
        format!("there is no template {from:?}: one of {STARTER_NAME}, {}", shipped.join(", "))
    })
}

/// "sales-team" → "Sales team"
fn title(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// The template with the board's own title: the first one of the file.
fn titled(template: &str, title: &str) -> String {
    let mut is_titled = false;
    let mut text = String::with_capacity(template.len());
    for line in template.lines() {
        if !is_titled && line.starts_with(TITLE_LINE) {
            is_titled = true;
            text.push_str(&format!("{TITLE_LINE}\"{title}\""));
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::file::Board;
    use crate::language::Language;

    #[test]
    fn every_template_is_a_good_board_with_the_title_of_its_name() {
        let shipped = library::shipped().map(|(_, text)| text);
        for template in shipped.chain([STARTER]) {
            let text = titled(template, &title("sales-team"));
            let board = Board::parse("sales-team", "sales-team.toml", &text);
            assert_eq!(board.expect("a good board").title(Language::English), "Sales team");
        }
    }
}
