//! Which screens there are and were: those that are connected, and those with a name that are gone.

use std::net::IpAddr;

use super::{ForgetError, Remembered, ScreenId, Screens};
use crate::event::{Millis, UnixMs};

/// A screen, connected or gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its connection; none when it is gone.
    pub id: Option<ScreenId>,
    /// Its name; none where it has none.
    pub name: Option<String>,
    /// Whether it is to be on now.
    pub expected: bool,
    /// The board that it shows, or showed last.
    pub board: String,
    /// From where, as far as the socket knows.
    pub address: Option<IpAddr>,
    /// What it says that it is.
    pub browser: String,
    /// Since when it is connected.
    pub connected_ms: Option<UnixMs>,
    /// When it was last heard of.
    pub seen_ms: UnixMs,
    /// The newest state that it acknowledged; 0 when it never did.
    pub painted_seq: u64,
    /// When it did so; 0 when it never did.
    pub painted_ms: UnixMs,
    /// How long it has not acknowledged what it was sent; none when it is gone.
    pub picture_age_ms: Option<Millis>,
}

impl Seen {
    /// It is gone, and should be here.
    pub fn is_missed(&self) -> bool {
        self.id.is_none() && self.expected
    }
}

impl Screens {
    /// Takes up the screens with names that an earlier run has seen.
    pub fn take_up(&self, kept: Vec<Remembered>) {
        self.names.take_up(kept);
    }

    /// Grows whenever a screen with a name comes, goes or is removed.
    pub fn name_changes(&self) -> u64 {
        self.names.changes()
    }

    /// All screens with names, as they are now.
    pub fn to_keep(&self) -> Vec<Remembered> {
        let connected: Vec<Remembered> =
            self.seated.iter().filter_map(|entry| entry.value().remembered()).collect();
        connected.iter().for_each(|screen| self.names.is_seen(screen));
        self.names.list().into_iter().map(|(screen, _)| screen).collect()
    }

    /// Whether a screen with a name is connected.
    pub fn has_named(&self) -> bool {
        self.names.list().iter().any(|(_, is_here)| *is_here)
    }

    /// A screen that is gone is not missed any more.
    pub fn forget(&self, name: &str) -> Result<(), ForgetError> {
        self.names.forget(name)
    }

    /// Those that are connected, by number, and then those with a name that are gone.
    pub fn seen(&self) -> Vec<Seen> {
        let connected = self.list().into_iter().map(|screen| Seen {
            id: Some(screen.id),
            expected: screen.name.as_ref().is_none_or(|name| self.is_expected(name)),
            name: screen.name,
            board: screen.board,
            address: screen.remote.map(|remote| remote.ip()),
            browser: screen.browser,
            connected_ms: Some(screen.connected_ms),
            seen_ms: screen.heard_ms,
            painted_seq: screen.painted_seq,
            painted_ms: screen.painted_ms,
            picture_age_ms: Some(screen.picture_age_ms),
        });
        let gone = self.names.list().into_iter().filter(|(_, is_here)| !is_here);
        let gone = gone.map(|(screen, _)| Seen {
            id: None,
            expected: self.is_expected(&screen.name),
            name: Some(screen.name),
            board: screen.board,
            address: screen.address,
            browser: screen.browser,
            connected_ms: None,
            seen_ms: screen.seen_ms,
            painted_seq: screen.painted_seq,
            painted_ms: screen.painted_ms,
            picture_age_ms: None,
        });
        connected.chain(gone).collect()
    }
}
