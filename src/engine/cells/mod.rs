//! All counts, by whose contacts they are: a cell for each channel with queue, and for each agent,
//! topic, policy and so on that is asked for.
//!
//! A cell holds the counts of all time and of today, the last hour by buckets of 5 s, five weeks
//! by quarter hour, and who waits. Everything that changes a cell goes through a [`Visitor`].

mod all;
mod cell;
mod correction;
mod counts;
mod last_hour;
mod longest;
mod place;
mod quarter_counts;
mod quarters;
mod rows;
mod slice;
mod totals;
mod visit_days;
mod visitor;
mod waiters;

pub(in crate::engine) use all::{Cells, WatchOutcome};
pub(in crate::engine) use cell::Cell;
pub(in crate::engine) use place::{At, Only};
pub(in crate::engine) use quarter_counts::QuarterCounts;
pub(in crate::engine) use slice::{Asked, Axes, Place, Slice, Traits};
pub(in crate::engine) use visitor::Visitor;
