//! Builds channel plugins: each folder of `plugins/` with a `plugin.toml` becomes one file in
//! `plugins/dist`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::place::Place;
use crate::setup::{self, WASM, WasmCargo};
use crate::step::Steps;
use crate::tools::write_if_changed;

/// One plugin's sources.
struct Plugin {
    name: String,
    folder: PathBuf,
    package: String,
}

/// Builds and packs all plugins.
pub(crate) fn build(place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    let plugins = find(&place.root.join("plugins"))?;
    let cargo = setup::wasm(steps, place)?;
    let (mut command, target) = cargo_command(place, &cargo);
    for plugin in &plugins {
        command.args(["--package", &plugin.package]);
    }
    steps.run("build plugins", &mut command)?;

    let dist = place.root.join("plugins/dist");
    fs::create_dir_all(&dist)?;
    let mut changed = Vec::new();
    for plugin in &plugins {
        if pack(plugin, &target, &dist).with_context(|| format!("plugin {}", plugin.name))? {
            changed.push(plugin.name.as_str());
        }
    }
    remove_strangers(&dist, &plugins)?;
    if changed.is_empty() {
        steps.skip("pack plugins", "up to date");
    } else {
        println!("  ✓ packed into plugins/dist: {}", changed.join(", "));
    }
    Ok(())
}

/// The names of those that ship.
pub(crate) fn names(place: &Place) -> anyhow::Result<Vec<String>> {
    Ok(find(&place.root.join("plugins"))?.into_iter().map(|plugin| plugin.name).collect())
}

fn find(folder: &Path) -> anyhow::Result<Vec<Plugin>> {
    let mut plugins = Vec::new();
    for entry in fs::read_dir(folder)? {
        let folder = entry?.path();
        if folder.join("plugin.toml").is_file() && folder.join("Cargo.toml").is_file() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            plugins.push(Plugin { package: format!("tablica-{name}"), name, folder });
        }
    }
    plugins.sort_by(|a, b| a.name.cmp(&b.name));
    ensure!(!plugins.is_empty(), "no folder of {} has a plugin.toml", folder.display());
    Ok(plugins)
}

/// The command that builds for WebAssembly, and the folder that its products get into.
fn cargo_command(place: &Place, cargo: &WasmCargo) -> (Command, PathBuf) {
    let build = ["build", "--profile", "plugin", "--target", WASM];
    match cargo {
        WasmCargo::Own => (place.cargo(&build), place.target()),
        WasmCargo::Debian { linker } => {
            // Its own folder: products of two compilers do not mix.
            let target = place.cache.join("target-debian");
            let mut command = place.command("/usr/bin/cargo".as_ref());
            command
                .args(build)
                .args(["-Zbuild-std=std,panic_abort"])
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env("CARGO_TARGET_DIR", &target)
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("LD_LIBRARY_PATH");
            (command, target)
        }
    }
}

/// Makes one file of component and manifest. True when it differs from what was there.
fn pack(plugin: &Plugin, target: &Path, dist: &Path) -> anyhow::Result<bool> {
    let core =
        target.join(WASM).join("plugin").join(format!("{}.wasm", plugin.package.replace('-', "_")));
    let core = fs::read(&core).with_context(|| format!("no module {}", core.display()))?;
    let manifest = fs::read_to_string(plugin.folder.join("plugin.toml"))?;
    let packed = tablica_plugin_pack::pack(&core, &manifest)?;
    Ok(write_if_changed(&dist.join(format!("{}.wasm", plugin.name)), &packed)?)
}

/// Plugins that exist no more would be shipped for ever.
fn remove_strangers(dist: &Path, plugins: &[Plugin]) -> anyhow::Result<()> {
    for entry in fs::read_dir(dist)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default();
        if !plugins.iter().any(|plugin| stem == plugin.name.as_str()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
