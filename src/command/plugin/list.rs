//! `tablica plugin list` and `inspect`: what there is, and what it asks for.

use std::io::Write;
use std::process::ExitCode;

use super::find::{self, Shipped};
use crate::channel::host::{Header, Instance};
use crate::channel::manifest::{Handshake, Manifest, SourceKind, Verify};

use super::workbench::{self, limits};

/// The arguments of `tablica plugin inspect`.
#[derive(Debug, clap::Args)]
pub(super) struct Inspect {
    /// A packed .wasm file, a plugin's folder, or the name of a shipped plugin
    plugin: String,
}

pub(super) fn list(shipped: &Shipped<'_>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut manifests = Vec::new();
    for name in shipped.names {
        let found = find::plugin(name, shipped)?;
        manifests.push(Header::read(&found.name, &found.bytes)?.manifest);
    }
    let width = manifests.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for Manifest { name, version, summary, .. } in manifests {
        writeln!(out, "{name:width$}  {version}  {summary}")?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn inspect(
    arguments: &Inspect,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let found = find::plugin(&arguments.plugin, shipped)?;
    let package = workbench::package(&found, &workbench::compile()?)?;
    let info = Instance::start(&package, limits())?.describe()?.value;
    let Header { api, manifest } = &package.header;
    let mut row = |what: &str, value: &str| writeln!(out, "{what:<12}{value}");
    row("plugin", &format!("{} {}", manifest.name, manifest.version))?;
    row("network", &manifest.network)?;
    row("summary", &manifest.summary)?;
    row("contract", api)?;
    row("source", &sources(manifest))?;
    row("verified by", &verification(manifest))?;
    row("handshakes", &handshakes(manifest))?;
    row("fetches", &or_none(manifest.fetch.hosts.join(", ")))?;
    row("attributes", &or_none(manifest.attributes.keep.join(", ")))?;
    row("bad input", &format!("answered with {}", manifest.on_bad_input.status))?;
    if !manifest.not_understood.is_empty() {
        row("newer", &format!("{}: for later versions", manifest.not_understood.join(", ")))?;
    }
    row("size", &format!("{} bytes", found.bytes.len()))?;
    if (&info.name, &info.version) != (&manifest.name, &manifest.version) {
        row("differs", &format!("the code calls itself {} {}", info.name, info.version))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn sources(manifest: &Manifest) -> String {
    manifest.source.all().map(SourceKind::word).collect::<Vec<_>>().join(", ")
}

/// Each way by its name, with where its secret or signature stands.
fn verification(manifest: &Manifest) -> String {
    if manifest.verify.is_empty() {
        return "nothing".to_owned();
    }
    let way = |verify: &Verify| {
        let (name, scheme) = (verify.name(), verify.scheme.word());
        let mut said = if name == scheme { name.to_owned() } else { format!("{name} ({scheme})") };
        let at = [&verify.header, &verify.field, &verify.parameter];
        if let Some(at) = at.into_iter().flatten().next() {
            said.push_str(&format!(" in {at}"));
        }
        if !verify.allow_from.is_empty() {
            said.push_str(&format!(", from {}", verify.allow_from.join(" ")));
        }
        said
    };
    manifest.verify.iter().map(way).collect::<Vec<_>>().join("; ")
}

fn handshakes(manifest: &Manifest) -> String {
    let names = manifest.handshakes.iter().map(Handshake::name);
    or_none(names.collect::<Vec<_>>().join(", "))
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}
