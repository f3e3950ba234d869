//! One file for each subcommand of `tablica`: its arguments and the function that runs it.

pub mod access;
pub mod board;
pub mod check;
pub mod journal;
pub mod key;
pub mod plugin;
pub mod quarantine;
pub mod replay;
pub mod report;
pub mod rules;
pub mod screen;
pub mod serve;
pub mod simulate;
mod state_folder;
pub mod test;
pub mod topics;

pub use state_folder::StateFolder;

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};

/// The runtime of commands that wait for sockets.
fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")
}

/// An error with its causes on one line; a cause that the words before it tell already is not told
/// again.
pub fn told(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read the list: {source}. Is it there?")]
    struct Unreadable {
        source: std::io::Error,
    }

    #[test]
    fn a_cause_is_told_once() {
        let error = Unreadable { source: std::io::Error::other("no such file") };
        assert_eq!(told(&error.into()), "cannot read the list: no such file. Is it there?");
        let error = anyhow::anyhow!("no such file").context("cannot read the list");
        assert_eq!(told(&error), "cannot read the list: no such file");
    }
}
