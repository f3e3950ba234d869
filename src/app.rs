//! The composition root: the one place that names every part of the house.
//!
//! Config → build → spawn → wait for the signal → drain. Parts are started from the glass
//! towards the networks, so that nothing is taken in before everything behind it stands, and
//! stopped the other way round, so that everything taken in reaches the journal, the engine and
//! its last snapshot.

mod channels;
mod checks;
mod feeder;
mod gauges;
pub mod keep;
mod keys;
pub mod recover;
mod reports;
pub(crate) mod roll_ups;
mod status;
mod topics;

pub(crate) use channels::find_plugin;
pub use checks::check;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::board::annotations::Annotations;
use crate::board::figures::Site;
use crate::board::hub::{self, Hub};
use crate::board::library::Library;
use crate::board::time::TICK;
use crate::channel::privacy::keys::KeyRing;
use crate::channel::registry::Registry;
use crate::channel::{quarantine, source};
use crate::config::model::{Channel, Config};
use crate::engine::Rules;
use crate::http::{self, Doors};
use crate::journal::{self, rollups};
use crate::screen::{self, Screens};
use crate::telemetry::{self, Exporter, JournalMeters};
use crate::{assets, clock};

/// Commits on their way to the engine; more make the journal wait.
const COMMITS_WAITING_MAX: usize = 256;
/// How often the files of boards and annotations are looked at.
const LOOK_FOR_FILES_EVERY: Duration = Duration::from_secs(2);

