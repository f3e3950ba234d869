//! `tests/security.md` says what is promised against whom, and which test holds each promise: those tests
//! exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A link of the page: its text, where it leads, and the line on which it stands.
struct Link<'a> {
    text: &'a str,
    to: &'a str,
    line: usize,
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn page() -> String {
    fs::read_to_string(tests().join("security.md")).expect("the page")
}

/// Every `[text](to)`.
fn links(page: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    for (index, text) in page.lines().enumerate() {
        for part in text.split('[').skip(1) {
            if let Some((text, rest)) = part.split_once("](")
                && let Some((to, _)) = rest.split_once(')')
            {
                links.push(Link { text, to, line: index + 1 });
            }
        }
    }
    links
}

/// Whether a source has a test of that name: a function below a `test` attribute or in a `proptest!`,
/// or a name by which a macro makes one.
fn has_test(source: &str, name: &str) -> bool {
    let function = format!("fn {name}(");
    let by_macro = [format!("{name}: "), format!("{name},")];
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        } else if line.contains(&function) {
            return is_test;
        } else if by_macro.iter().any(|made| line.starts_with(made.as_str())) {
            return true;
        } else if !line.starts_with("//") {
            is_test = false;
        }
    }
    false
}

/// What is wrong with the links of a page.
fn wrong(page: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for Link { text, to, line } in links(page) {
        let Ok(source) = fs::read_to_string(tests().join(to)) else {
            findings.push(format!("security.md:{line}: there is no {to}"));
            continue;
        };
        match text.strip_prefix('`').and_then(|it| it.strip_suffix('`')) {
            None => findings.push(format!("security.md:{line}: [{text}] names no test")),
            Some(test) if has_test(&source, test) => {}
            Some(test) => findings.push(format!("security.md:{line}: {to} has no test `{test}`")),
        }
    }
    findings
}

#[test]
fn every_promise_names_tests_that_exist() {
    let page = page();
    let findings = wrong(&page);
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
    let mut tables = 0;
    for (index, line) in page.lines().enumerate() {
        tables += usize::from(line == "| promised | held by |");
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let is_promise = tables > 0 && cells.len() == 4 && !cells[1].starts_with("--");
        if is_promise && cells[1] != "promised" {
            assert!(cells[2].starts_with("[`"), "security.md:{}: held by no test", index + 1);
        }
    }
    let chapters = page.lines().filter(|line| line.starts_with("Not promised: ")).count();
    assert_eq!(chapters, tables, "each chapter says what is not promised, too");
    let named: BTreeSet<_> = links(&page).iter().map(|link| (link.to, link.text)).collect();
    assert!(named.len() > 80, "{} tests are named", named.len());
}

#[test]
fn a_test_that_is_gone_is_noticed() {
    for (link, finding) in [
        ("[`no_such_test`](doors.rs)", "security.md:1: doors.rs has no test `no_such_test`"),
        ("[`links`](security.rs)", "security.md:1: security.rs has no test `links`"),
        ("[`a`](no_such_file.rs)", "security.md:1: there is no no_such_file.rs"),
        ("[see](doors.rs)", "security.md:1: [see] names no test"),
    ] {
        assert_eq!(wrong(link), [finding]);
    }
    assert_eq!(wrong("[`endless_loop`](hostile/mod.rs)"), Vec::<String>::new());
}
