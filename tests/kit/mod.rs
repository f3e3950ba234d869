//! The authoring kit as an author meets it: by the `tablica` program, from an empty folder.

mod dev;
mod inspect;
mod last_words;
mod page;
mod shipped;
mod wall;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A language that plugins are written in.
#[derive(Clone, Copy)]
enum Language {
    Rust,
    JavaScript,
    Python,
}

impl Language {
    /// As `--lang` has it.
    fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::JavaScript => "js",
            Self::Python => "python",
        }
    }

    /// Where `cargo xtask test` has installed its tools; none for `cargo test` alone, which installs
    /// nothing.
    fn tools(self) -> Option<PathBuf> {
        let variable = match self {
            Self::Rust => return Some(PathBuf::new()),
            Self::JavaScript => "TABLICA_NODE_MODULES",
            Self::Python => "TABLICA_COMPONENTIZE_PY",
        };
        std::env::var_os(variable).map(PathBuf::from)
    }

    /// What makes a new plugin's folder ready to build, without a network: the project's own versions of
    /// crates, which are on this machine already, or the tools.
    fn equip(self, folder: &Path) {
        let tools = self.tools().unwrap();
        match self {
            Self::Rust => {
                fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
            }
            Self::JavaScript => symlink(tools, folder.join("node_modules")).unwrap(),
            Self::Python => symlink(tools.parent().unwrap(), folder.join(".venv")).unwrap(),
        }
    }
}

/// A shell command in a folder, as somebody types it who has `tablica` on the PATH. Crates are
/// those of the project: nothing is fetched.
fn shell(folder: &Path, command: &str) -> Output {
    typed(folder, command).output().unwrap()
}

/// The same before it runs.
fn typed(folder: &Path, command: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_tablica")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("TABLICA_SDK", root().join("plugins/sdk"))
        .env("CARGO_TARGET_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kit"))
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("TABLICA_BLESS")
        .stdin(Stdio::null());
    shell
}

/// What it printed, when it went well.
fn well(folder: &Path, command: &str) -> String {
    let output = shell(folder, command);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}\n{said}\n{errors}");
    said
}

/// What it said when it failed.
fn badly(folder: &Path, command: &str) -> String {
    let output = shell(folder, command);
    assert!(!output.status.success(), "{command} went well");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Makes plugins of every source, builds and tries them.
fn every_source(language: Language) {
    if language.tools().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for source in ["webhook", "poll", "socket", "tcp", "file", "document"] {
        let word = language.word();
        let name = format!("{word}-{source}");
        well(folder.path(), &format!("tablica plugin new {name} --lang {word} --source {source}"));
        let plugin = folder.path().join(&name);
        language.equip(&plugin);
        well(&plugin, "tablica plugin build");
        let said = well(&plugin, "tablica plugin test");
        let samples = match source {
            "webhook" | "poll" | "file" => 2,
            _ => 1,
        };
        let expected = format!("{samples} of {samples} samples as expected");
        assert!(said.contains(&expected), "{name}: {said}");
        let said = well(&plugin, "tablica plugin check");
        assert!(said.contains("11 of 11 checks passed"), "{name}: {said}");
        let secrets = "DESK_SECRET=0123456789abcdef DESK_KEY=key";
        let said = well(&plugin, &format!("{secrets} tablica check --config tablica.toml"));
        assert!(said.contains(&format!("desk ({name})")), "{said}");
    }
}

#[test]
fn a_new_plugin_in_rust_passes_its_tests_whatever_its_source() {
    every_source(Language::Rust);
}

#[test]
fn a_new_plugin_in_javascript_passes_its_tests_whatever_its_source() {
    every_source(Language::JavaScript);
}

#[test]
fn a_new_plugin_in_python_passes_its_tests_whatever_its_source() {
    every_source(Language::Python);
}

/// An error that the author's code does not expect, in a plugin's own file.
fn a_fault_is_told(language: Language, right: &str, wrong: &str, told: [&str; 2]) {
    if language.tools().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let word = language.word();
    well(folder.path(), &format!("tablica plugin new {word}-fault --lang {word}"));
    let plugin = folder.path().join(format!("{word}-fault"));
    language.equip(&plugin);
    let code =
        plugin.join(if matches!(language, Language::Python) { "plugin.py" } else { "plugin.js" });
    let text = fs::read_to_string(&code).unwrap();
    assert!(text.contains(right), "{text}");
    fs::write(&code, text.replace(right, wrong)).unwrap();
    well(&plugin, "tablica plugin build");
    let said = String::from_utf8(shell(&plugin, "tablica plugin test").stdout).unwrap();
    assert!(told.iter().all(|it| said.contains(it)), "{said}");
    // It refuses, and lives on.
    let said = String::from_utf8(shell(&plugin, "tablica plugin check").stdout).unwrap();
    assert!(said.contains("ok      garbage") && said.contains("FAILED  samples"), "{said}");
}

#[test]
fn an_error_in_javascript_is_told_with_its_line() {
    let (right, wrong) = ("ours.includes(it.from)", "it.no.such");
    let told = ["bad_input: a fault of the plugin: TypeError", "plugin.js line "];
    a_fault_is_told(Language::JavaScript, right, wrong, told);
}

#[test]
fn an_error_in_python_is_told_with_its_line() {
    let (right, wrong) = ("sender in ours", "it[\"no\"]");
    let told = ["bad_input: a fault of the plugin: KeyError", "plugin.py line "];
    a_fault_is_told(Language::Python, right, wrong, told);
}

#[test]
fn new_says_what_is_wrong_with_a_name_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bell")).unwrap();
    for (command, expected) in [
        ("tablica plugin new bell", "bell is there already"),
        ("tablica plugin new Front_Desk", "`Front_Desk` is no name of a plugin"),
        ("tablica plugin new desk --source fax", "known are webhook, poll, socket, tcp, file"),
        ("tablica plugin new desk --lang cobol", "[possible values: rust, js, python]"),
        ("tablica plugin new desk --sdk /no/such", "there is no SDK at /no/such"),
    ] {
        let said = badly(folder.path(), command);
        assert!(said.contains(expected), "{command}: {said}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left half-made");
}

#[test]
fn build_says_which_tool_is_missing_and_what_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    well(folder.path(), "tablica plugin new one --lang js");
    well(folder.path(), "tablica plugin new two --lang python");
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let bare = "PATH=$(dirname $(which tablica)) tablica plugin build";
    let said = badly(&one, bare);
    assert!(said.contains("`node` is not on the PATH: install Node.js 20"), "{said}");
    let said = badly(&one, "NODE_PATH= tablica plugin build");
    assert!(said.contains("componentize-js is not here; `npm install` in"), "{said}");
    let said = badly(&two, bare);
    assert!(said.contains(".venv/bin/pip install"), "{said}");
    fs::remove_file(two.join("requirements.txt")).unwrap();
    let said = badly(&two, bare);
    assert!(said.contains("has none of Cargo.toml, package.json, pyproject.toml"), "{said}");
    let said = badly(folder.path(), "tablica plugin build");
    assert!(said.contains("plugin.toml: expected a plugin's folder"), "{said}");
}

#[test]
fn what_is_not_there_is_said_with_where_it_was_sought() {
    let folder = tempfile::tempdir().unwrap();
    let said = badly(folder.path(), "tablica plugin test bell");
    assert!(said.contains("there is no `bell`"), "{said}");
    assert!(said.contains(folder.path().canonicalize().unwrap().to_str().unwrap()), "{said}");
    let said = badly(folder.path(), "tablica plugin inspect bell");
    assert!(said.contains("sought in"), "{said}");
}
