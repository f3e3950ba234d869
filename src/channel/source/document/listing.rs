//! One look at a folder: which files in it are new and complete. Blocking IO.
//!
//! A look asks for the times of every file once, and keeps a few bytes of each. Where nothing was put
//! into the folder since, and no file is still being written, most looks ask for the folder's time only.

use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, FileType, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::cursor::{Given, Mark, hash};
use crate::clock;

/// New files that are taken up at once; others wait for the next look.
const TAKEN_UP_MAX: usize = 10_000;
/// A file that is gone for so many looks is forgotten: until then it may be on its way from one folder
/// to another.
const GONE_LOOKS: u32 = 30;
/// Looks in a row that may ask for the folder's time only.
const SHORT_LOOKS_MAX: u32 = 30;
/// A folder's time is coarse: what is younger may hide a later change.
const COARSE: Duration = Duration::from_secs(2);
/// A file whose last change is so long ago is complete at first sight: it was moved here.
const SETTLED: Duration = Duration::from_secs(60);
/// Things that are no files, and are passed over with a line each.
const NAMED_MAX: usize = 1000;

/// What the files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Of a folder.
    Plain,
    /// Of a Maildir: complete as soon as they are there, and they change their names.
    Mail,
}

/// A new file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) mark: Mark,
    pub(super) path: PathBuf,
}

/// What the looks have shown.
pub(super) struct Listing {
    path: PathBuf,
    form: Form,
    quiet: Duration,
    /// Given or passed over, and still there; with the look that saw them last.
    done: HashMap<Mark, u32>,
    /// Not yet complete: how large, and since when.
    watched: HashMap<Mark, (u64, Instant)>,
    look: u32,
    /// What is there at the first look is judged by the cursor alone.
    is_first: bool,
    /// Folders' times at the last full look, when they can be relied upon.
    unchanged: Option<Vec<SystemTime>>,
    short_looks: u32,
    /// Passed over with a line already.
    named: HashSet<u64>,
}

/// What a look gave.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// In order.
    pub(super) found: Vec<Found>,
    /// There are more.
    pub(super) more: bool,
    /// Put there while nobody looked, with times of what was given long ago.
    pub(super) passed_over: u64,
}

impl Listing {
    pub(super) fn new(path: PathBuf, form: Form, quiet: Duration) -> Self {
        Self {
            path,
            form,
            quiet,
            done: HashMap::new(),
            watched: HashMap::new(),
            look: 0,
            is_first: true,
            unchanged: None,
            short_looks: 0,
            named: HashSet::new(),
        }
    }

    /// A document is dealt with.
    pub(super) fn done(&mut self, mark: Mark) {
        self.done.insert(mark, self.look);
    }

    /// A document changed while it was read.
    pub(super) fn again(&mut self) {
        self.unchanged = None;
    }

    fn folders(&self) -> Vec<PathBuf> {
        match self.form {
            Form::Plain => vec![self.path.clone()],
            // In this order: a mail moves from the first to the second.
            Form::Mail => vec![self.path.join("new"), self.path.join("cur")],
        }
    }

    /// Passes over what is there: all of it, or what is older than a time.
    pub(super) fn pass_over(
        &mut self,
        given: &mut Given,
        before: Option<SystemTime>,
    ) -> io::Result<()> {
        let mut marks = Vec::new();
        let before = before.map(nanoseconds);
        self.each(|mark, metadata, _| {
            if before.is_none_or(|before| mark.time < before) {
                marks.push((mark, changed(metadata)));
            }
        })?;
        marks.sort_unstable();
        for (mark, changed) in marks {
            given.add(mark, changed);
            self.done.insert(mark, self.look);
        }
        self.is_first = false;
        Ok(())
    }

