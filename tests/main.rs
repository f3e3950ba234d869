//! Scenarios: the house as a whole, from the outside, in one binary; one module for each part.

mod config;
mod hostile;
mod journal;
mod kill;
mod kill9;
mod path;
mod simulate;
mod support;
mod tidy;
