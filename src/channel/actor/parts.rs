//! What a channel's actor is made of.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::channel::enrich::Enricher;
use crate::channel::host::{CallLimits, Package, Setup};
use crate::channel::reply::Reply;
use crate::channel::{Fetcher, Normalize, RejectedSink, Sink};
use crate::config::model::{ChannelLimits, SameAs};

/// What a channel's actor must know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The channel's name.
    pub channel: String,
    /// The plugin's name and version, for people.
    pub plugin: String,
    /// Queue of contacts for which the network names none.
    pub queue: Option<String>,
    /// Of which other channels its contacts can be.
    pub same_as: Vec<SameAs>,
    /// What the plugin is told when it starts.
    pub setup: Setup,
    /// What a call may take.
    pub call: CallLimits,
    /// What the plugin may take of what all channels share.
    pub limits: ChannelLimits,
    /// Inputs that may wait.
    pub mailbox_max: usize,
    /// What a webhook with bad input is answered.
    pub bad_input: Reply,
}

/// What a channel's actor works with.
pub struct Parts {
    /// The plugin.
    pub package: Arc<Package>,
    /// The journal.
    pub sink: Arc<dyn Sink>,
    /// For what cannot be decoded.
    pub quarantine: Arc<dyn RejectedSink>,
    /// Learns from texts before they are dropped.
    pub enricher: Arc<Enricher>,
    /// Takes out what must not be kept.
    pub normalize: Arc<dyn Normalize>,
    /// Carries out fetches.
    pub fetcher: Arc<dyn Fetcher>,
    /// The plugin's snapshot from the journal (`plugin`).
    pub snapshot: Option<Vec<u8>>,
    /// The source's position from the journal (`source`).
    pub position: Option<Vec<u8>>,
    /// The runtime of the thread of webhooks; without one it stays on the runtime that it is started on.
    pub webhook_thread: Option<Handle>,
    /// Turns true when the server stops: what waits is dealt with, nothing new is taken.
    pub stop: watch::Receiver<bool>,
}
