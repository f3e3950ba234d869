//! The handle: annotations of the file and of the API together, for everybody who shows them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::{Mutex, watch};

use super::file::AnnotationsFile;
use super::store::{self, Put, Store};
use super::{Annotation, AnnotationsError, Draft, Fault, Filter, Source, draft};
use crate::config::model;
use crate::event::UnixMs;
use crate::journal::{Observer, Silent};

/// All of them, by time, as they are at each moment. A closed one stays as it is.
pub type Newest = watch::Receiver<Arc<[Annotation]>>;

/// All annotations of this server; clones share them.
#[derive(Clone)]
pub struct Annotations {
    shared: Arc<Shared>,
}

struct Shared {
    zone: TimeZone,
    entries_max: usize,
    state: watch::Sender<State>,
    /// Those of the file and of the API, by time.
    all: watch::Sender<Arc<[Annotation]>>,
    /// One change at a time, each on a thread that may block.
    store: Arc<Mutex<Store>>,
    file: Option<Arc<Mutex<AnnotationsFile>>>,
    refused: AtomicU64,
}

#[derive(Default)]
struct State {
    of_file: Vec<Annotation>,
    of_api: Vec<Annotation>,
    /// What is wrong with the file as it is now.
    problem: Option<String>,
}

/// Why an annotation is not kept.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// Each of these must be put right.
    #[error("the annotation has {} mistakes", .0.len())]
    Invalid(Vec<Fault>),
    /// The file has one of that id, and it is the operator's.
    #[error("annotation \"{id}\" stands in the file of annotations.file: change it there")]
    InFile {
        /// The id.
        id: String,
    },
    /// There are too many.
    #[error("{max} annotations are kept already (annotations.entries_max): delete some")]
    Full {
        /// The limit.
        max: usize,
    },
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] AnnotationsError),
}

/// Why an annotation is not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// There is none of that id.
    #[error("there is no annotation \"{id}\"")]
    Unknown {
        /// The id.
        id: String,
    },
    /// It is the operator's, in the file.
    #[error("annotation \"{id}\" stands in the file of annotations.file: strike it there")]
    InFile {
        /// The id.
        id: String,
    },
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] AnnotationsError),
}

impl Annotations {
    /// As [`open_with`](Self::open_with), without anybody who is told.
    pub fn open(
        settings: &model::Annotations,
        state_dir: &Path,
        zone: &TimeZone,
    ) -> Result<Annotations, AnnotationsError> {
        Self::open_with(settings, state_dir, zone, Arc::new(Silent))
    }

    /// Opens those of a state folder and reads the file. `zone` is the site's: times without an
    /// offset are in it. Blocks. A bad file is no reason not to start.
    pub fn open_with(
        settings: &model::Annotations,
        state_dir: &Path,
        zone: &TimeZone,
        observer: Arc<dyn Observer>,
    ) -> Result<Annotations, AnnotationsError> {
        let store = Store::open(state_dir, observer)?;
        let of_api = store.load().unwrap_or_else(|error| {
            tracing::warn!(%error, "annotations are left out until the next start");
            Vec::new()
        });
        let state = State { of_api, ..State::default() };
        let mut file = settings
            .file
            .clone()
            .map(|path| AnnotationsFile::new(path, zone.clone(), settings.entries_max));
        let read = file.as_mut().and_then(AnnotationsFile::refresh);
        let shared = Shared {
            zone: zone.clone(),
            entries_max: settings.entries_max,
            state: watch::Sender::new(state),
            all: watch::Sender::default(),
            store: Arc::new(Mutex::new(store)),
            file: file.map(|file| Arc::new(Mutex::new(file))),
            refused: AtomicU64::new(0),
        };
        shared.change(|_| {});
        if let Some(read) = read {
            shared.take_file(read);
        }
        Ok(Annotations { shared: Arc::new(shared) })
    }

    /// Those of a state folder and of the file, by time, for one who only reads: makes nothing,
    /// also beside a running server. What cannot be read is left out; why comes second. Blocks.
    pub fn look(
        settings: &model::Annotations,
        state_dir: &Path,
        zone: &TimeZone,
    ) -> (Arc<[Annotation]>, Option<String>) {
        let mut problems = Vec::new();
        let of_api = store::look(state_dir).unwrap_or_else(|error| {
            problems.push(error.to_string());
            Vec::new()
        });
        let mut state = State { of_api, ..State::default() };
        if let Some(path) = settings.file.clone() {
            let mut file = AnnotationsFile::new(path, zone.clone(), settings.entries_max);
            match file.refresh() {
                Some(Ok(annotations)) => state.of_file = annotations,
                Some(Err(problem)) => problems.push(problem),
                None => {}
            }
        }
        (state.ordered(), (!problems.is_empty()).then(|| problems.join("\n")))
    }

