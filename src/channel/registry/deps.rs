//! What channels are built with.

use std::sync::Arc;

use bytes::Bytes;
use tokio::runtime::Handle;

use crate::channel::enrich::Enricher;
use crate::channel::host::PluginEngine;
use crate::channel::manifest::Manifest;
use crate::channel::{Fetcher, Normalize, RejectedSink, Sink};
use crate::config::model::{Channel, Site};

/// Finds a channel's plugin by the config's word for it.
pub type FindPlugin<'a> = dyn Fn(&str) -> Result<PluginFile, String> + 'a;

/// Bytes of a plugin file and what to call it in messages.
#[derive(Clone, Debug)]
pub struct PluginFile {
    /// Such as `telegram.wasm`.
    pub name: String,
    /// The file.
    pub bytes: Bytes,
}

/// Makes what carries out a channel's fetches, or says in a sentence why the grants make no sense.
pub type FetcherMaker<'a> = dyn Fn(&Channel, &Manifest) -> Result<Arc<dyn Fetcher>, String> + 'a;

/// What channels are built with.
pub struct Deps<'a> {
    /// The sandbox.
    pub engine: &'a PluginEngine,
    /// What plugins are told of the site.
    pub site: &'a Site,
    /// Finds a plugin by the config's word for it, or says in a sentence why not.
    pub plugin: &'a FindPlugin<'a>,
    /// The journal.
    pub sink: Arc<dyn Sink>,
    /// The quarantine.
    pub quarantine: Arc<dyn RejectedSink>,
    /// What learns from texts before they are dropped.
    pub enricher: Arc<Enricher>,
    /// What takes out of a channel's events that which must not be kept.
    pub normalize: &'a dyn Fn(&Channel, &Manifest) -> Arc<dyn Normalize>,
    /// What carries out a channel's fetches.
    pub fetcher: &'a FetcherMaker<'a>,
    /// Where a channel's part (`plugin`, `source`) stood when the server stopped.
    pub cursor: &'a dyn Fn(&str, &str) -> Option<Vec<u8>>,
    /// The runtime of the thread of webhooks; without one all channels stay on the runtime that they
    /// are started on.
    pub webhook_thread: Option<&'a Handle>,
}
