//! What is known of a channel from outside its actor: for the API, telemetry and `deliver`.
//!
//! The actor and the registry count in a [`Meter`]; everybody else reads a [`ChannelStatus`].
//! Nothing here locks.

mod reload;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU64, Ordering};

use arc_swap::ArcSwap;
use serde::Serialize;

use super::callers::WebhookStatus;
use super::host::FailureClass;
use super::manifest::Manifest;
use crate::config::model::Channel;
use crate::event::UnixMs;
use crate::telemetry::names;
use crate::words::words;

pub use reload::{Reload, ReloadResult};

/// Whether the plugin is trusted to take input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// It works.
    Closed,
    /// It failed once too often and rests.
    Open,
    /// It has rested and gets one input to prove itself.
    HalfOpen,
}

/// Things counted since the start of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Inputs handed to the plugin.
    Inputs,
    /// Events handed to the journal.
    Events,
    /// Calls into the plugin.
    Calls,
    /// Plugin instances lost to a trap or a limit.
    InstancesLost,
    /// Webhooks with a wrong signature.
    SignatureFailures,
    /// Deliveries refused because the mailbox was full.
    Busy,
    /// Deliveries refused because the plugin rests.
    Unavailable,
    /// Appends that the journal did not take or could not write.
    JournalFailures,
    /// Commands that were not carried out: too many timers or fetches, no socket, unknown.
    CommandsRefused,
    /// Times the breaker opened.
    BreakerOpened,
    /// Texts of which only the beginning was looked at for topics.
    TextsCut,
    /// Topics that a message had beyond the limit.
    TagsLeftOut,
    /// Replies of the plugin that are not allowed as they were.
    RepliesChanged,
}

const COUNTS: usize = 13;

words! {
    /// What may hold a channel up or refuse it something. Few and fixed: it is a metric's label.
    pub enum Limit [name, from_name] {
        /// `events_per_second_max`: the plugin waits.
        Events = "events",
        /// `bytes_per_second_max`: the plugin waits.
        Bytes = "bytes",
        /// `wakes_per_second_max`: timers and answers to fetches wait.
        Wakes = "wakes",
        /// `processor_per_second_max`: the plugin waits.
        Processor = "processor",
        /// `under_way_bytes_max`: the plugin waits for the disk.
        UnderWay = "under_way",
        /// `call_commands_max`: commands are not carried out.
        Commands = "commands",
        /// `fetches_max`: a fetch is answered with status 0, or not at all.
        Fetches = "fetches",
        /// `links_max`: a link is not opened.
        Links = "links",
        /// `link_queue_bytes_max`: something is not sent.
        LinkQueue = "link_queue",
        /// `frame_bytes_max`: a link is closed.
        Frames = "frames",
        /// `tag_bytes_max`: a timer is not set, a fetch not made, a link not opened.
        Tags = "tags",
        /// `timers_max`: a timer is not set.
        Timers = "timers",
        /// `log_lines_per_minute_max`: a line of the plugin's own is not in the log.
        LogLines = "log_lines",
        /// `call_wall_timeout`: the machine was too busy; the input is to be sent again.
        CallWallTimeout = "call_wall_timeout",
    }
}

words! {
    /// Where a link stands. Few and fixed: it is a metric's label.
    pub enum LinkState [name, from_name] {
        /// It is tried again after a while.
        Waiting = "waiting",
        /// It is being opened.
        Connecting = "connecting",
        /// It is open.
        Up = "up",
        /// It broke, was closed or could not be opened, and the plugin has not asked for it again.
        Down = "down",
    }
}

/// A connection that a plugin asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkStatus {
    /// The plugin's name for it.
    pub link: String,
    /// Where it stands.
    pub state: LinkState,
    /// Since when, in Unix milliseconds.
    pub since_ms: UnixMs,
    /// When it is tried, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_ms: Option<UnixMs>,
    /// The close code with which it last ended, or the HTTP status that refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// Why it last ended; none while it is up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Counters and state of one channel, written by its actor and by the registry.
#[derive(Debug)]
pub struct Meter {
    counts: [AtomicU64; COUNTS],
    quarantined: [AtomicU64; FailureClass::ALL.len()],
    limited: [AtomicU64; Limit::ALL.len()],
    fetches: AtomicU64,
    links: ArcSwap<Vec<LinkStatus>>,
    breaker: AtomicU8,
    last_event_ms: AtomicI64,
    memory_bytes: AtomicU64,
}

