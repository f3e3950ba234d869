//! Makes and opens plugin files.
//!
//! A plugin file is one WebAssembly component with two custom sections at its top level:
//! `tablica:api`, the version of the contract it speaks, and `tablica:manifest`, its
//! `plugin.toml`. The host reads both before it instantiates anything; xtask and
//! `tablica plugin pack` write them. This crate runs nothing and reads no files.

mod manifest;
mod sections;

use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Validator, WasmFeatures};
use wit_component::ComponentEncoder;

pub use sections::{Sections, read};

/// Section with the contract's version, such as `1.0.0`.
pub const API_SECTION: &str = "tablica:api";
/// Section with `plugin.toml`.
pub const MANIFEST_SECTION: &str = "tablica:manifest";
/// What a plugin may import: the contract's own types.
const OURS: &str = "tablica:channel/";
/// What components of other languages' tools import, unless they are told not to.
const WASI: &str = "wasi:";

/// Why there is no plugin file.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Neither a core module nor a component.
    #[error("this is not WebAssembly: {0}")]
    NotWasm(String),
    /// The contract's version is missing.
    #[error(
        "no `{API_SECTION}` section, and no component that exports tablica:channel/plugin: export the \
         plugin with the SDK's `export_channel!`, or make a component of the contract's world"
    )]
    NoApi,
    /// The contract's version cannot be read.
    #[error("the `{API_SECTION}` section says {0:?}, which is no version such as 1.0.0")]
    BadApi(String),
    /// The file is a component without a manifest: nobody packed it.
    #[error("no `{MANIFEST_SECTION}` section: pack the plugin with `tablica plugin pack`")]
    NoManifest,
    /// Somebody packed it before.
    #[error("it has a manifest already: pack the module that was built, not the plugin file")]
    AlreadyPacked,
    /// A plugin has no powers, so it may import nothing that has some.
    #[error(
        "it imports {0}, but a plugin gets nothing except the contract: remove the dependency \
         that wants it (clocks, randomness and files are usual), and build for \
         wasm32-unknown-unknown"
    )]
    Import(String),
    /// A language's runtime wants the system.
    #[error(
        "it imports {0}, but a plugin gets nothing except the contract: build it by `tablica plugin \
         build`, or with componentize-py's `--stub-wasi`, or componentize-js's `disableFeatures: \
         [\"random\", \"stdio\", \"clocks\", \"http\", \"fetch-event\"]`"
    )]
    Wasi(String),
    /// The manifest does not say what it must.
    #[error("plugin.toml: {0}")]
    Manifest(String),
    /// The module does not implement the contract.
    #[error("the module is no channel plugin: {0}")]
    NotAPlugin(String),
    /// Packing made something invalid.
    #[error("the packed plugin is not valid: {0}")]
    Invalid(String),
}

/// Makes a plugin file of a core module built with the SDK, or of a component, and its
/// `plugin.toml`.
pub fn pack(wasm: &[u8], manifest_toml: &str) -> Result<Vec<u8>, PackError> {
    let found = sections::survey(wasm)?;
    if found.packed {
        return Err(PackError::AlreadyPacked);
    }
    if let Some(import) = found.imports.iter().find(|import| !import.starts_with(OURS)) {
        return Err(match import.starts_with(WASI) {
            true => PackError::Wasi(import.clone()),
            false => PackError::Import(import.clone()),
        });
    }
    let api = found.api.or(found.exported).ok_or(PackError::NoApi)?;
    manifest::check(manifest_toml, &api)?;

    let is_component = Parser::is_component(wasm);
    let mut packed = if is_component { wasm.to_vec() } else { componentize(wasm)? };
    if !sections::survey(&packed)?.is_plugin {
        return Err(PackError::NotAPlugin("it does not export tablica:channel/plugin".into()));
    }
    if !(is_component && found.api_on_top) {
        append(&mut packed, API_SECTION, &api);
    }
    append(&mut packed, MANIFEST_SECTION, manifest_toml);
    Validator::new_with_features(WasmFeatures::default())
        .validate_all(&packed)
        .map_err(|error| PackError::Invalid(error.to_string()))?;
    Ok(packed)
}

fn componentize(module: &[u8]) -> Result<Vec<u8>, PackError> {
    ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| PackError::NotAPlugin(format!("{error:#}")))
}

fn append(component: &mut Vec<u8>, name: &str, data: &str) {
    CustomSection { name: name.into(), data: data.as_bytes().into() }
        .append_to_component(component);
}

#[cfg(test)]
mod tests;
