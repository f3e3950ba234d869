//! How contacts begin and end.

use std::time::Duration;

use super::{days, hours};

/// How contacts begin and end where the network does not say.
#[derive(Clone, Debug)]
pub struct Contacts {
    /// A written conversation that is answered and silent for so long is over; the next message
    /// opens a new contact. Default 8 h.
    pub idle_gap: Duration,
    /// Duplicates are recognised this far back. Default 48 h.
    pub duplicate_window: Duration,
    /// Times further ahead of the host's clock are clamped to it, counted. Default 60 s.
    pub clock_skew_max: Duration,
    /// A customer who comes again so soon, on any channel, was not helped the first time.
    /// Default 7 days.
    pub repeat_within: Duration,
    /// A contact that nobody ends is closed as lost after so long without an event, counted.
    /// Default 30 days.
    pub lost_after: Duration,
    /// `resolved` and `reopened` find the contact they are about this far back, however long
    /// duplicates are recognised. Default 30 days.
    pub reopen_within: Duration,
    /// A call whose end nobody tells is closed as lost after so long, whatever else is still told
    /// of it. Default 12 h, or `lost_after` where that is shorter.
    pub call_max: Duration,
    /// Contacts kept in memory: open ones, and ended ones that late events may still belong to.
    /// Beyond it the ended ones are forgotten first, the longest untouched first. Default 2,000,000.
    pub contacts_max: usize,
    /// Ids of events kept to recognise duplicates, of all channels. Beyond it the channel with the
    /// most forgets its oldest. Default 64,000,000.
    pub duplicate_ids_max: usize,
    /// A caller who was promised a call back counts as never answered only after so long.
    /// Default 24 h, or `lost_after` where that is shorter.
    pub callback_within: Duration,
}

impl Default for Contacts {
    fn default() -> Self {
        Self {
            idle_gap: hours(8),
            duplicate_window: hours(48),
            clock_skew_max: Duration::from_secs(60),
            repeat_within: days(7),
            lost_after: days(30),
            reopen_within: days(30),
            call_max: hours(12),
            callback_within: hours(24),
            contacts_max: 2_000_000,
            duplicate_ids_max: 64_000_000,
        }
    }
}
