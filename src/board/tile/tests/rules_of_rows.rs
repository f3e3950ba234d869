//! Rules on tiles of many values: tables, lists, lines, bars; and limits that the config promises.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::lists::{SaidLists, breaks, due_in, person, waits};
use super::people::shown_at;
use super::rules::refused;
use super::{NOW, Said, scene, site};
use crate::board::figures::{Scene, Site};
use crate::board::file::Board;
use crate::board::held::Held;
use crate::engine::tests::script::*;
use crate::event::{AgentStatus, Author};
use crate::kpi::value::Figure;
use crate::scope::{FeedHealth, FeedWhy};

const HEAD: &str = "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\n";

fn board(tile: &str) -> Board {
    Board::parse("b", "b.toml", &format!("{HEAD}{tile}")).expect("a good board")
}

/// What a tile shows of what is said.
fn told(tile: &str, said: &Said, site: &Site, held: Option<&Held>) -> Json {
    let scene = Scene { held, ..scene(said, site) };
    let shown = board(tile).tiles[0].tile.render(&scene);
    serde_json::from_str(&shown.replace('\u{a0}', " ")).expect("JSON")
}

/// A rule that the whole floor sees and hears.
fn rule(of: &str, when: &str) -> String {
    let of = if of.is_empty() { String::new() } else { format!("of = \"{of}\"\n") };
    format!(
        "\n[[tile.rule]]\n{of}when = \"{when}\"\ntone = \"bad\"\nicon = \"phone\"\nword = \"all hands\"\nsound = \"alert\"\nflash = true"
    )
}

/// Colour, word, whose it is, icon and sound of the tile.
fn call(shown: &Json) -> [&Json; 5] {
    let alarm = &shown["alarm"];
    [&shown["tone"], &shown["word"], &shown["word_of"], &alarm["icon"], &alarm["sound"]]
}

fn bad_of(of: &str) -> [Json; 5] {
    ["bad", "all hands", of, "phone", "alert"].map(Json::from)
}

/// The rows by name, and how grave the rule is that holds there.
fn raised(shown: &Json, rows: &str, name: &str) -> Vec<String> {
    let rows = shown[rows].as_array().expect("rows").iter();
    let word = |row: &Json, key: &str| row[key].as_str().unwrap_or("-").to_owned();
    rows.map(|row| format!("{} {}", word(row, name), word(row, "raised"))).collect()
}

#[test]
fn a_rule_of_a_table_looks_at_each_row_of_its_column() {
    let said = Said::default()
        .at("archive", "waiting", Figure::Number(10.0))
        .at("sales", "waiting", Figure::Number(12.0))
        .at("mail", "waiting", Figure::Number(3.0))
        .at("mail", "offered", Figure::Number(40.0));
    let table = format!(
        "type = \"queue_table\"\ncolumns = [\"waiting\", \"offered\"]{}",
        rule("waiting", ">= 10")
    );
    let shown = told(&table, &said, &site(), None);
    assert_eq!(call(&shown), bad_of("Sales").each_ref(), "of equals the first");
    assert_eq!(raised(&shown, "rows", "name"), ["Sales bad", "archive bad", "mail -"]);
    let cell = &shown["rows"][0]["cells"][0];
    assert_eq!(*cell, json!({ "text": "12", "tone": "bad", "icon": "phone" }));
    assert_eq!(shown["rows"][0]["pinned"], true, "what burns stays in view");
    // Each is heard by itself, and nobody's name is in what a screen remembers.
    let alarms = shown["alarms"].as_array().expect("alarms");
    assert_eq!(alarms.len(), 2);
    assert_ne!(alarms[0]["row"], alarms[1]["row"]);
    assert!(!shown["alarms"].to_string().contains("sales"));
    let calm =
        told(&table, &Said::default().at("mail", "waiting", Figure::Number(3.0)), &site(), None);
    assert_eq!(
        (&calm["tone"], &calm["alarm"], &calm["alarms"]),
        (&json!("plain"), &Json::Null, &Json::Null)
    );
}

