//! Reads a WebAssembly file's outline: its custom sections and what it imports.

use wasmparser::{Encoding, Parser, Payload};

use crate::{API_SECTION, MANIFEST_SECTION, PackError};

/// What a plugin file says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    /// The contract it speaks, such as `1.0.0`.
    pub api: String,
    /// Its `plugin.toml`.
    pub manifest: String,
}

/// Reads the sections of a packed plugin, from its top level only: what a nested module says of
/// itself does not count.
pub fn read(packed: &[u8]) -> Result<Sections, PackError> {
    let mut api = None;
    let mut manifest = None;
    walk(packed, |depth, payload| {
        if let (0, Payload::CustomSection(section)) = (depth, payload) {
            match section.name() {
                API_SECTION => api = Some(version(section.data())?),
                MANIFEST_SECTION => manifest = Some(text(section.data())?),
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(Sections {
        api: api.ok_or(PackError::NoApi)?,
        manifest: manifest.ok_or(PackError::NoManifest)?,
    })
}

/// The contract's exported interface, up to its version.
const EXPORT: &str = "tablica:channel/plugin@";

/// What packing must know of a module or component.
#[derive(Default)]
pub(crate) struct Survey {
    /// The contract's version, wherever it stands.
    pub(crate) api: Option<String>,
    /// It stands at the top level, where the host looks for it.
    pub(crate) api_on_top: bool,
    /// It is a component that exports the contract.
    pub(crate) is_plugin: bool,
    /// The version in the name of that export: what other tools than the SDK leave.
    pub(crate) exported: Option<String>,
    /// There is a manifest already.
    pub(crate) packed: bool,
    /// What it wants from outside, by the names an author can search for.
    pub(crate) imports: Vec<String>,
}

/// Looks at the whole file; of nested modules only the version counts.
pub(crate) fn survey(wasm: &[u8]) -> Result<Survey, PackError> {
    let mut survey = Survey::default();
    walk(wasm, |depth, payload| {
        match payload {
            Payload::CustomSection(section) if section.name() == API_SECTION => {
                let version = version(section.data())?;
                survey.api.get_or_insert(version);
                survey.api_on_top |= depth == 0;
            }
            Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                survey.packed |= depth == 0;
            }
            Payload::ImportSection(imports) if depth == 0 => {
                for import in imports.into_imports() {
                    let import = import.map_err(not_wasm)?;
                    survey.imports.push(format!("{}.{}", import.module, import.name));
                }
            }
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    survey.imports.push(import.map_err(not_wasm)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    let name = export.map_err(not_wasm)?.name.name;
                    if let Some(version) = name.strip_prefix(EXPORT) {
                        survey.is_plugin = true;
                        survey.exported = Some(self::version(version.as_bytes())?);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(survey)
}

/// Goes through all payloads with their depth: 0 is the file itself.
fn walk(
    wasm: &[u8],
    mut visit: impl FnMut(usize, Payload<'_>) -> Result<(), PackError>,
) -> Result<(), PackError> {
    let mut depth = 0_usize;
    let mut begun = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(not_wasm)?;
        match &payload {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } if !begun => {
                begun = true;
            }
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => visit(depth, payload)?,
        }
    }
    Ok(())
}

fn version(data: &[u8]) -> Result<String, PackError> {
    let version = text(data)?;
    let mut parts = version.split('.');
    let numbers = parts.by_ref().take(3).filter(|part| part.parse::<u32>().is_ok()).count();
    match numbers == 3 && parts.next().is_none() {
        true => Ok(version),
        false => Err(PackError::BadApi(version)),
    }
}

fn text(data: &[u8]) -> Result<String, PackError> {
    String::from_utf8(data.to_vec())
        .map_err(|_| PackError::BadApi(String::from_utf8_lossy(data).into_owned()))
}

fn not_wasm(error: wasmparser::BinaryReaderError) -> PackError {
    PackError::NotWasm(error.to_string())
}
