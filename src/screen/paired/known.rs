//! The paired screens in memory, by token and by name: what is on disk of each, and what is known of it
//! until a restart.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use super::code::Hash;
use super::picture::Picture;
use super::{PairedScreen, Shows, Told, Visit, locked};
use crate::event::UnixMs;

/// An order of this age is no news to a screen that was away.
pub(super) const ORDER_FRESH_MS: i64 = 30_000;

/// What is on disk of a paired screen, beside its token's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) shows: Shows,
    pub(super) paired_ms: UnixMs,
    /// When it is to be on; always where none is named.
    pub(super) calendar: Option<String>,
}

/// A paired screen.
pub(super) struct Screen {
    pub(super) record: Mutex<Record>,
    /// Whether it is revoked. Its sockets end at each word of it: they come again as what the screen is
    /// by then.
    pub(super) is_revoked: watch::Sender<bool>,
    /// Until a restart.
    pub(super) seen_ms: AtomicI64,
    pub(super) reload_ms: AtomicI64,
    pub(super) identify_ms: AtomicI64,
    pub(super) last: Mutex<Visit>,
    pub(super) picture: Mutex<Picture>,
}

#[derive(Default)]
pub(super) struct Known {
    pub(super) by_hash: HashMap<Hash, Arc<Screen>>,
    pub(super) by_name: BTreeMap<String, Hash>,
}

impl Known {
    pub(super) fn put(&mut self, hash: Hash, record: Record) -> Arc<Screen> {
        self.by_name.insert(record.name.clone(), hash);
        let screen = Arc::new(Screen {
            record: Mutex::new(record),
            is_revoked: watch::Sender::new(false),
            seen_ms: AtomicI64::new(0),
            reload_ms: AtomicI64::new(0),
            identify_ms: AtomicI64::new(0),
            last: Mutex::default(),
            picture: Mutex::default(),
        });
        self.by_hash.insert(hash, Arc::clone(&screen));
        screen
    }
}

impl Screen {
    pub(super) fn told(&self, visit: Visit, now_ms: UnixMs) -> Told {
        self.seen_ms.store(now_ms, Ordering::Relaxed);
        *locked(&self.last) = visit.shortened();
        let Record { name, place, shows, .. } = locked(&self.record).clone();
        let fresh = |ms: UnixMs| if now_ms.saturating_sub(ms) > ORDER_FRESH_MS { 0 } else { ms };
        let reload = fresh(self.reload_ms.load(Ordering::Relaxed));
        let identify = fresh(self.identify_ms.load(Ordering::Relaxed));
        let picture = fresh(locked(&self.picture).asked_ms());
        Told::Paired { name, place, shows, reload, identify, picture }
    }

    pub(super) fn at_a_glance(&self) -> PairedScreen {
        let Record { name, place, shows, paired_ms, calendar, .. } = locked(&self.record).clone();
        let Visit { address, browser, build, board, .. } = locked(&self.last).clone();
        let seen_ms = self.seen_ms.load(Ordering::Relaxed);
        PairedScreen {
            name,
            place,
            shows,
            paired_ms,
            seen_ms,
            address,
            browser,
            build,
            board,
            calendar,
            // The book knows the calendars.
            expected: true,
        }
    }
}
