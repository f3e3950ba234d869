//! Watches alerts and tells people, for as long as the server runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep};

use super::state_file::{self, What};
use super::status;
use crate::alert::alarms::{Alarms, State};
use crate::alert::desk::{self, Desk, Due, named};
use crate::alert::history::Kept;
use crate::alert::notice::Line;
use crate::alert::send::{SendError, Sender};
use crate::board::house;
use crate::clock;
use crate::config::model::Config;
use crate::event::UnixMs;
use crate::files;
use crate::journal::JournalHandle;
use crate::telemetry::Exporter;

/// How often the metrics of the last while are kept: a kill loses no more of them.
const KEEP_EVERY: Duration = Duration::from_secs(60);

const STATE_FILE: &str = "alerts.json";
const HISTORY_FILE: &str = "alerts.history";
const STATE_BYTES_MAX: u64 = 16 << 20;
const HISTORY_BYTES_MAX: u64 = 512 << 20;

const WHAT: What = What {
    name: "alerts",
    lost: "what alerts knew: silences and who was told, or the metrics of the last while",
};

/// Grows with every change of what is in the history's file.
const HISTORY_FORMAT: u8 = 1;

/// The alarms of a server, where an earlier run left them.
pub(super) fn open(config: &Config) -> anyhow::Result<Arc<Alarms>> {
    let instance = config.server.admin_listen.to_string();
    let grafana = config.alerts.grafana_url.as_ref();
    let grafana = grafana.map(|it| it.as_str().trim_end_matches('/').to_owned());
    let alarms = Alarms::new(&instance, grafana.as_deref(), config.alerts.series_max)?;
    let dir = &config.server.state_dir;
    let state: State = state_file::read(&dir.join(STATE_FILE), STATE_BYTES_MAX, &WHAT, |bytes| {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    });
    let history: Kept =
        state_file::read(&dir.join(HISTORY_FILE), HISTORY_BYTES_MAX, &WHAT, |bytes| match bytes {
            [HISTORY_FORMAT, rest @ ..] => postcard::from_bytes(rest).map_err(|it| it.to_string()),
            _ => Err("it is of another format".to_owned()),
        });
    alarms.take_up(state, history);
    Ok(Arc::new(alarms))
}

/// What walls show of the alerts.
pub(super) fn on_walls(alarms: &Alarms, config: &Config, now_ms: UnixMs) -> house::Alerts {
    if !config.alerts.watch {
        return house::Alerts::Unwatched;
    }
    match alarms.standing(&config.alerts.off, now_ms, on_wall) {
        Some((looked_ms, hold)) => house::Alerts::Known { looked_ms, hold },
        None => house::Alerts::Unknown,
    }
}

fn on_wall(line: &Line, is_silenced: bool) -> house::Alert {
    house::Alert {
        name: line.alert.clone(),
        severity: line.severity,
        of: line.labels.clone(),
        about: desk::audience(&line.alert),
        since_ms: line.since_ms,
        is_silenced,
    }
}

/// What alerts are watched with.
pub(super) struct Watcher {
    pub(super) alarms: Arc<Alarms>,
    pub(super) exporter: Exporter,
    pub(super) journal: JournalHandle,
    pub(super) in_force: watch::Receiver<Arc<Config>>,
}

impl Watcher {
    /// Until it is aborted.
    pub(super) async fn run(mut self) {
        let mut config = Arc::clone(&self.in_force.borrow_and_update());
        let mut sender = None;
        let mut files = Files::new(&self.alarms, &config.server.state_dir);
        let mut messages = Messages::default();
        loop {
            sleep(config.alerts.look_every).await;
            if self.in_force.has_changed().unwrap_or(false) {
                config = Arc::clone(&self.in_force.borrow_and_update());
                sender = None;
            }
            if !config.alerts.watch {
                self.alarms.forget();
                continue;
            }
            // Made again where it could not be: a machine may get its certificates later.
            if sender.is_none() && !config.receivers.is_empty() {
                sender = self::sender(&config).await;
            }
            self.look(&config, sender.as_ref(), &mut messages).await;
            files.keep(&self.alarms).await;
        }
    }

    async fn look(&self, config: &Config, sender: Option<&Arc<Sender>>, messages: &mut Messages) {
        // Here, as an engine that is stuck tells nothing.
        status::publish_behind(&self.journal);
        let text = self.exporter.render().await;
        if text.is_empty() {
            // The server ends: that is no word on any alert.
            return;
        }
        let (alarms, desk) = (Arc::clone(&self.alarms), Desk::of(config));
        let looked = spawn_blocking(move || alarms.look(&text, &desk, clock::now_ms()));
        let Ok(due) = looked.await else { return };
        messages.send(due, &self.alarms, sender);
    }
}

