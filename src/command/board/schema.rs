//! `tablica board schema`: the JSON schema of board files, for editors.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::board::schema;

/// The arguments of `tablica board schema`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write it into this file instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Prints it or writes it.
pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let schema = schema::document();
    match &arguments.out {
        None => out.write_all(schema.as_bytes())?,
        Some(path) => {
            fs::write(path, schema).with_context(|| format!("cannot write {}", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            writeln!(out, "{}: begin a board file beside it with", path.display())?;
            writeln!(out, "#:schema {name}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
