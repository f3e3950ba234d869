//! Channels that change while the server runs: started, changed, stopped, one after the other.
//!
//! [`Registry::prepare`] compiles and tries what is new, and touches nothing; [`Registry::begin`] and
//! [`Registry::finish`] then go on with it. A channel whose section and plugin file are the same is not touched.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::{
    Channel, Checked, Deps, Entry, Identity, Package, Plugin, PluginEngine, PluginFile, Problem,
    Registry, Running, Site, check_loaded, digest, locked,
};
use crate::channel::actor::{Orders, Successor};
use crate::channel::callers::Callers;
use crate::channel::manifest::Manifest;
use crate::channel::status::{Reload, ReloadResult};
use crate::clock;
use crate::event::FeedState;

/// How long an actor is waited for: it may wait for the disk.
const TOLD_WITHIN: Duration = Duration::from_secs(30);

impl Prepared {
    /// What the plugin says about itself.
    pub fn manifest(&self) -> &Manifest {
        self.checked.plugin.package.manifest()
    }
}

/// What a channel needs to be as the config says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It is.
    Nothing,
    /// The plugin runs on; who may come in, or what the channel is called, is another.
    Door,
    /// Another instance of the plugin.
    Instance,
    /// It does not run.
    Start,
}

/// A channel that was found to be in order as the config says, and is not yet so.
pub struct Prepared {
    channel: Channel,
    checked: Checked,
    need: Need,
}

/// A change that was begun.
pub struct Change(Step);

enum Step {
    Started,
    /// The channel's new entry, and what its actor goes on with, if anything.
    Changes(Box<Entry>, Option<Box<Successor>>),
}

impl Registry {
    /// What a channel needs, with this plugin file.
    ///
    /// What plugins are told of the site is the same for as long as the server runs.
    pub fn need(&self, channel: &Channel, file: &PluginFile) -> Need {
        let Some(entry) = self.entry(&channel.name) else { return Need::Start };
        if entry.plugin.digest != digest(file) || !is_same_for_the_plugin(&entry.channel, channel) {
            return Need::Instance;
        }
        if entry.channel == *channel { Need::Nothing } else { Need::Door }
    }

    /// The state that the channel's plugin is in: what its successor has to start from.
    pub async fn state(&self, channel: &str) -> Result<Vec<u8>, Problem> {
        let orders = self.entry(channel).map(|entry| entry.orders.clone());
        let told = async move { orders.as_ref().map(Orders::snapshot)?.await.ok() };
        let told = timeout(TOLD_WITHIN, told).await.unwrap_or_default();
        told.ok_or_else(|| Problem::Start("the channel does not answer; see the log".to_owned()))
    }

    /// Checks and tries a channel as the config has it now: from the `state` of the one that runs,
    /// where there is one. May compile: call it where blocking is allowed.
    pub fn prepare(
        &self,
        channel: &Channel,
        engine: &PluginEngine,
        site: &Site,
        file: &PluginFile,
        state: Option<&[u8]>,
    ) -> Result<Prepared, Problem> {
        let need = self.need(channel, file);
        let known = self.entry(&channel.name).map(|entry| entry.plugin.clone());
        let plugin = match known.filter(|plugin| plugin.digest == digest(file)) {
            Some(plugin) => plugin,
            None => {
                let package = Package::load(engine, &file.name, &file.bytes)?;
                Plugin { package: Arc::new(package), digest: digest(file) }
            }
        };
        let checked = check_loaded(channel, site, plugin, state.filter(|state| !state.is_empty()))?;
        Ok(Prepared { channel: channel.clone(), checked, need })
    }

    /// Makes what a prepared channel needs beside its plugin. One that does not run is started.
    pub fn begin(&self, prepared: Prepared, deps: &Deps<'_>) -> Result<Change, Problem> {
        let Prepared { channel, checked, need } = prepared;
        let package = Arc::clone(&checked.plugin.package);
        let manifest = package.manifest();
        let fetcher = (deps.fetcher)(&channel, manifest).map_err(Problem::Egress)?;
        let Some(before) = self.entry(&channel.name) else {
            self.start(&channel, checked, fetcher, deps);
            self.note(&channel.name, ReloadResult::Started, None);
            return Ok(Change(Step::Started));
        };
        let webhook_thread = deps.webhook_thread_of(&checked);
        let entry = Entry {
            identity: Identity::of(&channel, manifest),
            manifest: manifest.clone(),
            door: checked.door,
            plugin: checked.plugin,
            mailbox: before.mailbox.clone(),
            orders: before.orders.clone(),
            meter: Arc::clone(&before.meter),
            fetcher: match need {
                Need::Instance => Arc::clone(&fetcher),
                // The actor goes on with its own.
                Need::Nothing | Need::Door | Need::Start => Arc::clone(&before.fetcher),
            },
            callers: before.callers_after(&channel),
            reload: Mutex::default(),
            channel,
        };
        let successor = (need == Need::Instance).then(|| {
            Box::new(Successor {
                normalize: (deps.normalize)(&entry.channel, manifest),
                package: Arc::clone(&package),
                settings: checked.settings,
                fetcher,
                webhook_thread,
            })
        });
        Ok(Change(Step::Changes(Box::new(entry), successor)))
    }

