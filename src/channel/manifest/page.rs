//! `docs/manifest.md` is compared with the types that read manifests: what they take by what they say
//! when they are given something that they do not know.

use std::collections::{BTreeMap, BTreeSet};

use super::handshake::Shake;
use super::verify::Scheme;
use super::{Manifest, Medium, SourceKind};
use crate::event::KindName;

const HEAD: &str = "name = 'bell'\nversion = '1'\napi = '1'\nnetwork = 'Bell'\n";
const REST: &str = "[source]\nkind = 'webhook'\n[fetch]\nhosts = ['a.org']\n";
const SAMPLE: &str = "[[sample]]\nexpect = 'e'\n";

/// A section of the page; what stands before its keys in a manifest, and the keys that it needs.
type Part = (&'static str, String, &'static [(&'static str, &'static str)]);

fn parts() -> Vec<Part> {
    let step = format!("{HEAD}{REST}{SAMPLE}[[sample.step]]\n");
    let of_step = |key: &str| format!("{step}[sample.step.{key}]\n");
    vec![
        (
            "The top level",
            "source = { kind = 'webhook' }\n".to_owned(),
            &[("name", "'bell'"), ("version", "'1'"), ("api", "'1'"), ("network", "'Bell'")],
        ),
        ("source", format!("{HEAD}[source]\n"), &[]),
        ("verify", format!("{HEAD}{REST}[[verify]]\n"), &[("scheme", "'none'")]),
        ("handshake", format!("{HEAD}{REST}[[handshake]]\n"), &[("scheme", "'ok'")]),
        ("fetch", format!("{HEAD}source = {{ kind = 'poll' }}\n[fetch]\n"), &[]),
        ("secrets.NAME", format!("{HEAD}{REST}[secrets.key]\n"), &[("hosts", "['a.org']")]),
        ("oauth.NAME", format!("{HEAD}{REST}[oauth.desk]\n"), &[("hosts", "['a.org']")]),
        ("attributes", format!("{HEAD}{REST}[attributes]\n"), &[]),
        ("on_bad_input", format!("{HEAD}{REST}[on_bad_input]\n"), &[]),
        (
            "sample",
            format!("{HEAD}{REST}[[sample]]\nfile = 'a'\nas = 'line'\n"),
            &[("expect", "'e'")],
        ),
        ("sample.step", step.clone(), &[]),
        ("webhook", of_step("webhook"), &[]),
        ("response", of_step("response"), &[]),
        ("line", of_step("line"), &[]),
        ("frame", format!("{}text = 'x'\n", of_step("frame")), &[("link", "'main'")]),
        ("document", of_step("document"), &[("file", "'a'")]),
        ("connected", of_step("connected"), &[("link", "'main'")]),
        ("disconnected", of_step("disconnected"), &[("link", "'main'")]),
    ]
}

fn refused(text: &str) -> String {
    Manifest::parse(text).expect_err(text).to_string()
}

/// The words in backticks after the last `expected`.
fn expected(said: &str) -> BTreeSet<String> {
    let list = said.rsplit("expected").next().unwrap_or_default();
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the tables below each heading, as cells.
fn tables(page: &str) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut tables: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut at = String::new();
    for line in page.lines() {
        if let Some(heading) =
            line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
        {
            at = heading.to_owned();
        } else if let Some(row) = line.strip_prefix("| ") {
            let cells: Vec<String> =
                row.trim_end_matches('|').split(" |").map(|it| it.trim().to_owned()).collect();
            tables.entry(at.clone()).or_default().push(cells);
        }
    }
    for rows in tables.values_mut() {
        // The names of columns.
        rows.remove(0);
    }
    tables
}

fn words(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn page() -> &'static str {
    include_str!("../../../docs/manifest.md")
}

