//! The reading itself, one step at a time: blocking IO, no clock, no tasks.
//!
//! Rotation by rename: the old file is read on until its writer has begun the new one (writers
//! keep the old one open for a while after the rename), then to its end, then the new one from
//! its start. Copy and truncate: what was not read before the truncation is read from the copy.
//! After a restart the file of the cursor is looked for under its old and its rotated names.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Item;
use super::identity::{self, Position};
use crate::files;

/// Bytes read in one step.
const BLOCK_BYTES: usize = 64 * 1024;
/// Lines of one batch.
const LINES_MAX: usize = 512;

/// What one step gave.
#[derive(Debug, Default)]
pub struct Chunk {
    /// In the order of the file.
    pub items: Vec<Item>,
    /// Where the source stands after them; none when it has not moved.
    pub cursor: Option<Vec<u8>>,
    /// There is more to read at once.
    pub more: bool,
}

/// A file being followed.
pub struct Tail {
    path: PathBuf,
    line_bytes_max: usize,
    /// From which to resume, while no file is open.
    resume: Option<Position>,
    open: Option<Open>,
    /// The last file, to tell a new one with the same first line from it.
    predecessor: Option<Position>,
    /// Said once: why there is no file.
    trouble: Option<String>,
    /// Said with the next chunk.
    notices: Vec<Item>,
}

struct Open {
    file: File,
    position: Position,
    name: Arc<str>,
    /// Read, not yet a whole line; begins at `position.offset` plus what is skipped.
    buffer: Vec<u8>,
    /// Inside a line that is too long.
    skipping: Option<LongLine>,
    /// The buffer holds whole lines that did not fit into the last chunk.
    has_lines: bool,
    /// The last bytes before the position.
    before: Vec<u8>,
    /// Its writer has gone on to another file: at its end it is finished.
    leaving: bool,
    /// It was found under a rotated name after a restart: others may follow before the path's.
    missed_rotations: bool,
}

struct LongLine {
    head: Vec<u8>,
    length: u64,
}

impl Tail {
    /// From a cursor, or without one from the start of the file.
    pub fn new(path: PathBuf, line_bytes_max: usize, cursor: Option<&[u8]>) -> Self {
        let mut notices = Vec::new();
        let resume = cursor.and_then(|bytes| match serde_json::from_slice(bytes) {
            Ok(position) => Some(position),
            Err(_) => {
                notices.push(Item::Gap("the saved place in the file cannot be read".to_owned()));
                None
            }
        });
        Self { path, line_bytes_max, resume, open: None, predecessor: None, trouble: None, notices }
    }

    /// One step. Trouble with the file is an item, and the next step tries again.
    pub fn read(&mut self) -> Chunk {
        let mut chunk = Chunk::default();
        if let Err(error) = self.step(&mut chunk) {
            // What this step has taken comes again: the place before it was kept.
            chunk = Chunk::default();
            let missing = error.kind() == io::ErrorKind::NotFound;
            let what = if missing { "does not exist".to_owned() } else { error.to_string() };
            let trouble = format!("{}: {what}", self.path.display());
            if self.trouble.as_ref() != Some(&trouble) {
                chunk.items.push(Item::Disconnected(trouble.clone()));
                self.trouble = Some(trouble);
            }
        }
        if chunk.cursor.is_some() || !chunk.items.is_empty() {
            chunk.items.splice(0..0, self.notices.drain(..));
        }
        chunk
    }

    fn step(&mut self, chunk: &mut Chunk) -> io::Result<()> {
        let open = match self.open.take() {
            Some(open) => {
                self.resume = Some(open.position.clone());
                self.advance(open, chunk)?
            }
            None => {
                let open = self.find()?;
                self.trouble = None;
                self.notices.push(Item::Connected);
                chunk.cursor = Some(open.position.to_bytes());
                chunk.more = true;
                open
            }
        };
        self.resume = None;
        self.open = Some(open);
        Ok(())
    }

    /// Reads on, or goes over to the next file; gives the file to go on with.
    fn advance(&mut self, mut open: Open, chunk: &mut Chunk) -> io::Result<Open> {
        let read_to = open.read_to();
        let count = if open.has_lines { 0 } else { open.fill()? };
        if open.was_replaced(read_to)? {
            return self.follow_copy(open, chunk);
        }
        if open.position.beginning.is_none()
            && let Some(beginning) = identity::beginning(&open.file)?
        {
            open.christen(beginning, self.predecessor.as_ref());
        }
        let moved = open.take_lines(self.line_bytes_max, &mut chunk.items);
        if moved {
            chunk.cursor = Some(open.position.to_bytes());
        }
        chunk.more = true;
        if count > 0 || moved {
            return Ok(open);
        }
        if open.leaving {
            return self.finish(open, chunk);
        }
        // One more read after the writer has gone on, then it is certain to be the end.
        open.leaving = self.has_successor(&open.position)?;
        chunk.more = open.leaving;
        Ok(open)
    }

    /// The file to read: where the cursor points, else the one at the path.
    fn find(&mut self) -> io::Result<Open> {
        let Some(position) = self.resume.clone() else {
            let file = files::open(&self.path)?;
            let position = Position::start_of(&file.metadata()?);
            return Open::new(file, position);
        };
        let current = files::open(&self.path);
        if let Ok(file) = &current
            && position.fits(file)?
        {
            return Open::new(current?, position);
        }
        for path in self.rotated()? {
            let file = files::open(&path)?;
            if position.fits(&file)? {
                let mut open = Open::new(file, position)?;
                open.missed_rotations = true;
                return Ok(open);
            }
        }
        // Only a new file at the path proves that the old one is gone for good.
        let file = current?;
        self.notices.push(Item::Gap(format!(
            "the file read last is gone from {}; what was added to it since is not known",
            self.folder().display()
        )));
        self.predecessor = Some(position);
        let position = Position::start_of(&file.metadata()?);
        Open::new(file, position)
    }

