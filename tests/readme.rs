//! The README says what the house does: its KPI table is the registry's own.

use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- kpi-table -->\n";
const END: &str = "<!-- /kpi-table -->";

/// `TABLICA_BLESS=1` rewrites the table.
#[test]
fn the_readmes_kpi_table_is_the_registrys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning");
    let (table, after) = rest.split_once(END).expect("the table's end");
    let wanted = tablica::kpi::table();
    if std::env::var_os("TABLICA_BLESS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(table, wanted, "run the tests once with TABLICA_BLESS=1");
}
