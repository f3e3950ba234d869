//! People whom the provider of OpenID Connect vouches for: kept by a hash of what it calls them, so that
//! a name that somebody else gets later is not theirs.

use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::{Put, Store, put_person};
use crate::access::secret::Hash;
use crate::access::{AccessError, Role};
use crate::event::UnixMs;

/// What becomes of somebody who is vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::access) enum Entered {
    Done,
    /// Somebody else has the name: with a password, or vouched for as another.
    Taken,
    Full,
}

impl Store {
    /// They have that name and role from now on. Who was called otherwise before begins anew.
    pub(in crate::access) fn enter(
        &mut self,
        subject: &Hash,
        (name, role): (&str, Role),
        max: usize,
        now_ms: UnixMs,
    ) -> Result<Entered, AccessError> {
        Ok(self.file.change(|file| {
            let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sql = "SELECT person FROM subject WHERE hash = ?1";
            let known: Option<String> =
                change.query_row(sql, [subject], |row| row.get(0)).optional()?;
            if known.as_deref() == Some(name) {
                let sql = "UPDATE person SET role = ?2 WHERE name = ?1";
                change.execute(sql, [name, role.word()])?;
                change.commit()?;
                return Ok(Entered::Done);
            }
            if let Some(before) = known {
                change.execute("DELETE FROM person WHERE name = ?1", [before])?;
            }
            match put_person(&change, (name, role, ""), max, now_ms)? {
                Put::Done => {}
                Put::Taken => return Ok(Entered::Taken),
                Put::Full => return Ok(Entered::Full),
            }
            change.execute("INSERT INTO subject VALUES (?1, ?2)", params![subject, name])?;
            change.commit()?;
            Ok(Entered::Done)
        })?)
    }

    /// They are out, with all their sessions, if they were ever in.
    pub(in crate::access) fn forget_subject(&mut self, subject: &Hash) -> Result<(), AccessError> {
        let sql = "DELETE FROM person WHERE name = (SELECT person FROM subject WHERE hash = ?1)";
        self.file.change(|file| file.execute(sql, [subject]))?;
        Ok(())
    }

    /// Whether somebody has no password here because the provider vouches for them.
    pub(in crate::access) fn is_vouched(&self, name: &str) -> Result<bool, AccessError> {
        let sql = "SELECT count(*) FROM subject WHERE person = ?1";
        let found =
            self.file.ask(|file| file.query_row(sql, [name], |row| row.get::<_, i64>(0)))?;
        Ok(found.unwrap_or(0) > 0)
    }
}