/// Runs the server until SIGINT or SIGTERM, then drains. `out` is told the addresses.
pub async fn serve(config: Config, out: &mut impl Write) -> anyhow::Result<()> {
    let mut stop_asked = StopSignal::listen()?;
    make_state_dir(&config.server.state_dir)?;
    let exporter = Exporter::install(&config.queues)?;
    let public = listen(config.server.listen, "server.listen")?;
    let admin = listen(config.server.admin_listen, "server.admin_listen")?;

    let observer = Arc::new(JournalMeters::default());
    let options = journal::Options { observer, now: clock::now_ms };
    let opened = journal::open_with(&config.journal, &config.server.state_dir, options)?;
    let stored = rollups::open(&config.server.state_dir, config.journal.rollups_keep)?;
    let (engine, sequence) = recover::engine(Rules::from(&config), &opened, &stored)?;
    let (rollups, rollups_thread) = stored.start()?;
    let cursors = recover::cursors(&config, &opened)?;
    let (commits, committed) = mpsc::channel(COMMITS_WAITING_MAX);
    let (journal, journal_thread) = opened.start(commits)?;
    let (quarantine, quarantine_thread) =
        quarantine::start(&config.quarantine, &config.server.state_dir)?;

    let annotations =
        Annotations::open(&config.annotations, &config.server.state_dir, &config.site.time_zone)?;

    let keys = KeyRing::open(&config.server.state_dir, clock::now_ms())?;
    let (enricher, rules_file) = topics::enricher(&config)?;
    let channels = channels::build(
        &config,
        journal.clone(),
        quarantine.clone(),
        cursors,
        Arc::clone(&enricher),
        keys.clone(),
    );
    let registry = Arc::new(channels.await?);
    let http_counters = Arc::new(http::Counters::default());
    let seats = Arc::new(std::sync::OnceLock::new());
    let gauges = gauges::Gauges::new(gauges::Sources {
        queues: config.queues.clone(),
        silent_after: channels::silent_after(&config),
        journal: journal.clone(),
        registry: Arc::clone(&registry),
        http: Arc::clone(&http_counters),
        screens: Arc::clone(&seats),
        quarantine: quarantine.clone(),
        annotations: annotations.clone(),
        enricher: Arc::clone(&enricher),
        agents_shown_by: config.telemetry.agent_labels.then(|| Site::of(&config, |_| None)),
    });
    let (hub, handle) = Hub::new(
        hub::Settings {
            frames_per_second_max: config.boards.frames_per_second_max,
            snapshot_every: config.journal.snapshot_every,
            look_for_boards_every: LOOK_FOR_FILES_EVERY,
            build: assets::build_id(),
            tick_every: TICK,
            started_ms: clock::now_ms(),
            clock: Box::new(clock::now_ms as fn() -> _),
        },
        hub::Parts {
            engine,
            sequence,
            site: Site::of(&config, |channel| {
                registry.manifest(channel).map(|it| it.network)
            }),
            library: Library::new(config.boards.dir.clone()),
            annotations: annotations.newest(),
            observers: vec![Box::new(gauges)],
            keep: keep::states(journal.clone(), rollups),
        },
    );
    let hub = tokio::spawn(hub.run(committed));

    let limits =
        screen::Limits { screens_max: config.server.screens_max, ..screen::Limits::default() };
    let screens = Screens::new(handle.clone(), limits, clock::now_ms);
    let maker = reports::Maker {
        hub: handle.clone(),
        site: Site::of(&config, |_| None),
        annotations: annotations.clone(),
    };
    let _ = seats.set(Arc::clone(&screens));
    let status: Arc<dyn http::ServerStatus> = Arc::new(status::LiveStatus {
        journal: journal.clone(),
        registry: Arc::clone(&registry),
        exporter: exporter.clone(),
    });
    let webhook_limits = http::Limits {
        body_bytes_max: config.server.body_bytes_max,
        body_timeout: config.server.body_timeout,
    };
    let doors = Doors {
        receiver: Arc::clone(&registry),
        hub: handle.clone(),
        screens,
        status: Arc::clone(&status),
        annotations: Some(annotations.clone()),
        counters: Arc::clone(&http_counters),
        limits: webhook_limits,
    };
    let admin_doors = http::AdminDoors {
        status,
        annotations: annotations.clone(),
        hub: handle,
        hosts: config.server.admin_hosts.clone(),
        limits: webhook_limits,
    };
    let drain = config.server.drain_timeout;
    announce(out, &config, public.local_addr()?, admin.local_addr()?)?;
    let (stop, stopping) = watch::channel(false);
    let limits = http::ConnectionLimits {
        connections_max: config.server.connections_max,
        head_timeout: config.server.head_timeout,
        drain_timeout: drain,
    };
    let serve = |listener, router| {
        let counters = Arc::clone(&http_counters);
        tokio::spawn(http::serve(listener, router, limits, counters, stopped(&stopping)))
    };
    let public = serve(public, http::public(doors));
    let admin = serve(admin, http::admin(admin_doors));
    let feeders = start_feeders(&config, &registry);
    let helpers = [
        tokio::spawn(quarantine::run_retries(quarantine.clone(), Arc::clone(&registry))),
        tokio::spawn(keep_metrics_short(exporter)),
        tokio::spawn(annotations.watch_file(LOOK_FOR_FILES_EVERY)),
        tokio::spawn(topics::watch(rules_file, enricher)),
        tokio::spawn(keys::watch(keys)),
        tokio::spawn(reports::make(config.reports.clone(), maker)),
    ];

    stop_asked.wait().await;
    tracing::info!("stopping: no more is taken in, what is under way is finished");
    // Whoever waits for this has gone when there is nobody.
    let _ = stop.send(true);
    for feeder in feeders {
        feeder.abort();
    }
    let mut in_time = true;
    for server in [public, admin] {
        in_time &= server.await.context("a listener ended badly")?;
    }
    for helper in helpers {
        helper.abort();
        // Until it is gone it holds the quarantine open.
        let _ = helper.await;
    }
    let late = registry.stop(drain).await;
    journal_thread.stop().await;
    hub.await.context("the hub ended badly")?;
    drop((registry, quarantine));
    let joined = tokio::task::spawn_blocking(|| {
        quarantine_thread.join();
        rollups_thread.join();
    });
    in_time &= tokio::time::timeout(drain, joined).await.is_ok();
    if !in_time || !late.is_empty() {
        tracing::warn!(channels = ?late, "not everything ended within server.drain_timeout");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Says where everything is. Scripts read these lines.
fn announce(
    out: &mut impl Write,
    config: &Config,
    public: SocketAddr,
    admin: SocketAddr,
) -> io::Result<()> {
    let state_dir = config.server.state_dir.display();
    writeln!(out, "Tablica {}, state in {state_dir}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "  walls     http://{public}/wall/floor")?;
    writeln!(out, "  api       http://{public}/api/v1/kpis")?;
    writeln!(out, "  webhooks  http://{public}/in/{{channel}}")?;
    writeln!(out, "  metrics   http://{admin}/metrics")?;
    out.flush()
}

fn listen(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    http::bind(address).with_context(|| {
        format!("cannot listen on {address}: is it taken by another program? See {key}")
    })
}

fn make_state_dir(path: &Path) -> anyhow::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the state folder {}", path.display()))
}

/// Reads files into the channels that have one.
fn start_feeders(config: &Config, registry: &Registry) -> Vec<JoinHandle<()>> {
    let files = config.channels.values().filter_map(|channel| {
        let mailbox = registry.mailbox(&channel.name)?;
        Some(tokio::spawn(feeder::run(mailbox, file_settings(channel)?)))
    });
    files.collect()
}

fn file_settings(channel: &Channel) -> Option<source::file::Settings> {
    Some(source::file::Settings {
        path: channel.file.clone()?,
        line_bytes_max: channel.line_bytes_max,
        look_every: source::file::LOOK_EVERY,
    })
}

async fn keep_metrics_short(exporter: Exporter) {
    let mut due = tokio::time::interval(telemetry::UPKEEP_EVERY);
    loop {
        due.tick().await;
        exporter.upkeep();
    }
}

async fn stopped_by(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone: then it is time to stop, too.
    let _ = stop.wait_for(|stop| *stop).await;
}

fn stopped(stop: &watch::Receiver<bool>) -> impl Future<Output = ()> + Send + 'static {
    stopped_by(stop.clone())
}

/// SIGINT or SIGTERM, listened for from the start: a stop during recovery is not lost.
pub(crate) struct StopSignal {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    /// Begins to listen; needs a runtime.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Waits for either.
    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
