//! What the actor does when its plugin fails, is held up, or works again.

use tokio::time::Instant;

use super::Actor;
use super::breaker::Verdict;
use crate::channel::host::CallError;
use crate::channel::input::Input;
use crate::channel::status::{BreakerState, Limit};
use crate::event::{FeedPart, FeedState};

impl Actor {
    pub(super) fn succeeded(&mut self) {
        if self.runner.breaker.success() {
            tracing::info!(channel = self.settings.channel, "the plugin has recovered");
            self.meter.set_breaker(BreakerState::Closed);
            self.journal_feed(FeedPart::Plugin, FeedState::Up);
        }
    }

    /// The instance did not survive a call. Who is to blame for it is [`mark`](Self::mark)ed.
    pub(super) fn lose(&mut self, error: &CallError) {
        let channel = &self.settings.channel;
        if let Some(left_out) = self.lines.lost.now() {
            tracing::warn!(channel, %error, left_out, "the plugin's instance is lost");
        }
        self.runner.drop_instance(Instant::now());
        self.disarm();
        if error.is_machines() {
            self.limit(Limit::CallWallTimeout, 1);
        }
    }

    /// The round of inputs that are taken. An instance that lacks the beginning of a document begins a
    /// new one: the document comes again, whole.
    pub(super) fn round(&mut self) -> u64 {
        if self.runner.take_lost_halfway() {
            self.resume.next_round();
        }
        self.resume.round()
    }

    /// Counts a failure against the plugin, which may have to rest then.
    pub(super) fn mark(&mut self) {
        let verdict = self.runner.mark(Instant::now());
        if verdict == Verdict::Rest {
            let channel = &self.settings.channel;
            tracing::warn!(channel, "the plugin has failed too often and rests");
            self.disarm();
            self.journal_feed(FeedPart::Plugin, FeedState::Down);
        }
    }

    /// A limit held the plugin up or refused something: counted, and said now and then.
    pub(super) fn limit(&mut self, limit: Limit, count: usize) {
        self.meter.add_limited(limit, count);
        if let Some(left_out) = self.lines.limits[limit as usize].now() {
            let (channel, limit) = (&self.settings.channel, limit.name());
            tracing::warn!(
                channel,
                limit,
                left_out,
                "the plugin is held up or refused something by a limit of [channel.NAME.limits]"
            );
        }
    }
}

/// Whether an input is the further part of a document: a new instance could make nothing of it.
pub(super) fn goes_on(input: &Input) -> bool {
    matches!(input, Input::Document(part) if part.offset > 0)
}
