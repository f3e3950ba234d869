//! The config, looked at while the server runs: titles are taken up at once; what needs a restart
//! is named, once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::board::figures::Site;
use crate::config::{self, Config, live};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Tells one state of the file from another: when it was written, and its length.
type Stamp = Option<(Option<SystemTime>, u64)>;

/// The config's file, and what is known of it.
pub(super) struct ConfigFile {
    path: PathBuf,
    /// As the server started by it.
    started_by: String,
    seen: Stamp,
    /// Keys of which it was said that they need a restart.
    told: Vec<String>,
}

impl ConfigFile {
    /// The file of a config that was just read; none where there is none.
    pub(super) fn of(config: &Config) -> Option<Self> {
        let path = PathBuf::from(config.places.file.clone()?);
        let seen = stamp(&path);
        let started_by = std::fs::read_to_string(&path).unwrap_or_default();
        Some(Self { path, started_by, seen, told: Vec::new() })
    }

    /// The config as it is now, if it is another than the last time and has no mistakes.
    fn refresh(&mut self) -> Option<Config> {
        let found = stamp(&self.path);
        if found == self.seen {
            return None;
        }
        self.seen = found;
        let file = self.path.display();
        match config::load(Some(&self.path)) {
            Ok(config) => {
                self.tell_what_needs_a_restart();
                Some(config)
            }
            Err(problems) => {
                tracing::warn!(%file, %problems, "the config has mistakes; what was read before stays");
                None
            }
        }
    }

    fn tell_what_needs_a_restart(&mut self) {
        let text = std::fs::read_to_string(&self.path).unwrap_or_default();
        let keys = live::need_restart(&self.started_by, &text);
        if keys != self.told && !keys.is_empty() {
            let (file, keys) = (self.path.display(), keys.join(", "));
            tracing::warn!(%file, keys, "changed in the config: holds only after a restart");
        }
        self.told = keys;
    }
}

fn stamp(path: &PathBuf) -> Stamp {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok(), found.len()))
}

/// Looks at the file, if there is one, until it is aborted.
pub(super) async fn watch(file: Option<ConfigFile>, site: watch::Sender<Arc<Site>>) {
    let Some(mut file) = file else { return };
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let looked = tokio::task::spawn_blocking(move || {
            let config = file.refresh();
            (file, config)
        });
        let Ok((returned, config)) = looked.await else { return };
        file = returned;
        if let Some(config) = config {
            let titled = site.borrow().titled_as(&config);
            site.send_replace(Arc::new(titled));
            tracing::info!("titles are those of the config as it is now");
        }
    }
}
