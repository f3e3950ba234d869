//! Words of the floor, in four languages: every board of this house is opened in each of them, and
//! nothing on it is left in English.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use tablica::language::Language;

use super::server::{Options, Server};
use crate::support::wait::until_async;

/// What people read on a wall, by its key.
const READ: [&str; 6] = ["title", "subtitle", "word", "note", "detail", "name"];

/// The same in more than one language: names of measures and of people, abbreviations.
const SAME: [&str; 11] =
    ["CSAT", "NPS", "CSI", "EUR", "min", "Example", "Ltd", "sales", "support", "billing", "pbx"];

/// The boards that ship: name and text.
fn boards() -> Vec<(String, String)> {
    let shipped = tablica::assets::boards();
    let id = |file: &str| file.trim_end_matches(".toml").to_owned();
    let found: Vec<_> = shipped.map(|(file, text)| (id(file), text.to_owned())).collect();
    assert!(found.len() > 3, "{found:?}");
    found
}

/// Every text that people read, by where it stands.
fn read_on(snapshot: &Value) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    walk(&snapshot["board"], "board", &mut texts);
    walk(&snapshot["tiles"], "tiles", &mut texts);
    texts
}

fn walk(value: &Value, place: &str, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let place = format!("{place}/{key}");
                match member.as_str() {
                    Some(text) if READ.contains(&key.as_str()) => {
                        texts.insert(place, text.replace('\u{a0}', " "));
                    }
                    _ => walk(member, &place, texts),
                }
            }
        }
        Value::Array(members) => {
            for (at, member) in members.iter().enumerate() {
                walk(member, &format!("{place}/{at}"), texts);
            }
        }
        _ => {}
    }
}

/// Figures and names are written the same everywhere.
fn may_be_same(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    words.filter(|word| !word.is_empty()).all(|word| SAME.contains(&word))
}

/// The server with each board in each language: `floor-pl` is the floor's in Polish.
async fn server_in_all_languages(boards: &[(String, String)]) -> (tempfile::TempDir, Server) {
    let dir = tempfile::tempdir().expect("a folder");
    for (id, text) in boards {
        for language in Language::ALL.map(Language::id) {
            let text = format!("language = \"{language}\"\n{text}");
            fs::write(dir.path().join(format!("{id}-{language}.toml")), text).expect("written");
        }
    }
    let options = Options { boards: Some(dir.path().to_owned()), ..Options::default() };
    (dir, Server::start(options).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_board_speaks_each_language_and_nothing_on_it_is_left_in_english() {
    let boards = boards();
    let (_dir, mut server) = server_in_all_languages(&boards).await;
    server.call_waits("sales").await;
    until_async("the call is on the walls", async || {
        let floor = server.screen("floor-en").await.next_of("snapshot").await;
        floor["tiles"]["queues"]["rows"][0]["name"] == "sales"
    })
    .await;
    let mut left = Vec::new();
    for (id, text) in &boards {
        // A file with a parameter has no board of its own.
        let of = if text.contains("[parameters]") { ":sales" } else { "" };
        let english_board = format!("{id}-en{of}");
        for language in Language::ALL.into_iter().skip(1).map(Language::id) {
            let board = format!("{id}-{language}{of}");
            let (mut english, mut own) = (BTreeMap::new(), BTreeMap::new());
            // Boards are painted one after the other, and what they say changes with the time.
            until_async(&format!("{board} shows what {english_board} does"), async || {
                let wall = server.screen(&english_board).await.next_of("snapshot").await;
                assert_eq!(wall["board"]["language"], "en");
                english = read_on(&wall);
                let wall = server.screen(&board).await.next_of("snapshot").await;
                assert_eq!(wall["board"]["language"], language);
                own = read_on(&wall);
                own.keys().eq(english.keys())
            })
            .await;
            assert!(english.len() > 10, "{id}: {english:?}");
            let same = own.iter().filter(|(place, text)| english[*place] == **text);
            let odd = same.filter(|(_, text)| !may_be_same(text));
            left.extend(odd.map(|(place, text)| format!("{id}-{language} {place}: {text}")));
        }
    }
    assert!(left.is_empty(), "{left:#?}");
    server.stop_hub().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_floors_wall_says_what_polish_russian_and_ukrainian_rooms_say() {
    let boards = vec![("own".to_owned(), OWN.to_owned())];
    let (_dir, mut server) = server_in_all_languages(&boards).await;
    for (language, said) in [
        ("en", "Service level | all queues · last 15 min | Waiting | Sales desk"),
        ("pl", "Poziom obsługi | wszystkie kolejki · ostatnie 15 min | Czeka | Biuro sprzedaży"),
        ("ru", "Уровень сервиса | все очереди · последние 15 мин | Ждут | Sales desk"),
        ("uk", "Рівень сервісу | усі черги · останні 15 хв | Чекають | Sales desk"),
    ] {
        let wall = server.screen(&format!("own-{language}")).await.next_of("snapshot").await;
        let tiles = &wall["board"]["tiles"];
        let heads = [
            &tiles[0]["title"],
            &tiles[0]["subtitle"],
            &wall["tiles"]["queues"]["columns"][0]["title"],
            // The operator's own words: as they stand, by language where the file has a table.
            &tiles[2]["title"],
        ];
        let heads: Vec<String> =
            heads.iter().filter_map(|head| Some(head.as_str()?.replace('\u{a0}', " "))).collect();
        assert_eq!(heads.join(" | "), said, "{wall}");
    }
    // Lists of boards are in the site's language, here English.
    let list = server.get("/api/v1/boards").await.body;
    assert!(String::from_utf8_lossy(&list).contains("\"Floor\""));
    server.stop_hub().await;
}

const OWN: &str = r#"
[[tile]]
id = "service"
type = "number"
x = 0
y = 0
w = 8
h = 4
kpi = "service_level"

[[tile]]
id = "queues"
type = "queue_table"
x = 8
y = 0
w = 16
h = 4

[[tile]]
id = "sales"
type = "number"
x = 0
y = 4
w = 8
h = 4
kpi = "waiting"
queue = "sales"
title = { en = "Sales desk", pl = "Biuro sprzedaży" }
"#;
