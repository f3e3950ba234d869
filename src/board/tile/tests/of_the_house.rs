//! What shows the house that a wall hangs in: its server, its people, its pictures and pages.

use std::sync::Arc;

use axum::body::Bytes;
use expect_test::expect;

use super::{NOW, Said, annotation, check};
use crate::board::file::Board;
use crate::board::framing::Framing;
use crate::board::house::{Alert, Alerts, Disk, Health, House};
use crate::board::images::{Image, Images, LeftOut};
use crate::config::model::{Audience, Severity};
use crate::kpi::value::Figure;
use crate::scope::{FeedHealth, FeedWhy};

/// Nothing is the matter.
fn well() -> Health {
    Health {
        is_journal_writable: true,
        behind_max_ms: 30_000,
        disk: Some(Disk { free_bytes: 118 << 30, bytes: 240 << 30 }),
        plugins: 3,
        screens: 11,
        ..Health::default()
    }
}

/// Each check's text and tone.
fn told(health: Option<Health>, said: Said) -> Vec<String> {
    let said = Said { house: House { health, ..House::default() }, ..said };
    let board = Board::parse(
        "b",
        "b.toml",
        "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\ntype = \"health\"",
    );
    let (board, site) = (board.expect("a good board"), super::site());
    let value = board.tiles[0].tile.render(&super::scene(&said, &site));
    let value: serde_json::Value = serde_json::from_str(&value).expect("JSON");
    let rows = value["rows"].as_array().expect("rows").iter();
    let row = |row: &serde_json::Value| {
        let part = |key: &str| row[key].as_str().unwrap_or_default().replace('\u{a0}', " ");
        format!("{} {}: {}", part("tone"), part("id"), part("text"))
    };
    let first = format!(
        "{} {}",
        value["state"].as_str().unwrap_or_default(),
        value["tone"].as_str().unwrap_or_default()
    );
    std::iter::once(first).chain(rows.map(row)).collect()
}

#[test]
fn a_server_that_is_well_says_so_line_by_line() {
    let said = Said::default().feed("telegram", FeedHealth::Live).feed("pbx", FeedHealth::Live);
    assert_eq!(
        told(Some(well()), said),
        [
            "live good",
            "good channels: 2 of 2",
            "good plugins: all at work",
            "good journal: everything is kept",
            "good figures: up to date",
            "good disk: 118 GB free",
            "good quarantine: empty",
            "good screens: 11 connected",
        ]
    );
}

#[test]
fn what_is_the_matter_is_named() {
    let said = Said::default()
        .feed("pbx", FeedHealth::Live)
        .broken("telegram", FeedWhy::Link)
        .feed("mail", FeedHealth::Late);
    let health = Health {
        is_journal_writable: false,
        behind_ms: 42_000,
        disk: Some(Disk { free_bytes: 600 << 20, bytes: 240 << 30 }),
        resting: vec!["telegram".to_owned()],
        quarantined: 14,
        quarantined_ms: Some(NOW - 600_000),
        missing: ["hall", "kitchen", "roof", "gate", "yard", "attic"].map(str::to_owned).into(),
        ..well()
    };
    assert_eq!(
        told(Some(health), said),
        [
            "live bad",
            "bad channels: silent: Telegram",
            "bad plugins: stopped after failures: Telegram",
            "bad journal: nothing can be kept",
            "bad figures: 40 s behind",
            "bad disk: 600 MB free",
            "warn quarantine: 14 messages unread, the last at 23:03",
            "bad screens: gone: hall, kitchen, roof, gate, +2",
        ]
    );
    let health = Health {
        behind_ms: 12_000,
        disk: Some(Disk { free_bytes: 9 << 30, bytes: 100 << 30 }),
        quarantined: 1,
        quarantined_ms: Some(NOW - 3_600_000),
        frozen: vec!["hall".to_owned()],
        ..well()
    };
    assert_eq!(
        told(Some(health), Said::default().feed("mail", FeedHealth::Late)),
        [
            "live warn",
            "warn channels: late: mail",
            "good plugins: all at work",
            "good journal: everything is kept",
            "warn figures: 10 s behind",
            "warn disk: 9 GB free",
            "plain quarantine: 1 message unread",
            "warn screens: standing still: hall",
        ]
    );
}

