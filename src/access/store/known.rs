//! All that requests are judged by, read at once: in memory, nobody waits for the disk.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use super::SessionOf;
use crate::access::book::listed;
use crate::access::secret::Hash;
use crate::access::{Person, Role};
use crate::event::UnixMs;

/// All by which requests are judged.
#[derive(Clone, Debug, Default)]
pub(in crate::access) struct Known {
    pub(in crate::access) people: BTreeMap<String, (Role, UnixMs)>,
    /// Those of them whom the provider of OpenID Connect vouches for.
    pub(in crate::access) vouched: BTreeSet<String>,
    pub(in crate::access) sessions: HashMap<Hash, SessionOf>,
    pub(in crate::access) tokens: HashMap<Hash, String>,
    pub(in crate::access) token_names: BTreeMap<String, (Role, UnixMs)>,
}

impl Known {
    /// Everybody.
    pub(in crate::access) fn listed_people(&self) -> Vec<Person> {
        let mut people = listed(self.people.iter());
        for person in &mut people {
            person.is_vouched = self.vouched.contains(&person.name);
        }
        people
    }
}

/// Who has a role that this Tablica does not know may nothing.
pub(super) fn all(file: &Connection) -> rusqlite::Result<Known> {
    let mut known = Known::default();
    let mut people = file.prepare("SELECT name, role, made_ms FROM person")?;
    let mut rows = people.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(role) = Role::from_word(&row.get::<_, String>(1)?) {
            known.people.insert(row.get(0)?, (role, row.get(2)?));
        }
    }
    let mut vouched = file.prepare("SELECT person FROM subject")?;
    let mut rows = vouched.query([])?;
    while let Some(row) = rows.next()? {
        known.vouched.insert(row.get(0)?);
    }
    let mut sessions = file.prepare("SELECT hash, person, expires_ms FROM session")?;
    let mut rows = sessions.query([])?;
    while let Some(row) = rows.next()? {
        let of = SessionOf { person: row.get(1)?, expires_ms: row.get(2)? };
        known.sessions.insert(row.get(0)?, of);
    }
    let mut tokens = file.prepare("SELECT name, role, hash, made_ms FROM token")?;
    let mut rows = tokens.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(role) = Role::from_word(&row.get::<_, String>(1)?) {
            let name: String = row.get(0)?;
            known.tokens.insert(row.get(2)?, name.clone());
            known.token_names.insert(name, (role, row.get(3)?));
        }
    }
    Ok(known)
}
