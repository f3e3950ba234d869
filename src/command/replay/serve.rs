//! `--serve`: the span as live boards and the read-only API, on a port of its own.
//!
//! The same hub, screens and pages as in [`crate::app`], without channels, journal and metrics:
//! nothing is taken in, kept or counted.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::args::Serving;
use super::fold::Fold;
use super::pump::{self, Known, Pace, PastClock};
use super::span::Span;
use crate::app::walls::{self, Listening};
use crate::app::{self, StopSignal};
use crate::board::annotations::{Annotations, Newest};
use crate::board::figures::Site;
use crate::board::hub::{self, Hub, HubHandle, Keeping};
use crate::channel::host::Header;
use crate::channel::input::Incoming;
use crate::channel::reply::Reply;
use crate::config::model::Config;
use crate::engine::Engine;
use crate::http::{self, Doors, Problem, ServerStatus, WebhookReceiver};
use crate::telemetry::{Form, logs};

/// Heartbeats and growing times are shown so often: a second would be a minute at 60×.
const TICK: Duration = Duration::from_millis(250);
/// Nothing is kept: the hub's snapshots come as seldom as can be.
const NEVER: Duration = Duration::from_secs(365 * 86_400);
/// Hand-overs on their way to the hub.
const COMMITS_WAITING_MAX: usize = 16;

/// Folds until the span begins, then serves it until it is told to stop.
pub(super) fn run(
    config: &Config,
    mut fold: Fold<1>,
    span: Span,
    serving: Serving,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    logs::init(logs::Format::Text, "warn")?;
    crate::command::runtime()?.block_on(async {
        // A stop during a long fold is not lost, it is obeyed after it.
        let stop = StopSignal::listen()?;
        let listener = http::bind(serving.address)
            .with_context(|| format!("cannot listen on {}: see --serve", serving.address))?;
        let address = listener.local_addr()?;
        fold.advance(span.from_ms);
        let (from, to, speed) = (span.full(span.from_ms), span.full(span.to_ms), serving.speed);
        writeln!(out, "Replay of {from} to {to}, {speed} times as fast")?;
        writeln!(out, "  walls     http://{address}/wall/floor")?;
        writeln!(out, "  api       http://{address}/api/v1/kpis")?;
        out.flush()?;
        let pace = Pace { from_ms: span.from_ms, to_ms: span.to_ms, speed };
        show(config, fold, pace, listener, stop).await
    })
}

async fn show(
    config: &Config,
    fold: Fold<1>,
    pace: Pace,
    listener: TcpListener,
    stop: StopSignal,
) -> anyhow::Result<()> {
    let (engine, events) = fold.into_parts();
    let clock = PastClock::at(pace.from_ms);
    let (hub, handle) = hub(config, engine, &clock, pace.speed);
    let (commits, committed) = mpsc::channel(COMMITS_WAITING_MAX);
    let hub = tokio::spawn(hub.run(committed));
    let counters = Arc::new(http::Counters::default());
    let mut listening = Listening::new(config, Arc::clone(&counters));
    listening.open(listener, http::public(doors(config, handle, counters)), None);

    let (known, upcoming) = mpsc::channel(pump::READ_AHEAD_MAX);
    let reader = tokio::task::spawn_blocking(move || read_ahead(events, pace, &known));
    tokio::select! {
        () = async {
            pump::run(pace, clock, upcoming, &commits).await;
            eprintln!("tablica: the replay is at its end; the last picture stays until Ctrl-C");
            std::future::pending().await
        } => {}
        () = stop.wait(None) => {}
    }
    listening.close().await?;
    drop(commits);
    hub.await.context("the hub ended badly")?;
    reader.await.context("the reader ended badly")
}

/// A server's, but for its clock and beat, and that it keeps nothing.
fn hub(config: &Config, engine: Engine, clock: &PastClock, speed: f64) -> (Hub, HubHandle) {
    let settings = hub::Settings {
        snapshot_every: NEVER,
        tick_every: TICK,
        clock: Box::new(clock.clone()),
        ..walls::hub_settings(config)
    };
    let engine_rules = engine.rules().clone();
    let parts = hub::Parts {
        engine,
        sequence: 0,
        site: watch::Sender::new(Arc::new(site(config, speed))).subscribe(),
        library: walls::library(config),
        annotations: annotations(config),
        keep: Box::new(|_| Keeping::GoesOn),
        rules: watch::Sender::new(Arc::new(engine_rules)).subscribe(),
        recount: None,
        progress: Arc::default(),
    };
    Hub::new(settings, parts)
}

fn doors(config: &Config, hub: HubHandle, counters: Arc<http::Counters>) -> Doors<NothingReceived> {
    let channels = config.channels.values();
    let channels = channels.map(|it| json!({ "name": it.name, "title": it.title })).collect();
    Doors {
        receiver: Arc::new(NothingReceived),
        screens: walls::screens(config, hub.clone()),
        hub,
        pairing: None,
        status: Arc::new(ReplayStatus { channels }),
        annotations: None,
        counters,
        hosts: config.server.hosts.clone(),
        trusted: walls::trusted(config),
        public_url: None,
        limits: walls::webhook_limits(config),
        // Whoever plays the past again says where it is seen.
        guard: None,
    }
}

/// The site's as they are known today: what explains a peak is often written down after it.
fn annotations(config: &Config) -> Newest {
    let (all, problem) =
        Annotations::look(&config.annotations, &config.server.state_dir, &config.site.time_zone);
    if let Some(problem) = problem {
        // Walls without them are better than none; but whoever looks must know.
        eprintln!("tablica: without annotations that cannot be read:\n{problem}");
    }
    Annotations::unchanging(all)
}

/// Reads until the span is over or nobody wants it any more.
fn read_ahead(events: impl Iterator<Item = Known>, pace: Pace, known: &mpsc::Sender<Known>) {
    for event in events.take_while(|(known_ms, _)| *known_ms <= pace.to_ms) {
        if known.blocking_send(event).is_err() {
            return;
        }
    }
}

/// The site's walls, which say that this is the past.
fn site(config: &Config, speed: f64) -> Site {
    let network = |name: &str| {
        let plugin = app::find_plugin(config, &config.channels.get(name)?.plugin).ok()?;
        Some(Header::read(&plugin.name, &plugin.bytes).ok()?.manifest.network)
    };
    let site = Site::of(config, network);
    Site { name: format!("Replay ×{speed} · {}", site.name), replay_speed: Some(speed), ..site }
}

/// Takes nothing in.
struct NothingReceived;

fn nothing_received() -> Problem {
    let detail = "this is a replay, which takes nothing in: send it to the server itself";
    Problem::new(StatusCode::GONE, "replay", "Replay", detail)
}

impl WebhookReceiver for NothingReceived {
    fn admit(&self, _channel: &str, _head: &Incoming) -> Result<(), Problem> {
        Err(nothing_received())
    }

    async fn receive(&self, _channel: &str, _request: Incoming) -> Result<Reply, Problem> {
        Err(nothing_received())
    }
}

/// What a replay says about itself.
struct ReplayStatus {
    channels: Value,
}

impl ServerStatus for ReplayStatus {
    fn obstacles(&self) -> Vec<String> {
        Vec::new()
    }

    fn channels(&self) -> Value {
        self.channels.clone()
    }

    /// Nothing: what is shown again must not be counted again. No listener has it either.
    fn metrics(&self, _: Form) -> String {
        String::new()
    }
}
