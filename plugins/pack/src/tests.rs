//! Packs guests made without a compiler.
#![allow(clippy::unwrap_used, reason = "a guest that cannot be made is a failed test")]

use wasm_encoder::{Component, EntityType, ImportSection, Module, Section, TypeSection};
use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

use super::*;

const MANIFEST: &str = r#"
name = "bell"
version = "0.1.0"
api = "1"
network = "Front desk bell"
medium = "visit"
"#;

/// A module that exports what the contract asks for, and does nothing.
fn guest(api: Option<&str>) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/v1");
    let (package, _) = resolve.push_dir(wit).unwrap();
    let world = resolve.select_world(&[package], Some("channel")).unwrap();
    let mut module =
        dummy_module(&resolve, world, ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::Sync));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    if let Some(api) = api {
        CustomSection { name: API_SECTION.into(), data: api.as_bytes().into() }
            .append_to(&mut module);
    }
    module
}

/// A module that wants one function from outside.
fn guest_importing(module: &str, name: &str) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut imports = ImportSection::new();
    imports.import(module, name, EntityType::Function(0));
    let mut wasm = Module::new();
    wasm.section(&types).section(&imports);
    wasm.finish()
}

fn message(result: Result<Vec<u8>, PackError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_packed_module_is_a_component_that_says_who_it_is() {
    let packed = pack(&guest(Some("1.0.0")), MANIFEST).unwrap();
    assert!(Parser::is_component(&packed));
    assert_eq!(read(&packed).unwrap(), Sections { api: "1.0.0".into(), manifest: MANIFEST.into() });
    assert_eq!(
        sections::survey(&packed).unwrap().imports.iter().find(|name| !name.starts_with(OURS)),
        None
    );
}

#[test]
fn a_component_from_another_tool_is_packed_as_it_is() {
    let component = componentize(&guest(Some("1.0.0"))).unwrap();
    let packed = pack(&component, MANIFEST).unwrap();
    assert!(packed.starts_with(&component));
    assert_eq!(read(&packed).unwrap().api, "1.0.0");
}

#[test]
fn a_component_without_a_section_says_its_contract_by_what_it_exports() {
    let component = componentize(&guest(None)).unwrap();
    let packed = pack(&component, MANIFEST).unwrap();
    assert_eq!(read(&packed).unwrap().api, "1.0.0");
}

#[test]
fn packing_twice_is_a_mistake() {
    let packed = pack(&guest(Some("1.0.0")), MANIFEST).unwrap();
    assert!(message(pack(&packed, MANIFEST)).contains("manifest already"));
}

#[test]
fn a_module_without_a_version_was_not_exported_with_the_sdk() {
    let message = message(pack(&guest(None), MANIFEST));
    assert!(message.contains("export_channel!"), "{message}");
}

#[test]
fn a_version_that_is_none_is_shown() {
    let message = message(pack(&guest(Some("one")), MANIFEST));
    assert!(message.contains("\"one\""), "{message}");
}

#[test]
fn an_import_is_refused_by_its_name() {
    let wasm = guest_importing("wasi_snapshot_preview1", "random_get");
    let message = message(pack(&wasm, MANIFEST));
    assert!(message.contains("wasi_snapshot_preview1.random_get"), "{message}");
}

#[test]
fn a_module_without_the_exports_is_no_plugin() {
    let mut wasm = Module::new().finish();
    CustomSection { name: API_SECTION.into(), data: b"1.0.0".into() }.append_to(&mut wasm);
    assert!(matches!(pack(&wasm, MANIFEST), Err(PackError::NotAPlugin(_))));
}

#[test]
fn what_is_not_wasm_is_said_to_be_so() {
    assert!(matches!(pack(b"#!/bin/sh", MANIFEST), Err(PackError::NotWasm(_))));
    assert!(matches!(read(b""), Err(PackError::NotWasm(_))));
}

#[test]
fn a_manifest_must_name_the_plugin_and_its_contract() {
    let guest = guest(Some("1.0.0"));
    let cases = [
        ("name = ", "TOML"),
        (&MANIFEST.replace("name = \"bell\"", ""), "`name` is missing"),
        (&MANIFEST.replace("\"0.1.0\"", "7"), "`version` must be a text"),
        (&MANIFEST.replace("api = \"1\"", "api = \"2\""), "speaks 1.0.0"),
    ];
    for (manifest, expected) in cases {
        let message = message(pack(&guest, manifest));
        assert!(message.contains(expected), "{manifest}: {message}");
    }
}

#[test]
fn a_bare_component_has_no_manifest() {
    assert!(matches!(read(&Component::new().finish()), Err(PackError::NoApi)));
    let component = componentize(&guest(Some("1.0.0"))).unwrap();
    let error = read(&component).unwrap_err();
    assert!(matches!(error, PackError::NoApi), "a nested module's section must not count");
}
