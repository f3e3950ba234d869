//! All channels by name: the one place where HTTP, sources and the API find them.

mod sources;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use dashmap::DashMap;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::actor::{self, Mailbox, Parts, Settings};
use super::enrich::Enricher;
use super::host::{CallLimits, Instance, Package, PackageError, PluginEngine, Setup, wit};
use super::input::{Delivery, Incoming, Input};
use super::manifest::Manifest;
use super::reply::{Answer, Refusal, Reply};
use super::status::{ChannelStatus, Count, Identity, Meter};
use super::verify::{Door, VerifyError};
use super::{Fetcher, Normalize, RejectedSink, Sink};
use crate::clock;
use crate::config::model::{Channel, Site};

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
}

/// Why a channel cannot run as configured.
#[derive(Debug, thiserror::Error)]
#[error("[channel.{channel}] {problem}")]
pub struct BuildError {
    /// The channel.
    pub channel: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// See [`BuildError`].
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no such plugin.
    #[error("plugin: {0}")]
    NoPlugin(String),
    /// The file is no plugin for this server.
    #[error("plugin: {0}")]
    Package(#[from] PackageError),
    /// Webhooks could not be verified.
    #[error("{0}")]
    Verify(#[from] VerifyError),
    /// The section and the plugin disagree on where the bytes come from.
    #[error("{0}")]
    Source(String),
    /// A secret that no request of the plugin mentions.
    #[error("grant_secrets: {0}")]
    Secrets(String),
    /// The plugin may not ask what it must.
    #[error("grant_hosts: {0}")]
    Egress(String),
    /// The plugin does not start with these settings.
    #[error("settings: the plugin says: {0}")]
    Settings(String),
    /// The plugin does not start at all.
    #[error("the plugin does not start: {0}")]
    Start(String),
}

/// All channels.
pub struct Registry {
    channels: DashMap<String, Arc<Entry>>,
    actors: Mutex<Vec<(String, JoinHandle<()>)>>,
    stop: watch::Sender<bool>,
}

struct Entry {
    identity: Identity,
    manifest: Manifest,
    /// None when the channel takes no webhooks.
    door: Option<Door>,
    mailbox: Mailbox,
    meter: Arc<Meter>,
}

/// A channel that was found to be in order and is not yet running.
struct Checked {
    package: Package,
    door: Option<Door>,
    settings: Settings,
}

impl Registry {
    /// Compiles and tries every channel's plugin, then starts the actors; nothing is started
    /// when anything is wrong. Compiling takes a while: call it where blocking is allowed, inside
    /// a runtime.
    pub fn build(
        channels: &BTreeMap<String, Channel>,
        deps: &Deps<'_>,
    ) -> Result<Registry, Vec<BuildError>> {
        let mut checked = Vec::new();
        let mut errors = Vec::new();
        for channel in channels.values() {
            let result = check(channel, deps.engine, deps.site, deps.plugin).and_then(|checked| {
                let fetcher = (deps.fetcher)(channel, checked.package.manifest());
                Ok((checked, fetcher.map_err(Problem::Egress)?))
            });
            match result {
                Ok((it, fetcher)) => checked.push((channel, it, fetcher)),
                Err(problem) => {
                    errors.push(BuildError { channel: channel.name.clone(), problem });
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }

        let (stop, stopped) = watch::channel(false);
        let mut registry = Registry { channels: DashMap::new(), actors: Mutex::default(), stop };
        for (channel, checked, fetcher) in checked {
            registry.start(channel, checked, fetcher, deps, stopped.clone());
        }
        Ok(registry)
    }

    fn start(
        &mut self,
        channel: &Channel,
        checked: Checked,
        fetcher: Arc<dyn Fetcher>,
        deps: &Deps<'_>,
        stop: watch::Receiver<bool>,
    ) {
        let manifest = checked.package.manifest().clone();
        let identity = Identity {
            name: channel.name.clone(),
            title: channel.title.clone().unwrap_or_else(|| channel.name.clone()),
            plugin: manifest.name.clone(),
            plugin_version: manifest.version.clone(),
            network: manifest.network.clone(),
        };
        let meter = Arc::new(Meter::new());
        let parts = Parts {
            package: Arc::new(checked.package),
            sink: Arc::clone(&deps.sink),
            quarantine: Arc::clone(&deps.quarantine),
            enricher: Arc::clone(&deps.enricher),
            normalize: (deps.normalize)(channel, &manifest),
            fetcher,
            snapshot: (deps.cursor)(&channel.name, "plugin"),
            position: (deps.cursor)(&channel.name, "source"),
            stop,
        };
        let (mailbox, actor) = actor::spawn(checked.settings, parts, Arc::clone(&meter));
        let door = checked.door;
        self.actors().push((channel.name.clone(), actor));
        self.channels.insert(
            channel.name.clone(),
            Arc::new(Entry { identity, manifest, door, mailbox, meter }),
        );
    }

    /// Whether a webhook with this head may bring its body: the channel is known, and it can be
    /// genuine. The body is not there yet.
    pub fn admit(&self, channel: &str, head: &Incoming) -> Result<(), Refusal> {
        let entry = self.entry(channel).ok_or_else(|| Refusal::UnknownChannel(channel.into()))?;
        entry.door(channel)?.admit(head, clock::now_ms()).map_err(|_| {
            entry.meter.add(Count::SignatureFailures, 1);
            Refusal::BadSignature
        })
    }

    /// Whether a channel's address has a secret at its end, `/in/CHANNEL/SECRET`.
    pub fn has_secret_path(&self, channel: &str) -> bool {
        let entry = self.entry(channel);
        entry.is_some_and(|entry| entry.door.as_ref().is_some_and(Door::has_secret_path))
    }

    /// Takes a webhook: known, verified, decoded, on disk, or refused. A handshake is answered at
    /// once.
    pub async fn deliver(&self, channel: &str, request: Incoming) -> Result<Reply, Refusal> {
        let entry = self.entry(channel).ok_or_else(|| Refusal::UnknownChannel(channel.into()))?;
        let now_ms = clock::now_ms();
        let door = entry.door(channel)?;
        match door.pass(&request, now_ms) {
            Ok(None) => {}
            Ok(Some(reply)) => return Ok(reply),
            Err(_) => {
                entry.meter.add(Count::SignatureFailures, 1);
                tracing::debug!(channel, remote = ?request.remote, "signature refused");
                return Err(Refusal::BadSignature);
            }
        }
        let (answer, awaited) = Answer::pair();
        let input = Input::Webhook(door.webhook(request, &entry.manifest.source));
        entry.mailbox.offer(Delivery { answer: Some(answer), ..Delivery::new(input, now_ms) })?;
        awaited.outcome().await.map(|taken| taken.reply)
    }

    /// The door for a channel's source, and for the quarantine's retries.
    pub fn mailbox(&self, channel: &str) -> Option<Mailbox> {
        self.entry(channel).map(|entry| entry.mailbox.clone())
    }

    /// What a channel's plugin says about itself.
    pub fn manifest(&self, channel: &str) -> Option<Manifest> {
        self.entry(channel).map(|entry| entry.manifest.clone())
    }

    /// A channel's counters.
    pub fn meter(&self, channel: &str) -> Option<Arc<Meter>> {
        self.entry(channel).map(|entry| Arc::clone(&entry.meter))
    }

    /// Every channel as it is now, by name.
    pub fn statuses(&self) -> Vec<ChannelStatus> {
        let mut statuses: Vec<_> = self
            .channels
            .iter()
            .map(|entry| entry.identity.status(&entry.meter, entry.mailbox.waiting()))
            .collect();
        statuses.sort_by(|a, b| a.name.cmp(&b.name));
        statuses
    }

    /// Tells Prometheus what each channel has done.
    pub fn publish(&self) {
        self.statuses().iter().for_each(ChannelStatus::publish);
    }

    /// Lets the actors finish what waits; gives the names of those that did not within the
    /// grace time.
    pub async fn stop(&self, grace: Duration) -> Vec<String> {
        // Actors that are gone need not be told.
        let _ = self.stop.send(true);
        let deadline = Instant::now() + grace;
        let mut left = Vec::new();
        let actors = std::mem::take(&mut *self.actors());
        for (channel, actor) in actors {
            if timeout_at(deadline, actor).await.is_err() {
                left.push(channel);
            }
        }
        left
    }

    fn actors(&self) -> MutexGuard<'_, Vec<(String, JoinHandle<()>)>> {
        // A plain list: whoever panicked while holding it left it whole.
        self.actors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn entry(&self, channel: &str) -> Option<Arc<Entry>> {
        // Not held across an await: the map's shard would stay locked.
        self.channels.get(channel).map(|entry| Arc::clone(&entry))
    }
}

impl Entry {
    fn door(&self, channel: &str) -> Result<&Door, Refusal> {
        self.door.as_ref().ok_or_else(|| Refusal::NotAWebhook(channel.into()))
    }
}

/// Finds a channel's plugin by the config's word for it.
pub type FindPlugin<'a> = dyn Fn(&str) -> Result<PluginFile, String> + 'a;

/// Whether a channel would run: everything that [`Registry::build`] checks, and nothing kept.
pub fn trial(
    channel: &Channel,
    engine: &PluginEngine,
    site: &Site,
    plugin: &FindPlugin<'_>,
) -> Result<(), Problem> {
    check(channel, engine, site, plugin).map(drop)
}

fn check(
    channel: &Channel,
    engine: &PluginEngine,
    site: &Site,
    plugin: &FindPlugin<'_>,
) -> Result<Checked, Problem> {
    let file = plugin(&channel.plugin).map_err(Problem::NoPlugin)?;
    let package = Package::load(engine, &file.name, &file.bytes)?;
    let manifest = package.manifest();
    let door = sources::check(channel, manifest)?;
    check_secrets(channel, manifest)?;
    let settings = Settings {
        channel: channel.name.clone(),
        plugin: format!("{} {}", manifest.name, manifest.version),
        queue: channel.queue.clone(),
        setup: Setup::of(channel, sources::of(channel, door.is_some()), site),
        call: CallLimits::from(channel),
        limits: channel.limits,
        mailbox_max: channel.mailbox_max,
        bad_input: manifest.on_bad_input.reply(),
    };
    try_start(&package, &settings)?;
    Ok(Checked { package, door, settings })
}

/// Whether the plugin declares the secrets that it is given: one that it does not is misspelt.
fn check_secrets(channel: &Channel, manifest: &Manifest) -> Result<(), Problem> {
    let Manifest { name, secrets, .. } = manifest;
    let unknown = channel.grant_secrets.keys().find(|it| !secrets.contains_key(*it));
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let names: Vec<&str> = secrets.keys().map(String::as_str).collect();
    let known = match names.as_slice() {
        [] => "it needs none".to_owned(),
        names => format!("it knows {}", names.join(", ")),
    };
    Err(Problem::Secrets(format!("{name} knows no `{unknown}`, {known}; remove or rename it")))
}

/// A trial, so that settings which make no sense stop the server and not the channel.
fn try_start(package: &Package, settings: &Settings) -> Result<(), Problem> {
    let start = |error: super::host::CallError| Problem::Start(error.to_string());
    let mut instance = Instance::start(package, settings.call).map_err(start)?;
    let info = instance.describe().map_err(start)?.value;
    let Manifest { name, version, .. } = package.manifest();
    if (&info.name, &info.version) != (name, version) {
        let (code, code_version) = (info.name, info.version);
        return Err(Problem::Start(format!(
            "its plugin.toml says {name} {version}, its code {code} {code_version}: pack them from \
             one build"
        )));
    }
    let init = instance.init(&settings.setup, None, clock::now_ms()).map_err(start)?;
    init.value.map(|_| ()).map_err(|failure| match failure {
        wit::Failure::Config(why) => Problem::Settings(why),
        wit::Failure::BadInput(why) | wit::Failure::Unsupported(why) => Problem::Start(why),
        wit::Failure::Later(_) => Problem::Start("it asks to be started later".to_owned()),
    })
}
