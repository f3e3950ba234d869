//! The one thread that commits.
//!
//! Takes whatever waits, commits it, answers, forwards to the engine, takes what came meanwhile.
//! A slow engine blocks the forward, which fills the queue, which turns new appends away as
//! busy: nothing in between can grow. While the store refuses, appends are answered with the
//! reason (each attempt is a new try), and a probe per [`PROBE_EVERY`] finds out when it works
//! again, so that a server which is out of rotation comes back without a request.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc;

use super::batch::Collected;
use super::handle::{Job, Shared};
use super::store::Store;
use super::{Committed, JournalError, Observer, Sequence};
use crate::clock;
use crate::event::UnixMs;

/// How long a refusing store is left alone between probes, and an idle one between looks.
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// How often a commit lets others run so that it becomes larger.
const YIELDS_MAX: usize = 8;

/// The writer's state. Owned by its thread.
pub(super) struct Writer<S> {
    pub(super) store: S,
    /// Sequence of the next event.
    pub(super) next: Sequence,
    pub(super) queue: Receiver<Job>,
    pub(super) shared: Arc<Shared>,
    pub(super) to_engine: mpsc::Sender<Committed>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) now: fn() -> UnixMs,
    pub(super) commit_events_max: usize,
}

impl<S: Store> Writer<S> {
    /// Runs until [`Job::Stop`] comes or every handle is gone; what was queued by then is
    /// committed.
    pub(super) fn run(mut self) {
        let mut collected = Collected::new(self.commit_events_max);
        let mut last_commit = 0;
        while let Some(job) = self.wait() {
            if self.turn(job, &mut collected, &mut last_commit) {
                return self.drain(collected);
            }
        }
    }

    /// Commits what waits; true when asked to stop.
    fn turn(&mut self, job: Job, collected: &mut Collected, last_commit: &mut usize) -> bool {
        let stop = collect(job, collected) || self.gather(collected, *last_commit);
        *last_commit = collected.len();
        self.commit(collected);
        stop
    }

    /// Takes what waits. Callers who were answered by the last commit are often about to come
    /// back: as long as fewer have come than were in it, they get the processor, a few times at
    /// most. That is no timer (an idle machine yields at once, a lone caller is not waited for),
    /// and at 32 callers it puts 30 instead of 20 events in a commit and saves a quarter of the
    /// processor time per event. True when asked to stop.
    fn gather(&mut self, collected: &mut Collected, last_commit: usize) -> bool {
        for _ in 0..YIELDS_MAX {
            while !collected.is_full()
                && let Ok(job) = self.queue.try_recv()
            {
                if collect(job, collected) {
                    return true;
                }
            }
            if collected.is_full() || collected.len() >= last_commit {
                break;
            }
            thread::yield_now();
        }
        false
    }

