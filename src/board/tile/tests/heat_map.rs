//! Heat maps: how the hours of the week are as a rule.

use super::lists::SaidLists;
use super::{NOW, Said, scene, site};
use crate::board::file::Board;

/// 23:00 in Warsaw on this Tuesday: the hour under way.
const HOUR_NOW: i64 = NOW - 800_000;
const HOUR: i64 = 3_600_000;
const WEEK: i64 = 7 * 24 * HOUR;

#[test]
fn a_heat_map_tells_how_hours_of_the_week_are_as_a_rule() {
    let lists = SaidLists {
        hours: vec![
            (HOUR_NOW, 999.0, &[]),       // Not over.
            (HOUR_NOW - HOUR, 10.0, &[]), // Tuesday, 22:00.
            (HOUR_NOW - HOUR - WEEK, 20.0, &[]),
            (HOUR_NOW - HOUR - 9 * HOUR, 30.0, &[]), // Tuesday, 13:00.
            (HOUR_NOW - HOUR - 5 * WEEK, 5000.0, &[]), // Too long ago.
        ],
        ..SaidLists::default()
    };
    let said = Said { lists, ..Said::default() };
    let map = rendered_often("type = \"heat_map\"\nkpi = \"offered\"", &said);
    assert_eq!((&map["state"], &map["from_hour"]), (&"live".into(), &13.into()));
    let tuesday = &map["rows"][1];
    let cell = |hour: usize| tuesday["cells"][hour - 13].clone();
    assert_eq!(
        cell(22),
        serde_json::json!({ "text": "15", "level": 0.5 }),
        "the mean of two weeks"
    );
    assert_eq!(cell(13), serde_json::json!({ "text": "30", "level": 1.0 }));
    assert_eq!(cell(14), serde_json::json!({}), "nothing is known of it");
    assert_eq!(tuesday["cells"].as_array().map(Vec::len), Some(10), "13:00 to 22:00");
    assert_eq!(
        rendered_often("type = \"heat_map\"\nkpi = \"offered\"", &Said::default())["state"],
        "no_data"
    );
}

#[test]
fn a_heat_map_of_a_share_is_one_share_of_all_weeks() {
    let lists = SaidLists {
        hours: vec![
            (HOUR_NOW - HOUR, 0.5, &[("in_time", 1), ("counted", 2)]),
            (HOUR_NOW - HOUR - WEEK, 0.9, &[("in_time", 90), ("counted", 100)]),
            (HOUR_NOW - 2 * HOUR, 0.25, &[("in_time", 1), ("counted", 4)]),
        ],
        ..SaidLists::default()
    };
    let said = Said { lists, ..Said::default() };
    let map = rendered_often("type = \"heat_map\"\nkpi = \"service_level\"", &said);
    // 91 of 102, not the mean of 50 % and 90 %; and below the goal of 80 % is worth a look.
    assert_eq!(
        map["rows"][1]["cells"][1],
        serde_json::json!({ "text": "89", "level": 0.89, "tone": "good" })
    );
    assert_eq!(
        map["rows"][1]["cells"][0],
        serde_json::json!({ "text": "25", "level": 0.25, "tone": "warn" })
    );
}

/// A tile's value after it was rendered as often as a heat map needs to know all hours.
fn rendered_often(tile: &str, figures: &Said) -> serde_json::Value {
    let text = format!("[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\n{tile}");
    let board = Board::parse("b", "b.toml", &text).expect("a good board");
    let site = site();
    let scene = scene(figures, &site);
    let mut last = String::new();
    for _ in 0..100 {
        last = board.tiles[0].tile.render(&scene);
    }
    serde_json::from_str(&last).expect("JSON")
}
