//! No word is missing, none is left over, and what is English is English on purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use super::{FILES, Language, Text, text};
use crate::alert;
use crate::kpi;

/// Words that are the same in more than one language: names of measures, abbreviations.
const SAME: [&str; 13] =
    ["CSAT", "NPS", "CSI", "ASA", "AHT", "FCR", "EUR", "Spam", "Bot", "min", "s", "d", "h"];

/// Each message of a file, and each of its attributes, with the variables that stand in it.
fn messages(file: &str) -> BTreeMap<String, BTreeSet<&str>> {
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let (mut message, mut name) = (String::new(), String::new());
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let Some((head, _)) = line.split_once(" =") {
            if !head.starts_with(' ') {
                (message, name) = (head.to_owned(), head.to_owned());
            } else if let Some(part) = head.trim().strip_prefix('.') {
                name = format!("{message}.{part}");
            }
        }
        let words = line.split('$').skip(1).filter_map(|rest| rest.split_whitespace().next());
        found.entry(name.clone()).or_default().extend(words);
    }
    found.remove("");
    found
}

/// All of a language's.
fn all(language: Language) -> BTreeMap<String, BTreeSet<&'static str>> {
    FILES[language as usize].iter().flat_map(|file| messages(file)).collect()
}

fn value_of(language: Language, name: &str) -> Option<String> {
    match name.split_once('.') {
        Some((name, part)) => language.has(name, Some(part)),
        None => language.has(name, None),
    }
}

#[test]
fn every_file_is_good_and_no_message_stands_in_two() {
    for (language, files) in Language::ALL.into_iter().zip(FILES) {
        let mut seen = BTreeSet::new();
        for file in files {
            if let Err((_, errors)) = FluentResource::try_new(file.to_owned()) {
                unreachable!("{language:?}: {errors:?}");
            }
            for name in messages(file).into_keys() {
                assert!(seen.insert(name.clone()), "{language:?}: {name} stands twice");
            }
        }
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_variables() {
    let english = all(Language::English);
    assert!(english.len() > 300, "{} messages were found", english.len());
    for language in Language::ALL {
        let own = all(language);
        for (name, variables) in &english {
            assert_eq!(own.get(name), Some(variables), "{language:?}: {name}");
            assert!(value_of(language, name).is_some(), "{language:?}: {name} cannot be said");
        }
        let more: Vec<_> = own.keys().filter(|name| !english.contains_key(*name)).collect();
        assert!(more.is_empty(), "{language:?}: nobody else has {more:?}");
    }
}

#[test]
fn nothing_stands_in_english_elsewhere() {
    let mut same = Vec::new();
    for name in all(Language::English).into_keys() {
        let plain = |language| value_of(language, &name).unwrap_or_default();
        let english = plain(Language::English);
        // What stands for a variable that is not given: "{$number}".
        let words = english.split(['{', '}']).filter(|part| !part.starts_with('$'));
        let words = words.flat_map(|part| part.split(|letter: char| !letter.is_alphabetic()));
        if words.filter(|word| !word.is_empty()).all(|word| SAME.contains(&word)) {
            continue;
        }
        for language in Language::ALL.into_iter().skip(1) {
            if plain(language) == english {
                same.push(format!("{language:?}: {name} = {english}"));
            }
        }
    }
    assert!(same.is_empty(), "{same:#?}");
}

#[test]
fn every_kpi_has_a_title_in_every_language() {
    let known = all(Language::English);
    for kpi in kpi::registry() {
        assert!(known.contains_key(&format!("kpi-{}", kpi.id)), "{} has no title", kpi.id);
        for language in Language::ALL {
            let (title, column) = (language.kpi_title(kpi.id), language.kpi_column(kpi.id));
            assert!(!title.is_empty() && !title.starts_with("kpi-"), "{language:?}: {title}");
            assert!(column.chars().count() <= title.chars().count(), "{language:?}: {column}");
        }
    }
}

#[test]
fn every_alert_has_a_title_in_every_language() {
    let known = all(Language::English);
    assert!(alert::names().len() > 30, "{:?}", alert::names());
    for name in alert::names() {
        assert!(known.contains_key(&format!("alert-{name}")), "{name} has no title");
    }
}

/// Every file below a folder.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn no_message_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&root.join("src"), &mut sources);
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let code: String = sources.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let boards: BTreeSet<String> =
        board_texts().iter().flat_map(|text| text.split(" · ").map(text::name_of)).collect();
    let is_used = |name: &str| match name.strip_prefix("kpi-") {
        Some(kpi) => kpi::find(kpi).is_some(),
        None if name.starts_with("board-") => boards.contains(name),
        None if name.starts_with("alert-") => alert::names().iter().any(|it| name[6..] == **it),
        None => code.contains(&format!("\"{name}\"")),
    };
    let unused: Vec<String> = all(Language::English)
        .into_keys()
        .filter(|name| !name.contains('.') && !is_used(name))
        .collect();
    assert!(unused.is_empty(), "said nowhere: {unused:#?}");
}

/// The texts in quotes of every title and subtitle on the boards that ship.
fn board_texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut boards = Vec::new();
    files(&root.join("dashboards/boards"), &mut boards);
    boards.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    assert!(boards.len() > 3, "{boards:?}");
    let mut texts = Vec::new();
    for board in boards {
        let text = fs::read_to_string(&board).expect("a board");
        collect(&toml::from_str::<toml::Value>(&text).expect("TOML"), &mut texts);
    }
    texts
}