    /// The next job; meanwhile probes a store that is refusing, and lets one that is not look
    /// after its files. `None`: all handles are gone.
    fn wait(&mut self) -> Option<Job> {
        loop {
            match self.queue.recv_timeout(PROBE_EVERY) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => self.rest(),
            }
        }
    }

    /// Nothing has come for [`PROBE_EVERY`].
    fn rest(&mut self) {
        let outcome = if self.shared.unwritable.load(Ordering::Acquire) {
            self.store.probe((self.now)())
        } else {
            self.store.look()
        };
        self.note(&outcome.map_err(JournalError::from));
    }

    /// Commits, answers, forwards.
    fn commit(&mut self, collected: &mut Collected) {
        if collected.is_empty() {
            return;
        }
        let batch = collected.batch(self.next);
        let count = batch.count;
        self.shared.committing.send_replace(true);
        let started = clock::monotonic();
        let outcome = self.store.commit(&batch, (self.now)());
        let elapsed = started.elapsed();
        if let Ok(bytes) = outcome {
            self.observer.committed(count as usize, bytes, elapsed);
        }
        let outcome = outcome.map(|_| ()).map_err(JournalError::from);
        self.note(&outcome);
        let events = collected.finish(&outcome);
        self.shared.committing.send_replace(false);
        if outcome.is_ok() && !events.is_empty() {
            let first = self.next;
            self.next += Sequence::from(count);
            let progress = &self.shared.progress;
            progress.committed(first, count);
            // An engine that is gone will read them from the tail at the next start.
            if self.to_engine.blocking_send(Committed { first, events }).is_err() {
                progress.folded(self.next);
            }
        }
    }

    /// Keeps `is_writable` true to the last outcome and tells of the change, once.
    fn note(&self, outcome: &Result<(), JournalError>) {
        let unwritable = outcome.is_err();
        if self.shared.unwritable.swap(unwritable, Ordering::AcqRel) == unwritable {
            return;
        }
        match outcome {
            Ok(()) => self.observer.writable_again(),
            Err(error) => self.observer.unwritable(error),
        }
    }

    /// After a stop: what others had put in the queue before they saw it.
    fn drain(mut self, mut collected: Collected) {
        while let Ok(job) = self.queue.try_recv() {
            collect(job, &mut collected);
            if collected.is_full() {
                self.commit(&mut collected);
            }
        }
        self.commit(&mut collected);
    }
}

impl<S> Drop for Writer<S> {
    /// However the thread ends: a journal without a writer takes nothing.
    fn drop(&mut self) {
        self.shared.unwritable.store(true, Ordering::Release);
        self.shared.committing.send_replace(false);
    }
}

/// The writer without its thread, for simulations: it works when it is told to.
#[cfg(test)]
pub(crate) struct WriterByHand {
    writer: Writer<super::sqlite::SqliteStore>,
    collected: Collected,
    last_commit: usize,
}

#[cfg(test)]
impl WriterByHand {
    pub(super) fn new(writer: Writer<super::sqlite::SqliteStore>) -> Self {
        let collected = Collected::new(writer.commit_events_max);
        Self { writer, collected, last_commit: 0 }
    }

    /// Commits what waits now, or one commit's worth of it. False when nothing waits.
    pub(crate) fn turn(&mut self) -> bool {
        let Ok(job) = self.writer.queue.try_recv() else { return false };
        self.writer.turn(job, &mut self.collected, &mut self.last_commit);
        true
    }

    /// What the writer does when nothing has come for a while.
    pub(crate) fn rest(&mut self) {
        self.writer.rest();
    }
}

/// Adds a job to the commit; true when it asks to stop.
fn collect(job: Job, collected: &mut Collected) -> bool {
    match job {
        Job::Append(append) => {
            collected.add(append);
            false
        }
        Job::Stop => true,
    }
}

/// The running writer. Keep the engine taking events until [`JournalThread::stop`] returns.
pub struct JournalThread {
    pub(super) thread: JoinHandle<()>,
    pub(super) queue: SyncSender<Job>,
    pub(super) shared: Arc<Shared>,
}