impl Meter {
    pub(in crate::channel) fn new() -> Self {
        Self {
            counts: Default::default(),
            quarantined: Default::default(),
            limited: Default::default(),
            fetches: AtomicU64::new(0),
            links: ArcSwap::default(),
            breaker: AtomicU8::new(0),
            last_event_ms: AtomicI64::new(0),
            memory_bytes: AtomicU64::new(0),
        }
    }

    pub(super) fn add(&self, count: Count, by: usize) {
        self.counts[count as usize].fetch_add(by as u64, Ordering::Relaxed);
    }

    pub(super) fn add_quarantined(&self, class: FailureClass) {
        self.quarantined[class as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add_limited(&self, limit: Limit, by: usize) {
        self.limited[limit as usize].fetch_add(by as u64, Ordering::Relaxed);
    }

    pub(super) fn set_fetches(&self, fetches: usize) {
        self.fetches.store(fetches as u64, Ordering::Relaxed);
    }

    pub(super) fn set_links(&self, links: Vec<LinkStatus>) {
        self.links.store(Arc::new(links));
    }

    pub(super) fn set_breaker(&self, state: BreakerState) {
        self.breaker.store(state as u8, Ordering::Release);
    }

    pub(super) fn set_last_event(&self, at_ms: UnixMs) {
        self.last_event_ms.store(at_ms, Ordering::Relaxed);
    }

    pub(super) fn set_memory(&self, bytes: usize) {
        self.memory_bytes.store(bytes as u64, Ordering::Relaxed);
    }

    /// How often it happened.
    pub fn count(&self, count: Count) -> u64 {
        self.counts[count as usize].load(Ordering::Relaxed)
    }

    /// Whether the plugin is trusted.
    pub fn breaker(&self) -> BreakerState {
        match self.breaker.load(Ordering::Acquire) {
            0 => BreakerState::Closed,
            1 => BreakerState::Open,
            _ => BreakerState::HalfOpen,
        }
    }
}

/// A channel at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChannelStatus {
    /// Its `[channel.NAME]`.
    pub name: String,
    /// Shown on walls.
    pub title: String,
    /// Name of its plugin.
    pub plugin: String,
    /// The plugin's own version.
    pub plugin_version: String,
    /// The network's name.
    pub network: String,
    /// Whether the plugin takes input.
    pub breaker: BreakerState,
    /// When the last event was received; none since the start.
    pub last_event_ms: Option<UnixMs>,
    /// Inputs waiting in the mailbox.
    pub waiting: usize,
    /// Memory of the plugin's instance.
    pub memory_bytes: u64,
    /// Inputs handed to the plugin.
    pub inputs: u64,
    /// Events handed to the journal.
    pub events: u64,
    /// Calls into the plugin.
    pub calls: u64,
    /// Instances lost to a trap or a limit.
    pub instances_lost: u64,
    /// Webhooks with a wrong signature.
    pub signature_failures: u64,
    /// Refused because the mailbox was full.
    pub busy: u64,
    /// Refused because the plugin rests.
    pub unavailable: u64,
    /// Appends that the journal did not take or could not write.
    pub journal_failures: u64,
    /// Commands that were not carried out.
    pub commands_refused: u64,
    /// Times the breaker opened.
    pub breaker_opened: u64,
    /// Texts of which only the beginning was looked at for topics.
    pub texts_cut: u64,
    /// Topics that messages had beyond the limit.
    pub tags_left_out: u64,
    /// Replies of the plugin that are not allowed as they were.
    pub replies_changed: u64,
    /// Inputs in quarantine by reason, those with any.
    pub quarantined: BTreeMap<&'static str, u64>,
    /// Times that a limit held the channel up or refused something, by limit, those with any.
    pub limited: BTreeMap<&'static str, u64>,
    /// Fetches under way, and answers to those that were refused.
    pub fetches: u64,
    /// Connections that the channel's plugin asked for.
    pub links: Vec<LinkStatus>,
    /// What its requests lacked since it was built, each with the line that gives it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// What has come to its webhook; none where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookStatus>,
    /// How the last reload that concerned the channel ended; none since the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reload: Option<Reload>,
}

impl ChannelStatus {
    /// Tells Prometheus.
    pub(super) fn publish(&self) {
        let channel = self.name.as_str();
        for (metric, count) in [
            (&names::EVENTS, self.events),
            (&names::SIGNATURE_FAILURES, self.signature_failures),
            (&names::MAILBOX_BUSY, self.busy),
            (&names::PLUGIN_UNAVAILABLE, self.unavailable),
            (&names::PLUGIN_CALLS, self.calls),
            (&names::PLUGIN_LOST, self.instances_lost),
            (&names::BREAKER_OPENED, self.breaker_opened),
            (&names::COMMANDS_REFUSED, self.commands_refused),
            (&names::APPENDS_FAILED, self.journal_failures),
            (&names::TEXTS_CUT, self.texts_cut),
            (&names::TAGS_LEFT_OUT, self.tags_left_out),
            (&names::REPLIES_CHANGED, self.replies_changed),
        ] {
            metric.reach(&[channel], count);
        }
        // Those without any, too: Prometheus must see the first one as an increase.
        for reason in FailureClass::ALL.map(FailureClass::name) {
            let count = self.quarantined.get(reason).copied();
            names::QUARANTINED.reach(&[channel, reason], count.unwrap_or_default());
        }
        for limit in Limit::ALL.map(Limit::name) {
            let count = self.limited.get(limit).copied();
            names::CHANNEL_LIMITED.reach(&[channel, limit], count.unwrap_or_default());
        }
        for state in LinkState::ALL {
            let links = self.links.iter().filter(|link| link.state == state).count();
            names::CHANNEL_LINKS.set(&[channel, state.name()], links as f64);
        }
        names::PLUGIN_MEMORY.set(&[channel], self.memory_bytes as f64);
    }
}

/// Who a channel is.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) plugin: String,
    pub(super) plugin_version: String,
    pub(super) network: String,
}

