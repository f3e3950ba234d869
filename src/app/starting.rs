//! What a server says while it starts: it lives, and is not ready. Counting a large journal again
//! takes a while, in which whoever asks must not take it for dead.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use tokio::runtime::Handle;

use super::Listeners;
use super::walls::Listening;
use crate::board::format::Language;
use crate::channel::host::PluginEngine;
use crate::config::model::Config;
use crate::http::{self, ServerStatus};
use crate::journal::Sequence;
use crate::telemetry::Form;

/// Answers that are under way when the server is ready get so long.
const FINISHES_WITHIN: Duration = Duration::from_millis(200);

/// How far a start has got.
#[derive(Debug, Default)]
pub struct Start {
    /// Events that are to be counted again.
    all: AtomicU64,
    folded: AtomicU64,
    /// Who compiles plugins, once the journal is counted.
    engine: OnceLock<Weak<PluginEngine>>,
}

impl Start {
    /// Events up to `last` are counted again, those after `known`.
    pub(super) fn begins(&self, known: Sequence, last: Sequence) {
        self.all.store(last.saturating_sub(known), Ordering::Relaxed);
    }

    /// So many of them have been.
    pub(super) fn has_folded(&self, events: u64) {
        self.folded.store(events, Ordering::Relaxed);
    }

    /// Plugins are compiled by this engine from now on.
    pub(super) fn compiles_by(&self, engine: &Arc<PluginEngine>) {
        // There is one engine for each start.
        let _ = self.engine.set(Arc::downgrade(engine));
    }

    fn sentence(&self) -> String {
        let all = self.all.load(Ordering::Relaxed);
        let folded = self.folded.load(Ordering::Relaxed).min(all);
        if all == folded {
            let engine = self.engine.get().and_then(Weak::upgrade);
            let compiles = engine.and_then(|it| it.compiles_now());
            let what = compiles.map(|it| format!(": {it}")).unwrap_or_default();
            return format!("the server starts{what}");
        }
        format!("the server starts: what was journaled is counted again, {folded} of {all} events")
    }
}

impl ServerStatus for Start {
    fn obstacles(&self) -> Vec<String> {
        vec![self.sentence()]
    }

    fn channels(&self) -> serde_json::Value {
        serde_json::json!([])
    }

    fn metrics(&self, _: Form) -> String {
        String::new()
    }
}

/// Answers at the server's addresses until it is there itself.
pub struct StartingDoors(Listening);

impl StartingDoors {
    /// Opens them beside the server's own, which are served later.
    pub fn open(config: &Config, own: &Listeners, start: &Arc<Start>) -> anyhow::Result<Self> {
        let mut listening =
            Listening::new(config, Arc::default()).finishing_within(FINISHES_WITHIN);
        let status: Arc<dyn ServerStatus> = Arc::clone(start) as Arc<dyn ServerStatus>;
        let language = Language::from_id(&config.site.language).unwrap_or_default();
        let embeds = &config.boards.embed_hosts;
        let front = http::starting(Arc::clone(&status), language, embeds);
        let here = Handle::current();
        listening.open(http::second(&own.public, &here)?, front, None);
        let places = config.server.admin_connections_max;
        let admin = http::second(&own.admin, &here)?;
        listening.open_admin(admin, http::starting(status, language, embeds), places);
        Ok(Self(listening))
    }

    /// Leaves the addresses to the server.
    pub async fn close(self) -> anyhow::Result<()> {
        self.0.close().await.map(drop)
    }
}
