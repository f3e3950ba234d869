//! Screens that show a code to be let in, and boards that a screen shows one after the other.

use std::time::Duration;

/// `[pairing]`: what screens that are not paired yet may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// How long a code can be approved. Default 10 min.
    pub code_lifetime: Duration,
    /// Codes at one time; further screens wait. Default 200.
    pub codes_max: usize,
    /// Of them those of one address. Default 50.
    pub codes_per_address_max: usize,
    /// Wrong codes within `code_lifetime`; then none is taken, right or wrong. Default 30.
    pub wrong_max: usize,
    /// Of them those of one address. Default 10.
    pub wrong_per_address_max: usize,
    /// Paired screens; no more are approved. Default 1000.
    pub screens_max: usize,
    /// Largest picture that a screen draws of itself, when an admin asks. Default 2 MiB.
    pub picture_bytes_max: usize,
    /// Such pictures that nobody has looked at; they are in memory. Default 8.
    pub pictures_max: usize,
    /// How long one is kept that nobody looks at. Default 5 min.
    pub picture_kept: Duration,
}

impl Default for Pairing {
    fn default() -> Self {
        Self {
            code_lifetime: Duration::from_secs(10 * 60),
            codes_max: 200,
            codes_per_address_max: 50,
            wrong_max: 30,
            wrong_per_address_max: 10,
            screens_max: 1000,
            picture_bytes_max: 2 * 1024 * 1024,
            pictures_max: 8,
            picture_kept: Duration::from_secs(5 * 60),
        }
    }
}

/// `[playlist.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playlist {
    /// One after the other, and again from the first.
    pub steps: Vec<Step>,
}

/// A step of a playlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The board.
    pub board: String,
    /// How long it is shown.
    pub length: Duration,
    /// Only while this calendar is open; always where none is named.
    pub calendar: Option<String>,
    /// While a tile of it is bad, it alone is shown.
    pub jump: bool,
}
