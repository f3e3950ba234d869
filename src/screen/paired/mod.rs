//! Paired screens: those that an operator has let in, each with a token of its own.
//!
//! A screen without a token is given one, and a short code that it shows (RFC 8628 without the
//! protocol around it). The token is worth nothing until somebody approves the code; from then on
//! it is the screen's for good: it has no end, and is known after any restart of either side. At
//! rest there is its hash alone. Changes are on disk before they hold.

mod code;
mod hours;
mod known;
mod limits;
mod order;
mod picture;
mod store;
#[cfg(test)]
mod tests;
mod types;
mod waiting;

use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::is_name;
use crate::event::UnixMs;
use crate::journal::{Observer, SideFileError};
use code::Hash;
use known::{Known, Record, Screen};
use limits::Refusals;
use store::Store;
use types::SAID_CHARS_MAX;
use waiting::Waiting;

pub use code::{COOKIE, written};
pub use limits::{PairLimit, PairLimits};
pub use order::{Order, Orders, Outcome};
pub use picture::{Failed, PictureError, PictureState};
pub use types::{
    PLACE_CHARS_MAX, PairError, PairedScreen, Program, Shows, Told, Turn, TurnStep, Visit,
};

/// A paired screen's right to a seat.
pub struct Ticket {
    pub(super) name: String,
    pub(super) is_revoked: watch::Receiver<bool>,
}

/// All paired screens, and those that wait.
pub struct Paired {
    limits: PairLimits,
    clock: fn() -> UnixMs,
    program: Box<dyn Program>,
    /// Held while something is changed: changes come one after the other.
    store: Mutex<Store>,
    known: Mutex<Known>,
    waiting: Mutex<Waiting>,
    refusals: Refusals,
    turns_restarted: AtomicU64,
}

