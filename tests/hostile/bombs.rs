//! Plugin files that are larger inside than outside. A command that looks at one is given little memory
//! and little time by the system: it must end by itself, with a sentence.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::guests::{self, PRELUDE};

/// What the system gives the command, and each process that it starts: KiB of memory, and seconds.
const COMMAND_KIB: usize = 700 << 10;
const COMMAND_SECONDS: usize = 100;

/// What is said may repeat some of a plugin's words.
const SENTENCE_BYTES_MAX: usize = 4 << 10;

/// A command of this program on files of a folder, whose compiled plugins go there, too. Its compiler
/// may take as little as the config allows.
pub(super) fn tablica(folder: &Path, command: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_tablica")).display();
    let bounded = format!(
        "ulimit -d {COMMAND_KIB} && ulimit -t {COMMAND_SECONDS} && exec {program} {command}"
    );
    Command::new("sh")
        .args(["-c", &bounded])
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("TABLICA_SERVER__COMPILE_MEMORY_BYTES_MAX", "256MiB")
        .output()
        .unwrap()
}

/// A component that is nothing but this, as a plugin file.
fn component(text: &str) -> Vec<u8> {
    let bytes = wat::parse_str(format!("(component {text})")).unwrap();
    guests::pack(bytes, &guests::manifest("bomb"), "1.0.0").into()
}

/// A whole plugin, with something in its module's beginning that the other guests have not.
fn plugin(prelude: &str, more: &str) -> Vec<u8> {
    let good = fs::read_to_string(guests::folder().join("good.wat")).unwrap();
    let guest = format!("{good}{more}");
    guests::from_parts(prelude, "bomb", &guest, &guests::manifest("bomb")).into()
}

fn with_manifest(manifest: &str) -> Vec<u8> {
    let empty = wat::parse_str("(component)").unwrap();
    guests::pack(empty, manifest, "1.0.0").into()
}

/// Components within one another.
fn nested(depth: usize) -> Vec<u8> {
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";
    let mut component = EMPTY.to_vec();
    for _ in 0..depth {
        let inner = [guests::leb128(component.len()), component].concat();
        component = [EMPTY, &[4], &inner].concat();
    }
    guests::pack(component, &guests::manifest("bomb"), "1.0.0").into()
}

/// Each with what must be said of it.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let manifest = guests::manifest("bomb");
    let variables = "(global i32 (i32.const 0))".repeat(20_000);
    let functions = "(func)".repeat(20_000);
    let instances = "(core instance (instantiate $m))".repeat(60);
    let types: String = (1..10_000).map(|n| format!("(type $t{n} (list $t{}))", n - 1)).collect();
    let arrays = format!("{manifest}\nx = {}\n", "[".repeat(30_000));
    let large = PRELUDE.replacen("\"memory\") 4)", "\"memory\") 65536)", 1);
    assert_ne!(large, PRELUDE);
    vec![
        (
            "a manifest of two megabytes",
            with_manifest(&format!("{manifest}{}", "# \n".repeat(1 << 20))),
            "bytes in its section tablica:manifest, and a plugin may have 65536",
        ),
        ("a manifest of brackets", with_manifest(&arrays), "plugin.toml"),
        (
            "a version of a megabyte",
            guests::pack(wat::parse_str("(component)").unwrap(), &manifest, &"1".repeat(1 << 20))
                .into(),
            "bytes in its section tablica:api, and a plugin may have 64",
        ),
        (
            "many variables in many instances",
            component(&format!("(core module $m {variables}) {instances}")),
            "1200000 functions, variables and tables in all its instances",
        ),
        (
            "many functions in many instances",
            component(&format!("(core module $m {functions}) {instances}")),
            "1200000 functions, variables and tables in all its instances",
        ),
        (
            "instances in components within",
            component(&format!("(component (core module $m {variables}) {instances})")),
            "1280000 functions, variables and tables in all its instances",
        ),
        ("many parts", component(&"(core instance)".repeat(30_000)), "30000 parts"),
        (
            "many imports",
            component(
                &(0..15_000).map(|n| format!("(import \"a{n}\" (func))")).collect::<String>(),
            ),
            "30000 parts",
        ),
        (
            "types within types",
            component(&format!("(type $t0 (list u8)) {types}")),
            "cannot be compiled",
        ),
        ("components within components", nested(3_000), "bomb.wasm"),
        ("memory at the start", plugin(&large, ""), "memory_bytes_max"),
        ("a table at the start", plugin(PRELUDE, "(table 9000000 funcref)"), "table"),
        (
            "a start without end",
            plugin(PRELUDE, "(func $s (loop (br 0))) (start $s)"),
            "call_timeout",
        ),
        (
            "a function that takes the compiler gigabytes",
            guests::compile_bomb().into(),
            "it takes more than 256 MiB of memory to compile (server.compile_memory_bytes_max)",
        ),
    ]
}

#[test]
fn a_command_that_looks_at_a_bomb_ends_with_a_sentence() {
    let mut wrong = Vec::new();
    for (name, bytes, sentence) in bombs() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("bomb.wasm"), bytes).unwrap();
        let output = tablica(folder.path(), "plugin inspect bomb.wasm");
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        println!("{name}: {:.200}", said);
        let is_well = output.status.code() == Some(1) && said.contains(sentence);
        if !is_well || said.len() > SENTENCE_BYTES_MAX {
            wrong.push(format!("{name}: {:?} {said:.1000}", output.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
