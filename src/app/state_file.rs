//! Files of the state folder that are read once, at the start.

use std::io::ErrorKind;
use std::path::Path;

use crate::files;
use crate::journal::{self, Observer, SetAside};
use crate::telemetry::JournalMeters;

/// What a file is called, and what is gone without it.
pub(super) struct What {
    /// One of [`SetAside::ALL`].
    pub(super) name: &'static str,
    pub(super) lost: &'static str,
}

/// What an earlier run has left, read by `parse`; nothing where there is none. A file that cannot be read is
/// set aside: it must not keep the server from starting.
pub(super) fn read<T: Default>(
    path: &Path,
    bytes_max: u64,
    what: &What,
    parse: impl FnOnce(&[u8]) -> Result<T, String>,
) -> T {
    let reason = match files::read(path, bytes_max) {
        Ok(bytes) => match parse(&bytes) {
            Ok(parsed) => return parsed,
            Err(reason) => reason,
        },
        Err(error) if error.kind() == ErrorKind::NotFound => return T::default(),
        Err(error) => error.to_string(),
    };
    let What { name, lost } = *what;
    match journal::set_aside(path) {
        Ok(aside) => JournalMeters::default().set_aside(&SetAside {
            what: name,
            path: path.to_owned(),
            aside,
            reason,
            lost: lost.to_owned(),
        }),
        Err(error) => {
            tracing::warn!(%error, reason, "the file of {name} can be neither read nor set aside");
        }
    }
    T::default()
}
