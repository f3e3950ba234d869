//! `tablica board`: check, begin, list, describe and picture board files, without a server.

mod check;
mod list;
mod new;
mod preview;
mod schema;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use crate::config::model::Config;
use crate::config::{Environment, Problems, load_with};

/// The config that is taken where none is named and this one is there.
const CONFIG: &str = "tablica.toml";

/// The arguments of `tablica board`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say everything that is wrong with board files, with file and line
    Check(check::Arguments),
    /// Begin a board file, from a template with comments or from a board that ships
    New(new::Arguments),
    /// List the boards that ship and those of `boards.dir`
    List(list::Arguments),
    /// Make a picture of a board with made-up numbers, by a Chromium without a window
    Preview(preview::Arguments),
    /// The JSON schema of board files, by which editors complete and check them
    Schema(schema::Arguments),
}

/// Runs one of them.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Check(arguments) => check::run(arguments, environment, out),
        Command::New(arguments) => new::run(arguments, environment, out),
        Command::List(arguments) => list::run(arguments, environment, out),
        Command::Preview(arguments) => preview::run(arguments, environment, out),
        Command::Schema(arguments) => schema::run(arguments, out),
    }
}

/// The config, where one is named or lies in this folder.
fn config(named: Option<&Path>, environment: &Environment) -> Result<Option<Config>, Problems> {
    let here = || Some(PathBuf::from(CONFIG)).filter(|path| path.is_file());
    let path = named.map(Path::to_owned).or_else(here);
    path.map(|path| load_with(Some(&path), environment)).transpose()
}
