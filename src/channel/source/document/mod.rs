//! Whole things, such as mails and dropped files, in parts: from a folder, a Maildir, or a mailbox on a
//! server. Nothing is ever changed or deleted there.
//!
//! A [`Source`] names the next document, and its parts are asked for one after the other, so that no more
//! than one part is in memory. Whoever asks says when the document is on disk for good
//! ([`Source::taken`]); until then it is named again. The [`Source::cursor`] that holds after the
//! document goes to the journal with the events of its last part.

mod cursor;
mod files;
mod imap;
mod listing;
pub mod media;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use self::imap::Mailbox;
use crate::channel::input::Document;
use crate::config::model::Documents;
use crate::event::UnixMs;

/// How often a folder is looked at.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A file that has not changed for so long is complete.
pub const QUIET: Duration = Duration::from_secs(2);

/// What is read, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where documents come from.
    pub place: Place,
    /// `channel.NAME.document_part_bytes`
    pub part_bytes: usize,
    /// `channel.NAME.document_bytes_max`
    pub bytes_max: usize,
    /// `channel.NAME.documents_from`
    pub from_beginning: bool,
    /// How often to look; [`LOOK_EVERY`] but in tests.
    pub look_every: Duration,
    /// See [`QUIET`]; shorter in tests.
    pub quiet: Duration,
}

impl Settings {
    /// As a channel's section says; none where it names no place.
    pub fn of(documents: &Documents, ca_file: Option<&Path>) -> Option<Self> {
        let Documents { folder, maildir, imap, .. } = documents;
        let place = match (folder, maildir, imap) {
            (Some(path), _, _) => Place::Folder(path.clone()),
            (None, Some(path), _) => Place::Maildir(path.clone()),
            (None, None, Some(imap)) => Place::Imap(Mailbox::of(imap, ca_file)),
            (None, None, None) => return None,
        };
        Some(Self {
            place,
            part_bytes: documents.part_bytes,
            bytes_max: documents.bytes_max,
            from_beginning: documents.from_beginning,
            look_every: LOOK_EVERY,
            quiet: QUIET,
        })
    }
}

/// Where documents come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Files of a folder.
    Folder(PathBuf),
    /// Mails of a Maildir.
    Maildir(PathBuf),
    /// Mails of a mailbox on a server.
    Imap(Mailbox),
}

/// A document, before its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Names it for ever.
    pub name: Arc<str>,
    /// Such as `message/rfc822`.
    pub media_type: &'static str,
    /// When its box received it.
    pub received_ms: Option<UnixMs>,
    /// In bytes.
    pub length: u64,
}

/// A whole document in the parts in which a plugin is given it.
pub fn parts(whole: &Document, part_bytes: usize) -> Vec<Document> {
    let mut all = Vec::new();
    let length = whole.bytes.len();
    let mut offset = 0_usize;
    loop {
        let end = offset.saturating_add(part_bytes.max(1)).min(length);
        all.push(Document {
            offset: offset as u64,
            is_last: end == length,
            bytes: whole.bytes.slice(offset..end),
            ..whole.clone()
        });
        if end == length {
            return all;
        }
        offset = end;
    }
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes.
    pub bytes: Bytes,
    /// Nothing follows.
    pub is_last: bool,
}

/// What there is next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// A document.
    Document(Head),
    /// The place can be read.
    Connected,
    /// It cannot; why.
    Disconnected(String),
    /// Documents may be missing; why.
    Gap(String),
    /// So many files came while nobody looked, with times of what was given long ago: they are not given.
    PassedOver(u64),
    /// What was there before is passed over: the cursor is to be kept, though nothing is given.
    Begins,
}

/// The document changed or went away while it was read: what was given of it is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed;

/// Reads documents. See the module.
pub struct Source(Kind);

enum Kind {
    Files(Box<files::Files>),
    Imap(Box<imap::Reader>),
}

impl Source {
    /// From a cursor of the journal, or without one from now on.
    pub fn new(settings: &Settings, cursor: Option<&[u8]>) -> Self {
        Self(match &settings.place {
            Place::Folder(_) | Place::Maildir(_) => {
                Kind::Files(Box::new(files::Files::new(settings, cursor)))
            }
            Place::Imap(mailbox) => {
                Kind::Imap(Box::new(imap::Reader::new(mailbox.clone(), settings, cursor)))
            }
        })
    }

    /// What there is next; waits until there is something. A document comes again until it is
    /// [`taken`](Self::taken).
    pub async fn next(&mut self) -> Next {
        match &mut self.0 {
            Kind::Files(files) => files.next().await,
            Kind::Imap(reader) => reader.next().await,
        }
    }

    /// Bytes of the document that [`next`](Self::next) named: so many from there, fewer at its end only.
    pub async fn part(&mut self, offset: u64, bytes: usize) -> Result<Part, Changed> {
        match &mut self.0 {
            Kind::Files(files) => files.part(offset, bytes).await,
            Kind::Imap(reader) => reader.part(offset, bytes).await,
        }
    }

    /// Whether the document is still the one whose beginning was read. Asked before its last part is
    /// given.
    pub async fn is_whole(&mut self) -> bool {
        match &mut self.0 {
            Kind::Files(files) => files.is_whole().await,
            // A mail on a server never changes.
            Kind::Imap(_) => true,
        }
    }

    /// The cursor that holds once the document is taken, or, without one, now.
    pub fn cursor(&self) -> Vec<u8> {
        match &self.0 {
            Kind::Files(files) => files.cursor(),
            Kind::Imap(reader) => reader.cursor(),
        }
    }

    /// The document is dealt with, and the cursor on disk.
    pub fn taken(&mut self) {
        match &mut self.0 {
            Kind::Files(files) => files.taken(),
            Kind::Imap(reader) => reader.taken(),
        }
    }

    /// The document is to be looked for anew: it has changed.
    pub fn put_back(&mut self) {
        match &mut self.0 {
            Kind::Files(files) => files.put_back(),
            Kind::Imap(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
