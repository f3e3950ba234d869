//! From the hub to the sockets: what a server and a replay have in common.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::board::hub::{self, HubHandle};
use crate::board::images::ImageLimits;
use crate::board::library::Library;
use crate::board::time::{Clock, TICK};
use crate::config::model::Config;
use crate::event::{Millis, UnixMs};
use crate::http;
use crate::screen::{self, Screens};
use crate::{assets, clock};

/// How often the files of boards and annotations are looked at.
pub(crate) const LOOK_FOR_FILES_EVERY: Duration = Duration::from_secs(2);

/// The machine's clock, which may be set.
struct MachineClock;

impl Clock for MachineClock {
    fn now_ms(&self) -> UnixMs {
        clock::now_ms()
    }

    fn held_by_ms(&self) -> Option<Millis> {
        clock::state().held_by_ms
    }

    fn set(&self) -> u64 {
        clock::state().followed
    }
}

/// How a server's hub works.
pub(crate) fn hub_settings(config: &Config) -> hub::Settings {
    hub::Settings {
        frames_per_second_max: config.boards.frames_per_second_max,
        instances: hub::InstanceLimits {
            instances_max: config.boards.instances_max,
            idle: config.boards.instance_idle,
        },
        snapshot_every: config.journal.snapshot_every,
        look_for_boards_every: LOOK_FOR_FILES_EVERY,
        build: assets::build_id(),
        tick_every: TICK,
        started_ms: clock::now_ms(),
        clock: Box::new(MachineClock),
    }
}

/// The boards that ship and the site's own, with their pictures.
pub(crate) fn library(config: &Config) -> Library {
    let limits = ImageLimits {
        image_bytes_max: config.boards.image_bytes_max as u64,
        images_bytes_max: config.boards.images_bytes_max as u64,
    };
    Library::new(config.boards.dir.clone()).keeping_images(limits)
}

/// Seats for the screens of a hub.
pub(crate) fn screens(config: &Config, hub: HubHandle) -> Arc<Screens> {
    let screens_max = config.server.screens_max;
    let names_max = config.server.screen_names_max;
    let limits = screen::Limits { screens_max, names_max, ..screen::Limits::default() };
    Screens::new(hub, limits, clock::now_ms)
}

/// Who says for whom they ask.
pub(crate) fn trusted(config: &Config) -> http::TrustedProxies {
    http::TrustedProxies::new(config.server.trusted_proxies.iter().copied())
}

/// What those who ask may cost.
pub(crate) fn webhook_limits(config: &Config) -> http::Limits {
    http::Limits {
        body_bytes_max: config.server.body_bytes_max,
        body_timeout: config.server.body_timeout,
        bodies_bytes_max: config.server.bodies_bytes_max,
        per_address_max: config.server.connections_per_address_max,
        screens_per_address_max: config.server.screens_per_address_max,
    }
}

/// The listeners that are served, until all are closed together.
pub(crate) struct Listening {
    limits: http::ConnectionLimits,
    counters: Arc<http::Counters>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<bool>>,
}

impl Listening {
    /// None yet.
    pub(crate) fn new(config: &Config, counters: Arc<http::Counters>) -> Self {
        let limits = http::ConnectionLimits {
            connections_max: config.server.connections_max,
            per_address_max: config.server.connections_per_address_max,
            trusted: trusted(config),
            webhooks_share: config.server.webhooks_share,
            head_timeout: config.server.head_timeout,
            write_timeout: config.server.write_timeout,
            drain_timeout: config.server.drain_timeout,
        };
        Self { limits, counters, stop: watch::Sender::new(false), servers: Vec::new() }
    }

    /// Answers that are under way at the end get so long.
    pub(crate) fn finishing_within(mut self, time: Duration) -> Self {
        self.limits.drain_timeout = time;
        self
    }

    /// Serves the public one; its connections live on the thread of webhooks, where there is one.
    pub(crate) fn open(
        &mut self,
        listener: TcpListener,
        front: http::Front,
        webhook_thread: Option<Handle>,
    ) {
        self.serve(listener, front, self.limits.clone(), webhook_thread);
    }

    /// Serves the admin one: it has places of its own, whatever happens at the other.
    pub(crate) fn open_admin(&mut self, listener: TcpListener, front: http::Front, places: usize) {
        let limits = http::ConnectionLimits {
            connections_max: places,
            per_address_max: places,
            webhooks_share: 0.0,
            ..self.limits.clone()
        };
        self.serve(listener, front, limits, None);
    }

    fn serve(
        &mut self,
        listener: TcpListener,
        front: http::Front,
        limits: http::ConnectionLimits,
        webhook_thread: Option<Handle>,
    ) {
        let mut stop = self.stop.subscribe();
        let stopped = async move {
            // An error means that the sender is gone: then it is time to stop, too.
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let counters = Arc::clone(&self.counters);
        let server = http::serve(listener, front, limits, counters, webhook_thread, stopped);
        self.servers.push(tokio::spawn(server));
    }

    /// Takes no more; says whether the answers under way were finished in time.
    pub(crate) async fn close(self) -> anyhow::Result<bool> {
        self.stop.send_replace(true);
        let mut in_time = true;
        for server in self.servers {
            in_time &= server.await.context("a listener ended badly")?;
        }
        Ok(in_time)
    }
}
