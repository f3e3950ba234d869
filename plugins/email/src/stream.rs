//! Documents that come in parts: the beginning of a mail is kept, the rest streams by. Headers and texts stand
//! at the beginning; what comes after them are attachments, which nobody counts.

use tablica_plugin::{Document, Failure, Moment, bad_input};

/// So much of a mail is read.
pub(crate) const HEAD_BYTES_MAX: usize = 256 * 1024;

/// The document under way.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    under_way: Option<Head>,
}

/// The beginning of a document.
#[derive(Debug)]
pub(crate) struct Head {
    name: String,
    next: u64,
    pub(crate) at: Moment,
    pub(crate) head: Vec<u8>,
}

impl Stream {
    /// Takes a part; gives the beginning of the document when it was the last. Offset 0 forgets an unfinished
    /// one, which the host gives again.
    pub(crate) fn take(&mut self, part: Document) -> Result<Option<Head>, Failure> {
        let mut document = match (part.offset, self.under_way.take()) {
            (0, _) => Head { name: part.name, next: 0, at: part.at, head: Vec::new() },
            (offset, Some(head)) if head.name == part.name && head.next == offset => head,
            _ => return Err(bad_input("a part of a document without those before it")),
        };
        document.next = document.next.saturating_add(part.bytes.len() as u64);
        let space = HEAD_BYTES_MAX.saturating_sub(document.head.len());
        document.head.extend(part.bytes.iter().take(space));
        if part.is_last {
            return Ok(Some(document));
        }
        self.under_way = Some(document);
        Ok(None)
    }
}
