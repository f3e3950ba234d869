//! The thread that writes roll-ups, and the handle that everybody else has.
//!
//! Nothing that was taken is lost while the process lives: what the disk refuses is kept and
//! tried again, newer values over older ones, and while too much of it waits, no more is taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::store::{Rows, Store};
use super::{RollupError, Row};
use crate::event::{Millis, UnixMs};

/// Calls waiting for the thread; more are refused.
const CALLS_WAITING_MAX: usize = 64;
/// Rows waiting for the disk; more are refused, unless nothing else waits.
const ROWS_WAITING_MAX: usize = 200_000;
/// What the disk refused is tried again so often.
const RETRY_EVERY: Duration = Duration::from_secs(1);
/// Old rows are forgotten so often, by the time that comes with the rows.
const PRUNE_EVERY_MS: Millis = 24 * 60 * 60 * 1000;

/// Since the start of the process.
#[derive(Debug, Default)]
pub struct Counts {
    /// Rows on disk; one that was replaced before it got there does not count.
    pub written: AtomicU64,
    /// Rows that were not taken, because too many wait; their caller has them.
    pub refused: AtomicU64,
    /// Times that the disk did not take what waited.
    pub failures: AtomicU64,
    /// Rows forgotten after `journal.rollups_keep`.
    pub pruned: AtomicU64,
    /// Rows waiting for the disk now.
    pub waiting: AtomicUsize,
}

/// Roll-ups that were not taken: keep them, and offer them again.
#[derive(Debug, thiserror::Error)]
#[error("{} roll-ups are not taken: too many wait for the disk", rows.len())]
pub struct Refused {
    /// All of them, as they were given.
    pub rows: Vec<Row>,
}

enum Request {
    Save { rows: Vec<Row>, now_ms: Option<UnixMs> },
    ForgetFrom(UnixMs),
    Flush(oneshot::Sender<Result<(), RollupError>>),
}

/// The way in; clones share it.
#[derive(Clone)]
pub struct Rollups {
    requests: SyncSender<Request>,
    counts: Arc<Counts>,
}