#[test]
fn refused_requests_are_told_from_silence() {
    let said = Said::default()
        .broken("pbx", FeedWhy::Link)
        .broken("telegram", FeedWhy::Webhook)
        .feed("mail", FeedHealth::Live);
    assert_eq!(told(Some(well()), said)[1], "bad channels: requests refused: Telegram");
}

#[test]
fn where_no_server_takes_events_only_what_is_known_is_told() {
    assert_eq!(told(None, Said::default()), ["no_data plain"]);
    let said = Said::default().feed("pbx", FeedHealth::Live);
    assert_eq!(told(None, said), ["live good", "good channels: 1 of 1"]);
}

const QUARTER: i64 = 900_000;
/// The quarter under way: 23:00 in Warsaw.
const BEGAN: i64 = NOW / QUARTER * QUARTER;

#[test]
fn who_is_there_is_measured_against_who_is_needed_now() {
    let mut said = Said::default().number("agents_required", 8.0);
    said.lists.present = Some(6);
    // 23:00 needs 8; until midnight at most 10; from then on 4; from one o'clock on nothing is known.
    said.lists.needed = [8, 9, 10, 7, 4, 4, 3, 3]
        .into_iter()
        .zip(0..)
        .map(|(agents, at)| (BEGAN + at * QUARTER, Some(agents)))
        .collect();
    check(
        "type = \"staffing\"\nhours = 2",
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","present":6,"present_word":"present","needed_word":"needed","word":"2 missing","level":0.6,"columns":[{"from":"now","needed":8,"level":0.8},{"from":"23:15","needed":10,"level":1.0},{"from":"00:00","needed":4,"level":0.4},{"from":"01:00","level":0.0}]}"#
        ]],
    );
    said.lists.present = None;
    said.lists.needed.clear();
    said.numbers.insert(("agents_required", None), Figure::NoData);
    check(
        "type = \"staffing\"\nhours = 1",
        &said,
        expect![[
            r#"{"state":"no_data","tone":"plain","present_word":"present","needed_word":"needed","columns":[{"from":"now","level":0.0},{"from":"23:15","level":0.0},{"from":"00:00","level":0.0}]}"#
        ]],
    );
}

#[test]
fn a_ticker_has_what_is_announced_and_then_its_own_lines() {
    let said = Said {
        annotations: vec![
            annotation("over", 900, Some(300), None),
            annotation("Payments are down", 700, Some(-3600), None),
        ],
        ..Said::default()
    };
    let lines = "type = \"ticker\"\nlines = [\"Be kind\", { pl = \"Cześć\", en = \"Hello\" }]";
    check(
        lines,
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","lines":[{"word":"Outage","text":"Payments are down","tone":"warn"},{"text":"Be kind","tone":"plain"},{"text":"Hello","tone":"plain"}],"empty":"no message"}"#
        ]],
    );
    check(
        &format!("{lines}\nmessages = false"),
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","lines":[{"text":"Be kind","tone":"plain"},{"text":"Hello","tone":"plain"}],"empty":"no message"}"#
        ]],
    );
    check(
        "type = \"ticker\"",
        &Said::default(),
        expect![[r#"{"state":"live","tone":"plain","lines":[],"empty":"no message"}"#]],
    );
}

#[test]
fn a_picture_is_shown_by_its_contents_hash_or_said_to_be_missing() {
    let image = Image { address: "abc.png".to_owned(), mime: "image/png", bytes: Bytes::new() };
    let images = Images::of([("logo.png", Ok(image)), ("huge.png", Err(LeftOut::TooLarge))]);
    let house = House { images: Arc::new(images), ..House::default() };
    let said = Said { house, ..Said::default() };
    check(
        "type = \"image\"\nfile = \"logo.png\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","address":"images/abc.png","fit":"contain","empty":"The picture logo.png does not load"}"#
        ]],
    );
    check(
        "type = \"image\"\nfile = \"huge.png\"\nfit = \"cover\"",
        &said,
        expect![[
            r#"{"state":"no_data","tone":"plain","fit":"cover","empty":"The picture huge.png is too large"}"#
        ]],
    );
    check(
        "type = \"image\"\nfile = \"other.png\"",
        &said,
        expect![[
            r#"{"state":"no_data","tone":"plain","fit":"contain","empty":"There is no picture other.png"}"#
        ]],
    );
}

