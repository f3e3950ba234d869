//! Which channels feed a number, and how fresh each of them is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::event::{FeedPart, UnixMs};
use crate::words::words;

/// Which channels feed a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// One entry for each channel that the selector covers and that can feed the number, by name.
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
    /// Why it cannot, or why it can although nothing has come for long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<FeedWhy>,
    /// Since when it cannot be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub since_ms: Option<UnixMs>,
}

words! {
    /// Whether a feed can be trusted now.
    #[derive(ToSchema)]
    pub enum FeedHealth {
        /// Events come, or nothing is expected to come.
        Live = "live",
        /// Without an event for longer than `late_after` and than is usual, or a gap is known.
        Late = "late",
        /// Without an event for longer than `silent_after` and than is usual, or the feed itself is
        /// broken.
        Silent = "silent",
        /// Never an event.
        NoData = "no_data",
    }
}

words! {
    /// Why a feed is as it is. Few and fixed: walls have a word for each.
    #[derive(ToSchema)]
    pub enum FeedWhy {
        /// Nothing has come for long, and the channel is closed.
        Closed = "closed",
        /// Nothing has come for long, as is usual at this hour of the week.
        Usual = "usual",
        /// Nothing has come for longer than is usual. The feed itself works, as far as is known.
        Silence = "silence",
        /// Something is known to be missing.
        Gap = "gap",
        /// The file cannot be read.
        File = "file",
        /// The folder or mailbox cannot be read.
        Documents = "documents",
        /// The network does not answer the plugin's requests, or refuses them.
        Requests = "requests",
        /// A connection that the plugin needs is down.
        Link = "link",
        /// The plugin has failed too often and rests.
        Plugin = "plugin",
        /// The network says that it does not deliver.
        Network = "network",
        /// Requests come, and all are refused: signature or secret is wrong.
        Webhook = "webhook",
    }
}

impl FeedWhy {
    /// The feed itself is broken: events may be missing. Silence alone loses none.
    pub fn is_broken(self) -> bool {
        !matches!(self, FeedWhy::Closed | FeedWhy::Usual | FeedWhy::Silence | FeedWhy::Gap)
    }

    /// What it is when that part of the feed does not work.
    pub(crate) fn of(part: Option<FeedPart>) -> FeedWhy {
        match part {
            None => FeedWhy::Network,
            Some(FeedPart::File) => FeedWhy::File,
            Some(FeedPart::Documents) => FeedWhy::Documents,
            Some(FeedPart::Requests) => FeedWhy::Requests,
            Some(FeedPart::Link) => FeedWhy::Link,
            Some(FeedPart::Plugin) => FeedWhy::Plugin,
            Some(FeedPart::Webhook) => FeedWhy::Webhook,
        }
    }
}
