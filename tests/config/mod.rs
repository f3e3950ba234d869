//! One wrong config for each mistake, with the message that an operator gets beside it.
//!
//! `TABLICA_BLESS=1` rewrites the messages; read the difference before committing it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tablica::config::{Environment, Problems, load_with};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-configs")
}

fn environment() -> Environment {
    let variables = BTreeMap::from([
        ("SECRET_THAT_IS_SET".to_owned(), "s3cr3t".to_owned()),
        ("SECRET_THAT_IS_EMPTY".to_owned(), String::new()),
    ]);
    Environment { variables, ..Environment::default() }
}

/// What the operator reads, without the folder in which the repository happens to be.
fn message(problems: &Problems) -> String {
    problems.to_string().replace(&format!("{}/", folder().display()), "") + "\n"
}

#[test]
fn each_bad_config_gets_its_message() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("tests/bad-configs")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 20, "only {} bad configs were found", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let said = match load_with(Some(&file), &environment()) {
            Ok(_) => "no problem\n".to_owned(),
            Err(problems) => message(&problems),
        };
        assert!(!said.contains("s3cr3t"), "{} shows a secret: {said}", file.display());
        let golden = file.with_extension("expected");
        if std::env::var_os("TABLICA_BLESS").is_some() {
            std::fs::write(&golden, &said).expect("write the message");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if said != expected {
            wrong.push(format!("{}\n--- expected\n{expected}--- said\n{said}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn six_mistakes_are_named_at_once() {
    let problems = load_with(Some(&folder().join("six-problems.toml")), &environment())
        .expect_err("six problems");
    assert_eq!(problems.len(), 6);
    let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
    let all = [
        "server.lisen",
        "site.time_zone",
        "contacts.idle_gap",
        "queue.sales.goal",
        "channel.telegram.secret",
        "channel.pbx.plugin",
    ];
    assert_eq!(keys, all);
    assert!(problems.iter().all(|problem| problem.line.is_some() && problem.file.is_some()));
}

#[test]
fn problems_can_be_read_by_machines() {
    let problems =
        load_with(Some(&folder().join("unknown-key.toml")), &environment()).expect_err("a problem");
    let json = serde_json::to_value(&problems).expect("JSON");
    assert_eq!(json[0]["line"], 2);
    assert_eq!(json[0]["key"], "server.lisen");
    assert_eq!(json[0]["suggestion"], "listen");
}
