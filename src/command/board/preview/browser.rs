//! A Chromium without a window that takes one picture.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::timeout;

use super::Size;

/// What it is called in PATH, the first that is there.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// One that is not done by then hangs.
const DONE_WITHIN: Duration = Duration::from_secs(90);
/// Of what a browser complains about, the end.
const COMPLAINT_CHARS_MAX: usize = 600;

/// Takes the picture of a page.
pub(super) async fn shoot(
    browser: Option<&Path>,
    address: &str,
    size: Size,
    picture: &Path,
) -> anyhow::Result<()> {
    let profile = Profile::new()?;
    let picture = std::path::absolute(picture).context("the picture has no place")?;
    if let Some(folder) = picture.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut arguments = vec![
        "--headless".to_owned(),
        "--disable-gpu".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--no-first-run".to_owned(),
        "--no-default-browser-check".to_owned(),
        "--disable-extensions".to_owned(),
        "--disable-background-networking".to_owned(),
        // Otherwise a wall with alarms says that it is silent until somebody clicks.
        "--autoplay-policy=no-user-gesture-required".to_owned(),
        "--force-device-scale-factor=1".to_owned(),
        format!("--window-size={},{}", size.width, size.height),
        format!("--user-data-dir={}", profile.0.display()),
        format!("--screenshot={}", picture.display()),
    ];
    // Chromium's sandbox does not start for root, as in containers. The page is our own.
    if rustix::process::geteuid().is_root() {
        arguments.push("--no-sandbox".to_owned());
    }
    arguments.push(address.to_owned());
    let names = match browser {
        Some(browser) => vec![browser.to_owned()],
        None => NAMES.iter().map(PathBuf::from).collect(),
    };
    for name in &names {
        let mut command = Command::new(name);
        command.args(&arguments).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        match timeout(DONE_WITHIN, command.stderr(Stdio::piped()).output()).await {
            Err(_) => bail!("{} took no picture within {DONE_WITHIN:?}", name.display()),
            Ok(Ok(output)) if output.status.success() => return Ok(()),
            Ok(Ok(output)) => bail!("{} failed: {}", name.display(), complaint(&output.stderr)),
            Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound && browser.is_none() => {}
            Ok(Err(error)) => {
                return Err(error).with_context(|| format!("cannot start {}", name.display()));
            }
        }
    }
    bail!(
        "a picture needs Chromium, and PATH has none of {}: install one (Debian: apt install \
         chromium), or name one with --browser",
        NAMES.join(", ")
    )
}

fn complaint(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let said = said.trim();
    let from = said.chars().count().saturating_sub(COMPLAINT_CHARS_MAX);
    said.chars().skip(from).collect()
}

/// A folder for what a browser writes down; gone when dropped.
struct Profile(PathBuf);

impl Profile {
    fn new() -> anyhow::Result<Profile> {
        let folder = std::env::temp_dir().join(format!("tablica-preview-{}", std::process::id()));
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(Profile(folder))
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // What is left of it lies among temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
