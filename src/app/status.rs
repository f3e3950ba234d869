//! What the server says about itself over HTTP.

use std::sync::Arc;

use serde::Serialize;

use crate::board::format::Language;
use crate::board::hub::HubHandle;
use crate::channel::registry::Registry;
use crate::channel::status::ChannelStatus;
use crate::http::ServerStatus;
use crate::journal::JournalHandle;
use crate::telemetry::Exporter;

/// Of a server that runs: asked anew each time.
pub(super) struct LiveStatus {
    pub(super) journal: JournalHandle,
    pub(super) registry: Arc<Registry>,
    pub(super) exporter: Exporter,
    pub(super) hub: HubHandle,
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
    /// The doors open only when the engine has caught up, so the disk is all that can fail.
    fn obstacles(&self) -> Vec<String> {
        if self.journal.is_writable() {
            return Vec::new();
        }
        vec![String::from("the journal cannot be written: see the log, and the disk's free space")]
    }

    fn remarks(&self) -> Vec<String> {
        self.notice().into_iter().collect()
    }

    fn channels(&self) -> serde_json::Value {
        let notice = self.notice();
        let told = |status| Told { status, clock: notice.as_deref() };
        let all: Vec<_> = self.registry.statuses().into_iter().map(told).collect();
        serde_json::json!(all)
    }

    fn metrics(&self) -> String {
        self.exporter.render_here()
    }
}
