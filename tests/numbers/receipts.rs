//! The span that a receipt states is the one that was counted.

use std::fmt::Write as _;

use tablica::engine::{Engine, Rules};
use tablica::event::{Author, Kind, Medium, Message, UnixMs};
use tablica::kpi;
use tablica::kpi::value::{Figure, Value};
use tablica::scope::{Selector, Window};

use super::story::{DAY, HOUR, Of, Story, answered, at, message, of, rules, value};
use crate::not_yet::hold;

/// Calls and messages at all hours, for so many days.
fn traffic(days: u32) -> Story {
    let mut story = Story::default();
    for hour in 0..days * 24 {
        let second = f64::from(hour) * HOUR;
        let (call, chat) = (format!("call {hour}"), format!("chat {hour}"));
        let call = Of { channel: "pbx", contact: &call, queue: "sales", ..Of::default() };
        story.tell(second + 100.0, call, Kind::Queued);
        story.tell(second + 110.0, Of { agent: "ola", ..call }, answered());
        let chat = Of { channel: "webchat", contact: &chat, queue: "care", ..Of::default() };
        story.tell(second + 200.0, chat, message(Medium::Chat, Author::Customer));
        let reply = message(Medium::Chat, Author::Agent);
        story.tell(second + 260.0, Of { agent: "ola", ..chat }, reply);
    }
    story
}

fn site(zone: &str, day_start: &str) -> Rules {
    rules(&format!("[site]\ntime_zone = '{zone}'\nday_start = '{day_start}'\n"))
}

fn time(text: &str) -> UnixMs {
    text.parse::<jiff::Timestamp>().expect("a time").as_millisecond()
}

/// Of every KPI that has a window.
fn windowed(engine: &Engine, window: Window) -> Vec<Value> {
    let all = Selector::default();
    let kpis = kpi::registry().iter().filter(|kpi| !kpi.is_state);
    let values = kpis.map(|kpi| value(engine, kpi.id, &all, window));
    values.filter(|value| value.receipt.window.window == window).collect()
}

/// First contact resolution is of a span that lies a week back, and a jump of the last whole hour;
/// both say so.
const OF_ANOTHER_SPAN: [&str; 4] = ["fcr", "mentions_jump", "negative_jump", "contacts_jump"];

#[test]
fn yesterday_ends_where_today_begins() {
    hold("receipts::yesterday_ends_where_today_begins", || {
        let story = traffic(3);
        for (zone, day_start, hours, from, to) in [
            ("UTC", "00:00", 48.1, "2026-05-05T00:00:00Z", "2026-05-06T00:00:00Z"),
            ("UTC", "00:00", 60.0, "2026-05-05T00:00:00Z", "2026-05-06T00:00:00Z"),
            ("UTC", "00:00", 71.99, "2026-05-05T00:00:00Z", "2026-05-06T00:00:00Z"),
            ("Europe/Warsaw", "00:00", 60.0, "2026-05-04T22:00:00Z", "2026-05-05T22:00:00Z"),
            ("Europe/Warsaw", "06:00", 60.0, "2026-05-05T04:00:00Z", "2026-05-06T04:00:00Z"),
            ("America/Lima", "00:00", 60.0, "2026-05-05T05:00:00Z", "2026-05-06T05:00:00Z"),
        ] {
            let engine = story.by(site(zone, day_start), &[], hours * HOUR);
            for value in windowed(&engine, Window::Yesterday) {
                if OF_ANOTHER_SPAN.contains(&value.kpi) {
                    continue;
                }
                let span = &value.receipt.window;
                let (got, right) = ((span.from_ms, span.to_ms), (time(from), time(to)));
                assert_eq!(got, right, "{} in {zone} from {day_start}, {hours}", value.kpi);
            }
        }
    });
}

