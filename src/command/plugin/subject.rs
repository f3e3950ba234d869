//! The plugin that `test`, `check` and `bench` are about: its folder with samples, and its packed file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::find::{self, Shipped, Sources};
use super::play::Script;
use super::workbench;
use crate::channel::host::Package;
use crate::channel::manifest::Manifest;

/// Which one.
#[derive(Debug, clap::Args)]
pub(super) struct Subject {
    /// The plugin's folder with plugin.toml and samples, a packed plugin in it, or a name below
    /// plugins/
    #[arg(value_name = "FOLDER|PLUGIN", default_value = ".")]
    folder: String,
    /// The packed plugin, when it lies neither in the folder nor in plugins/dist
    #[arg(long, value_name = "FILE")]
    plugin: Option<String>,
}

/// Both, read.
pub(super) struct Loaded {
    pub(super) folder: PathBuf,
    /// Of the folder.
    pub(super) manifest: Manifest,
    /// What its plugin file was found by.
    pub(super) name: String,
    pub(super) plugin: Arc<Package>,
}

impl Subject {
    /// A plugin's folder, with a packed plugin that lies anywhere.
    pub(super) fn of(folder: &Path, plugin: &Path) -> Self {
        Self { folder: folder.display().to_string(), plugin: Some(plugin.display().to_string()) }
    }

    /// Finds and compiles it.
    pub(super) fn load(&self, shipped: &Shipped<'_>) -> anyhow::Result<Loaded> {
        let Sources { folder, manifest, plugin: name } =
            find::sources(&self.folder, self.plugin.as_deref())?;
        let plugin = workbench::package(&find::plugin(&name, shipped)?, &workbench::compile()?)?;
        Ok(Loaded { folder, manifest, name, plugin })
    }
}

impl Loaded {
    /// Its samples, their files read.
    pub(super) fn scripts(&self) -> anyhow::Result<Vec<Script>> {
        let samples = self.manifest.samples.iter();
        samples.map(|sample| Script::read(&self.folder, &self.manifest, sample)).collect()
    }
}
