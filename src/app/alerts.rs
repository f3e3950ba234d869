//! Watches alerts and tells people, for as long as the server runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::alert::alarms::{Alarms, State};
use crate::alert::desk::{Desk, Due};
use crate::alert::history::Kept;
use crate::alert::send::Sender;
use crate::clock;
use crate::config::model::Config;
use crate::files;
use crate::journal::{self, Observer, SetAside};
use crate::telemetry::{Exporter, JournalMeters};

/// How often the metrics of the last while are kept: a kill loses no more of them.
const KEEP_EVERY: Duration = Duration::from_secs(60);

const STATE_FILE: &str = "alerts.json";
const HISTORY_FILE: &str = "alerts.history";
const STATE_BYTES_MAX: u64 = 16 << 20;
const HISTORY_BYTES_MAX: u64 = 512 << 20;

/// Grows with every change of what is in the history's file.
const HISTORY_FORMAT: u8 = 1;

/// The alarms of a server, where an earlier run left them.
pub(super) fn open(config: &Config) -> anyhow::Result<Arc<Alarms>> {
    let instance = config.server.admin_listen.to_string();
    let grafana = config.alerts.grafana_url.as_ref();
    let grafana = grafana.map(|it| it.as_str().trim_end_matches('/').to_owned());
    let alarms = Alarms::new(&instance, grafana.as_deref(), config.alerts.series_max)?;
    let dir = &config.server.state_dir;
    let state: State = read(&dir.join(STATE_FILE), STATE_BYTES_MAX, |bytes| {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    });
    let history: Kept = read(&dir.join(HISTORY_FILE), HISTORY_BYTES_MAX, |bytes| match bytes {
        [HISTORY_FORMAT, rest @ ..] => postcard::from_bytes(rest).map_err(|it| it.to_string()),
        _ => Err("it is of another format".to_owned()),
    });
    alarms.take_up(state, history);
    Ok(Arc::new(alarms))
}

/// What alerts are watched with.
pub(super) struct Watcher {
    pub(super) alarms: Arc<Alarms>,
    pub(super) exporter: Exporter,
    pub(super) in_force: watch::Receiver<Arc<Config>>,
}

impl Watcher {
    /// Until it is aborted.
    pub(super) async fn run(mut self) {
        let mut config = Arc::clone(&self.in_force.borrow_and_update());
        let mut sender = sender(&config).await;
        let mut kept = Files::new(&self.alarms, &config.server.state_dir);
        loop {
            sleep(config.alerts.look_every).await;
            if self.in_force.has_changed().unwrap_or(false) {
                config = Arc::clone(&self.in_force.borrow_and_update());
                sender = self::sender(&config).await;
            }
            if !config.alerts.watch {
                continue;
            }
            self.look(&config, sender.as_ref()).await;
            kept.keep(&self.alarms).await;
        }
    }

    async fn look(&self, config: &Config, sender: Option<&Sender>) {
        let text = self.exporter.render().await;
        let (alarms, desk) = (Arc::clone(&self.alarms), Desk::of(config));
        let looked = spawn_blocking(move || alarms.look(&text, &desk, clock::now_ms()));
        let Ok(due) = looked.await else { return };
        let Some(sender) = sender else { return };
        // Each takes at most its receiver's timeout.
        join_all(due.iter().map(|due| self.tell(config, sender, due))).await;
    }

    async fn tell(&self, config: &Config, sender: &Sender, due: &Due) {
        let Some(receiver) = config.receivers.get(&due.receiver) else { return };
        let outcome = sender.tell(receiver, &due.notice).await;
        if let Err(error) = &outcome {
            tracing::warn!(
                receiver = due.receiver, %error,
                "somebody could not be told of alerts; it is tried again"
            );
        }
        self.alarms.note(due, outcome.map_err(|error| error.to_string()), clock::now_ms());
    }
}

/// What messages are sent with; none where nobody is told.
async fn sender(config: &Config) -> Option<Sender> {
    if config.receivers.is_empty() {
        return None;
    }
    let (mail, zone) = (config.mail.clone(), config.site.time_zone.clone());
    match spawn_blocking(move || Sender::new(mail, zone)).await {
        Ok(Ok(sender)) => Some(sender),
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

/// What an earlier run has left. A file that cannot be read is set aside: alerts begin anew.
fn read<T: Default>(
    path: &Path,
    bytes_max: u64,
    parse: impl FnOnce(&[u8]) -> Result<T, String>,
) -> T {
    let why = match files::read(path, bytes_max) {
        Ok(bytes) => match parse(&bytes) {
            Ok(parsed) => return parsed,
            Err(why) => why,
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return T::default(),
        Err(error) => error.to_string(),
    };
    match journal::set_aside(path) {
        Ok(aside) => JournalMeters::default().set_aside(&SetAside {
            what: "alerts",
            path: path.to_owned(),
            aside,
            reason: why,
            lost: "silences, and who was told of which alert".to_owned(),
        }),
        Err(error) => {
            tracing::warn!(%error, why, "the file of alerts can be neither read nor set aside");
        }
    }
    T::default()
}
