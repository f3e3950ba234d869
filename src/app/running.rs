//! A server at work: spawn, wait for the stop, drain.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinHandle;

use super::disk::Threads;
use super::reload::Reloader;
use super::walls::{self, LOOK_FOR_FILES_EVERY, Listening};
use super::{
    App, alerts, held, keys, mailing, memory, pages, paired, reports, screens, status, topics,
};
use crate::alert::alarms::Alarms;
use crate::channel::quarantine;
use crate::channel::registry::Registry;
use crate::clock;
use crate::http::{self, AdminDoors, Doors, ServerStatus};
use crate::journal::JournalThread;
use crate::screen::Screens;
use crate::webhook_thread::WebhookThread;

/// Everything that has to be stopped, in this order.
struct Running {
    reloader: JoinHandle<()>,
    listening: Listening,
    helpers: Vec<JoinHandle<()>>,
    registry: Arc<Registry>,
    journal_thread: JournalThread,
    hub: JoinHandle<()>,
    threads: Threads,
    screens: Arc<Screens>,
    alarms: Arc<Alarms>,
    state_dir: PathBuf,
    grace: Duration,
    webhook_thread: WebhookThread,
}

impl App {
    /// Takes in, counts and shows until `stop`; then finishes what is under way.
    pub async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let running = self.spawn();
        stop.await;
        tracing::info!("stopping: no more is taken in, what is under way is finished");
        running.drain().await
    }

    fn spawn(mut self) -> Running {
        let status: Arc<dyn ServerStatus> = Arc::new(status::LiveStatus {
            journal: self.disk.journal.clone(),
            registry: Arc::clone(&self.registry),
            exporter: self.exporter.clone(),
            hub: self.handle.clone(),
            behind_max: self.config.server.engine_behind_max,
        });
        let (doors, admin_doors) = (self.doors(&status), self.admin_doors(status));
        let helpers = self.spawn_helpers();
        let reloader = Reloader::new(self.reload, Arc::clone(&self.registry), self.handle);
        let hub = tokio::spawn(self.hub.run(self.committed));
        let mut listening = Listening::new(&self.config, self.counters);
        listening.open(
            self.listeners.public,
            http::public(doors),
            Some(self.webhook_thread.runtime()),
        );
        let places = self.config.server.admin_connections_max;
        listening.open_admin(self.listeners.admin, http::admin(admin_doors), places);
        Running {
            reloader: tokio::spawn(reloader.run()),
            listening,
            helpers,
            registry: self.registry,
            journal_thread: self.disk.journal_thread,
            hub,
            threads: self.disk.threads,
            screens: self.screens,
            alarms: self.alarms,
            state_dir: self.config.server.state_dir,
            grace: self.config.server.drain_timeout,
            webhook_thread: self.webhook_thread,
        }
    }

    fn doors(&self, status: &Arc<dyn ServerStatus>) -> Doors<Registry> {
        Doors {
            receiver: Arc::clone(&self.registry),
            hub: self.handle.clone(),
            screens: Arc::clone(&self.screens),
            pairing: Some(self.pairing()),
            status: Arc::clone(status),
            annotations: Some(self.disk.annotations.clone()),
            counters: Arc::clone(&self.counters),
            hosts: self.config.server.hosts.clone(),
            trusted: walls::trusted(&self.config),
            public_url: self.config.server.public_url.clone(),
            limits: walls::webhook_limits(&self.config),
            guard: self.guard(),
        }
    }

    /// Who is let in, where the config tells people apart.
    fn guard(&self) -> Option<http::Guard> {
        let screens = Arc::new(paired::Tokens(Arc::clone(&self.paired)));
        let guard =
            |access| http::Guard { access, screens: Some(screens), oidc: self.oidc.clone() };
        self.disk.access.clone().map(guard)
    }

    fn admin_doors(&self, status: Arc<dyn ServerStatus>) -> AdminDoors {
        AdminDoors {
            status,
            annotations: self.disk.annotations.clone(),
            screens: Arc::clone(&self.screens),
            pairing: Some(self.pairing()),
            reloads: self.reloads.clone(),
            hub: self.handle.clone(),
            public_url: self.config.server.public_url.clone(),
            public_port: self.public_port(),
            hosts: self.config.server.admin_hosts.clone(),
            limits: walls::webhook_limits(&self.config),
            counters: Arc::clone(&self.counters),
            trusted: walls::trusted(&self.config),
            guard: self.guard(),
            boards: Some(http::BoardDesk {
                shelf: Arc::clone(&self.disk.shelf),
                in_force: self.reload.in_force.subscribe(),
            }),
            quarantine: Some(Arc::new(held::Quarantined(self.config.server.state_dir.clone()))),
            post: self.post.clone(),
            alerts: Some(http::AlertDesk {
                alarms: Arc::clone(&self.alarms),
                in_force: self.reload.in_force.subscribe(),
                now: clock::now_ms,
            }),
        }
    }

    fn pairing(&self) -> http::Pairing {
        let listens = self.listeners.admin.local_addr();
        let listens = listens.unwrap_or(self.config.server.admin_listen);
        http::Pairing {
            paired: Arc::clone(&self.paired),
            admin_url: self.config.server.admin_url.clone(),
            admin_port: listens.port(),
            admin_is_only_here: listens.ip().is_loopback(),
            body_timeout: self.config.server.body_timeout,
        }
    }

    fn public_port(&self) -> u16 {
        let listens = self.listeners.public.local_addr();
        listens.map_or(self.config.server.listen.port(), |address| address.port())
    }

    fn watcher(&self) -> alerts::Watcher {
        alerts::Watcher {
            alarms: Arc::clone(&self.alarms),
            exporter: self.exporter.clone(),
            journal: self.disk.journal.clone(),
            in_force: self.reload.in_force.subscribe(),
        }
    }

    /// What looks at something every now and then, for as long as the server runs.
    fn spawn_helpers(&mut self) -> Vec<JoinHandle<()>> {
        let maker =
            reports::Maker { hub: self.handle.clone(), annotations: self.disk.annotations.clone() };
        let (quarantine, registry) = (self.disk.quarantine.clone(), Arc::clone(&self.registry));
        let enricher = Arc::clone(&self.enricher);
        let access = self.disk.access.clone();
        let mut helpers = vec![
            tokio::spawn(quarantine::run_retries(quarantine, registry)),
            tokio::spawn(memory::large_pages_for_much()),
            tokio::spawn(self.disk.annotations.clone().watch_file(LOOK_FOR_FILES_EVERY)),
            tokio::spawn(topics::watch(self.rules_file.take(), enricher)),
            tokio::spawn(keys::watch(self.disk.keys.clone())),
            tokio::spawn(screens::keep(
                Arc::clone(&self.screens),
                self.config.server.state_dir.clone(),
            )),
            tokio::spawn(paired::carry_out(Arc::clone(&self.paired), Arc::clone(&self.screens))),
            tokio::spawn(reports::make(self.config.reports.clone(), maker)),
            tokio::spawn(self.watcher().run()),
            tokio::spawn(pages::ask(self.handle.clone(), self.config.boards.embed_hosts.clone())),
        ];
        helpers.extend(self.post.clone().map(|post| tokio::spawn(mailing::run(post))));
        helpers.extend(access.map(|access| tokio::spawn(access.watch())));
        helpers
    }
}

impl Running {
    async fn drain(self) -> anyhow::Result<()> {
        // With it go those who read files.
        self.reloader.abort();
        let _ = self.reloader.await;
        let mut in_time = self.listening.close().await?;
        for helper in self.helpers {
            helper.abort();
            // Until it is gone it holds the quarantine open.
            let _ = helper.await;
        }
        let late = self.registry.stop(self.grace).await;
        self.journal_thread.stop().await;
        in_time &= self.webhook_thread.end(self.grace).await;
        self.hub.await.context("the hub ended badly")?;
        drop(self.registry);
        if let Err(error) = screens::write(&self.screens, &self.state_dir) {
            tracing::warn!(%error, "the file of screens is as old as its last change");
        }
        if let Err(error) = alerts::write(&self.alarms, &self.state_dir, true) {
            tracing::warn!(%error, "what is known of alerts is as old as its last change");
        }
        in_time &= self.threads.join(self.grace).await;
        if !in_time || !late.is_empty() {
            tracing::warn!(channels = ?late, "not everything ended within server.drain_timeout");
        }
        tracing::info!("stopped");
        Ok(())
    }
}
