//! The config's file, looked at while the server runs: titles are taken up at once; what waits for a
//! reload or needs a restart is named, once.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::config::live::{self, Differences};
use crate::config::{self, Config, Problems};

/// Tells one state of the file from another: when it was written, and its length.
type Stamp = Option<(Option<SystemTime>, u64)>;

/// The config's file, and what is known of it.
pub(crate) struct ConfigFile {
    path: PathBuf,
    /// As the server started by it.
    started_by: String,
    /// As it was taken up last.
    taken_up: String,
    seen: Stamp,
    /// What was said of it.
    told: Differences,
}

/// A config without mistakes, and its text.
pub(super) struct Read {
    pub(super) config: Config,
    pub(super) text: String,
    seen: Stamp,
}

impl ConfigFile {
    /// The file of a config that was just read; none where there is none.
    pub(crate) fn of(config: &Config) -> Option<Self> {
        let path = PathBuf::from(config.places.file.clone()?);
        let seen = stamp(&path);
        let started_by = std::fs::read_to_string(&path).unwrap_or_default();
        let taken_up = started_by.clone();
        Some(Self { path, started_by, taken_up, seen, told: Differences::default() })
    }

    /// The config as it is now.
    pub(super) fn read(&self) -> Result<Read, Problems> {
        let seen = stamp(&self.path);
        let (config, text) = config::load_with_text(&self.path)?;
        Ok(Read { config, text, seen })
    }

    /// What is other than when the server started by it, and than when it was taken up last.
    pub(super) fn differences(&self, text: &str) -> Differences {
        Differences {
            by_restart: live::differences(&self.started_by, text).by_restart,
            by_reload: live::differences(&self.taken_up, text).by_reload,
        }
    }

    /// It is in force, but for what needs a restart, which was said.
    pub(super) fn is_taken_up(&mut self, read: Read) {
        self.told = Differences { by_reload: Vec::new(), ..self.differences(&read.text) };
        self.taken_up = read.text;
        self.seen = read.seen;
    }

    /// The config as it is now, if it is another than the last time and has no mistakes.
    pub(super) fn refresh(&mut self) -> Option<Config> {
        let found = stamp(&self.path);
        if found == self.seen {
            return None;
        }
        self.seen = found;
        match self.read() {
            Ok(read) => {
                self.tell(&read.text);
                Some(read.config)
            }
            Err(problems) => {
                let file = self.path.display();
                tracing::warn!(%file, %problems, "the config has mistakes; what was read before stays");
                None
            }
        }
    }

    fn tell(&mut self, text: &str) {
        let found = self.differences(text);
        let file = self.path.display();
        if found.by_reload != self.told.by_reload && !found.by_reload.is_empty() {
            let keys = found.by_reload.join(", ");
            tracing::warn!(%file, keys, "changed in the config: holds after a reload (SIGHUP)");
        }
        if found.by_restart != self.told.by_restart && !found.by_restart.is_empty() {
            let keys = found.by_restart.join(", ");
            tracing::warn!(%file, keys, "changed in the config: holds only after a restart");
        }
        self.told = found;
    }
}

fn stamp(path: &Path) -> Stamp {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok(), found.len()))
}
