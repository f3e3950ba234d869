//! The embedded backend: one SQLite file per UTC day, one row per commit.
//!
//! A commit costs about the same whatever its size, so a whole batch is one row of compressed
//! events; a day is forgotten by deleting its file; and anybody can look at the rest with
//! `sqlite3`. Files are named by the day in which they were begun and are in sequence order. A
//! clock that is set back does not lead back to an earlier file, and a damaged file is not written
//! further: the day goes on in a second one.

mod aside;
mod check;
mod clock_set;
mod commit;
mod contents;
mod day;
mod day_file;
mod gaps;
mod log;
mod place;
mod read_only;
mod reader;
mod repair;
mod row;
mod rows;
mod store;
mod tail;

pub(crate) use aside::set_aside;
pub(super) use aside::{empty_if_never_begun, is_damage, remove_empty_companions};
pub(super) use check::AT_THE_END;
pub use check::{Check, CheckedFile, Lost, check};
pub use clock_set::RightTimes;
pub(super) use contents::Contents;
pub(super) use day_file::DayFiles;
pub(super) use log::{fold_log, fold_on_close, make_log_last};
pub(super) use place::{Place, Standing, write_again};
pub(crate) use read_only::open as open_read_only;
pub(super) use read_only::open_as_it_is;
pub use reader::{Events, Held, ReadError, Reader, read};
pub use repair::{RepairError, Repaired, RepairedFile, repair};
#[cfg(any(test, feature = "fuzzing"))]
pub(super) use row::{Found, Packer};
pub use store::BeforeOpening;
pub(super) use store::{Retention, SqliteStore, Start};
pub(super) use tail::Clock as TailClock;
pub use tail::Tail;
