//! `tablica plugin run`: the magnifying glass. Raw bytes in, JSON lines out.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, bail};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::find::{self, Shipped};
use super::link;
use super::shown;
use super::workbench::{self, Failed, Output, Price, Said, Setting, Workbench};
use crate::channel::enrich::{Enricher, Rules};
use crate::channel::host::{CallLimits, Setup};
use crate::channel::input::InputKind;
use crate::channel::manifest::{Manifest, SourceKind};
use crate::channel::privacy::canonical;
use crate::clock;
use crate::config::model::{Config, Site, Topics};
use crate::config::{self, Environment};
use crate::event::{CustomerKey, Event, UnixMs};

pub(super) const EXAMPLES: &str = "\
Examples:
  tablica plugin run telegram --input update.json
  tablica plugin run asterisk-queuelog --input /var/log/asterisk/queue_log > events.jsonl
  tablica plugin run webform --input form.json --settings mapping.toml
  tablica plugin run telegram --input update.json --topics topics.toml
  tablica plugin run asterisk-ami --input manager-bytes.raw --settings pbx.toml
  tablica plugin run asterisk-queuelog --input queue_log --config tablica.toml > events.jsonl";

/// Not secret: it makes the output the same everywhere, and customers unreadable at a glance.
const DEMONSTRATION_KEY: &[u8] = b"tablica plugin run: demonstration key, protects nobody";

/// The arguments of `tablica plugin run`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A packed .wasm file, a plugin's folder, or the name of a shipped plugin
    plugin: String,
    /// Raw input: one HTTP body per file, one input per line, one document, or a link's bytes
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    input: Vec<PathBuf>,
    /// How to read the files: webhook, response, line, document, or link: what comes on the link that the
    /// plugin opens, cut as it asks [default: what the plugin's source is]
    #[arg(long = "as", value_name = "KIND")]
    read_as: Option<ReadAs>,
    /// A header of the request or response; only those that the plugin reads reach it
    #[arg(long, value_name = "K: V", value_parser = header)]
    header: Vec<(String, String)>,
    /// Stand in for the channel of this config that uses the plugin: its name, queue, settings
    /// and limits. Secrets are not read
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Which channel of the config, when several use the plugin
    #[arg(long, value_name = "NAME", requires = "config")]
    channel: Option<String>,
    /// The plugin's settings as a JSON or TOML file
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    settings: Option<PathBuf>,
    /// A rules file: show what messages get before their text is dropped
    #[arg(long, value_name = "FILE")]
    topics: Option<PathBuf>,
    /// What the clock says: RFC 3339 or Unix milliseconds [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<UnixMs>,
}

/// How files are read.
#[derive(Clone, Copy, Debug)]
enum ReadAs {
    /// As inputs by themselves.
    Inputs(InputKind),
    /// As what comes on a link.
    Link,
}

impl FromStr for ReadAs {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "link" {
            return Ok(ReadAs::Link);
        }
        word.parse().map(ReadAs::Inputs).map_err(|not: String| format!("{not}, link"))
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("expected `Name: value`")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn time(text: &str) -> Result<UnixMs, String> {
    if let Ok(ms) = text.parse::<UnixMs>() {
        return Ok(ms);
    }
    text.parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_millisecond)
        .map_err(|_| "expected such as 2026-11-22T12:00:00Z or 1795348800000".to_owned())
}

/// Runs and prints. Exit code 1 when an input could not be decoded.
pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let found = find::plugin(&arguments.plugin, shipped)?;
    let config = arguments.config.as_deref().map(load).transpose()?;
    let compile = config.as_ref().map_or_else(workbench::compile, |it| Ok(it.server.compile))?;
    let package = workbench::package(&found, &compile)?;
    let manifest = package.manifest().clone();
    let setting = setting(arguments, config.as_ref(), &manifest)?;
    let read_as = arguments.read_as.unwrap_or_else(|| usual_way(&manifest));
    let headers: Vec<_> = arguments
        .header
        .iter()
        .filter(|(name, _)| manifest.source.reads_header(name))
        .cloned()
        .collect();
    let now_ms = arguments.now.unwrap_or_else(clock::now_ms);

    let enricher = arguments.topics.as_deref().map(enricher).transpose()?;
    let (mut bench, started) = Workbench::start(package, setting, now_ms, enricher)?;
    let mut printer = Printer { out, failures: 0 };
    printer.print(started, "init", None)?;
    for path in &arguments.input {
        let samples = match read_as {
            ReadAs::Inputs(kind) => workbench::samples(path, kind, &headers)?,
            ReadAs::Link => link::samples(path, bench.asked_link())?,
        };
        for sample in samples {
            let said = bench.handle(&sample)?;
            printer.print(said, &sample.file, sample.line)?;
        }
    }
    let failures = printer.failures;
    out.flush()?;
    Ok(if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn enricher(rules: &Path) -> anyhow::Result<Enricher> {
    let good = |problems| anyhow::anyhow!("{problems}");
    let enricher = Enricher::new(&Topics::default(), &Site::default()).map_err(good)?;
    enricher.put(Rules::load(rules).map_err(good)?);
    Ok(enricher)
}

fn usual_way(manifest: &Manifest) -> ReadAs {
    let source = &manifest.source;
    let usual = [
        (SourceKind::Webhook, ReadAs::Inputs(InputKind::Webhook)),
        (SourceKind::File, ReadAs::Inputs(InputKind::Line)),
        (SourceKind::Document, ReadAs::Inputs(InputKind::Document)),
        (SourceKind::Tcp, ReadAs::Link),
        (SourceKind::Socket, ReadAs::Link),
    ];
    let first = usual.into_iter().find(|(kind, _)| source.allows(*kind));
    first.map_or(ReadAs::Inputs(InputKind::Response), |(_, way)| way)
}

fn setting(
    arguments: &Arguments,
    config: Option<&Config>,
    manifest: &Manifest,
) -> anyhow::Result<Setting> {
    if let (Some(config), Some(path)) = (config, &arguments.config) {
        return from_config(arguments, config, path, manifest);
    }
    let Some(path) = &arguments.settings else {
        return Ok(Setting::without_config(manifest, "{}".to_owned()));
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let settings: Value = if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).with_context(|| path.display().to_string())?
    } else {
        toml::from_str(&text).with_context(|| path.display().to_string())?
    };
    Ok(Setting::without_config(manifest, settings.to_string()))
}

