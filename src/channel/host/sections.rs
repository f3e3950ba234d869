//! What a plugin's file is made of, read without compiling: what it says about itself, and how much
//! there is of what each of its instances takes memory for. The file may be anybody's: this takes one
//! walk over it, and no more memory than a few numbers.

use wasmparser::{ComponentExternName, Encoding, Instance, Parser, Payload};

use super::limits::INSTANCES_MAX;
use super::package::PackageError;

/// Custom section with the contract's version, such as `1.0.0`.
const API_SECTION: &str = "tablica:api";
/// Custom section with the plugin's `plugin.toml`.
const MANIFEST_SECTION: &str = "tablica:manifest";
/// The one import that is none: the contract's own types.
const TYPES_IMPORT: &str = "tablica:channel/types@";

/// Bytes of a contract's version. Messages repeat it.
const API_BYTES_MAX: usize = 64;
/// Bytes of a `plugin.toml`; ours have two thousand.
const MANIFEST_BYTES_MAX: usize = 64 << 10;
/// Functions, variables and tables of all instances in a plugin. Each takes about 32 bytes beside the
/// memory that the plugin sees. One in Python has 440,000.
const ITEMS_MAX: usize = 1_000_000;
/// What a component is put together of, beside its modules; one in Python has 2,000.
const PARTS_MAX: usize = 20_000;
/// A name of an import is cut off here in messages.
const IMPORT_CHARS_MAX: usize = 100;

/// What stands at the top level of a component, and how much there is in it.
#[derive(Default)]
pub(super) struct Sections<'a> {
    api: Option<&'a [u8]>,
    manifest: Option<&'a [u8]>,
    /// The first that is not ours.
    pub(super) import: Option<String>,
}

impl<'a> Sections<'a> {
    pub(super) fn read(name: &str, bytes: &'a [u8]) -> Result<Self, PackageError> {
        let not_a_plugin =
            |reason: String| PackageError::NotAPlugin { name: name.to_owned(), reason };
        let bad = |error: wasmparser::BinaryReaderError| not_a_plugin(error.to_string());
        let mut sections = Sections::default();
        let mut counts = Counts::default();
        let mut depth = 0usize;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(bad)?;
            counts.count(&payload, depth).map_err(bad)?;
            match payload {
                Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                    return Err(not_a_plugin("it is a core module, not a component".into()));
                }
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section) if depth == 0 => match section.name() {
                    API_SECTION => sections.api = Some(section.data()),
                    MANIFEST_SECTION => sections.manifest = Some(section.data()),
                    _ => {}
                },
                Payload::ComponentImportSection(imports) if depth == 0 => {
                    for import in imports {
                        let ComponentExternName { name: import, .. } = import.map_err(bad)?.name;
                        if !import.starts_with(TYPES_IMPORT) && sections.import.is_none() {
                            let import = import.chars().take(IMPORT_CHARS_MAX).collect();
                            sections.import = Some(import);
                        }
                    }
                }
                _ => {}
            }
        }
        counts.check(name)?;
        Ok(sections)
    }

    /// The contract's version.
    pub(super) fn api(&self, name: &str) -> Result<&'a str, PackageError> {
        Ok(text(name, API_SECTION, self.api, API_BYTES_MAX)?.trim())
    }

    /// `plugin.toml`.
    pub(super) fn manifest(&self, name: &str) -> Result<&'a str, PackageError> {
        text(name, MANIFEST_SECTION, self.manifest, MANIFEST_BYTES_MAX)
    }
}

fn text<'a>(
    name: &str,
    section: &str,
    data: Option<&'a [u8]>,
    max: usize,
) -> Result<&'a str, PackageError> {
    let not_a_plugin = |reason: String| PackageError::NotAPlugin { name: name.to_owned(), reason };
    let data = data.ok_or_else(|| not_a_plugin(format!("it has no section {section}")))?;
    within(name, data.len(), &format!("bytes in its section {section}"), max)?;
    std::str::from_utf8(data)
        .map_err(|_| not_a_plugin(format!("its section {section} is not UTF-8")))
}

fn within(name: &str, count: usize, what: &str, max: usize) -> Result<(), PackageError> {
    if count <= max {
        return Ok(());
    }
    Err(PackageError::TooMuch { name: name.to_owned(), what: format!("{count} {what}"), max })
}

/// How much there is of what instances take memory for.
#[derive(Default)]
struct Counts {
    /// Of the module that is read.
    items: usize,
    /// Of the largest one.
    items_most: usize,
    instances: usize,
    parts: usize,
}

impl Counts {
    fn count(&mut self, payload: &Payload<'_>, depth: usize) -> wasmparser::Result<()> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } => self.items = 0,
            Payload::ImportSection(imports) => {
                // An instance has a place for what it imports, too.
                for import in imports.clone().into_imports() {
                    self.items += import.map(|_| 1)?;
                }
            }
            Payload::FunctionSection(section) => self.items += section.count() as usize,
            Payload::TableSection(section) => self.items += section.count() as usize,
            Payload::MemorySection(section) => self.items += section.count() as usize,
            Payload::TagSection(section) => self.items += section.count() as usize,
            Payload::GlobalSection(section) => self.items += section.count() as usize,
            Payload::InstanceSection(instances) => {
                self.parts += instances.count() as usize;
                for instance in instances.clone() {
                    if matches!(instance?, Instance::Instantiate { .. }) {
                        // A component within this one may be used many times.
                        self.instances += if depth == 0 { 1 } else { INSTANCES_MAX };
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => self.parts += section.count() as usize,
            Payload::ComponentAliasSection(section) => self.parts += section.count() as usize,
            Payload::ComponentCanonicalSection(section) => self.parts += section.count() as usize,
            Payload::ComponentImportSection(section) => self.parts += section.count() as usize,
            Payload::ComponentExportSection(section) => self.parts += section.count() as usize,
            Payload::ComponentTypeSection(section) => self.parts += section.count() as usize,
            Payload::CoreTypeSection(section) => self.parts += section.count() as usize,
            _ => {}
        }
        self.items_most = self.items_most.max(self.items);
        Ok(())
    }

    fn check(&self, name: &str) -> Result<(), PackageError> {
        let items = self.items_most.saturating_mul(self.instances.min(INSTANCES_MAX));
        let what = "functions, variables and tables in all its instances";
        within(name, items, what, ITEMS_MAX)?;
        within(name, self.parts, "parts", PARTS_MAX)
    }
}
