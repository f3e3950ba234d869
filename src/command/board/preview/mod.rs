//! `tablica board preview`: a picture of a board as a screen shows it, with made-up numbers.
//!
//! The real front end shows it, from a server of its own on loopback; the numbers and the time are
//! the same at each call.

mod browser;
mod server;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::assets;
use crate::board::figures::Site;
use crate::board::file::{Board, Named};
use crate::board::format::Language;
use crate::board::images::{ImageLimits, Images};
use crate::board::library;
use crate::board::made_up::{Center, State};
use crate::config::{Environment, Problem};

/// Sides of a picture, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8000;

/// The arguments of `tablica board preview`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A board file, or the name of a board that ships.
    file: PathBuf,
    /// The picture, a PNG [default: the board's name and the state, in this folder].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How the made-up contact center fares.
    #[arg(long, value_name = "STATE", default_value = "busy", value_parser = states())]
    state: State,
    /// The screen's size in pixels.
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1920x1080", value_parser = size)]
    size: Size,
    /// In this language, whatever the board says: en, pl, ru, uk.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Language>,
    /// Of a board with a parameter, which one: queue=support [default: the first there is].
    #[arg(long, value_name = "PARAMETER=NAME", value_parser = setting)]
    set: Option<Setting>,
    /// Queues, channels and policies of this config in place of made-up ones.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The browser [default: chromium, chromium-browser or google-chrome, as PATH has it].
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<PathBuf>,
}

/// What is said for a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    parameter: String,
    name: String,
}

fn setting(text: &str) -> Result<Setting, String> {
    let (parameter, name) = text.split_once('=').unwrap_or_default();
    if parameter.is_empty() || name.is_empty() {
        return Err("such as queue=support".to_owned());
    }
    Ok(Setting { parameter: parameter.to_owned(), name: name.to_owned() })
}

/// A screen's size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    width: u32,
    height: u32,
}

fn size(text: &str) -> Result<Size, String> {
    let sides = text
        .split_once('x')
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let fits = |side: &u32| SIDES.contains(side);
    match sides {
        Some((width, height)) if fits(&width) && fits(&height) => Ok(Size { width, height }),
        _ => Err(format!("such as 1920x1080, each from {} to {}", SIDES.start(), SIDES.end())),
    }
}

fn states() -> impl TypedValueParser<Value = State> {
    let known = PossibleValuesParser::new(State::ALL.map(State::word));
    known.map(|word| State::from_word(&word).unwrap_or(State::Busy))
}

fn language(id: &str) -> Result<Language, String> {
    let known = || Language::ALL.map(Language::id).join(", ");
    Language::from_id(id).ok_or_else(|| format!("one of {}", known()))
}

/// Makes the picture; prints the problems of a file that is no good board.
pub(super) fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let config = match arguments.config.as_deref() {
        Some(path) => match super::config(Some(path), environment) {
            Ok(config) => config,
            Err(problems) => {
                writeln!(out, "{problems}")?;
                return Ok(ExitCode::FAILURE);
            }
        },
        None => None,
    };
    let (board, mut names) = look(&arguments.file);
    let mut board = match board {
        Ok(board) => board,
        Err(problems) => return told(&problems, out),
    };
    let Some(shell) = assets::ui("wall.html") else {
        bail!("this program was built without its front end: build both with cargo xtask build");
    };
    board.language = arguments.language.or(board.language);
    let file_name = board.id.clone();
    let state = arguments.state;
    let set = arguments.set.as_ref();
    let images = |dir| Images::of_boards(dir, ImageLimits::default());
    let images = Arc::new(arguments.file.parent().map(images).unwrap_or_default());
    let config = config.unwrap_or_default();
    let center_of = |board: &Board, names: &[Named]| {
        Center::new(Site::of(&config, |_| None), board, names, state, Arc::clone(&images))
    };
    match &board.template {
        Some(template) => {
            let parameter = &template.parameter;
            if let Some(set) = set.filter(|set| set.parameter != parameter.name) {
                let (named, known) = (&set.parameter, &parameter.name);
                bail!("the board has no parameter \"{named}\": --set {known}=NAME");
            }
            if let Some(set) = set {
                let (key, value) = (parameter.kind.id(), set.name.clone());
                names.push(Named { key, value, line: 1, what: "--set".to_owned() });
            }
            let center = center_of(&board, &names);
            let name = set.map(|set| set.name.clone()).or_else(|| center.first(parameter.kind));
            let name = name.unwrap_or_default();
            let made = template.with(&file_name, &name, &center.title_of(parameter.kind, &name));
            let language = board.language;
            board = match made {
                Ok(made) => Board { language, ..made },
                Err(problems) => return told(&problems, out),
            };
        }
        None if set.is_some() => bail!("the board has no parameter: leave out --set"),
        None => {}
    }
    let picture_file = match &arguments.out {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{file_name}-{}.png", state.word())),
    };
    let center = center_of(&board, &names);
    let frame = center.picture(board, assets::build_id()).context("the board shows nothing")?;
    let snapshot = frame.snapshot().clone();
    crate::command::runtime()?.block_on(async {
        let server =
            server::Server::start(shell.bytes, file_name, snapshot, images, arguments.size).await?;
        browser::shoot(
            arguments.browser.as_deref(),
            &server.address(),
            arguments.size,
            &picture_file,
        )
        .await
    })?;
    let bytes = fs::metadata(&picture_file).map(|it| it.len()).unwrap_or_default();
    if bytes == 0 {
        bail!("the browser ended well but made no picture {}", picture_file.display());
    }
    writeln!(out, "{}", picture_file.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what is wrong with the file.
fn told(problems: &[Problem], out: &mut impl Write) -> anyhow::Result<ExitCode> {
    for problem in problems {
        writeln!(out, "{problem}")?;
    }
    Ok(ExitCode::FAILURE)
}

type Looked = (Result<Board, Vec<Problem>>, Vec<Named>);

/// The file, or the board of that name that ships.
fn look(file: &Path) -> Looked {
    let shipped = || {
        let name = file.to_str()?;
        library::shipped().find(|(id, _)| *id == name)
    };
    match shipped().filter(|_| !file.exists()) {
        Some((id, text)) => Board::look(id, &format!("{id}.toml"), text),
        None => library::look(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_two_sides() {
        assert_eq!(size("1080x1920"), Ok(Size { width: 1080, height: 1920 }));
        assert!(size("1080").is_err() && size("0x1080").is_err() && size("9x9x9").is_err());
    }
}
