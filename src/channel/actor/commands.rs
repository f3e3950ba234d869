//! What a plugin asks the host for: fetches, links, timers and log lines, within the channel's limits.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Actor;
use crate::channel::host::wit;
use crate::channel::input::{Input, Response};
use crate::channel::quarantine;
use crate::channel::request::Request;
use crate::channel::status::{Count, Limit};

/// Lines that a plugin may say in a [`LINES_SPAN`].
const LINES_SPAN: Duration = Duration::from_secs(60);

/// How many of the plugin's own lines went into the log lately.
pub(super) struct PluginLines {
    since: Instant,
    said: usize,
}

impl PluginLines {
    pub(super) fn new(now: Instant) -> Self {
        Self { since: now, said: 0 }
    }

    /// Whether there is room for one more.
    fn take(&mut self, max: usize, now: Instant) -> bool {
        if now.duration_since(self.since) >= LINES_SPAN {
            *self = Self::new(now);
        }
        self.said += 1;
        self.said <= max
    }
}

impl Actor {
    /// Does what the plugin asked for.
    pub(super) fn carry_out(&mut self, commands: Vec<wit::Command>) {
        let tag_bytes_max = self.settings.limits.tag_bytes_max;
        for command in commands {
            let done = match command {
                wit::Command::Fetch(wit::Request { tag, .. })
                | wit::Command::Timer(wit::Timer { tag, .. })
                | wit::Command::Connect(wit::Connect { link: tag, .. })
                    if tag.len() > tag_bytes_max =>
                {
                    self.limit(Limit::Tags, 1);
                    false
                }
                wit::Command::Fetch(request) => self.fetch(request.into()),
                wit::Command::Timer(wit::Timer { tag, after_ms: Some(after_ms) }) => {
                    self.set_timer(tag, after_ms)
                }
                wit::Command::Timer(wit::Timer { tag, after_ms: None }) => {
                    self.timers.cancel(&tag);
                    true
                }
                wit::Command::Log(line) => self.log(&line),
                wit::Command::Connect(connect) => self.connect(connect.into()),
                wit::Command::Send(outgoing) => self.send_on(outgoing.into()),
                wit::Command::Close(wit::Close { link, code }) => self.close_link(&link, code),
                // What is newer we do not know.
                wit::Command::Other(_) => false,
            };
            if !done {
                self.meter.add(Count::CommandsRefused, 1);
            }
        }
    }

    fn set_timer(&mut self, tag: String, after_ms: u32) -> bool {
        let after = Duration::from_millis(after_ms.into());
        let set = self.timers.set(tag, after, Instant::now(), self.settings.limits.timers_max);
        if !set {
            self.limit(Limit::Timers, 1);
        }
        set
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
            let asked = Arc::clone(&self.fetcher).fetch(request);
            self.fetches.push(self.place.on_main_runtime(asked));
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

    /// A plugin may quote what it has read: of its line stays what stays of a reason.
    fn log(&mut self, line: &wit::LogLine) -> bool {
        if !self.plugin_lines.take(self.settings.limits.log_lines_per_minute_max, Instant::now()) {
            self.limit(Limit::LogLines, 1);
            return false;
        }
        let channel = &self.settings.channel;
        let said = quarantine::fit_for_the_log(&line.text);
        match line.level {
            wit::LogLevel::Debug => tracing::debug!(channel, said, "the plugin says"),
            wit::LogLevel::Info => tracing::info!(channel, said, "the plugin says"),
            wit::LogLevel::Warn => tracing::warn!(channel, said, "the plugin says"),
        }
        true
    }

    /// Gives an input of the host's own to the plugin again, later. What it cannot keep comes back.
    pub(super) fn postpone(&mut self, input: Input, after_ms: u32) -> Result<(), (Input, String)> {
        let limits = &self.settings.limits;
        match input {
            Input::Response(response) if self.fetches.len() < limits.fetches_max => {
                let after = Duration::from_millis(after_ms.into()).max(super::TIMER_MIN);
                self.asked.push(response.tag.clone());
                self.fetches.push(Box::pin(async move {
                    sleep(after).await;
                    response
                }));
                Ok(())
            }
            Input::Response(_) => {
                self.limit(Limit::Fetches, 1);
                Err((input, "it asks for this again later, and fetches_max wait already".into()))
            }
            Input::Timer(tag) if self.set_timer(tag.clone(), after_ms) => Ok(()),
            Input::Timer(_) => {
                Err((input, "it asks for this again later, and timers_max are set already".into()))
            }
            Input::Webhook(_)
            | Input::Line(_)
            | Input::Frame(_)
            | Input::Document(_)
            | Input::Connected(_)
            | Input::Disconnected(_) => {
                Err((input, "it asks for this again later, and its place is in its order".into()))
            }
        }
    }
}
