//! `tablica plugin build`: from an author's folder to one plugin file, by the tools of its language.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use anyhow::{Context, bail};
use serde_json::Value;

use super::find;
use super::new::CONTRACT;
use super::pack::{self, Packed};
use crate::clock;

/// What Rust plugins are built for.
const WASM: &str = "wasm32-unknown-unknown";
/// Makes a component of a JavaScript file: `FILE WIT OUTPUT`.
const COMPONENTIZE_JS: &str = include_str!("componentize.mjs");
/// Lines of a tool's last words that are shown.
const SAID_LINES_MAX: usize = 60;

/// The arguments of `tablica plugin build`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plugin's folder: plugin.toml, with Cargo.toml, package.json or requirements.txt
    #[arg(default_value = ".")]
    pub(super) folder: PathBuf,
    /// Where to write the plugin file [default: NAME.wasm in its folder]
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Build quickly instead of well (Rust)
    #[arg(long)]
    pub(super) debug: bool,
}

/// A language, by what lies in the folder.
enum Language {
    Rust,
    JavaScript,
    Python,
}

impl Language {
    fn of(folder: &Path) -> anyhow::Result<Self> {
        let has = |file: &str| folder.join(file).is_file();
        if has("Cargo.toml") {
            Ok(Language::Rust)
        } else if has("package.json") {
            Ok(Language::JavaScript)
        } else if has("pyproject.toml") || has("requirements.txt") {
            Ok(Language::Python)
        } else {
            bail!(
                "{} has none of Cargo.toml, package.json, pyproject.toml and requirements.txt, which \
                 tell the language; for another one, make a component by its own tools and use \
                 `tablica plugin pack`",
                folder.display()
            )
        }
    }
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let Arguments { folder, output, debug } = arguments;
    let begun = clock::now_ms();
    let packed = packed(folder, *debug)?;
    let folder = &fs::canonicalize(folder)?;
    let output =
        output.clone().unwrap_or_else(|| folder.join(format!("{}.wasm", packed.manifest.name)));
    packed.write(&output)?;
    let took = clock::now_ms() - begun;
    let seconds = took as f64 / 1000.0;
    writeln!(out, "{}: {} bytes, {seconds:.1} s", output.display(), packed.bytes.len())?;
    Ok(ExitCode::SUCCESS)
}

/// The plugin file of a folder, not yet written.
pub(super) fn packed(folder: &Path, debug: bool) -> anyhow::Result<Packed> {
    // Without a manifest nothing of this makes sense, and the tools take long.
    let manifest = find::manifest(folder)?;
    let folder = &fs::canonicalize(folder)?;
    let scratch = folder.join(format!(".{}.component", manifest.name));
    let made = match Language::of(folder)? {
        Language::Rust => rust(folder, debug),
        Language::JavaScript => java_script(folder, &scratch),
        Language::Python => python(folder, &scratch),
    };
    let packed = made.and_then(|wasm| pack::pack(&wasm, &folder.join("plugin.toml")));
    let _ = fs::remove_file(&scratch);
    packed
}

fn rust(folder: &Path, debug: bool) -> anyhow::Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder);
    cargo.args(["build", "--lib", "--target", WASM]);
    cargo.arg("--message-format=json-render-diagnostics");
    if !debug {
        cargo.arg("--release");
    }
    let said = answer(&mut cargo, "install Rust from https://rustup.rs")?;
    if !said.status.success() {
        let text = String::from_utf8_lossy(&said.stderr);
        if text.contains("can't find crate for `core`")
            || text.contains("can't find crate for `std`")
        {
            bail!("Rust has no target {WASM} here; `rustup target add {WASM}` installs it");
        }
        bail!("cargo build failed\n{}", last(&text));
    }
    let files = String::from_utf8_lossy(&said.stdout);
    let mut modules = files
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|it| it["reason"] == "compiler-artifact")
        .filter_map(|it| it["filenames"].as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .filter(|file| file.extension().is_some_and(|it| it == "wasm"));
    modules.next_back().context(
        "cargo made no .wasm file: Cargo.toml needs [lib] crate-type = [\"cdylib\", \"rlib\"]",
    )
}

fn java_script(folder: &Path, component: &Path) -> anyhow::Result<PathBuf> {
    let package = fs::read_to_string(folder.join("package.json"))?;
    let package: Value = serde_json::from_str(&package).context("package.json")?;
    let main = package["main"].as_str().unwrap_or("plugin.js");
    let contract = contract(folder)?;
    let mut node = Command::new("node");
    node.current_dir(folder);
    node.args(["--input-type=module", "--eval", COMPONENTIZE_JS, "--"]);
    node.arg(folder.join(main)).arg(&contract.folder).arg(component);
    let said = answer(&mut node, "install Node.js 20 or newer from https://nodejs.org")?;
    if !said.status.success() {
        let text = String::from_utf8_lossy(&said.stderr);
        if text.contains("NO_COMPONENTIZE_JS") {
            bail!("componentize-js is not here; `npm install` in {} gets it", folder.display());
        }
        bail!("componentize-js failed\n{}", last(&text));
    }
    Ok(component.to_path_buf())
}

fn python(folder: &Path, component: &Path) -> anyhow::Result<PathBuf> {
    let contract = contract(folder)?;
    let own = folder.join(".venv/bin/componentize-py");
    let program = if own.is_file() { own } else { PathBuf::from("componentize-py") };
    let mut tool = Command::new(program);
    tool.current_dir(folder).arg("--wit-path").arg(&contract.folder);
    tool.args(["--world", "channel", "componentize", "--stub-wasi", "plugin", "--output"]);
    tool.arg(component);
    let hint = "in the plugin's folder, `python3 -m venv .venv && .venv/bin/pip install \
                --requirement requirements.txt` installs it";
    let said = answer(&mut tool, hint)?;
    if !said.status.success() {
        bail!("componentize-py failed\n{}", last(&String::from_utf8_lossy(&said.stderr)));
    }
    Ok(component.to_path_buf())
}

/// The contract as a folder, for as long as a tool reads it.
struct Contract {
    folder: PathBuf,
}

impl Drop for Contract {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn contract(folder: &Path) -> anyhow::Result<Contract> {
    let contract = Contract { folder: folder.join(".tablica-wit") };
    fs::create_dir_all(&contract.folder)?;
    fs::write(contract.folder.join("channel.wit"), CONTRACT)?;
    Ok(contract)
}

/// Runs a tool; where there is none, `hint` says how to get it.
fn answer(command: &mut Command, hint: &str) -> anyhow::Result<Output> {
    let program = command.get_program().display().to_string();
    command.output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("`{program}` is not on the PATH: {hint}"),
        _ => anyhow::anyhow!("cannot run `{program}`: {error}"),
    })
}

fn last(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(SAID_LINES_MAX)..].join("\n")
}