#[test]
fn the_page_has_every_key_and_no_other() {
    let tables = tables(page());
    for (section, before, needed) in parts() {
        let rows = tables.get(section).unwrap_or_else(|| panic!("no section {section}"));
        let given: String =
            needed.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        let top = section == "The top level";
        let manifest = |given: &str| match top {
            true => format!("{given}{before}"),
            false => format!("{before}{given}"),
        };
        let keys = expected(&refused(&manifest(&format!("{given}zz = 1\n"))));
        let shown: BTreeSet<String> = rows.iter().flat_map(|row| words(&row[0])).collect();
        assert_eq!(shown, keys, "{section}");
        let mut told: BTreeSet<&str> = needed.iter().map(|(key, _)| *key).collect();
        for key in &told {
            let without: String = needed
                .iter()
                .filter(|(other, _)| other != key)
                .map(|(key, value)| format!("{key} = {value}\n"))
                .collect();
            let said = refused(&manifest(&without));
            assert!(said.contains(&format!("`{key}`")), "{section}: {said}");
        }
        if top {
            told.insert("source");
        }
        let shown = rows.iter().filter(|row| row[2] == "needed");
        let shown: BTreeSet<&str> = shown.map(|row| row[0].trim_matches('`')).collect();
        assert_eq!(shown, told, "{section}: what is needed");
        assert!(rows.iter().all(|row| row.len() == 5 && row.iter().all(|it| !it.is_empty())));
    }
    let known: BTreeSet<&str> = parts().iter().map(|(section, ..)| *section).collect();
    for section in tables.keys().filter(|it| !known.contains(it.as_str())) {
        assert!(["Schemes", "Handshakes", "Words"].contains(&section.as_str()), "{section}");
    }
}

#[test]
fn the_page_has_every_scheme_and_handshake_with_its_keys() {
    let tables = tables(page());
    let own = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    let shown = |section: &str| -> BTreeMap<String, BTreeSet<String>> {
        let rows = tables[section].iter();
        rows.map(|row| (row[0].trim_matches('`').to_owned(), words(&row[1]))).collect()
    };
    let schemes = Scheme::ALL.iter().map(|it| (it.word().to_owned(), own(it.keys())));
    assert_eq!(shown("Schemes"), schemes.collect());
    let shakes = Shake::ALL.iter().map(|it| (it.word().to_owned(), own(it.keys())));
    assert_eq!(shown("Handshakes"), shakes.collect());
}

#[test]
fn the_page_has_every_word() {
    let tables = tables(page());
    let shown = |key: &str| {
        let row = tables["Words"].iter().find(|row| row[0].starts_with(&format!("`{key}`")));
        words(&row.unwrap_or_else(|| panic!("no words of {key}"))[1])
    };
    let all =
        |words: &[&'static str]| words.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(shown("medium"), all(&Medium::ALL.map(Medium::word)));
    assert_eq!(shown("kind"), all(&SourceKind::ALL.map(SourceKind::word)));
    assert_eq!(shown("tells"), all(&KindName::ALL.map(KindName::word)));
    let by_serde = |before: &str, key: &str| expected(&refused(&format!("{before}{key} = 'zz'\n")));
    let verify = format!("{HEAD}{REST}[[verify]]\nscheme = 'hmac-sha1'\n");
    assert_eq!(shown("encoding"), by_serde(&verify, "encoding"));
    let oauth = format!("{HEAD}{REST}[oauth.desk]\nhosts = ['a.org']\n");
    assert_eq!(shown("grant"), by_serde(&oauth, "grant"));
    assert_eq!(shown("client_auth"), by_serde(&oauth, "client_auth"));
    let sample = format!("{HEAD}{REST}{SAMPLE}file = 'a'\n");
    assert_eq!(shown("as"), by_serde(&sample, "as"));
    let step = format!("{HEAD}{REST}{SAMPLE}[[sample.step]]\ntimer = 'a'\n");
    assert_eq!(shown("expect"), by_serde(&step, "expect"));
}

#[test]
fn the_example_is_a_manifest() {
    let example = page().split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    Manifest::parse(example.expect("an example")).expect("a manifest");
}
