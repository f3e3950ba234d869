//! Who calls a channel's webhook: whether its network ever did since the start, and whether what comes is
//! refused because nobody who knows the secret has signed it.
//!
//! One wrong request is nobody's: the internet is full of them. The feed counts as refused when several
//! came within a while and none that was genuine, for at least as long as makes the channel late.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::event::{FeedState, Millis, UnixMs};
use crate::words::words;

/// So many in a row, at least, are a network that is refused.
const REFUSED_MIN: u64 = 3;
/// Over at least so long: a burst of somebody who tries something is none.
const REFUSED_FOR_MS: Millis = 60_000;

words! {
    /// What has come to a webhook since the start of the server.
    pub enum WebhookState {
        /// Nothing at all: it may not be registered with the network.
        Never = "never",
        /// Nothing that is genuine, or nothing for long, and something that was refused.
        Refused = "refused",
        /// Genuine requests.
        Taken = "taken",
    }
}

/// A channel's webhook, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebhookStatus {
    /// What has come.
    pub state: WebhookState,
    /// The last genuine request, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_ms: Option<UnixMs>,
    /// Requests refused since then, for a signature or secret that is wrong.
    pub refused: u64,
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_since_ms: Option<UnixMs>,
}

/// What is known of a webhook's callers.
#[derive(Debug, Default)]
pub(super) struct Callers(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    last_ms: Option<UnixMs>,
    refused: u64,
    refused_since_ms: Option<UnixMs>,
    /// As the journal was told last.
    is_down: bool,
}

impl Callers {
    /// A request was refused. What is to be said of the feed, if that is news.
    pub(super) fn was_refused(&self, now_ms: UnixMs, late_after_ms: Millis) -> Option<FeedState> {
        let mut known = self.known();
        known.refused = known.refused.saturating_add(1);
        let since_ms = *known.refused_since_ms.get_or_insert(now_ms);
        let is_quiet = known.last_ms.is_none_or(|last_ms| now_ms - last_ms > late_after_ms);
        let is_long = known.refused >= REFUSED_MIN && now_ms - since_ms >= REFUSED_FOR_MS;
        (!known.is_down && is_quiet && is_long).then_some(FeedState::Down)
    }

    /// A request was genuine. What is to be said of the feed, if that is news.
    pub(super) fn was_taken(&self, now_ms: UnixMs) -> Option<FeedState> {
        let mut known = self.known();
        known.last_ms = Some(now_ms);
        known.refused = 0;
        known.refused_since_ms = None;
        known.is_down.then_some(FeedState::Up)
    }

    /// The journal knows it now.
    pub(super) fn told(&self, state: FeedState) {
        self.known().is_down = state == FeedState::Down;
    }

    /// Whether the journal was told last that requests are refused.
    pub(super) fn is_down(&self) -> bool {
        self.known().is_down
    }

    pub(super) fn status(&self) -> WebhookStatus {
        let known = self.known();
        let state = match known.last_ms {
            _ if known.is_down => WebhookState::Refused,
            None if known.refused > 0 => WebhookState::Refused,
            None => WebhookState::Never,
            Some(_) => WebhookState::Taken,
        };
        let (last_ms, refused) = (known.last_ms, known.refused);
        WebhookStatus { state, last_ms, refused, refused_since_ms: known.refused_since_ms }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Plain values: whoever panicked while holding them left them whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATE: Millis = 300_000;

    fn state(callers: &Callers) -> (&'static str, u64) {
        let status = callers.status();
        (status.state.word(), status.refused)
    }

    #[test]
    fn a_webhook_that_was_never_called_is_told_from_one_that_is_refused() {
        let callers = Callers::default();
        assert_eq!(state(&callers), ("never", 0));
        // Who sets it up sees the first one at once; the walls wait for more.
        assert_eq!(callers.was_refused(0, LATE), None);
        assert_eq!(state(&callers), ("refused", 1));
        assert_eq!(callers.was_refused(1_000, LATE), None);
        assert_eq!(callers.was_refused(2_000, LATE), None, "a burst");
        assert_eq!(callers.was_refused(60_000, LATE), Some(FeedState::Down));
        callers.told(FeedState::Down);
        assert_eq!(callers.was_refused(61_000, LATE), None, "said once");
        assert_eq!(callers.status().refused_since_ms, Some(0));
        assert_eq!(callers.was_taken(62_000), Some(FeedState::Up));
        callers.told(FeedState::Up);
        assert_eq!((state(&callers), callers.was_taken(63_000)), (("taken", 0), None));
    }

    #[test]
    fn strangers_cannot_make_a_feed_refused_whose_network_is_heard() {
        let callers = Callers::default();
        for second in 0..600_i64 {
            if second % 60 == 0 {
                assert_eq!(callers.was_taken(second * 1000), None);
            }
            assert_eq!(callers.was_refused(second * 1000, LATE), None, "second {second}");
        }
        // From 9:00 on only they come: a secret that was changed on one side looks like that.
        let said = (600..900_i64).find_map(|second| {
            callers.was_refused(second * 1000, LATE).map(|state| (second, state))
        });
        assert_eq!(said, Some((841, FeedState::Down)), "late since 540 s, and by then refused");
        assert_eq!(callers.status().last_ms, Some(540_000));
    }
}
