//! A whole server in memory for the targets that knock at its doors: the real routers, hub, boards and
//! screens, one channel for each way to verify, and connections that are pipes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use hyper::body::Incoming as Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::tz::TimeZone;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};
use tokio::task::yield_now;
use tokio::time::timeout;

use super::channels::Channels;
use crate::board::annotations::Annotations;
use crate::board::figures::Site;
use crate::board::hub::{Hub, HubHandle, InstanceLimits, Keeping, Kept, Parts, Settings};
use crate::board::library::Library;
use crate::board::time::TICK;
use crate::channel::input::Incoming;
use crate::channel::reply::{Refusal, Reply};
use crate::channel::verify::Door;
use crate::clock;
use crate::config::model;
use crate::engine::{Engine, Rules};
use crate::http::{
    self, AdminDoors, Counters, Doors, Front, Problem, ServerStatus, TrustedProxies,
    WebhookReceiver,
};
use crate::language::Language;
use crate::screen::paired::{PairLimits, Paired, Program, Shows, Turn};
use crate::screen::{Allowance, Limits, Screens};
use crate::telemetry::Form;

/// A trusted proxy's address.
pub(super) const PROXY: &str = "10.0.0.1:4711";
/// Somebody's address.
pub(super) const STRANGER: &str = "198.51.100.7:4711";
/// Bodies of webhooks may be so long.
pub(super) const BODY_BYTES_MAX: usize = 2000;
/// Names of the listeners beside their addresses.
pub(super) const OWN_HOST: &str = "wall.example.org";
/// Nothing here takes so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes on their way in either direction.
const PIPE_BYTES: usize = 1 << 20;
/// Turns that others are given until all that came is dealt with.
const TURNS: usize = 64;

/// The server, and what runs it.
pub(super) struct House {
    runtime: Runtime,
    public: Front,
    admin: Front,
    pub(super) screens: Arc<Screens>,
    pub(super) hub: HubHandle,
    folder: PathBuf,
}

thread_local! {
    static HOUSE: House = House::build();
}

/// Lets a target use this thread's house.
pub(super) fn with<T>(enter: impl FnOnce(&House) -> T) -> T {
    HOUSE.with(enter)
}

/// Which listener is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listener {
    Public,
    Admin,
}

/// Who ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The sender, when all has been said; what is not answered by then need not be.
    HangsUp,
    /// The server, when it has answered.
    Waits,
}

impl WebhookReceiver for Channels {
    fn admit(&self, channel: &str, head: &Incoming) -> Result<(), Problem> {
        let can_be = self.of(channel)?.admit(head, clock::now_ms());
        can_be.map_err(|_| Refusal::BadSignature.into())
    }

    fn has_secret_path(&self, channel: &str) -> bool {
        self.of(channel).is_ok_and(Door::has_secret_path)
    }

    async fn receive(&self, channel: &str, request: Incoming) -> Result<Reply, Problem> {
        let passed = self.of(channel)?.pass(&request, clock::now_ms());
        passed.map(Option::unwrap_or_default).map_err(|_| Refusal::BadSignature.into())
    }
}

/// Whatever a screen is to show.
struct OneBoard;

impl Program for OneBoard {
    fn has(&self, _shows: &Shows) -> bool {
        true
    }

    fn includes(&self, _shows: &Shows, _board: &str) -> bool {
        true
    }

    fn now(&self, _shows: &Shows) -> Turn {
        Turn::default()
    }

    fn playlists(&self) -> Vec<String> {
        Vec::new()
    }

    fn is_open(&self, _calendar: &str) -> Option<bool> {
        None
    }

    fn calendars(&self) -> Vec<String> {
        Vec::new()
    }
}

struct Status;

impl ServerStatus for Status {
    fn obstacles(&self) -> Vec<String> {
        Vec::new()
    }

    fn channels(&self) -> serde_json::Value {
        serde_json::json!([])
    }

    fn metrics(&self, _: Form) -> String {
        "tablica_build_info 1\n".to_owned()
    }
}

