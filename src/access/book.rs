//! The handle: what requests ask, answered from memory.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as PlainMutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{Mutex, Semaphore};
use zeroize::Zeroizing;

use super::attempts::Attempts;
use super::store::{Known, Store};
use super::{AccessError, Act, Recorded, Role, secret};
use crate::config::model;
use crate::event::{UnixMs, millis};
use crate::journal::Observer;

/// How often it is looked whether a command has changed the file.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Passwords that are hashed at once: each takes some 20 MiB.
const HASHED_AT_ONCE: usize = 2;

/// Who may do what on this server; clones share it.
#[derive(Clone)]
pub struct Access {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) settings: model::Access,
    pub(super) now: fn() -> UnixMs,
    /// One change at a time, each on a thread that may block.
    pub(super) store: Arc<Mutex<Store>>,
    pub(super) known: ArcSwap<Known>,
    pub(super) attempts: PlainMutex<Attempts>,
    pub(super) hashing: Semaphore,
    pub(super) counts: Counts,
}

/// What has happened since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Those who came in.
    pub logins: AtomicU64,
    /// Wrong names or passwords.
    pub failed: AtomicU64,
    /// Attempts over `access.login_attempts_max`.
    pub limited: AtomicU64,
    /// Sessions that ended for newer ones (`access.sessions_max`).
    pub sessions_ended: AtomicU64,
    /// Acts that went for newer ones (`access.audit_rows_max`).
    pub acts_dropped: AtomicU64,
    /// Acts that could not be recorded.
    pub acts_lost: AtomicU64,
    /// People who were not added (`access.people_max`).
    pub people_refused: AtomicU64,
    /// Tokens that were not made (`access.tokens_max`).
    pub tokens_refused: AtomicU64,
}

/// Who asks.
#[derive(Clone)]
pub struct Identity {
    /// A person, or "token NAME".
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How that is known.
    pub via: Via,
    /// What forms of their pages are made with.
    pub form_secret: Zeroizing<String>,
}

/// How it is known who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// By a browser's cookie.
    Session,
    /// By a token in the header.
    Token,
    /// By being able to reach the listener: no `[access]`.
    Reach,
}

/// A person, without what they log in with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when, in Unix milliseconds.
    pub made_ms: UnixMs,
    /// They come in by the login of their organisation, which says what they may do, and have no
    /// password here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_vouched: bool,
}

/// A token, without itself.
pub type TokenInfo = Person;

impl Access {
    /// Opens the file of a state folder. Blocks.
    pub fn open(
        settings: &model::Access,
        state_dir: &Path,
        observer: Arc<dyn Observer>,
        now: fn() -> UnixMs,
    ) -> Result<Self, AccessError> {
        let mut store = Store::open(state_dir, observer)?;
        let known = store.read().unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody can log in until the file of people can be read");
            Known::default()
        });
        let within_ms = millis(settings.login_attempts_within);
        let attempts =
            Attempts::new(settings.login_attempts_max, within_ms, settings.login_attempts_kept_max);
        Ok(Self {
            shared: Arc::new(Shared {
                settings: settings.clone(),
                now,
                store: Arc::new(Mutex::new(store)),
                known: ArcSwap::from_pointee(known),
                attempts: PlainMutex::new(attempts),
                hashing: Semaphore::new(HASHED_AT_ONCE),
                counts: Counts::default(),
            }),
        })
    }

    /// `[access]`
    pub fn settings(&self) -> &model::Access {
        &self.shared.settings
    }

    /// What has happened since the start.
    pub fn counts(&self) -> &Counts {
        &self.shared.counts
    }

    /// Attempts that were forgotten early (`access.login_attempts_kept_max`).
    pub fn attempts_forgotten(&self) -> u64 {
        self.shared.attempts.lock().map_or(0, |attempts| attempts.forgotten)
    }

    /// Whose session it is.
    pub fn by_session(&self, token: &str) -> Option<Identity> {
        let known = self.shared.known.load();
        let session = known.sessions.get(&secret::hash(token))?;
        let (role, _) = *known.people.get(&session.person)?;
        ((self.shared.now)() < session.expires_ms).then(|| Identity {
            name: session.person.clone(),
            role,
            via: Via::Session,
            form_secret: Zeroizing::new(token.to_owned()),
        })
    }

    /// Whose token it is.
    pub fn by_token(&self, token: &str) -> Option<Identity> {
        let known = self.shared.known.load();
        let name = known.tokens.get(&secret::hash(token))?;
        let (role, _) = *known.token_names.get(name)?;
        let form_secret = Zeroizing::new(token.to_owned());
        Some(Identity { name: format!("token {name}"), role, via: Via::Token, form_secret })
    }

    /// Everybody.
    pub fn people(&self) -> Vec<Person> {
        let known = self.shared.known.load();
        known.listed_people()
    }

    /// Whether somebody comes in by the login of their organisation.
    pub fn is_vouched(&self, name: &str) -> bool {
        self.shared.known.load().vouched.contains(name)
    }

    /// Every token.
    pub fn tokens(&self) -> Vec<TokenInfo> {
        let known = self.shared.known.load();
        listed(known.token_names.iter())
    }

    /// Keeps an act. One that cannot be kept is counted and said in the log.
    pub async fn record(&self, act: Act) {
        let keep = (millis(self.shared.settings.audit_keep), self.shared.settings.audit_rows_max);
        let now_ms = (self.shared.now)();
        match self.with_store(move |store| store.record(&act, now_ms, keep)).await {
            Ok(dropped) => add(&self.shared.counts.acts_dropped, dropped),
            Err(error) => {
                add(&self.shared.counts.acts_lost, 1);
                tracing::warn!(%error, "an act could not be recorded in the audit log");
            }
        }
    }

    /// The newest acts, the newest first.
    pub async fn acts(&self, rows_max: usize) -> Result<Vec<Recorded>, AccessError> {
        self.with_store(move |store| store.acts(rows_max)).await
    }

    /// Takes up what commands change, until it is aborted.
    pub async fn watch(self) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            let known = self
                .with_store(
                    |store| {
                        if store.is_news()? { store.read().map(Some) } else { Ok(None) }
                    },
                )
                .await;
            match known {
                Ok(Some(known)) => self.shared.known.store(Arc::new(known)),
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "the file of people cannot be read"),
            }
        }
    }

    /// Does something with the file, off the runtime.
    pub(super) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, AccessError> + Send + 'static,
    ) -> Result<T, AccessError> {
        let mut store = Arc::clone(&self.shared.store).lock_owned().await;
        let done = tokio::task::spawn_blocking(move || work(&mut store)).await;
        done.unwrap_or(Err(AccessError::Stopping))
    }

    /// The same, and what requests are judged by is read anew.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, AccessError> + Send + 'static,
    ) -> Result<T, AccessError> {
        let (done, known) = self
            .with_store(move |store| {
                let done = work(store)?;
                Ok((done, store.read()?))
            })
            .await?;
        self.shared.known.store(Arc::new(known));
        Ok(done)
    }
}

pub(super) fn listed<'a>(
    all: impl Iterator<Item = (&'a String, &'a (Role, UnixMs))>,
) -> Vec<Person> {
    let of = |(name, (role, made_ms)): (&String, &(Role, UnixMs))| Person {
        name: name.clone(),
        role: *role,
        made_ms: *made_ms,
        is_vouched: false,
    };
    all.map(of).collect()
}

pub(super) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}
