//! Tiles about people, in front of a real engine: who is first, and what customers say.

use serde_json::{Value as Json, json};

use super::site;
use crate::board::figures::{Figures, Scene, Site};
use crate::board::file::Board;
use crate::board::format::Language;
use crate::board::house::House;
use crate::config::model::ShowAgents;
use crate::engine::Engine;
use crate::engine::tests::script::*;
use crate::event::{Author, Event, Kind, Rated};

/// What a tile shows of these events after so many seconds.
pub(super) fn shown_at(site: &Site, tile: &str, events: &[Event], until: f64) -> Json {
    let text = format!("[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 6\n{tile}");
    let board = Board::parse("b", "b.toml", &text).expect("a good board");
    let tile = &board.tiles[0].tile;
    // Counted by what the tile asks for from the beginning on, as on a wall.
    let mut engine = Engine::new(crate::engine::Rules::default());
    tile.selectors().into_iter().for_each(|it| assert!(engine.watch(it)));
    for event in events.iter().filter(|event| event.at_ms <= at(until)) {
        engine.apply(event, event.known_ms());
    }
    engine.tick(at(until));
    let figures: &dyn Figures = &engine;
    let scene = Scene {
        figures,
        site,
        house: &House::default(),
        board: "floor",
        language: Language::English,
        annotations: &[],
        notice: None,
        held: None,
        now_ms: engine.now_ms(),
    };
    let shown = tile.render(&scene);
    assert_eq!(shown, tile.render(&scene), "twice the same");
    serde_json::from_str(&shown.replace('\u{a0}', " ")).expect("JSON")
}

/// There is something to show; an hour without events is no matter here.
pub(super) fn is_counted(shown: &Json) -> bool {
    shown["state"] == "live" || shown["state"] == "late"
}

fn named() -> Site {
    let mut site = site();
    site.agents.show = ShowAgents::Name;
    site
}

/// So many calls that each has answered, after so many seconds of waiting.
fn calls(of: &[(&str, u32, f64)]) -> Vec<Event> {
    let mut script = Script::on("pbx");
    for (agent, count, wait_s) in of {
        for number in 0..*count {
            let second = f64::from(number) * 60.0;
            script.contact(&format!("{agent} {number}"), "sales").queued(second).agent(agent);
            script.answered(second + wait_s).ended(second + wait_s + 20.0);
        }
    }
    script.events
}

const HOUR: f64 = 3600.0;

/// "1 Ann 10".
fn places(shown: &Json) -> Vec<String> {
    let places = shown["places"].as_array().expect("places").iter();
    let word = |place: &Json, key: &str| place[key].as_str().unwrap_or_default().to_owned();
    places.map(|it| format!("{} {} {}", it["rank"], word(it, "name"), word(it, "text"))).collect()
}

const ANSWERED: &str = "type = \"leaderboard\"\nkpi = \"answered\"";

#[test]
fn only_the_first_half_is_shown_equals_share_a_place_and_four_contacts_are_too_few() {
    let team = [
        ("Dan", 6, 5.0),
        ("Ben", 8, 5.0),
        ("Fay", 4, 5.0),
        ("Cat", 8, 5.0),
        ("Ann", 10, 5.0),
        ("Eve", 5, 5.0),
    ];
    let events = calls(&team);
    let shown = shown_at(&named(), ANSWERED, &events, HOUR);
    // Of five with enough contacts the first three.
    assert_eq!(places(&shown), ["1 Ann 10", "2 Ben 8", "2 Cat 8"]);
    assert_eq!((is_counted(&shown), &shown["tone"]), (true, &json!("plain")));
    assert_eq!(
        places(&shown_at(&named(), &format!("{ANSWERED}\ntop = 1"), &events, HOUR)),
        ["1 Ann 10"]
    );
    // Who shares the last place that is shown is shown.
    let two = shown_at(&named(), &format!("{ANSWERED}\ntop = 2"), &events, HOUR);
    assert_eq!(places(&two), ["1 Ann 10", "2 Ben 8", "2 Cat 8"]);
    let more = shown_at(&named(), &format!("{ANSWERED}\nmin_volume = 9"), &events, HOUR);
    assert!(!places(&more).is_empty(), "a count has no volume but its own");
}

