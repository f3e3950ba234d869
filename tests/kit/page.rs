//! The page for authors: what it shows is what is printed.

use std::fs;

use super::{pin, root, shell};

const BEGIN: &str =
    "<!-- kit: tests/kit runs these commands and compares; … stands for anything -->\n```console\n";

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

#[test]
fn the_tutorial_does_what_it_shows() {
    let page = fs::read_to_string(root().join("plugins/README.md")).unwrap();
    let (_, rest) = page.split_once(BEGIN).expect("the tutorial");
    let (tutorial, _) = rest.split_once("\n```").expect("its end");
    let folder = tempfile::tempdir().unwrap();
    let mut at = folder.path().to_path_buf();
    let mut commands = 0;
    for part in tutorial.split("$ ").skip(1) {
        let (command, shown) = part.split_once('\n').unwrap_or((part, ""));
        if let Some(to) = command.strip_prefix("cd ") {
            at.push(to);
            pin(&at);
            continue;
        }
        commands += 1;
        let output = shell(&at, command);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        let (shown, lines): (Vec<_>, Vec<_>) =
            (shown.trim_end().lines().collect(), said.trim_end().lines().collect());
        let same = shown.len() == lines.len()
            && shown.iter().zip(&lines).all(|(shown, line)| alike(shown, line));
        assert!(same, "$ {command}\nshown:\n{}\nprinted:\n{said}{errors}", shown.join("\n"));
    }
    assert!(commands > 5, "{commands} commands were found");
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    assert!(alike("a … c", "a b c") && alike("…/x: … s", "/tmp/x: 1 s") && alike("a", "a"));
    assert!(!alike("a … c", "a b d") && !alike("a", "ab") && !alike("a…", "b"));
}
