//! The spans of time that a number can be over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The span a number is over.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
pub enum Window {
    /// The state at this moment.
    #[serde(rename = "now")]
    Now,
    /// The last 5 minutes, sliding.
    #[serde(rename = "5m")]
    Min5,
    /// The last 15 minutes, sliding.
    #[serde(rename = "15m")]
    Min15,
    /// The last 30 minutes, sliding.
    #[serde(rename = "30m")]
    Min30,
    /// The last 60 minutes, sliding.
    #[serde(rename = "60m")]
    Min60,
    /// Since the site's day began.
    #[serde(rename = "today")]
    Today,
    /// Since the shift under way began.
    #[serde(rename = "shift")]
    Shift,
    /// The last 24 hours, in whole quarters of an hour and what has passed of this one.
    #[serde(rename = "24h")]
    Hours24,
    /// The site's last whole day.
    #[serde(rename = "yesterday")]
    Yesterday,
}

impl Window {
    /// All of them, shortest first.
    pub const ALL: [Window; 9] = [
        Window::Now,
        Window::Min5,
        Window::Min15,
        Window::Min30,
        Window::Min60,
        Window::Today,
        Window::Shift,
        Window::Hours24,
        Window::Yesterday,
    ];

    /// The last minutes, whatever the time of day.
    pub fn is_sliding(self) -> bool {
        matches!(self, Window::Min5 | Window::Min15 | Window::Min30 | Window::Min60)
    }

    /// As written in board files, the API and metric labels.
    pub fn id(self) -> &'static str {
        match self {
            Window::Now => "now",
            Window::Min5 => "5m",
            Window::Min15 => "15m",
            Window::Min30 => "30m",
            Window::Min60 => "60m",
            Window::Today => "today",
            Window::Shift => "shift",
            Window::Hours24 => "24h",
            Window::Yesterday => "yesterday",
        }
    }

    /// The window of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.id() == id)
    }
}