/// Nothing here is left half done: whoever panicked while holding it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Paired {
    /// Those of a state folder. Fails only where a newer version wrote its file.
    pub fn open(
        limits: PairLimits,
        state_dir: &Path,
        observer: Arc<dyn Observer>,
        program: Box<dyn Program>,
        clock: fn() -> UnixMs,
    ) -> Result<Arc<Paired>, SideFileError> {
        let store = Store::open(state_dir, observer)?;
        let mut known = Known::default();
        for (hash, record) in store.load()? {
            known.put(hash, record);
        }
        Ok(Arc::new(Paired {
            limits,
            clock,
            program,
            store: Mutex::new(store),
            known: Mutex::new(known),
            waiting: Mutex::default(),
            refusals: Refusals::default(),
            turns_restarted: AtomicU64::new(0),
        }))
    }

    /// What the page of whoever has this token has to show. Whoever has none that is known is given
    /// one, with a code.
    pub fn ask(&self, token: Option<&str>, visit: Visit) -> Result<Told, PairError> {
        let now_ms = (self.clock)();
        let hash = token.and_then(code::hash_of);
        if let Some(screen) = hash.and_then(|hash| self.by_hash(&hash)) {
            return Ok(screen.told(visit, now_ms));
        }
        let mut waiting = locked(&self.waiting);
        waiting.forget_old(now_ms, &self.limits);
        if let Some(pending) = hash.and_then(|hash| waiting.of(&hash)) {
            let expires_in_ms = pending.expires_ms - now_ms;
            return Ok(Told::Code { code: pending.code.clone(), expires_in_ms, new_token: None });
        }
        let fits = waiting.has_room(visit.counted_as, &self.limits);
        fits.map_err(|limit| self.refuse(limit))?;
        let (token, hash) = code::draw_token().map_err(PairError::Disk)?;
        let code = waiting.draw_code().map_err(PairError::Disk)?;
        let expires_in_ms = limits::ms(self.limits.code_lifetime);
        waiting.put(hash, code.clone(), visit, now_ms + expires_in_ms);
        Ok(Told::Code { code, expires_in_ms, new_token: Some(token.to_string()) })
    }

    /// Lets in the screen that shows this code. It is on disk when this returns.
    pub fn approve(
        &self,
        code: &str,
        name: &str,
        place: &str,
        shows: &Shows,
        from: Option<IpAddr>,
    ) -> Result<(), PairError> {
        let mut store = locked(&self.store);
        let now_ms = (self.clock)();
        let (hash, visit) = self.waiting_with(code, from, now_ms)?;
        self.is_fit(name, place, Some(shows))?;
        {
            let known = locked(&self.known);
            if known.by_name.contains_key(name) {
                return Err(PairError::NameTaken(name.to_owned()));
            }
            if known.by_hash.len() >= self.limits.screens_max {
                return Err(self.refuse(PairLimit::Screens));
            }
        }
        let mut record = Record {
            id: 0,
            name: name.to_owned(),
            place: place.to_owned(),
            shows: shows.clone(),
            paired_ms: now_ms,
            calendar: None,
        };
        record.id = store.insert(&hash, &record)?;
        let screen = locked(&self.known).put(hash, record);
        *locked(&screen.last) = visit;
        locked(&self.waiting).remove(&hash);
        tracing::info!(screen = name, %shows, "a screen was paired");
        Ok(())
    }

    /// Which token waits under this code; a wrong one is counted.
    fn waiting_with(
        &self,
        code: &str,
        from: Option<IpAddr>,
        now_ms: UnixMs,
    ) -> Result<(Hash, Visit), PairError> {
        let mut waiting = locked(&self.waiting);
        waiting.forget_old(now_ms, &self.limits);
        waiting.may_try(from, &self.limits).map_err(|limit| self.refuse(limit))?;
        let plain = code::normal(code);
        match waiting.with_code(&plain) {
            Some(found) => Ok(found),
            None => {
                waiting.was_wrong(from, now_ms);
                Err(PairError::WrongCode(code::written(&plain)))
            }
        }
    }

    /// The token is worth nothing any more; its sockets close at once.
    pub fn revoke(&self, name: &str) -> Result<(), PairError> {
        let mut store = locked(&self.store);
        let (hash, screen) = self.by_name(name)?;
        store.remove(locked(&screen.record).id)?;
        let mut known = locked(&self.known);
        known.by_hash.remove(&hash);
        known.by_name.remove(name);
        drop(known);
        screen.is_revoked.send_replace(true);
        tracing::info!(screen = name, "a screen's pairing was revoked");
        Ok(())
    }

    /// It shows another board or playlist from now on.
    pub fn show(&self, name: &str, shows: &Shows) -> Result<(), PairError> {
        self.change(name, Some(shows), |record| record.shows = shows.clone())
    }

    /// It is called otherwise, or hangs elsewhere.
    pub fn rename(&self, name: &str, to: &str, place: Option<&str>) -> Result<(), PairError> {
        self.is_fit(to, place.unwrap_or_default(), None)?;
        self.change(name, None, |record| {
            record.name = to.to_owned();
            if let Some(place) = place {
                record.place = place.to_owned();
            }
        })
    }

    fn change(
        &self,
        name: &str,
        shows: Option<&Shows>,
        change: impl FnOnce(&mut Record),
    ) -> Result<(), PairError> {
        let mut store = locked(&self.store);
        self.is_fit(name, "", shows)?;
        let (hash, screen) = self.by_name(name)?;
        let mut record = locked(&screen.record).clone();
        change(&mut record);
        let is_other = record.name != name;
        if is_other && locked(&self.known).by_name.contains_key(&record.name) {
            return Err(PairError::NameTaken(record.name));
        }
        store.update(&record)?;
        if is_other {
            let mut known = locked(&self.known);
            known.by_name.remove(name);
            known.by_name.insert(record.name.clone(), hash);
        }
        tracing::info!(screen = name, to = record.name, shows = %record.shows, "a paired screen was changed");
        *locked(&screen.record) = record;
        screen.is_revoked.send_replace(false);
        Ok(())
    }

    /// Its page is to load again.
    pub fn reload(&self, name: &str) -> Result<(), PairError> {
        let (_, screen) = self.by_name(name)?;
        screen.reload_ms.store((self.clock)(), Ordering::Relaxed);
        Ok(())
    }

    /// It is to show its name, large, for a moment.
    pub fn identify(&self, name: &str) -> Result<(), PairError> {
        let (_, screen) = self.by_name(name)?;
        screen.identify_ms.store((self.clock)(), Ordering::Relaxed);
        Ok(())
    }

    /// Whether the screen with that token shows that board, now or at another time.
    pub fn shows(&self, token: &str, board: &str) -> bool {
        let screen = code::hash_of(token).and_then(|hash| self.by_hash(&hash));
        screen.is_some_and(|screen| {
            let shows = locked(&screen.record).shows.clone();
            self.program.includes(&shows, board)
        })
    }

    /// Whether it is a paired screen's token.
    pub fn knows(&self, token: &str) -> bool {
        code::hash_of(token).is_some_and(|hash| self.by_hash(&hash).is_some())
    }

    /// What that screen takes its seat in front of a board with.
    pub fn ticket(&self, token: &str, board: &str) -> Option<Ticket> {
        let screen = self.by_hash(&code::hash_of(token)?)?;
        let record = locked(&screen.record).clone();
        let is_its_own = self.program.includes(&record.shows, board);
        is_its_own.then(|| Ticket { name: record.name, is_revoked: screen.is_revoked.subscribe() })
    }

    /// What a screen that shows this has to show now.
    pub fn turn(&self, shows: &Shows) -> Turn {
        self.program.now(shows)
    }

    /// The playlists, by name.
    pub fn playlists(&self) -> Vec<String> {
        self.program.playlists()
    }

    /// Whether a paired screen is called so: no other may be.
    pub fn has_name(&self, name: &str) -> bool {
        locked(&self.known).by_name.contains_key(name)
    }

    /// All of them, by name.
    pub fn list(&self) -> Vec<PairedScreen> {
        let known = locked(&self.known);
        let all = known.by_name.values().filter_map(|hash| known.by_hash.get(hash));
        let mut all: Vec<PairedScreen> = all.map(|screen| screen.at_a_glance()).collect();
        drop(known);
        all.iter_mut().for_each(|screen| screen.expected = self.is_in_hours(&screen.calendar));
        all
    }

    /// Screens that show a code now.
    pub fn waiting(&self) -> usize {
        let mut waiting = locked(&self.waiting);
        waiting.forget_old((self.clock)(), &self.limits);
        waiting.len()
    }

    /// A page's watchdog began the turn of a playlist again, so many times.
    pub fn turns_were_restarted(&self, times: u64) {
        self.turns_restarted.fetch_add(times, Ordering::Relaxed);
    }

    fn is_fit(&self, name: &str, place: &str, shows: Option<&Shows>) -> Result<(), PairError> {
        if !is_name(name) {
            return Err(PairError::BadName(name.chars().take(SAID_CHARS_MAX).collect()));
        }
        if place.chars().count() > PLACE_CHARS_MAX || place.chars().any(char::is_control) {
            return Err(PairError::LongPlace);
        }
        match shows {
            Some(shows) if !self.program.has(shows) => Err(PairError::UnknownShows(shows.clone())),
            _ => Ok(()),
        }
    }

    fn refuse(&self, limit: PairLimit) -> PairError {
        self.refusals.note(limit);
        PairError::Limit(limit)
    }

    fn by_hash(&self, hash: &Hash) -> Option<Arc<Screen>> {
        locked(&self.known).by_hash.get(hash).cloned()
    }

    fn by_name(&self, name: &str) -> Result<(Hash, Arc<Screen>), PairError> {
        let known = locked(&self.known);
        let found =
            known.by_name.get(name).and_then(|hash| Some((*hash, known.by_hash.get(hash)?)));
        let found = found.map(|(hash, screen)| (hash, Arc::clone(screen)));
        found.ok_or_else(|| PairError::Unknown(name.chars().take(SAID_CHARS_MAX).collect()))
    }
}
