//! What belongs together stands together: the table "What touches what" of CONTRIBUTING.md, as far
//! as sources can be checked for it. Each test names what is missing and where.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tablica::board::tile::TYPES;
use tablica::event::KindName;
use tablica::kpi::service_level::FORMULAS;
use tablica::kpi::{FAMILIES, registry};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Files and folders in a folder, by name.
fn entries(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The texts between two marks, each time that they stand in this order.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

/// Fails with all findings at once.
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// Each of the words stands in each of the files, written as the pattern says: `{}` is the word.
fn stands_in(words: &BTreeSet<String>, places: &[(&str, &str)]) {
    assert!(!words.is_empty());
    let mut findings = Vec::new();
    for (file, pattern) in places {
        let text = text(file);
        for word in words {
            let wanted = pattern.replace("{}", word);
            if !text.contains(&wanted) {
                findings.push(format!("{file}: lacks {wanted}"));
            }
        }
    }
    none(&findings);
}

#[test]
fn each_file_of_kpis_is_a_family_and_each_family_a_file() {
    let files = entries("src/kpi").into_iter().filter(|path| {
        path.is_file() && fs::read_to_string(path).unwrap().contains("static KPIS: &[Kpi]")
    });
    let files: BTreeSet<String> = files.map(|path| stem(&path)).collect();
    let families: Vec<String> = FAMILIES.iter().map(|family| family.id.to_owned()).collect();
    assert_eq!(files.len(), families.len(), "a family stands in FAMILIES twice");
    assert_eq!(files, families.into_iter().collect());
    let counted: usize = FAMILIES.iter().map(|family| family.kpis.len()).sum();
    assert_eq!(counted, registry().len());
}

#[test]
fn each_service_level_formula_is_offered_and_explained() {
    let formulas = FORMULAS.iter().map(|formula| formula.id.to_owned()).collect();
    let row = "| [{}](#{}) |";
    stands_in(&formulas, &[("tablica.example.toml", "{}"), ("docs/kpis.template.md", row)]);
}

#[test]
fn each_tile_type_is_painted_and_described() {
    let types: BTreeSet<String> = TYPES.iter().map(|tile| tile.id.to_owned()).collect();
    assert_eq!(types.len(), TYPES.len(), "a tile type is registered twice");
    stands_in(
        &types,
        &[
            ("dashboards/app/src/view/registry.ts", "  {}: "),
            ("dashboards/boards/README.md", "| `{}` |"),
        ],
    );
    let painted = text("dashboards/app/src/view/registry.ts");
    let table = between(&painted, "const TILES: Record<string, AnyTile> = {", "};").next().unwrap();
    let unknown = table.lines().filter_map(|line| line.trim().split_once(": "));
    let unknown = unknown.filter(|(id, _)| !types.contains(*id));
    none(
        &unknown
            .map(|(id, _)| format!("registry.ts paints `{id}`, which is no type"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn each_shipped_board_is_described() {
    let boards = entries("dashboards/boards").into_iter();
    let boards = boards.filter(|path| path.extension().is_some_and(|it| it == "toml"));
    let boards: BTreeSet<String> = boards.map(|path| stem(&path)).collect();
    stands_in(&boards, &[("dashboards/boards/README.md", "| `{}` |"), ("README.md", "`{}`")]);
}

#[test]
fn each_alert_has_its_test_its_runbook_and_its_line() {
    let read = |folder| -> String {
        let files = entries(folder).into_iter().filter(|path| path.is_file());
        files.map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    let (rules, tests) = (read("grafana/rules"), read("grafana/rules/tests"));
    let alerts: BTreeSet<String> = between(&rules, "- alert: ", "\n").map(str::to_owned).collect();
    assert!(alerts.len() > 20, "{alerts:?}");
    stands_in(&alerts, &[("grafana/README.md", "[{}](runbooks/{}.md)")]);
    let page = "https://github.com/tablica/tablica/blob/main/grafana/runbooks/";
    let mut lacks = Vec::new();
    for alert in &alerts {
        if !rules.contains(&format!("runbook_url: {page}{alert}.md\n")) {
            lacks.push(format!("grafana/rules: no runbook_url of {alert}"));
        }
        if !tests.contains(&format!("alertname: {alert}\n")) {
            lacks.push(format!("grafana/rules/tests: {alert} never fires"));
        }
        if !tests.contains(&format!("alertname: {alert}}}\n")) {
            lacks.push(format!("grafana/rules/tests: {alert} is never silent"));
        }
        let runbook = root().join(format!("grafana/runbooks/{alert}.md"));
        let text = fs::read_to_string(&runbook).unwrap_or_default();
        for chapter in ["# ", "## What it means\n", "## How to look\n", "## What to do\n"] {
            if !text.contains(chapter) {
                lacks.push(format!("grafana/runbooks/{alert}.md: {chapter:?} is missing"));
            }
        }
    }
    let runbooks = entries("grafana/runbooks").into_iter().map(|path| stem(&path));
    lacks.extend(
        runbooks.filter(|it| !alerts.contains(it)).map(|it| format!("{it}: no such alert")),
    );
    none(&lacks);
}

#[test]
fn each_plugin_that_ships_is_built_and_described() {
    let plugins = entries("plugins").into_iter();
    let plugins = plugins.filter(|path| path.join("plugin.toml").is_file());
    let plugins: BTreeSet<String> = plugins.map(|path| stem(&path)).collect();
    let places = [
        ("Cargo.toml", "\"plugins/{}\""),
        ("plugins/README.md", "`{}/`"),
        ("plugins/shipped/Cargo.toml", "\"../{}\""),
        ("plugins/shipped/src/lib.rs", "\"{}\": "),
    ];
    stands_in(&plugins, &places);
    for plugin in &plugins {
        assert!(text(&format!("plugins/{plugin}/README.md")).starts_with("# "), "{plugin}");
        assert!(root().join(format!("plugins/{plugin}/samples")).is_dir(), "{plugin}: no samples");
    }
}

#[test]
fn each_kind_of_event_is_in_the_contract_and_in_the_mapping_of_web_forms() {
    let kinds: BTreeSet<String> = KindName::ALL.iter().map(|kind| kind.word().to_owned()).collect();
    let contract = kinds.iter().map(|kind| kind.replace('_', "-")).collect();
    stands_in(&contract, &[("plugins/wit/v1/channel.wit", "    {}")]);
    // A form knows nothing of its feed, and nothing that only a newer plugin knows; and what points at
    // other events and contacts, or at what an agent is, has no place in its mapping.
    let others = ["feed", "other", "delivery", "merged", "gauge", "member", "agent_known"];
    let of_forms = kinds.into_iter().filter(|kind| !others.contains(&kind.as_str())).collect();
    stands_in(&of_forms, &[("plugins/webform/src/words.rs", "(\"{}\"")]);
}

#[test]
fn each_verb_of_wall_scripts_is_on_its_page() {
    let source = text("src/script/verbs.rs");
    let verbs = between(&source, "const VERBS", "\n];").next().unwrap();
    let verbs: BTreeSet<String> = between(verbs, "\n    (\"", "\"").map(str::to_owned).collect();
    assert!(verbs.len() > 20, "{verbs:?}");
    let page = text("docs/wall-scripts.md");
    let is_shown =
        |verb: &String| page.contains(&format!("`{verb}`")) || page.contains(&format!("`{verb} "));
    let hidden = verbs.iter().filter(|verb| !is_shown(verb));
    none(&hidden.map(|verb| format!("docs/wall-scripts.md: lacks `{verb}`")).collect::<Vec<_>>());
}

/// The table's own words: what it says is checked is checked here or where it says.
#[test]
fn the_tables_files_exist() {
    let page = text("CONTRIBUTING.md");
    let table = page.split("## What touches what").nth(1).expect("the table");
    let paths: Vec<&str> = between(table, "`", "`").filter(|name| is_path(name)).collect();
    assert!(paths.len() > 20, "{paths:?}");
    let lost = paths.iter().filter(|path| !root().join(path).exists());
    none(&lost.map(|path| format!("CONTRIBUTING.md: there is no {path}")).collect::<Vec<_>>());
}

/// A file or folder of the tree, not a name in code or a pattern.
fn is_path(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    let begins = ["src/", "tests/", "docs/", "plugins/", "dashboards/", "grafana/"];
    plain && begins.iter().any(|folder| name.starts_with(folder))
}
