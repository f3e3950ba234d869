//! Scenarios: the house as a whole, from the outside, in one binary.

mod config;
mod hostile;
mod journal;
mod kill9;
mod support;