#[test]
fn each_row_of_a_table_remembers_by_itself_whether_its_rule_held() {
    let held = Held::default();
    let table = format!("type = \"queue_table\"\ncolumns = [\"waiting\"]{}", rule("", ">= 10"));
    let rows = |sales: f64, mail: f64, after_s: i64| {
        let said = Said::default().at("sales", "waiting", Figure::Number(sales)).at(
            "mail",
            "waiting",
            Figure::Number(mail),
        );
        let site = site();
        let now_ms = NOW + after_s * 1000;
        let scene = Scene { held: Some(&held), now_ms, ..scene(&said, &site) };
        let shown = board(&table).tiles[0].tile.render(&scene);
        let shown = serde_json::from_str(&shown).expect("JSON");
        let mut rows = raised(&shown, "rows", "name");
        rows.sort();
        rows
    };
    assert_eq!(rows(10.0, 9.0, 0), ["Sales bad", "mail -"]);
    assert_eq!(rows(9.0, 9.0, 10), ["Sales bad", "mail -"]);
    assert_eq!(rows(9.0, 9.0, 40), ["Sales bad", "mail -"], "at its border it holds for a minute");
    assert_eq!(rows(8.0, 10.0, 41), ["Sales -", "mail bad"], "better by more than one");
}

#[test]
fn a_row_has_the_worse_of_what_was_promised_and_of_its_rule() {
    // 50% is red by the goal of 80%; the rule would only warn.
    let said = Said::default().at("sales", "service_level", Figure::Number(0.5));
    let table = "type = \"queue_table\"\ncolumns = [\"service_level\"]\n[[tile.rule]]\nwhen = \"< 70%\"\ntone = \"warn\"\nicon = \"bell\"";
    let shown = told(table, &said, &site(), None);
    assert_eq!(shown["word"], "below goal");
    assert_eq!(shown["tone"], "bad");
    let cell = &shown["rows"][0]["cells"][0];
    assert_eq!(*cell, json!({ "text": "50%", "tone": "bad" }), "its icon is of its own word");
}

/// Two who wait: one for 100 s in a queue that promises 60 s, one for 200 s in a patient one.
fn two_wait() -> (Said, Site) {
    let mut site = site();
    site.queues.default.answer_threshold = Duration::from_secs(300);
    let sales = site.queues.named.get_mut("sales").expect("sales");
    sales.answer_threshold = Duration::from_secs(60);
    let waiting = vec![
        waits("LONG", "other", 200, due_in(100, false)),
        waits("LATE", "sales", 100, due_in(-40, true)),
    ];
    let lists = SaidLists { waiting, ..SaidLists::default() };
    (Said { lists, ..Said::default() }.number("waiting", 2.0), site)
}

#[test]
fn who_waits_beyond_the_threshold_of_their_queue_stands_first() {
    let (said, site) = two_wait();
    let list = format!("type = \"waiting_list\"{}", rule("wait", "> 1.5 * answer_threshold"));
    let shown = told(&list, &said, &site, None);
    assert_eq!(raised(&shown, "rows", "mark"), ["LATE bad", "LONG -"]);
    assert_eq!(call(&shown), bad_of("LATE").each_ref());
    // In view also where there is room for one.
    let one = told(&list.replace("\n[[", "\nrows_max = 1\n[["), &said, &site, None);
    assert_eq!(
        (raised(&one, "rows", "mark"), &one["more"]),
        (vec!["LATE bad".to_owned()], &json!(1))
    );
    // Nothing is named: how long they have waited.
    let seconds =
        told(&format!("type = \"waiting_list\"{}", rule("", "> 150")), &said, &site, None);
    assert_eq!(raised(&seconds, "rows", "mark"), ["LONG bad", "LATE -"]);
}

