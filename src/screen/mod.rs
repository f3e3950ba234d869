//! Screens: the walls that are connected now, and what each of them has painted.
//!
//! A screen takes a [`Seat`] (there are `server.screens_max`), gets its board's frames from the
//! hub's watch channel and acknowledges what it painted. Frames are encoded by the hub once for
//! all; a screen's own state is a few numbers. This module knows no tile and no engine.

mod allowance;
mod counters;
mod message;
mod named;
pub mod paired;
mod seen;
mod session;
mod socket;
mod visitor;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use dashmap::DashMap;
use serde::Serialize;
use tokio::sync::watch;

use crate::board::frame::Frame;
use crate::board::hub::HubHandle;
use crate::event::{Millis, UnixMs};
use named::Names;

pub use allowance::{Allowance, BYTES_PER_SECOND_MAX};
pub use counters::Counters;
pub use message::{Introduction, Resume};
pub use named::{ForgetError, Remembered, is_name};
pub use seen::Seen;
pub use session::run;
pub use socket::MESSAGE_BYTES_MAX;
pub use visitor::Visitor;

/// Longest word of a screen on what browser it is; the rest is cut off.
const BROWSER_CHARS_MAX: usize = 250;

/// Names a connection; never reused.
pub type ScreenId = u64;

/// What a screen may do.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open screens; more are refused (`server.screens_max`).
    pub screens_max: usize,
    /// Names that are kept (`server.screen_names_max`).
    pub names_max: usize,
    /// A screen that takes no more bytes for so long is closed.
    pub send_timeout: Duration,
    /// A screen that was not heard of for so long (no acknowledgement, no pong) is closed. It is
    /// asked at half that time.
    pub silence_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            screens_max: 2000,
            names_max: 1000,
            send_timeout: Duration::from_secs(10),
            silence_max: Duration::from_secs(45),
        }
    }
}

/// All screens of this server.
pub struct Screens {
    hub: HubHandle,
    limits: Limits,
    clock: fn() -> UnixMs,
    next: AtomicU64,
    open: AtomicUsize,
    seated: DashMap<ScreenId, Arc<Status>>,
    names: Names,
    /// Board and screen of each picture that telemetry was told of last.
    told: Mutex<BTreeSet<(String, String)>>,
    /// Board and name of each screen that telemetry was told of last.
    told_names: Mutex<BTreeSet<(String, String)>>,
    /// Whether a screen of a name is to be on now; all are where nobody says it.
    expected: OnceLock<Expected>,
    /// What happened to screens, for telemetry.
    pub counters: Counters,
}

/// Knows whether a screen of that name is to be on now.
type Expected = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// One screen, as the others see it.
#[derive(Debug)]
pub struct Status {
    board: String,
    /// None where it has none, or where there was no room for one more.
    name: Option<String>,
    browser: String,
    remote: Option<SocketAddr>,
    connected_ms: UnixMs,
    heard_ms: AtomicI64,
    sent_seq: AtomicU64,
    painted_seq: AtomicU64,
    painted_ms: AtomicI64,
    /// Since when something is on its way that was not acknowledged; 0 when nothing is.
    behind_since_ms: AtomicI64,
}

/// One screen, at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreenStatus {
    /// Which connection.
    pub id: ScreenId,
    /// What it shows.
    pub board: String,
    /// What it is called, if it has a name.
    pub name: Option<String>,
    /// What it says that it is.
    pub browser: String,
    /// From where, as far as the socket knows.
    pub remote: Option<SocketAddr>,
    /// Since when.
    pub connected_ms: UnixMs,
    /// When it was last heard of.
    pub heard_ms: UnixMs,
    /// The newest state sent.
    pub sent_seq: u64,
    /// The newest state that it acknowledged; 0 before the first.
    pub painted_seq: u64,
    /// When it did so; 0 before the first.
    pub painted_ms: UnixMs,
    /// How long it has not acknowledged what it was sent; 0 when it has acknowledged everything.
    /// Heartbeats ask for an acknowledgement too, so that a frozen screen in front of a quiet
    /// board grows old as well.
    pub picture_age_ms: Millis,
}

