//! What one commit is made of, collected append by append.
//!
//! Events are encoded here, on the writer's thread, straight into one buffer that is used again
//! for every commit: an encoder on the caller's side would cost an allocation and a copy per
//! append, and the writer has time while the disk works.

use tokio::sync::oneshot;

use super::form;
use super::store::Batch;
use super::{Append, Cursor, JournalError, Sequence};
use crate::event::{Event, UnixMs};

/// Bytes of events in one commit at most; a commit ends early when it has more.
const COMMIT_BYTES_MAX: usize = 16 << 20;
/// Buffer kept between commits at most; a larger one is given back.
const KEPT_BYTES_MAX: usize = 1 << 20;

type Done = oneshot::Sender<Result<(), JournalError>>;

/// Appends on their way to disk together.
pub(super) struct Collected {
    row: Vec<u8>,
    events: Vec<Event>,
    cursors: Vec<Cursor>,
    done: Vec<Done>,
    at_ms: (UnixMs, UnixMs),
    received_ms: (UnixMs, UnixMs),
    events_max: usize,
}

impl Collected {
    pub(super) fn new(events_max: usize) -> Self {
        Self {
            row: Vec::new(),
            events: Vec::new(),
            cursors: Vec::new(),
            done: Vec::new(),
            at_ms: (UnixMs::MAX, UnixMs::MIN),
            received_ms: (UnixMs::MAX, UnixMs::MIN),
            events_max,
        }
    }

    /// Nothing to commit.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.cursors.is_empty() && self.done.is_empty()
    }

    /// How many events so far.
    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// No further append should be added to this commit.
    pub(super) fn is_full(&self) -> bool {
        self.events.len() >= self.events_max || self.row.len() >= COMMIT_BYTES_MAX
    }

    /// Adds an append; one with an event that would not read back is refused and answered here.
    pub(super) fn add(&mut self, append: Append) {
        let before = self.row.len();
        for event in &append.events {
            if let Err(reason) = form::write(event, &mut self.row) {
                self.row.truncate(before);
                let error = JournalError::Invalid { event: event.id.clone(), reason };
                answer(append.done, &Err(error));
                return;
            }
        }
        for event in &append.events {
            let received_ms = event.known_ms();
            self.at_ms = (self.at_ms.0.min(event.at_ms), self.at_ms.1.max(event.at_ms));
            self.received_ms =
                (self.received_ms.0.min(received_ms), self.received_ms.1.max(received_ms));
        }
        self.events.extend(append.events);
        self.cursors.extend(append.cursors);
        self.done.extend(append.done);
    }

    /// As the store wants it.
    pub(super) fn batch(&self, first: Sequence) -> Batch<'_> {
        Batch {
            first,
            count: u32::try_from(self.events.len()).unwrap_or(u32::MAX),
            row: &self.row,
            at_ms: self.at_ms,
            received_ms: self.received_ms,
            cursors: &self.cursors,
        }
    }

    /// Answers everybody who waits, hands out the events and is empty again.
    pub(super) fn finish(&mut self, outcome: &Result<(), JournalError>) -> Vec<Event> {
        answer(std::mem::take(&mut self.done), outcome);
        self.row.clear();
        self.row.shrink_to(KEPT_BYTES_MAX);
        self.cursors.clear();
        self.at_ms = (UnixMs::MAX, UnixMs::MIN);
        self.received_ms = (UnixMs::MAX, UnixMs::MIN);
        std::mem::take(&mut self.events)
    }
}

/// Tells everybody; who no longer listens is ignored.
pub(super) fn answer(done: Vec<Done>, outcome: &Result<(), JournalError>) {
    for waiting in done {
        let _ = waiting.send(outcome.clone());
    }
}
