//! The composition root: the one place that names every part of the house.
//!
//! Config and listeners → [`build`] → [`App::run`]: spawn, wait for the stop, drain. Parts are
//! started from the glass towards the networks, so that nothing is taken in before everything
//! behind it stands, and stopped the other way round, so that everything taken in reaches the
//! journal, the engine and its last snapshot.

mod alerts;
mod channels;
mod checks;
mod disk;
mod documents;
mod feeder;
pub(crate) mod files;
mod gauges;
mod health;
mod held;
pub mod keep;
mod keys;
pub(crate) mod mailing;
mod memory;
mod oidc;
mod pages;
mod paired;
pub mod recover;
mod reload;
pub(crate) mod reports;
pub(crate) mod roll_ups;
mod running;
mod screens;
mod starting;
mod state_file;
mod status;
mod stop;
mod topics;
pub(crate) mod walls;

pub(crate) use channels::{find_plugin, rules};
pub use checks::check;
pub(crate) use memory::in_small_pages;
pub use starting::{Start, StartingDoors};
pub(crate) use stop::StopSignal;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use zeroize::Zeroizing;

use crate::access::oidc::Oidc;
use crate::alert::alarms::Alarms;
use crate::board::figures::Site;
use crate::board::hub::{self, Hub, HubHandle};
use crate::channel::enrich::{Enricher, RulesFile};
use crate::channel::registry::Registry;
use crate::clock;
use crate::config::model::{Config, Server};
use crate::http;
use crate::journal::Committed;
use crate::mail::Post;
use crate::screen::Screens;
use crate::screen::paired::Paired;
use crate::telemetry::Exporter;
use crate::webhook_thread::WebhookThread;

use disk::{Disk, Found};

/// The sockets of a server. They come in from outside, so that tests bring their own.
pub struct Listeners {
    /// Walls, API, webhooks.
    pub public: TcpListener,
    /// Metrics, and what may be changed.
    pub admin: TcpListener,
}

impl Listeners {
    /// Those of the config.
    pub fn bind(server: &Server) -> anyhow::Result<Self> {
        Ok(Self {
            public: bind(server.listen, "server.listen")?,
            admin: bind(server.admin_listen, "server.admin_listen")?,
        })
    }
}

fn bind(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    http::bind(address).with_context(|| {
        format!("cannot listen on {address}: is it taken by another program? See {key}")
    })
}

/// A server with everything in its place: the engine is where it was, the channels' plugins have
/// started. Nothing is taken in before it runs.
pub struct App {
    config: Config,
    listeners: Listeners,
    exporter: Exporter,
    disk: Disk,
    enricher: Arc<Enricher>,
    rules_file: Option<RulesFile>,
    reload: reload::Parts,
    reloads: http::Reloads,
    registry: Arc<Registry>,
    hub: Hub,
    handle: HubHandle,
    committed: mpsc::Receiver<Committed>,
    screens: Arc<Screens>,
    paired: Arc<Paired>,
    post: Option<Arc<Post>>,
    alarms: Arc<Alarms>,
    counters: Arc<http::Counters>,
    oidc: Option<Oidc>,
    webhook_thread: WebhookThread,
}

impl App {
    /// Has it read its config again, while it runs.
    pub fn reloads(&self) -> http::Reloads {
        self.reloads.clone()
    }

    /// The path of the link by which the first admin is made; none where there is one, or nobody
    /// has to log in.
    pub async fn set_up_path(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
        let Some(access) = &self.disk.access else { return Ok(None) };
        let link = access.new_set_up().await?;
        Ok(link.map(|link| Zeroizing::new(format!("/set-up/{}", *link))))
    }
}

