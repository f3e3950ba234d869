//! `cargo xtask torture`: what takes too long for `cargo xtask test`, by parts.

use clap::ValueEnum;

use crate::place::Place;
use crate::step::Steps;
use crate::{torture_documents, torture_heap, torture_kills, torture_simulation, torture_soak};

/// What to do.
#[derive(clap::Args)]
pub(crate) struct TortureArgs {
    /// Which part
    #[arg(long, value_enum)]
    part: Part,
    /// Kills, simulation: go on for so many hours
    #[arg(long, value_name = "N")]
    hours: Option<f64>,
    /// Kills, simulation: decides everything that is drawn; without it kills begin with 1, and
    /// simulations anywhere
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    kills: torture_kills::KillsArgs,
    #[command(flatten)]
    soak: torture_soak::SoakArgs,
    #[command(flatten)]
    documents: torture_documents::DocumentsArgs,
    #[command(flatten)]
    heap: torture_heap::HeapArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// kill -9 of a server at random moments, with all doors open
    Kills,
    /// Journal and engine on a simulated disk: kills, power cuts, refusals
    Simulation,
    /// A server under steady load: memory, times, nothing lost
    Soak,
    /// A folder with very many files: each given once, and none dearer than one of few
    Documents,
    /// A day on a wall in a browser: its memory stays flat
    Heap,
}

/// Runs one part; an error when it found something.
pub(crate) fn run(args: &TortureArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    match args.part {
        Part::Kills => {
            torture_kills::run(&args.kills, args.hours, args.seed.unwrap_or(1), place, steps)
        }
        Part::Simulation => torture_simulation::run(args.hours, args.seed, place, steps),
        Part::Soak => torture_soak::run(&args.soak, place, steps),
        Part::Documents => torture_documents::run(&args.documents, place, steps),
        Part::Heap => torture_heap::run(&args.heap, place, steps),
    }
}
