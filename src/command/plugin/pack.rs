//! `tablica plugin pack`: one file to drop in.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::channel::host::Header;

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
    let module = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let text = fs::read_to_string(manifest)
        .with_context(|| format!("cannot read {}", manifest.display()))?;
    let packed = tablica_plugin_pack::pack(&module, &text)
        .with_context(|| format!("cannot pack {}", wasm.display()))?;
    // What is packed must be what this server would take.
    let header = Header::read(&wasm.display().to_string(), &packed)?;
    let output =
        output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.wasm", header.manifest.name)));
    fs::write(&output, &packed).with_context(|| format!("cannot write {}", output.display()))?;
    writeln!(out, "{}: {} bytes", output.display(), packed.len())?;
    Ok(ExitCode::SUCCESS)
}
