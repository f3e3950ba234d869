//! Logging in: as often as somebody may try, by name and password.

use std::net::IpAddr;
use std::time::Duration;

use zeroize::Zeroizing;

use super::book::{Access, add};
use super::store::SessionOf;
use super::{AccessError, password, secret, tidy_name};
use crate::event::millis;

/// How long somebody waits until a password can be looked at.
const HASHING_WAIT_MAX: Duration = Duration::from_secs(10);

/// Somebody who came in.
pub struct LoggedIn {
    /// Who.
    pub name: String,
    /// For their browser alone.
    pub session: Zeroizing<String>,
}

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The name or the password; which one is not said.
    #[error("the name or the password is wrong")]
    Wrong {
        /// The person whose password it is not; for the audit log alone.
        person: Option<String>,
    },
    /// Too often (`access.login_attempts_max`).
    #[error("too many attempts: try again in {} min", again_in_s.div_ceil(60))]
    TooMany {
        /// When.
        again_in_s: u32,
        /// It is the first.
        is_news: bool,
    },
    /// Too many others at once.
    #[error("too many are logging in at this moment")]
    Busy,
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] AccessError),
}

impl Access {
    /// A new session for who says the right name and password.
    pub async fn log_in(
        &self,
        typed: &str,
        password: Zeroizing<String>,
        from: Option<IpAddr>,
    ) -> Result<LoggedIn, LoginError> {
        let name = self.prove(typed, password, from).await?;
        let session = self.begin_session(&name).await?;
        Ok(LoggedIn { name, session })
    }

    /// Whose name and password these are.
    pub(super) async fn prove(
        &self,
        typed: &str,
        password: Zeroizing<String>,
        from: Option<IpAddr>,
    ) -> Result<String, LoginError> {
        // What can be no name is counted as one, too.
        let name = tidy_name(typed).unwrap_or_default();
        self.may_try(from, Some(&name))?;
        let waits = self.shared.hashing.acquire();
        let waited = tokio::time::timeout(HASHING_WAIT_MAX, waits).await;
        let Ok(Ok(_place)) = waited else { return Err(LoginError::Busy) };
        let of = name.clone();
        let kept = self.with_store(move |store| store.password_of(&of)).await?;
        let is_person = kept.is_some();
        let looked =
            tokio::task::spawn_blocking(move || password::is_right(&password, kept.as_deref()));
        if !looked.await.map_err(|_| AccessError::Stopping)? {
            add(&self.shared.counts.failed, 1);
            return Err(LoginError::Wrong { person: is_person.then_some(name) });
        }
        self.give_back(from, Some(&name));
        add(&self.shared.counts.logins, 1);
        Ok(name)
    }

    pub(super) fn give_back(&self, from: Option<IpAddr>, name: Option<&str>) {
        if let Ok(mut attempts) = self.shared.attempts.lock() {
            attempts.give_back(from, name);
        }
    }

    pub(super) fn may_try(
        &self,
        from: Option<IpAddr>,
        name: Option<&str>,
    ) -> Result<(), LoginError> {
        // Its holder cannot panic; if it did, nobody tries any more.
        let Ok(mut attempts) = self.shared.attempts.lock() else { return Err(LoginError::Busy) };
        attempts.begin(from, name, (self.shared.now)()).map_err(|too_many| {
            add(&self.shared.counts.limited, 1);
            let again_in_s = u32::try_from(too_many.again_in_ms / 1000 + 1).unwrap_or(u32::MAX);
            LoginError::TooMany { again_in_s, is_news: too_many.is_news }
        })
    }

    pub(super) async fn begin_session(&self, name: &str) -> Result<Zeroizing<String>, AccessError> {
        let session = secret::random()?;
        let (hash, now_ms) = (secret::hash(&session), (self.shared.now)());
        let expires_ms = now_ms.saturating_add(millis(self.shared.settings.session()));
        let of = SessionOf { person: name.to_owned(), expires_ms };
        let settings = &self.shared.settings;
        let max = (settings.sessions_max, settings.sessions_per_person_max);
        let ended = self.change(move |store| store.add_session(&hash, &of, max, now_ms)).await?;
        add(&self.shared.counts.sessions_ended, ended);
        Ok(session)
    }

    /// Ends a session.
    pub async fn log_out(&self, session: &str) -> Result<(), AccessError> {
        let hash = secret::hash(session);
        self.change(move |store| store.end_session(&hash)).await
    }
}
