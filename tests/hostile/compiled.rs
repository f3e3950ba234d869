//! Commands have plugins compiled as the server has them: within bounds, once, one at a time.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::bombs::tablica;
use super::guests;

/// Commands on the plugin of a folder.
const COMMANDS: [&str; 6] = [
    "plugin inspect plugin.wasm",
    "plugin run plugin.wasm --input input",
    "plugin test .",
    "plugin check .",
    "plugin bench . --seconds 0",
    "check --config tablica.toml",
];

/// A folder with a plugin, a sample for it and a config that uses it.
fn folder(name: &str, plugin: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, content: &[u8]| fs::write(folder.path().join(file), content).unwrap();
    write("plugin.wasm", plugin);
    write(&format!("{}.wasm", name.replace('_', "-")), plugin);
    write("input", b"id-a");
    write("expected.jsonl", b"");
    let sample = "[[sample]]\nfile = \"input\"\nas = \"webhook\"\nexpect = \"expected.jsonl\"\n";
    write("plugin.toml", format!("{}{sample}about = \"One\"\n", guests::manifest(name)).as_bytes());
    let config = "[channel.a]\nplugin = \"plugin.wasm\"\nsecret = { env = \"PATH\" }\n";
    write("tablica.toml", config.as_bytes());
    folder
}

/// Inode of each compiled plugin of a folder: one that is compiled again has another.
fn compiled(cache: &Path) -> Vec<u64> {
    let files = fs::read_dir(cache.join("compiled-plugins")).unwrap().map(|file| file.unwrap());
    let code = files.filter(|file| file.path().extension().is_some_and(|it| it == "cwasm"));
    code.map(|file| file.metadata().unwrap().ino()).collect()
}

#[test]
fn each_command_uses_what_another_has_compiled() {
    let folder = folder("good", &guests::plugin("good"));
    let cache = folder.path().join("cache/tablica");
    let mut first = None;
    for command in COMMANDS {
        let output = tablica(folder.path(), command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("compiled"), "{command}: {said}");
        let now = compiled(&cache);
        assert_eq!(now.len(), 1, "{command}: {said}");
        assert_eq!(*first.get_or_insert_with(|| now.clone()), now, "{command} compiled again");
    }
    // With a server's state it is the server's, and nothing is made there that is not.
    assert!(!folder.path().join("state").exists());
    let state = folder.path().join("state/compiled-plugins");
    fs::create_dir_all(&state).unwrap();
    fs::set_permissions(&state, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    assert!(tablica(folder.path(), "check --config tablica.toml").status.success());
    assert_eq!(compiled(&folder.path().join("state")).len(), 1);
}

#[test]
fn each_command_says_which_limit_a_plugin_hits() {
    let folder = folder("compile_bomb", &guests::compile_bomb());
    for command in COMMANDS {
        let output = tablica(folder.path(), command);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(1), "{command}: {:?} {said}", output.status);
        let limit = "256 MiB of memory to compile (server.compile_memory_bytes_max)";
        assert!(said.contains(limit), "{command}: {said}");
        assert!(said.contains(".wasm cannot be compiled"), "{command}: {said}");
        assert!(compiled(&folder.path().join("cache/tablica")).is_empty());
    }
}
