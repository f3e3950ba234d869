//! The thread that owns the quarantine's file, and the handle that everybody else has.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::{Entry, EntryId, NewEntry, QuarantineError, Redeliver, Redelivery, Store};
use crate::clock;
use crate::config::model;
use crate::event::UnixMs;
use crate::journal::Observer;
use crate::telemetry::names;

/// Requests waiting for the thread; more make the sender wait.
const PENDING_MAX: usize = 256;
/// How often requested retries are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often expired entries are removed.
const EXPIRE_EVERY_MS: UnixMs = 60_000;

/// Since the start of the process.
#[derive(Debug, Default)]
pub struct Counts {
    /// Put in.
    pub stored: AtomicU64,
    /// Dropped, the oldest first, because of `quarantine.entries_max` or `bytes_max`.
    pub dropped: AtomicU64,
    /// In it now.
    pub entries: AtomicU64,
}

enum Request {
    Put(Box<NewEntry>, oneshot::Sender<Result<EntryId, QuarantineError>>),
    /// And removes what has expired by that time; nothing while the time is in doubt.
    TakeRetries(Option<UnixMs>, oneshot::Sender<Result<Vec<Entry>, QuarantineError>>),
    Finish(EntryId, Redelivery, oneshot::Sender<Result<(), QuarantineError>>),
}

/// The way in; clones share it.
#[derive(Clone)]
pub struct Quarantine {
    requests: mpsc::Sender<Request>,
    counts: Arc<Counts>,
}

impl Quarantine {
    /// Puts an input in; it is on disk when this returns. Waits while many do the same.
    pub async fn put(&self, entry: NewEntry) -> Result<EntryId, QuarantineError> {
        self.ask(|done| Request::Put(Box::new(entry), done)).await
    }

    /// What has happened since the start.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Tells Prometheus.
    pub fn publish(&self) {
        let Counts { entries, dropped, .. } = &*self.counts;
        names::QUARANTINE_ENTRIES.set(&[], entries.load(Ordering::Relaxed) as f64);
        names::QUARANTINE_DROPPED.reach(&[], dropped.load(Ordering::Relaxed));
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, QuarantineError>>) -> Request,
    ) -> Result<T, QuarantineError> {
        let (done, answer) = oneshot::channel();
        self.requests.send(request(done)).await.map_err(|_| QuarantineError::Closed)?;
        answer.await.map_err(|_| QuarantineError::Closed)?
    }
}

/// Ends when the last [`Quarantine`] is dropped; [`join`](Self::join) waits for it.
pub struct QuarantineThread(JoinHandle<()>);

impl QuarantineThread {
    /// Waits until everything handed in is on disk. Blocks: not for a task.
    pub fn join(self) {
        // A panic in the thread has been printed by its hook; there is nothing to add here.
        let _ = self.0.join();
    }
}

/// Opens the quarantine of a state folder and starts its thread.
pub fn start(
    settings: &model::Quarantine,
    state_dir: &Path,
    observer: Arc<dyn Observer>,
) -> Result<(Quarantine, QuarantineThread), QuarantineError> {
    let store = Store::open_with(settings, state_dir, observer)?;
    let counts = Arc::new(Counts::default());
    counts.entries.store(store.entries(), Ordering::Relaxed);
    let (requests, waiting) = mpsc::channel(PENDING_MAX);
    let thread = std::thread::Builder::new()
        .name("quarantine".to_owned())
        .spawn({
            let counts = Arc::clone(&counts);
            move || serve(store, waiting, &counts)
        })
        .map_err(QuarantineError::Thread)?;
    Ok((Quarantine { requests, counts }, QuarantineThread(thread)))
}

/// Serves until every handle is gone. Inputs that wait together are committed together.
fn serve(mut store: Store, mut requests: mpsc::Receiver<Request>, counts: &Counts) {
    let mut next_expiry_ms = 0;
    while let Some(first) = requests.blocking_recv() {
        let mut puts = Vec::new();
        let mut request = Some(first);
        while let Some(next) = request {
            match next {
                Request::Put(entry, done) => puts.push((*entry, done)),
                Request::TakeRetries(now_ms, done) => {
                    if let Some(now_ms) = now_ms.filter(|now_ms| *now_ms >= next_expiry_ms) {
                        next_expiry_ms = now_ms + EXPIRE_EVERY_MS;
                        if let Err(error) = store.expire(now_ms) {
                            tracing::warn!(%error, "expired input stays");
                        }
                    }
                    answer(done, store.take_requested());
                }
                Request::Finish(id, outcome, done) => answer(done, store.finish(id, &outcome)),
            }
            request = if puts.len() < PENDING_MAX { requests.try_recv().ok() } else { None };
        }
        put(&mut store, puts, counts);
        counts.entries.store(store.entries(), Ordering::Relaxed);
    }
}

