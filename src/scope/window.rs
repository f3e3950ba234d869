//! The spans of time that a number can be over.

use utoipa::ToSchema;

use crate::event::Millis;
use crate::words::words;

words! {
    /// The span a number is over.
    #[derive(ToSchema)]
    pub enum Window [id, from_id] {
        /// The state at this moment.
        Now = "now",
        /// The last 5 minutes, sliding.
        Min5 = "5m",
        /// The last 15 minutes, sliding.
        Min15 = "15m",
        /// The last 30 minutes, sliding.
        Min30 = "30m",
        /// The last 60 minutes, sliding.
        Min60 = "60m",
        /// Since the site's day began.
        Today = "today",
        /// Since the shift under way began.
        Shift = "shift",
        /// The last 24 hours, in whole quarters of an hour and what has passed of this one.
        Hours24 = "24h",
        /// The last 48 hours, as the last 24: by then who was left without an answer is known.
        Hours48 = "48h",
        /// The site's last whole day.
        Yesterday = "yesterday",
    }
}

impl Window {
    /// How long it is, of those that are the last minutes, whatever the time of day.
    pub fn sliding_ms(self) -> Option<Millis> {
        let minutes = match self {
            Window::Min5 => 5,
            Window::Min15 => 15,
            Window::Min30 => 30,
            Window::Min60 => 60,
            _ => return None,
        };
        Some(minutes * 60_000)
    }

    /// The last minutes, whatever the time of day.
    pub fn is_sliding(self) -> bool {
        self.sliding_ms().is_some()
    }
}
