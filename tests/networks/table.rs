//! The README's table of networks is made of the manifests.

use std::collections::BTreeSet;
use std::fs;

use tablica::channel::manifest::Manifest;

use super::{Shipped, root, shipped};

const BEGIN: &str = "<!-- network-table -->\n";
const END: &str = "<!-- /network-table -->";

/// One line for each plugin: whom it listens to, how the bytes come, and how the host knows that they are
/// from the network.
fn table() -> String {
    let line = |Shipped { manifest, .. }: Shipped| {
        let name = &manifest.name;
        let summary = &manifest.summary;
        let sources: Vec<&str> = manifest.source.all().map(|kind| kind.word()).collect();
        format!(
            "| [{name}](plugins/{name}/README.md) | {summary} | {} | {} |\n",
            sources.join(", "),
            verified(&manifest)
        )
    };
    let lines: String = shipped().into_iter().map(line).collect();
    format!("| plugin | what it reads | comes by | verified by |\n|---|---|---|---|\n{lines}")
}

fn verified(manifest: &Manifest) -> String {
    let words: BTreeSet<&str> =
        manifest.verify.iter().map(|it| it.scheme.word()).filter(|word| *word != "none").collect();
    if words.is_empty() {
        return "–".to_owned();
    }
    words.into_iter().collect::<Vec<_>>().join(", ")
}

/// `TABLICA_BLESS=1` rewrites the table.
#[test]
fn the_readmes_table_of_networks_is_of_the_plugins_that_ship() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning");
    let (shown, after) = rest.split_once(END).expect("the table's end");
    if std::env::var_os("TABLICA_BLESS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
        return;
    }
    assert_eq!(shown, table(), "run the tests once with TABLICA_BLESS=1");
}
