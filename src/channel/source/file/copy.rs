//! Whether the file that stands at the path now is the one that was read, written once more.
//!
//! rsync puts a longer copy into the place of the old file; `cp` empties the old file and fills it
//! again, and can be caught in the middle. Such a file is compared with the place that we had come
//! to ([`Position::fits`]) before that is given up, or everything in it would be counted again. One
//! that is shorter and begins alike is given time, as long as it grows.

use std::fs::File;
use std::io;

use super::identity::{self, Position};

/// Looks in a row at a file that does not grow, ten seconds; then it is no copy that is being written.
const STILL_LOOKS_MAX: u32 = 100;
/// Looks at a file that grows and is not yet as long as the old one was.
const LOOKS_MAX: u32 = 600;

/// What a file is to the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It has the same content up to our place.
    Same,
    /// It begins alike, or is empty, and is shorter.
    Perhaps,
    /// It has other content.
    Other,
}

/// What the looks at a file that may be a copy have shown.
#[derive(Debug, Default)]
pub(super) struct CopyWatch {
    length: u64,
    looks: u32,
    still_looks: u32,
}

impl CopyWatch {
    /// Compares the file with our place; [`Likeness::Perhaps`] for so many looks only.
    pub(super) fn look(&mut self, place: &Position, file: &File) -> io::Result<Likeness> {
        let likeness = likeness(place, file)?;
        if likeness != Likeness::Perhaps {
            *self = Self::default();
            return Ok(likeness);
        }
        let length = file.metadata()?.len();
        self.looks += 1;
        self.still_looks = if length == self.length { self.still_looks + 1 } else { 0 };
        self.length = length;
        if self.looks > LOOKS_MAX || self.still_looks > STILL_LOOKS_MAX {
            *self = Self::default();
            return Ok(Likeness::Other);
        }
        Ok(Likeness::Perhaps)
    }
}

fn likeness(place: &Position, file: &File) -> io::Result<Likeness> {
    if place.beginning.is_some() && place.fits(file)? {
        return Ok(Likeness::Same);
    }
    let begins_alike =
        identity::beginning(file)?.is_none_or(|beginning| Some(beginning) == place.beginning);
    let is_shorter = file.metadata()?.len() < place.offset;
    Ok(if begins_alike && is_shorter { Likeness::Perhaps } else { Likeness::Other })
}
