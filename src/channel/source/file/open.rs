//! A file that is open: its bytes become lines, each with its place.

use std::fs::File;
use std::io;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Item;
use super::identity::{self, Position};

/// Bytes read in one step.
const BLOCK_BYTES: usize = 64 * 1024;
/// Lines of one batch.
const LINES_MAX: usize = 512;

/// See the module.
pub(super) struct Open {
    pub(super) file: File,
    pub(super) position: Position,
    name: Arc<str>,
    /// Read, not yet a whole line; begins at `position.offset` plus what is skipped.
    pub(super) buffer: Vec<u8>,
    /// Inside a line that is too long.
    skipping: Option<LongLine>,
    /// The buffer holds whole lines that did not fit into the last chunk.
    pub(super) has_lines: bool,
    /// The last bytes before the position.
    before: Vec<u8>,
    /// It holds less than was read of it, and may be a copy that is being written.
    pub(super) was_cut_short: bool,
    /// Its writer has gone on to another file: at its end it is finished.
    pub(super) leaving: bool,
    /// It was found under a rotated name after a restart: others may follow before the path's.
    pub(super) missed_rotations: bool,
}

struct LongLine {
    head: Vec<u8>,
    length: u64,
}

impl Open {
    pub(super) fn new(file: File, mut position: Position) -> io::Result<Self> {
        // A copy that was recognised by its content is another file from here on.
        position.moved_to(&file.metadata()?);
        Ok(Self {
            name: Arc::from(position.name.as_str()),
            before: identity::bytes_before(&file, position.offset)?,
            file,
            position,
            buffer: Vec::new(),
            skipping: None,
            has_lines: false,
            was_cut_short: false,
            leaving: false,
            missed_rotations: false,
        })
    }

    pub(super) fn christen(&mut self, beginning: String, predecessor: Option<&Position>) {
        self.position.christen(beginning, predecessor);
        self.name = Arc::from(self.position.name.as_str());
    }

    /// Up to where the file has been read.
    pub(super) fn read_to(&self) -> u64 {
        let skipped = self.skipping.as_ref().map_or(0, |line| line.length);
        self.position.offset + skipped + self.buffer.len() as u64
    }

    /// Reads the next block; how many bytes.
    pub(super) fn fill(&mut self) -> io::Result<usize> {
        let (from, old) = (self.read_to(), self.buffer.len());
        self.buffer.resize(old + BLOCK_BYTES, 0);
        let count = identity::read_at(&self.file, &mut self.buffer[old..], from)?;
        self.buffer.truncate(old + count);
        Ok(count)
    }

    /// Whether other content stands in the file than before. Asked after each read, so that
    /// new bytes are never taken for the continuation of old ones.
    pub(super) fn was_replaced(&self, read_to: u64) -> io::Result<bool> {
        Ok(self.file.metadata()?.len() < read_to
            || (self.position.beginning.is_some()
                && identity::beginning(&self.file)? != self.position.beginning))
    }

    /// Takes whole lines out of the buffer; whether the position has moved.
    pub(super) fn take_lines(&mut self, line_bytes_max: usize, items: &mut Vec<Item>) -> bool {
        let buffer = Zeroizing::new(std::mem::take(&mut self.buffer));
        let mut taken = 0;
        self.has_lines = false;
        while let Some(length) = buffer[taken..].iter().position(|byte| *byte == b'\n') {
            if items.len() >= LINES_MAX {
                self.has_lines = true;
                break;
            }
            self.take_line(&buffer[taken..taken + length], line_bytes_max, items);
            self.position.offset += 1;
            taken += length + 1;
        }
        if taken > 0 {
            identity::pass(&mut self.before, &buffer[..taken]);
            self.position.before = identity::hash(&self.before);
        }
        let rest = &buffer[taken..];
        if !self.has_lines && (self.skipping.is_some() || rest.len() > line_bytes_max) {
            // Too long already: only its length is of interest from here on.
            let line = self.skipping.get_or_insert_with(|| LongLine {
                head: rest[..line_bytes_max].to_vec(),
                length: 0,
            });
            line.length += rest.len() as u64;
            identity::pass(&mut self.before, rest);
        } else {
            self.buffer = rest.to_vec();
        }
        taken > 0
    }

    /// Takes what stands after the last line end of a finished file.
    pub(super) fn take_rest(&mut self, line_bytes_max: usize, items: &mut Vec<Item>) {
        let rest = Zeroizing::new(std::mem::take(&mut self.buffer));
        if !rest.is_empty() || self.skipping.is_some() {
            self.take_line(&rest, line_bytes_max, items);
        }
    }

    /// One line, whose beginning may have been skipped, without its line end.
    fn take_line(&mut self, line: &[u8], line_bytes_max: usize, items: &mut Vec<Item>) {
        let (file, offset) = (Arc::clone(&self.name), self.position.offset);
        let skipped = self.skipping.take();
        let length = skipped.as_ref().map_or(0, |line| line.length) + line.len() as u64;
        self.position.offset += length;
        items.push(match skipped {
            Some(LongLine { head, .. }) => Item::LongLine { file, offset, length, head },
            None if line.len() > line_bytes_max => {
                Item::LongLine { file, offset, length, head: line[..line_bytes_max].to_vec() }
            }
            None => {
                let bytes = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
                Item::Line { file, offset, bytes }
            }
        });
    }
}
