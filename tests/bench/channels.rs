//! A server with many channels, of every plugin that ships: how soon it is ready, and what it holds.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tablica::channel::manifest::{Manifest, Scheme, SourceKind};
use tablica_shipped::ALL;
use tablica_shipped::samples::folder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::resident_bytes;
use crate::screens::settled_bytes;
use crate::server::{Server, TOKEN};
use crate::table::{Row, median};

const CHANNELS: usize = 30;
const SECONDS_MAX: f64 = 2.0;
const MIB_MAX: f64 = 150.0;
/// Nobody listens there: who holds a link tries it, and no network is called from a benchmark.
const NOWHERE: &str = "127.0.0.1:9";
/// The first that a plugin lives with: those that ask a network come last.
const SOURCES: [SourceKind; 6] = [
    SourceKind::Webhook,
    SourceKind::File,
    SourceKind::Document,
    SourceKind::Poll,
    SourceKind::Socket,
    SourceKind::Tcp,
];
/// Of RFC 8032, section 7.1.
const PUBLIC_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SECRET: &str = "secret = { env = \"BENCH_TOKEN\" }";
const READY_WITHIN: Duration = Duration::from_secs(600);

/// Seconds from the start to ready, with all plugins compiled before; and memory then.
pub(crate) async fn thirty(rounds: usize) -> anyhow::Result<Vec<Row>> {
    let work = tempfile::tempdir()?;
    let config = config(work.path())?;
    let state = work.path().join("state");
    checked(work.path(), &config)?;
    // Compiles them.
    let first = Instant::now();
    drop(ready(&config, &state).await?);
    let first = first.elapsed().as_secs_f64();
    let (mut seconds, mut mib) = (Vec::new(), Vec::new());
    for _ in 0..rounds.clamp(1, 3) {
        let started = Instant::now();
        let server = ready(&config, &state).await?;
        seconds.push(started.elapsed().as_secs_f64());
        settled_bytes(server.pid()).await;
        mib.push(resident_bytes(server.pid()) as f64 / f64::from(1 << 20));
    }
    let (seconds, mib) = (median(seconds), median(mib));
    let of = format!("{CHANNELS} channels of {} plugins", ALL.len());
    Ok(vec![
        Row {
            what: format!("start with {of}, compiled before"),
            ours: format!("{seconds:.2} s to ready"),
            against: format!("{first:.1} s with compiling"),
            figure: seconds,
            figure_text: format!("{seconds:.2} s"),
            limit: Some(SECONDS_MAX),
        },
        Row {
            what: format!("memory after the start with {of}"),
            ours: format!("{mib:.0} MiB resident"),
            against: format!("{MIB_MAX} MiB"),
            figure: mib,
            figure_text: format!("{mib:.0} MiB"),
            limit: Some(MIB_MAX),
        },
    ])
}

/// A server that does not start says why to nobody here; the command that checks a config does.
fn checked(work: &Path, config: &str) -> anyhow::Result<()> {
    let file = work.join("tablica.toml");
    std::fs::write(&file, config)?;
    let mut check = Command::new(env!("CARGO_BIN_EXE_tablica"));
    let output =
        check.arg("check").arg("--config").arg(&file).env("BENCH_TOKEN", TOKEN).output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(output.status.success(), "{said}");
    Ok(())
}

/// Started, and all its channels with it.
async fn ready(config: &str, state: &Path) -> anyhow::Result<Server> {
    let server = Server::with_state(config, Some(state))?;
    let admin = server.admin.context("no admin listener")?;
    let started = Instant::now();
    while started.elapsed() < READY_WITHIN {
        if get(admin, "/readyz").await?.starts_with("HTTP/1.1 200") {
            return Ok(server);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bail!("not ready: {}", get(admin, "/readyz").await?)
}

async fn get(address: std::net::SocketAddr, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// The first way to verify that needs no user, and whatever handshakes compare with.
fn verified(manifest: &Manifest, work: &Path) -> anyhow::Result<Vec<String>> {
    let ways = &manifest.verify;
    let Some(way) = ways.iter().find(|way| way.scheme != Scheme::BasicAuth) else {
        return Ok(vec!["unverified = true".to_owned()]);
    };
    let mut keys = Vec::new();
    if ways.len() > 1 {
        keys.push(format!("verify = \"{}\"", way.name()));
    }
    if way.scheme == Scheme::Ed25519 {
        let key = work.join("key");
        std::fs::write(&key, PUBLIC_KEY)?;
        keys.push(format!("secret = {{ file = \"{}\" }}", key.display()));
    } else {
        keys.push(SECRET.to_owned());
    }
    for handshake in manifest.handshakes.iter().filter(|handshake| handshake.takes_value()) {
        keys.push(format!("handshake.{} = {{ env = \"BENCH_TOKEN\" }}", handshake.name()));
    }
    Ok(keys)
}

/// All plugins, and the first ones again, each as its first sample has its settings.
fn config(work: &Path) -> anyhow::Result<String> {
    let mut config = String::from(
        "[server]\nlisten = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"\nstate_dir = \"state\"\npublic_url = \"https://desk.example.org\"\n",
    );
    for (number, plugin) in ALL.iter().cycle().take(CHANNELS).enumerate() {
        let text = std::fs::read_to_string(folder(plugin.name).join("plugin.toml"))?;
        let manifest = Manifest::parse(&text).context(plugin.name)?;
        let settings = manifest.samples.iter().find_map(|sample| sample.settings.clone());
        let section = format!("channel.{}-{number}", plugin.name);
        let source = SOURCES.into_iter().find(|kind| manifest.source.allows(*kind));
        let source = source.context("no source")?;
        let mut keys = vec![format!("plugin = \"{}\"", plugin.name)];
        if manifest.source.all().count() > 1 {
            keys.push(format!("source = \"{}\"", source.word()));
        }
        match source {
            SourceKind::Webhook => keys.extend(verified(&manifest, work)?),
            SourceKind::File => {
                let file = work.join(format!("{section}.log"));
                std::fs::write(&file, "")?;
                keys.push(format!("file = \"{}\"", file.display()));
            }
            SourceKind::Document => {
                let documents = work.join(&section);
                std::fs::create_dir_all(&documents)?;
                keys.push(format!("folder = \"{}\"", documents.display()));
            }
            SourceKind::Poll | SourceKind::Socket | SourceKind::Tcp => {
                keys.push(format!("grant_hosts = [\"{NOWHERE}\"]"));
            }
        }
        config += &format!("\n[{section}]\n{}\n", keys.join("\n"));
        if let Some(settings) = settings {
            let mut all = toml::Table::new();
            all.insert("settings".to_owned(), settings.into());
            // Inline: its own tables would begin sections elsewhere.
            let inline = toml::Value::Table(all)["settings"].to_string();
            config += &format!("settings = {inline}\n");
        }
    }
    ensure!(config.matches("\n[channel.").count() == CHANNELS, "{config}");
    Ok(config)
}