    /// All of them, by time.
    pub fn all(&self) -> Arc<[Annotation]> {
        Arc::clone(&self.shared.all.borrow())
    }

    /// All annotations now, and told of every change.
    pub fn newest(&self) -> Newest {
        self.shared.all.subscribe()
    }

    /// For whoever shows none: a script.
    pub fn none() -> Newest {
        watch::Sender::default().subscribe()
    }

    /// These, whatever becomes of them: for a replay.
    pub fn unchanging(all: Arc<[Annotation]>) -> Newest {
        watch::Sender::new(all).subscribe()
    }

    /// Those that a filter wants, by time.
    pub fn wanted(&self, filter: &Filter) -> Vec<Annotation> {
        self.all().iter().filter(|annotation| filter.wants(annotation)).cloned().collect()
    }

    /// What is wrong with the file as it is now; what was read of it before stays.
    pub fn file_problem(&self) -> Option<String> {
        self.shared.state.borrow().problem.clone()
    }

    /// Refused because of `annotations.entries_max`, since the server started.
    pub fn refused(&self) -> u64 {
        self.shared.refused.load(Ordering::Relaxed)
    }

    /// A time as an annotation may be given it: in milliseconds, with an offset, or in the
    /// site's time zone.
    pub fn moment(&self, text: &str) -> Option<UnixMs> {
        draft::moment(text, &self.shared.zone)
    }

    /// Keeps a draft, on disk when this returns, and says whether it is new; one of the same id
    /// is replaced. `found` is what is known to be wrong with it already.
    pub async fn put(
        &self,
        draft: Draft,
        found: Vec<Fault>,
    ) -> Result<(Annotation, bool), PutError> {
        let annotation =
            draft.check(found, Source::Api, &self.shared.zone).map_err(PutError::Invalid)?;
        if self.is_in_file(&annotation.id) {
            return Err(PutError::InFile { id: annotation.id });
        }
        let max = self.shared.entries_max;
        // The list changes where the disk does: whoever asked may be gone by then.
        let put = self.with_store(move |store, shared| {
            let is_taken = |id: &str| shared.state.borrow().of_file.iter().any(|a| a.id == id);
            let put = store.put(&annotation, max, is_taken)?;
            if let Put::New(kept) | Put::Replaced(kept) = &put {
                shared.change(|state| {
                    state.of_api.retain(|annotation| annotation.id != kept.id);
                    state.of_api.push(kept.clone());
                });
            }
            Ok(put)
        });
        match put.await? {
            Put::New(annotation) => Ok((annotation, true)),
            Put::Replaced(annotation) => Ok((annotation, false)),
            Put::Full => {
                self.shared.refused.fetch_add(1, Ordering::Relaxed);
                Err(PutError::Full { max })
            }
        }
    }

    /// Removes one that was made through the API; it is gone from the disk when this returns.
    pub async fn remove(&self, id: &str) -> Result<(), RemoveError> {
        let id = id.to_owned();
        if self.is_in_file(&id) {
            return Err(RemoveError::InFile { id });
        }
        let gone = id.clone();
        let removed = self.with_store(move |store, shared| {
            let removed = store.remove(&gone)?;
            shared.change(|state| state.of_api.retain(|annotation| annotation.id != gone));
            Ok(removed)
        });
        if removed.await? { Ok(()) } else { Err(RemoveError::Unknown { id }) }
    }

    /// Reads the file again whenever it has changed. Ends with its task; at once without a file.
    pub async fn watch_file(self, every: Duration) {
        let Some(file) = &self.shared.file else { return };
        let mut tick = tokio::time::interval(every);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let mut file = Arc::clone(file).lock_owned().await;
            let shared = Arc::clone(&self.shared);
            let refreshed = tokio::task::spawn_blocking(move || {
                if let Some(read) = file.refresh() {
                    shared.take_file(read);
                }
            });
            if refreshed.await.is_err() {
                return;
            }
        }
    }

    fn is_in_file(&self, id: &str) -> bool {
        self.shared.state.borrow().of_file.iter().any(|annotation| annotation.id == id)
    }

    async fn with_store<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Store, &Shared) -> Result<T, AnnotationsError> + Send + 'static,
    ) -> Result<T, AnnotationsError> {
        let shared = Arc::clone(&self.shared);
        let mut store = Arc::clone(&shared.store).lock_owned().await;
        tokio::task::spawn_blocking(move || change(&mut store, &shared))
            .await
            .map_err(|_| AnnotationsError::Closed)?
    }
}

