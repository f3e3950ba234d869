//! One file for each subcommand of `tablica`: its arguments and the function that runs it.

pub mod check;
pub mod key;
pub mod plugin;
pub mod quarantine;
pub mod replay;
pub mod report;
pub mod serve;
pub mod simulate;
pub mod test;
pub mod topics;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};

/// The runtime of commands that wait for sockets.
fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")
}