#[test]
fn a_page_that_does_not_let_itself_be_shown_says_so() {
    let url = "https://status.example.com/board?kiosk".to_owned();
    let framing = Framing::of([(url, vec!["https://status.example.com".to_owned()])]);
    let house = House { framing: Arc::new(framing), ..House::default() };
    check(
        "type = \"page\"\nurl = \"https://status.example.com/board?kiosk\"",
        &Said { house, ..Said::default() },
        expect![[
            r#"{"state":"live","tone":"plain","url":"https://status.example.com/board?kiosk","empty":"status.example.com does not answer","frames":["https://status.example.com"],"forbidden":"status.example.com does not let itself be shown inside other pages"}"#
        ]],
    );
}

#[test]
fn only_pages_of_hosts_that_the_config_names_are_shown() {
    let none = Said::default();
    check(
        "type = \"page\"\nurl = \"https://status.example.com/board?kiosk\"",
        &none,
        expect![[
            r#"{"state":"live","tone":"plain","url":"https://status.example.com/board?kiosk","empty":"status.example.com does not answer"}"#
        ]],
    );
    for other in
        ["https://status.example.com:8443/", "https://example.com/", "http://a.status.example.com/"]
    {
        let text = format!(
            "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\ntype = \"page\"\nurl = \"{other}\""
        );
        let board = Board::parse("b", "b.toml", &text).expect("a good board");
        let site = super::site();
        let value = board.tiles[0].tile.render(&super::scene(&none, &site));
        assert!(!value.contains("\"url\"") && value.contains("not_applicable"), "{value}");
    }
    for bad in
        ["javascript:alert(1)", "status.example.com", "https://me:secret@status.example.com/"]
    {
        let text = format!(
            "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\ntype = \"page\"\nurl = \"{bad}\""
        );
        assert!(Board::parse("b", "b.toml", &text).is_err(), "{bad}");
    }
}

