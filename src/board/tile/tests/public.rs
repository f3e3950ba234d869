//! Tiles about the public and about those whom nobody answered, in front of a real engine.

use serde_json::{Value as Json, json};

use super::people::{is_counted, shown_at};
use super::site;
use crate::engine::tests::script::*;
use crate::event::{Author, Event, Kind, Mention, Sentiment};

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;
const WEEK: f64 = 7.0 * DAY;
const ATTENTION: &str = "type = \"attention\"";
const REACHABILITY: &str = "type = \"reachability\"";

fn mentioned(script: &mut Script, second: f64, count: u32, sentiment: Sentiment) {
    for number in 0..count {
        let mention = Mention { public: true, sentiment, ..Mention::default() };
        script.contact("", "").kind(second + f64::from(number), Kind::Mention(mention));
    }
}

/// Four weeks of 2, 4, 4 and 6 mentions in an hour, and then so many.
fn weeks(now: u32) -> Vec<Event> {
    let mut script = Script::on("telegram");
    for (number, count) in [2, 4, 4, 6].into_iter().enumerate() {
        mentioned(&mut script, number as f64 * WEEK, count, Sentiment::Neutral);
    }
    mentioned(&mut script, 4.0 * WEEK, now, Sentiment::Negative);
    script.events
}

fn part(part: &Json) -> String {
    let words = ["title", "text", "detail", "tone", "word"].map(|key| part[key].as_str());
    words.into_iter().flatten().collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_jump_in_mentions_is_told_against_what_is_usual() {
    // Usual are 4, with a sample deviation of √(8/3).
    let shown = shown_at(&site(), ATTENTION, &weeks(12), 4.0 * WEEK + HOUR);
    assert_eq!(
        part(&shown["mentions"]),
        "Mentions · 10:00–11:00 | 12 | usually 4 · +4.9 σ | warn | unusually many"
    );
    assert_eq!((is_counted(&shown), &shown["tone"]), (true, &json!("warn")));
    // A jump all the same, but of few: nine.
    let shown = shown_at(&site(), ATTENTION, &weeks(9), 4.0 * WEEK + HOUR);
    assert_eq!(
        part(&shown["mentions"]),
        "Mentions · 10:00–11:00 | 9 | usually 4 · +3.1 σ | plain | as usual"
    );
    let own = format!("{ATTENTION}\nwarn = 2\nbad = 3\nmin_volume = 1");
    assert_eq!(shown_at(&site(), &own, &weeks(9), 4.0 * WEEK + HOUR)["tone"], "bad");
    let early = shown_at(&site(), ATTENTION, &weeks(12), 2.0 * WEEK + HOUR);
    assert_eq!(
        part(&early["mentions"]),
        "Mentions · 09:00–10:00 | 4 | what is usual is not known yet | plain"
    );
}

#[test]
fn the_tone_is_of_what_strangers_read_and_posts_wait_where_they_do() {
    let mut script = Script::on("telegram");
    mentioned(&mut script, 100.0, 3, Sentiment::Positive);
    mentioned(&mut script, 200.0, 1, Sentiment::Negative);
    mentioned(&mut script, 300.0, 4, Sentiment::Neutral);
    script.contact("post", "social").message(600.0, Author::Customer, true);
    script.contact("private", "social").wrote(10.0, Author::Customer);
    let shown = shown_at(&site(), ATTENTION, &script.events, 660.0);
    let mood = shown["mood"]["parts"].as_array().expect("parts").iter();
    let mood: Vec<_> =
        mood.map(|it| format!("{} {} {}", it["id"], it["text"], it["share"])).collect();
    // How the post itself sounds is not known.
    assert_eq!(
        mood,
        ["\"positive\" \"3\" 0.375", "\"neutral\" \"4\" 0.5", "\"negative\" \"1\" 0.125"]
    );
    assert_eq!(shown["mood"]["title"], "Tone · last 60 min");
    assert_eq!(part(&shown["waiting"][0]), "Unanswered | 1 | plain");
    assert_eq!(part(&shown["waiting"][1]), "Oldest of them | 1 min 00 s | social | plain");
    // It has waited for sixteen minutes, where fifteen are promised if nothing else is said.
    let late = shown_at(&site(), ATTENTION, &script.events, 600.0 + 16.0 * 60.0);
    assert_eq!(late["tone"], "warn");
    assert!(part(&late["waiting"][1]).ends_with("late"), "{late}");
}

#[test]
fn where_nothing_is_public_there_is_no_data_and_no_alarm() {
    let mut script = Script::on("telegram");
    script.contact("private", "sales").wrote(10.0, Author::Customer);
    for events in [&[], &script.events[..]] {
        let shown = shown_at(&site(), ATTENTION, events, HOUR);
        assert_eq!((&shown["state"], &shown["tone"]), (&json!("no_data"), &json!("plain")));
        assert_eq!(shown["empty"], "nothing in public yet");
    }
}

/// So many callers of a channel, of whom so many gave up.
fn callers(channel: &str, second: f64, count: u32, gave_up: u32) -> Vec<Event> {
    let mut script = Script::on(channel);
    for number in 0..count {
        let second = second + f64::from(number);
        script.contact(&format!("{second}"), "sales").queued(second);
        match number < gave_up {
            true => script.abandoned(second + 30.0),
            false => script.agent("ann").answered(second + 5.0),
        };
    }
    script.events.iter_mut().for_each(|event| event.id = format!("{second} {}", event.id));
    script.events
}

fn rows(shown: &Json) -> Vec<String> {
    let rows = shown["rows"].as_array().expect("rows").iter();
    let words = |row: &Json| {
        ["name", "text", "detail", "tone"]
            .map(|key| row[key].as_str().unwrap_or_default().to_owned())
    };
    rows.map(|row| words(row).join(" | ")).collect()
}

#[test]
fn who_was_never_answered_is_told_by_channel_the_worst_first() {
    let now = 3.0 * DAY;
    let mut events = callers("pbx", now - 49.0 * HOUR, 5, 5);
    events.extend(callers("pbx", now - 47.0 * HOUR, 40, 3));
    events.extend(callers("telegram", now - 30.0 * HOUR, 20, 4));
    events.extend(callers("line", now - 2.0 * HOUR, 8, 0));
    let shown = shown_at(&site(), REACHABILITY, &events, now);
    assert_eq!(
        rows(&shown),
        [
            "Telegram | 4 | 20% of 20 | plain",
            "pbx | 3 | 7.5% of 40 | plain",
            "line | 0 | 0% of 8 | plain"
        ]
    );
    assert_eq!(shown["total"], json!({ "text": "7", "words": "of 68 never got an answer" }));
    assert_eq!(shown["rows"][1]["share"], 0.75);
    // By share, and not of few: line has eight.
    let limits = format!("{REACHABILITY}\nwarn = 0.07\nbad = 0.5");
    let shown = shown_at(&site(), &limits, &events, now);
    assert_eq!(shown["tone"], "warn");
    assert_eq!(rows(&shown)[1], "pbx | 3 | 7.5% of 40 | warn");
    let today = shown_at(&site(), &format!("{REACHABILITY}\nwindow = \"24h\""), &events, now);
    assert_eq!(rows(&today), ["line | 0 | 0% of 8 | plain"]);
    assert_eq!(today["empty"], "nobody was left without an answer");
}

#[test]
fn where_nobody_came_there_is_no_data() {
    let shown = shown_at(&site(), REACHABILITY, &[], HOUR);
    assert_eq!((&shown["state"], rows(&shown)), (&json!("no_data"), vec![]));
}
