//! The plugins that ship, in real channels and over real sockets, before networks that the test plays:
//! log-ins, what is told, connections that break at a bad moment, and what counts in the end.
//!
//! Networks have hosts of their own, and secrets go only there. The test's own way out takes what goes to
//! one of them to a loopback address, before the real one checks and sends it: declared, granted and
//! allowed for a secret is then what the manifest and the channel say of the network's host.

mod asterisk_ami;
mod asterisk_ari;
mod discord;
mod feeds;
mod freeswitch;
mod http;
mod imap;
mod mail;
mod same_contact;
mod slack;
mod telegram;
mod vk;

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::Value;
use tablica::channel::egress::{Egress, Rules};
use tablica::channel::input::Response;
use tablica::channel::link::{Connect, Linker, NotOpened, Opened, Pace};
use tablica::channel::manifest::{ANY_HOST, Manifest};
use tablica::channel::request::{Piece, Request};
use tablica::channel::{BoxFuture, Fetcher};
use tablica::config::model::{Channel, Secret};
use tablica::event::{Event, Kind};

use super::root;
use crate::hostile::house::House;
use crate::support::wait::until_so;

/// The channel of each scenario.
const DESK: &str = "desk";
/// Reaching it is a failure.
const LIMIT: Duration = Duration::from_secs(60);

/// Waits for what a network should hear from us; with a limit.
async fn in_time<T>(what: &str, heard: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, heard)
        .await
        .unwrap_or_else(|_| panic!("waited {LIMIT:?} in vain: {what}"))
}

