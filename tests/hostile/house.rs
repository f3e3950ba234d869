//! Real actors and guests, with a journal, quarantine and network that the test holds in hand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderMap;
use bytes::Bytes;
use tablica::channel::actor::Resume;
use tablica::channel::enrich::Enricher;
use tablica::channel::host::PluginEngine;
use tablica::channel::input::{Content, Delivery, Incoming, Input, Method, Response, Webhook};
use tablica::channel::registry::{
    BuildError, Deps, FetcherMaker, FindPlugin, Need, PluginFile, Registry,
};
use tablica::channel::reply::{Answer, Awaited, Refusal, Reply};
use tablica::channel::request::Request;
use tablica::channel::status::{BreakerState, ChannelStatus, Count, ReloadResult};
use tablica::channel::{BoxFuture, Fetcher, Normalize, Rejected, RejectedSink, Sink};
use tablica::config::model::{Channel, Compile, Secret, Site, Topics};
use tablica::event::{Event, FeedState, Kind};
use tablica::journal::{Append, JournalError};

use super::guests;

pub(crate) const TOKEN: &str = "the-token";

/// How the disk behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Writes,
    /// Takes appends and says nothing of their fate until released.
    Holds,
    Fails,
}

/// A journal in memory.
#[derive(Default)]
pub(crate) struct Disk(Mutex<DiskState>);

#[derive(Default)]
struct DiskState {
    mode: Mode,
    /// A channel whose events are not remembered.
    forgotten: Option<String>,
    held: Vec<Append>,
    events: Vec<Event>,
    cursors: BTreeMap<(String, &'static str), Vec<u8>>,
}

impl DiskState {
    fn write(&mut self, append: Append) {
        let forgotten = self.forgotten.as_deref();
        let kept = append.events.into_iter().filter(|it| forgotten != Some(it.channel.as_str()));
        self.events.extend(kept);
        for cursor in append.cursors {
            self.cursors.insert((cursor.channel, cursor.part), cursor.bytes);
        }
        for done in append.done {
            let _ = done.send(Ok(()));
        }
    }
}

fn unwritable() -> JournalError {
    JournalError::Unwritable { path: "journal".into(), reason: "no space left".into() }
}

impl Sink for Disk {
    fn append(&self, append: Append) -> Result<(), (Append, JournalError)> {
        let mut state = self.0.lock().unwrap();
        match state.mode {
            Mode::Writes => state.write(append),
            Mode::Holds => state.held.push(append),
            Mode::Fails => {
                for done in append.done {
                    let _ = done.send(Err(unwritable()));
                }
            }
        }
        Ok(())
    }
}

impl Disk {
    pub(crate) fn set(&self, mode: Mode) {
        self.0.lock().unwrap().mode = mode;
    }

    /// Writes a channel's events without remembering them, as a disk does.
    pub(crate) fn forget(&self, channel: &str) {
        self.0.lock().unwrap().forgotten = Some(channel.to_owned());
    }

    pub(crate) fn held(&self) -> usize {
        self.0.lock().unwrap().held.len()
    }

    /// Writes what was held, or loses it.
    pub(crate) fn release(&self, well: bool) {
        let mut state = self.0.lock().unwrap();
        for append in std::mem::take(&mut state.held) {
            if well {
                state.write(append);
            } else {
                for done in append.done {
                    let _ = done.send(Err(unwritable()));
                }
            }
        }
    }

    /// The ids of a channel's events that a network sent, in order.
    pub(crate) fn ids(&self, channel: &str) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let of_channel = state.events.iter().filter(|event| event.channel == channel);
        let sent = of_channel.filter(|event| !matches!(event.kind, Kind::Feed(_)));
        sent.map(|event| event.id.clone()).collect()
    }

    /// A channel's events, in order.
    pub(crate) fn events(&self, channel: &str) -> Vec<Event> {
        let state = self.0.lock().unwrap();
        state.events.iter().filter(|event| event.channel == channel).cloned().collect()
    }

