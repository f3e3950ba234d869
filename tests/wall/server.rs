//! A server for the scenarios: real hub, screens and routers; made-up channels behind the webhooks.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tablica::board::annotations::Annotations;
use tablica::board::hub::{Hub, HubHandle, InstanceLimits, Keeping, Kept, Parts, Settings};
use tablica::board::library::Library;
use tablica::board::recount::Recount;
use tablica::board::time::{Clock, TICK};
use tablica::board::{figures::Site, format::Language};
use tablica::config::model;
use tablica::engine::{Engine, Rules};
use tablica::event::{Event, Kind, Medium, Opened};
use tablica::http::{self, AdminDoors, Counters, Doors, ServerStatus};
use tablica::journal::{Committed, Sequence};
use tablica::screen::{self, Screens};
use tablica::telemetry::Form;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::MaybeTlsStream;

pub(super) use super::answer::{Answer, ask, ask_on};
pub(super) use super::glass::Screen;
use super::receiver::FakeReceiver;
use crate::support::webhook_thread::WebhookThread;

/// Longest time for anything to happen; never waited out when all is well.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// What differs between scenarios.
pub(super) struct Options {
    pub(super) screens: screen::Limits,
    pub(super) boards: Option<PathBuf>,
    pub(super) frames_per_second_max: u32,
    pub(super) instances: InstanceLimits,
    pub(super) obstacles: Vec<String>,
    pub(super) http: http::Limits,
    pub(super) annotations: model::Annotations,
    pub(super) connections: http::ConnectionLimits,
    pub(super) engine: Engine,
    pub(super) hosts: Vec<String>,
    /// Addresses and networks.
    pub(super) trusted: Vec<&'static str>,
    pub(super) public_url: Option<String>,
    pub(super) clock: Box<dyn Clock>,
    /// Counts anew when the clock was set.
    pub(super) recount: Option<Recount>,
    /// By which it counts.
    pub(super) rules: watch::Receiver<Arc<Rules>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            screens: screen::Limits::default(),
            boards: None,
            frames_per_second_max: 50,
            instances: InstanceLimits::default(),
            obstacles: Vec::new(),
            annotations: model::Annotations::default(),
            http: http::Limits {
                body_bytes_max: 1000,
                body_timeout: PATIENCE,
                bodies_bytes_max: 1_000_000,
                per_address_max: 1000,
                screens_per_address_max: 1000,
            },
            connections: http::ConnectionLimits {
                connections_max: 1000,
                per_address_max: 1000,
                trusted: http::TrustedProxies::default(),
                webhooks_share: 0.0,
                head_timeout: PATIENCE,
                write_timeout: PATIENCE,
                drain_timeout: PATIENCE,
            },
            engine: Engine::new(Rules::default()),
            hosts: vec!["wall.example".to_owned()],
            trusted: Vec::new(),
            public_url: None,
            clock: Box::new(tablica::clock::now_ms as fn() -> _),
            rules: watch::Sender::default().subscribe(),
            recount: None,
        }
    }
}

/// A running server.
pub(super) struct Server {
    pub(super) public: SocketAddr,
    pub(super) admin: SocketAddr,
    pub(super) hub: HubHandle,
    pub(super) screens: Arc<Screens>,
    pub(super) counters: Arc<Counters>,
    pub(super) receiver: Arc<FakeReceiver>,
    pub(super) kept: Arc<Mutex<Vec<(Sequence, usize)>>>,
    events: Option<mpsc::Sender<Committed>>,
    sequence: Sequence,
    running: Option<JoinHandle<()>>,
    stops: Vec<oneshot::Sender<()>>,
    drained: Vec<JoinHandle<bool>>,
    /// Kept as long as the server.
    _state: tempfile::TempDir,
    _webhook_thread: WebhookThread,
}

struct FakeStatus(Vec<String>);

impl ServerStatus for FakeStatus {
    fn obstacles(&self) -> Vec<String> {
        self.0.clone()
    }

