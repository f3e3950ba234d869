//! What can be counted: fields, sums and lengths; and sets of such counts. Uses no other room.
//!
//! To count one more thing, add it to the list in `field`.

mod entry;
mod field;
mod histogram;
mod tally;

pub use field::{FLOWS, Field, Length, Sum};
pub use histogram::Histogram;
pub use tally::Tally;

pub(in crate::engine) use entry::{Entry, Fields, Item};
pub(in crate::engine) use tally::Sparse;
