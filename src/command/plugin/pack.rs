//! `tablica plugin pack`: one file to drop in.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::workbench;
use crate::channel::host::{Header, Instance};
use crate::channel::manifest::{Manifest, SourceKind};

pub(super) const EXAMPLES: &str = "\
Example:
  cargo build --release --target wasm32-unknown-unknown
  tablica plugin pack target/wasm32-unknown-unknown/release/my_network.wasm \\
    --manifest plugin.toml --output my-network.wasm";

/// The arguments of `tablica plugin pack`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A core module built with the SDK, or a component
    wasm: PathBuf,
    /// The plugin's plugin.toml
    #[arg(long, value_name = "FILE", default_value = "plugin.toml")]
    manifest: PathBuf,
    /// The plugin file to write [default: NAME.wasm in this folder, by the manifest's name]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let Arguments { wasm, manifest, output } = arguments;
    let packed = pack(wasm, manifest)?;
    let output =
        output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.wasm", packed.manifest.name)));
    packed.write(&output)?;
    writeln!(out, "{}: {} bytes", output.display(), packed.bytes.len())?;
    Ok(ExitCode::SUCCESS)
}

/// A plugin file that this server takes.
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) manifest: Manifest,
}

impl Packed {
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        fs::write(path, &self.bytes).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Packs, and tries what came out: it must start here as it will in a server.
pub(super) fn pack(wasm: &Path, manifest: &Path) -> anyhow::Result<Packed> {
    let module = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let text = fs::read_to_string(manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    let bytes = tablica_plugin_pack::pack(&module, &text)
        .with_context(|| format!("cannot pack {}", wasm.display()))?;
    let name = wasm.display().to_string();
    let Header { manifest, .. } = Header::read(&name, &bytes)?;
    if let Some(why) = hopeless(&manifest) {
        bail!("plugin.toml cannot work: {why}");
    }
    let package = workbench::compiled(&name, &bytes, &workbench::compile()?)?;
    let info = Instance::start(&package, workbench::limits())?.describe()?.value;
    if (&info.name, &info.version) != (&manifest.name, &manifest.version) {
        bail!(
            "plugin.toml says {} {}, and the code calls itself {} {}: they must be the same",
            manifest.name,
            manifest.version,
            info.name,
            info.version
        );
    }
    Ok(Packed { bytes, manifest })
}

/// What no operator could make work.
fn hopeless(manifest: &Manifest) -> Option<String> {
    let source = &manifest.source;
    let asks = [SourceKind::Poll, SourceKind::Socket, SourceKind::Tcp];
    if let Some(kind) = asks.into_iter().find(|kind| source.allows(*kind))
        && manifest.fetch.hosts.is_empty()
    {
        return Some(format!(
            "a `{}` source talks to hosts, and `[fetch] hosts` names none",
            kind.word()
        ));
    }
    if !source.allows(SourceKind::Webhook) {
        let checks = [
            ("[[verify]]", !manifest.verify.is_empty()),
            ("[[handshake]]", !manifest.handshakes.is_empty()),
        ];
        if let Some((section, _)) = checks.into_iter().find(|(_, stands)| *stands) {
            return Some(format!("{section} is for webhooks, and `[source]` has none"));
        }
    }
    None
}
