//! What can be read off the engine, by selector and by span of time. Changes nothing but what is
//! counted from now on ([`crate::engine::Engine::watch`]).

mod agents;
mod agents_now;
mod breaking;
mod coverage;
mod first;
mod past;
mod promises;
mod read;
mod rollup;
mod select;
mod spans;
mod waiting;

pub use agents_now::AgentNow;
pub use breaking::{Breaking, Missed};
pub use read::{CellCounters, CellView};
pub use rollup::{RollUp, RollUpError};
pub use spans::{Quarters, Stretch};
pub use waiting::WaitingContact;
