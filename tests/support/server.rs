//! A real `tablica serve` in a process of its own: real sockets, real disk, real kill -9.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::http::steady_address;
use super::lines::Lines;
use super::wait::{until, until_async, wait_for};

/// How long a server may take until it listens: of large plugins that it has never seen most of it goes into
/// compiling them.
const COMPILED_WITHIN: Duration = Duration::from_secs(180);

/// The secret of every channel in these scenarios.
pub(crate) const SECRET: &str = "scenario-secret-0123456789";
/// The environment variable that it is in.
pub(crate) const SECRET_ENV: &str = "TABLICA_TEST_SECRET";

/// A site: a folder with config and state that outlives the servers started on it.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// A site with a Telegram bot, a web form and a queue log; `extra` is appended to the config.
    pub(crate) fn new(extra: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the site");
        // The day began an hour ago, so that midnight never falls into a scenario.
        let hour = (unix_seconds() / 3600 + 23) % 24;
        let day_start = format!("{hour:02}:00");
        let config = format!(
            r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
state_dir = "state"

[site]
name = "Scenario"
day_start = "{day_start}"

[channel.telegram]
plugin = "telegram"
queue = "messages"
secret = {{ env = "TABLICA_TEST_SECRET" }}

[channel.webform]
plugin = "webform"
queue = "forms"
secret = {{ env = "TABLICA_TEST_SECRET" }}

[channel.pbx]
plugin = "asterisk-queuelog"
file = "queue_log"

{extra}
"#
        );
        let site = Self { folder };
        std::fs::write(site.config(), config).expect("the config is written");
        site
    }

    /// Another site that is as this one is now; without running servers.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the site");
        let all = self.folder.path().join(".");
        let copied = Command::new("cp").arg("-a").arg(all).arg(folder.path()).status();
        assert!(copied.expect("cp (coreutils)").success());
        Self { folder }
    }

    /// The contact center of the demo, as it ships, at ports of its own.
    pub(crate) fn demo() -> Self {
        let site = Self::new("");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/tablica.toml");
        let mut config = std::fs::read_to_string(file).expect("the demo's config");
        for (theirs, ours) in [
            ("127.0.0.1:8080", "127.0.0.1:0"),
            ("127.0.0.1:9464", "127.0.0.1:0"),
            ("../topics.example.toml", concat!(env!("CARGO_MANIFEST_DIR"), "/topics.example.toml")),
            ("../state/demo/queue_log", "queue_log"),
            ("../state", "state"),
            ("TABLICA_DEMO_TELEGRAM_SECRET", SECRET_ENV),
            ("TABLICA_DEMO_WEBFORM_SECRET", SECRET_ENV),
            ("TABLICA_DEMO_NETWORKS_SECRET", SECRET_ENV),
        ] {
            assert!(config.contains(theirs), "the demo's config says {theirs}");
            config = config.replace(theirs, ours);
        }
        std::fs::write(site.config(), config).expect("the config is written");
        site
    }

    /// Its day is counted in this zone.
    pub(crate) fn in_zone(self, zone: &str) -> Self {
        let config = std::fs::read_to_string(self.config()).expect("the config");
        let site = format!("[site]\ntime_zone = \"{zone}\"");
        std::fs::write(self.config(), config.replacen("[site]", &site, 1)).expect("written");
        self
    }

    /// Its config says something else from now on.
    pub(crate) fn configure(&self, from: &str, to: &str) {
        let config = std::fs::read_to_string(self.config()).expect("the config");
        assert!(config.contains(from), "the config says {from}");
        std::fs::write(self.config(), config.replacen(from, to, 1)).expect("written");
    }

    /// Its servers all listen at the same addresses, so that walls find the next one.
    pub(crate) fn with_fixed_ports(self) -> Self {
        let mut config = std::fs::read_to_string(self.config()).expect("the config");
        while config.contains("127.0.0.1:0") {
            config = config.replacen("127.0.0.1:0", &steady_address().to_string(), 1);
        }
        std::fs::write(self.config(), config).expect("the config is written");
        self
    }

    /// The config's path.
    pub(crate) fn config(&self) -> PathBuf {
        self.path("tablica.toml")
    }

    /// The log that the `pbx` channel tails.
    pub(crate) fn queue_log(&self) -> PathBuf {
        self.path("queue_log")
    }

    /// A path in the site's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a `tablica` command on this site's config.
    pub(crate) fn command(&self, arguments: &[&str]) -> std::process::Output {
        tablica().args(arguments).arg("--config").arg(self.config()).output().expect("tablica runs")
    }

    /// Starts a server and waits until it is ready.
    pub(crate) async fn start(&self) -> Server {
        self.start_by(tablica()).await
    }

    /// The same by another command that ends in being `tablica`.
    pub(crate) async fn start_by(&self, tablica: Command) -> Server {
        self.start_by_with(tablica, &[]).await
    }

    /// The same with more arguments.
    pub(crate) async fn start_by_with(&self, mut tablica: Command, more: &[&str]) -> Server {
        tablica.arg("serve").arg("--config").arg(self.config()).args(more);
        super::compiled::give(&self.path("state"));
        let server = start(tablica, "metrics").await;
        super::compiled::take(&self.path("state"));
        server
    }

    /// The same on a disk without room: waits only until it listens. It is not ready.
    pub(crate) fn start_without_room(&self) -> Server {
        let plain = tablica();
        let mut command = Command::new("prlimit");
        command.args(["--fsize=1:unlimited", "--"]).arg(plain.get_program());
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.arg("serve").arg("--config").arg(self.config()).stdin(Stdio::null());
        listening(command, "metrics")
    }

    /// Starts `tablica replay --serve` on this site's config and waits until it is ready.
    pub(crate) async fn replay(&self, arguments: &[&str]) -> Server {
        let mut tablica = tablica();
        tablica.arg("replay").arg("--config").arg(self.config());
        tablica.args(["--serve", "127.0.0.1:0"]).args(arguments);
        start(tablica, "api").await
    }
}