    /// Goes on with what was begun. Nothing has changed when there is a problem.
    pub async fn finish(&self, change: Change) -> Result<ReloadResult, Problem> {
        let (entry, successor) = match change.0 {
            Step::Started => return Ok(ReloadResult::Started),
            Step::Changes(entry, successor) => (entry, successor),
        };
        if let Some(successor) = successor {
            let went = entry.orders.succeed(successor).await;
            let stopping = |_| Problem::Start("the server is stopping".to_owned());
            went.map_err(stopping)?.map_err(Problem::Start)?;
        }
        let name = entry.channel.name.clone();
        self.channels.insert(name.clone(), Arc::from(entry));
        self.note(&name, ReloadResult::Changed, None);
        Ok(ReloadResult::Changed)
    }

    /// Voids what a channel's source has on its way, before another one reads in its place.
    pub async fn new_round(&self, channel: &str) {
        let orders = self.entry(channel).map(|entry| entry.orders.clone());
        if let Some(orders) = orders {
            // An actor that has ended takes nothing any more. One that waits for the disk does it
            // later: then the new source asks again where to go on.
            let _ = timeout(TOLD_WITHIN, orders.new_round()).await;
        }
    }

    /// Notes what a reload did to a channel, for its status.
    pub fn note(&self, channel: &str, result: ReloadResult, reason: Option<String>) {
        if let Some(entry) = self.entry(channel) {
            *locked(&entry.reload) = Some(Reload { at_ms: clock::now_ms(), result, reason });
        }
    }

    /// Stops a channel: what waits is finished, and it is gone from every list. False when it has
    /// not ended within the grace time.
    pub async fn remove(&self, channel: &str, grace: Duration) -> bool {
        self.channels.remove(channel);
        let running = {
            let mut actors = locked(&self.actors);
            let at = actors.iter().position(|actor| actor.channel == channel);
            at.map(|at| actors.swap_remove(at))
        };
        let Some(mut running) = running else { return true };
        running.stop.send_replace(true);
        match timeout(grace, &mut running.task).await {
            Ok(Ok(ended)) => {
                locked(&self.ended).insert(channel.to_owned(), ended);
                true
            }
            // It panicked, which its hook has reported; where it stood is in the journal.
            Ok(Err(_)) => true,
            Err(_) => {
                locked(&self.actors).push(running);
                false
            }
        }
    }

    /// Whether a channel of that name may be started: two of them would mix up where they stand.
    pub async fn none_is_ending(&self, channel: &str) -> Result<(), Problem> {
        if self.entry(channel).is_some() || self.remove(channel, Duration::ZERO).await {
            return Ok(());
        }
        let why = "the channel of this name was stopped and has not ended yet: reload again later";
        Err(Problem::Start(why.to_owned()))
    }

    /// Lets the actors finish what waits; gives the names of those that did not within the
    /// grace time.
    pub async fn stop(&self, grace: Duration) -> Vec<String> {
        let deadline = Instant::now() + grace;
        let mut left = Vec::new();
        let actors = std::mem::take(&mut *locked(&self.actors));
        for actor in &actors {
            actor.stop.send_replace(true);
        }
        for Running { channel, task, .. } in actors {
            if timeout_at(deadline, task).await.is_err() {
                left.push(channel);
            }
        }
        left
    }

    /// The channels that run, by name.
    pub fn names(&self) -> Vec<String> {
        self.channels.iter().map(|entry| entry.key().clone()).collect()
    }
}

impl Entry {
    /// What is known of the webhook's callers when the channel goes on by another section: with another
    /// secret, nothing.
    fn callers_after(&self, now: &Channel) -> Arc<Callers> {
        let before = &self.channel;
        let is_same_door = before.secrets == now.secrets
            && before.verify == now.verify
            && before.unverified == now.unverified;
        if is_same_door {
            return Arc::clone(&self.callers);
        }
        if self.callers.is_down() {
            self.say(Some(FeedState::Up), clock::now_ms());
        }
        Arc::default()
    }
}

/// Whether two sections are the same to the plugin: what differs is only who may come in, which file
/// or documents are read (but not whether any are), or how the channel is shown and judged.
fn is_same_for_the_plugin(before: &Channel, now: &Channel) -> bool {
    let as_before = Channel {
        title: before.title.clone(),
        tells: before.tells.clone(),
        secrets: before.secrets.clone(),
        unverified: before.unverified,
        verify: before.verify.clone(),
        handshake: before.handshake.clone(),
        file: now.file.as_ref().and(before.file.clone()),
        documents: match before.documents.places().is_empty() == now.documents.places().is_empty() {
            true => before.documents.clone(),
            false => now.documents.clone(),
        },
        line_bytes_max: before.line_bytes_max,
        calendar: before.calendar.clone(),
        late_after: before.late_after,
        silent_after: before.silent_after,
        cost_per_contact: before.cost_per_contact,
        ..now.clone()
    };
    as_before == *before
}
