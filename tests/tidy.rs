//! What review forgets: the map of the house, checked on the sources themselves.

mod source;

use std::collections::BTreeMap;

use source::{everything, root, sources};

/// Lines a file may have before its reason must stand in [`LONG_FILES`].
const LINES_MAX: usize = 400;

/// Longer files, and why they are not cut.
const LONG_FILES: [(&str, &str); 1] =
    [("src/event.rs", "the vocabulary is read as one page, and each word has its sentence")];

/// Module → what it may use of the house: a module, or one part of it. A module may always use
/// itself and the [`WORDS`]. `app` composes the server and `command` the subcommands, of which
/// one runs the server: so `command` may use `app`, and never the other way round. Tests may
/// compose, too.
const MAY_USE: [(&str, &[&str]); 25] = [
    ("words", &[]),
    ("tokens", &[]),
    ("language", &[]),
    ("event", &[]),
    ("scope", &[]),
    ("clock", &[]),
    ("files", &[]),
    ("webhook_thread", &[]),
    ("config", &[]),
    ("access", &["journal", "tokens"]),
    ("engine", &[]),
    ("kpi", &["engine"]),
    ("journal", &["clock", "files"]),
    ("telemetry", &["journal", "kpi", "clock"]),
    ("channel", &["journal", "clock", "files", "telemetry", "webhook_thread"]),
    (
        "script",
        &[
            "kpi",
            "engine",
            "report",
            "board::annotations",
            "board::figures",
            "board::format",
            // What a channel does to its events beside any plugin holds for those of scripts.
            "channel::intake",
            "channel::privacy",
        ],
    ),
    ("board", &["kpi", "engine", "journal", "assets", "files"]),
    ("screen", &["board", "journal", "telemetry", "tokens"]),
    (
        "http",
        &[
            "access",
            "alert",
            "screen",
            "board",
            "kpi",
            "engine",
            "assets",
            "channel::input",
            "channel::registry",
            "channel::reply",
            "mail",
            "report",
            "telemetry",
            "webhook_thread",
            "journal::JournalError",
        ],
    ),
    ("report", &["board", "kpi", "engine"]),
    // It trusts whom channels trust.
    ("mail", &["journal", "telemetry", "channel::trust"]),
    // It tells people what the metrics say.
    ("alert", &["mail", "telemetry", "channel::trust"]),
    ("simulate", &["clock"]),
    (
        "app",
        &[
            "alert",
            "access",
            "assets",
            "board",
            "channel",
            "clock",
            "engine",
            "files",
            "http",
            "journal",
            "kpi",
            "mail",
            "report",
            "screen",
            "telemetry",
            "webhook_thread",
        ],
    ),
    (
        "command",
        &[
            "access",
            "alert",
            "app",
            "assets",
            "board",
            "channel",
            "clock",
            "engine",
            "http",
            "journal",
            "kpi",
            "mail",
            "report",
            "screen",
            "script",
            "simulate",
            "telemetry",
        ],
    ),
];

/// May use everything: they only name the parts, or attack them.
const COMPOSERS: [&str; 3] = ["main", "lib", "fuzzing"];

/// Used by everybody: tables of words, the vocabulary, what numbers are asked for by, the walls'
/// languages, and the settings.
const WORDS: [&str; 5] = ["words", "event", "scope", "language", "config"];

/// What the pure modules must not name: they do no IO, read no clock, hold no lock, and know no
/// wire format.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "tokio::",
    "serde_json::",
    "Mutex",
];

/// Ways to read a clock; only `clock.rs` may.
const CLOCKS: [&str; 5] =
    ["SystemTime::now", "Instant::now", "Zoned::now", "Timestamp::now", "thread::sleep"];

/// Fails with all findings at once.
fn none(findings: Vec<String>) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    none(
        everything()
            .iter()
            .filter(|source| !source.text.starts_with("//!"))
            .map(|source| format!("{}: begins without `//!`", source.path))
            .collect(),
    );
}

#[test]
fn no_file_is_long_without_a_reason() {
    let reasons: BTreeMap<_, _> = LONG_FILES.into();
    let mut findings = Vec::new();
    for source in everything() {
        let lines = source.text.lines().count();
        match reasons.get(source.path.as_str()) {
            None if lines > LINES_MAX => {
                findings.push(format!("{}: {lines} lines; cut it", source.path));
            }
            Some(_) if lines <= LINES_MAX => {
                findings.push(format!("{}: short again; strike it from the list", source.path));
            }
            _ => {}
        }
    }
    none(findings);
}

#[test]
fn modules_use_only_what_the_map_allows() {
    let map: BTreeMap<_, _> = MAY_USE.into();
    let mut findings = Vec::new();
    for source in sources(&["src"]) {
        let module = source.module();
        if COMPOSERS.contains(&module) || source.is_test() || source.path == "src/assets.rs" {
            continue;
        }
        let Some(allowed) = map.get(module) else {
            findings.push(format!("{}: module `{module}` is not on the map", source.path));
            continue;
        };
        for (number, line) in source.code() {
            for path in modules_named(line) {
                let used = path.split("::").next().unwrap_or(path);
                let below = |part: &&str| {
                    path.strip_prefix(*part)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
                };
                let known = used == module || WORDS.contains(&used) || allowed.iter().any(below);
                // Macros and items of the crate's root are no modules.
                if !known && is_module(used) {
                    findings
                        .push(format!("{}:{number}: `{module}` may not use `{path}`", source.path));
                }
            }
        }
    }
    none(findings);
}

