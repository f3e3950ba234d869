//! The file of screens with names: those that were here are missed after a restart, too.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::state_file::{self, What};
use crate::files;
use crate::screen::{Remembered, Screens};

const FILE: &str = "screens.json";
/// As many names as the largest limit allows come to less.
const FILE_BYTES_MAX: u64 = 64 << 20;
const WHAT: What =
    What { name: "screens", lost: "screens are not missed until they have come once" };
const FORMAT: u32 = 1;
/// How often a change is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks after which those that are connected are written again: when they were last seen changes all
/// the time, and is not worth a write each.
const LOOKS_BETWEEN: u32 = 60;

#[derive(Serialize, Deserialize)]
struct Stored {
    format: u32,
    screens: Vec<Remembered>,
}

/// What an earlier run has seen. A file that cannot be read is set aside: nobody is missed then until
/// they have come once.
pub(super) fn read(state_dir: &Path) -> Vec<Remembered> {
    state_file::read(&state_dir.join(FILE), FILE_BYTES_MAX, &WHAT, |bytes| {
        match serde_json::from_slice::<Stored>(bytes) {
            Ok(Stored { format: FORMAT, screens }) => Ok(screens),
            Ok(Stored { format, .. }) => Err(format!("it is of format {format}")),
            Err(error) => Err(error.to_string()),
        }
    })
}

/// Writes it whenever something has changed, until it is aborted.
pub(super) async fn keep(screens: Arc<Screens>, state_dir: PathBuf) {
    let mut written = screens.name_changes();
    let mut looks = 0;
    let mut in_trouble = false;
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        looks += 1;
        let changes = screens.name_changes();
        let is_due = looks >= LOOKS_BETWEEN && screens.has_named();
        if changes == written && !is_due {
            continue;
        }
        let (screens, folder) = (Arc::clone(&screens), state_dir.clone());
        match tokio::task::spawn_blocking(move || write(&screens, &folder)).await {
            Ok(Ok(())) => {
                (written, looks, in_trouble) = (changes, 0, false);
            }
            // Once: it is tried again each second.
            Ok(Err(error)) if !std::mem::replace(&mut in_trouble, true) => {
                tracing::warn!(%error, "the file of screens cannot be written; it is tried again");
            }
            Ok(Err(_)) => {}
            Err(_) => return,
        }
    }
}

/// Writes it as a whole.
pub(super) fn write(screens: &Screens, state_dir: &Path) -> std::io::Result<()> {
    let path = state_dir.join(FILE);
    let stored = Stored { format: FORMAT, screens: screens.to_keep() };
    if stored.screens.is_empty() && !path.exists() {
        return Ok(());
    }
    let bytes = serde_json::to_vec(&stored).map_err(std::io::Error::other)?;
    files::replace(&path, &path.with_extension("json.new"), &[&bytes])
}
