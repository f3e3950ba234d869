//! `cargo xtask torture`: what takes too long for `cargo xtask test`, by parts.

use clap::ValueEnum;

use crate::place::Place;
use crate::step::Steps;
use crate::{torture_kills, torture_soak};

/// What to do.
#[derive(clap::Args)]
pub(crate) struct TortureArgs {
    /// Which part
    #[arg(long, value_enum)]
    part: Part,
    #[command(flatten)]
    kills: torture_kills::KillsArgs,
    #[command(flatten)]
    soak: torture_soak::SoakArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// kill -9 of a server at random moments, with all doors open
    Kills,
    /// A server under steady load: memory, times, nothing lost
    Soak,
}

/// Runs one part; an error when it found something.
pub(crate) fn run(args: &TortureArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    match args.part {
        Part::Kills => torture_kills::run(&args.kills, place, steps),
        Part::Soak => torture_soak::run(&args.soak, place, steps),
    }
}
