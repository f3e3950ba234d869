//! The same file from the console: whoever may write the state folder may do anything.

use std::path::Path;

use zeroize::Zeroizing;

use super::book::listed;
use super::change::{ChangeError, done, removed};
use super::store::Store;
use super::{Act, Person, Recorded, Role, password, secret, tidy_name};
use crate::config::model;
use crate::event::UnixMs;

/// The file, opened beside a server or before its first start.
pub struct Console {
    store: Store,
    settings: model::Access,
    now_ms: UnixMs,
}

impl Console {
    /// Opens it.
    pub fn open(state_dir: &Path, now_ms: UnixMs) -> Result<Self, ChangeError> {
        let settings = model::Access::default();
        Ok(Self { store: Store::beside(state_dir)?, settings, now_ms })
    }

    /// A new person.
    pub fn add_person(
        &mut self,
        typed: &str,
        role: Role,
        password: &str,
    ) -> Result<(), ChangeError> {
        let (name, hashed) = (fit(typed)?, hashed(password)?);
        let max = self.settings.people_max;
        done(self.store.add_person((&name, role, &hashed), max, self.now_ms)?)?;
        self.record("person_add", &format!("{name} ({})", role.word()))
    }

    /// They are out.
    pub fn remove_person(&mut self, typed: &str) -> Result<(), ChangeError> {
        let name = fit(typed)?;
        removed(self.store.remove_person(&name)?)?;
        self.record("person_remove", &name)
    }

    /// A new password.
    pub fn set_password(&mut self, typed: &str, password: &str) -> Result<(), ChangeError> {
        let (name, hashed) = (fit(typed)?, hashed(password)?);
        if self.store.is_vouched(&name)? {
            return Err(ChangeError::Vouched);
        }
        if !self.store.change_password(&name, &hashed, None)? {
            return Err(ChangeError::Unknown);
        }
        self.record("password_set", &name)
    }

    /// A new token.
    pub fn add_token(&mut self, typed: &str, role: Role) -> Result<Zeroizing<String>, ChangeError> {
        let (name, token) = (fit(typed)?, secret::random()?);
        let (max, hash) = (self.settings.tokens_max, secret::hash(&token));
        done(self.store.add_token((&name, role, &hash), max, self.now_ms)?)?;
        self.record("token_add", &format!("{name} ({})", role.word()))?;
        Ok(token)
    }

    /// It opens nothing any more.
    pub fn remove_token(&mut self, typed: &str) -> Result<(), ChangeError> {
        let name = fit(typed)?;
        if !self.store.remove_token(&name)? {
            return Err(ChangeError::Unknown);
        }
        self.record("token_remove", &name)
    }

    /// People, and tokens.
    pub fn list(&mut self) -> Result<(Vec<Person>, Vec<Person>), ChangeError> {
        let known = self.store.read()?;
        Ok((known.listed_people(), listed(known.token_names.iter())))
    }

    /// The newest acts, the newest first.
    pub fn acts(&self, rows_max: usize) -> Result<Vec<Recorded>, ChangeError> {
        Ok(self.store.acts(rows_max)?)
    }

    fn record(&mut self, act: &'static str, target: &str) -> Result<(), ChangeError> {
        let act = Act {
            who: "console".to_owned(),
            origin: "console".to_owned(),
            act,
            target: target.to_owned(),
            result: "ok".to_owned(),
        };
        // How long and how many are kept is the server's to see to, with its next one.
        self.store.record(&act, self.now_ms, (i64::MAX, usize::MAX))?;
        Ok(())
    }
}

fn fit(typed: &str) -> Result<String, ChangeError> {
    tidy_name(typed).ok_or(ChangeError::BadName)
}

fn hashed(password: &str) -> Result<Zeroizing<String>, ChangeError> {
    if !password::is_fit(password) {
        return Err(ChangeError::BadPassword);
    }
    Ok(Zeroizing::new(password::hash(password)?))
}