#[test]
fn where_all_are_equal_nobody_is_last() {
    let team = ["Ann", "Ben", "Cat", "Dan"].map(|name| (name, 5, 5.0));
    let shown = shown_at(&named(), ANSWERED, &calls(&team), HOUR);
    assert_eq!(places(&shown), ["1 Ann 5", "1 Ben 5", "1 Cat 5", "1 Dan 5"]);
}

#[test]
fn a_share_is_of_enough_contacts_says_of_how_many_and_faster_is_first() {
    // In 20 s: all of Ann's, none of Ben's.
    let events = calls(&[("Ann", 6, 5.0), ("Ben", 7, 40.0), ("Cat", 5, 10.0)]);
    let level = "type = \"leaderboard\"\nkpi = \"service_level\"";
    let shown = shown_at(&named(), level, &events, HOUR);
    assert_eq!(places(&shown), ["1 Ann 100%", "1 Cat 100%"]);
    assert_eq!(shown["places"][0]["detail"], "6 of 6 in 20 s");
    let strict = shown_at(&named(), &format!("{level}\nmin_volume = 7"), &events, HOUR);
    assert_eq!(places(&strict), ["1 Ben 0%"], "of seven contacts there is only Ben");
    let asa = shown_at(&named(), "type = \"leaderboard\"\nkpi = \"asa\"", &events, HOUR);
    assert_eq!(places(&asa), ["1 Ann 5 s", "2 Cat 10 s"]);
}

#[test]
fn one_good_rating_makes_nobody_first() {
    let mut script = Script::on("chat");
    for agent in ["Ann", "Ben"] {
        for number in 0..6 {
            script.contact(&format!("{agent} {number}"), "care").wrote(1.0, Author::Customer);
            script.agent(agent).wrote(2.0, Author::Agent);
            // Six rate Ann, one Ben, and better.
            match (agent, number) {
                ("Ann", 0) => script.rated(3.0, 2.0, 5.0),
                ("Ann", _) | ("Ben", 0) => script.rated(3.0, 5.0, 5.0),
                _ => &mut script,
            };
        }
    }
    let tile = "type = \"leaderboard\"\nkpi = \"csat\"";
    let shown = shown_at(&named(), tile, &script.events, HOUR);
    assert_eq!(places(&shown), ["1 Ann 83%"]);
    assert_eq!(shown["places"][0]["detail"], "5 of 6");
}

#[test]
fn names_are_concealed_as_the_site_says_and_nobody_is_no_data_or_too_few() {
    let events = calls(&[("Ann", 6, 5.0), ("Ben", 5, 5.0)]);
    let shown = shown_at(&site(), ANSWERED, &events, HOUR).to_string();
    assert!(!shown.contains("Ann") && shown.contains("Agent "), "{shown}");
    let none = shown_at(&site(), ANSWERED, &[], HOUR);
    assert_eq!((&none["state"], &none["places"]), (&json!("no_data"), &json!([])));
    let few = shown_at(&site(), ANSWERED, &calls(&[("Ann", 4, 5.0)]), HOUR);
    assert_eq!((is_counted(&few), &few["places"]), (true, &json!([])));
    assert_eq!(few["empty"], "nobody has 5 contacts yet");
}

/// Each rating on a contact of its own; twice as many were asked.
fn ratings(scores: &[f64], scale: f64) -> Vec<Event> {
    let mut script = Script::on("chat");
    for (number, score) in scores.iter().enumerate() {
        for asked in ["rates", "says nothing"] {
            script.contact(&format!("{asked} {number}"), "care").wrote(1.0, Author::Customer);
            script.kind(2.0, Kind::RatingRequested);
            if asked == "rates" {
                script.rated(3.0, *score, scale);
            }
        }
    }
    script.events
}

