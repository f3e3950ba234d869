//! Real actors and guests, with a journal, quarantine and network that the test holds in hand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;
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
use tablica::event::Event;
use tokio::runtime::{Handle, RuntimeFlavor};

pub(crate) use super::disk::{Disk, Mode};
use super::guests;
use crate::support::webhook_thread::{self, WebhookThread};

pub(crate) const TOKEN: &str = "the-token";

#[derive(Default)]
struct Jar(Mutex<Vec<Rejected>>);

impl RejectedSink for Jar {
    fn put(&self, rejected: Rejected) -> BoxFuture<Result<(), String>> {
        self.0.lock().unwrap().push(rejected);
        Box::pin(async { Ok(()) })
    }
}

/// Leaves events as they are, and notes on which thread their channel works.
#[derive(Default)]
struct AsItIs(Mutex<BTreeMap<String, Option<String>>>);

impl Normalize for AsItIs {
    fn event(&self, event: Event) -> Event {
        let thread = thread::current().name().map(str::to_owned);
        self.0.lock().unwrap().insert(event.channel.clone(), thread);
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
    webhook_thread: Option<WebhookThread>,
    threads: Arc<AsItIs>,
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
    (webhook_thread, threads): (Option<&WebhookThread>, &Arc<AsItIs>),
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
        normalize: &|_, _| Arc::clone(threads) as Arc<dyn Normalize>,
        fetcher,
        cursor: &|channel, part| {
            let part = if part == "plugin" { "plugin" } else { "source" };
            disk.cursor(channel, part)
        },
        webhook_thread: webhook_thread.map(WebhookThread::runtime),
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
        // Where the test holds the clock, all is on one thread.
        let holds_clock = Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread;
        let webhook_thread = (!holds_clock).then(WebhookThread::start);
        let way_out = way_out.unwrap_or(at_once);
        let threads = Arc::new(AsItIs::default());
        let registry =
            with_deps(parts, (webhook_thread.as_ref(), &threads), &file, way_out, |deps| {
                Registry::build(&channels, deps)
            })?;
        Ok(House { engine, disk, quarantine, network, registry, webhook_thread, threads })
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
            (self.webhook_thread.as_ref(), &self.threads),
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

    /// Whether a channel's last event came from the thread for webhooks.
    pub(crate) fn is_among_webhooks(&self, channel: &str) -> bool {
        let threads = self.threads.0.lock().unwrap();
        threads[channel].as_deref() == Some(webhook_thread::NAME)
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
