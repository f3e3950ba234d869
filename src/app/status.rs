//! What the server says about itself over HTTP.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::board::hub::HubHandle;
use crate::channel::registry::Registry;
use crate::channel::status::ChannelStatus;
use crate::http::ServerStatus;
use crate::journal::{Behind, JournalHandle};
use crate::language::Language;
use crate::telemetry::{Exporter, Form, names};

/// Of a server that runs: asked anew each time.
pub(super) struct LiveStatus {
    pub(super) journal: JournalHandle,
    pub(super) registry: Arc<Registry>,
    pub(super) exporter: Exporter,
    pub(super) hub: HubHandle,
    /// `server.engine_behind_max`.
    pub(super) behind_max: Duration,
}

/// A channel, and what must be known of the clock by which its health is told.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    status: ChannelStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<&'a str>,
}

impl LiveStatus {
    fn notice(&self) -> Option<String> {
        self.hub.notice().map(|notice| notice.sentence(Language::English))
    }
}

impl ServerStatus for LiveStatus {
    fn obstacles(&self) -> Vec<String> {
        let mut obstacles = Vec::new();
        if !self.journal.is_writable() {
            let disk = "the journal cannot be written: see the log, and the disk's free space";
            obstacles.push(disk.to_owned());
        }
        let Behind { events, oldest } = self.journal.progress().behind();
        if oldest > self.behind_max {
            obstacles.push(format!(
                "the engine is behind the journal by {events} events, the oldest of {:.1} s ago \
                 (server.engine_behind_max): what is shown is old",
                oldest.as_secs_f64()
            ));
        }
        obstacles
    }

    fn remarks(&self) -> Vec<String> {
        self.notice().into_iter().collect()
    }

    fn channels(&self) -> serde_json::Value {
        let notice = self.notice();
        let site = self.hub.site();
        let told = |mut status: ChannelStatus| {
            site.channel_title(&status.name).clone_into(&mut status.title);
            Told { status, clock: notice.as_deref() }
        };
        let all: Vec<_> = self.registry.statuses().into_iter().map(told).collect();
        serde_json::json!(all)
    }

    fn metrics(&self, form: Form) -> String {
        // Here, as an engine that is stuck tells nothing.
        publish_behind(&self.journal);
        self.exporter.render_as(form)
    }
}

/// How far the engine is behind the journal, and for how long it has been.
pub(super) fn publish_behind(journal: &JournalHandle) {
    let progress = journal.progress();
    let Behind { events, oldest } = progress.behind();
    names::ENGINE_BEHIND_SECONDS.set(&[], oldest.as_secs_f64());
    names::ENGINE_BEHIND_EVENTS.set(&[], events as f64);
    // A counter counts whole ones.
    names::FIGURES_STALE.reach(&[], progress.stale().as_secs());
}