    fn channels(&self) -> Value {
        serde_json::json!([{ "name": "telegram", "feed": "live" }])
    }

    fn metrics(&self, _: Form) -> String {
        "tablica_build_info 1\n".to_owned()
    }
}

impl Server {
    pub(super) async fn start(options: Options) -> Server {
        let rules = Rules::default();
        let site = Site {
            name: "Example Ltd".to_owned(),
            language: Language::English,
            time_zone: rules.time_zone.clone(),
            queues: rules.queues.clone(),
            channels: BTreeMap::new(),
            agents: model::Agents::default(),
            policies: BTreeMap::new(),
            min_volume: 10,
            calendars: BTreeMap::new(),
            embed_hosts: Vec::new(),
            currency: "EUR".to_owned(),
            replay_speed: None,
        };
        let state = tempfile::tempdir().expect("a state folder");
        let zone = &site.time_zone;
        let annotations =
            Annotations::open(&options.annotations, state.path(), zone).expect("open");
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keeps = Arc::clone(&kept);
        let keep = move |state: Kept| {
            keeps.lock().expect("no panic before").push((state.sequence, state.snapshot.len()));
            Keeping::GoesOn
        };
        let now = tablica::clock::now_ms;
        let settings = Settings {
            frames_per_second_max: options.frames_per_second_max,
            snapshot_every: Duration::from_secs(3600),
            look_for_boards_every: Duration::from_millis(20),
            instances: options.instances,
            build: "build-1",
            tick_every: TICK,
            started_ms: now(),
            clock: options.clock,
        };
        let parts = Parts {
            engine: options.engine,
            sequence: 0,
            site: watch::Sender::new(Arc::new(site)).subscribe(),
            library: Library::new(options.boards),
            annotations: annotations.newest(),
            keep: Box::new(keep),
            rules: options.rules,
            recount: options.recount,
            progress: Arc::default(),
        };
        let (hub, handle) = Hub::new(settings, parts);
        let (events, committed) = mpsc::channel(16);
        let running = tokio::spawn(hub.run(committed));
        let screens = Screens::new(handle.clone(), options.screens, now);
        let counters = Arc::new(Counters::default());
        let receiver = Arc::new(FakeReceiver::default());
        let status: Arc<dyn ServerStatus> = Arc::new(FakeStatus(options.obstacles));
        let networks = options.trusted.iter().map(|it| it.parse().expect("a network"));
        let trusted = http::TrustedProxies::new(networks);
        let public = http::public(Doors {
            receiver: Arc::clone(&receiver),
            hub: handle.clone(),
            screens: Arc::clone(&screens),
            pairing: None,
            status: Arc::clone(&status),
            annotations: Some(annotations.clone()),
            counters: Arc::clone(&counters),
            hosts: options.hosts,
            trusted: trusted.clone(),
            public_url: options.public_url,
            limits: options.http,
            guard: None,
        });
        let (mut stops, mut drained, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        let admin = http::admin(AdminDoors {
            boards: None,
            status,
            annotations,
            reloads: http::Reloads::pair().0,
            hub: handle.clone(),
            screens: Arc::clone(&screens),
            pairing: None,
            public_url: None,
            public_port: 8080,
            hosts: vec!["metrics.example.org".to_owned()],
            limits: options.http,
            counters: Arc::clone(&counters),
            trusted: trusted.clone(),
            guard: None,
            quarantine: None,
            post: None,
            alerts: None,
        });
        let webhook_thread = WebhookThread::start();
        for front in [public, admin] {
            let listener: TcpListener = http::bind(([127, 0, 0, 1], 0).into()).expect("a port");
            addresses.push(listener.local_addr().expect("an address"));
            let (stop, stopped) = oneshot::channel::<()>();
            let stopped = async move {
                let _ = stopped.await;
            };
            stops.push(stop);
            let connections = options.connections.clone();
            let limits = http::ConnectionLimits { trusted: trusted.clone(), ..connections };
            let counters = Arc::clone(&counters);
            let thread = Some(webhook_thread.runtime().clone());
            let served = http::serve(listener, front, limits, counters, thread, stopped);
            drained.push(tokio::spawn(served));
        }
        Server {
            public: addresses[0],
            admin: addresses[1],
            hub: handle,
            screens,
            counters,
            receiver,
            kept,
            events: Some(events),
            sequence: 0,
            running: Some(running),
            stops,
            drained,
            _state: state,
            _webhook_thread: webhook_thread,
        }
    }

    /// Something happened, and is in the journal.
    pub(super) async fn say(&mut self, events: Vec<Event>) {
        let first = self.sequence + 1;
        self.sequence += events.len() as u64;
        let events_to = self.events.as_ref().expect("still running");
        events_to.send(Committed { first, events }).await.expect("the hub listens");
    }

    /// A call enters a queue and waits there.
    pub(super) async fn call_waits(&mut self, queue: &str) {
        let call = format!("call-{}", self.sequence);
        self.say(waiting_call(&call, queue)).await;
    }

    pub(super) fn sequence(&self) -> Sequence {
        self.sequence
    }

    /// A wall connects.
    pub(super) async fn screen(&self, board_and_query: &str) -> Screen {
        let stream = TcpStream::connect(self.public).await.expect("the server listens");
        self.screen_of(stream, board_and_query).await.expect("let in")
    }

    /// A wall tries to connect.
    pub(super) async fn try_screen(&self, board_and_query: &str) -> Result<Screen, Answer> {
        let stream = TcpStream::connect(self.public).await.expect("the server listens");
        self.screen_of(stream, board_and_query).await
    }

    /// A wall that can take little before it has read.
    pub(super) async fn small_screen(&self, board: &str) -> Screen {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        let stream = socket.connect(self.public).await.expect("the server listens");
        self.screen_of(stream, board).await.expect("let in")
    }

    /// A wall tries to connect on that connection.
    pub(super) async fn screen_of(&self, stream: TcpStream, path: &str) -> Result<Screen, Answer> {
        let url = format!("ws://{}/ws/v1/boards/{path}", self.public);
        let stream = MaybeTlsStream::Plain(stream);
        match tokio_tungstenite::client_async(url, stream).await {
            Ok((socket, _)) => Ok(Screen { socket }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                let (parts, body) = response.into_parts();
                let (status, head) = (parts.status.as_u16(), format!("{:?}", parts.headers));
                Err(Answer { status, head, body: body.unwrap_or_default() })
            }
            Err(error) => unreachable!("neither a WebSocket nor an answer: {error}"),
        }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        ask(self.public, &format!("GET {path}"), "", b"").await
    }

    pub(super) async fn post(&self, path: &str, headers: &str, body: &[u8]) -> Answer {
        let headers = format!("{headers}Content-Length: {}\r\n", body.len());
        ask(self.public, &format!("POST {path}"), &headers, body).await
    }

    /// Stops as the real one does: doors first, then the journal's side, then the hub.
    pub(super) async fn stop(&mut self) {
        for stop in self.stops.drain(..) {
            let _ = stop.send(());
        }
        for drained in self.drained.drain(..) {
            assert!(drained.await.expect("no panic"), "drained in time");
        }
        self.stop_hub().await;
    }

    pub(super) async fn stop_hub(&mut self) {
        self.events = None;
        if let Some(running) = self.running.take() {
            running.await.expect("no panic");
        }
    }
}

/// What happens when a call enters a queue.
pub(super) fn waiting_call(call: &str, queue: &str) -> Vec<Event> {
    let event = |id: &str, kind| Event {
        id: format!("{call}-{id}"),
        channel: "pbx".to_owned(),
        at_ms: tablica::clock::now_ms(),
        received_ms: 0,
        interaction: call.to_owned(),
        queue: Some(queue.to_owned()),
        agent: None,
        customer: Vec::new(),
        kind,
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
    };
    let opened = Opened { medium: Medium::Call, ..Opened::default() };
    vec![event("o", Kind::Opened(opened)), event("q", Kind::Queued)]
}
