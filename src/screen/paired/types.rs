//! What is said between pages, operators and the book of paired screens.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::limits::PairLimit;
use crate::event::UnixMs;
use crate::journal::SideFileError;

/// Longest word of a page on which build it is, or which board is in front.
pub(super) const SAID_CHARS_MAX: usize = 64;
/// Longest word on where a screen hangs.
pub const PLACE_CHARS_MAX: usize = 80;

/// What a screen shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Shows {
    /// One board.
    Board(String),
    /// The boards of `[playlist.NAME]`, one after the other.
    Playlist(String),
}

impl Shows {
    /// Reads `board:floor` or `playlist:day`.
    pub fn parse(text: &str) -> Option<Shows> {
        match text.split_once(':')? {
            ("board", name) if !name.is_empty() => Some(Shows::Board(name.to_owned())),
            ("playlist", name) if !name.is_empty() => Some(Shows::Playlist(name.to_owned())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Shows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shows::Board(name) => write!(f, "board:{name}"),
            Shows::Playlist(name) => write!(f, "playlist:{name}"),
        }
    }
}

impl From<Shows> for String {
    fn from(shows: Shows) -> String {
        shows.to_string()
    }
}

impl TryFrom<String> for Shows {
    type Error = String;

    fn try_from(text: String) -> Result<Shows, String> {
        Shows::parse(&text).ok_or_else(|| format!("\"{text}\" is neither a board nor a playlist"))
    }
}

/// Which boards and playlists there are.
pub trait Program: Send + Sync + 'static {
    /// Whether there is such a board or playlist.
    fn has(&self, shows: &Shows) -> bool;
    /// Whether a screen that shows this shows that board, now or at another time.
    fn includes(&self, shows: &Shows, board: &str) -> bool;
    /// What a screen that shows this has to show now.
    fn now(&self, shows: &Shows) -> Turn;
    /// The playlists, by name.
    fn playlists(&self) -> Vec<String>;
    /// Whether a calendar is open now; none where there is no such.
    fn is_open(&self, calendar: &str) -> Option<bool>;
    /// The calendars, by name.
    fn calendars(&self) -> Vec<String>;
}

/// The boards that a screen shows now, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// In their order.
    pub steps: Vec<TurnStep>,
    /// This one alone, while something on it is bad.
    pub jump: Option<String>,
}

/// A board, and how long it is in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurnStep {
    /// Its name.
    pub board: String,
    /// So long.
    pub seconds: u64,
}

/// What a page says when it asks.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// From where.
    pub address: Option<IpAddr>,
    /// What is counted together with it: an IPv6 network.
    pub counted_as: Option<IpAddr>,
    /// What its browser calls itself.
    pub browser: String,
    /// The build of its page.
    pub build: String,
    /// The board that is in front.
    pub board: String,
}

/// What a page is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Show this code until it is approved.
    Code {
        /// Eight consonants.
        code: String,
        /// How long it can still be approved.
        expires_in_ms: i64,
        /// The token to keep, where it was just made.
        new_token: Option<String>,
    },
    /// Show this.
    Paired {
        /// What it is called.
        name: String,
        /// Where it hangs.
        place: String,
        /// Which board or playlist.
        shows: Shows,
        /// The last order to load the page again; 0 where there is none that is new.
        reload: UnixMs,
        /// The last order to show its name; the same.
        identify: UnixMs,
        /// The last order to draw what it shows; 0 where it has, or nobody waits for it any more.
        picture: UnixMs,
    },
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// Nobody shows that code now.
    #[error("no screen shows the code {0} now: codes end, and each is for one screen")]
    WrongCode(String),
    /// A limit.
    #[error("refused by pairing.{}: {}", .0.name(), .0.words())]
    Limit(PairLimit),
    /// Names stand in addresses and in metrics.
    #[error("\"{0}\" is no name: up to 40 letters a–z, digits, \".\", \"-\" and \"_\"")]
    BadName(String),
    /// The place is too long.
    #[error("the place is longer than {PLACE_CHARS_MAX} characters")]
    LongPlace,
    /// Another one is called so.
    #[error("another screen is called \"{0}\"")]
    NameTaken(String),
    /// No such screen.
    #[error("no paired screen is called \"{0}\"")]
    Unknown(String),
    /// No such calendar.
    #[error("there is no [calendar.{0}]")]
    UnknownCalendar(String),
    /// No such board or playlist.
    #[error("there is no {0}")]
    UnknownShows(Shows),
    /// The disk, or the machine's source of chance.
    #[error("{0}")]
    Disk(String),
}

impl From<SideFileError> for PairError {
    fn from(error: SideFileError) -> Self {
        PairError::Disk(error.to_string())
    }
}

/// A paired screen, at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairedScreen {
    /// What it is called.
    pub name: String,
    /// Where it hangs.
    pub place: String,
    /// Which board or playlist it shows.
    pub shows: Shows,
    /// Since when it is paired.
    pub paired_ms: UnixMs,
    /// When its page last asked; 0 where it has not since the server started.
    pub seen_ms: UnixMs,
    /// From where it asked.
    pub address: Option<IpAddr>,
    /// What its browser calls itself.
    pub browser: String,
    /// The build of its page.
    pub build: String,
    /// The board in front.
    pub board: String,
    /// When it is to be on; always where none is named.
    #[serde(default)]
    pub calendar: Option<String>,
    /// Whether it is to be on now.
    #[serde(default)]
    pub expected: bool,
}

impl Visit {
    /// What a page says of itself is anybody's.
    pub(super) fn shortened(self) -> Visit {
        let short = |text: String, max: usize| -> String {
            text.chars().filter(|c| !c.is_control()).take(max).collect()
        };
        Visit {
            browser: short(self.browser, crate::screen::BROWSER_CHARS_MAX),
            build: short(self.build, SAID_CHARS_MAX),
            board: short(self.board, SAID_CHARS_MAX),
            ..self
        }
    }
}