/// Lets the channel's timers be due that are set within so long, without waiting for them.
async fn skip(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Lets time go on in such strides until the network hears something that it hears in time.
async fn in_strides<T>(what: &str, stride: Duration, heard: impl Future<Output = T>) -> T {
    /// What is due reaches the network in less.
    const AT_ONCE: Duration = Duration::from_millis(500);
    let end = Instant::now() + LIMIT;
    let mut heard = pin!(heard);
    loop {
        assert!(Instant::now() < end, "waited {LIMIT:?} in vain: {what}");
        if let Ok(heard) = tokio::time::timeout(AT_ONCE, &mut heard).await {
            return heard;
        }
        skip(stride).await;
    }
}

/// Hosts of a network, and at which address the test plays each.
#[derive(Clone, Default)]
struct Roads(Vec<(&'static str, String)>);

impl Roads {
    fn to(mut self, host: &'static str, at: &str) -> Self {
        self.0.push((host, at.to_owned()));
        self
    }

    /// The real way out, which knows the addresses instead of the hosts.
    fn way_out(&self, channel: &Channel, manifest: &Manifest) -> Result<Arc<dyn Fetcher>, String> {
        let mut rules = Rules::new(channel, manifest, None);
        for (host, at) in &self.0 {
            let is_declared = |it: &String| it == host || it == ANY_HOST;
            assert!(rules.declared.iter().any(is_declared), "{host} is not declared");
            let secrets = rules.declared_secrets.values_mut().map(|it| &mut it.hosts);
            for hosts in secrets.chain([&mut rules.declared, &mut rules.granted]) {
                for it in hosts.iter_mut().filter(|it| it == host) {
                    it.clone_from(at);
                }
            }
        }
        let egress = Egress::new(rules).map_err(|error| error.to_string())?;
        Ok(Arc::new(Detour { egress: Arc::new(egress), roads: self.clone() }))
    }

    /// The same address, or where it is played: without TLS, as it does not leave this machine.
    fn turn(&self, address: &mut [Piece]) {
        let Some(Piece::Bytes(first)) = address.first_mut() else { return };
        let text = String::from_utf8(first.to_vec()).unwrap();
        let Some((scheme, rest)) = text.split_once("://") else { return };
        let (host, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let Some((_, at)) = self.0.iter().find(|(from, _)| *from == host) else { return };
        let plain = match scheme {
            "https" => "http",
            "wss" => "ws",
            "tls" => "tcp",
            other => panic!("{other}: a network is not spoken to in the clear"),
        };
        *first = Bytes::from(format!("{plain}://{at}{tail}"));
    }
}

/// See the module. Links that failed wait a moment only.
struct Detour {
    egress: Arc<Egress>,
    roads: Roads,
}

impl Fetcher for Detour {
    fn fetch(self: Arc<Self>, mut request: Request) -> BoxFuture<Response> {
        self.roads.turn(&mut request.url);
        Fetcher::fetch(Arc::clone(&self.egress), request)
    }

    fn linker(self: Arc<Self>) -> Option<Arc<dyn Linker>> {
        Some(self)
    }

    fn lacks(&self) -> Vec<String> {
        self.egress.lacks()
    }
}

impl Linker for Detour {
    fn open(
        self: Arc<Self>,
        mut connect: Connect,
        frame_bytes_max: usize,
    ) -> BoxFuture<Result<Opened, NotOpened>> {
        self.roads.turn(&mut connect.address);
        Arc::clone(&self.egress).open(connect, frame_bytes_max)
    }

    fn pace(&self) -> Pace {
        Pace { min: Duration::from_millis(10), max: Duration::from_millis(40) }
    }
}

/// A channel as a plugin's README has it.
fn desk(plugin: &str, hosts: &[&str], secret: Option<(&str, &str)>, settings: Value) -> Channel {
    let mut channel = Channel::new(DESK, plugin);
    channel.grant_hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    channel.grant_secrets =
        secret.into_iter().map(|(name, value)| (name.to_owned(), Secret::new(value))).collect();
    channel.settings = settings;
    // Machines that run tests are busy.
    channel.call_timeout = Duration::from_secs(5);
    channel
}

/// Runs a channel with its plugin as it ships.
fn house(channel: Channel, roads: &Roads) -> House {
    let plugin = |name: &str| {
        let file = root().join("plugins/dist").join(format!("{name}.wasm"));
        Bytes::from(std::fs::read(&file).unwrap_or_else(|error| panic!("{file:?}: {error}")))
    };
    let way_out = |channel: &Channel, manifest: &Manifest| roads.way_out(channel, manifest);
    House::build_from(vec![channel], Some(&way_out), &plugin).unwrap()
}

/// What counts: the journal's events, each id once.
fn told(house: &House) -> Vec<Event> {
    let mut known = BTreeSet::new();
    let mut events = house.disk.events(DESK);
    events.retain(|event| known.insert(event.id.clone()));
    events
}

/// What counts of one contact, in a word or two for each event.
fn story(house: &House, interaction: &str) -> Vec<String> {
    let events = told(house).into_iter().filter(|event| event.interaction == interaction);
    events.map(|event| words(&event.kind)).collect()
}

/// All contacts that were told of.
fn interactions(house: &House) -> BTreeSet<String> {
    let events = told(house).into_iter().map(|event| event.interaction);
    events.filter(|interaction| !interaction.is_empty()).collect()
}

/// Its name, and who or why.
fn words(kind: &Kind) -> String {
    match serde_json::to_value(kind).unwrap() {
        Value::Object(kind) => {
            let (name, details) = kind.into_iter().next().unwrap();
            let keys = ["state", "reason", "change", "author", "by", "status", "name", "way"];
            let detail = keys.iter().find_map(|key| details.get(*key)?.as_str());
            detail.map_or(name.clone(), |detail| format!("{name} {detail}"))
        }
        name => name.as_str().unwrap().to_owned(),
    }
}

/// Waits until a contact's story is this one.
async fn comes_to(house: &House, interaction: &str, expected: &[&str]) {
    let mut last = Vec::new();
    let waited = tokio::time::timeout(LIMIT, async {
        loop {
            last = story(house, interaction);
            if last == expected {
                return;
            }
            tokio::task::yield_now().await;
        }
    });
    assert!(waited.await.is_ok(), "{interaction}: {last:?}, not {expected:?}");
}

/// Waits until so many gaps are marked.
async fn has_gaps(house: &House, count: usize) {
    use tablica::event::FeedState;
    until_so("gaps are marked", || {
        house.disk.feed(DESK).iter().filter(|it| **it == FeedState::Gap).count() == count
    })
    .await;
}
