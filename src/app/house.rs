//! What the server says about itself over HTTP.

use std::sync::Arc;

use crate::channel::registry::Registry;
use crate::http::House;
use crate::journal::JournalHandle;
use crate::telemetry::Exporter;

/// See the module.
pub(super) struct TheHouse {
    journal: JournalHandle,
    registry: Arc<Registry>,
    exporter: Exporter,
}

impl TheHouse {
    pub(super) fn new(journal: JournalHandle, registry: Arc<Registry>, exporter: Exporter) -> Self {
        Self { journal, registry, exporter }
    }
}

impl House for TheHouse {
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
