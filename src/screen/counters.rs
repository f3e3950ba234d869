//! What Prometheus sees of screens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Screens;
use crate::board::parameter::file_of;
use crate::event::Millis;
use crate::telemetry::names;

/// Totals since the start.
#[derive(Debug, Default)]
pub struct Counters {
    /// Screens that got a seat.
    pub opened: AtomicU64,
    /// Refused because of `screens_max`.
    pub refused: AtomicU64,
    /// Closed because they took no more bytes.
    pub closed_slow: AtomicU64,
    /// Closed because nothing was heard of them.
    pub closed_silent: AtomicU64,
    /// Closed because they said too much.
    pub closed_noisy: AtomicU64,
    /// Closed because their pairing was revoked.
    pub closed_revoked: AtomicU64,
    /// Snapshots sent.
    pub snapshots: AtomicU64,
    /// Deltas sent.
    pub deltas: AtomicU64,
    /// Times that a screen was too slow for a frame and got the newest state instead.
    pub conflated: AtomicU64,
    /// Messages that are not of the protocol; ignored.
    pub strange: AtomicU64,
}

impl Counters {
    fn publish(&self) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        names::SCREEN_CONNECTS.reach(&[], count(&self.opened));
        names::SCREENS_REFUSED.reach(&[], count(&self.refused));
        names::SCREEN_LAGGED.reach(&[], count(&self.conflated));
        names::SCREENS_CLOSED.reach(&["slow"], count(&self.closed_slow));
        names::SCREENS_CLOSED.reach(&["silent"], count(&self.closed_silent));
        names::SCREENS_CLOSED.reach(&["noisy"], count(&self.closed_noisy));
        names::SCREENS_CLOSED.reach(&["revoked"], count(&self.closed_revoked));
        names::SCREEN_FRAMES.reach(&["snapshot"], count(&self.snapshots));
        names::SCREEN_FRAMES.reach(&["delta"], count(&self.deltas));
    }
}

impl Screens {
    /// Tells Prometheus what happened, who is connected, and how old their pictures are.
    pub fn publish(&self) {
        self.counters.publish();
        let boards =
            self.hub.boards().into_iter().filter(|board| board.shown || board.each.is_some());
        // One series for all boards of a file: there may be one for each queue.
        let mut connected: BTreeMap<String, u32> =
            boards.map(|board| (file_of(&board.id).to_owned(), 0)).collect();
        let mut shown = BTreeSet::new();
        let mut ages: BTreeMap<(String, String), Millis> = BTreeMap::new();
        for screen in self.list() {
            let board = file_of(&screen.board).to_owned();
            *connected.entry(board.clone()).or_default() += 1;
            let label = screen.name.unwrap_or_else(|| screen.id.to_string());
            // Of two with one name the older picture.
            let age = ages.entry((board, label)).or_default();
            *age = screen.picture_age_ms.max(*age);
        }
        for ((board, screen), age_ms) in ages {
            names::PICTURE_AGE.set(&[&board, &screen], age_ms as f64 / 1000.0);
            shown.insert((board, screen));
        }
        self.publish_names();
        // A set is whole at any time, whoever panicked while holding it.
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for (board, screen) in told.difference(&shown) {
            // A picture that is gone has no age, and no alert may go on about it.
            names::PICTURE_AGE.set(&[board, screen], None);
            connected.entry(board.clone()).or_default();
        }
        *told = shown;
        for (board, screens) in &connected {
            names::SCREENS.set(&[board], f64::from(*screens));
        }
    }

    /// Who of those with names is here, and who is missed.
    fn publish_names(&self) {
        let mut known = BTreeSet::new();
        for (screen, is_here) in self.names.list() {
            let board = file_of(&screen.board).to_owned();
            names::SCREEN_UP.set(&[&board, &screen.name], f64::from(is_here));
            let is_expected = self.is_expected(&screen.name);
            names::SCREEN_EXPECTED.set(&[&board, &screen.name], f64::from(is_expected));
            known.insert((board, screen.name));
        }
        let mut told = self.told_names.lock().unwrap_or_else(PoisonError::into_inner);
        for (board, screen) in told.difference(&known) {
            // Removed, or moved to another board: nobody is missed there.
            names::SCREEN_UP.set(&[board, screen], None);
            names::SCREEN_EXPECTED.set(&[board, screen], None);
        }
        *told = known;
    }
}
