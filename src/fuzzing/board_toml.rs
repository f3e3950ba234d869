//! Any text as a board file.
//!
//! Holds for every text: it is read without a panic. If it is refused, every problem names the file,
//! a line that the text has, and what is wrong. If it is taken, the board keeps its bounds (tiles in
//! the grid, none over another, no id twice, not too many), its layout is JSON that says the
//! same as the board, every tile renders to JSON, in every language, and twice to the same.

use std::collections::BTreeSet;

use serde_json::Value;

use super::house;
use crate::board::figures::Scene;
use crate::board::file::{Board, COLUMNS, ROWS, TILES_MAX};
use crate::board::house::House;
use crate::engine::{Engine, Rules};
use crate::event::UnixMs;
use crate::language::Language;

const FILE: &str = "floor.toml";
/// 2026-03-02 11:00 UTC.
const NOW_MS: UnixMs = 1_772_449_200_000;

/// See the file.
pub fn board_toml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let board = match Board::parse("floor", FILE, text) {
        Ok(board) => board,
        Err(problems) => {
            assert!(!problems.is_empty(), "refused for no reason");
            let lines = text.matches('\n').count() + 1;
            for problem in problems {
                let said = problem.to_string();
                let line = problem.line.expect("a line");
                assert!((1..=lines).contains(&line), "{said}: the text has {lines} lines");
                assert!(said.starts_with(&format!("{FILE}:{line}: ")), "{said}");
                assert!(!problem.found.is_empty(), "{said}");
            }
            return;
        }
    };
    keeps_its_bounds(&board);
    let rules = Rules::default();
    let site = house::site(&rules);
    let mut engine = Engine::new(rules);
    for selector in board.tiles.iter().flat_map(|placed| placed.tile.selectors()) {
        // Beyond the engine's room, the tile says that there is no data.
        engine.watch(selector);
    }
    engine.tick(NOW_MS);
    for language in Language::ALL {
        let figures = &engine;
        let scene = Scene {
            figures,
            site: &site,
            board: "floor",
            language,
            annotations: &[],
            notice: None,
            house: &House::default(),
            held: None,
            now_ms: NOW_MS,
        };
        says_the_same(&board, &board.layout(&scene), language);
        for placed in &board.tiles {
            let value = placed.tile.render(&scene);
            serde_json::from_str::<Value>(&value).expect("a tile's value is JSON");
            assert_eq!(value, placed.tile.render(&scene), "a tile renders twice to the same");
        }
    }
}

fn keeps_its_bounds(board: &Board) {
    assert!((1..=TILES_MAX).contains(&board.tiles.len()), "{} tiles", board.tiles.len());
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for placed in &board.tiles {
        assert!(ids.insert(&placed.id), "two tiles `{}`", placed.id);
        let place = placed.place;
        assert!(place.w >= 1 && place.h >= 1, "{place:?}");
        for x in place.x..place.x + place.w {
            for y in place.y..place.y + place.h {
                assert!(x < COLUMNS && y < ROWS, "{place:?} is outside");
                assert!(taken.insert((x, y)), "{place:?} is over another");
            }
        }
    }
}

fn says_the_same(board: &Board, layout: &str, language: Language) {
    let layout: Value = serde_json::from_str(layout).expect("a layout is JSON");
    assert_eq!(layout["id"], board.id.as_str());
    assert_eq!(layout["title"], board.title(language));
    let tiles = layout["tiles"].as_array().expect("tiles");
    assert_eq!(tiles.len(), board.tiles.len());
    for (tile, placed) in tiles.iter().zip(&board.tiles) {
        assert_eq!(tile["id"], placed.id.as_str());
        assert_eq!(tile["type"], placed.tile_type.id);
        assert_eq!(tile["title"], placed.title(language));
        let place = serde_json::to_value(placed.place).expect("a place is JSON");
        for side in ["x", "y", "w", "h"] {
            assert_eq!(tile[side], place[side], "{side} of `{}`", placed.id);
        }
    }
}
