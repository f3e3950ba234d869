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

use anyhow::{Context, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::assets;
use crate::board::figures::Site;
use crate::board::file::{Board, Named};
use crate::board::format::Language;
use crate::board::images::{ImageLimits, Images};
use crate::board::library;
use crate::board::made_up::{Center, State};
use crate::config::Environment;

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
    /// Queues, channels and policies of this config in place of made-up ones.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The browser [default: chromium, chromium-browser or google-chrome, as PATH has it].
    #[arg(long, value_name = "PROGRAM")]
    browser: Option<PathBuf>,
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
    let (board, names) = look(&arguments.file);
    let mut board = match board {
        Ok(board) => board,
        Err(problems) => {
            for problem in problems {
                writeln!(out, "{problem}")?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let Some(shell) = assets::ui("wall.html") else {
        bail!("this program was built without its front end: build both with cargo xtask build");
    };
    board.language = arguments.language.or(board.language);
    let state = arguments.state;
    let picture_file = match &arguments.out {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{}-{}.png", board.id, state.word())),
    };
    let images = |dir| Images::of_boards(dir, ImageLimits::default());
    let images = arguments.file.parent().map(images).unwrap_or_default();
    let site = Site::of(&config.unwrap_or_default(), |_| None);
    let center = Center::new(site, &board, &names, state, images.into());
    let id = board.id.clone();
    let frame = center.picture(board, assets::build_id()).context("the board shows nothing")?;
    let snapshot = frame.snapshot().clone();
    crate::command::runtime()?.block_on(async {
        let server =
            server::Server::start(shell.bytes, id, snapshot, center.images(), arguments.size)
                .await?;
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

type Looked = (Result<Board, Vec<crate::config::Problem>>, Vec<Named>);

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
