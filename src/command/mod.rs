//! One file for each subcommand of `tablica`: its arguments and the function that runs it.

pub mod check;
pub mod plugin;
pub mod quarantine;
pub mod simulate;
