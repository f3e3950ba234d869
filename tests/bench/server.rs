//! The two servers under test, each a process of its own: `tablica serve` and the bare handler.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// The token that the bench's Telegram channel expects.
pub(crate) const TOKEN: &str = "bench-token-1234567890";

/// A config with one Telegram channel.
pub(crate) const ONE_CHANNEL: &str = r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
state_dir = "state"
screens_max = 4000

[channel.telegram]
plugin = "telegram"
secret = { env = "BENCH_TOKEN" }
"#;

/// A server process, killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Where its public listener is.
    pub(crate) address: SocketAddr,
    /// Where its metrics are; the bare handler has none.
    pub(crate) admin: Option<SocketAddr>,
    _folder: Option<tempfile::TempDir>,
}

impl Server {
    /// Starts the handler that does nothing.
    pub(crate) fn bare() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--bare");
        Self::start(command, None)
    }

    /// Starts a server on Node that tells every screen of every event, by this package.
    pub(crate) fn each_event(package: &str, node_modules: &str) -> anyhow::Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/per_event/server.mjs");
        let mut command = Command::new("node");
        command.args([script, package, node_modules]);
        Self::start(command, None)
    }

    /// Starts Tablica with one Telegram channel on an empty state.
    pub(crate) fn tablica() -> anyhow::Result<Self> {
        Self::with(ONE_CHANNEL)
    }

    /// Starts Tablica with a config on an empty state; its secret is [`TOKEN`].
    pub(crate) fn with(text: &str) -> anyhow::Result<Self> {
        Self::with_state(text, None)
    }

    /// As [`with`](Self::with), on the state in a folder, which stays.
    pub(crate) fn with_state(text: &str, state: Option<&Path>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("tablica.toml");
        if let Some(state) = state {
            let state = std::path::absolute(state)?;
            std::fs::create_dir_all(&state)?;
            std::os::unix::fs::symlink(&state, folder.path().join("state"))?;
        }
        std::fs::write(&config, text)?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_tablica"));
        command.arg("serve").arg("--config").arg(&config).env("BENCH_TOKEN", TOKEN);
        Self::start(command, Some(folder))
    }

    /// Reads the child's output up to the line that names its address.
    fn start(mut command: Command, state: Option<tempfile::TempDir>) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = |word: &str| -> anyhow::Result<SocketAddr> {
            loop {
                let line = lines.next().context("the server ended before it listened")??;
                if let Some((before, rest)) = line.split_once("http://")
                    && before.trim_start().starts_with(word)
                {
                    return Ok(rest.split('/').next().unwrap_or(rest).parse()?);
                }
            }
        };
        let address = said("")?;
        let admin = if state.is_some() { Some(said("metrics")?) } else { None };
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, address, admin, _folder: state })
    }

    /// Shows a span of a file of events as live boards, so many times as fast.
    pub(crate) fn replay(
        events: &Path,
        from: jiff::Timestamp,
        to: jiff::Timestamp,
        speed: f64,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tablica"));
        command
            .args(["replay", "--from", &from.to_string(), "--to", &to.to_string()])
            .args(["--serve", "127.0.0.1:0", "--speed", &speed.to_string(), "--events"])
            .arg(events);
        Self::start(command, None)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
