//! A plugin's manifest and its own samples, as scripts: what a fuzzer begins with.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tablica_plugin::{
    Content, Document, Frame, Input, Line, LinkDown, LinkUp, Method, Moment, Pair, Response, Setup,
    Webhook,
};
use toml::{Table, Value};

use crate::script::{Script, Turn};

/// What the clock says at the beginning: 2026-11-22T12:00:00Z, as in the samples.
pub const NOW_MS: u64 = 1_795_348_800_000;
/// Longest script that a fuzzer begins with: longer samples are cut between two turns.
pub const SEED_BYTES_MAX: usize = 32 << 10;
/// Turns of one sample that are also tried alone.
const ALONE_MAX: usize = 12;

/// What is known of one plugin.
pub struct Known {
    manifest: Manifest,
    /// The samples' settings as JSON, each once.
    settings: Vec<String>,
    /// The samples, each as it stands in the manifest.
    pub scripts: Vec<Script>,
}

#[derive(Deserialize)]
struct Manifest {
    source: Source,
    #[serde(default)]
    fetch: Fetch,
    #[serde(default)]
    secrets: Table,
    #[serde(default)]
    oauth: Table,
    #[serde(default)]
    sample: Vec<Sample>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Source {
    kind: Option<String>,
    kinds: Vec<String>,
    headers: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fetch {
    hosts: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sample {
    file: Option<Value>,
    #[serde(rename = "as")]
    kind: String,
    step: Vec<Step>,
    settings: Table,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Step {
    webhook: Option<Given>,
    response: Option<Given>,
    line: Option<Given>,
    frame: Option<Given>,
    document: Option<Given>,
    connected: Option<Given>,
    disconnected: Option<Given>,
    timer: Option<String>,
    restart: bool,
    at: Option<String>,
}

/// Whatever a step may say.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    file: Option<String>,
    text: String,
    headers: BTreeMap<String, String>,
    query: Option<String>,
    method: String,
    status: Option<u16>,
    tag: Option<String>,
    link: String,
    binary: bool,
    name: Option<String>,
    media_type: Option<String>,
    received: Option<String>,
    part_bytes: Option<usize>,
    protocol: Option<String>,
    code: Option<u16>,
    reason: String,
}

/// The folder of a plugin that ships.
pub fn folder(plugin: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(plugin)
}

impl Known {
    /// Reads a plugin's folder.
    pub fn read(plugin: &str) -> Result<Self, String> {
        let folder = folder(plugin);
        let text = fs::read_to_string(folder.join("plugin.toml"))
            .map_err(|error| format!("{plugin}/plugin.toml: {error}"))?;
        let mut manifest: Manifest =
            toml::from_str(&text).map_err(|error| format!("{plugin}/plugin.toml: {error}"))?;
        let samples = std::mem::take(&mut manifest.sample);
        let mut known = Self { manifest, settings: Vec::new(), scripts: Vec::new() };
        for sample in &samples {
            let settings = serde_json::to_string(&sample.settings).map_err(|it| it.to_string())?;
            let at = known.settings.iter().position(|it| *it == settings);
            let at = at.unwrap_or_else(|| {
                known.settings.push(settings);
                known.settings.len() - 1
            });
            let mut turns = Vec::new();
            for file in sample.file.iter().flat_map(files) {
                turns.extend(whole(&folder, file, &sample.kind)?);
            }
            for step in &sample.step {
                turns.extend(known.turns(&folder, step)?);
            }
            let settings = u8::try_from(at).map_err(|_| "too many settings")?;
            known.scripts.push(Script { settings, own_settings: None, source: 0, turns });
        }
        Ok(known)
    }

    /// What the plugin is told when it starts.
    pub fn setup(&self, script: &Script) -> Setup {
        let Manifest { source, fetch, secrets, oauth, .. } = &self.manifest;
        let settings = match &script.own_settings {
            Some(own) => own.clone(),
            None if self.settings.is_empty() => "{}".to_owned(),
            None => self.settings[usize::from(script.settings) % self.settings.len()].clone(),
        };
        let kinds: Vec<&String> = source.kind.iter().chain(&source.kinds).collect();
        let chosen = match (kinds.len(), usize::from(script.source)) {
            (1, _) => kinds[0].clone(),
            (_, 0) => String::new(),
            (count, which) => kinds[which % count].clone(),
        };
        Setup {
            now_ms: NOW_MS,
            source: chosen,
            hosts: fetch.hosts.iter().filter(|it| *it != "*").cloned().collect(),
            secrets: secrets.keys().chain(oauth.keys()).cloned().collect(),
            webhook_url: Some("https://wall.example.com/in/test".to_owned()),
            ..Setup::new(settings)
        }
    }

    /// Whether the host hands such a thing to this plugin, by its manifest: links to who has some, lines
    /// to who reads a file, and so on; what no source brings, to everybody.
    pub fn is_given(&self, input: &Input) -> bool {
        let Manifest { source, fetch, .. } = &self.manifest;
        let has = |name: &str| source.kind.iter().chain(&source.kinds).any(|it| it == name);
        match input {
            Input::Webhook(_) => has("webhook"),
            Input::Response(_) => has("poll") || !fetch.hosts.is_empty(),
            Input::Line(_) => has("file"),
            Input::Document(_) => has("document"),
            Input::Frame(_) => has("socket") || has("tcp"),
            Input::Connected(_) | Input::Disconnected(_) => {
                has("socket") || has("tcp") || has("file") || has("document")
            }
            Input::Timer(_) | Input::Other(_) => true,
        }
    }

    /// Of a call's headers, those that the plugin asks for.
    pub fn only_asked(&self, headers: &mut Vec<Pair>) {
        let asked = &self.manifest.source.headers;
        headers.retain(|it| asked.iter().any(|asked| asked.eq_ignore_ascii_case(&it.name)));
    }

    /// What a fuzzer begins with: each sample, some of its turns alone, and settings to be spoilt.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let mut seeds = Vec::new();
        for script in &self.scripts {
            let with = |turns: Vec<Turn>| Script { turns, ..script.clone() }.write();
            let (mut turns, mut bytes) = (Vec::new(), 0);
            for turn in &script.turns {
                let length = with(vec![turn.clone()]).len();
                if bytes + length > SEED_BYTES_MAX && !turns.is_empty() {
                    seeds.push(with(std::mem::take(&mut turns)));
                    bytes = 0;
                }
                bytes += length;
                turns.push(turn.clone());
            }
            seeds.push(with(turns));
            let alone =
                script.turns.iter().filter(|it| matches!(it, Turn::Input(_) | Turn::Parts(..)));
            seeds.extend(alone.take(ALONE_MAX).map(|turn| with(vec![turn.clone()])));
        }
        for (script, settings) in self.scripts.iter().zip(&self.settings) {
            let turns = script.turns.iter().take(2).cloned().collect();
            let own_settings = Some(settings.clone());
            seeds.push(Script { own_settings, turns, ..script.clone() }.write());
        }
        seeds.retain(|seed| seed.len() <= SEED_BYTES_MAX);
        seeds.sort();
        seeds.dedup();
        seeds
    }

    fn turns(&self, folder: &Path, step: &Step) -> Result<Vec<Turn>, String> {
        let bytes = |given: &Given| match &given.file {
            Some(file) => read(folder, file),
            None => Ok(given.text.clone().into_bytes()),
        };
        let mut turns = Vec::new();
        turns.extend(step.at.as_deref().map(time).transpose()?.map(Turn::At));
        if step.restart {
            turns.push(Turn::Restart);
        }
        let mut give = |input| turns.push(Turn::Input(input));
        if let Some(it) = &step.webhook {
            let mut headers = pairs(&it.headers);
            self.only_asked(&mut headers);
            let (query, method) = (it.query.clone(), method(&it.method));
            give(Input::Webhook(Webhook { method, query, headers, body: bytes(it)? }));
        }
        if let Some(it) = &step.response {
            let tag = it.tag.clone().filter(|tag| tag != "last").unwrap_or_default();
            let (status, headers) = (it.status.unwrap_or(200), pairs(&it.headers));
            give(Input::Response(Response { status, headers, body: bytes(it)?, tag }));
        }
        if let Some(it) = &step.line {
            lines(it.file.as_deref().unwrap_or("line"), &bytes(it)?).for_each(&mut give);
        }
        if let Some(it) = &step.frame {
            let content = match String::from_utf8(bytes(it)?) {
                Ok(text) if !it.binary => Content::Text(text),
                Ok(text) => Content::Bytes(text.into_bytes()),
                Err(error) => Content::Bytes(error.into_bytes()),
            };
            give(Input::Frame(Frame { link: it.link.clone(), content }));
        }
        if let Some(it) = &step.connected {
            let (link, protocol) = (it.link.clone(), it.protocol.clone());
            give(Input::Connected(LinkUp { link, protocol, headers: pairs(&it.headers) }));
        }
        if let Some(it) = &step.disconnected {
            let (link, reason) = (it.link.clone(), it.reason.clone());
            give(Input::Disconnected(LinkDown { link, code: it.code, reason }));
        }
        if let Some(tag) = &step.timer {
            give(Input::Timer(tag.clone()));
        }
        if let Some(it) = &step.document {
            let file = it.file.clone().unwrap_or_default();
            let at = it.received.as_deref().map(time).transpose()?;
            let document = Document {
                name: it.name.clone().unwrap_or(file),
                media_type: it.media_type.clone().unwrap_or_else(|| "message/rfc822".into()),
                at: at.map_or(Moment::None, Moment::Utc),
                offset: 0,
                is_last: true,
                bytes: bytes(it)?,
            };
            turns.push(Turn::Parts(document, it.part_bytes.unwrap_or(usize::MAX)));
        }
        Ok(turns)
    }
}

/// A file as what its sample says that it is.
fn whole(folder: &Path, file: &str, kind: &str) -> Result<Vec<Turn>, String> {
    let bytes = read(folder, file)?;
    Ok(match kind {
        "webhook" => vec![Turn::Input(Input::Webhook(Webhook::post(bytes)))],
        "response" => vec![Turn::Input(Input::Response(Response::new(200, bytes, "")))],
        "line" => lines(file, &bytes).map(Turn::Input).collect(),
        _ => {
            let media_type = match file.rsplit('.').next() {
                Some("csv") => "text/csv",
                Some("json") => "application/json",
                Some("xml") => "application/xml",
                Some("txt") => "text/plain",
                _ => "message/rfc822",
            };
            let document = Document {
                name: file.into(),
                media_type: media_type.into(),
                at: Moment::None,
                offset: 0,
                is_last: true,
                bytes,
            };
            vec![Turn::Parts(document, usize::MAX)]
        }
    })
}

fn lines<'a>(file: &'a str, bytes: &'a [u8]) -> impl Iterator<Item = Input> + 'a {
    let file = file.rsplit('/').next().unwrap_or(file);
    let mut offset = 0;
    bytes.split_inclusive(|byte| *byte == b'\n').map(move |line| {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let input = Input::Line(Line { file: file.into(), offset, bytes: content.into() });
        offset += line.len() as u64;
        input
    })
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>, String> {
    fs::read(folder.join(file)).map_err(|error| format!("{}: {error}", folder.join(file).display()))
}

/// One name or a list of them.
fn files(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

fn pairs(headers: &BTreeMap<String, String>) -> Vec<Pair> {
    headers.iter().map(|(name, value)| Pair { name: name.clone(), value: value.clone() }).collect()
}

fn time(text: &str) -> Result<u64, String> {
    let time: jiff::Timestamp = text.parse().map_err(|error| format!("{text}: {error}"))?;
    u64::try_from(time.as_millisecond()).map_err(|_| format!("{text} is before 1970"))
}

fn method(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        "OPTIONS" => Method::Options,
        _ => Method::Post,
    }
}
