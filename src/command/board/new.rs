//! `tablica board new`: a board file to begin with, which is good as it is.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};

use crate::board::edit::templates::{self, STARTER};
use crate::board::library;
use crate::config::Environment;

/// The arguments of `tablica board new`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The board's name, the last part of its address: letters, digits, `-` and `_`.
    name: String,
    /// `starter`, or a board that ships (see `tablica board list`).
    #[arg(long, value_name = "TEMPLATE", default_value = STARTER)]
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
    let text = text(&arguments.from, name)?;
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
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    writeln!(out, "{} is written, as /wall/{name}", path.display())?;
    if library::shipped().any(|(id, _)| id == name) {
        writeln!(out, "It stands in place of the board of that name that ships.")?;
    }
    writeln!(out, "Look at it:   tablica board preview {}", path.display())?;
    writeln!(out, "Then check:   tablica board check {}", path.display())?;
    Ok(ExitCode::SUCCESS)
}

fn text(from: &str, name: &str) -> anyhow::Result<String> {
    templates::text(from, name).with_context(|| {
        let known: Vec<&str> = templates::names().collect();
        format!("there is no template {from:?}: one of {}", known.join(", "))
    })
}