/// Why a screen was not let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such board, or its file never was good.
    #[error("there is no board \"{board}\"")]
    UnknownBoard {
        /// What was asked for.
        board: String,
    },
    /// `screens_max` screens are open.
    #[error("{screens_max} screens are open already (server.screens_max)")]
    Full {
        /// The limit.
        screens_max: usize,
    },
}

/// A screen's right to be here; given back when dropped.
pub struct Seat {
    screens: Arc<Screens>,
    id: ScreenId,
    status: Arc<Status>,
    frames: watch::Receiver<Arc<Frame>>,
    is_revoked: Option<watch::Receiver<bool>>,
    /// Its pairing has ended or changed: under this name nobody misses it.
    is_other: bool,
    is_nameless_for_want_of_room: bool,
}

impl Seat {
    /// It has a name that is one too many (`server.screen_names_max`).
    pub fn is_nameless_for_want_of_room(&self) -> bool {
        self.is_nameless_for_want_of_room
    }
}

impl Screens {
    /// No screen yet.
    pub fn new(hub: HubHandle, limits: Limits, clock: fn() -> UnixMs) -> Arc<Screens> {
        Arc::new(Screens {
            hub,
            clock,
            next: AtomicU64::new(1),
            open: AtomicUsize::new(0),
            seated: DashMap::new(),
            names: Names::new(limits.names_max),
            limits,
            told: Mutex::default(),
            told_names: Mutex::default(),
            expected: OnceLock::new(),
            counters: Counters::default(),
        })
    }