#[test]
fn a_clock_needs_nothing() {
    check("type = \"clock\"", &Said::default(), expect![[r#"{"state":"live","tone":"plain"}"#]]);
}

#[test]
fn a_channel_that_has_told_nothing_yet_is_not_called_good() {
    let said = Said::default().feed("telegram", FeedHealth::NoData).feed("pbx", FeedHealth::Live);
    assert_eq!(told(Some(well()), said)[..2], ["live good", "plain channels: 1 of 2"]);
}

const MINUTE: i64 = 60_000;

fn page(name: &str, of: &[(&str, &str)], minutes: i64) -> Alert {
    Alert {
        name: name.to_owned(),
        severity: Severity::Page,
        of: of.iter().map(|(label, of)| ((*label).to_owned(), (*of).to_owned())).collect(),
        about: if name.starts_with("Tablica") { Audience::Operator } else { Audience::Floor },
        since_ms: NOW - minutes * MINUTE,
        is_silenced: false,
    }
}

/// State and tone, then each row: its colour, what, where, for how long.
fn alerts(keys: &str, alerts: Alerts) -> Vec<String> {
    let figures = Said { house: House { alerts, ..House::default() }, ..Said::default() };
    let head = "[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\ntype = \"alerts\"\n";
    let board = Board::parse("b", "b.toml", &format!("{head}{keys}")).expect("a good board");
    let value = board.tiles[0].tile.render(&super::scene(&figures, &super::site()));
    let value: serde_json::Value = serde_json::from_str(&value).expect("JSON");
    let part = |of: &serde_json::Value, key: &str| {
        of[key].as_str().unwrap_or_default().replace('\u{a0}', " ")
    };
    let row = |row: &serde_json::Value| {
        let raised = if row["raised"].is_null() { "" } else { "! " };
        let [tone, title, of, lasts] = ["tone", "title", "of", "lasts"].map(|key| part(row, key));
        format!("{raised}{tone}: {title} | {of} | {lasts}")
    };
    let first = format!("{} {} {}", part(&value, "state"), part(&value, "tone"), value["more"]);
    std::iter::once(first).chain(value["rows"].as_array().expect("rows").iter().map(row)).collect()
}

fn known(hold: Vec<Alert>) -> Alerts {
    Alerts::Known { looked_ms: NOW - 15_000, hold }
}

#[test]
fn what_needs_somebody_now_stands_before_what_can_wait_and_what_is_silenced_stands_last() {
    let silenced =
        Alert { is_silenced: true, ..page("CallerWaitsTooLong", &[("queue", "sales")], 300) };
    let gone = page("TablicaScreenGone", &[("screen", "kitchen"), ("board", "floor")], 75);
    let gone = Alert { severity: Severity::Ticket, ..gone };
    let labels = [("alertname", "PolicyAtRisk"), ("job", "tablica"), ("policy", "mail")];
    let hold = vec![
        silenced,
        gone,
        page("PolicyAtRisk", &labels, 6),
        page("TablicaPluginResting", &[("channel", "telegram")], 18),
        page("TablicaJournalNotWritable", &[("instance", "127.0.0.1:8081")], 0),
    ];
    assert_eq!(
        alerts("rows_max = 9", known(hold.clone())),
        [
            "live bad 0",
            "bad: Plugin stopped after failures | Telegram | 18 min",
            "bad: Promises are about to break | E-mail in 4 h | 6 min",
            "bad: Nothing can be kept |  | 0 s",
            "warn: Screen is gone | kitchen · floor | 1 h 15 min",
            "plain: Caller waits too long | Sales | silenced",
        ]
    );
    assert_eq!(
        alerts("about = \"floor\"\npages_only = true\nrows_max = 1", known(hold.clone())),
        ["live bad 1", "bad: Promises are about to break | E-mail in 4 h | 6 min"]
    );
    assert_eq!(
        alerts("about = \"operator\"\nrows_max = 1", known(hold)),
        ["live bad 2", "bad: Plugin stopped after failures | Telegram | 18 min"]
    );
}

#[test]
fn no_alert_is_good_and_not_to_know_is_not() {
    assert_eq!(alerts("", known(Vec::new())), ["live good 0"]);
    assert_eq!(alerts("", Alerts::Unknown), ["no_data plain 0"]);
    assert_eq!(alerts("", Alerts::Unwatched), ["not_applicable plain 0"]);
    let hold = vec![page("AbandonedMany", &[("queue", "sales")], 18)];
    let old = Alerts::Known { looked_ms: NOW - 3 * MINUTE - 1, hold };
    let rule = "[[tile.rule]]\nof = \"page\"\nwhen = \">= 1m\"\ntone = \"bad\"";
    assert_eq!(
        alerts(rule, old),
        ["stale bad 0", "bad: Many customers give up | Sales | 18 min"],
        "what was seen long ago may be over: it calls nobody"
    );
}

#[test]
fn an_alert_calls_people_once_it_has_lasted_and_not_when_it_is_silenced() {
    let rules = "rows_max = 9\n[[tile.rule]]\nof = \"page\"\nwhen = \">= 10m\"\ntone = \"bad\"\nsound = \"chime\"\n\
                 [[tile.rule]]\nof = \"ticket\"\nwhen = \">= 0s\"\ntone = \"warn\"";
    let ticket = page("PolicyOverdue", &[("policy", "mail")], 1);
    let silenced = page("UnansweredPileUp", &[("queue", "sales")], 60);
    let hold = vec![
        page("AbandonedMany", &[("queue", "sales")], 9),
        page("AbandonedMany", &[("queue", "support")], 11),
        Alert { is_silenced: true, ..silenced },
        Alert { severity: Severity::Ticket, ..ticket },
    ];
    assert_eq!(
        alerts(rules, known(hold)),
        [
            "live bad 0",
            "! bad: Many customers give up | support | 11 min",
            "! warn: Promises are overdue | E-mail in 4 h | 60 s",
            "bad: Many customers give up | Sales | 9 min",
            "plain: Unanswered messages pile up | Sales | silenced",
        ]
    );
}
