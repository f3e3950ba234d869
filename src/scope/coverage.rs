//! Which channels feed a number, and how fresh each of them is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::event::UnixMs;
use crate::words::words;

/// Which channels feed a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// One entry for each channel that the selector covers, by name.
    pub channels: Vec<ChannelCoverage>,
}

impl Coverage {
    /// Every feed is live.
    pub fn is_complete(&self) -> bool {
        self.channels.iter().all(|channel| channel.feed == FeedHealth::Live)
    }
}

/// One channel's freshness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelCoverage {
    /// The channel's name in the config.
    pub channel: String,
    /// Its last event, if there was one.
    #[schema(value_type = Option<i64>)]
    pub last_event_ms: Option<UnixMs>,
    /// Whether its feed can be trusted.
    pub feed: FeedHealth,
}

words! {
    /// Whether a feed can be trusted now.
    #[derive(ToSchema)]
    pub enum FeedHealth {
        /// Events come.
        Live = "live",
        /// Nothing for longer than `late_after`, or the plugin is restarting, or a gap is known.
        Late = "late",
        /// Nothing for longer than `silent_after`, or the feed is down.
        Silent = "silent",
        /// Never an event.
        NoData = "no_data",
    }
}
