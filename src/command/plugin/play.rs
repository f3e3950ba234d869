//! A plugin's samples as something that can be played: inputs, times and restarts in order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use serde_json::Value;

use super::shown;
use super::workbench::{self, Said, Setting, Workbench};
use crate::channel::host::{CallLimits, Package};
use crate::channel::input::{
    Document, Frame, FrameContent, Input, InputKind, LinkDown, LinkUp, Response, Webhook,
};
use crate::channel::manifest::{FrameStep, Manifest, Refusal, Sample, Step};
use crate::channel::source::document::{self, media};
use crate::event::{Event, UnixMs};

/// What the clock says in every sample: 2026-11-22T12:00:00Z.
pub(super) const NOW_MS: UnixMs = 1_795_348_800_000;

/// One thing that happens.
#[derive(Clone)]
pub(super) enum Turn {
    /// Something is handed in, which may have to be refused.
    Input(workbench::Sample, Option<Refusal>),
    /// A new instance, from the snapshot.
    Restart,
    /// The clock says this from here on.
    At(UnixMs),
}

/// A sample, its files read.
#[derive(Clone)]
pub(super) struct Script {
    /// For messages.
    pub(super) name: String,
    /// JSON.
    pub(super) settings: String,
    pub(super) turns: Vec<Turn>,
}

/// What a plugin made of a script.
#[derive(Default)]
pub(super) struct Played {
    pub(super) events: Vec<Event>,
    /// Commands and replies, as `run` prints them.
    pub(super) others: Vec<Value>,
}

impl Script {
    /// Reads a sample's files.
    pub(super) fn read(
        folder: &Path,
        manifest: &Manifest,
        sample: &Sample,
    ) -> anyhow::Result<Self> {
        let mut turns = Vec::new();
        for file in &sample.files {
            let kind = sample.kind.unwrap_or(InputKind::Webhook);
            let inputs = workbench::samples(&folder.join(file), kind, &[])?;
            turns.extend(inputs.into_iter().map(|input| Turn::Input(input, None)));
        }
        for (number, step) in (1..).zip(&sample.steps) {
            turns.extend(step.at.map(Turn::At));
            if step.restart {
                turns.push(Turn::Restart);
            }
            let inputs = inputs(folder, manifest, step, number)?;
            turns.extend(inputs.into_iter().map(|input| Turn::Input(input, step.expect)));
        }
        let settings = serde_json::to_string(&sample.settings.clone().unwrap_or_default())?;
        Ok(Self { name: sample.expect.clone(), settings, turns })
    }
}