    /// Seats a screen in front of a board.
    pub fn seat(self: &Arc<Self>, board: &str, visitor: Visitor) -> Result<Seat, Refused> {
        let Some(frames) = self.hub.frames(board) else {
            return Err(Refused::UnknownBoard { board: board.to_owned() });
        };
        let screens_max = self.limits.screens_max;
        // Counted before it is allowed, so that two at once cannot both take the last seat.
        if self.open.fetch_add(1, Ordering::AcqRel) >= screens_max {
            self.open.fetch_sub(1, Ordering::AcqRel);
            self.counters.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Refused::Full { screens_max });
        }
        self.counters.opened.fetch_add(1, Ordering::Relaxed);
        let connected_ms = (self.clock)();
        let Visitor { remote, name, browser, is_revoked } = visitor;
        let mut status = Status {
            board: board.to_owned(),
            name,
            browser,
            remote,
            connected_ms,
            heard_ms: AtomicI64::new(connected_ms),
            sent_seq: AtomicU64::new(0),
            painted_seq: AtomicU64::new(0),
            painted_ms: AtomicI64::new(0),
            behind_since_ms: AtomicI64::new(connected_ms),
        };
        let has_place = status.remembered().is_none_or(|screen| self.names.comes(screen));
        if !has_place {
            status.name = None;
        }
        let status = Arc::new(status);
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.seated.insert(id, Arc::clone(&status));
        let is_nameless_for_want_of_room = !has_place;
        let screens = Arc::clone(self);
        Ok(Seat {
            screens,
            id,
            status,
            frames,
            is_revoked,
            is_other: false,
            is_nameless_for_want_of_room,
        })
    }

    /// Has somebody say which screens are to be on. Once.
    pub fn expected_by(&self, expected: impl Fn(&str) -> bool + Send + Sync + 'static) {
        // Whoever was first is asked.
        let _ = self.expected.set(Box::new(expected));
    }

    /// Whether a screen of that name is to be on now.
    pub fn is_expected(&self, name: &str) -> bool {
        self.expected.get().is_none_or(|expected| expected(name))
    }

    /// The time by which they are told.
    pub fn now_ms(&self) -> UnixMs {
        (self.clock)()
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// Every screen, by id.
    pub fn list(&self) -> Vec<ScreenStatus> {
        let now_ms = (self.clock)();
        let mut list: Vec<ScreenStatus> =
            self.seated.iter().map(|entry| entry.value().at(*entry.key(), now_ms)).collect();
        list.sort_by_key(|screen| screen.id);
        list
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.screens.seated.remove(&self.id);
        if let Some(last) = self.status.remembered() {
            self.screens.names.leaves(&last);
            if self.is_other {
                // Another socket of that name may be open still; the last one forgets it.
                let _ = self.screens.names.forget(&last.name);
            }
        }
        self.screens.open.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Status {
    fn at(&self, id: ScreenId, now_ms: UnixMs) -> ScreenStatus {
        let behind_since_ms = self.behind_since_ms.load(Ordering::Relaxed);
        let picture_age_ms =
            if behind_since_ms == 0 { 0 } else { now_ms.saturating_sub(behind_since_ms).max(0) };
        ScreenStatus {
            id,
            board: self.board.clone(),
            name: self.name.clone(),
            browser: self.browser.clone(),
            remote: self.remote,
            connected_ms: self.connected_ms,
            heard_ms: self.heard_ms.load(Ordering::Relaxed),
            sent_seq: self.sent_seq.load(Ordering::Relaxed),
            painted_seq: self.painted_seq.load(Ordering::Relaxed),
            painted_ms: self.painted_ms.load(Ordering::Relaxed),
            picture_age_ms,
        }
    }

    /// What is kept of it when it is gone, if it has a name.
    fn remembered(&self) -> Option<Remembered> {
        Some(Remembered {
            name: self.name.clone()?,
            board: self.board.clone(),
            address: self.remote.map(|remote| remote.ip()),
            browser: self.browser.clone(),
            seen_ms: self.heard_ms.load(Ordering::Relaxed),
            painted_seq: self.painted_seq.load(Ordering::Relaxed),
            painted_ms: self.painted_ms.load(Ordering::Relaxed),
        })
    }

    // These are called by the screen's own task only; others just read.

    /// It has said something.
    fn heard(&self, now_ms: UnixMs) {
        self.heard_ms.store(now_ms, Ordering::Relaxed);
    }

    /// A state went out, or the word that it is still the newest.
    fn sent(&self, seq: u64, now_ms: UnixMs) {
        self.sent_seq.store(seq, Ordering::Relaxed);
        if self.behind_since_ms.load(Ordering::Relaxed) == 0 {
            self.behind_since_ms.store(now_ms, Ordering::Relaxed);
        }
    }

    /// The screen shows a state.
    fn painted(&self, seq: u64, now_ms: UnixMs) {
        let sent = self.sent_seq.load(Ordering::Relaxed);
        // What was never sent was never painted; an older one than before says nothing new.
        if seq > sent || seq < self.painted_seq.load(Ordering::Relaxed) {
            return;
        }
        self.painted_seq.store(seq, Ordering::Relaxed);
        self.painted_ms.store(now_ms, Ordering::Relaxed);
        let behind_since_ms = if seq == sent { 0 } else { now_ms };
        self.behind_since_ms.store(behind_since_ms, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> Status {
        Status {
            board: "floor".into(),
            name: None,
            browser: String::new(),
            remote: None,
            connected_ms: 1_000,
            heard_ms: AtomicI64::new(1_000),
            sent_seq: AtomicU64::new(0),
            painted_seq: AtomicU64::new(0),
            painted_ms: AtomicI64::new(0),
            behind_since_ms: AtomicI64::new(1_000),
        }
    }

    #[test]
    fn a_frozen_screen_grows_old_and_a_painting_one_does_not() {
        let status = status();
        assert_eq!(status.at(1, 4_000).picture_age_ms, 3_000, "nothing painted since it came");
        status.sent(7, 4_000);
        status.painted(7, 4_500);
        assert_eq!(status.at(1, 60_000).picture_age_ms, 0, "it shows the newest");
        status.sent(7, 58_000);
        assert_eq!(status.at(1, 59_000).picture_age_ms, 1_000, "a heartbeat wants an answer");
        status.painted(7, 59_500);
        status.sent(8, 60_000);
        status.sent(9, 61_000);
        assert_eq!(status.at(1, 62_000).picture_age_ms, 2_000);
        status.painted(8, 62_000);
        assert_eq!(status.at(1, 62_500).picture_age_ms, 500, "one state behind");
    }

    #[test]
    fn a_screen_cannot_claim_what_it_was_not_sent() {
        let status = status();
        status.sent(3, 2_000);
        status.painted(99, 2_100);
        assert_eq!(status.at(1, 2_100).painted_seq, 0);
        status.painted(3, 2_200);
        status.painted(1, 2_300);
        assert_eq!(status.at(1, 2_300).painted_seq, 3);
    }
}
