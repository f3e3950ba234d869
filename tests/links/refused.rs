//! Links that are not opened: why, how long the next try waits, and how many there may be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tablica::channel::egress::{Egress, Lookup, Rules};
use tablica::channel::input::Response;
use tablica::channel::link::{Connect, Linker, NotOpened, Opened};
use tablica::channel::manifest::Manifest;
use tablica::channel::request::Request;
use tablica::channel::status::LinkState;
use tablica::channel::{BoxFuture, Fetcher};
use tablica::config::model::Channel;
use tablica::event::FeedState;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::script::{C, Cut, P, Script, When, t};
use super::websockets::listen;
use super::{KEY, desk, heard, house, manifest, refusals, state};
use crate::hostile::house::House;
use crate::support::wait::until_so;

/// Every name leads into the private network.
fn private(channel: &Channel, manifest: &Manifest) -> Result<Arc<dyn Fetcher>, String> {
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec!["10.0.0.1".parse().unwrap()]) }));
    let egress = Egress::with_lookup(Rules::new(channel, manifest, None), lookup);
    Ok(Arc::new(egress.map_err(|error| error.to_string())?))
}

#[tokio::test]
async fn a_link_is_refused_with_a_reason_by_the_rules_of_requests() {
    let declared =
        r#"hosts = ["desk.example", "desk.example:80", "desk.example:5038", "127.0.0.1:9"]"#;
    let manifest = manifest().replacen(r#"hosts = ["*"]"#, declared, 1);
    let manifest = manifest.replace(r#"hosts = ["*"]"#, r#"hosts = ["desk.example:80"]"#);
    let wss = |rest: &str| vec![t(format!("wss://{rest}"))];
    let ws = |rest: &str| vec![t(format!("ws://{rest}"))];
    let tcp = |rest: &str| vec![t(format!("tcp://{rest}"))];
    let word = |word: &'static str| ("x-word", vec![t(word)]);
    let in_clear = vec![t("ws://desk.example:80/?k="), P::Secret("key")];
    let elsewhere = vec![t("wss://desk.example/?k="), P::Secret("key")];
    let cases: Vec<(C, &str)> = vec![
        (
            C::Connect("a", wss("other.example/x"), Cut::Messages),
            "the plugin does not declare the host other.example",
        ),
        (
            C::Connect("b", tcp("127.0.0.1:9"), Cut::Chunks),
            "the host 127.0.0.1:9 is not granted; the channel's grant_hosts must name it",
        ),
        (
            C::Connect("c", wss("desk.example/x?y=1"), Cut::Messages),
            "the host desk.example has a private address; grant it by number if that is meant",
        ),
        (
            C::Connect("d", in_clear, Cut::Messages),
            "the secret \"key\" is not sent over plain ws or tcp, only over wss and tls",
        ),
        (
            C::Connect("e", elsewhere, Cut::Messages),
            "the secret \"key\" is not for this host: see [secrets.NAME] hosts in plugin.toml",
        ),
        (
            C::Connect("f", tcp("desk.example"), Cut::Chunks),
            "the address of the link is not wss://HOST/PATH, ws://HOST:PORT/PATH, tls://HOST:PORT or tcp://HOST:PORT",
        ),
        (
            C::Connect("g", vec![t("https://desk.example/")], Cut::Messages),
            "the address of the link is not wss://HOST/PATH, ws://HOST:PORT/PATH, tls://HOST:PORT or tcp://HOST:PORT",
        ),
        (
            C::Connect("h", tcp("desk.example:5038"), Cut::Prefixed(3, false, false)),
            "a length of 3 bytes: it has 1, 2, 4 or 8",
        ),
        (
            C::Connect("i", tcp("desk.example:5038"), Cut::Until("")),
            "the framing `until` needs from 1 to 1024 bytes",
        ),
        (
            C::Connect("j", ws("desk.example:80/"), Cut::Chunks),
            "the framing `messages` is for WebSockets, and theirs is no other",
        ),
        (
            C::Shake("k", wss("desk.example/"), ("sec-websocket-key", vec![t("x")]), vec![]),
            "the header \"sec-websocket-key\" cannot be set",
        ),
        (
            C::Shake("l", wss("desk.example/"), word("x"), vec!["a, b"]),
            "the protocols of the link are not words",
        ),
    ];
    let commands: Vec<C> = cases.iter().map(|(connect, _)| connect.clone()).collect();
    let plugin = Script::start(&commands).pack(&manifest);
    let mut channel = desk(&["desk.example", "desk.example:80", "desk.example:5038"]);
    channel.grant_secrets = [("key".to_owned(), tablica::config::model::Secret::new(KEY))].into();
    channel.limits.links_max = 16;
    let house = House::build_from(vec![channel], Some(&private), &|_| plugin.clone()).unwrap();
    for (connect, reason) in &cases {
        let (C::Connect(link, ..) | C::Shake(link, ..)) = connect else { panic!("{connect:?}") };
        until_so(link, || state(&house, link) == Some(LinkState::Down)).await;
        let shown = house.status("desk").links.into_iter().find(|it| it.link == *link).unwrap();
        assert_eq!(shown.reason.as_deref(), Some(*reason));
        heard(&house, reason).await;
    }
    assert_eq!(house.disk.feed("desk"), [FeedState::Down]);
}

#[tokio::test]
async fn plain_links_need_the_port_in_the_grant() {
    let address = vec![t("ws://127.0.0.1/")];
    let plugin = Script::start(&[C::Connect("main", address, Cut::Messages)]).pack(&manifest());
    let house = house(desk(&["127.0.0.1:80", "127.0.0.1"]), &plugin);
    until_so("tried", || state(&house, "main") == Some(LinkState::Down)).await;
    let refused = |house: &House| house.status("desk").links[0].reason.clone().unwrap();
    assert!(refused(&house).contains("no connection to 127.0.0.1"), "{}", refused(&house));

    let house = super::house(desk(&["127.0.0.1"]), &plugin);
    until_so("tried", || state(&house, "main") == Some(LinkState::Down)).await;
    let reason = "the host 127.0.0.1 is granted for TLS only; name the port to allow ws and tcp";
    assert_eq!(refused(&house), reason);
}

#[tokio::test]
async fn a_server_that_refuses_says_with_which_status_and_is_not_followed_elsewhere() {
    let (server, at) = listen().await;
    let address = vec![t(format!("ws://{at}/?token=")), P::Secret("key")];
    let plugin = Script::start(&[C::Connect("main", address.clone(), Cut::Messages)])
        .on(When::Down(302), &[C::Connect("main", address, Cut::Messages)])
        .pack(&manifest());
    let house = house(desk(&[&at]), &plugin);
    for status in ["302 Found\r\nLocation: ws://127.0.0.1:1/", "403 Forbidden"] {
        let (mut stream, _) = server.accept().await.unwrap();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        let status = &status[..3];
        heard(&house, &format!("{at} opened no WebSocket: it answered with the status {status}"))
            .await;
    }
    assert_eq!(house.status("desk").links[0].code, Some(403));
}

/// Where the machine trusts nobody, it says that.
#[tokio::test]
async fn a_server_that_does_not_prove_who_it_is_gets_no_link() {
    let speaks = async |mut stream: TcpStream| {
        stream.write_all(b"220 this is no TLS\r\n").await.unwrap();
    };
    let reasons = refusals(speaks, None).await;
    let why = "it speaks no TLS, or none that is good enough";
    for reason in reasons {
        let is_tls = reason == format!("no trusted TLS connection with AT: {why}")
            || reason.contains("no certificate authorities");
        assert!(is_tls, "{reason}");
    }
}

#[tokio::test]
async fn one_link_too_many_is_refused_and_the_plugin_hears_of_it() {
    let (server, at) = listen().await;
    let connect = |link| C::Connect(link, vec![t(format!("tcp://{at}"))], Cut::Chunks);
    let plugin = Script::start(&[connect("a"), connect("b"), connect("c")]).pack(&manifest());
    let mut channel = desk(&[&at]);
    channel.limits.links_max = 2;
    let house = house(channel, &plugin);
    heard(&house, "there are 2 links already (limits.links_max)").await;
    let status = house.status("desk");
    assert_eq!((status.limited.get("links"), status.links.len()), (Some(&1), 2));
    drop(server);
}

/// Nobody is reached; remembers when it was tried.
#[derive(Default)]
struct Nowhere(Mutex<Vec<Instant>>);

impl Fetcher for Nowhere {
    fn fetch(self: Arc<Self>, _: Request) -> BoxFuture<Response> {
        Box::pin(std::future::pending())
    }

    fn linker(self: Arc<Self>) -> Option<Arc<dyn Linker>> {
        Some(self)
    }
}

impl Linker for Nowhere {
    fn open(self: Arc<Self>, _: Connect, _: usize) -> BoxFuture<Result<Opened, NotOpened>> {
        self.0.lock().unwrap().push(Instant::now());
        Box::pin(async { Err(NotOpened::new("nobody is there".to_owned())) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_asks_again_at_once_waits_longer_each_time() {
    let connect = || C::Connect("main", vec![t("tcp://desk.example:1")], Cut::Chunks);
    let plugin = Script::start(&[connect()]).on(When::Down(0), &[connect()]).pack(&manifest());
    let nowhere = Arc::new(Nowhere::default());
    let way_out = |_: &Channel, _: &Manifest| Ok(Arc::clone(&nowhere) as Arc<dyn Fetcher>);
    let channel = desk(&["desk.example:1"]);
    let house = House::build_from(vec![channel], Some(&way_out), &|_| plugin.clone()).unwrap();
    let hour = Instant::now() + Duration::from_secs(3600);
    tokio::time::sleep_until(hour).await;
    let tries = nowhere.0.lock().unwrap().clone();
    let waits: Vec<Duration> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let second = Duration::from_secs(1);
    assert!(waits[0] >= second && waits[0] <= 2 * second + second / 10, "{waits:?}");
    assert!((30..=70).contains(&waits.len()), "{} tries in an hour", waits.len());
    for pair in waits.windows(3).take(5) {
        assert!(pair[0] < pair[2], "{waits:?}");
    }
    assert!(waits.iter().all(|wait| *wait <= 121 * second), "{waits:?}");
    // Until it is tried again, everybody can see when, and why.
    let status = &house.status("desk").links[0];
    assert_eq!(status.state, LinkState::Waiting);
    assert_eq!(status.reason.as_deref(), Some("nobody is there"));
    assert!(status.opens_ms.is_some());
}
