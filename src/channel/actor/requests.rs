//! Whether the network still answers a plugin that asks it: a poll that fails is no quiet channel.

use super::Actor;
use crate::channel::input::Response;
use crate::channel::manifest::SourceKind;
use crate::event::{FeedPart, FeedState};

/// So many failed requests in a row, with none that went well between them, are a network that does
/// not answer. One or two are what every network does at times.
pub(super) const FAILED_MAX: u32 = 3;

/// How requests of late went.
#[derive(Default)]
pub(super) struct Requests {
    failed: u32,
    /// As the journal was told last.
    is_down: bool,
}

impl Requests {
    /// What is to be said of them now, if that is news.
    fn took(&mut self, status: u16) -> Option<FeedState> {
        let went_well = (100..400).contains(&status);
        self.failed = if went_well { 0 } else { self.failed.saturating_add(1) };
        let is_down = match went_well {
            true => false,
            false => self.is_down || self.failed >= FAILED_MAX,
        };
        let is_news = std::mem::replace(&mut self.is_down, is_down) != is_down;
        is_news.then_some(if is_down { FeedState::Down } else { FeedState::Up })
    }
}

impl Actor {
    /// A request was answered, or was not. Who is sent everything and only looks something up by
    /// requests has no feed that depends on them.
    pub(super) fn request_ended(&mut self, response: &Response) {
        let asks = matches!(
            self.settings.setup.source,
            Some(SourceKind::Poll | SourceKind::Socket | SourceKind::Tcp)
        );
        if asks && let Some(state) = self.requests.took(response.status) {
            self.journal_feed(FeedPart::Requests, state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_are_a_network_that_does_not_answer() {
        let mut requests = Requests::default();
        let said: Vec<_> = [200, 0, 503, 200, 0, 401, 0, 0, 429, 304, 200, 500]
            .map(|status| requests.took(status))
            .into_iter()
            .enumerate()
            .filter_map(|(number, state)| Some((number, state?)))
            .collect();
        assert_eq!(said, [(6, FeedState::Down), (9, FeedState::Up)]);
    }
}