/// Messages that are on their way: to each receiver one after the other, and to all of them at once.
#[derive(Default)]
struct Messages {
    under_way: JoinSet<()>,
    /// Receivers that are being told. What else is due for them is due at the next look, too.
    busy: Arc<Mutex<BTreeSet<String>>>,
}

impl Messages {
    fn send(&mut self, due: Vec<Due>, alarms: &Arc<Alarms>, sender: Option<&Arc<Sender>>) {
        while self.under_way.try_join_next().is_some() {}
        let mut by_receiver: BTreeMap<String, Vec<Due>> = BTreeMap::new();
        for due in due {
            by_receiver.entry(due.receiver.clone()).or_default().push(due);
        }
        for (receiver, due) in by_receiver {
            let Some(sender) = sender else {
                let unsent = Err(SendError::NoSender);
                due.iter().for_each(|due| alarms.note(due, &unsent, clock::now_ms()));
                continue;
            };
            if !self.busy().insert(receiver.clone()) {
                continue;
            }
            let busy = Busy { receiver, all: Arc::clone(&self.busy) };
            let (alarms, sender) = (Arc::clone(alarms), Arc::clone(sender));
            self.under_way.spawn(async move {
                for due in due {
                    tell(&alarms, &sender, &due).await;
                }
                drop(busy);
            });
        }
    }

    fn busy(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A receiver that is being told, until this is dropped.
struct Busy {
    receiver: String,
    all: Arc<Mutex<BTreeSet<String>>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.receiver);
    }
}

async fn tell(alarms: &Alarms, sender: &Sender, due: &Due) {
    let outcome = sender.tell(&due.to, &due.notice).await;
    if let Err(error) = &outcome {
        let receiver = named(&due.receiver);
        tracing::warn!(receiver, %error, "somebody could not be told of alerts; it is tried again");
    }
    alarms.note(due, &outcome, clock::now_ms());
}

/// What messages are sent with; none where it cannot be made.
async fn sender(config: &Config) -> Option<Arc<Sender>> {
    let (mail, zone) = (config.mail.clone(), config.site.time_zone.clone());
    match spawn_blocking(move || Sender::new(mail, zone)).await {
        Ok(Ok(sender)) => Some(Arc::new(sender)),
        Ok(Err(error)) => {
            tracing::error!(error = %format!("{error:#}"), "nobody can be told of alerts");
            None
        }
        Err(_) => None,
    }
}

/// What is on disk of the alarms.
struct Files {
    dir: PathBuf,
    changes: u64,
    history_at: Instant,
    in_trouble: bool,
}

impl Files {
    fn new(alarms: &Alarms, dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            changes: alarms.changes(),
            history_at: Instant::now(),
            in_trouble: false,
        }
    }

    async fn keep(&mut self, alarms: &Arc<Alarms>) {
        let changes = alarms.changes();
        let history_is_due = self.history_at.elapsed() >= KEEP_EVERY;
        if changes == self.changes && !history_is_due {
            return;
        }
        let (alarms, dir) = (Arc::clone(alarms), self.dir.clone());
        match spawn_blocking(move || write(&alarms, &dir, history_is_due)).await {
            Ok(Ok(())) => {
                self.in_trouble = false;
                self.changes = changes;
                if history_is_due {
                    self.history_at = Instant::now();
                }
            }
            // Once: it is tried again each time.
            Ok(Err(error)) if !std::mem::replace(&mut self.in_trouble, true) => {
                tracing::warn!(%error, "what is known of alerts cannot be kept; it is tried again");
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

/// Writes what a later run goes on with.
pub(super) fn write(alarms: &Alarms, dir: &Path, with_history: bool) -> std::io::Result<()> {
    let _one = alarms.writing();
    let path = dir.join(STATE_FILE);
    let state = serde_json::to_vec(&alarms.state()).map_err(std::io::Error::other)?;
    files::replace(&path, &path.with_extension("json.new"), &[&state])?;
    if !with_history {
        return Ok(());
    }
    let path = dir.join(HISTORY_FILE);
    let history = postcard::to_allocvec(&alarms.history()).map_err(std::io::Error::other)?;
    files::replace(&path, &path.with_extension("history.new"), &[&[HISTORY_FORMAT], &history])
}
