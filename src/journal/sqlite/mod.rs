//! The embedded backend: one SQLite file per UTC day, one row per commit.
//!
//! A commit costs about the same whatever its size, so a whole batch is one row of compressed
//! JSON lines; a day is forgotten by deleting its file; and anybody can look at the rest with
//! `sqlite3`. Files are named by the day in which they were begun and are in sequence order. A
//! clock that is set back does not lead back to an earlier file.

mod clock_set;
mod day_file;
mod read_only;
mod reader;
mod row;
mod store;
mod tail;

pub use clock_set::RightTimes;
pub(super) use day_file::{Contents, DayFiles, is_damage, set_aside};
pub(crate) use read_only::open as open_read_only;
pub use reader::{Events, Held, ReadError, Reader, read};
pub(super) use store::{Retention, SqliteStore};
pub use tail::Tail;
