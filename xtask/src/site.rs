//! What the demo keeps in `./state` between runs: secrets, the phones' log, its own logs.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;

use crate::place::Place;

/// So much of the past is made up at the first start: enough for every window on the wall.
const WARM_UP_MAX: Duration = Duration::from_secs(60 * 60);

/// The demo's contact center on disk.
pub(crate) struct Site {
    /// The server's settings.
    pub(crate) config: PathBuf,
    /// Asterisk's queue_log.
    pub(crate) queue_log: PathBuf,
    /// Output of the programs.
    pub(crate) logs: PathBuf,
    /// Names of environment variables, and the secrets in them.
    pub(crate) secrets: Vec<(String, String)>,
    /// How much past to make up: not more than what lies between this run and the last one.
    pub(crate) warm_up: Duration,
}

impl Site {
    /// Variable with the token of Telegram's webhook.
    pub(crate) const TELEGRAM_SECRET: &str = "TABLICA_DEMO_TELEGRAM_SECRET";
    /// Variable with the key that signs web forms.
    pub(crate) const WEBFORM_SECRET: &str = "TABLICA_DEMO_WEBFORM_SECRET";
    /// Variable with the secret of all other networks.
    pub(crate) const NETWORKS_SECRET: &str = "TABLICA_DEMO_NETWORKS_SECRET";

    /// Makes what is missing.
    pub(crate) fn prepare(place: &Place) -> anyhow::Result<Self> {
        let state = place.root.join("state");
        let logs = state.join("logs");
        let phones = state.join("demo");
        for folder in [&state, &logs, &phones] {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let queue_log = phones.join("queue_log");
        let warm_up = since_written(&queue_log).unwrap_or(WARM_UP_MAX).min(WARM_UP_MAX);
        // The server tails it from its first line on.
        OpenOptions::new().create(true).append(true).open(&queue_log)?;
        let secrets = [Self::TELEGRAM_SECRET, Self::WEBFORM_SECRET, Self::NETWORKS_SECRET]
            .into_iter()
            .map(|name| Ok((name.to_owned(), secret(&phones.join(name))?)))
            .collect::<anyhow::Result<_>>()?;
        let config = place.root.join("demo/tablica.toml");
        Ok(Self { config, queue_log, logs, secrets, warm_up })
    }
}

fn since_written(file: &Path) -> Option<Duration> {
    let written = fs::metadata(file).ok()?.modified().ok()?;
    // A time in the future (the clock was set back): nothing lies between.
    Some(SystemTime::now().duration_since(written).unwrap_or_default())
}

/// The secret in a file that only its owner can read; made up at the first run.
fn secret(file: &Path) -> anyhow::Result<String> {
    if let Ok(secret) = fs::read_to_string(file)
        && !secret.is_empty()
    {
        return Ok(secret);
    }
    let mut bytes = [0_u8; 24];
    File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes))?;
    let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut file| file.write_all(secret.as_bytes()))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(secret)
}
