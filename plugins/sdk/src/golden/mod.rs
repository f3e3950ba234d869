//! Golden tests: a plugin's `[[sample]]`s against the events they must become.
//!
//! One line in the plugin's tests runs all of them natively, without a server:
//!
//! ```text
//! #[test]
//! fn samples() {
//!     tablica_plugin::golden::check::<Telegram>(env!("CARGO_MANIFEST_DIR"));
//! }
//! ```
//!
//! With `TABLICA_BLESS=1` the expectations are rewritten instead; read the difference before you
//! commit it. Samples with steps are for `tablica plugin test` alone, and so are commands. Expectations
//! are in the journal's JSON shape, with the plugin's name as the channel
//! and identifiers in the clear (a server hashes them). Files come from the plugin's folder only.

mod json;
mod manifest;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::document::PART_BYTES;
use crate::{
    Channel, Command, Document, Event, Input, Line, Moment, Output, Response, Setup, Webhook,
};
use manifest::{Manifest, Sample};

pub use json::event_line;

/// What the clock says in every sample: 2026-11-22T12:00:00Z.
pub const NOW_MS: u64 = 1_795_348_800_000;

/// Runs every sample in `folder/plugin.toml`.
///
/// # Panics
/// When a sample's events differ, when it fails, when the manifest cannot be read, and when a
/// file in `samples/` belongs to no sample.
#[allow(clippy::panic, reason = "a test helper: panicking is how it reports")]
pub fn check<C: Channel>(folder: impl AsRef<Path>) {
    let problems = match problems::<C>(folder.as_ref()) {
        Ok(problems) => problems,
        Err(problem) => vec![problem],
    };
    if !problems.is_empty() {
        panic!("\n{}\n(TABLICA_BLESS=1 rewrites expectations)", problems.join("\n"));
    }
}

/// What is wrong, sample by sample; an error when there is nothing to compare.
fn problems<C: Channel>(folder: &Path) -> Result<Vec<String>, String> {
    let manifest = Manifest::read(folder)?;
    let info = C::describe();
    let mut problems = Vec::new();
    if info.name != manifest.name || info.version != manifest.version {
        problems.push(format!(
            "plugin.toml says {} {}, the plugin {} {}",
            manifest.name, manifest.version, info.name, info.version
        ));
    }
    let bless = std::env::var_os("TABLICA_BLESS").is_some();
    for sample in &manifest.samples {
        let outcome = run::<C>(folder, sample)
            .map(|events| lines(&events, &manifest))
            .and_then(|lines| settle(&folder.join(&sample.expect), &lines, bless));
        if let Err(problem) = outcome {
            problems.push(format!("{}: {problem}", sample.files.join(", ")));
        }
    }
    problems.extend(manifest.orphans(folder));
    Ok(problems)
}

/// Feeds one sample to a fresh plugin.
fn run<C: Channel>(folder: &Path, sample: &Sample) -> Result<Vec<Event>, String> {
    let failed = |what: String| move |failure| format!("{what}: {failure:?}");
    let setup = Setup { now_ms: NOW_MS, ..Setup::new(&sample.settings) };
    let mut channel = C::new(&setup).map_err(failed("settings".into()))?;
    let mut tag = String::new();
    let mut events = Vec::new();
    let mut take = |output: Output, tag: &mut String| {
        events.extend(output.events);
        for command in output.commands {
            if let Command::Fetch(request) = command {
                *tag = request.tag;
            }
        }
    };
    take(channel.start(NOW_MS).map_err(failed("start".into()))?, &mut tag);
    for file in &sample.files {
        let bytes = fs::read(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
        for (number, input) in inputs(sample, file, bytes, &tag)?.into_iter().enumerate() {
            let what = format!("{file}, input {}", number + 1);
            take(channel.handle(NOW_MS, input).map_err(failed(what))?, &mut tag);
        }
    }
    Ok(events)
}

/// A file as what the host would hand in: one body, a line each, or one document in parts.
fn inputs(sample: &Sample, file: &str, bytes: Vec<u8>, tag: &str) -> Result<Vec<Input>, String> {
    Ok(match sample.kind.as_str() {
        "webhook" => vec![Input::Webhook(Webhook::post(bytes))],
        "response" => vec![Input::Response(Response::new(200, bytes, tag))],
        "line" => split(file.rsplit('/').next().unwrap_or(file), &bytes),
        "document" => parts(file.rsplit('/').next().unwrap_or(file), &bytes),
        other => return Err(format!("as = {other:?}: webhook, response, line or document")),
    })
}

/// A file as one document, in the parts in which a host gives it.
fn parts(file: &str, bytes: &[u8]) -> Vec<Input> {
    let media_type = match file.rsplit('.').next() {
        Some("eml") => "message/rfc822",
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    };
    let mut all = Vec::new();
    let mut offset = 0;
    loop {
        let end = (offset + PART_BYTES).min(bytes.len());
        all.push(Input::Document(Document {
            name: file.into(),
            media_type: media_type.into(),
            at: Moment::None,
            offset: offset as u64,
            is_last: end == bytes.len(),
            bytes: bytes[offset..end].into(),
        }));
        if end == bytes.len() {
            return all;
        }
        offset = end;
    }
}

/// The lines of a file, each with the place where it begins.
fn split(file: &str, bytes: &[u8]) -> Vec<Input> {
    let mut offset = 0;
    let mut inputs = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        inputs.push(Input::Line(Line { file: file.into(), offset, bytes: content.into() }));
        offset += line.len() as u64;
    }
    inputs
}

fn lines(events: &[Event], manifest: &Manifest) -> String {
    events
        .iter()
        .map(|event| event_line(event, &manifest.name, &manifest.keep, NOW_MS) + "\n")
        .collect()
}

/// Compares with the file, as JSON; or writes it.
fn settle(expect: &Path, lines: &str, bless: bool) -> Result<(), String> {
    let old = fs::read_to_string(expect).unwrap_or_default();
    let parse = |text: &str| -> Result<Vec<Value>, serde_json::Error> {
        text.lines().map(serde_json::from_str).collect()
    };
    if matches!((parse(&old), parse(lines)), (Ok(old), Ok(new)) if old == new) && expect.exists() {
        return Ok(());
    }
    if bless {
        return fs::write(expect, lines).map_err(|error| format!("{}: {error}", expect.display()));
    }
    Err(format!("expected {}:\n{old}--- but got:\n{lines}", expect.display()))
}