/// On 2026-10-25 the clocks in Warsaw go back: that day has 25 hours.
#[test]
fn yesterday_has_as_many_hours_as_it_had() {
    hold("receipts::yesterday_has_as_many_hours_as_it_had", || {
        let mut engine = Engine::new(site("Europe/Warsaw", "00:00"));
        for event in &mut traffic(1).events {
            event.at_ms += time("2026-10-25T00:00:00Z") - at(0.0);
            engine.apply(event, event.at_ms);
        }
        engine.tick(time("2026-10-26T12:00:00Z"));
        let of = value(&engine, "offered", &Selector::default(), Window::Yesterday);
        let span = &of.receipt.window;
        let day = (time("2026-10-24T22:00:00Z"), time("2026-10-25T23:00:00Z"));
        assert_eq!((span.from_ms, span.to_ms), day);
        assert_eq!(of.figure, Figure::Number(46.0), "23 hours of two contacts each were left");
    });
}

#[test]
fn the_last_minutes_are_as_many_as_their_name_says() {
    hold("receipts::the_last_minutes_are_as_many_as_their_name_says", || {
        let story = traffic(2);
        let topic = of(&[("topic", "parcel")]);
        let mut said = String::new();
        for seconds in [
            DAY + 10.0 * HOUR,
            DAY + 10.0 * HOUR + 0.001,
            DAY + 10.0 * HOUR + 7.5,
            DAY + 10.0 * HOUR + 14.999,
            DAY + 10.0 * HOUR + 899.999,
            DAY + 10.0 * HOUR + 1234.567,
        ] {
            let engine = story.by(Rules::default(), std::slice::from_ref(&topic), seconds);
            for (window, minutes) in [
                (Window::Min5, 5.0),
                (Window::Min15, 15.0),
                (Window::Min30, 30.0),
                (Window::Min60, 60.0),
            ] {
                let mut values = windowed(&engine, window);
                values.push(value(&engine, "topic_contacts", &topic, window));
                for value in values {
                    if OF_ANOTHER_SPAN.contains(&value.kpi) {
                        continue;
                    }
                    let span = &value.receipt.window;
                    let length = (span.to_ms - span.from_ms) as f64 / 60_000.0;
                    let is_so_long = (length - minutes).abs() <= 0.02 * minutes;
                    let ends_now = span.to_ms == at(seconds);
                    if !is_so_long || !ends_now {
                        let kpi = value.kpi;
                        writeln!(said, "{kpi} {window:?} at {seconds}: {length} min, {span:?}")
                            .unwrap();
                    }
                }
            }
        }
        assert_eq!(said, "");
    });
}

/// What is compared with the same span last week is as long as its window says.
#[test]
fn a_change_within_a_week_is_of_whole_spans() {
    hold("receipts::a_change_within_a_week_is_of_whole_spans", || {
        let mut story = Story::default();
        for quarter in 0..8 * 96 {
            let contact = format!("chat {quarter}");
            let of = Of { channel: "webchat", contact: &contact, ..Of::default() };
            let topics = vec!["parcel".to_owned()];
            let message = Message {
                medium: Medium::Chat,
                author: Author::Customer,
                topics,
                ..Message::default()
            };
            story.tell(f64::from(quarter) * 900.0 + 1.0, of, Kind::Message(message));
        }
        let topic = of(&[("topic", "parcel")]);
        for seconds in [10.0 * HOUR, 10.0 * HOUR + 1.0, 10.0 * HOUR + 700.0, 10.0 * HOUR + 899.0] {
            let seconds = 7.0 * DAY + seconds;
            let engine = story.by(Rules::default(), std::slice::from_ref(&topic), seconds);
            let change = value(&engine, "topic_change", &topic, Window::Min60);
            let span = &change.receipt.window;
            let minutes = (span.to_ms - span.from_ms) as f64 / 60_000.0;
            assert!((minutes - 60.0).abs() <= 1.2, "{minutes} minutes at {seconds}: {change:?}");
            assert_eq!(change.figure, Figure::Number(0.0), "one in each quarter, now and then");
        }
    });
}

#[test]
fn today_ends_now() {
    hold("receipts::today_ends_now", || {
        let engine = traffic(2).by(Rules::default(), &[], DAY + 9.25 * HOUR + 1.0);
        for value in windowed(&engine, Window::Today) {
            if !OF_ANOTHER_SPAN.contains(&value.kpi) {
                let span = &value.receipt.window;
                let today = (at(DAY), at(DAY + 9.25 * HOUR + 1.0));
                assert_eq!((span.from_ms, span.to_ms), today, "{}", value.kpi);
            }
        }
    });
}
