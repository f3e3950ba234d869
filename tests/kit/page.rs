//! The page for authors: what it shows is what is printed. Its sessions begin after a mark, such as
//! `<!-- kit js: … -->`, that names their language; those of one language go on in the same shell.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{Language, root, shell, typed};
use crate::support::http::steady_address;
use crate::support::lines::Lines;
use crate::support::wait::wait_for;

/// How long what it shows may be on its way: a server that compiles, a number that comes to the wall.
const LIMIT: Duration = Duration::from_secs(180);
/// What gets tools from the network: `cargo xtask test` has done that already.
const INSTALLS: [&str; 3] = ["npm install", "python3 -m venv .venv", ".venv/bin/pip install"];

/// Whether a line is the shown one; `…` stands for anything.
fn alike(shown: &str, line: &str) -> bool {
    let mut rest = line;
    let parts: Vec<&str> = shown.split('…').collect();
    for (number, part) in parts.iter().enumerate() {
        let at = match number {
            0 => rest.starts_with(part).then_some(0),
            _ if number + 1 == parts.len() && !part.is_empty() => {
                rest.ends_with(part).then(|| rest.len() - part.len())
            }
            _ => rest.find(part),
        };
        let Some(at) = at else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || shown.ends_with('…')
}

/// The same of everything that is shown below a command.
fn all_alike(shown: &str, said: &str) -> bool {
    let (shown, said) = (shown.trim_end(), said.trim_end());
    let pairs = shown.lines().zip(said.lines());
    shown.lines().count() == said.lines().count() && pairs.into_iter().all(|(a, b)| alike(a, b))
}

/// Commands and what is shown below each.
fn session(page: &str, language: Language) -> Vec<(String, String)> {
    let mark = match language {
        Language::Rust => "<!-- kit:".to_owned(),
        other => format!("<!-- kit {}:", other.word()),
    };
    let mut commands = Vec::new();
    for part in page.split(&mark).skip(1) {
        let (_, block) = part.split_once("-->\n```console\n").expect("a session after the mark");
        let (block, _) = block.split_once("\n```").expect("its end");
        for part in format!("\n{block}").split("\n$ ").skip(1) {
            let mut lines = part.lines();
            let mut command = String::new();
            for line in lines.by_ref() {
                command.push_str(line);
                if !line.ends_with('\\') {
                    break;
                }
                command.push('\n');
            }
            commands.push((command, lines.map(|line| format!("{line}\n")).collect()));
        }
    }
    commands
}

/// A shell that remembers its folder, its variables and what runs beside it.
struct Shell {
    _folder: tempfile::TempDir,
    at: PathBuf,
    language: Language,
    /// The page's addresses, and those of this test.
    addresses: [(&'static str, String); 2],
    variables: Vec<(String, String)>,
    servers: Vec<Child>,
}

impl Shell {
    fn new(language: Language) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = || steady_address().to_string();
        let addresses = [("127.0.0.1:8080", own()), ("127.0.0.1:9464", own())];
        let variables = vec![
            ("TABLICA_SERVER__LISTEN".to_owned(), addresses[0].1.clone()),
            ("TABLICA_SERVER__ADMIN_LISTEN".to_owned(), addresses[1].1.clone()),
        ];
        let at = folder.path().to_path_buf();
        Self { _folder: folder, at, language, addresses, variables, servers: Vec::new() }
    }

    fn own(&self, text: &str) -> String {
        self.addresses.iter().fold(text.to_owned(), |text, (page, own)| text.replace(page, own))
    }

    fn typed(&self, command: &str) -> Command {
        let mut shell = typed(&self.at, command);
        shell.envs(self.variables.iter().map(|(name, value)| (name, value)));
        shell
    }

    /// What a command prints; of standard error only where it fails.
    fn said(&self, command: &str) -> (String, String) {
        let output = self.typed(command).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr))
    }

    /// Does a command, and compares.
    fn enter(&mut self, command: &str, shown: &str) {
        let (command, shown) = (&self.own(command), &self.own(shown));
        if let Some(folder) = command.strip_prefix("cd ") {
            self.at.push(folder);
            self.language.equip(&self.at);
        } else if INSTALLS.iter().any(|it| command.starts_with(it)) {
            assert_eq!(shown, "", "{command} is not run, so nothing is known of what it prints");
        } else if let Some(export) = command.strip_prefix("export ") {
            let (name, _) = export.split_once('=').expect("export NAME=VALUE");
            let (value, _) = self.said(&format!("{command}; printf %s \"${name}\""));
            assert!(!value.is_empty(), "{command}");
            self.variables.push((name.to_owned(), value));
        } else if let Some(server) = command.strip_suffix(" &") {
            self.beside(server, shown);
        } else if command == "kill %1" {
            let mut server = self.servers.remove(0);
            shell(&self.at, &format!("kill {}", server.id()));
            assert!(server.wait().unwrap().success(), "{command}");
        } else if command.starts_with("curl -s ") {
            // It asks only, and what it asks for may be on its way.
            let mut last = String::new();
            wait_for(&format!("$ {command}\nshown:\n{shown}"), LIMIT, || {
                last = self.said(command).0;
                all_alike(shown, &last).then_some(())
            });
        } else {
            let (said, errors) = self.said(command);
            let same = all_alike(shown, &said);
            assert!(same, "$ {command}\nshown:\n{shown}\nprinted:\n{said}{errors}");
        }
    }

    /// Starts what runs beside, and waits until it has printed what is shown.
    fn beside(&mut self, command: &str, shown: &str) {
        let mut typed = self.typed(&format!("exec {command}"));
        let mut child = typed.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = Lines::default();
        lines.collect(child.stdout.take().unwrap());
        self.servers.push(child);
        wait_for(&format!("$ {command}\nshown:\n{shown}\nprinted:\n{lines:?}"), LIMIT, || {
            all_alike(shown, &lines.text()).then_some(())
        });
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn does_what_it_shows(language: Language, commands_min: usize) {
    if language.tools().is_none() {
        return;
    }
    let page = fs::read_to_string(root().join("plugins/README.md")).unwrap();
    let commands = session(&page, language);
    assert!(commands.len() >= commands_min, "{commands:?}");
    let mut shell = Shell::new(language);
    for (command, shown) in &commands {
        shell.enter(command, shown);
    }
}

#[test]
fn the_tutorial_does_what_it_shows() {
    does_what_it_shows(Language::Rust, 15);
}

#[test]
fn the_tutorial_does_what_it_shows_in_javascript() {
    does_what_it_shows(Language::JavaScript, 5);
}

#[test]
fn the_tutorial_does_what_it_shows_in_python() {
    does_what_it_shows(Language::Python, 6);
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    assert!(alike("a … c", "a b c") && alike("…/x: … s", "/tmp/x: 1 s") && alike("a", "a"));
    assert!(!alike("a … c", "a b d") && !alike("a", "ab") && !alike("a…", "b"));
    assert!(all_alike("a\n…\n", "a\nb\n") && !all_alike("a\n", "a\nb\n"));
}
