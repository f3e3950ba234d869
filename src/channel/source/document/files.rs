//! Documents that are files: in a folder, or as the mails of a Maildir.

use std::collections::VecDeque;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::cursor::{Given, Mark, hash};
use super::listing::{Form, Found, Listing, Looked, unique};
use super::{Changed, Head, Next, Part, Place, Settings, listing, media};
use crate::files;
use crate::telemetry::Seldom;

/// Reads files. Only its blocking steps leave the task.
pub(super) struct Files {
    path: PathBuf,
    form: Form,
    quiet: Duration,
    /// Which folder the cursor is of.
    place: u64,
    look_every: Duration,
    listing: Option<Listing>,
    given: Given,
    /// New ones, in order.
    queue: VecDeque<Found>,
    more: bool,
    open: Option<Open>,
    notices: VecDeque<Next>,
    /// What is there is passed over at the first look.
    passes_over: bool,
    /// When the source began, once its folder was not there then.
    waited_since: Option<SystemTime>,
    began: SystemTime,
    /// None before the first look; then what is wrong, if anything.
    trouble: Option<Option<String>>,
    has_looked: bool,
    unreadable: Seldom,
}

struct Open {
    file: Arc<File>,
    mark: Mark,
    head: Head,
    /// Its size and time when it was opened.
    state: (u64, i64, i64),
    /// When it was last written, moved or renamed.
    changed: i64,
}

impl Files {
    pub(super) fn new(settings: &Settings, cursor: Option<&[u8]>) -> Self {
        let (path, form) = match &settings.place {
            Place::Maildir(path) => (path.clone(), Form::Mail),
            Place::Folder(path) => (path.clone(), Form::Plain),
            Place::Imap(_) => (PathBuf::new(), Form::Plain),
        };
        let mut named = path.as_os_str().as_bytes().to_vec();
        named.push(if form == Form::Mail { 1 } else { 0 });
        let place = hash(&named);
        let given = cursor.map(|bytes| Given::from_bytes(bytes, place));
        let mut notices = VecDeque::new();
        if matches!(given, Some(None)) {
            let why = "it is not known which documents of this folder were given before";
            notices.push_back(Next::Gap(why.to_owned()));
        }
        let given = given.flatten();
        Self {
            path: path.clone(),
            form,
            quiet: settings.quiet,
            place,
            look_every: settings.look_every,
            listing: Some(Listing::new(path, form, settings.quiet)),
            passes_over: given.is_none() && !settings.from_beginning,
            given: given.unwrap_or_default(),
            queue: VecDeque::new(),
            more: false,
            open: None,
            notices,
            waited_since: None,
            began: listing::wall(),
            trouble: None,
            has_looked: false,
            unreadable: Seldom::default(),
        }
    }

    pub(super) async fn next(&mut self) -> Next {
        self.open = None;
        loop {
            if let Some(notice) = self.notices.pop_front() {
                return notice;
            }
            while let Some(found) = self.queue.front().cloned() {
                let form = self.form;
                match blocking(move || Open::new(found, form)).await {
                    Ok(open) => {
                        let head = open.head.clone();
                        self.open = Some(open);
                        return Next::Document(head);
                    }
                    Err(error) => self.skip(&error),
                }
            }
            if self.has_looked && !std::mem::take(&mut self.more) {
                tokio::time::sleep(self.look_every).await;
            }
            self.has_looked = true;
            self.look().await;
        }
    }

    /// A file that cannot be read now; a mail may have moved, and is found again at the next look.
    fn skip(&mut self, error: &io::Error) {
        self.queue.pop_front();
        if let Some(listing) = &mut self.listing {
            listing.again();
        }
        if error.kind() != io::ErrorKind::NotFound
            && let Some(left_out) = self.unreadable.now()
        {
            tracing::warn!(%error, left_out, "a document cannot be read; it is tried again");
        }
    }

