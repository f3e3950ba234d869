//! The reading itself, one step at a time: blocking IO, no clock, no tasks.
//!
//! Rotation by rename: the old file is read on until its writer has begun the new one (writers
//! keep the old one open for a while after the rename), then to its end, then the new one from
//! its start. Copy and truncate: what was not read before the truncation is read from the copy.
//! After a restart the file of the cursor is looked for under its old and its rotated names.
//! Copies: a file that has the old content up to our place, and perhaps more, is the old one,
//! whoever wrote it and however ([`CopyWatch`]).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Item;
use super::copy::{CopyWatch, Likeness};
use super::identity::{self, Position};
use super::open::Open;
use crate::files;

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
    /// Whether what stands at the path is a copy that is still being written.
    copy: CopyWatch,
    /// Said once: why there is no file.
    trouble: Option<String>,
    /// Said with the next chunk.
    notices: Vec<Item>,
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
        Self {
            path,
            line_bytes_max,
            resume,
            open: None,
            predecessor: None,
            copy: CopyWatch::default(),
            trouble: None,
            notices,
        }
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
        if open.was_cut_short {
            chunk.more = true;
            return match self.copy.look(&open.position, &open.file)? {
                // It is whole again. What was read of it beyond our place is read anew.
                Likeness::Same => Open::new(open.file, open.position),
                Likeness::Perhaps | Likeness::Other => self.follow_copy(open, chunk),
            };
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
        if open.leaving && open.position.beginning.is_some() && !open.missed_rotations {
            let file = files::open(&self.path)?;
            match self.copy.look(&open.position, &file)? {
                Likeness::Same => return Open::new(file, open.position),
                Likeness::Perhaps => (open.leaving, chunk.more) = (false, false),
                Likeness::Other => {}
            }
        }
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
        if self.copy.look(&position, &file)? == Likeness::Perhaps {
            let why = "holds less than was read of it; it is being written, or was cut short";
            return Err(io::Error::other(why));
        }
        self.notices.push(Item::Gap(format!(
            "the file read last is gone from {}; what was added to it since is not known",
            self.folder().display()
        )));
        self.predecessor = Some(position);
        let position = Position::start_of(&file.metadata()?);
        Open::new(file, position)
    }

    /// The file was truncated under us: what we had not read is in the copy, if there is one.
    fn follow_copy(&mut self, mut old: Open, chunk: &mut Chunk) -> io::Result<Open> {
        chunk.more = true;
        for path in self.rotated()? {
            let file = files::open(&path)?;
            if !old.position.is_in(&file.metadata()?) && old.position.fits(&file)? {
                let mut copy = Open::new(file, old.position)?;
                copy.leaving = true;
                return Ok(copy);
            }
        }
        if old.position.beginning.is_some()
            && self.copy.look(&old.position, &files::open(&self.path)?)? == Likeness::Perhaps
        {
            chunk.more = false;
            old.was_cut_short = true;
            return Ok(old);
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
