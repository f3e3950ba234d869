//! The README says what the house does: its table of numbers is the registry's own.

use std::fs;
use std::path::Path;

use tablica::kpi::FAMILIES;

const BEGIN: &str = "<!-- kpi-table -->\n";
const END: &str = "<!-- /kpi-table -->";

/// What GitHub makes of a heading.
fn address(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// One line for each family, with the address of its chapter in the documentation.
fn table() -> String {
    let lines = FAMILIES.iter().map(|family| {
        let (title, count) = (family.title, family.kpis.len());
        let link = format!("docs/kpis.md#{}", address(title));
        format!("| [{title}]({link}) ({count}) | {} |\n", family.question)
    });
    "| numbers | what they answer |\n|---|---|\n".to_owned() + &lines.collect::<String>()
}

/// `TABLICA_BLESS=1` rewrites the table.
#[test]
fn the_readmes_kpi_table_is_the_registrys() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning");
    let (shown, after) = rest.split_once(END).expect("the table's end");
    if std::env::var_os("TABLICA_BLESS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
        return;
    }
    assert_eq!(shown, table(), "run the tests once with TABLICA_BLESS=1");
}

#[test]
fn the_readmes_links_into_the_page_of_kpis_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let [readme, page] =
        ["README.md", "docs/kpis.md"].map(|file| fs::read_to_string(root.join(file)).unwrap());
    let headings: Vec<String> =
        page.lines().filter(|line| line.starts_with('#')).map(address).collect();
    let links = readme.split("](docs/kpis.md#").skip(1);
    let links: Vec<&str> = links.filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() >= FAMILIES.len());
    let lost: Vec<&&str> =
        links.iter().filter(|link| !headings.iter().any(|heading| heading == *link)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}