/// What a step hands in.
fn inputs(
    folder: &Path,
    manifest: &Manifest,
    step: &Step,
    number: usize,
) -> anyhow::Result<Vec<workbench::Sample>> {
    let bytes = |file: &Option<String>, text: &Option<String>| match file {
        Some(file) => read(&folder.join(file)),
        None => Ok(Bytes::from(text.clone().unwrap_or_default())),
    };
    let headers = |headers: &BTreeMap<String, String>| {
        headers.clone().into_iter().collect::<Vec<(String, String)>>()
    };
    let mut given = Vec::new();
    if let Some(it) = &step.webhook {
        let mut headers = headers(&it.headers);
        headers.retain(|(name, _)| manifest.source.reads_header(name));
        let (query, method) = (it.query.clone(), it.method.unwrap_or_default());
        let body = bytes(&it.file, &it.text)?;
        given.push(Input::Webhook(Webhook { method, query, headers, body }));
    }
    if let Some(it) = &step.response {
        let tag = it.tag.clone().filter(|tag| tag != "last").unwrap_or_default();
        let body = bytes(&it.file, &it.text)?;
        let (status, headers) = (it.status.unwrap_or(200), headers(&it.headers));
        given.push(Input::Response(Response { status, headers, body, tag }));
    }
    if let Some(it) = &step.line {
        let place = it.file.clone().unwrap_or_else(|| "line".to_owned());
        let content = bytes(&it.file, &it.text)?;
        let lines = workbench::lines(Path::new(&place), &place, &content);
        given.extend(lines.into_iter().map(|line| line.input));
    }
    if let Some(it) = &step.frame {
        given.push(Input::Frame(frame(it, bytes(&it.file, &it.text)?)));
    }
    if let Some(it) = &step.document {
        let whole = read(&folder.join(&it.file))?;
        let whole = Document {
            name: it.name.as_deref().unwrap_or(&it.file).into(),
            media_type: it.media_type.as_deref().unwrap_or(media::MAIL).into(),
            received_ms: it.received,
            offset: 0,
            is_last: true,
            bytes: whole,
        };
        let part_bytes = it.part_bytes.unwrap_or(whole.bytes.len());
        given.extend(document::parts(&whole, part_bytes).into_iter().map(Input::Document));
    }
    if let Some(it) = &step.connected {
        let (protocol, headers) = (it.protocol.clone(), headers(&it.headers));
        given.push(Input::Connected(LinkUp { link: it.link.as_str().into(), protocol, headers }));
    }
    if let Some(it) = &step.disconnected {
        let (code, reason) = (it.code, it.reason.clone());
        given.push(Input::Disconnected(LinkDown { link: it.link.as_str().into(), code, reason }));
    }
    given.extend(step.timer.clone().map(Input::Timer));
    let named = |input: Input| {
        let file = format!("step {number} ({})", input.kind());
        workbench::Sample { input, file, line: None }
    };
    Ok(given.into_iter().map(named).collect())
}

fn frame(step: &FrameStep, bytes: Bytes) -> Frame {
    let content = match String::from_utf8(bytes.to_vec()) {
        Ok(text) if !step.binary => FrameContent::Text(text),
        _ => FrameContent::Bytes(bytes),
    };
    Frame { link: step.link.as_str().into(), content }
}

fn read(path: &Path) -> anyhow::Result<Bytes> {
    Ok(fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.into())
}

/// Starts a fresh plugin and does every turn; `look` sees what it said to the start (None) and to
/// each.
pub(super) fn run(
    plugin: &Arc<Package>,
    script: &Script,
    limits: CallLimits,
    mut look: impl FnMut(Option<&Turn>, Said) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let setting =
        Setting { limits, ..Setting::without_config(plugin.manifest(), script.settings.clone()) };
    let (mut bench, started) = Workbench::start(Arc::clone(plugin), setting, NOW_MS, None)?;
    look(None, started)?;
    for turn in &script.turns {
        match turn {
            Turn::At(now_ms) => bench.set_now(*now_ms),
            Turn::Restart => look(Some(turn), bench.restart()?)?,
            Turn::Input(sample, _) => look(Some(turn), bench.handle(sample)?)?,
        }
    }
    Ok(())
}

/// Where something was said, for messages; without a turn, at the start.
pub(super) fn place(turn: Option<&Turn>) -> String {
    match turn {
        None => "init".to_owned(),
        Some(Turn::Input(sample, _)) => sample.place(),
        Some(_) => "restart".to_owned(),
    }
}

/// Plays a script in which everything must go as it says.
pub(super) fn strictly(
    plugin: &Arc<Package>,
    script: &Script,
    limits: CallLimits,
) -> anyhow::Result<Played> {
    let mut played = Played::default();
    run(plugin, script, limits, |turn, said| {
        let place = place(turn);
        let expected = match turn {
            Some(Turn::Input(_, expected)) => *expected,
            _ => None,
        };
        match (said.result, expected) {
            (Ok(output), None) => {
                played.events.extend(output.events);
                played.others.extend(shown::rest(output.commands, output.reply));
                Ok(())
            }
            (Err(failed), Some(expected)) if failed.class == expected.class() => Ok(()),
            (Ok(_), Some(expected)) => {
                anyhow::bail!("{place}: it was taken, expected {}", expected.class())
            }
            (Err(failed), _) => {
                anyhow::bail!("{place}: {}: {}", failed.class, failed.reason)
            }
        }
    })?;
    Ok(played)
}
