//! Scenarios: the house as a whole, from the outside, in one binary.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a scenario that cannot go on has failed")]

mod journal;
mod kill9;
mod prometheus;
mod support;