/// Builds a server; opens no port. Once in a process: the metrics' recorder is the process's.
/// `start` is told how far it has got.
pub async fn build(mut config: Config, listeners: Listeners, start: &Start) -> anyhow::Result<App> {
    let file = reload::ConfigFile::of(&config);
    files::make_room(&mut config.server);
    clock::set_hold(config.server.clock_hold);
    // First: a handle to a metric that is taken before it leads nowhere.
    let exporter = Exporter::install(&config.queues)?;
    let (disk, Found { engine, sequence, cursors, seen_ids, committed }) =
        Disk::open(&config, start)?;
    let oidc = disk.access.as_ref().map(oidc::of).transpose()?.flatten();
    let (enricher, rules_file) = topics::enricher(&config)?;
    let webhook_thread = WebhookThread::start().context("cannot start the thread of webhooks")?;
    let workshop = channels::Workshop::new(
        &config,
        &disk,
        cursors,
        Arc::clone(&enricher),
        webhook_thread.runtime(),
    )?;
    start.compiles_by(&workshop.engine);
    let (registry, workshop) = channels::build(&config, workshop).await?;
    let registry = Arc::new(registry);
    let rules = watch::Sender::new(Arc::new(engine.rules().clone()));
    let network = |channel: &str| registry.manifest(channel).map(|it| it.network);
    let site = watch::Sender::new(Arc::new(Site::of(&config, network)));
    let parts = hub::Parts {
        engine,
        sequence,
        site: site.subscribe(),
        library: walls::library(&config),
        annotations: disk.annotations.newest(),
        keep: keep::states(disk.journal.clone(), disk.rollups.clone(), seen_ids),
        rules: rules.subscribe(),
        recount: Some(disk.recount(rules.subscribe(), &config)),
        progress: Arc::clone(disk.journal.progress()),
    };
    let (mut hub, handle) = Hub::new(walls::hub_settings(&config), parts);
    let screens = walls::screens(&config, handle.clone());
    screens.take_up(screens::read(&config.server.state_dir));
    let in_force = watch::Sender::new(Arc::new(config.clone()));
    let paired = paired::open(&config, handle.clone(), in_force.subscribe())?;
    let hours = Arc::clone(&paired);
    screens.expected_by(move |name| hours.is_expected(name));
    let post = mailing::open(&config, &handle, &disk.annotations)?;
    let alarms = alerts::open(&config)?;
    let counters = Arc::new(http::Counters::default());
    let (reloads, asked) = http::Reloads::pair();
    let reload =
        reload::Parts { file, asked, workshop, in_force, site, rules, counts: Arc::default() };
    hub.observed_by(Box::new(gauges::Gauges::new(
        reload.in_force.subscribe(),
        gauges::Sources {
            reloads: Arc::clone(&reload.counts),
            hub: handle.clone(),
            journal: disk.journal.clone(),
            state_dir: config.server.state_dir.clone(),
            registry: Arc::clone(&registry),
            http: Arc::clone(&counters),
            screens: Arc::clone(&screens),
            paired: Arc::clone(&paired),
            post: post.clone(),
            quarantine: disk.quarantine.clone(),
            annotations: disk.annotations.clone(),
            shelf: Arc::clone(&disk.shelf),
            access: disk.access.clone(),
            oidc: oidc.clone(),
            enricher: Arc::clone(&enricher),
            alarms: Arc::clone(&alarms),
        },
    )));
    hub.told_by(health::teller(health::Known {
        journal: disk.journal.clone(),
        state_dir: config.server.state_dir.clone(),
        registry: Arc::clone(&registry),
        quarantine: disk.quarantine.clone(),
        screens: Arc::clone(&screens),
        alarms: Arc::clone(&alarms),
        in_force: reload.in_force.subscribe(),
        behind_max: config.server.engine_behind_max,
    }));
    Ok(App {
        config,
        listeners,
        exporter,
        disk,
        enricher,
        rules_file,
        reload,
        reloads,
        registry,
        hub,
        handle,
        committed,
        screens,
        paired,
        post,
        alarms,
        counters,
        oidc,
        webhook_thread,
    })
}
