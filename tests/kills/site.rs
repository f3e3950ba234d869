//! The site whose server is killed: all doors open, everything kept as often as a config may say,
//! and a clock that can be set between two lives.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use tablica::event::UnixMs;

use crate::support::faketime;
use crate::support::lines::Lines;
use crate::support::server::{SECRET_ENV, Site, get, tablica};
use crate::support::wait::pass;

/// A start that takes longer is a failure.
const START_MAX: Duration = Duration::from_secs(60);
/// How often a server that starts is asked.
const ASK_EVERY: Duration = Duration::from_millis(2);
pub(super) const DAY_MS: i64 = 86_400_000;

/// A folder with config, log and state, and the clock of its servers.
pub(super) struct Place {
    site: Site,
    public: SocketAddr,
    admin: SocketAddr,
    /// Seconds that the servers' clock is ahead of the machine's.
    ahead_s: AtomicI64,
}

impl Place {
    /// One whose channel `poll` asks the given address.
    pub(super) fn new(network: SocketAddr) -> Self {
        let site = Site::new(&format!(
            r#"
[journal]
snapshot_every = "1s"

[quarantine]
entries_max = 1000000

[annotations]
entries_max = 100000

[channel.poll]
plugin = "./polled.wasm"
queue = "polled"
grant_secrets = {{ bot_token = {{ env = "{SECRET_ENV}" }} }}
grant_hosts = ["{network}"]

[channel.poll.settings]
mode = "poll"
poll_timeout_s = 1
"#
        ))
        .with_fixed_ports();
        let config = std::fs::read_to_string(site.config()).expect("the config");
        // The days of the journal's files, which are UTC's, and those of the site are the same.
        let lines = config.lines().map(|line| match line.split_once(" = ") {
            Some(("day_start", _)) => "day_start = \"00:00\"",
            _ => line,
        });
        std::fs::write(site.config(), lines.collect::<Vec<_>>().join("\n")).expect("written");
        let address = |key: &str| {
            let mut lines = config.lines().filter_map(|line| line.split_once(" = "));
            let (_, address) = lines.find(|(found, _)| *found == key).expect("an address");
            address.trim_matches('"').parse().expect("an address")
        };
        let (public, admin) = (address("listen"), address("admin_listen"));
        std::fs::write(site.path("polled.wasm"), polled(network)).expect("written");
        Self { site, public, admin, ahead_s: AtomicI64::new(0) }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.site.path(name)
    }

    pub(super) fn config(&self) -> PathBuf {
        self.site.config()
    }

    pub(super) fn queue_log(&self) -> PathBuf {
        self.site.queue_log()
    }

    /// A log that was rotated.
    pub(super) fn old_log(&self, number: u64) -> PathBuf {
        self.path(&format!("queue_log.{number}"))
    }

    /// Copies everything to where it can be looked at after a failure.
    pub(super) fn keep(&self) -> PathBuf {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let copied = Command::new("cp").arg("-a").arg(self.path(".")).arg(&folder).status();
        assert!(copied.expect("cp (coreutils)").success());
        folder
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.public)
    }

    pub(super) fn admin_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.admin)
    }

    /// The time by the servers' clock.
    pub(super) fn now_ms(&self) -> UnixMs {
        tablica::clock::now_ms() + self.ahead_s.load(Ordering::Relaxed) * 1000
    }

    /// Sets the clock of the next server ahead, so that its next midnight is that far from now, to
    /// a second.
    pub(super) fn bring_midnight(&self, nearer_than: Duration) {
        let now_ms = self.now_ms();
        let midnight_ms = now_ms - now_ms.rem_euclid(DAY_MS) + DAY_MS;
        let by_ms = midnight_ms - now_ms - i64::try_from(nearer_than.as_millis()).expect("short");
        self.ahead_s.fetch_add(by_ms.max(0) / 1000, Ordering::Relaxed);
    }

    /// A `tablica` that lives by this clock.
    pub(super) fn tablica(&self, arguments: &[&str]) -> Command {
        let mut command = tablica();
        let ahead = format!("{:+}", self.ahead_s.load(Ordering::Relaxed));
        faketime::fake(&mut command).env("FAKETIME", ahead);
        command.args(arguments).arg("--config").arg(self.config());
        command
    }

    /// Starts a server and waits for nothing.
    pub(super) fn start(&self) -> Victim {
        let mut command = self.tablica(&["serve"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("tablica starts");
        let log = Lines::default();
        log.collect(child.stdout.take().expect("stdout"));
        log.collect(child.stderr.take().expect("stderr"));
        Victim { child, log, begun: Instant::now() }
    }
}

/// The telegram plugin as it is shipped, but with the address of another server in the place of
/// Telegram's: both are of the same length.
fn polled(network: SocketAddr) -> Vec<u8> {
    let mut plugin = tablica::assets::plugin("telegram").expect("it is shipped").to_vec();
    let theirs = "https://api.telegram.org/";
    let ours = format!("http://{network}/t/");
    let (hosts, host) = (r#"["api.telegram.org"]"#, format!(r#"["{network}"]"#));
    assert!(ours.len() <= theirs.len() && host.len() <= hosts.len(), "{network} is too long");
    let ours = ours.clone() + &"/".repeat(theirs.len() - ours.len());
    let host = format!("{host:width$}", width = hosts.len());
    for (old, new) in [(theirs, ours), (hosts, host)] {
        let places: Vec<usize> = (0..plugin.len() - old.len())
            .filter(|at| plugin[*at..].starts_with(old.as_bytes()))
            .collect();
        assert!(!places.is_empty(), "the plugin names {old}");
        for at in places {
            plugin[at..at + old.len()].copy_from_slice(new.as_bytes());
        }
    }
    plugin
}

/// A server that is to be killed. Killed when dropped.
pub(super) struct Victim {
    child: Child,
    log: Lines,
    begun: Instant,
}

impl Victim {
    /// Waits until it says that it is ready; how long that took.
    pub(super) async fn ready(&mut self, place: &Place) -> Result<Duration, String> {
        loop {
            let answer = get(place.url("/readyz")).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(self.begun.elapsed());
            }
            let ended = self.child.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || self.begun.elapsed() > START_MAX {
                return Err(format!(
                    "not ready after {:?} ({}):\n{}",
                    self.begun.elapsed(),
                    ended.map_or("still running".to_owned(), |status| status.to_string()),
                    self.log.text()
                ));
            }
            pass(ASK_EVERY).await;
        }
    }

    /// What it has printed and logged.
    pub(super) fn log(&self) -> String {
        self.log.text()
    }

    /// kill -9. An error when it had ended by itself.
    pub(super) fn kill(mut self) -> Result<(), String> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(format!("it ended before the kill, {status}:\n{}", self.log.text()));
        }
        self.child.kill().map_err(|error| error.to_string())?;
        self.child.wait().map_err(|error| error.to_string())?;
        Ok(())
    }

    /// SIGTERM, and how it ended.
    pub(super) fn stop(mut self) -> Result<ExitStatus, String> {
        let pid = self.child.id().to_string();
        Command::new("kill").arg(pid).status().map_err(|error| error.to_string())?;
        self.child.wait().map_err(|error| error.to_string())
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        faketime::forget(self.child.id());
    }
}
