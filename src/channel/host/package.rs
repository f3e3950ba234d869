//! A plugin file: component, contract version and manifest in one.
//!
//! The version and the manifest are custom sections, read without compiling anything, so that a
//! plugin for another contract is refused with a sentence and not with a type error.

use std::io;
use std::path::Path;

use super::bindings::ChannelPre;
use super::engine::PluginEngine;
use super::limits::Limits;
use super::sections::Sections;
use super::{API_MAJOR, API_MINOR};
use crate::channel::manifest::{Manifest, ManifestError};
use crate::files;
use crate::telemetry::happenings::PluginNotCompiled;

/// Larger files are no plugins.
const PLUGIN_BYTES_MAX: u64 = 256 << 20;

/// Why a file is not a plugin of ours.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Not a component at all.
    #[error("{name} is not a plugin file: {reason} (make one with `tablica plugin pack`)")]
    NotAPlugin {
        /// The file's name.
        name: String,
        /// What it is, or what it lacks.
        reason: String,
    },
    /// Made for another version of the contract.
    #[error(
        "{name} speaks contract {speaks}, this server speaks {API_MAJOR}.{API_MINOR}: update Tablica \
         or get a build of the plugin for {API_MAJOR}.{API_MINOR}"
    )]
    WrongContract {
        /// The file's name.
        name: String,
        /// The version in the file, `major.minor`.
        speaks: String,
    },
    /// Its `plugin.toml` is wrong.
    #[error("{name}: {error}")]
    Manifest {
        /// The file's name.
        name: String,
        /// What is wrong.
        error: ManifestError,
    },
    /// It has more of something than a server should have to hold.
    #[error("{name} has {what}, and a plugin may have {max}")]
    TooMuch {
        /// The file's name.
        name: String,
        /// What, and how much of it.
        what: String,
        /// How much there may be.
        max: usize,
    },
    /// It wants powers.
    #[error(
        "{name} imports {import}: plugins have no powers and get nothing from the server but \
         their inputs; build it without that import{hint}"
    )]
    Import {
        /// The file's name.
        name: String,
        /// The first import that is not ours.
        import: String,
        /// A way out, where there is a usual one.
        hint: &'static str,
    },
    /// It cannot be compiled, or only by more than compiling may take.
    #[error("{name} cannot be compiled: {reason}")]
    Compile {
        /// The file's name.
        name: String,
        /// Which limit it hit and what to do, or wasmtime's words.
        reason: String,
    },
    /// It does not export what a channel plugin must.
    #[error("{name} does not offer what contract {API_MAJOR}.x asks of a plugin: {reason}")]
    Exports {
        /// The file's name.
        name: String,
        /// wasmtime's words.
        reason: String,
    },
}

/// What a plugin file says about itself before anything is compiled.
#[derive(Clone, Debug)]
pub struct Header {
    /// The contract it was built for, such as `1.0.0`.
    pub api: String,
    /// Its `plugin.toml`.
    pub manifest: Manifest,
}

impl Header {
    /// Reads the sections and refuses what this server cannot run. `name` is for messages.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Header, PackageError> {
        let sections = Sections::read(name, bytes)?;
        let api = sections.api(name)?;
        check_version(name, api)?;
        let manifest = sections.manifest(name)?;
        let manifest = Manifest::parse(manifest)
            .map_err(|error| PackageError::Manifest { name: name.to_owned(), error })?;
        if let Some(import) = sections.import {
            let hint = if import.starts_with("wasi:") {
                " (for Rust: the target wasm32-unknown-unknown has no WASI)"
            } else {
                ""
            };
            return Err(PackageError::Import { name: name.to_owned(), import, hint });
        }
        Ok(Header { api: api.to_owned(), manifest })
    }
}

fn check_version(name: &str, api: &str) -> Result<(), PackageError> {
    let mut numbers = api.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return Err(PackageError::NotAPlugin {
            name: name.to_owned(),
            reason: format!("its contract is called `{api}`, expected such as `1.0.0`"),
        });
    };
    if major != API_MAJOR || minor > API_MINOR {
        let speaks = format!("{major}.{minor}");
        return Err(PackageError::WrongContract { name: name.to_owned(), speaks });
    }
    Ok(())
}

/// The bytes of a plugin file.
pub fn read_plugin(path: &Path) -> io::Result<Vec<u8>> {
    files::read(path, PLUGIN_BYTES_MAX)
}

/// A plugin, compiled and linked: instances of it start quickly.
pub struct Package {
    /// What it says about itself.
    pub header: Header,
    pub(super) pre: ChannelPre<Limits>,
}

impl Package {
    /// Checks and compiles a plugin file. Takes a while the first time: keep it off the runtime.
    pub fn load(engine: &PluginEngine, name: &str, bytes: &[u8]) -> Result<Package, PackageError> {
        let header = Header::read(name, bytes)?;
        let component = engine.compile(name, bytes).map_err(|error| {
            let reason = error.to_string();
            PluginNotCompiled { plugin: name, class: error.class().word(), reason: &reason }.emit();
            PackageError::Compile { name: name.to_owned(), reason }
        })?;
        let pre = engine.linker.instantiate_pre(&component).and_then(ChannelPre::new).map_err(
            |error| PackageError::Exports { name: name.to_owned(), reason: format!("{error:#}") },
        )?;
        Ok(Package { header, pre })
    }

    /// The plugin's manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.header.manifest
    }
}