impl Identity {
    pub(super) fn of(channel: &Channel, manifest: &Manifest) -> Self {
        Self {
            name: channel.name.clone(),
            title: channel.title.clone().unwrap_or_else(|| channel.name.clone()),
            plugin: manifest.name.clone(),
            plugin_version: manifest.version.clone(),
            network: manifest.network.clone(),
        }
    }

    pub(super) fn status(
        &self,
        meter: &Meter,
        waiting: usize,
        reload: Option<Reload>,
    ) -> ChannelStatus {
        let last_event_ms = meter.last_event_ms.load(Ordering::Relaxed);
        let classes = FailureClass::ALL.map(FailureClass::name);
        ChannelStatus {
            name: self.name.clone(),
            title: self.title.clone(),
            plugin: self.plugin.clone(),
            plugin_version: self.plugin_version.clone(),
            network: self.network.clone(),
            breaker: meter.breaker(),
            last_event_ms: (last_event_ms != 0).then_some(last_event_ms),
            waiting,
            memory_bytes: meter.memory_bytes.load(Ordering::Relaxed),
            inputs: meter.count(Count::Inputs),
            events: meter.count(Count::Events),
            calls: meter.count(Count::Calls),
            instances_lost: meter.count(Count::InstancesLost),
            signature_failures: meter.count(Count::SignatureFailures),
            busy: meter.count(Count::Busy),
            unavailable: meter.count(Count::Unavailable),
            journal_failures: meter.count(Count::JournalFailures),
            commands_refused: meter.count(Count::CommandsRefused),
            breaker_opened: meter.count(Count::BreakerOpened),
            texts_cut: meter.count(Count::TextsCut),
            tags_left_out: meter.count(Count::TagsLeftOut),
            replies_changed: meter.count(Count::RepliesChanged),
            quarantined: those_with_any(classes, &meter.quarantined),
            limited: those_with_any(Limit::ALL.map(Limit::name), &meter.limited),
            fetches: meter.fetches.load(Ordering::Relaxed),
            links: meter.links.load().to_vec(),
            lacks: Vec::new(),
            webhook: None,
            reload,
        }
    }
}

fn those_with_any<const N: usize>(
    names: [&'static str; N],
    counts: &[AtomicU64; N],
) -> BTreeMap<&'static str, u64> {
    let counts = counts.iter().map(|count| count.load(Ordering::Relaxed));
    names.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect()
}
