//! What a plugin asks the host for: fetches and timers, within the channel's limits.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Actor;
use crate::channel::host::wit;
use crate::channel::input::{Request, Response};
use crate::channel::status::{Count, Limit};

impl Actor {
    /// Does what the plugin asked for.
    pub(super) fn carry_out(&mut self, commands: Vec<wit::Command>) {
        let tag_bytes_max = self.settings.limits.tag_bytes_max;
        for command in commands {
            let done = match command {
                wit::Command::Fetch(wit::Request { tag, .. }) | wit::Command::Timer((tag, _))
                    if tag.len() > tag_bytes_max =>
                {
                    self.limit(Limit::Tags, 1);
                    false
                }
                wit::Command::Fetch(request) => self.fetch(request.into()),
                wit::Command::Timer((tag, after_ms)) => {
                    let after = Duration::from_millis(after_ms.into());
                    let set = self.timers.set(
                        tag,
                        after,
                        Instant::now(),
                        self.settings.limits.timers_max,
                    );
                    if !set {
                        self.limit(Limit::Timers, 1);
                    }
                    set
                }
                // No source of ours is a socket yet, and what is newer we do not know.
                wit::Command::Send(_) | wit::Command::Other(_) => false,
            };
            if !done {
                self.meter.add(Count::CommandsRefused, 1);
            }
        }
    }

    /// A fetch is no longer under way.
    pub(super) fn answered(&mut self, tag: &str) {
        if let Some(at) = self.asked.iter().position(|asked| asked == tag) {
            self.asked.swap_remove(at);
        }
    }

    fn fetch(&mut self, request: Request) -> bool {
        let max = self.settings.limits.fetches_max;
        if self.fetches.len() < max {
            self.asked.push(request.tag.clone());
            self.fetches.push(Arc::clone(&self.fetcher).fetch(request));
            return true;
        }
        self.limit(Limit::Fetches, 1);
        // A plugin that waits for its answer must get one; one that asks without end need not.
        if self.refused.len() < max {
            let body = format!("{max} fetches are under way already (limits.fetches_max)");
            let tag = request.tag;
            self.refused.push_back(Response { body: body.into(), tag, ..Response::default() });
        }
        false
    }
}