    pub(crate) fn feed(&self, channel: &str) -> Vec<FeedState> {
        let state = self.0.lock().unwrap();
        let of_channel = state.events.iter().filter(|event| event.channel == channel);
        of_channel
            .filter_map(|event| match event.kind {
                Kind::Feed(feed) => Some(feed.state),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn cursor(&self, channel: &str, part: &'static str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().cursors.get(&(channel.to_owned(), part)).cloned()
    }
}

#[derive(Default)]
struct Jar(Mutex<Vec<Rejected>>);

impl RejectedSink for Jar {
    fn put(&self, rejected: Rejected) -> BoxFuture<Result<(), String>> {
        self.0.lock().unwrap().push(rejected);
        Box::pin(async { Ok(()) })
    }
}

struct AsItIs;

impl Normalize for AsItIs {
    fn event(&self, event: Event) -> Event {
        event
    }
}

/// A network that answers every fetch at once, and remembers their tags.
#[derive(Default)]
struct Network(Mutex<Vec<String>>);

impl Fetcher for Network {
    fn fetch(self: Arc<Self>, request: Request) -> BoxFuture<Response> {
        self.0.lock().unwrap().push(request.tag.clone());
        let body = format!("answer to {}", request.tag).into();
        let response = Response { status: 200, tag: request.tag, body, ..Response::default() };
        Box::pin(std::future::ready(response))
    }
}

/// Channels with their actors.
pub(crate) struct House {
    engine: PluginEngine,
    pub(crate) disk: Arc<Disk>,
    quarantine: Arc<Jar>,
    network: Arc<Network>,
    pub(crate) registry: Registry,
}

/// A channel `name` with a guest as its plugin, as an operator would configure it.
pub(crate) fn channel(name: &str, guest: &str) -> Channel {
    let mut channel = Channel::new(name, guest);
    channel.secrets = vec![Secret::new(TOKEN)];
    // Machines that run tests are busy; only an endless loop should meet its deadline.
    channel.call_timeout = Duration::from_millis(250);
    channel.memory_bytes_max = 16 << 20;
    channel
}

/// A webhook that did not come by HTTP.
pub(crate) fn webhook(body: &str) -> Input {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Input::Webhook(Webhook { body, ..Webhook::default() })
}

fn plugin_file(name: &str, bytes: Bytes) -> Result<PluginFile, String> {
    Ok(PluginFile { name: format!("{name}.wasm"), bytes })
}

fn with_deps<T>(
    (engine, disk, quarantine): (&PluginEngine, &Arc<Disk>, &Arc<Jar>),
    plugin: &FindPlugin<'_>,
    fetcher: &FetcherMaker<'_>,
    work: impl FnOnce(&Deps<'_>) -> T,
) -> T {
    let enricher = Enricher::new(&Topics::default(), &Site::default()).expect("lexicons");
    work(&Deps {
        engine,
        site: &Site::default(),
        plugin,
        sink: Arc::clone(disk) as Arc<dyn Sink>,
        quarantine: Arc::clone(quarantine) as Arc<dyn RejectedSink>,
        enricher: Arc::new(enricher),
        normalize: &|_, _| Arc::new(AsItIs),
        fetcher,
        cursor: &|channel, part| {
            let part = if part == "plugin" { "plugin" } else { "source" };
            disk.cursor(channel, part)
        },
    })
}

impl House {
    pub(crate) fn build(channels: Vec<Channel>) -> Result<House, Vec<BuildError>> {
        House::build_with(channels, None)
    }

    /// With the real way out to the network, or the one that answers at once.
    pub(crate) fn build_with(
        channels: Vec<Channel>,
        way_out: Option<&FetcherMaker<'_>>,
    ) -> Result<House, Vec<BuildError>> {
        House::build_from(channels, way_out, &guests::plugin)
    }

    /// With plugins of the test's own.
    pub(crate) fn build_from(
        channels: Vec<Channel>,
        way_out: Option<&FetcherMaker<'_>>,
        plugin: &dyn Fn(&str) -> Bytes,
    ) -> Result<House, Vec<BuildError>> {
        let channels = channels.into_iter().map(|it| (it.name.clone(), it)).collect();
        let engine = PluginEngine::new(None, &Compile::default()).unwrap();
        let disk = Arc::new(Disk::default());
        let quarantine = Arc::new(Jar::default());
        let network = Arc::new(Network::default());
        let at_once: &FetcherMaker<'_> = &|_, _| Ok(Arc::clone(&network) as Arc<dyn Fetcher>);
        let file = |name: &str| plugin_file(name, plugin(name));
        let parts = (&engine, &disk, &quarantine);
        let registry = with_deps(parts, &file, way_out.unwrap_or(at_once), |deps| {
            Registry::build(&channels, deps)
        })?;
        Ok(House { engine, disk, quarantine, network, registry })
    }

    /// What a reload does to one channel: nothing, or what became of it.
    pub(crate) async fn reload(
        &self,
        channel: &Channel,
        plugin: Bytes,
    ) -> Result<Option<ReloadResult>, String> {
        let at_once: &FetcherMaker<'_> = &|_, _| Ok(Arc::clone(&self.network) as Arc<dyn Fetcher>);
        self.reload_with(channel, plugin, at_once).await
    }

    /// With another way out.
    pub(crate) async fn reload_with(
        &self,
        channel: &Channel,
        plugin: Bytes,
        way_out: &FetcherMaker<'_>,
    ) -> Result<Option<ReloadResult>, String> {
        let file = PluginFile { name: format!("{}.wasm", channel.plugin), bytes: plugin };
        let state = match self.registry.need(channel, &file) {
            Need::Nothing => return Ok(None),
            Need::Instance => {
                Some(self.registry.state(&channel.name).await.map_err(|it| it.to_string())?)
            }
            Need::Door | Need::Start => None,
        };
        let prepared =
            self.registry.prepare(channel, &self.engine, &Site::default(), &file, state.as_deref());
        let prepared = prepared.map_err(|it| it.to_string())?;
        let begun = with_deps(
            (&self.engine, &self.disk, &self.quarantine),
            &|name| plugin_file(name, guests::plugin(name)),
            way_out,
            |deps| self.registry.begin(prepared, deps),
        );
        let change = begun.map_err(|it| it.to_string())?;
        self.registry.finish(change).await.map(Some).map_err(|it| it.to_string())
    }

    /// A webhook with the right token.
    pub(crate) async fn deliver(&self, channel: &str, body: &str) -> Result<Reply, Refusal> {
        self.deliver_with(channel, body, TOKEN).await
    }

    pub(crate) async fn deliver_with(
        &self,
        channel: &str,
        body: &str,
        token: &str,
    ) -> Result<Reply, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert("x-token", token.parse().unwrap());
        let request = Incoming {
            method: Method::Post,
            query: None,
            headers,
            body: Bytes::copy_from_slice(body.as_bytes()),
            remote: None,
            tail: None,
            origin: None,
        };
        self.registry.deliver(channel, request).await
    }

    /// What a source with positions does: one input, and where it stands after it.
    pub(crate) async fn push(
        &self,
        channel: &str,
        body: &str,
        round: &Resume,
        position: u8,
    ) -> Result<Awaited, Refusal> {
        self.push_content(channel, Content::Input(webhook(body)), round, position).await
    }

    pub(crate) async fn push_content(
        &self,
        channel: &str,
        content: Content,
        round: &Resume,
        position: u8,
    ) -> Result<Awaited, Refusal> {
        let (answer, awaited) = Answer::pair();
        let position = Some(round.position(Some(vec![position])));
        let answer = Some(answer);
        let delivery = Delivery { content, received_ms: 1, position, answer, is_retry: false };
        self.registry.mailbox(channel).unwrap().push(delivery).await?;
        Ok(awaited)
    }

    pub(crate) fn status(&self, channel: &str) -> ChannelStatus {
        self.registry.statuses().into_iter().find(|it| it.name == channel).unwrap()
    }

    /// Tags of the fetches so far.
    pub(crate) fn fetched(&self) -> Vec<String> {
        self.network.0.lock().unwrap().clone()
    }

    pub(crate) fn quarantined(&self) -> Vec<Rejected> {
        self.quarantine.0.lock().unwrap().clone()
    }

    /// Lets paused time pass until a resting channel may be tried again.
    pub(crate) async fn half_open(&self, channel: &str) {
        let meter = self.registry.meter(channel).unwrap();
        while meter.breaker() == BreakerState::Open {
            tokio::time::advance(Duration::from_secs(1)).await;
            tokio::task::yield_now().await;
        }
    }

    /// Lets the actors run until a channel has decoded so many inputs.
    pub(crate) async fn decoded(&self, channel: &str, inputs: u64) {
        let meter = self.registry.meter(channel).unwrap();
        self.until(|| meter.count(Count::Inputs) == inputs).await;
    }

    /// Lets other tasks run until something is so; gives up after far more turns than it takes.
    pub(crate) async fn until(&self, is_so: impl Fn() -> bool) {
        for _ in 0..100_000 {
            if is_so() {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("it never came to be so");
    }
}
