//! Connections that the host holds for a plugin: real actors and sockets, servers that the test plays,
//! and a plugin of a few rules.

mod lacks;
mod refused;
mod script;
mod streams;
mod trusted;
pub(crate) mod websockets;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tablica::channel::egress::{Egress, Rules};
use tablica::channel::input::Response;
use tablica::channel::link::{Connect, Linker, NotOpened, Opened, Pace};
use tablica::channel::manifest::{Manifest, SourceKind};
use tablica::channel::request::Request;
use tablica::channel::status::LinkState;
use tablica::channel::{BoxFuture, Fetcher};
use tablica::config::model::{Channel, Secret};
use tokio::net::TcpStream;

use self::script::{C, Cut, Script, t};
use crate::hostile::house::House;
use crate::support::wait::until_so;

pub(super) const KEY: &str = "k3y-of-the-site";

/// The real way out, but that failed links wait a moment only.
struct Hasty(Arc<Egress>);

impl Fetcher for Hasty {
    fn fetch(self: Arc<Self>, request: Request) -> BoxFuture<Response> {
        Fetcher::fetch(Arc::clone(&self.0), request)
    }

    fn linker(self: Arc<Self>) -> Option<Arc<dyn Linker>> {
        Some(self)
    }
}

impl Linker for Hasty {
    fn open(
        self: Arc<Self>,
        connect: Connect,
        frame_bytes_max: usize,
    ) -> BoxFuture<Result<Opened, NotOpened>> {
        Arc::clone(&self.0).open(connect, frame_bytes_max)
    }

    fn pace(&self) -> Pace {
        Pace { min: Duration::from_millis(10), max: Duration::from_millis(40) }
    }
}

pub(super) fn hasty(channel: &Channel, manifest: &Manifest) -> Result<Arc<dyn Fetcher>, String> {
    let egress =
        Egress::new(Rules::new(channel, manifest, None)).map_err(|error| error.to_string())?;
    Ok(Arc::new(Hasty(Arc::new(egress))))
}

/// What the scripted plugins say of themselves.
pub(super) fn manifest() -> String {
    String::from(
        r#"
name = "scripted"
version = "0.1.0"
api = "1"
network = "Nowhere"
medium = "message"
summary = "A guest of the tests"
[source]
kinds = ["socket", "tcp"]
[fetch]
hosts = ["*"]
[secrets.key]
hosts = ["*"]
[on_bad_input]
status = 422
"#,
    )
}

/// A channel `desk` whose plugin may go to these hosts.
pub(super) fn desk(hosts: &[&str]) -> Channel {
    let mut channel = Channel::new("desk", "scripted");
    channel.source = Some(SourceKind::Socket);
    channel.grant_hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    // It goes to the one host that is granted.
    if let [_] = hosts {
        channel.grant_secrets = [("key".to_owned(), Secret::new(KEY))].into();
    }
    channel.call_timeout = Duration::from_millis(250);
    channel
}

pub(super) fn house(channel: Channel, plugin: &Bytes) -> House {
    House::build_from(vec![channel], Some(&hasty), &|_| plugin.clone()).unwrap()
}

/// Waits until an event of this id has been journaled.
pub(super) async fn heard(house: &House, id: &str) {
    until_so(id, || house.disk.ids("desk").iter().any(|it| it == id)).await;
}

pub(super) fn state(house: &House, link: &str) -> Option<LinkState> {
    house.status("desk").links.into_iter().find(|it| it.link == link).map(|it| it.state)
}

/// Why links by `wss` and `tls` are not opened to a server that answers each connection so. Its address
/// is `AT` in that.
pub(super) async fn refusals(
    answers: impl AsyncFn(TcpStream),
    ca_file: Option<&Path>,
) -> Vec<String> {
    let (server, at) = websockets::listen().await;
    let address = |scheme: &str| vec![t(format!("{scheme}://{at}"))];
    let plugin = Script::start(&[
        C::Connect("a", address("wss"), Cut::Messages),
        C::Connect("b", address("tls"), Cut::Chunks),
    ])
    .pack(&manifest());
    let mut channel = desk(&[&at]);
    channel.ca_file = ca_file.map(Path::to_owned);
    let house = house(channel, &plugin);
    let speaks = async {
        loop {
            let (stream, _) = server.accept().await.unwrap();
            answers(stream).await;
        }
    };
    let down = until_so("refused", || {
        ["a", "b"].iter().all(|link| state(&house, link) == Some(LinkState::Down))
    });
    tokio::select! {
        () = speaks => {}
        () = down => {}
    }
    let links = house.status("desk").links;
    links.into_iter().map(|it| it.reason.unwrap().replace(&at, "AT")).collect()
}
