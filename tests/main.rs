//! Scenarios: the house as a whole, from the outside, in one binary; one module for each part.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a scenario that cannot go on has failed")]

mod alert;
mod annotations;
mod browser;
mod clock;
mod config;
mod day;
mod day_kill;
mod disk_full;
mod hostile;
mod journal;
mod journal_read;
mod kill;
mod kill9;
mod look;
mod metrics;
mod metrics_page;
mod names;
mod not_yet;
mod numbers;
mod openapi;
mod paper;
mod path;
mod places;
mod privacy;
mod prometheus;
mod readme;
mod replay;
mod report;
mod roll_ups;
mod rooms;
mod scripts;
mod simulate;
mod support;
mod tidy;
mod wall;
