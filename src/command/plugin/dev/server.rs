//! The server that takes a plugin up: asked on its admin listener, as `POST /api/v1/reload`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::clock;
use crate::config::Config;

/// A server that compiles a plugin of JavaScript for the first time takes its time.
const ANSWERS_WITHIN: Duration = Duration::from_secs(120);

/// Its admin listener.
pub(super) struct Admin {
    url: String,
    client: Client,
}

/// What a server says to a reload; also what it says where something is wrong.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    channels: std::collections::BTreeMap<String, String>,
    needs_restart: Vec<String>,
    counted_anew: bool,
    detail: String,
    errors: Vec<Mistake>,
}

#[derive(Deserialize)]
struct Mistake {
    detail: String,
}

impl Admin {
    /// By its address, or by the config's; none where neither is given.
    pub(super) fn of(url: Option<&str>, config: Option<&Config>) -> anyhow::Result<Option<Self>> {
        let base = match (url, config) {
            (Some(url), _) => url.trim_end_matches('/').to_owned(),
            (None, Some(config)) => match config.server.admin_listen {
                listen if listen.port() == 0 => {
                    bail!(
                        "server.admin_listen has port 0: say by --server where the server listens"
                    )
                }
                listen if listen.ip().is_unspecified() => {
                    format!("http://127.0.0.1:{}", listen.port())
                }
                listen => format!("http://{listen}"),
            },
            (None, None) => return Ok(None),
        };
        // The process has one TLS provider; that it is there already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || Client::builder().no_proxy().timeout(ANSWERS_WITHIN);
        // A bare machine has no authorities; plain http works there all the same.
        let client = builder().build().or_else(|_| builder().tls_certs_only([]).build())?;
        Ok(Some(Self { url: format!("{base}/api/v1/reload"), client }))
    }

    /// Has the server read its config and plugins again; what it says, in one sentence.
    pub(super) async fn reload(
        &self,
        name: &str,
        config: Option<&Config>,
        file: &Path,
    ) -> anyhow::Result<String> {
        let begun = clock::monotonic();
        let request = self.client.post(&self.url).header(CONTENT_TYPE, "application/json");
        let answer = request.send().await.map_err(|error| {
            let why = if error.is_timeout() { "does not answer" } else { "is not there" };
            anyhow::anyhow!(
                "the server {why} at {}; the file lies where it looks when it starts",
                self.url
            )
        })?;
        let status = answer.status();
        let text = answer.text().await.context("the server's answer broke off")?;
        let Ok(said) = serde_json::from_str::<Answer>(&text) else {
            bail!("{} answers {status}: is it the admin listener of a Tablica?", self.url);
        };
        if !status.is_success() {
            let errors: Vec<&str> = said.errors.iter().map(|it| it.detail.as_str()).collect();
            bail!("the server says ({status}): {}\n{}", said.detail, errors.join("\n"));
        }
        Ok(sentence(&said, begun, name, config, file))
    }
}

fn sentence(
    said: &Answer,
    begun: Instant,
    name: &str,
    config: Option<&Config>,
    file: &Path,
) -> String {
    let took = begun.elapsed().as_millis();
    let channels: Vec<String> =
        said.channels.iter().map(|(channel, what)| format!("[channel.{channel}] {what}")).collect();
    let mut text = match channels.as_slice() {
        [] => format!("the server goes on as before: {}", why_not(name, config, file)),
        channels => format!("the server has taken it up, {took} ms: {}", channels.join(", ")),
    };
    if said.counted_anew {
        text.push_str("; numbers are counted anew");
    }
    if !said.needs_restart.is_empty() {
        text.push_str(&format!("; only after a restart: {}", said.needs_restart.join(", ")));
    }
    text
}

/// Why no channel is another.
fn why_not(name: &str, config: Option<&Config>, file: &Path) -> String {
    let same = "it has this build already".to_owned();
    let Some(config) = config else {
        return format!("{same}, or none of its channels has `plugin = \"{name}\"`");
    };
    let uses = |plugin: &str| plugin == name || Path::new(plugin) == file;
    if config.channels.values().any(|channel| uses(&channel.plugin)) {
        return same;
    }
    let path = config.places.file.as_deref().unwrap_or("its config");
    format!("no channel has `plugin = \"{name}\"`; write a [channel.NAME] with it to {path}")
}