impl JournalThread {
    /// Takes nothing new, commits what is waiting, closes the files.
    pub async fn stop(self) {
        self.shared.closing.store(true, Ordering::Release);
        let stopped = tokio::task::spawn_blocking(move || {
            // The queue may be full; the writer is making room. An ended writer is fine, too.
            let _ = self.queue.send(Job::Stop);
            self.thread.join()
        });
        if !matches!(stopped.await, Ok(Ok(()))) {
            tracing::error!("the journal's writer thread had panicked before the stop");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::event::{Event, Kind};
    use crate::journal::{Append, Batch, JournalHandle, Silent, StoreError};
    use tokio::sync::oneshot;

    /// A disk that takes as many writes as it is told to.
    #[derive(Clone, Default)]
    struct Disk {
        writes_left: Arc<Mutex<usize>>,
        batches: Arc<Mutex<Vec<(Sequence, u32)>>>,
    }

    impl Disk {
        fn write(&self) -> Result<(), StoreError> {
            let mut left = self.writes_left.lock().unwrap();
            *left = left
                .checked_sub(1)
                .ok_or_else(|| StoreError { path: "disk".to_owned(), reason: "full".to_owned() })?;
            Ok(())
        }
    }

    impl Store for Disk {
        fn commit(&mut self, batch: &Batch<'_>, _now_ms: UnixMs) -> Result<usize, StoreError> {
            self.write()?;
            self.batches.lock().unwrap().push((batch.first, batch.count));
            Ok(batch.row.len())
        }

        fn probe(&mut self, _now_ms: UnixMs) -> Result<(), StoreError> {
            self.write()
        }

        fn look(&mut self) -> Result<(), StoreError> {
            Ok(())
        }
    }

    fn append() -> (Append, oneshot::Receiver<Result<(), JournalError>>) {
        let (done, outcome) = oneshot::channel();
        let event = Event {
            id: "1".to_owned(),
            channel: "phone".to_owned(),
            at_ms: 1,
            received_ms: 1,
            interaction: String::new(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind: Kind::Queued,
            order: None,
            refers: None,
            same_as: None,
            attrs: std::collections::BTreeMap::new(),
        };
        (Append { events: vec![event], cursors: Vec::new(), done: vec![done] }, outcome)
    }

    struct Setup {
        disk: Disk,
        handle: JournalHandle,
        writer: Writer<Disk>,
        committed: mpsc::Receiver<Committed>,
    }

    fn setup(writes: usize) -> Setup {
        let disk = Disk { writes_left: Arc::new(Mutex::new(writes)), ..Disk::default() };
        let (queue, jobs) = sync_channel(16);
        let (to_engine, committed) = mpsc::channel(16);
        let shared = Arc::new(Shared::default());
        let handle = JournalHandle {
            queue,
            shared: Arc::clone(&shared),
            pending_max: 16,
            snapshots_dir: Arc::default(),
        };
        let writer = Writer {
            store: disk.clone(),
            next: 1,
            queue: jobs,
            shared,
            to_engine,
            observer: Arc::new(Silent),
            now: || 0,
            commit_events_max: 4,
        };
        Setup { disk, handle, writer, committed }
    }

    #[test]
    fn what_waits_is_committed_together_up_to_the_limit() {
        let Setup { disk, handle, writer, mut committed } = setup(usize::MAX);
        let outcomes: Vec<_> = (0..10)
            .map(|_| {
                let (append, outcome) = append();
                handle.try_append(append).map_err(|refused| refused.1).unwrap();
                outcome
            })
            .collect();
        drop(handle);
        writer.run();
        assert_eq!(*disk.batches.lock().unwrap(), [(1, 4), (5, 4), (9, 2)]);
        assert!(outcomes.into_iter().all(|outcome| outcome.blocking_recv() == Ok(Ok(()))));
        let forwarded: Vec<_> = std::iter::from_fn(|| committed.blocking_recv())
            .map(|committed| (committed.first, committed.events.len()))
            .collect();
        assert_eq!(forwarded, [(1, 4), (5, 4), (9, 2)]);
    }

    #[test]
    fn a_refusing_disk_costs_no_number_and_is_probed_until_it_takes_again() {
        let Setup { disk, handle, writer, mut committed } = setup(0);
        let thread = std::thread::spawn(move || writer.run());
        let try_one = || {
            let (append, outcome) = append();
            handle.try_append(append).map_err(|refused| refused.1).unwrap();
            outcome.blocking_recv().unwrap()
        };
        let refused = JournalError::Unwritable { path: "disk".into(), reason: "full".into() };
        assert_eq!(try_one(), Err(refused));
        assert!(!handle.is_writable());
        *disk.writes_left.lock().unwrap() = 2;
        while !handle.is_writable() {
            std::thread::yield_now();
        }
        assert_eq!(try_one(), Ok(()));
        assert_eq!(committed.blocking_recv().map(|committed| committed.first), Some(1));
        drop(handle);
        thread.join().unwrap();
    }
}