#[test]
fn promises_and_agents_are_looked_at_by_their_times() {
    let (said, site) = two_wait();
    let lists = SaidLists {
        breaking: vec![breaks("sales", 2, due_in(250, true)), breaks("", 1, due_in(900, false))],
        people: vec![
            person("Ann", AgentStatus::Talking, 3000),
            person("Bob", AgentStatus::Paused, 1300),
            person("Cat", AgentStatus::Paused, 100),
        ],
        ..said.lists
    };
    let said = Said { lists, ..Said::default() }.number("sla_at_risk", 2.0);
    let promises = format!("type = \"promises_at_risk\"{}", rule("left", "< 5m"));
    let shown = told(&promises, &said, &site, None);
    assert_eq!(raised(&shown, "rows", "queue"), ["Sales bad", "no queue -"]);
    assert_eq!(call(&shown), bad_of("E-mail in 4 h").each_ref());
    let agents = format!("type = \"agents\"{}", rule("paused", "> 20m"));
    let shown = told(&agents, &said, &site, None);
    assert_eq!(raised(&shown, "people", "name"), ["Bob bad", "Ann -", "Cat -"]);
    assert_eq!(call(&shown), bad_of("Bob").each_ref());
    let any = told(&format!("type = \"agents\"{}", rule("", "> 20m")), &said, &site, None);
    assert_eq!(raised(&any, "people", "name"), ["Ann bad", "Bob bad", "Cat -"]);
    // What is true of it is said where the file has no word.
    let plain = agents.replace("word = \"all hands\"\n", "");
    assert_eq!(told(&plain, &said, &site, None)["word"], "too long");
}

#[test]
fn a_trend_looks_at_its_last_minute_that_is_over() {
    let trend = format!("type = \"trend\"\nseries = [\"offered\"]{}", rule("", ">= 4"));
    // Three minutes are over; the one under way has 9 already.
    let at = |last| {
        let series = vec![Some(9.0), Some(9.0), last, Some(9.0)];
        let shown =
            told(&trend, &Said { series, ..Said::default() }.number("offered", 9.0), &site(), None);
        (shown["tone"].clone(), shown["word_of"].clone())
    };
    assert_eq!(at(Some(4.0)), (json!("bad"), json!("Offered")));
    assert_eq!(at(Some(3.0)), (json!("plain"), Json::Null));
    assert_eq!(at(None), (json!("plain"), Json::Null), "nothing is known of it");
}

#[test]
fn bars_and_missing_agents_have_rules() {
    let said = Said::default().at("sales", "answered", Figure::Number(2.0)).at(
        "support",
        "answered",
        Figure::Number(120.0),
    );
    let bars = format!("type = \"bars\"\nby = \"queue\"\nkpi = \"answered\"{}", rule("", "< 5"));
    let shown = told(&bars, &said, &site(), None);
    assert_eq!(raised(&shown, "bars", "name"), ["Sales bad", "support -"], "however short its bar");
    assert_eq!(call(&shown), bad_of("Sales").each_ref());
    let needed = vec![(NOW.div_euclid(900_000) * 900_000, Some(8))];
    let lists = SaidLists { present: Some(5), needed, ..SaidLists::default() };
    let said = Said { lists, ..Said::default() }.number("agents_required", 8.0);
    let staffing = |when: &str| {
        let keys = rule("", when).replace("word = \"all hands\"\n", "");
        told(&format!("type = \"staffing\"{keys}"), &said, &site(), None)
    };
    let shown = staffing(">= 3");
    assert_eq!((&shown["tone"], &shown["word"]), (&json!("bad"), &json!("3 missing")));
    assert_eq!(shown["alarm"]["icon"], "phone");
    let shown = staffing("> 3");
    assert_eq!((&shown["tone"], &shown["alarm"]), (&json!("warn"), &Json::Null));
}

