//! All channels by name: the one place where HTTP, sources and the API find them.

mod deps;
mod problem;
mod reload;
mod rights;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dashmap::DashMap;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Fetcher;
use super::actor::{self, Ended, Mailbox, Orders, Parts, Settings};
use super::callers::Callers;
pub use super::callers::WebhookState;
use super::host::{CallLimits, Instance, Package, PluginEngine, Setup, wit};
use super::input::{Content, Delivery, Incoming, Input};
use super::manifest::Manifest;
use super::reply::{Answer, Refusal, Reply};
use super::status::{ChannelStatus, Count, Identity, Meter, Reload};
use super::verify::Door;
use crate::clock;
use crate::config::model::{Channel, Site};
use crate::event::{Feed, FeedPart, FeedState, KindName, Millis, UnixMs};

pub use self::deps::{Deps, FetcherMaker, FindPlugin, PluginFile};
pub use self::problem::{BuildError, Problem};
pub use self::reload::{Change, Need, Prepared};
pub use self::rights::not_given;

/// All channels.
pub struct Registry {
    channels: DashMap<String, Arc<Entry>>,
    actors: Mutex<Vec<Running>>,
    /// Where channels stood that were stopped while the server runs.
    ended: Mutex<BTreeMap<String, Ended>>,
}

/// An actor, and how it is told to stop.
struct Running {
    channel: String,
    stop: watch::Sender<bool>,
    task: JoinHandle<Ended>,
}

struct Entry {
    /// As it is configured.
    channel: Channel,
    identity: Identity,
    manifest: Manifest,
    plugin: Plugin,
    /// None when the channel takes no webhooks.
    door: Option<Door>,
    mailbox: Mailbox,
    orders: Orders,
    meter: Arc<Meter>,
    fetcher: Arc<dyn Fetcher>,
    /// Who calls its webhook.
    callers: Arc<Callers>,
    /// How the last reload that concerned the channel ended.
    reload: Mutex<Option<Reload>>,
}

/// A compiled plugin.
#[derive(Clone)]
struct Plugin {
    package: Arc<Package>,
    /// Tells its file from others.
    digest: Digest,
}

/// SHA-256 of a plugin file.
type Digest = [u8; 32];

/// A channel that was found to be in order and is not yet running.
struct Checked {
    plugin: Plugin,
    door: Option<Door>,
    settings: Settings,
}

impl Deps<'_> {
    /// Where a channel may run beside the main runtime: only those of webhooks have business there.
    fn webhook_thread_of(&self, checked: &Checked) -> Option<Handle> {
        checked.door.as_ref().and(self.webhook_thread).cloned()
    }
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
                let fetcher = (deps.fetcher)(channel, checked.plugin.package.manifest());
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

        let registry = Registry {
            channels: DashMap::new(),
            actors: Mutex::default(),
            ended: Mutex::default(),
        };
        for (channel, checked, fetcher) in checked {
            registry.start(channel, checked, fetcher, deps);
        }
        Ok(registry)
    }

    fn start(
        &self,
        channel: &Channel,
        checked: Checked,
        fetcher: Arc<dyn Fetcher>,
        deps: &Deps<'_>,
    ) {
        let manifest = checked.plugin.package.manifest().clone();
        if !manifest.not_understood.is_empty() {
            let (channel, sections) = (&channel.name, manifest.not_understood.join(", "));
            tracing::warn!(
                channel,
                sections,
                "its plugin's manifest has sections for later versions"
            );
        }
        let meter = Arc::new(Meter::new());
        let (stop, stopped) = watch::channel(false);
        // It stood elsewhere when the server started, if it ran since then.
        let ended = locked(&self.ended).remove(&channel.name);
        let (snapshot, position) = match ended {
            Some(Ended { snapshot, position }) => (Some(snapshot), position),
            None => {
                let cursor = |part| (deps.cursor)(&channel.name, part);
                (cursor("plugin"), cursor("source"))
            }
        };
        let parts = Parts {
            package: Arc::clone(&checked.plugin.package),
            sink: Arc::clone(&deps.sink),
            quarantine: Arc::clone(&deps.quarantine),
            enricher: Arc::clone(&deps.enricher),
            normalize: (deps.normalize)(channel, &manifest),
            fetcher: Arc::clone(&fetcher),
            snapshot,
            position,
            webhook_thread: deps.webhook_thread_of(&checked),
            stop: stopped,
        };
        let (mailbox, orders, task) = actor::spawn(checked.settings, parts, Arc::clone(&meter));
        locked(&self.actors).push(Running { channel: channel.name.clone(), stop, task });
        let entry = Entry {
            channel: channel.clone(),
            identity: Identity::of(channel, &manifest),
            manifest,
            plugin: checked.plugin,
            door: checked.door,
            mailbox,
            orders,
            meter,
            fetcher,
            callers: Arc::default(),
            reload: Mutex::default(),
        };
        self.channels.insert(channel.name.clone(), Arc::new(entry));
    }

    /// Whether a webhook with this head may bring its body: the channel is known, and it can be
    /// genuine. The body is not there yet.
    pub fn admit(&self, channel: &str, head: &Incoming) -> Result<(), Refusal> {
        let entry = self.entry(channel).ok_or_else(|| Refusal::UnknownChannel(channel.into()))?;
        let now_ms = clock::now_ms();
        entry.door(channel)?.admit(head, now_ms).map_err(|_| entry.refuse(now_ms))
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
            Ok(None) => entry.say(entry.callers.was_taken(now_ms), now_ms),
            Ok(Some(reply)) => return Ok(reply),
            Err(_) => {
                tracing::debug!(channel, remote = ?request.remote, "signature refused");
                return Err(entry.refuse(now_ms));
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
            .map(|entry| {
                let reload = locked(&entry.reload).clone();
                let status = entry.identity.status(&entry.meter, entry.mailbox.waiting(), reload);
                let webhook = entry.door.as_ref().map(|_| entry.callers.status());
                ChannelStatus { lacks: entry.fetcher.lacks(), webhook, ..status }
            })
            .collect();
        statuses.sort_by(|a, b| a.name.cmp(&b.name));
        statuses
    }

    /// Tells Prometheus what each channel has done.
    pub fn publish(&self) {
        self.statuses().iter().for_each(ChannelStatus::publish);
    }

    fn entry(&self, channel: &str) -> Option<Arc<Entry>> {
        // Not held across an await: the map's shard would stay locked.
        self.channels.get(channel).map(|entry| Arc::clone(&entry))
    }
}

