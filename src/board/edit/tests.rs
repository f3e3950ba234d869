//! What an editor does to a text: what it is about changes, and nothing else.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::assets;
use crate::board::file::Board;
use crate::board::tile::TYPES;
use crate::board::unknown::Known;
use crate::journal::Silent;

const BOARD: &str = r#"# The floor, as the night shift wants it.
title = "Floor"   # shown above

# ── Who waits ──

# The number that counts.
[[tile]]
id = "waiting"    # unique
type = "number"
x = 0
y = 0
w = 0x8
h = 4
kpi = "waiting"
bad = 8.0         # agreed in May
# title = "Queue"

[[tile.rule]]     # a comment of its own
when = ">= 10"
tone = "bad"

[[tile]]
id   = "trend"
type = "trend"
x = 8
y = 0
w = 8
h = 4
series = [
    "offered",    # what comes
    "answered",   # what is done
]

# ── The rest ──

[[tile]]
id = "clock"
type = "clock"
x = 16
y = 0
w = 4
h = 4
# Written by hand: the end.
"#;

fn act(value: Value) -> Change {
    serde_json::from_value(value).expect("a change")
}

fn done(text: &str, change: Value) -> String {
    apply(text, &act(change)).expect("it is done")
}

/// The difference that a change makes.
fn differs(change: Value, expected: Expect) {
    let after = done(BOARD, change);
    let lines = difference::between(BOARD, &after);
    let told: Vec<String> = lines
        .into_iter()
        .filter_map(|line| match line.is {
            difference::Became::Gone => Some(format!("- {}", line.text)),
            difference::Became::New => Some(format!("+ {}", line.text)),
            _ => None,
        })
        .collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn a_key_that_is_set_changes_its_line_alone_and_keeps_its_comment() {
    differs(
        json!({"act": "set", "tile": 0, "keys": {"bad": 12, "x": 0, "w": 8, "kpi": "waiting"}}),
        expect![[r#"
            - bad = 8.0         # agreed in May
            + bad = 12         # agreed in May"#]],
    );
    differs(
        json!({"act": "set", "tile": 2, "keys": {"x": 18, "title": "Time", "y": 3}}),
        expect![[r#"
            - x = 16
            - y = 0
            + x = 18
            + y = 3
            + title = "Time""#]],
    );
    differs(
        json!({"act": "set", "tile": 0, "keys": {"bad": null}}),
        expect!["- bad = 8.0         # agreed in May"],
    );
    differs(
        json!({"act": "board", "keys": {"title": {"en": "Floor", "pl": "Sala"}}}),
        expect![[r#"
            - title = "Floor"   # shown above
            + title = { en = "Floor", pl = "Sala" }   # shown above"#]],
    );
}

#[test]
fn lists_and_rules_keep_what_stays_in_them() {
    differs(
        json!({"act": "set", "tile": 1, "keys": {"series": ["offered", "handled", "abandoned"]}}),
        expect![[r#"
            -     "answered",   # what is done
            +     "handled",
            +     "abandoned",   # what is done"#]],
    );
    differs(
        json!({"act": "set", "tile": 0, "keys": {"rule": [
            {"when": ">= 10", "tone": "warn"}, {"when": ">= 20", "tone": "bad"}]}}),
        expect![[r#"
            + tone = "warn"
            + 
            + [[tile.rule]]
            + when = ">= 20""#]],
    );
    differs(
        json!({"act": "set", "tile": 0, "keys": {"rule": []}}),
        expect![[r#"
            - [[tile.rule]]     # a comment of its own
            - when = ">= 10"
            - tone = "bad"
            - "#]],
    );
}

#[test]
fn a_tile_that_is_removed_takes_its_own_comments_and_no_others() {
    differs(
        json!({"act": "remove", "tile": 0}),
        expect![[r#"
            - # The number that counts.
            - [[tile]]
            - id = "waiting"    # unique
            - type = "number"
            - x = 0
            - y = 0
            - w = 0x8
            - h = 4
            - kpi = "waiting"
            - bad = 8.0         # agreed in May
            - # title = "Queue"
            - 
            - [[tile.rule]]     # a comment of its own
            - when = ">= 10"
            - tone = "bad"
            - "#]],
    );
    differs(
        json!({"act": "remove", "tile": 2}),
        expect![[r#"
            - 
            - [[tile]]
            - id = "clock"
            - type = "clock"
            - x = 16
            - y = 0
            - w = 4
            - h = 4
            - # Written by hand: the end."#]],
    );
    assert_eq!(apply(BOARD, &act(json!({"act": "remove", "tile": 3}))), Err(ChangeError::NoTile));
}

#[test]
fn a_tile_that_is_added_or_copied_finds_a_free_place_and_a_free_name() {
    let added = done(BOARD, json!({"act": "add", "tile_type": "clock"}));
    let own = "\n[[tile]]\nid = \"clock_2\"\ntype = \"clock\"\nx = 0\ny = 4\nw = 6\nh = 4\n";
    assert_eq!(added, format!("{BOARD}{own}"));
    let copied = done(&added, json!({"act": "copy", "tile": 1}));
    let own = copied.strip_prefix(added.as_str()).expect("the rest stays");
    expect![[r#"

        [[tile]]
        id   = "trend_2"
        type = "trend"
        x = 6
        y = 4
        w = 8
        h = 4
        series = [
            "offered",    # what comes
            "answered",   # what is done
        ]
    "#]]
    .assert_eq(own);
    let full = "[[tile]]\nid = \"a\"\ntype = \"clock\"\nx = 0\ny = 0\nw = 24\nh = 12\n";
    let add = act(json!({"act": "add", "tile_type": "clock"}));
    assert_eq!(apply(full, &add), Err(ChangeError::NoPlace));
}

#[test]
fn every_type_can_be_added_to_an_empty_board_and_is_read() {
    for tile_type in TYPES {
        let text = done("title = \"New\"\n", json!({"act": "add", "tile_type": tile_type.id}));
        let board = Board::parse("new", "new.toml", &text);
        assert!(board.is_ok(), "{text}\n{:?}", board.err());
    }
}

#[test]
fn what_is_undone_by_its_opposite_is_what_it_was_on_every_board_that_ships() {
    let shipped = assets::boards().map(|(_, text)| text);
    for text in shipped.chain([templates::text("starter", "a").expect("it").as_str(), BOARD]) {
        let looked = look("b", text, &Known::default());
        for (at, tile) in looked.draft.tiles.iter().enumerate() {
            let keys = Value::Object(tile.clone());
            let same = done(text, json!({"act": "set", "tile": at, "keys": keys}));
            assert_eq!(same, text, "setting what is there changes nothing");
            let moved = done(text, json!({"act": "set", "tile": at, "keys": {"x": 99}}));
            let back = done(&moved, json!({"act": "set", "tile": at, "keys": {"x": tile["x"]}}));
            assert_eq!(back, text);
        }
        // Most of those that ship have no free place.
        let Ok(added) = apply(text, &act(json!({"act": "add", "tile_type": "clock"}))) else {
            continue;
        };
        let removed = done(&added, json!({"act": "remove", "tile": looked.draft.tiles.len()}));
        assert_eq!(removed.trim_end(), text.trim_end());
    }
}

#[test]
fn ends_of_lines_and_marks_of_windows_stay() {
    let text = format!("\u{feff}{}", BOARD.replace('\n', "\r\n"));
    let after = done(&text, json!({"act": "set", "tile": 2, "keys": {"x": 17}}));
    assert_eq!(after, text.replace("x = 16", "x = 17"));
    let mixed = BOARD.replacen('\n', "\r\n", 3);
    let change = act(json!({"act": "set", "tile": 2, "keys": {"x": 17}}));
    assert_eq!(apply(&mixed, &change), Err(ChangeError::NotKept));
}

#[test]
fn a_draft_says_what_is_wrong_beside_the_tile_where_it_is() {
    let text = BOARD.replace("kpi = \"waiting\"", "kpi = \"waitting\"").replace("x = 16", "x = 12");
    let draft = look("b", &text, &Known::default()).draft;
    let told: Vec<String> = draft
        .problems
        .iter()
        .map(|it| format!("{:?} {:?} {}", it.line, it.tile, it.text))
        .collect();
    expect![[r#"
        Some(14) Some(0) tile `waiting`: unknown `kpi` "waitting"; did you mean `waiting`?
        Some(36) Some(2) tile `clock`: overlaps tile `trend`"#]]
    .assert_eq(&told.join("\n"));
    assert_eq!((draft.is_whole, draft.tiles.len(), draft.lines), (true, 3, vec![7, 22, 36]));
    assert_eq!(draft.tiles[0]["w"], json!(8));
    let broken = look("b", "title = ", &Known::default()).draft;
    assert!(!broken.is_whole && broken.problems.len() == 1, "{broken:?}");
    let list = "tile = [{ id = \"a\", type = \"clock\", x = 0, y = 0, w = 2, h = 2 }]";
    let draft = look("b", list, &Known::default()).draft;
    assert!(!draft.is_whole && draft.problems.is_empty());
    let add = act(json!({"act": "add", "tile_type": "clock"}));
    assert_eq!(apply(list, &add), Err(ChangeError::InList));
}

fn shelf(folder: &Path, versions_max: usize, versions_bytes_max: usize) -> Arc<Shelf> {
    let dir = folder.join("boards");
    fs::create_dir_all(&dir).expect("a folder");
    let settings = Settings { dir: Some(dir), versions_max, versions_bytes_max };
    Shelf::open(settings, folder, Arc::new(Silent), || 1_000).expect("open")
}

#[test]
fn what_was_changed_meanwhile_is_not_saved_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf(folder.path(), 100, 1 << 20);
    let path = folder.path().join("boards/floor.toml");
    let shipped = shelf.held("floor").expect("it ships");
    assert_eq!(shipped.origin, Origin::Shipped);
    let first = shelf.save("floor", BOARD, &shipped.tag, "anna").expect("saved");
    assert_eq!(fs::read_to_string(&path).expect("the file"), BOARD);
    let other = BOARD.replace("Floor", "Our floor");
    let Err(SaveError::Changed(held)) = shelf.save("floor", &other, &shipped.tag, "olena") else {
        unreachable!("it was saved over anna's");
    };
    assert_eq!((held.text.as_str(), held.tag.as_str()), (BOARD, first.as_str()));
    shelf.save("floor", &other, &first, "olena").expect("saved");
    let Err(SaveError::Invalid(problems)) =
        shelf.save("floor", "title = 3", &shelf.held("floor").expect("it").tag, "olena")
    else {
        unreachable!("a bad board was saved");
    };
    assert!(problems[0].to_string().starts_with("floor.toml:1: "), "{problems:?}");
    assert_eq!(fs::read_to_string(&path).expect("the file"), other);
    assert_eq!(fs::read_dir(folder.path().join("boards")).expect("it").count(), 1, "no draft");
}

#[test]
fn every_text_that_a_board_had_is_kept_also_what_was_written_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf(folder.path(), 100, 1 << 20);
    let path = folder.path().join("boards/own.toml");
    shelf.create("own", "starter", "anna").expect("made");
    let starter = shelf.held("own").expect("it").text;
    assert!(matches!(shelf.create("own", "starter", "anna"), Err(SaveError::Taken(_))));
    assert!(matches!(shelf.create("floor", "starter", "anna"), Err(SaveError::Taken(_))));
    assert!(matches!(shelf.create("../x", "starter", "anna"), Err(SaveError::BadName(_))));
    fs::write(&path, BOARD).expect("by hand");
    let other = BOARD.replace("Floor", "Our floor");
    shelf.save("own", &other, &shelf.held("own").expect("it").tag, "olena").expect("saved");
    let told = |shelf: &Shelf| -> Vec<String> {
        let versions = shelf.versions_of("own").expect("a list");
        versions.into_iter().map(|it| format!("{} {}", it.came.word(), it.who)).collect()
    };
    assert_eq!(told(&shelf), ["saved olena", "found ", "saved anna"]);
    let first = shelf.versions_of("own").expect("a list")[2].number;
    assert_eq!(shelf.version("own", first).expect("it").as_deref(), Some(starter.as_str()));
    assert_eq!(shelf.version("floor", first).expect("asked"), None, "of another board");
    shelf.remove("own", &shelf.held("own").expect("it").tag).expect("removed");
    assert!(!path.exists() && told(&shelf).len() == 3);
    assert!(matches!(shelf.remove("floor", "none"), Err(SaveError::Unknown(_))));
}

#[test]
fn the_oldest_texts_are_dropped_for_a_limit_and_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = BOARD.len();
    let shelf = shelf(folder.path(), 3, 4 * one + one / 2);
    for board in ["a", "b"] {
        let mut tag = shelf.held(board).expect("it").tag;
        for number in 0..5 {
            let text = BOARD.replace("as the", &format!("{number}s the"));
            tag = shelf.save(board, &text, &tag, "anna").expect("saved");
        }
    }
    let kept = |board| shelf.versions_of(board).expect("a list").len();
    assert_eq!((kept("a"), kept("b")), (1, 3));
    assert_eq!(shelf.dropped(), Dropped { by_number: 4, by_bytes: 2 });
}
