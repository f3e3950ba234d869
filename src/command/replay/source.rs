//! Where the events come from: the journal of a state folder, or a file of JSON lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::progress::Progress;
use super::{ReplayError, lines};
use crate::event::{Event, UnixMs};
use crate::journal;

/// Unreadable rows that are named one by one; further ones are only counted.
const NAMED_MAX: u64 = 20;

/// Events that were found and not yet read.
pub(super) enum Source {
    /// Read as the fold gets there.
    Journal { reader: journal::Reader, dir: String },
    /// In the order in which they became known.
    File(Vec<Event>),
}

/// From when to when there are events, and where that is.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) from_ms: UnixMs,
    pub(super) to_ms: UnixMs,
    /// The journal's folder; none for a file, which is taken for all there was.
    pub(super) journal: Option<String>,
}

impl Source {
    /// The file, or without one the journal.
    pub(super) fn open(file: Option<&Path>, state_dir: &Path) -> Result<Self, ReplayError> {
        match file {
            Some(path) => read_file(path).map(Source::File),
            None => {
                let dir = state_dir.join("journal").display().to_string();
                Ok(Source::Journal { reader: journal::read(state_dir)?, dir })
            }
        }
    }

    /// Read from the journal: what a server has taken in.
    pub(super) fn is_journal(&self) -> bool {
        matches!(self, Source::Journal { .. })
    }

    /// Nothing when there is no event at all.
    pub(super) fn held(&self) -> Held {
        match self {
            Source::Journal { reader, dir } => {
                let held = reader.held();
                let (from_ms, to_ms) =
                    held.map_or((UnixMs::MAX, UnixMs::MIN), |held| (held.from_ms, held.to_ms));
                Held { from_ms, to_ms, journal: Some(dir.clone()) }
            }
            Source::File(events) => Held {
                from_ms: events.first().map_or(0, Event::known_ms),
                to_ms: events.last().map_or(0, Event::known_ms),
                journal: None,
            },
        }
    }

    /// All events, to be read once.
    pub(super) fn events(self) -> Events {
        let (inner, total, is_journal): (Inner, u64, bool) = match self {
            Source::Journal { reader, .. } => {
                let total = reader.held().map_or(0, |held| held.last + 1 - held.first);
                let events = reader.events().map(|read| read.map(|(_, event)| event));
                (Box::new(events), total, true)
            }
            Source::File(events) => {
                let total = u64::try_from(events.len()).unwrap_or(u64::MAX);
                (Box::new(events.into_iter().map(Ok)), total, false)
            }
        };
        Events {
            inner,
            total,
            is_journal,
            known_ms: UnixMs::MIN,
            read: 0,
            unreadable: 0,
            progress: Progress::on_terminal(total),
        }
    }
}

type Inner = Box<dyn Iterator<Item = Result<Event, journal::BadRow>> + Send>;

/// The events, each with the moment at which it became known. These moments never go back: what
/// was journaled after something else was known after it, whatever the clocks said.
pub(super) struct Events {
    inner: Inner,
    total: u64,
    is_journal: bool,
    known_ms: UnixMs,
    read: u64,
    unreadable: u64,
    progress: Progress,
}

impl Events {
    /// How many events could not be read back; they are missing in the figures.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// How many of a file's events were not read so far. A journal grows meanwhile: it is not
    /// asked.
    pub(super) fn left(&self) -> Option<u64> {
        (!self.is_journal).then(|| self.total - self.read)
    }

    fn note_unreadable(&mut self, row: &journal::BadRow) {
        let named = self.unreadable;
        self.unreadable += u64::from(row.count.max(1));
        if named < NAMED_MAX {
            self.progress.clear();
            eprintln!("tablica: left out, unreadable: {row}");
        }
    }
}

impl Iterator for Events {
    type Item = (UnixMs, Event);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.inner.next() {
                Some(Ok(event)) => {
                    self.read += 1;
                    self.progress.tell(self.read);
                    self.known_ms = self.known_ms.max(event.known_ms());
                    return Some((self.known_ms, event));
                }
                Some(Err(row)) => self.note_unreadable(&row),
                None => {
                    self.progress.clear();
                    return None;
                }
            }
        }
    }
}

/// A file's events, in the order in which they became known.
fn read_file(path: &Path) -> Result<Vec<Event>, ReplayError> {
    let name = path.display().to_string();
    let unreadable = |source| ReplayError::Unreadable { path: name.clone(), source };
    let is_stdin = path == Path::new("-");
    let reader: Box<dyn BufRead> = if is_stdin {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
    };
    let shown = if is_stdin { "standard input" } else { &name };
    let mut events = Vec::new();
    lines::each_event(reader, shown, |event| events.push(event)).map_err(|error| match error {
        lines::LinesError::Unreadable(source) => unreadable(source),
        lines::LinesError::Bad(bad) => bad.into(),
    })?;
    if events.is_empty() {
        return Err(ReplayError::NoEvents { path: shown.to_owned() });
    }
    // Files are written by hand, too.
    events.sort_by_key(Event::known_ms);
    Ok(events)
}
