//! What tiles show beside figures: how the server itself is, which alerts hold, and the pictures of
//! the boards' folder.
//!
//! The hub is told all of it and hands it to the tiles, which ask nobody: whoever knows looks, once
//! a second, and a tile only says it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::framing::Framing;
use super::images::Images;
use crate::config::model::{Audience, Severity};
use crate::event::{Millis, UnixMs};
use crate::words::words;

/// What is known of the house that a wall hangs in.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// How the server is; nothing where none runs that takes events in.
    pub health: Option<Health>,
    /// The alerts that hold.
    pub alerts: Alerts,
    /// The pictures that boards may show.
    pub images: Arc<Images>,
    /// Which pages of boards let themselves be shown.
    pub framing: Arc<Framing>,
}

words! {
    /// What an operator asks for at night.
    pub enum Check [id, from_id] {
        /// Whether each channel's feed is alive.
        Channels = "channels",
        /// Whether each channel's plugin takes what comes.
        Plugins = "plugins",
        /// Whether what comes in is kept.
        Journal = "journal",
        /// Whether what is kept is in the figures.
        Figures = "figures",
        /// How much room the disk has left.
        Disk = "disk",
        /// What no plugin could read.
        Quarantine = "quarantine",
        /// Whether each screen shows what it is sent.
        Screens = "screens",
    }
}

/// How a server is, at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// What comes in can be kept.
    pub is_journal_writable: bool,
    /// How long the oldest event waits that is kept and not in the figures yet.
    pub behind_ms: Millis,
    /// From there on figures are too old (`server.engine_behind_max`).
    pub behind_max_ms: Millis,
    /// The disk of the state folder; nothing where the system does not say.
    pub disk: Option<Disk>,
    /// How many channels have a plugin.
    pub plugins: usize,
    /// Channels whose plugin failed too often and takes nothing for a while, by name.
    pub resting: Vec<String>,
    /// Inputs in quarantine.
    pub quarantined: u64,
    /// When the number of those that were put there grew last; nothing since the start.
    pub quarantined_ms: Option<UnixMs>,
    /// Screens that are connected.
    pub screens: usize,
    /// Those of them that do not show what they are sent, by what they are called.
    pub frozen: Vec<String>,
    /// Screens with a name that are gone.
    pub missing: Vec<String>,
}

/// A disk's room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// What is left for the server.
    pub free_bytes: u64,
    /// All of it.
    pub bytes: u64,
}

/// What is known of alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Alerts {
    /// Nobody has looked yet.
    #[default]
    Unknown,
    /// Nobody looks (`alerts.watch = false`).
    Unwatched,
    /// Those that hold, without those that another one explains.
    Known {
        /// When somebody looked last.
        looked_ms: UnixMs,
        /// Those that somebody has to see to first stand first.
        hold: Vec<Alert>,
    },
}

/// An alert that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The name of its rule: `CallerWaitsTooLong`.
    pub name: String,
    /// How urgent it is.
    pub severity: Severity,
    /// What it is of, by label: its queue, its channel, its screen.
    pub of: BTreeMap<String, String>,
    /// Whose it is.
    pub about: Audience,
    /// Since when it has held.
    pub since_ms: UnixMs,
    /// Somebody knows of it and has silenced it.
    pub is_silenced: bool,
}

/// What the hub is told of the house.
pub struct Told {
    /// How the server is.
    pub health: Health,
    /// Which alerts hold.
    pub alerts: Alerts,
}

/// Says how the house is. Asked once a second by the hub's task, so it must not take long.
pub type Tell = Box<dyn FnMut(UnixMs) -> Told + Send>;
