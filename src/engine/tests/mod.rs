//! Scenarios of the fold, told in events and read in KPIs.

mod agents;
mod calendar;
mod calls;
mod closings;
mod conversations;
mod derived;
mod desks;
mod duplicates;
mod elsewhere;
mod lists;
mod members;
pub(crate) mod orders;
mod promises;
mod robustness;
mod rules;
mod same_as;
pub(crate) mod script;
mod snapshots;
mod taken_back;
mod told_again;
pub(crate) mod traffic;
mod waits_on;
mod windows;