type Put = (NewEntry, oneshot::Sender<Result<EntryId, QuarantineError>>);

fn put(store: &mut Store, puts: Vec<Put>, counts: &Counts) {
    if puts.is_empty() {
        return;
    }
    let (entries, waiting): (Vec<_>, Vec<_>) = puts.into_iter().unzip();
    let count = entries.len() as u64;
    match store.put(entries) {
        Ok((ids, dropped)) => {
            add(&counts.stored, count);
            add(&counts.dropped, dropped.by_limit);
            for (done, id) in waiting.into_iter().zip(ids) {
                answer(done, Ok(id));
            }
        }
        Err(error) => {
            let reason = error.to_string();
            for done in waiting {
                answer(done, Err(QuarantineError::Unwritable(reason.clone())));
            }
        }
    }
}

/// Whoever asked may have gone; the work is done all the same.
fn answer<T>(done: oneshot::Sender<T>, value: T) {
    let _ = done.send(value);
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

/// Looks each second for retries that the operator asked for, and carries them out one by one.
/// Never returns by itself; ends with its task or when the quarantine closes.
pub async fn run_retries(quarantine: Quarantine, redeliver: impl Redeliver) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let now_ms = clock::is_sure_enough_to_delete().then(clock::now_ms);
        let entries = match quarantine.ask(|done| Request::TakeRetries(now_ms, done)).await {
            Ok(entries) => entries,
            Err(QuarantineError::Closed) => return,
            Err(error) => {
                tracing::warn!(%error, "requested retries cannot be read");
                continue;
            }
        };
        for entry in entries {
            let id = entry.id;
            let outcome = redeliver.redeliver(entry).await;
            match quarantine.ask(|done| Request::Finish(id, outcome, done)).await {
                Ok(()) => {}
                Err(QuarantineError::Closed) => return,
                Err(error) => tracing::warn!(id, %error, "a retry's outcome cannot be written"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, Raw, State};
    use super::*;
    use crate::channel::host::FailureClass;
    use crate::journal::Silent;

    fn entry(n: i64) -> NewEntry {
        NewEntry {
            channel: "tg".into(),
            plugin: "telegram 0.1.0".into(),
            received_ms: clock::now_ms(),
            class: FailureClass::BadInput,
            reason: format!("bad {n}"),
            raw: Raw { body: vec![b'x'], ..Raw::default() },
        }
    }

    struct DecodesOdd;

    impl Redeliver for DecodesOdd {
        async fn redeliver(&self, entry: Entry) -> Redelivery {
            if entry.id % 2 == 1 {
                Redelivery::Decoded { events: 1 }
            } else {
                Redelivery::Failed { class: FailureClass::Unsupported, reason: "still not".into() }
            }
        }
    }

    #[tokio::test]
    async fn what_was_put_is_on_disk_and_counted() {
        let folder = tempfile::tempdir().expect("folder");
        let settings = model::Quarantine::default();
        let (quarantine, thread) =
            start(&settings, folder.path(), Arc::new(Silent)).expect("start");
        let puts = (0..500).map(|n| {
            let quarantine = quarantine.clone();
            async move { quarantine.put(entry(n)).await }
        });
        for put in futures_util::future::join_all(puts).await {
            put.expect("put");
        }
        assert_eq!(quarantine.counts().stored.load(Ordering::Relaxed), 500);
        let other = Store::open_existing(folder.path()).expect("open").expect("there");
        assert_eq!(other.list(&Filter::default(), false).expect("list").len(), 500);
        drop(quarantine);
        tokio::task::spawn_blocking(|| thread.join()).await.expect("join");
    }

    #[tokio::test]
    async fn requested_retries_are_carried_out() {
        let folder = tempfile::tempdir().expect("folder");
        let (quarantine, _thread) =
            start(&model::Quarantine::default(), folder.path(), Arc::new(Silent)).expect("start");
        for n in 0..2 {
            quarantine.put(entry(n)).await.expect("put");
        }
        let command = Store::open_existing(folder.path()).expect("open").expect("there");
        assert_eq!(command.request(&Filter::default()).expect("request"), [1, 2]);
        let retries = tokio::spawn(run_retries(quarantine, DecodesOdd));
        let states = loop {
            let entries = command.list(&Filter::default(), false).expect("list");
            if entries.iter().all(|entry| entry.attempts == 1) {
                break entries.iter().map(|entry| entry.state).collect::<Vec<_>>();
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(states, [State::Decoded { events: 1 }, State::Held]);
        retries.abort();
    }
}