    async fn look(&mut self) {
        let Some(mut listing) = self.listing.take() else { return };
        let mut given = self.given.clone();
        let (passes_over, waited_since) = (self.passes_over, self.waited_since);
        let (listing, given, looked) = blocking(move || {
            let looked = match passes_over {
                true => listing.pass_over(&mut given, waited_since).map(|()| None),
                false => listing.look(&given).map(Some),
            };
            Ok((listing, given, looked))
        })
        .await
        .unwrap_or_else(|error| {
            // The step panicked: the next one starts from the cursor.
            let listing = Listing::new(self.path.clone(), self.form, self.quiet);
            (listing, self.given.clone(), Err(error))
        });
        self.listing = Some(listing);
        match looked {
            Ok(looked) => {
                if self.trouble != Some(None) {
                    self.trouble = Some(None);
                    self.notices.push_back(Next::Connected);
                }
                match looked {
                    Some(Looked { found, more, passed_over }) => {
                        if passed_over > 0 {
                            self.notices.push_back(Next::PassedOver(passed_over));
                        }
                        self.queue = found.into();
                        self.more = more;
                    }
                    None => {
                        self.passes_over = false;
                        self.given = given;
                        self.more = true;
                        self.notices.push_back(Next::Begins);
                    }
                }
            }
            Err(error) => {
                self.waited_since.get_or_insert(self.began);
                let why = match error.kind() {
                    io::ErrorKind::NotFound => "the folder of documents does not exist".to_owned(),
                    _ => format!("the folder of documents cannot be read: {error}"),
                };
                if self.trouble.as_ref().and_then(Option::as_ref) != Some(&why) {
                    self.notices.push_back(Next::Disconnected(why.clone()));
                    self.trouble = Some(Some(why));
                }
            }
        }
    }

    pub(super) async fn part(&mut self, offset: u64, bytes: usize) -> Result<Part, Changed> {
        let open = self.open.as_ref().ok_or(Changed)?;
        let file = Arc::clone(&open.file);
        let left = usize::try_from(open.head.length.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = left.min(bytes);
        let read = blocking(move || {
            let mut part = vec![0; wanted];
            file.read_exact_at(&mut part, offset)?;
            Ok(part)
        });
        let is_last = wanted == left;
        read.await.map(|part| Part { bytes: part.into(), is_last }).map_err(|_| Changed)
    }

    pub(super) async fn is_whole(&mut self) -> bool {
        let Some(open) = &self.open else { return false };
        let file = Arc::clone(&open.file);
        let now = blocking(move || state(&file)).await;
        now.is_ok_and(|now| now == open.state)
    }

    pub(super) fn cursor(&self) -> Vec<u8> {
        let mut given = self.given.clone();
        if let Some(open) = &self.open {
            given.add(open.mark, open.changed);
        }
        given.to_bytes(self.place)
    }

    pub(super) fn taken(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.given.add(open.mark, open.changed);
        self.queue.pop_front();
        if let Some(listing) = &mut self.listing {
            listing.done(open.mark);
        }
    }

    pub(super) fn put_back(&mut self) {
        self.open = None;
        self.queue.pop_front();
        if let Some(listing) = &mut self.listing {
            listing.again();
        }
    }
}

impl Open {
    fn new(found: Found, form: Form) -> io::Result<Self> {
        let file = files::open(&found.path)?;
        let metadata = file.metadata()?;
        let state = state_of(&metadata);
        if listing::nanoseconds_of(state.1, state.2) != found.mark.time {
            // It was written to since it was found: it is another document by now.
            return Err(io::ErrorKind::NotFound.into());
        }
        let name = found.path.file_name().unwrap_or_default().as_bytes();
        let ms = found.mark.time / 1_000_000;
        let head = Head {
            name: match form {
                Form::Plain => format!("{}@{ms}", lossy(name)),
                Form::Mail => lossy(unique(name)),
            }
            .into(),
            media_type: match form {
                Form::Plain => media::of(&String::from_utf8_lossy(name)),
                Form::Mail => media::MAIL,
            },
            received_ms: Some(ms),
            length: state.0,
        };
        let changed = listing::changed(&metadata);
        Ok(Self { file: Arc::new(file), mark: found.mark, head, state, changed })
    }
}

/// A name as text. Where it is none, a few digits tell it from others that read alike.
fn lossy(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => format!("{}~{:08x}", String::from_utf8_lossy(name), hash(name) >> 32),
    }
}

fn state(file: &File) -> io::Result<(u64, i64, i64)> {
    Ok(state_of(&file.metadata()?))
}

fn state_of(metadata: &Metadata) -> (u64, i64, i64) {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

/// A folder on a network may hang: not on the runtime's threads.
async fn blocking<T: Send + 'static>(
    step: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(step).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