#[test]
fn what_the_public_does_can_be_an_alarm() {
    const HOUR: f64 = 3600.0;
    let mut script = Script::on("telegram");
    script.contact("post", "social").message(10.0, Author::Customer, true);
    let shown = shown_at(
        &site(),
        &format!("type = \"attention\"{}", rule("oldest_unanswered_now", "> reply_threshold")),
        &script.events,
        16.0 * 60.0 + 10.0,
    );
    assert_eq!(call(&shown), bad_of("Oldest of them").each_ref());
    assert_eq!(shown["waiting"][1]["icon"], "phone");
    // Eleven callers, of whom four gave up; of the other channel too few to say.
    let mut script = Script::on("pbx");
    for number in 0..11 {
        let second = f64::from(number) * 100.0;
        script.contact(&format!("{number}"), "sales").queued(second);
        match number < 4 {
            true => script.abandoned(second + 30.0),
            false => script.agent("ann").answered(second + 5.0),
        };
    }
    let tile = format!("type = \"reachability\"{}", rule("share", "> 30%"));
    let shown = shown_at(&site(), &tile, &script.events, HOUR);
    assert_eq!(call(&shown), bad_of("pbx").each_ref());
    let few: Vec<_> = script.events.iter().filter(|it| it.at_ms < at(500.0)).cloned().collect();
    assert_eq!(shown_at(&site(), &tile, &few, HOUR)["tone"], "plain");
}

#[test]
fn a_number_of_all_queues_is_held_against_the_promise_of_each() {
    let mut script = Script::on("pbx");
    script.contact("patient", "other").queued(0.0);
    let tile = format!(
        "type = \"number\"\nkpi = \"longest_wait_now\"\nkind = \"call\"{}",
        rule("", "> 3 * answer_threshold")
    );
    // 20 s are promised where nothing else is said.
    assert_eq!(shown_at(&site(), &tile, &script.events, 60.0)["alarm"], Json::Null);
    assert_eq!(shown_at(&site(), &tile, &script.events, 61.0)["alarm"]["icon"], "phone");
    // Nobody waits: nobody has waited too long.
    assert_eq!(shown_at(&site(), &tile, &[], 61.0)["alarm"], Json::Null);
}

#[test]
fn of_what_is_old_no_row_says_anything() {
    let (said, site) = two_wait();
    let old = said.broken("pbx", FeedWhy::Link);
    let list = format!("type = \"waiting_list\"{}", rule("wait", "> 10"));
    assert_eq!(told(&list, &old, &site, None)["alarm"], Json::Null);
    let late = old.feed("telegram", FeedHealth::Live);
    assert_eq!(told(&list, &late, &site, None)["alarm"]["rule"], 0, "who is known to wait, waits");
}

#[test]
fn mistakes_in_rules_of_rows_are_named() {
    let mistakes = [
        (
            "type = \"queue_table\"",
            "",
            ">= 1",
            "`of` is missing: which column? There are abandoned, answered, longest_wait_now, service_level, waiting",
        ),
        (
            "type = \"queue_table\"",
            "wating",
            ">= 1",
            "no column \"wating\"; did you mean `waiting`?",
        ),
        ("type = \"agents\"", "pausd", "> 5m", "unknown `of` \"pausd\"; did you mean `paused`?"),
        (
            "type = \"number\"\nkpi = \"waiting\"",
            "",
            "> answer_threshold",
            "answer_threshold is a length of time, and waiting is not",
        ),
        (
            "type = \"number\"\nkpi = \"abandon_rate\"",
            "",
            "> goal",
            "goal is not promised of abandon_rate: say a number",
        ),
        (
            "type = \"number\"\nkpi = \"asa\"",
            "",
            "> 0 * answer_threshold",
            "or \"> 2 * answer_threshold\" or \"> 2 * reply_threshold\"",
        ),
        (
            "type = \"trend\"\nseries = [\"asa\"]",
            "",
            "> 20s",
            "asa of one minute is of few contacts",
        ),
    ];
    for (tile, of, when, said) in mistakes {
        let found = refused(&format!("{tile}{}", rule(of, when)));
        assert!(found.contains(said), "{tile} {of} {when}: {found}");
    }
}
