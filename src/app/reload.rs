//! The config, read again while the server runs: on SIGHUP and `POST /api/v1/reload` what a running
//! server can take up is taken up; by itself only titles are.
//!
//! Everything is read, checked, compiled and tried before anything changes. A config with mistakes
//! changes nothing. A channel that cannot run as its section says goes on as before, and the config
//! in force is then the new one with that channel's old section: what is compared with the next time.

mod counts;
mod feeders;
mod file;
mod steps;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;

use self::counts::Ending;
pub(super) use self::counts::ReloadCounts;
use self::feeders::Feeders;
pub(super) use self::file::ConfigFile;
use self::file::Read;
use self::steps::{Kept, Outcome};
use super::channels::Workshop;
use super::checks;
use crate::board::figures::Site;
use crate::board::hub::HubHandle;
use crate::channel::registry::Registry;
use crate::config::{self, Config, Problem, Problems};
use crate::engine::Rules;
use crate::http;

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What is held by others, too, while the server is built.
pub(super) struct Parts {
    pub(super) file: Option<ConfigFile>,
    /// Those who want a reload.
    pub(super) asked: mpsc::Receiver<http::Asked>,
    pub(super) workshop: Workshop,
    /// The config that holds.
    pub(super) in_force: watch::Sender<Arc<Config>>,
    pub(super) site: watch::Sender<Arc<Site>>,
    pub(super) rules: watch::Sender<Arc<Rules>>,
    pub(super) counts: Arc<ReloadCounts>,
}

/// Reloads one after the other, and reads the channels' files.
pub(super) struct Reloader {
    parts: Parts,
    registry: Arc<Registry>,
    hub: HubHandle,
    feeders: Feeders,
}

impl Reloader {
    pub(super) fn new(parts: Parts, registry: Arc<Registry>, hub: HubHandle) -> Self {
        Self { parts, registry, hub, feeders: Feeders::default() }
    }

    /// Works until it is aborted.
    pub(super) async fn run(mut self) {
        let config = Arc::clone(&self.parts.in_force.borrow());
        for channel in config.channels.values() {
            self.feeders.follow(channel, &self.registry).await;
        }
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => self.look_for_titles().await,
                Some(asked) = self.parts.asked.recv() => {
                    let outcome = self.reload().await;
                    // A signal does not wait for an answer.
                    let _ = asked.send(outcome);
                }
            }
        }
    }

    async fn look_for_titles(&mut self) {
        let Some(mut file) = self.parts.file.take() else { return };
        let looked = tokio::task::spawn_blocking(move || {
            let config = file.refresh();
            (file, config)
        });
        let Ok((file, config)) = looked.await else { return };
        self.parts.file = Some(file);
        if let Some(config) = config {
            let titled = self.parts.site.borrow().titled_as(&config);
            self.parts.site.send_replace(Arc::new(titled));
            tracing::info!("titles are those of the config as it is now");
        }
    }

    async fn reload(&mut self) -> Result<http::Reloaded, http::Problem> {
        let read = match self.read().await {
            Ok(read) => read,
            Err(problems) => {
                tracing::error!(%problems, "the config has mistakes; nothing of it is taken up");
                self.parts.counts.note(Ending::Refused);
                return Err(steps::bad_config(&problems));
            }
        };
        let differences = match (&self.parts.file, &read) {
            (Some(file), Some(read)) => file.differences(&read.text),
            _ => Default::default(),
        };
        let config = match &read {
            Some(read) => read.config.clone(),
            None => Config::clone(&self.parts.in_force.borrow()),
        };
        let Outcome { channels, kept, counted_anew } = self.take_up(config).await;
        if let (Some(file), Some(read)) = (&mut self.parts.file, read) {
            file.is_taken_up(read);
        }
        let is_held = |key: &String| kept.iter().any(|kept| steps::is_of(key, &kept.channel));
        let (held, changed) = differences.by_reload.into_iter().partition(is_held);
        let reloaded = http::Reloaded {
            channels,
            changed,
            needs_restart: differences.by_restart,
            counted_anew,
        };
        self.tell(&reloaded, &kept, held);
        if kept.is_empty() { Ok(reloaded) } else { Err(steps::kept_channels(&reloaded, &kept)) }
    }

    /// The file and all that is beside it, off the runtime; nothing where there is no file.
    async fn read(&mut self) -> Result<Option<Read>, Problems> {
        let Some(file) = self.parts.file.take() else { return Ok(None) };
        let looked = tokio::task::spawn_blocking(move || {
            let read = file.read().and_then(|read| {
                let found = checks::files_are_valid(&read.config);
                let place = |problem| read.config.places.locate(problem);
                let found: Vec<Problem> = found.into_iter().map(place).collect();
                if found.is_empty() { Ok(read) } else { Err(Problems::from(found)) }
            });
            (file, read)
        });
        let (file, read) = looked.await.map_err(|error| {
            Problems::from(vec![Problem::about("", format!("reading it failed: {error}"), "")])
        })?;
        self.parts.file = Some(file);
        read.map(Some)
    }

    /// Makes a config the one in force, as far as that can be while the server runs.
    async fn take_up(&mut self, read: Config) -> Outcome {
        let running = Arc::clone(&self.parts.in_force.borrow());
        let mut next = config::live::taken_up(&running, read);
        let mut outcome = Outcome::default();
        let prepared = self.prepare(&running, &mut next, &mut outcome).await;
        for name in self.registry.names() {
            if !next.channels.contains_key(&name) {
                self.stop_channel(&name, next.server.drain_timeout).await;
                outcome.channels.insert(name, "stopped");
            }
        }
        // Before the first event of a new channel: it need not be counted anew then.
        outcome.counted_anew = self.put_in_force(&next, &prepared).await;
        let kept_before = outcome.kept.len();
        self.change(&running, &mut next, prepared, &mut outcome).await;
        if outcome.kept.len() > kept_before {
            outcome.counted_anew |= self.put_in_force(&next, &[]).await;
        }
        for channel in next.channels.values() {
            self.feeders.follow(channel, &self.registry).await;
        }
        outcome
    }

    async fn stop_channel(&mut self, name: &str, grace: Duration) {
        self.feeders.stop(name).await;
        if !self.registry.remove(name, grace).await {
            tracing::warn!(channel = name, "it has not ended within server.drain_timeout");
        }
    }

    fn tell(&self, reloaded: &http::Reloaded, kept: &[Kept], held: Vec<String>) {
        for Kept { channel, problem } in kept {
            tracing::error!(channel, %problem, "the channel goes on as before");
        }
        let ending = if kept.is_empty() { Ending::Ok } else { Ending::Partly };
        self.parts.counts.note(ending);
        let http::Reloaded { channels, changed, needs_restart, counted_anew } = reloaded;
        tracing::info!(
            ?channels,
            changed = changed.join(", "),
            held = held.join(", "),
            counted_anew,
            "the config was read again and is in force"
        );
        if !needs_restart.is_empty() {
            let keys = needs_restart.join(", ");
            tracing::warn!(keys, "changed in the config: holds only after a restart");
        }
    }
}