impl Shared {
    fn take_file(&self, read: Result<Vec<Annotation>, String>) {
        match read {
            Ok(annotations) => self.change(|state| {
                state.of_file = annotations;
                state.problem = None;
            }),
            Err(problem) => {
                tracing::warn!(problem, "bad file of annotations; what was read before stays");
                self.change(|state| state.problem = Some(problem));
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        self.state.send_modify(|state| {
            change(state);
            self.all.send_replace(state.ordered());
        });
    }
}

impl State {
    /// Both, by time.
    fn ordered(&self) -> Arc<[Annotation]> {
        // An id that the file took later is the file's.
        let is_free = |annotation: &&Annotation| {
            !self.of_file.iter().any(|of_file| of_file.id == annotation.id)
        };
        let of_api = self.of_api.iter().filter(is_free);
        let mut all: Vec<Annotation> = self.of_file.iter().chain(of_api).cloned().collect();
        all.sort_by(|a, b| (a.from_ms, &a.id).cmp(&(b.from_ms, &b.id)));
        all.into()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn draft(id: &str, from: &str) -> Draft {
        Draft {
            id: (!id.is_empty()).then(|| id.to_owned()),
            kind: Some("campaign".to_owned()),
            title: Some("Mailing".to_owned()),
            from: Some(from.to_owned()),
            ..Draft::default()
        }
    }

    fn ids(annotations: &[Annotation]) -> Vec<&str> {
        annotations.iter().map(|annotation| annotation.id.as_str()).collect()
    }

    fn open(folder: &Path, file: &str) -> Annotations {
        fs::write(folder.join("a.toml"), file).expect("write");
        let settings = model::Annotations { file: Some(folder.join("a.toml")), entries_max: 2 };
        Annotations::open(&settings, &folder.join("state"), &TimeZone::UTC).expect("open")
    }

    fn entry(id: &str, from: &str) -> String {
        format!("[[annotation]]\nid = \"{id}\"\nkind = \"release\"\ntitle = \"x\"\nfrom = {from}\n")
    }

    #[tokio::test]
    async fn file_and_api_are_one_list_by_time() {
        let folder = tempfile::tempdir().expect("folder");
        let book = open(folder.path(), &entry("mine", "2026-05-02"));
        book.put(draft("", "2026-05-03"), Vec::new()).await.expect("kept");
        book.put(draft("", "2026-05-01"), Vec::new()).await.expect("kept");
        assert_eq!(ids(&book.all()), ["a2", "mine", "a1"]);
        let since = Filter { from_ms: book.moment("2026-05-02"), ..Filter::default() };
        assert_eq!(ids(&book.wanted(&since)), ["mine", "a1"]);

        let full = book.put(draft("", "2026-05-04"), Vec::new()).await;
        assert!(matches!(full, Err(PutError::Full { max: 2 })));
        assert_eq!(book.refused(), 1);
        let theirs = book.put(draft("mine", "2026-05-04"), Vec::new()).await;
        assert!(matches!(theirs, Err(PutError::InFile { .. })));
        assert!(matches!(book.remove("mine").await, Err(RemoveError::InFile { .. })));
        book.remove("a1").await.expect("removed");
        assert!(matches!(book.remove("a1").await, Err(RemoveError::Unknown { .. })));

        drop(book);
        let book = open(folder.path(), &entry("a2", "2026-05-05"));
        assert_eq!(ids(&book.all()), ["a2"], "the file has taken the id");
        assert_eq!(book.all()[0].source, Source::File);
    }

    #[tokio::test(start_paused = true)]
    async fn a_changed_file_is_read_and_a_bad_one_changes_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        let book = open(folder.path(), &entry("one", "2026-05-01"));
        let (mut changes, mut newest) = (book.shared.state.subscribe(), book.newest());
        let watching = tokio::spawn(book.clone().watch_file(Duration::from_millis(10)));
        let write = |text: &str| fs::write(folder.path().join("a.toml"), text).expect("write");
        write(&format!("{}{}", entry("one", "2026-05-01"), entry("two", "2026-05-02")));
        drop(newest.wait_for(|all| all.len() == 2).await.expect("alive"));
        write("kind = 1");
        drop(changes.wait_for(|state| state.problem.is_some()).await.expect("alive"));
        assert_eq!(ids(&book.all()), ["one", "two"]);
        let problem = book.file_problem().expect("said");
        assert!(problem.contains("a.toml:1: annotations: unknown key `kind`"), "{problem}");
        write(&entry("three", "2026-05-01"));
        drop(changes.wait_for(|state| state.problem.is_none()).await.expect("alive"));
        assert_eq!(ids(&book.all()), ["three"]);
        watching.abort();
    }
}
