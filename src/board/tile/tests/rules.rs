//! Rules: what a wall is told when a number crosses a line that the site drew.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use jiff::tz::TimeZone;

use super::{NOW, Said, check, scene, site};
use crate::board::figures::{Scene, Site};
use crate::board::file::Board;
use crate::board::held::Held;
use crate::config::model;
use crate::engine::Calendar;
use crate::language::Language;
use crate::scope::{FeedHealth, FeedWhy};

const HEAD: &str = "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\n";

fn board(tile: &str) -> Board {
    Board::parse("b", "b.toml", &format!("{HEAD}{tile}")).expect("a good board")
}

/// What is wrong with a tile.
pub(super) fn refused(tile: &str) -> String {
    let problems = Board::parse("b", "b.toml", &format!("{HEAD}{tile}"));
    let problems = problems.err().expect("a bad board was taken");
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn check_refused(tile: &str, expected: Expect) {
    expected.assert_eq(&refused(tile));
}

const WAITING: &str = "type = \"number\"\nkpi = \"waiting\"\n[[tile.rule]]\nwhen = \">= 10\"\ntone = \"warn\"\n[[tile.rule]]\nwhen = \"> 20\"\ntone = \"bad\"\nicon = \"bell\"\nword = { en = \"all hands\", pl = \"wszyscy\" }\nsound = \"alert\"\nrepeat = 30\nquiet_hours = \"22:00-07:00\"\nflash = true\n";

#[test]
fn the_gravest_rule_that_holds_gives_colour_word_icon_and_sound() {
    // It is 23:13 there: no sound.
    check(
        WAITING,
        &Said::default().number("waiting", 21.0),
        expect![[
            r#"{"state":"live","tone":"bad","text":"21","unit":"","value":21.0,"word":"all hands","alarm":{"rule":1,"icon":"bell","sound":"alert","repeat_s":30,"quiet":true,"flash":true}}"#
        ]],
    );
    check(
        WAITING,
        &Said::default().number("waiting", 20.0),
        expect![[
            r#"{"state":"live","tone":"warn","text":"20","unit":"","value":20.0,"word":"many","alarm":{"rule":0}}"#
        ]],
    );
    check(
        WAITING,
        &Said::default().number("waiting", 9.0),
        expect![[r#"{"state":"live","tone":"plain","text":"9","unit":"","value":9.0}"#]],
    );
}

#[test]
fn a_rule_takes_nothing_from_what_was_promised() {
    // 60% is red by the goal of 80%; the rule would only warn of it.
    let tile = "type = \"number\"\nkpi = \"service_level\"\n[[tile.rule]]\nwhen = \"< 70%\"\ntone = \"warn\"\nword = \"low\"\nsound = \"ping\"\n";
    check(
        tile,
        &Said::default().number("service_level", 0.5),
        expect![[
            r#"{"state":"live","tone":"bad","text":"50","unit":"%","value":0.5,"target_text":"80%","word":"below goal","alarm":{"rule":0,"sound":"ping"}}"#
        ]],
    );
    let tile = tile.replace("warn", "bad");
    check(
        &tile,
        &Said::default().number("service_level", 0.69),
        expect![[
            r#"{"state":"live","tone":"bad","text":"69","unit":"%","value":0.69,"target_text":"80%","word":"low","alarm":{"rule":0,"sound":"ping"}}"#
        ]],
    );
    // Two contacts at night scare for nothing.
    let mut few = Said::default().number("service_level", 0.0);
    few.counts = vec![("in_time", 0), ("counted", 2)];
    let board = board(&tile);
    let site = site();
    assert!(!board.tiles[0].tile.render(&scene(&few, &site)).contains("alarm"));
}

#[test]
fn an_alarm_does_not_flicker_at_its_limit() {
    let (board, site, held) = (board(WAITING), site(), Held::default());
    // At seconds.
    let rule = |s: i64, number| {
        let said = Said::default().number("waiting", number);
        let now_ms = NOW + s * 1000;
        let scene = Scene { held: Some(&held), now_ms, ..scene(&said, &site) };
        let shown = board.tiles[0].tile.render(&scene);
        let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        shown["alarm"]["rule"].as_u64()
    };
    assert_eq!(rule(0, 9.0), None, "it never begins before its limit");
    assert_eq!(rule(1, 10.0), Some(0));
    assert_eq!(rule(2, 9.0), Some(0), "better by one is at the border");
    assert_eq!(rule(61, 9.0), Some(0));
    assert_eq!(rule(62, 9.0), None, "it is believed after a minute");
    assert_eq!(rule(70, 10.0), Some(0));
    assert_eq!(rule(71, 8.0), Some(0), "not for long enough");
    assert_eq!(rule(76, 8.0), None);
    assert_eq!(rule(80, 21.0), Some(1));
    assert_eq!(rule(81, 20.0), Some(1));
    assert_eq!(rule(86, 20.0), Some(1), "20 and a tenth are above 20");
    assert_eq!(rule(87, 18.0), Some(0), "18 and a tenth are not");
}

#[test]
fn an_old_number_raises_no_alarm() {
    let old = Said::default().number("waiting", 21.0).broken("pbx", FeedWhy::Link);
    let (board, site) = (board(WAITING), site());
    let value = board.tiles[0].tile.render(&scene(&old, &site));
    assert!(!value.contains("alarm"), "{value}");
    let late = Said::default()
        .number("waiting", 21.0)
        .broken("telegram", FeedWhy::Link)
        .feed("pbx", FeedHealth::Live);
    let value = board.tiles[0].tile.render(&scene(&late, &site));
    assert!(value.contains("alarm"), "who is known to wait, waits: {value}");
}

#[test]
fn quiet_hours_are_the_sites_or_those_of_a_calendar() {
    let zone = TimeZone::get("Europe/Warsaw").expect("bundled");
    let mut office = model::Calendar::always(zone);
    // 2023-11-14 is a Tuesday.
    office.hours[1] = vec![model::Span { opens_min: 9 * 60, closes_min: 18 * 60 }];
    let site = Site {
        calendars: BTreeMap::from([("office".to_owned(), Calendar::from(&office))]),
        ..site()
    };
    let is_quiet = |hours: &str, before_ms: i64| {
        let board = board(&WAITING.replace("22:00-07:00", hours));
        let said = Said::default().number("waiting", 21.0);
        let scene = Scene { now_ms: NOW - before_ms, ..scene(&said, &site) };
        board.tiles[0].tile.render(&scene).contains("\"quiet\":true")
    };
    const HOUR_MS: i64 = 3_600_000;
    // 23:13, 21:13, 06:13 and 07:13.
    let at = |hours| [0, 2, 17, 16].map(|before| is_quiet(hours, before * HOUR_MS));
    assert_eq!(at("22:00-07:00"), [true, false, true, false]);
    assert_eq!(at("office"), [false; 4]);
    assert_eq!(at("outside office"), [true; 4]);
    // 12:13.
    assert!(is_quiet("office", 11 * HOUR_MS) && !is_quiet("outside office", 11 * HOUR_MS));
    assert!(!is_quiet("outside offcie", 0), "a calendar that is not there hides no alarm");
}

#[test]
fn a_word_is_the_boards_language_and_the_layout_says_what_there_is_to_hear() {
    let mut board = board(WAITING);
    board.language = Some(Language::Polish);
    let (said, site) = (Said::default().number("waiting", 21.0), site());
    let scene = Scene { language: Language::Polish, ..scene(&said, &site) };
    assert!(board.tiles[0].tile.render(&scene).contains("\"word\":\"wszyscy\""));
    let layout: serde_json::Value = serde_json::from_str(&board.layout(&scene)).expect("JSON");
    assert_eq!(layout["tiles"][0]["sound"], "alert");
}

#[test]
fn mistakes_in_rules_are_named() {
    check_refused(
        "type = \"number\"\nkpi = \"waiting\"\n[[tile.rule]]\nwhen = \"10\"\ntone = \"red\"\nsound = \"gong\"\nrepeat = 1\n[[tile.rule]]\nwhen = \"> 50%\"\ntone = \"warn\"\nflash = true\nrepeat = 20\nquiet_hours = \"22:00\"\n[[tile.rule]]\ncolour = \"red\"\n",
        expect![[r#"
            b.toml:10: tile `t`, rule: `when` is one of >=, >, <=, < and a limit, as in ">= 10", not "10"
            b.toml:11: tile `t`, rule: unknown `tone` "red"; known are bad, warn
            b.toml:12: tile `t`, rule: unknown `sound` "gong"; known are alert, chime, ping, siren
            b.toml:13: tile `t`, rule: `repeat` is 1; it must be 5 to 3600 seconds
            b.toml:14: tile `t`, rule: `repeat` is of a sound: add `sound`
            b.toml:14: tile `t`, rule: `quiet_hours` is of a sound: add `sound`
            b.toml:14: tile `t`, rule: `flash` is for the gravest: it needs `tone = "bad"`
            b.toml:15: tile `t`, rule: `when` is one of >=, >, <=, < and a limit, as in ">= 10", not "> 50%"
            b.toml:19: tile `t`, rule: `quiet_hours` is a calendar's name, or "22:00-07:00"
            b.toml:20: tile `t`, rule: `when` is missing: ">= 10"
            b.toml:20: tile `t`, rule: `tone` is missing: warn or bad
            b.toml:21: tile `t`, rule: unknown key `colour`; known are flash, icon, quiet_hours, repeat, sound, tone, when, word"#]],
    );
    check_refused(
        "type = \"clock\"\n[[tile.rule]]\nwhen = \"> 10\"\ntone = \"bad\"\n",
        expect![
            "b.toml:8: tile `t`: unknown key `rule`; known are h, id, subtitle, title, type, w, x, y"
        ],
    );
}

#[test]
fn limits_are_written_as_people_say_them() {
    let holds = |kpi: &str, when: &str, number: f64| {
        let board = board(&format!(
            "type = \"number\"\nkpi = \"{kpi}\"\n[[tile.rule]]\nwhen = \"{when}\"\ntone = \"bad\"\n"
        ));
        let said = Said::default().number(kpi_of(kpi), number);
        let site = site();
        board.tiles[0].tile.render(&scene(&said, &site)).contains("alarm")
    };
    fn kpi_of(kpi: &str) -> &'static str {
        crate::kpi::find(kpi).expect("a KPI").id
    }
    assert!(
        holds("longest_wait_now", "> 1m30s", 91.0) && !holds("longest_wait_now", "> 1m30s", 90.0)
    );
    assert!(holds("longest_wait_now", ">=90", 90.0));
    assert!(holds("service_level", "<= 70%", 0.7) && !holds("service_level", "< 0.7", 0.7));
    assert!(holds("agents_available", "<= 0", 0.0) && !holds("agents_available", "<= 0", 1.0));
}
