//! Annotations: what the company itself does and suffers that shows in its numbers. A campaign,
//! a release, an outage has a place on the time line, so that a peak is not a riddle.
//!
//! They come from two places: a TOML file that the operator edits (`annotations.file`, read again
//! when it changes; while it is bad, what was read before stays) and the API of the admin
//! listener, whose entries are on disk before they are answered. Whoever shows them asks the
//! [`Annotations`] handle: the API, trend lines, reports.
//!
//! | file | what is in it |
//! |---|---|
//! | `draft` | what somebody wrote, and everything that is wrong with it |
//! | `file` | the TOML file |
//! | `store` | the SQLite file of those made through the API |
//! | `book` | the handle: both together |
//! | `marks` | what a trend line shows of them |
//! | `volume` | how much came in before and after |
//!
//! A message to walls is an annotation, too: it is shown while it lasts, and explains no number.
//!
//! Titles are the operator's free text: fine on a wall, and never in a label of a metric.

mod book;
mod draft;
mod file;
mod marks;
mod store;
pub mod volume;

use serde::Serialize;
use utoipa::ToSchema;

pub use book::{Annotations, Newest, PutError, RemoveError};
pub use draft::{Draft, Fault};
pub use file::check_file;
pub(super) use marks::Marks;
pub use volume::Volume;

use crate::event::UnixMs;
use crate::journal::SideFileError;
use crate::words::words;

/// Longest title: a line on a wall.
pub const TITLE_CHARS_MAX: usize = 120;
/// Longest id.
pub const ID_CHARS_MAX: usize = 64;
/// Boards that a message names; without any it is for all.
pub const BOARDS_MAX: usize = 50;
/// Longest name of a channel, queue or board.
pub const NAME_CHARS_MAX: usize = 128;

/// Something that explains numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Annotation {
    /// Unique; given, or made up.
    pub id: String,
    /// What it was.
    pub kind: Kind,
    /// In the operator's words.
    pub title: String,
    /// When it began, or the moment that it was.
    #[schema(value_type = i64)]
    pub from_ms: UnixMs,
    /// When it ended; absent for a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub to_ms: Option<UnixMs>,
    /// It concerns this channel only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// It concerns this queue only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Of a message: the boards that it is for; all where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boards: Vec<String>,
    /// Of a message: how much it matters.
    #[serde(skip_serializing_if = "Level::is_normal")]
    pub level: Level,
    /// Where it comes from.
    pub source: Source,
}

words! {
    /// How much a message to walls matters.
    #[derive(Default, ToSchema)]
    #[schema(as = MessageLevel)]
    pub enum Level [id, from_id] {
        /// As any other.
        #[default]
        Normal = "normal",
        /// It stands first, and with a mark.
        Important = "important",
    }
}

impl Level {
    fn is_normal(&self) -> bool {
        *self == Level::Normal
    }
}

words! {
    /// What an annotation is about.
    #[derive(ToSchema)]
    #[schema(as = AnnotationKind)]
    pub enum Kind [id, from_id] {
        /// Marketing, a mailing, a price change: customers are told to come.
        Campaign = "campaign",
        /// A new version of a product, a manual, a process.
        Release = "release",
        /// Something does not work.
        Outage = "outage",
        /// Anything else.
        Other = "other",
        /// A lead's words to walls, until they end.
        Message = "message",
    }
}

/// Where an annotation comes from, and so where it can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnnotationSource)]
pub enum Source {
    /// The file of `annotations.file`.
    File,
    /// `POST /api/v1/annotations`.
    Api,
}

/// Which annotations are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that had not ended before.
    pub from_ms: Option<UnixMs>,
    /// Those that had begun by then.
    pub to_ms: Option<UnixMs>,
    /// Those that concern this channel, alone or among all.
    pub channel: Option<String>,
    /// Those that concern this queue, alone or among all.
    pub queue: Option<String>,
}

/// The annotations cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum AnnotationsError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] SideFileError),
    /// The server is stopping.
    #[error("the annotations are closed: the server is stopping")]
    Closed,
}

impl Annotation {
    /// Whether it belongs on time lines and in reports: a message to walls explains nothing.
    pub fn explains_numbers(&self) -> bool {
        self.kind != Kind::Message
    }

    /// Whether a board may show it.
    pub fn is_for(&self, board: &str) -> bool {
        self.boards.is_empty() || self.boards.iter().any(|it| it == board)
    }

    /// Its last moment.
    pub fn end_ms(&self) -> UnixMs {
        self.to_ms.unwrap_or(self.from_ms)
    }
}

impl Filter {
    /// Whether it wants an annotation.
    pub fn wants(&self, annotation: &Annotation) -> bool {
        // What names no channel concerns all of them.
        let concerns = |wanted: &Option<String>, own: &Option<String>| match (wanted, own) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        self.from_ms.is_none_or(|from_ms| annotation.end_ms() >= from_ms)
            && self.to_ms.is_none_or(|to_ms| annotation.from_ms <= to_ms)
            && concerns(&self.channel, &annotation.channel)
            && concerns(&self.queue, &annotation.queue)
    }
}
