//! `tablica plugin dev` beside a running server: what an author saves is on the wall.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{Language, root, well};
use crate::support::lines::Lines;
use crate::support::server::{Site, unix_seconds};
use crate::support::wait::wait_for;

/// Cargo builds the crates that plugins stand on when it is asked first.
const BUILT_WITHIN: Duration = Duration::from_secs(180);

/// The command while it runs. Killed when dropped.
struct Dev {
    child: Child,
    said: Lines,
    /// How much of it was waited for.
    read: usize,
}

impl Dev {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tablica"))
            .args(["plugin", "dev"])
            .args(arguments)
            .env("CARGO_TARGET_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kit"))
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("TABLICA_BLESS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Lines::default();
        said.collect(child.stdout.take().unwrap());
        Self { child, said, read: 0 }
    }

    /// Waits until it has said something, after what was waited for before.
    fn says(&mut self, word: &str) -> String {
        let said = &self.said;
        let from = self.read;
        let end = wait_for(&format!("{word} in\n{said:?}"), BUILT_WITHIN, || {
            let text = said.text();
            let at = text[from..].find(word)?;
            text[from + at..].find('\n').map(|end| from + at + end)
        });
        self.read = end;
        said.text()[from..end].to_owned()
    }

    fn interrupt(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.says("ended");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn press(id: u64) -> String {
    let at = unix_seconds();
    format!(r#"{{"id":{id},"thread":"A-{id}","from":"anna@example.com","at":{at},"text":"Hello"}}"#)
}

fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// A new plugin in the site's folder, with one sample: that is enough here.
fn chime(site: &Site) -> PathBuf {
    let folder = site.path("chime");
    well(folder.parent().unwrap(), "tablica plugin new chime");
    Language::Rust.equip(&folder);
    let manifest = folder.join("plugin.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let (one, _) = text.rsplit_once("[[sample]]").unwrap();
    fs::write(&manifest, one).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_is_built_tested_and_taken_up_by_the_running_server() {
    let secret = "secret = { env = 'TABLICA_TEST_SECRET' }";
    let site = Site::new(&format!("[channel.desk]\nplugin = 'chime'\n{secret}")).with_fixed_ports();
    let config = site.config();
    change(&config, "[server]", "[server]\nplugin_dirs = ['plugins']");
    let plugins = site.path("plugins");
    fs::create_dir(&plugins).unwrap();
    let chime = chime(&site);

    let mut dev = Dev::start(&[chime.to_str().unwrap(), "--config", config.to_str().unwrap()]);
    dev.says("watching");
    dev.says("built chime 0.1.0, ");
    dev.says("chime: 1 of 1 samples as expected");
    dev.says(&format!("put to {}", plugins.join("chime.wasm").display()));
    dev.says("NOT TAKEN UP: the server is not there at http://127.0.0.1:");

    let server = site.start().await;
    assert_eq!(server.signed("desk", &press(1)).await.status(), 200);
    server.counts("tablica_events_total{channel=\"desk\"}", 1).await;

    // Each message is two from here on; the samples still expect one.
    let source = chime.join("src/lib.rs");
    let (one, two) = (
        "Ok(self.event(decode(&call.body)?).into())",
        "Ok(vec![self.event(decode(&call.body)?), Event { id: \"again\".into(), ..self.event(decode(&call.body)?) }].into())",
    );
    change(&source, one, two);
    dev.says("src/lib.rs was saved");
    let said = dev.says("nothing was replaced; save to try again");
    assert!(
        said.contains("its samples are not as expected") && said.contains("\"again\""),
        "{said}"
    );
    assert_eq!(server.signed("desk", &press(2)).await.status(), 200);
    server.counts("tablica_events_total{channel=\"desk\"}", 2).await;

    let expected = chime.join("samples/first.events.jsonl");
    let line = fs::read_to_string(&expected).unwrap();
    fs::write(&expected, line.clone() + &line.replace("9007199254740993", "again")).unwrap();
    dev.says("samples/first.events.jsonl was saved");
    let said = dev.says("[channel.desk] changed");
    assert!(said.contains("the server has taken it up"), "{said}");
    assert_eq!(server.signed("desk", &press(3)).await.status(), 200);
    server.counts("tablica_events_total{channel=\"desk\"}", 4).await;

    change(&source, two, "Ok(self.event(decode(&call.body)?)");
    let said = dev.says("nothing was replaced; save to try again");
    assert!(said.contains("FAILED: cargo build failed") && said.contains("src/lib.rs:"), "{said}");
    server.tells("the config was read again");
    let files: Vec<_> = fs::read_dir(&plugins).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(files, ["chime.wasm"], "no draft is left");
    dev.interrupt();
}

#[test]
fn a_crate_beside_the_plugin_is_watched_because_its_manifest_names_it() {
    let site = Site::new("");
    let chime = chime(&site);
    let words = site.path("words");
    fs::create_dir_all(words.join("src")).unwrap();
    let manifest = "[package]\nname = \"words\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::write(words.join("Cargo.toml"), manifest).unwrap();
    fs::write(words.join("src/lib.rs"), "pub fn word() {}\n").unwrap();

    let mut dev = Dev::start(&[chime.to_str().unwrap(), "--debug"]);
    dev.says("1 of 1 samples as expected");
    // It is watched from the moment when the manifest names it.
    change(
        &chime.join("Cargo.toml"),
        "[dependencies]",
        "[dependencies]\nwords = { path = \"../words\" }",
    );
    dev.says("Cargo.toml was saved");
    dev.says("1 of 1 samples as expected");
    fs::write(words.join("src/lib.rs"), "pub fn word() { half written").unwrap();
    dev.says("words/src/lib.rs was saved");
    dev.says("FAILED: cargo build failed");
    fs::write(words.join("src/lib.rs"), "pub fn word() -> u8 { 1 }\n").unwrap();
    dev.says("words/src/lib.rs was saved");
    dev.says("1 of 1 samples as expected");
    dev.interrupt();
    let mut dev = Dev::start(&[chime.to_str().unwrap(), "--debug"]);
    let said = dev.says("Ctrl-C ends");
    assert!(said.contains(&format!(", {}", words.display())), "{said}");
}

#[test]
fn dev_says_what_is_missing_to_reload_a_server() {
    let site = Site::new("");
    let chime = chime(&site);
    let mut dev =
        Dev::start(&[chime.to_str().unwrap(), "--config", site.config().to_str().unwrap()]);
    let said = dev.says("or say --to");
    assert!(said.contains("write `plugin_dirs = [\"plugins\"]` to [server] in"), "{said}");
    dev.interrupt();
    let folder = root().join("docs");
    let output = Command::new(env!("CARGO_BIN_EXE_tablica"))
        .args(["plugin", "dev", folder.to_str().unwrap()])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("expected a plugin's folder"), "{errors}");
}
