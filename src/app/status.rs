//! What the server says about itself over HTTP.

use std::sync::Arc;

use crate::channel::registry::Registry;
use crate::http::ServerStatus;
use crate::journal::JournalHandle;
use crate::telemetry::Exporter;

/// Of a server that runs: asked anew each time.
pub(super) struct LiveStatus {
    pub(super) journal: JournalHandle,
    pub(super) registry: Arc<Registry>,
    pub(super) exporter: Exporter,
}

impl ServerStatus for LiveStatus {
    /// The doors open only when the engine has caught up, so the disk is all that can fail.
    fn obstacles(&self) -> Vec<String> {
        if self.journal.is_writable() {
            return Vec::new();
        }
        vec![String::from("the journal cannot be written: see the log, and the disk's free space")]
    }

    fn channels(&self) -> serde_json::Value {
        serde_json::json!(self.registry.statuses())
    }

    fn metrics(&self) -> String {
        self.exporter.render_here()
    }
}