fn load(path: &Path) -> anyhow::Result<Config> {
    // Nothing is verified or fetched here: the channel's secrets are not read.
    let environment = Environment { skips_secrets: true, ..Environment::of_process() };
    config::load_with(Some(path), &environment).map_err(|problems| anyhow::anyhow!("{problems}"))
}

fn from_config(
    arguments: &Arguments,
    config: &Config,
    path: &Path,
    manifest: &Manifest,
) -> anyhow::Result<Setting> {
    let wanted = arguments.channel.as_deref();
    let uses_it = |plugin: &str| plugin == arguments.plugin || plugin == manifest.name;
    let mut channels = config.channels.values().filter(|channel| match wanted {
        Some(name) => channel.name == name,
        None => uses_it(&channel.plugin),
    });
    let (channel, another) = (channels.next(), channels.next());
    match (channel, another) {
        (Some(channel), None) => Ok(Setting {
            channel: channel.name.clone(),
            queue: channel.queue.clone(),
            same_as: channel.same_as.clone(),
            setup: Setup::of(channel, None, &config.site),
            limits: CallLimits::from(channel),
        }),
        (None, _) => match wanted {
            Some(name) => bail!("{} has no [channel.{name}]", path.display()),
            None => bail!("no channel of {} uses {}", path.display(), manifest.name),
        },
        (Some(one), Some(other)) => bail!(
            "[channel.{}] and [channel.{}] of {} both use {}: choose one with --channel",
            one.name,
            other.name,
            path.display(),
            manifest.name
        ),
    }
}

struct Printer<'a, W> {
    out: &'a mut W,
    failures: usize,
}

impl<W: Write> Printer<'_, W> {
    fn print(&mut self, said: Said, file: &str, line: Option<usize>) -> anyhow::Result<()> {
        let Said { result, price } = said;
        let events = result.as_ref().map_or(0, |output| output.events.len());
        match result {
            Ok(output) => self.output(output)?,
            Err(Failed { class, reason }) => {
                self.failures += 1;
                let mut failure = json!({ "class": class, "reason": reason, "file": file });
                if let Some(line) = line {
                    failure["line"] = line.into();
                }
                self.line(&json!({ "failure": failure }))?;
            }
        }
        if let Some(Price { elapsed, memory_bytes }) = price {
            let input = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
            let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
            self.line(&json!({ "call": {
                "input": input, "micros": micros, "memory_bytes": memory_bytes, "events": events,
            } }))?;
        }
        Ok(())
    }

    fn output(&mut self, output: Output) -> anyhow::Result<()> {
        for mut event in output.events {
            hide_customers(&mut event);
            writeln!(self.out, "{}", serde_json::to_string(&event)?)?;
        }
        for line in shown::rest(output.commands, output.reply) {
            self.line(&line)?;
        }
        Ok(())
    }

    fn line(&mut self, value: &Value) -> anyhow::Result<()> {
        Ok(writeln!(self.out, "{value}")?)
    }
}

/// As the server does it, by a key that protects nothing.
fn hide_customers(event: &mut Event) {
    let mut hidden = Vec::new();
    for identifier in event.customer.iter().filter_map(|customer| canonical(&customer.0)) {
        // An HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(DEMONSTRATION_KEY) else { continue };
        mac.update(identifier.as_bytes());
        let customer = CustomerKey(hex::encode(&mac.finalize().into_bytes()[..16]));
        if !hidden.contains(&customer) {
            hidden.push(customer);
        }
    }
    event.customer = hidden;
}