/// Plain values: whoever panicked while holding one left it whole.
fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Entry {
    /// A request that nobody who knows the secret has signed.
    fn refuse(&self, now_ms: UnixMs) -> Refusal {
        self.meter.add(Count::SignatureFailures, 1);
        let late_after_ms = Millis::try_from(self.channel.late_after.as_millis());
        let late_after_ms = late_after_ms.unwrap_or(Millis::MAX);
        self.say(self.callers.was_refused(now_ms, late_after_ms), now_ms);
        Refusal::BadSignature
    }

    /// Has the journal know what is news of the webhook. Where there is no room for it, the next request
    /// says it again.
    fn say(&self, news: Option<FeedState>, now_ms: UnixMs) {
        let Some(state) = news else { return };
        let word = Content::Feed(Feed::of(FeedPart::Webhook, state));
        if self.mailbox.offer(Delivery::of(word, now_ms)).is_ok() {
            self.callers.told(state);
            let channel = &self.channel.name;
            match state {
                FeedState::Down => tracing::warn!(
                    channel,
                    refused = self.callers.status().refused,
                    "requests to the webhook are refused: the signature or the secret is wrong"
                ),
                _ => tracing::info!(channel, "requests to the webhook are genuine again"),
            }
        }
    }

    fn door(&self, channel: &str) -> Result<&Door, Refusal> {
        self.door.as_ref().ok_or_else(|| Refusal::NotAWebhook(channel.into()))
    }
}

/// What a channel's network can tell by the source that the channel has, as its plugin declares.
pub fn tells(channel: &Channel, manifest: &Manifest) -> Option<BTreeSet<KindName>> {
    manifest.tells.as_ref()?.by(sources::of(channel, manifest).ok()?).cloned()
}

/// Whether a channel would run, by everything that [`Registry::build`] checks; of its plugin the manifest
/// is kept only.
pub fn trial(
    channel: &Channel,
    engine: &PluginEngine,
    site: &Site,
    plugin: &FindPlugin<'_>,
) -> Result<Manifest, Problem> {
    let checked = check(channel, engine, site, plugin)?;
    Ok(checked.plugin.package.manifest().clone())
}

fn check(
    channel: &Channel,
    engine: &PluginEngine,
    site: &Site,
    plugin: &FindPlugin<'_>,
) -> Result<Checked, Problem> {
    let file = plugin(&channel.plugin).map_err(Problem::NoPlugin)?;
    let package = Arc::new(Package::load(engine, &file.name, &file.bytes)?);
    check_loaded(channel, site, Plugin { package, digest: digest(&file) }, None)
}

/// The same of a plugin that is compiled already, from the state of one that runs.
fn check_loaded(
    channel: &Channel,
    site: &Site,
    plugin: Plugin,
    snapshot: Option<&[u8]>,
) -> Result<Checked, Problem> {
    let manifest = plugin.package.manifest();
    let sources::Place { source, door } = sources::check(channel, manifest)?;
    rights::check(channel, manifest)?;
    let settings = Settings {
        channel: channel.name.clone(),
        plugin: format!("{} {}", manifest.name, manifest.version),
        queue: channel.queue.clone(),
        same_as: channel.same_as.clone(),
        setup: Setup::of(channel, Some(source), site),
        call: CallLimits::from(channel),
        limits: channel.limits,
        mailbox_max: channel.mailbox_max,
        bad_input: manifest.on_bad_input.reply(),
    };
    if let Err(problem) = try_start(&plugin.package, &settings, snapshot) {
        if snapshot.is_none() {
            return Err(problem);
        }
        // When it starts without the state, that is what it cannot read.
        try_start(&plugin.package, &settings, None)?;
        return Err(Problem::State(problem.to_string()));
    }
    Ok(Checked { plugin, door, settings })
}

fn digest(file: &PluginFile) -> Digest {
    Sha256::digest(&file.bytes).into()
}

/// A trial, so that settings which make no sense stop the server and not the channel.
fn try_start(
    package: &Package,
    settings: &Settings,
    snapshot: Option<&[u8]>,
) -> Result<(), Problem> {
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
    let init = instance.init(&settings.setup, snapshot, clock::now_ms()).map_err(start)?;
    init.value.map(|_| ()).map_err(|failure| match failure {
        wit::Failure::Config(why) => Problem::Settings(why),
        wit::Failure::BadInput(why) | wit::Failure::Unsupported(why) => Problem::Start(why),
        wit::Failure::Later(_) => Problem::Start("it asks to be started later".to_owned()),
    })
}