impl House {
    fn build() -> House {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let thread = format!("{:?}", std::thread::current().id());
        let name = format!("tablica-fuzz-{}-{thread}", std::process::id());
        let folder = std::env::temp_dir().join(name.replace(['(', ')'], ""));
        std::fs::create_dir_all(&folder).expect("a folder");
        let own = model::Annotations::default();
        let annotations = Annotations::open(&own, &folder, &TimeZone::UTC).expect("annotations");
        let (hub, handle) = hub(&annotations);
        // A receiver whose sender is gone would end the hub.
        let (sender, committed) = mpsc::channel(1);
        runtime.spawn(async move {
            hub.run(committed).await;
            drop(sender);
        });
        let screens = Screens::new(handle.clone(), Limits::default(), clock::now_ms);
        let program = Box::new(OneBoard);
        let observer = Arc::new(crate::journal::Silent);
        let limits = PairLimits::default();
        let paired = Paired::open(limits, &folder, observer, program, clock::now_ms);
        let pairing = http::Pairing {
            paired: paired.expect("a new file"),
            admin_url: None,
            admin_port: 9464,
            admin_is_only_here: true,
            body_timeout: std::time::Duration::from_secs(10),
        };
        let counters = Arc::new(Counters::default());
        let limits = http::Limits {
            body_bytes_max: BODY_BYTES_MAX,
            body_timeout: PATIENCE,
            bodies_bytes_max: 1 << 20,
            per_address_max: 100,
            screens_per_address_max: 100,
        };
        let public = http::public(Doors {
            receiver: Arc::new(Channels::build()),
            hub: handle.clone(),
            screens: Arc::clone(&screens),
            pairing: Some(pairing.clone()),
            status: Arc::new(Status),
            annotations: Some(annotations.clone()),
            counters: Arc::clone(&counters),
            hosts: vec![OWN_HOST.to_owned()],
            trusted: TrustedProxies::new(["10.0.0.0/8".parse().expect("a network")]),
            public_url: None,
            limits,
            guard: None,
        });
        let admin = http::admin(AdminDoors {
            boards: None,
            status: Arc::new(Status),
            annotations,
            reloads: http::Reloads::pair().0,
            hub: handle.clone(),
            screens: Arc::clone(&screens),
            pairing: Some(pairing),
            public_url: None,
            public_port: 8080,
            hosts: vec![OWN_HOST.to_owned()],
            limits,
            counters,
            trusted: TrustedProxies::default(),
            guard: None,
            quarantine: None,
            post: None,
            alerts: None,
        });
        House { runtime, public, admin, screens, hub: handle, folder }
    }

    /// All that is answered on a connection to what is said there. Fails when it does not end, or
    /// ends by a panic. `meanwhile` looks on when all has been said.
    pub(super) fn converse(
        &self,
        listener: Listener,
        peer: &str,
        said: &[u8],
        end: End,
        meanwhile: impl FnOnce(),
    ) -> Vec<u8> {
        let front = match listener {
            Listener::Public => self.public.clone(),
            Listener::Admin => self.admin.clone(),
        };
        let peer = peer.parse().expect("an address");
        self.runtime.block_on(async {
            let (near, far) = duplex(PIPE_BYTES);
            let serving = tokio::spawn(serve(far, front, peer));
            let (mut from, mut to) = split(near);
            let mut answered = Vec::new();
            let saying = async {
                // It may hang up before it has heard everything.
                let _ = to.write_all(said).await;
                for _ in 0..TURNS {
                    yield_now().await;
                }
                meanwhile();
                if end == End::HangsUp {
                    let _ = to.shutdown().await;
                }
            };
            let both = async { tokio::join!(saying, from.read_to_end(&mut answered)) };
            timeout(PATIENCE, both).await.expect("the connection does not end").1.expect("read");
            timeout(PATIENCE, serving).await.expect("it does not end").expect("no panic");
            answered
        })
    }

    /// Lets what is still running go on until something is so.
    pub(super) fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let waits = async {
            while !is_so() {
                yield_now().await;
            }
        };
        let waited = self.runtime.block_on(async { timeout(PATIENCE, waits).await });
        waited.unwrap_or_else(|_| panic!("{what}"));
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What things are called: as nobody has said.
pub(super) fn site(rules: &Rules) -> Site {
    Site {
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
    }
}

fn hub(annotations: &Annotations) -> (Hub, HubHandle) {
    let settings = Settings {
        frames_per_second_max: 4,
        snapshot_every: Duration::from_secs(36_000),
        look_for_boards_every: Duration::from_secs(36_000),
        instances: InstanceLimits::default(),
        build: "build-1",
        tick_every: TICK,
        started_ms: clock::now_ms(),
        clock: Box::new(clock::now_ms as fn() -> _),
    };
    let rules = Rules::default();
    let site = site(&rules);
    let parts = Parts {
        engine: Engine::new(rules),
        sequence: 0,
        site: watch::Sender::new(Arc::new(site)).subscribe(),
        library: Library::new(None),
        annotations: annotations.newest(),
        keep: Box::new(|_: Kept| Keeping::GoesOn),
        rules: watch::Sender::default().subscribe(),
        recount: None,
        progress: Arc::default(),
    };
    Hub::new(settings, parts)
}

/// One connection, as the listener serves it.
async fn serve(pipe: DuplexStream, front: Front, peer: SocketAddr) {
    let mut http = http1::Builder::new();
    http.max_buf_size(http::BUFFER_BYTES_MAX);
    let service = service_fn(move |request: Request<Body>| {
        let responsible = front.responsible(request.uri());
        async move {
            let answer = responsible.answer(request, peer, Arc::<Allowance>::default()).await;
            Ok::<_, Infallible>(answer)
        }
    });
    // How it ends is the peer's business: it says whatever it likes.
    let _ = http.serve_connection(TokioIo::new(pipe), service).with_upgrades().await;
}