fn collect(value: &toml::Value, texts: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match value {
                    toml::Value::String(text) if key == "title" || key == "subtitle" => {
                        texts.push(text.clone());
                    }
                    other => collect(other, texts),
                }
            }
        }
        toml::Value::Array(array) => array.iter().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

#[test]
fn the_boards_of_this_house_are_said_in_every_language() {
    let mut untold = BTreeSet::new();
    for text in board_texts().iter().flat_map(|text| text.split(" · ")) {
        let said = Text::Plain(text.to_owned()).of(Language::Ukrainian);
        // A parameter stands for a name, which is the same in every language.
        let is_parameter = text.starts_with('$');
        if said == text && !text.is_empty() && !is_parameter && !SAME.contains(&text) {
            untold.insert(text.to_owned());
        }
    }
    assert!(untold.is_empty(), "`board-` messages are missing for {untold:#?}");
}

#[test]
fn a_text_of_a_board_file_is_said_in_the_walls_language() {
    let plain = |text: &str| Text::Plain(text.to_owned());
    let said = |text: &str, language| plain(text).of(language).replace('\u{a0}', " ");
    assert_eq!(said("median · last 60 min", Language::Polish), "mediana · ostatnie 60 min");
    assert_eq!(said("Sales · today", Language::Russian), "Sales · сегодня");
    // Only the very words: another writing is the operator's own text.
    assert_eq!(said("Waiting now!", Language::Polish), "Waiting now!");
    assert_eq!(said("", Language::Polish), "");
    let table = Text::ByLanguage(vec![
        (Language::English, "Queues".to_owned()),
        (Language::Polish, "Nasze kolejki".to_owned()),
    ]);
    assert_eq!(table.of(Language::Polish), "Nasze kolejki");
    assert_eq!(table.of(Language::Ukrainian), "Queues", "as it stands");
}

#[test]
fn plural_forms_are_the_languages_own() {
    let days = |number, language: Language| language.days_in_full(number).replace('\u{a0}', " ");
    let forms =
        |language| [1, 2, 5, 12, 21, 22, 25].map(|number| days(number, language)).join(", ");
    assert_eq!(
        forms(Language::English),
        "1 day, 2 days, 5 days, 12 days, 21 days, 22 days, 25 days"
    );
    assert_eq!(forms(Language::Polish), "1 dzień, 2 dni, 5 dni, 12 dni, 21 dni, 22 dni, 25 dni");
    assert_eq!(
        forms(Language::Russian),
        "1 день, 2 дня, 5 дней, 12 дней, 21 день, 22 дня, 25 дней"
    );
    assert_eq!(
        forms(Language::Ukrainian),
        "1 день, 2 дні, 5 днів, 12 днів, 21 день, 22 дні, 25 днів"
    );
}
