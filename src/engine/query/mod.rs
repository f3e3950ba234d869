//! What can be read off the engine, by selector and by span of time. Changes nothing but what is
//! counted from now on ([`crate::engine::Engine::watch`]).

mod agents;
mod coverage;
mod past;
mod promises;
mod read;
mod rollup;
mod select;
mod spans;

pub use read::{CellCounters, CellView};
pub use rollup::{RollUp, RollUpError};
pub use spans::{Quarters, Stretch};