impl Rollups {
    /// Hands rows to the thread and returns at once. `now_ms` decides what has become too old;
    /// without it nothing has.
    pub fn save(&self, rows: Vec<Row>, now_ms: Option<UnixMs>) -> Result<(), Refused> {
        let count = rows.len();
        let waiting = self.counts.waiting.fetch_add(count, Ordering::Relaxed);
        let request = Request::Save { rows, now_ms };
        let sent = if waiting > 0 && waiting + count > ROWS_WAITING_MAX {
            Err(TrySendError::Full(request))
        } else {
            self.requests.try_send(request)
        };
        let (TrySendError::Full(back) | TrySendError::Disconnected(back)) = match sent {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        self.counts.waiting.fetch_sub(count, Ordering::Relaxed);
        self.counts.refused.fetch_add(count as u64, Ordering::Relaxed);
        let Request::Save { rows, .. } = back else { return Ok(()) };
        Err(Refused { rows })
    }

    /// Waits until everything that was taken before is on disk, or says that it is not.
    pub async fn flush(&self) -> Result<(), RollupError> {
        let (done, flushed) = oneshot::channel();
        // The only call that may wait for a place in the queue, so it does so elsewhere.
        let requests = self.requests.clone();
        let sent = tokio::task::spawn_blocking(move || requests.send(Request::Flush(done)));
        sent.await.map_err(|_| RollupError::Closed)?.map_err(|_| RollupError::Closed)?;
        flushed.await.map_err(|_| RollupError::Closed)?
    }

    /// Forgets the quarters from that time on: a clock that was ahead has made them up. A writer
    /// that is too busy keeps them, until the time has come and they are written over.
    pub fn forget_from(&self, from_ms: UnixMs) {
        if self.requests.try_send(Request::ForgetFrom(from_ms)).is_err() {
            tracing::warn!("roll-ups of a time to come stay until then: their writer is busy");
        }
    }

    /// For telemetry.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

/// Ends when the last [`Rollups`] is dropped; [`join`](Self::join) waits for it.
pub struct RollupsThread(JoinHandle<()>);

impl RollupsThread {
    /// Waits until everything handed in is on disk. Blocks: not for a task.
    pub fn join(self) {
        // A panic in the thread has been printed by its hook; there is nothing to add here.
        let _ = self.0.join();
    }
}

impl Store {
    /// Gives the file to its thread.
    pub fn start(self) -> Result<(Rollups, RollupsThread), RollupError> {
        let (rollups, writer, waiting) = self.writer();
        let thread = std::thread::Builder::new()
            .name("rollups".to_owned())
            .spawn(move || writer.serve(&waiting))
            .map_err(RollupError::Thread)?;
        Ok((rollups, RollupsThread(thread)))
    }

    /// The writer without its thread: it works when whoever has it says so.
    #[cfg(test)]
    pub(crate) fn by_hand(self) -> (Rollups, RollupsByHand) {
        let (rollups, writer, requests) = self.writer();
        (rollups, RollupsByHand { writer, requests })
    }

    fn writer(self) -> (Rollups, Writer, Receiver<Request>) {
        let counts = Arc::new(Counts::default());
        let (requests, waiting) = sync_channel(CALLS_WAITING_MAX);
        let writer = Writer {
            store: self,
            counts: Arc::clone(&counts),
            held: Rows::new(),
            now_ms: None,
            pruned_ms: None,
            is_failing: false,
        };
        (Rollups { requests, counts }, writer, waiting)
    }
}

/// The writer without its thread, for simulations: it works when it is told to.
#[cfg(test)]
pub(crate) struct RollupsByHand {
    writer: Writer,
    requests: Receiver<Request>,
}

#[cfg(test)]
impl RollupsByHand {
    /// Takes what waits, and writes it.
    pub(crate) fn turn(&mut self) {
        self.writer.turn(self.requests.try_recv().ok(), &self.requests);
    }
}

/// What the thread owns.
struct Writer {
    store: Store,
    counts: Arc<Counts>,
    /// Taken, and not on disk yet.
    held: Rows,
    /// The time that came with the last rows, if it was sure.
    now_ms: Option<UnixMs>,
    /// When old rows were forgotten last.
    pruned_ms: Option<UnixMs>,
    /// The disk refused the last time; said once.
    is_failing: bool,
}

impl Writer {
    /// Serves until every handle is gone. What waits together is written together.
    fn serve(mut self, requests: &Receiver<Request>) {
        loop {
            let next = if self.held.is_empty() {
                requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                requests.recv_timeout(RETRY_EVERY)
            };
            let is_over = matches!(next, Err(RecvTimeoutError::Disconnected));
            self.turn(next.ok(), requests);
            if is_over {
                break;
            }
        }
        if !self.held.is_empty() {
            let rows = self.held.len();
            tracing::warn!(rows, "roll-ups are not on disk; the journal has what they count");
        }
    }

    /// Takes what waits, and writes it.
    fn turn(&mut self, mut request: Option<Request>, requests: &Receiver<Request>) {
        let mut flushes = Vec::new();
        // No more at once than the queue holds, so that the disk gets its turn.
        let mut left = CALLS_WAITING_MAX;
        while let Some(next) = request {
            match next {
                Request::Save { rows, now_ms } => self.hold(rows, now_ms),
                Request::ForgetFrom(from_ms) => self.forget_from(from_ms),
                Request::Flush(done) => flushes.push(done),
            }
            left -= 1;
            request = if left > 0 { requests.try_recv().ok() } else { None };
        }
        self.write();
        self.prune();
        for done in flushes {
            let rows = self.held.len();
            let flushed = if rows == 0 { Ok(()) } else { Err(RollupError::Unwritten { rows }) };
            // Whoever asked may have gone.
            let _ = done.send(flushed);
        }
    }

    fn hold(&mut self, rows: Vec<Row>, now_ms: Option<UnixMs>) {
        self.now_ms = now_ms;
        let mut replaced = 0;
        for Row { quarter_ms, slice, counts } in rows {
            replaced += usize::from(self.held.insert((quarter_ms, slice), counts).is_some());
        }
        self.counts.waiting.fetch_sub(replaced, Ordering::Relaxed);
    }

    fn forget_from(&mut self, from_ms: UnixMs) {
        let before = self.held.len();
        self.held.retain(|(quarter_ms, _), _| *quarter_ms < from_ms);
        self.counts.waiting.fetch_sub(before - self.held.len(), Ordering::Relaxed);
        match self.store.forget_from(from_ms) {
            Ok(rows) => tracing::info!(rows, "roll-ups of a time to come are forgotten"),
            Err(error) => tracing::warn!(%error, "roll-ups of a time to come stay until then"),
        }
    }

    fn write(&mut self) {
        if self.held.is_empty() {
            return;
        }
        match self.store.write(&self.held) {
            Ok(()) => {
                if std::mem::take(&mut self.is_failing) {
                    tracing::info!("roll-ups can be written again");
                }
                let rows = std::mem::take(&mut self.held).len();
                self.counts.waiting.fetch_sub(rows, Ordering::Relaxed);
                self.counts.written.fetch_add(rows as u64, Ordering::Relaxed);
            }
            Err(error) => {
                self.counts.failures.fetch_add(1, Ordering::Relaxed);
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::warn!(%error, "roll-ups wait until they can be written");
                }
            }
        }
    }

    fn prune(&mut self) {
        let Some(now_ms) = self.now_ms else { return };
        // In both directions: a clock that was a year ahead must not put it off by a year.
        let since = |last| now_ms.saturating_sub(last).saturating_abs();
        if self.pruned_ms.is_some_and(|last| since(last) < PRUNE_EVERY_MS) {
            return;
        }
        self.pruned_ms = Some(now_ms);
        match self.store.prune(now_ms) {
            Ok(rows) => {
                self.counts.pruned.fetch_add(rows as u64, Ordering::Relaxed);
            }
            Err(error) => tracing::warn!(%error, "old roll-ups stay until tomorrow"),
        }
    }
}

#[cfg(test)]
mod tests;