    /// One look.
    pub(super) fn look(&mut self, given: &Given) -> io::Result<Looked> {
        let now = (clock::monotonic(), wall());
        let times = self.times()?;
        if self.unchanged.as_ref() == Some(&times) && self.short_looks < SHORT_LOOKS_MAX {
            self.short_looks += 1;
            return Ok(Looked::default());
        }
        self.look += 1;
        let mut heap = BinaryHeap::new();
        let (mut more, mut passed_over) = (false, 0);
        let mut watched = HashMap::new();
        let mut done = std::mem::take(&mut self.done);
        let (look, is_first) = (self.look, self.is_first);
        let (form, quiet) = (self.form, self.quiet);
        let before = std::mem::take(&mut self.watched);
        let walked = self.each(|mark, metadata, path| {
            if let Some(seen) = done.get_mut(&mark) {
                *seen = look;
            } else if is_first && given.has(&mark) {
                // A mail is given a new name when it is read: that is a change, too.
                let is_late = form == Form::Plain && given.passes_over(&mark, changed(metadata));
                passed_over += u64::from(is_late);
                done.insert(mark, look);
            } else if form == Form::Plain && !is_complete(metadata, before.get(&mark), quiet, now) {
                let since = match before.get(&mark) {
                    Some((size, since)) if *size == metadata.len() => *since,
                    _ => now.0,
                };
                watched.insert(mark, (metadata.len(), since));
            } else {
                heap.push(Found { mark, path });
                if heap.len() > TAKEN_UP_MAX {
                    heap.pop();
                    more = true;
                }
            }
        });
        done.retain(|_, seen| look.saturating_sub(*seen) <= GONE_LOOKS);
        self.done = done;
        walked?;
        self.is_first = false;
        let rests = heap.is_empty() && watched.is_empty();
        self.watched = watched;
        let is_old = |time: &SystemTime| now.1.duration_since(*time).is_ok_and(|it| it > COARSE);
        self.unchanged = (rests && times.iter().all(is_old)).then_some(times);
        self.short_looks = 0;
        Ok(Looked { found: heap.into_sorted_vec(), more, passed_over })
    }

    fn times(&self) -> io::Result<Vec<SystemTime>> {
        self.folders().iter().map(|folder| fs::metadata(folder)?.modified()).collect()
    }

    /// Every file that may be a document.
    fn each(&mut self, mut give: impl FnMut(Mark, &Metadata, PathBuf)) -> io::Result<()> {
        for folder in self.folders() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let name = entry.file_name();
                if self.is_hidden(&name) {
                    continue;
                }
                // It may be gone again.
                let Ok(metadata) = entry.metadata() else { continue };
                if !metadata.is_file() {
                    self.pass(&entry.path(), metadata.file_type());
                    continue;
                }
                give(mark(self.form, &name, &metadata), &metadata, entry.path());
            }
        }
        Ok(())
    }

    fn is_hidden(&self, name: &OsStr) -> bool {
        let name = name.as_bytes();
        let ends = |end: &[u8]| {
            name.len() > end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end)
        };
        name.starts_with(b".") || (self.form == Form::Plain && (ends(b".tmp") || ends(b".part")))
    }

    /// Says once that something is no document. Folders in a folder are nothing to speak of.
    fn pass(&mut self, path: &Path, kind: FileType) {
        let key = hash(path.as_os_str().as_bytes());
        if kind.is_dir() || self.named.len() >= NAMED_MAX || !self.named.insert(key) {
            return;
        }
        let what = if kind.is_symlink() { "a link" } else { "no regular file" };
        let folder = path.parent().unwrap_or(path).display();
        tracing::warn!(%folder, what, "something among a channel's documents is passed over");
    }
}

fn is_complete(
    metadata: &Metadata,
    before: Option<&(u64, Instant)>,
    quiet: Duration,
    (now, clock): (Instant, SystemTime),
) -> bool {
    let changed = metadata.modified().ok();
    let age = changed.and_then(|changed| clock.duration_since(changed).ok());
    let stands = before.is_some_and(|(size, since)| {
        *size == metadata.len() && now.duration_since(*since) >= quiet
    });
    stands || age.is_some_and(|age| age >= SETTLED.max(quiet))
}

/// A file that is written again under its old name is another document; a mail that is read, flagged or
/// moved is the same.
fn mark(form: Form, name: &OsStr, metadata: &Metadata) -> Mark {
    let key = match form {
        Form::Plain => name.as_bytes(),
        Form::Mail => unique(name.as_bytes()),
    };
    Mark { time: nanoseconds_of(metadata.mtime(), metadata.mtime_nsec()), key: hash(key) }
}

/// When a file was last written, moved or renamed.
pub(super) fn changed(metadata: &Metadata) -> i64 {
    nanoseconds_of(metadata.ctime(), metadata.ctime_nsec())
}

/// A file's time in one number.
pub(super) fn nanoseconds_of(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

/// A mail's name without its flags.
pub(super) fn unique(name: &[u8]) -> &[u8] {
    name.split(|byte| *byte == b':').next().unwrap_or(name)
}

/// What the clock says, as files have it.
pub(super) fn wall() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(clock::now_ms().unsigned_abs())
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
