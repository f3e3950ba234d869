//! People, tokens and the first set-up: by pages, and by `tablica access`.

use std::net::IpAddr;
use std::time::Duration;

use zeroize::Zeroizing;

use super::book::{Access, add};
use super::login::LoginError;
use super::store::{Put, Removed};
use super::{AccessError, PASSWORD_CHARS_MIN, Role, password, secret, tidy_name};
use crate::event::millis;

/// How long the link for the first admin holds.
const SET_UP_WITHIN: Duration = Duration::from_secs(60 * 60);

/// Why something is not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Letters, digits, spaces and `._@-`, not too many.
    #[error("a name has up to 64 letters, digits, spaces and . _ @ -")]
    BadName,
    /// Too short, or far too long.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    BadPassword,
    /// There is one.
    #[error("this name is taken")]
    Taken,
    /// There is none.
    #[error("there is nobody and nothing of this name")]
    Unknown,
    /// Nobody could let anybody in any more.
    #[error("this is the last admin: make another one first")]
    LastAdmin,
    /// There are too many.
    #[error("there are as many as may be (access.people_max, access.tokens_max)")]
    Full,
    /// The provider of OpenID Connect says who they are and what they may do.
    #[error("this person comes in by OpenID Connect: role and password are their organisation's")]
    Vouched,
    /// The link was used, is too old, or there is an admin.
    #[error("this link does not hold any more: the next start of the server prints a new one")]
    LinkGone,
    /// The password that was to be right is not.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The disk refuses.
    #[error(transparent)]
    Store(#[from] AccessError),
}

impl Access {
    /// A new person.
    pub async fn add_person(
        &self,
        typed: &str,
        role: Role,
        password: Zeroizing<String>,
    ) -> Result<String, ChangeError> {
        let name = tidy_name(typed).ok_or(ChangeError::BadName)?;
        let hashed = self.hashed(password).await?;
        let (max, now_ms) = (self.shared.settings.people_max, (self.shared.now)());
        let of = name.clone();
        let put = self.change(move |it| it.add_person((&of, role, &hashed), max, now_ms)).await?;
        if put == Put::Full {
            add(&self.shared.counts.people_refused, 1);
        }
        done(put)?;
        Ok(name)
    }

    /// They are out, with all their sessions.
    pub async fn remove_person(&self, name: &str) -> Result<(), ChangeError> {
        let name = name.to_owned();
        removed(self.change(move |store| store.remove_person(&name)).await?)
    }

    /// What they may do from now on.
    pub async fn change_role(&self, name: &str, role: Role) -> Result<(), ChangeError> {
        let name = self.with_password(name)?;
        removed(self.change(move |store| store.change_role(&name, role)).await?)
    }

    /// A new password by somebody who may; all of the person's sessions end.
    pub async fn set_password(
        &self,
        name: &str,
        password: Zeroizing<String>,
    ) -> Result<(), ChangeError> {
        let (name, hashed) = (self.with_password(name)?, self.hashed(password).await?);
        let is_there =
            self.change(move |store| store.change_password(&name, &hashed, None)).await?;
        is_there.then_some(()).ok_or(ChangeError::Unknown)
    }

    /// A new password by oneself, who says the old one; all other sessions end.
    pub async fn change_own_password(
        &self,
        name: &str,
        (old, new): (Zeroizing<String>, Zeroizing<String>),
        session: &str,
        from: Option<IpAddr>,
    ) -> Result<(), ChangeError> {
        if !password::is_fit(&new) {
            return Err(ChangeError::BadPassword);
        }
        let name = self.prove(name, old, from).await?;
        let (hashed, but) = (self.hashed(new).await?, secret::hash(session));
        self.change(move |store| store.change_password(&name, &hashed, Some(&but))).await?;
        Ok(())
    }

    /// A new token; it is shown this once.
    pub async fn add_token(
        &self,
        typed: &str,
        role: Role,
    ) -> Result<(String, Zeroizing<String>), ChangeError> {
        let name = tidy_name(typed).ok_or(ChangeError::BadName)?;
        let token = secret::random()?;
        let (max, now_ms) = (self.shared.settings.tokens_max, (self.shared.now)());
        let (of, hash) = (name.clone(), secret::hash(&token));
        let put = self.change(move |it| it.add_token((&of, role, &hash), max, now_ms)).await?;
        if put == Put::Full {
            add(&self.shared.counts.tokens_refused, 1);
        }
        done(put)?;
        Ok((name, token))
    }

    /// It opens nothing any more.
    pub async fn remove_token(&self, name: &str) -> Result<(), ChangeError> {
        let name = name.to_owned();
        let was_there = self.change(move |store| store.remove_token(&name)).await?;
        was_there.then_some(()).ok_or(ChangeError::Unknown)
    }

    /// A link for the first admin, while there is none; those before it do not hold any more.
    pub async fn new_set_up(&self) -> Result<Option<Zeroizing<String>>, AccessError> {
        let link = secret::random()?;
        let (hash, now_ms) = (secret::hash(&link), (self.shared.now)());
        let expires_ms = now_ms.saturating_add(millis(SET_UP_WITHIN));
        let holds = self.change(move |store| store.put_set_up(&hash, expires_ms)).await?;
        Ok(holds.then_some(link))
    }

    /// Whether that link holds.
    pub async fn set_up_holds(&self, link: &str) -> Result<bool, AccessError> {
        let (hash, now_ms) = (secret::hash(link), (self.shared.now)());
        self.with_store(move |store| store.set_up_holds(&hash, now_ms)).await
    }

    /// The first admin, by the link; it holds no longer then.
    pub async fn set_up(
        &self,
        link: &str,
        typed: &str,
        password: Zeroizing<String>,
    ) -> Result<super::LoggedIn, ChangeError> {
        let name = tidy_name(typed).ok_or(ChangeError::BadName)?;
        // Before any work: whoever has no link costs nothing.
        if !self.set_up_holds(link).await? {
            return Err(ChangeError::LinkGone);
        }
        let hashed = self.hashed(password).await?;
        let (hash, now_ms, of) = (secret::hash(link), (self.shared.now)(), name.clone());
        if !self.change(move |store| store.set_up(&hash, (&of, &hashed), now_ms)).await? {
            return Err(ChangeError::LinkGone);
        }
        let session = self.begin_session(&name).await?;
        Ok(super::LoggedIn { name, session })
    }

    /// A name whose role and password are this server's to say.
    fn with_password(&self, name: &str) -> Result<String, ChangeError> {
        if self.is_vouched(name) {
            return Err(ChangeError::Vouched);
        }
        Ok(name.to_owned())
    }

    async fn hashed(&self, password: Zeroizing<String>) -> Result<Zeroizing<String>, ChangeError> {
        if !password::is_fit(&password) {
            return Err(ChangeError::BadPassword);
        }
        let Ok(_place) = self.shared.hashing.acquire().await else {
            return Err(AccessError::Stopping.into());
        };
        let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await;
        Ok(Zeroizing::new(hashed.map_err(|_| AccessError::Stopping)??))
    }
}

pub(super) fn done(put: Put) -> Result<(), ChangeError> {
    match put {
        Put::Done => Ok(()),
        Put::Taken => Err(ChangeError::Taken),
        Put::Full => Err(ChangeError::Full),
    }
}

pub(super) fn removed(removed: Removed) -> Result<(), ChangeError> {
    match removed {
        Removed::Done => Ok(()),
        Removed::Unknown => Err(ChangeError::Unknown),
        Removed::LastAdmin => Err(ChangeError::LastAdmin),
    }
}
