//! The language of wall scripts: a day's notes of a floor supervisor with the numbers that they
//! expect, so that a promise can be tested before customers do. `docs/wall-scripts.md` is its
//! page.
//!
//! A text comes in, with the config below it ([`crate::config::Layer`]); [`parse`] makes events
//! and expectations of it, or [`Mistakes`] that point at their lines. The events get their channel's
//! queue and one spelling of each identifier by the rules of [`crate::channel`]. [`Script::run`] feeds the
//! events to an engine of its own in the order in which the host learns of them, by the script's
//! clock, and compares what [`crate::kpi`] computes and [`crate::report`] prints. No IO, no clock: whoever reads the files and
//! prints the outcome is `tablica test`, and the project's own tests.

mod annotate;
mod contact;
mod desk_verbs;
mod details;
mod expect;
mod figure;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod mistake;
mod paper;
mod read;
mod restart;
mod run;
mod staff;
mod time;
mod verbs;
mod words;

#[cfg(test)]
mod tests;

use crate::board::annotations::Annotation;
use crate::engine::Rules;
use crate::event::{Event, UnixMs};

pub use mistake::Mistakes;
pub use read::parse;
pub use run::{Failure, Outcome};

/// A script that makes sense.
pub struct Script {
    rules: Rules,
    /// With their lines, by when the host learns of them.
    events: Vec<(usize, Event)>,
    /// By their times.
    annotations: Vec<Annotation>,
    /// By their times.
    stops: Vec<Stop>,
}

/// Where the events pause.
enum Stop {
    Look(Box<Expectation>),
    Restart(restart::Restart),
}

impl Stop {
    /// When, and on which line.
    fn place(&self) -> (UnixMs, usize) {
        match self {
            Stop::Look(expectation) => (expectation.at_ms, expectation.line),
            Stop::Restart(restart) => (restart.at_ms, restart.line),
        }
    }
}

/// An expectation and where it stands.
struct Expectation {
    at_ms: UnixMs,
    /// From 1.
    line: usize,
    /// The line as it is written.
    text: String,
    what: expect::Expectation,
}
