//! Reports that go out by mail: when each is due, to whom it goes, and what became of it.
//!
//! Knows no figure: whoever writes the letters is a [`Press`]. Reads no clock: the time is an
//! argument of [`Post::look`]. What is due is noted in the state folder before it is sent and after it
//! was taken, so a kill in between sends it again under the same Message-ID, by which mail servers
//! and programs drop the second. An address stands in no log, no metric and not in the state folder.
//!
//! | file | what is in it |
//! |---|---|
//! | `at_once` | letters that do not wait: alerts |
//! | `due` | when a report is due, by the site's clock |
//! | `store` | the SQLite file of what became of each |
//! | `post` | the handle: what is due is sent, and sent again |
//! | `status` | what people see of it |
//! | `message` | a letter as bytes for the mail server |
//! | `smtp` | one conversation with the mail server |

mod at_once;
mod due;
mod message;
mod post;
mod smtp;
mod status;
mod store;

use std::pin::Pin;

pub use at_once::send;
pub use due::{Occurrence, Schedule};
pub use message::{Envelope, eml, masked};
pub use post::{HandError, Parts, Post};
pub use smtp::Fault;
pub use status::ReportStatus;
pub use store::Became;

/// A report, written to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// A line.
    pub subject: String,
    /// For programs that show no HTML.
    pub text: String,
    /// The same as a page with nothing to load.
    pub html: String,
    /// Files that go with it.
    pub files: Vec<File>,
    /// Says which report it is: of the same the Message-ID is the same.
    pub about: String,
}

/// A file that goes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub text: String,
}

/// What a press answers with.
pub type Written<'a> = Pin<Box<dyn Future<Output = Result<Letter, String>> + Send + 'a>>;

/// Who writes the letters.
pub trait Press: Send + Sync + 'static {
    /// The letter of `[report.NAME]` that is due then; else why there is none.
    fn letter<'a>(&'a self, report: &'a str, due: Occurrence) -> Written<'a>;
}
