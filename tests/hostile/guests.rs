//! Makes plugin files of the guests in `guests/`.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

pub(crate) const PRELUDE: &str = include_str!("prelude.wat");

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/guests")
}

/// The guests by name, as the folder has them.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|file| file.split('.').next().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// The same guest by another author: its version, and with `can_read` whether it can read the state
/// that the one before has left.
pub(crate) fn next_version(name: &str, version: &str, can_read: bool) -> Bytes {
    let text = fs::read_to_string(folder().join(format!("{name}.wat"))).unwrap();
    let reads = "(global.set $state (i32.load (i32.load offset=12 (local.get $setup))))";
    assert!(PRELUDE.contains(reads), "{reads}");
    let prelude =
        if can_read { PRELUDE.to_owned() } else { PRELUDE.replace(reads, "(unreachable)") };
    assert_eq!(version.len(), "0.1.0".len(), "it stands in the guest's memory");
    let prelude = prelude.replace("0.1.0Nowhere", &format!("{version}Nowhere"));
    let manifest = manifest(name).replace("0.1.0", version);
    pack(component_with(&prelude, name, &text), &manifest, "1.0.0")
}

/// A guest as a plugin file. `GUEST+open` is the guest with a manifest that verifies nothing,
/// `GUEST+poll` one that only asks, `GUEST+fetching` one with secrets for its fetches, `GUEST+telling` one
/// that answers bad input with a text, `GUEST+shaking` one with a handshake.
pub(crate) fn plugin(name: &str) -> Bytes {
    let (name, variant) = name.split_once('+').unwrap_or((name, ""));
    let whole = folder().join(format!("{name}.component.wat"));
    let component = if whole.exists() {
        wat::parse_file(whole).unwrap()
    } else {
        component(name, &fs::read_to_string(folder().join(format!("{name}.wat"))).unwrap())
    };
    let api = if name == "wrong_version" { "2.0.0" } else { "1.0.0" };
    let manifest = match variant {
        "open" => unverified(&manifest(name)),
        "poll" => unverified(&manifest(name)).replace("\"webhook\", \"file\"", "\"poll\""),
        "telling" => manifest(name) + "body = \"not ours\"\n",
        "shaking" => manifest(name) + "[[handshake]]\nscheme = \"meta-challenge\"\n",
        "fetching" => {
            manifest(name)
                + r#"
[fetch]
hosts = ["*"]
[secrets.key]
hosts = ["*"]
[secrets.other]
hosts = ["*"]
"#
        }
        _ => manifest(name),
    };
    pack(component, &manifest, api)
}

/// A manifest without its `[[verify]]`.
fn unverified(manifest: &str) -> String {
    let (before, rest) = manifest.split_once("[[verify]]").expect("it verifies");
    let (_, after) = rest.split_once("[on_bad_input]").expect("it answers");
    format!("{before}[on_bad_input]{after}")
}

/// What the guests' `plugin.toml` says.
pub(crate) fn manifest(name: &str) -> String {
    format!(
        r#"
name = "{}"
version = "0.1.0"
api = "1"
network = "Nowhere"
medium = "message"
summary = "A guest of the tests"
[source]
kinds = ["webhook", "file"]
[[verify]]
scheme = "token-header"
header = "X-Token"
[on_bad_input]
status = 422
"#,
        name.replace('_', "-")
    )
}

/// A guest of another folder, as a plugin file.
pub(crate) fn from_parts(prelude: &str, name: &str, guest: &str, manifest: &str) -> Bytes {
    pack(component_with(prelude, name, guest), manifest, "1.0.0")
}

fn component(name: &str, guest: &str) -> Vec<u8> {
    component_with(PRELUDE, name, guest)
}

/// What the canonical ABI makes of the contract: the guests' words in capital letters.
const LAYOUT: [(&str, u32); 11] = [
    ("INPUT_BYTES", 80),
    ("EVENT_BYTES", 168),
    ("COMMAND_BYTES", 48),
    // Within an event.
    ("INTERACTION", 68),
    ("KIND", 112),
    // Cases of an input; those of a command.
    ("IS_RESPONSE", 1),
    ("IS_DOCUMENT", 4),
    ("IS_TIMER", 7),
    ("CONNECT", 1),
    ("SET_TIMER", 4),
    ("SAY", 5),
];

fn component_with(prelude: &str, name: &str, guest: &str) -> Vec<u8> {
    let name = name.replace('_', "-");
    let prelude = prelude
        .replace("NAME_BYTES", &name.len().to_string())
        .replace("NowhereNAME", &format!("Nowhere{name}"));
    let mut module = format!("(module\n{prelude}\n{guest})");
    for (word, number) in LAYOUT {
        module = module.replace(word, &number.to_string());
    }
    let mut module = wat::parse_str(module).unwrap();
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/wit/v1");
    let (package, _) = resolve.push_dir(wit).unwrap();
    let world = resolve.select_world(&[package], Some("channel")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, true).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

pub(crate) fn pack(mut component: Vec<u8>, manifest: &str, api: &str) -> Bytes {
    for (name, data) in [("tablica:api", api), ("tablica:manifest", manifest)] {
        let mut section = vec![u8::try_from(name.len()).unwrap()];
        section.extend(name.bytes());
        section.extend(data.bytes());
        component.push(0);
        component.extend(leb128(section.len()));
        component.extend(section);
    }
    component.into()
}

pub(crate) fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A plugin of 370 KB that a compiler needs gigabytes for: one function with a thousand variables, and
/// twenty thousand loops one after another. In each loop the compiler asks anew where each variable was
/// set last.
pub(crate) fn compile_bomb() -> Bytes {
    const VARIABLES: usize = 1_000;
    let get = |variable| [vec![0x20], leb128(variable)].concat();
    let set = |variable| [vec![0x21], leb128(variable)].concat();
    let mut body = [leb128(1), leb128(VARIABLES), vec![0x7e]].concat();
    for n in 0..20_000 {
        let (one, other) = (n * 7 % VARIABLES, (n * 13 + 1) % VARIABLES);
        // loop: one += other; again if other; end
        body.extend([0x03, 0x40]);
        body.extend([get(one), get(other), vec![0x7c], set(one), get(other)].concat());
        body.extend([0xa7, 0x0d, 0x00, 0x0b]);
    }
    body.push(0x0b);
    let section = |id: u8, data: Vec<u8>| [vec![id], leb128(data.len()), data].concat();
    let module = [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, vec![1, 0x60, 0, 0]),
        section(3, vec![1, 0]),
        section(10, [leb128(1), leb128(body.len()), body].concat()),
    ];
    let component = [b"\0asm\x0d\0\x01\0".to_vec(), section(1, module.concat())].concat();
    pack(component, &manifest("compile_bomb"), "1.0.0")
}