/// The path that follows each `crate::` on a line; `crate::{a, b::c}` names two.
fn modules_named(line: &str) -> Vec<&str> {
    line.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        })
        .map(|item| {
            let item = item.trim_start();
            let end = item.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            &item[..end.unwrap_or(item.len())]
        })
        .collect()
}

/// The items of `a, b::{c, d}, e}` outside inner braces.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut items) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&list[begin..at]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    items.push(&list[begin..]);
    items
}

fn is_module(name: &str) -> bool {
    let src = root().join("src");
    src.join(name).is_dir() || src.join(format!("{name}.rs")).is_file()
}

#[test]
fn the_pure_modules_do_no_io_and_read_no_clock() {
    let mut findings = Vec::new();
    for source in sources(&["src/event.rs", "src/scope", "src/engine", "src/kpi", "src/script"]) {
        if source.is_test() {
            continue;
        }
        for (number, line) in source.code() {
            for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                findings.push(format!("{}:{number}: names `{word}`", source.path));
            }
        }
    }
    none(findings);
}

#[test]
fn only_one_file_reads_a_clock() {
    let mut findings = Vec::new();
    for source in sources(&["src"]) {
        if source.path == "src/clock.rs" || source.is_test() {
            continue;
        }
        let tokios = source.instant_is_tokios();
        for (number, line) in source.code() {
            let mut line = line.replace("tokio::time::Instant::now", "");
            if tokios {
                line = line.replace("Instant::now", "");
            }
            for word in CLOCKS.iter().filter(|word| line.contains(**word)) {
                findings.push(format!("{}:{number}: `{word}`; ask src/clock.rs", source.path));
            }
        }
    }
    none(findings);
}

/// Ways to change what is on disk.
const DISK_CHANGES: [&str; 14] = [
    "sync_all",
    "sync_data",
    "fs::rename",
    "fs::write",
    "fs::copy",
    "remove_file",
    "remove_dir",
    "hard_link",
    "set_len",
    "write_all",
    "File::create",
    "OpenOptions::new",
    "DirBuilder",
    "create_dir",
];

/// In between a simulated disk must be asked: `src/torture` finds out what a power cut leaves.
#[test]
fn the_journal_changes_files_only_at_points_where_disks_can_fail() {
    let mut findings = Vec::new();
    for source in sources(&["src/journal", "src/files"]) {
        if source.is_test() {
            continue;
        }
        let is_seam = source.path == "src/files/mod.rs";
        let mut before = ["", ""];
        for (number, line) in source.code() {
            let at_a_point =
                is_seam && [line, before[1], before[0]].join("").contains("at(Point::");
            let is_import = line.trim_start().starts_with("use ");
            // The options that files are made with are used at the points alone.
            let is_options = is_seam && line.contains("OpenOptions::new();");
            for word in DISK_CHANGES.iter().filter(|word| line.contains(**word)) {
                if !(at_a_point || is_import || is_options) {
                    findings.push(format!("{}:{number}: `{word}`; use src/files", source.path));
                }
            }
            before = [before[1], line];
        }
    }
    none(findings);
}

#[test]
fn metrics_are_named_in_one_place() {
    let macros = ["counter!(", "gauge!(", "histogram!(", "describe_"];
    let mut findings = Vec::new();
    for source in sources(&["src"]) {
        if source.module() == "telemetry" {
            continue;
        }
        for (number, line) in source.code() {
            if macros.iter().any(|name| line.contains(name)) && !line.contains("fn ") {
                findings.push(format!("{}:{number}: metrics belong to telemetry", source.path));
            }
        }
    }
    none(findings);
}

/// Files with a pause that is itself a poll with a limit, and benchmarks: they measure over time.
const MAY_SLEEP: [&str; 2] = ["tests/support/", "tests/bench/"];

#[test]
fn tests_wait_for_conditions_and_not_for_time() {
    let pause = ["sleep", "("].concat();
    let mut findings = Vec::new();
    for source in everything() {
        if MAY_SLEEP.iter().any(|path| source.path.starts_with(path)) {
            continue;
        }
        let first_test_line = if source.is_test() { 0 } else { source.code().count() };
        for (index, line) in source.text.lines().enumerate().skip(first_test_line) {
            if line.contains(&pause) {
                findings.push(format!("{}:{}: sleeps", source.path, index + 1));
            }
        }
    }
    none(findings);
}

#[test]
fn no_file_names_somebodys_home() {
    let homes = [["/ro", "ot/"].concat(), ["/ho", "me/"].concat(), ["/Us", "ers/"].concat()];
    let mut findings = Vec::new();
    for source in everything() {
        for (index, line) in source.text.lines().enumerate() {
            if homes.iter().any(|home| line.contains(home.as_str())) {
                findings.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    none(findings);
}
