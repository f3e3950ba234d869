//! WebSockets in memory, by a clock that the test moves on.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::*;
use crate::channel::egress::{Egress, Names, Rules};

/// Opens the one connection that it has.
struct Prepared(Mutex<Option<Opened>>);

impl Linker for Prepared {
    fn open(self: Arc<Self>, _: Connect, _: usize) -> BoxFuture<Result<Opened, NotOpened>> {
        let opened = self.0.lock().expect("held for a moment").take();
        Box::pin(async { opened.ok_or_else(|| NotOpened::new("nobody is there".to_owned())) })
    }
}

/// A WebSocket that is open, its other side, and what its task tells.
async fn open() -> (Handle, WebSocketStream<DuplexStream>, mpsc::Receiver<Told>, JoinSet<()>) {
    let (near, far) = duplex(64 << 10);
    let near: Socket = Box::new(near);
    let near = WebSocketStream::from_raw_socket(near, Role::Client, None).await;
    let far = WebSocketStream::from_raw_socket(far, Role::Server, None).await;
    let rules = Rules {
        names: Names::default(),
        declared_accounts: BTreeMap::new(),
        granted_accounts: BTreeMap::new(),
        accounts_folder: None,
        ca_file: None,
        declared: vec!["127.0.0.1".to_owned()],
        granted: vec!["127.0.0.1".to_owned()],
        declared_secrets: BTreeMap::new(),
        granted_secrets: BTreeMap::new(),
        timeout: Duration::from_secs(1),
        response_bytes_max: 1,
    };
    let guard = Arc::new(Egress::new(rules).expect("egress")).guard_for_tests();
    let transport = Transport::WebSocket(Box::new(near));
    let opened = Opened { protocol: None, headers: Vec::new(), transport, guard };
    let linker = Arc::new(Prepared(Mutex::new(Some(opened))));
    let (tell, mut told) = mpsc::channel(16);
    let mut tasks = JoinSet::new();
    let connect = Connect {
        link: "main".into(),
        address: Vec::new(),
        headers: Vec::new(),
        protocols: Vec::new(),
        framing: Framing::Messages,
    };
    let limits = Limits { frame_bytes_max: 1000, queue_bytes_max: 1000 };
    let runs = (&mut tasks, &tokio::runtime::Handle::current());
    let handle = start(runs, (1, tell), linker, connect, Duration::ZERO, limits);
    let what = told.recv().await.map(|it| it.what);
    assert!(matches!(what, Some(What::Connecting)));
    assert!(matches!(told.recv().await.map(|it| it.what), Some(What::Up { .. })));
    (handle, far, told, tasks)
}

#[tokio::test(start_paused = true)]
async fn a_side_that_answers_pings_lives_and_one_that_does_not_is_dead_after_90_s() {
    let (_handle, mut far, mut told, _tasks) = open().await;
    // It reads, and so it answers.
    let since = Instant::now();
    for n in 1..=10 {
        let ping = far.next().await.expect("it goes on").expect("a message");
        assert!(matches!(ping, Message::Ping(_)), "{ping:?}");
        assert_eq!(since.elapsed().as_secs(), 30 * n);
        far.flush().await.expect("a pong");
    }
    // It hangs.
    let last = Instant::now();
    let Some(Told { what: What::Down { ended, lived }, .. }) = told.recv().await else {
        panic!("it is dead");
    };
    assert_eq!(ended.reason, "nothing was heard for 90 s, not even a pong");
    assert_eq!(last.elapsed().as_secs(), 90 + task::FAREWELL.as_secs());
    assert_eq!(lived, Some(Duration::from_secs(390)));
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_is_busy_is_not_the_networks_silence() {
    let (_handle, mut far, mut told, _tasks) = open().await;
    // More than may wait for the plugin, which is busy for an hour.
    for _ in 0..3 {
        far.send(Message::text("x".repeat(600))).await.expect("it goes on");
    }
    tokio::time::sleep_until(Instant::now() + Duration::from_secs(3600)).await;
    for _ in 0..3 {
        let what = told.recv().await.map(|it| it.what);
        assert!(matches!(what, Some(What::Frame(..))));
    }
}