    /// The file was truncated under us: what we had not read is in the copy, if there is one.
    fn follow_copy(&mut self, old: Open, chunk: &mut Chunk) -> io::Result<Open> {
        chunk.more = true;
        for path in self.rotated()? {
            let file = files::open(&path)?;
            if !old.position.is_in(&file.metadata()?) && old.position.fits(&file)? {
                let mut copy = Open::new(file, old.position)?;
                copy.leaving = true;
                return Ok(copy);
            }
        }
        let reason = format!(
            "{} was cut short and there is no copy; what was added since the last look is lost",
            self.path.display()
        );
        let open = Open::new(files::open(&self.path)?, Position::start_of(&old.file.metadata()?))?;
        chunk.items.push(Item::Gap(reason));
        chunk.cursor = Some(open.position.to_bytes());
        self.predecessor = Some(old.position);
        Ok(open)
    }

    /// Whether the writer has gone on: another file stands at the path, and has content. (An
    /// empty one is made by the rotation before the writer knows of it.)
    fn has_successor(&self, position: &Position) -> io::Result<bool> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(!position.is_in(&metadata) && metadata.len() > 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The end of a file that nobody writes to any more; the next one is opened.
    fn finish(&mut self, mut open: Open, chunk: &mut Chunk) -> io::Result<Open> {
        if open.position.beginning.is_none() && !open.buffer.is_empty() {
            let beginning = identity::beginning_of_finished(&open.file)?;
            open.christen(beginning, self.predecessor.as_ref());
        }
        open.take_rest(self.line_bytes_max, &mut chunk.items);
        let missed = if open.missed_rotations { self.rotated_after(&open)? } else { None };
        let file = files::open(missed.as_ref().unwrap_or(&self.path))?;
        let position = Position::start_of(&file.metadata()?);
        let mut next = Open::new(file, position)?;
        next.missed_rotations = missed.is_some();
        if open.position.beginning.is_some() {
            self.predecessor = Some(open.position);
        }
        chunk.cursor = Some(next.position.to_bytes());
        Ok(next)
    }

    /// The rotated file that was written next after one, when more rotations were missed.
    fn rotated_after(&self, open: &Open) -> io::Result<Option<PathBuf>> {
        let finished = open.file.metadata()?.modified()?;
        let mut later = Vec::new();
        for path in self.rotated()? {
            let file = files::open(&path)?;
            let metadata = file.metadata()?;
            let modified = metadata.modified()?;
            let same = open.position.is_in(&metadata)
                || Some(identity::beginning_of_finished(&file)?) == open.position.beginning;
            if !same && metadata.len() > 0 && modified > finished {
                later.push((modified, path));
            }
        }
        Ok(later.into_iter().min().map(|(_, path)| path))
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Files with the path's name and a number or date behind it: `queue_log.1`,
    /// `queue_log-20261122`. Packed ones cannot be read and are not among them.
    fn rotated(&self) -> io::Result<Vec<PathBuf>> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut paths = Vec::new();
        for entry in fs::read_dir(self.folder())? {
            let entry = entry?;
            let candidate = entry.file_name();
            let candidate = candidate.to_string_lossy();
            let Some(suffix) = candidate.strip_prefix(name.as_ref()) else { continue };
            let rotation = suffix.starts_with(['.', '-', '_'])
                && suffix.contains(|c: char| c.is_ascii_digit())
                && suffix.chars().all(|c| c.is_ascii_digit() || "._-:T".contains(c));
            if rotation && entry.file_type()?.is_file() {
                paths.push(entry.path());
            }
        }
        paths.sort();
        Ok(paths)
    }
}

impl Open {
    fn new(file: File, mut position: Position) -> io::Result<Self> {
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
            leaving: false,
            missed_rotations: false,
        })
    }

    fn christen(&mut self, beginning: String, predecessor: Option<&Position>) {
        self.position.christen(beginning, predecessor);
        self.name = Arc::from(self.position.name.as_str());
    }

    /// Up to where the file has been read.
    fn read_to(&self) -> u64 {
        let skipped = self.skipping.as_ref().map_or(0, |line| line.length);
        self.position.offset + skipped + self.buffer.len() as u64
    }

    /// Reads the next block; how many bytes.
    fn fill(&mut self) -> io::Result<usize> {
        let (from, old) = (self.read_to(), self.buffer.len());
        self.buffer.resize(old + BLOCK_BYTES, 0);
        let count = identity::read_at(&self.file, &mut self.buffer[old..], from)?;
        self.buffer.truncate(old + count);
        Ok(count)
    }

    /// Whether other content stands in the file than before. Asked after each read, so that
    /// new bytes are never taken for the continuation of old ones.
    fn was_replaced(&self, read_to: u64) -> io::Result<bool> {
        Ok(self.file.metadata()?.len() < read_to
            || (self.position.beginning.is_some()
                && identity::beginning(&self.file)? != self.position.beginning))
    }

    /// Takes whole lines out of the buffer; whether the position has moved.
    fn take_lines(&mut self, line_bytes_max: usize, items: &mut Vec<Item>) -> bool {
        let buffer = std::mem::take(&mut self.buffer);
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
    fn take_rest(&mut self, line_bytes_max: usize, items: &mut Vec<Item>) {
        let rest = std::mem::take(&mut self.buffer);
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