const QUALITY: &str = "type = \"quality\"";

/// "CSAT 75% 20 ratings".
fn figures(shown: &Json) -> Vec<String> {
    let figures = shown["figures"].as_array().expect("figures").iter();
    let word = |it: &Json, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let line = |it: &Json| {
        format!(
            "{} {}{} {}",
            word(it, "name"),
            word(it, "text"),
            word(it, "unit"),
            word(it, "detail")
        )
    };
    figures.map(line).collect()
}

#[test]
fn each_figure_of_quality_says_of_how_many_ratings_it_is() {
    // Of ten: five promote (9, 10), three do neither (7, 8), two detract; seven are good (8 to 10), one is bad.
    let scores = [10.0, 10.0, 9.0, 9.0, 9.0, 8.0, 8.0, 7.0, 5.0, 2.0];
    let shown = shown_at(&site(), QUALITY, &ratings(&scores, 10.0), HOUR);
    assert_eq!(
        figures(&shown),
        ["CSAT 70% 10 ratings", "NPS +30 10 ratings", "CSI 7.00 only 8 ratings"]
    );
    assert_eq!(shown["response"], "50% of those asked answered · 10 of 20");
    assert_eq!((is_counted(&shown), &shown["tone"]), (true, &json!("plain")));
    let goal = format!("{QUALITY}\ntarget = 0.8\nbad = 0.5");
    assert_eq!(shown_at(&site(), &goal, &ratings(&scores, 10.0), HOUR)["tone"], "warn");
}

#[test]
fn few_ratings_are_called_few_and_have_no_colour() {
    let goal = format!("{QUALITY}\ntarget = 0.8\nbad = 0.5");
    // Nobody rated to ten, so there is no NPS; and none of those was bad.
    let shown = shown_at(&site(), &goal, &ratings(&[5.0, 3.0, 3.0], 5.0), HOUR);
    assert_eq!(figures(&shown), ["CSAT 33% only 3 ratings", "CSI ∞ only 1 rating"]);
    assert_eq!((&shown["tone"], &shown["figures"][0]["is_few"]), (&json!("plain"), &json!(true)));
    let named = format!("{QUALITY}\nfigures = [\"nps\"]");
    let shown = shown_at(&site(), &named, &ratings(&[5.0], 5.0), HOUR);
    assert_eq!(figures(&shown), ["NPS – 0 ratings"]);
}

#[test]
fn what_customers_rate_stands_worst_first_and_no_ratings_are_no_data() {
    let mut events = ratings(&[5.0; 12], 5.0);
    let mut script = Script::on("chat");
    for number in 0..12 {
        script.contact(&format!("rates {number}"), "care");
        for (dimension, good) in [("clear", 9), ("price", 3)] {
            let score = if number < good { 5.0 } else { 1.0 };
            let dimension = dimension.to_owned();
            script.kind(4.0, Kind::Rated(Rated { dimension, score, scale: 5.0 }));
        }
    }
    // Ids are those of a script of its own.
    script.events.iter_mut().for_each(|event| event.id = format!("d{}", event.id));
    events.extend(script.events);
    let shown = shown_at(&site(), QUALITY, &events, HOUR);
    assert_eq!(
        shown["dimensions"],
        json!([
            { "name": "price", "text": "25%", "detail": "12", "share": 0.25, "is_few": false },
            { "name": "Clear", "text": "75%", "detail": "12", "share": 0.75, "is_few": false },
        ])
    );
    for events in [vec![], calls(&[("Ann", 6, 5.0)])] {
        let none = shown_at(&site(), QUALITY, &events, HOUR);
        assert_eq!((&none["state"], &none["figures"]), (&json!("no_data"), &json!([])));
        assert_eq!(none["empty"], "no ratings yet");
    }
}