/// Starts a server on a config that is no site's, at ports of its own, and waits until it is ready.
pub(crate) async fn serve(mut tablica: Command, config: &Path) -> Server {
    tablica.arg("serve").arg("--config").arg(config);
    tablica.env("TABLICA_SERVER__LISTEN", "127.0.0.1:0");
    tablica.env("TABLICA_SERVER__ADMIN_LISTEN", "127.0.0.1:0");
    start(tablica, "metrics").await
}

/// Starts a server that says `last` before its last address, and waits until it is ready.
async fn start(tablica: Command, last: &str) -> Server {
    let server = listening(tablica, last);
    until_async("the server is ready", async || {
        let answer = get(server.url("/readyz")).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    server
}

/// Starts a server and waits until it has said where it listens.
pub(crate) fn listening(mut tablica: Command, last: &str) -> Server {
    let mut child =
        tablica.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("tablica starts");
    let lines = Lines::default();
    lines.collect(child.stdout.take().expect("stdout"));
    let log = Lines::default();
    log.collect(child.stderr.take().expect("stderr"));
    wait_for(&format!("the server's addresses in {lines:?}, log {log:?}"), COMPILED_WITHIN, || {
        (lines.find(last).is_some() || child.try_wait().expect("alive").is_some()).then_some(())
    });
    let base = authority(&lines.find("walls").unwrap_or_else(|| panic!("{log:?}")));
    // A replay has none.
    let admin = lines.find("metrics").map(|line| authority(&line)).unwrap_or_default();
    Server { base, admin, child, lines, log }
}

/// An HTTP client. The scenarios speak plain HTTP; the library wants to know its TLS all the same.
pub(crate) fn client() -> reqwest::Client {
    // Whoever was first has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().tls_certs_only([]).build().expect("a client")
}

/// GET.
pub(crate) async fn get(url: String) -> reqwest::Result<reqwest::Response> {
    client().get(url).send().await
}

/// The binary under test, with the scenario's secret in its environment.
pub(crate) fn tablica() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tablica"));
    command.env(SECRET_ENV, SECRET).stdin(Stdio::null());
    command
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    base: String,
    admin: String,
    child: Child,
    lines: Lines,
    log: Lines,
}

impl Server {
    /// An address on the public listener.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.base)
    }

    /// An address on the admin listener.
    pub(crate) fn admin_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.admin)
    }

    /// `host:port` of the admin listener, for Prometheus.
    pub(crate) fn admin_authority(&self) -> &str {
        &self.admin
    }

    /// Everything it has printed and logged.
    pub(crate) fn output(&self) -> String {
        format!("{}{}", self.lines.text(), self.log.text())
    }

    /// Waits until it has printed or logged that.
    pub(crate) fn tells(&self, words: &str) {
        until(words, || self.output().contains(words));
    }

    /// The size that its files may grow to: `1` is a full disk, for any user.
    pub(crate) fn limit_file_size(&self, bytes: &str) {
        let pid = format!("--pid={}", self.pid());
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit").args([pid, limit]).status();
        assert!(set.expect("prlimit (util-linux)").success());
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("reaped");
    }

    /// SIGTERM, then waits for the clean end.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        Command::new("kill").arg(pid).status().expect("kill runs");
        let mut status = None;
        until("the server has stopped", || {
            status = self.child.try_wait().expect("alive");
            status.is_some()
        });
        status.expect("a status")
    }

    /// Posts a Telegram update through the front door.
    pub(crate) async fn telegram(&self, update: &str) -> reqwest::Result<reqwest::Response> {
        client()
            .post(self.url("/in/telegram"))
            .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
            .header("content-type", "application/json")
            .body(update.to_owned())
            .send()
            .await
    }

    /// Posts a signed document through the web form's door.
    pub(crate) async fn webform(&self, body: &str) -> reqwest::Response {
        self.signed("webform", body).await
    }

    /// The same for any channel whose plugin is `webform`.
    pub(crate) async fn signed(&self, channel: &str, body: &str) -> reqwest::Response {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac =
            Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length is a key");
        mac.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        client()
            .post(self.url(&format!("/in/{channel}")))
            .header("X-Signature", signature)
            .header("content-type", "application/json")
            .body(body.to_owned())
            .send()
            .await
            .expect("an answer")
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

/// A Telegram update: somebody writes to the bot in a private chat.
pub(crate) fn telegram_message(update_id: u64, customer: u64, text: &str) -> String {
    serde_json::json!({
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "from": {"id": customer, "is_bot": false, "first_name": "Zuzanna"},
            "chat": {"id": customer, "first_name": "Zuzanna", "type": "private"},
            "date": unix_seconds(),
            "text": text
        }
    })
    .to_string()
}

/// Now, as networks write it.
pub(crate) fn unix_seconds() -> i64 {
    tablica::clock::now_ms() / 1000
}

/// Appends text to a file, as a network's own writer would.
pub(crate) fn append(path: &Path, text: &str) {
    let mut file = std::fs::File::options().create(true).append(true).open(path).expect("opens");
    std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
}

fn authority(line: &str) -> String {
    let rest = line.split_once("http://").expect("an address").1;
    rest.split('/').next().unwrap_or(rest).to_owned()
}
