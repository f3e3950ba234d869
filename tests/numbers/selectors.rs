//! A number by agent, kind, priority, topic, policy: right, or not applicable with a sentence, and
//! never nought for "not counted".

use std::fmt::Write as _;

use tablica::engine::Engine;
use tablica::event::{
    Author, Kind, Medium, Message, Opened, Priority, Rated, Removed, Resolved, Sentiment,
};
use tablica::kpi;
use tablica::kpi::value::{Figure, Unit, Value};
use tablica::scope::{Selector, Window};

use super::story::{DAY, HOUR, Of, Story, message, of, rules, value};
use crate::not_yet::hold;

/// A promise to all: a first reply within the hour.
const PROMISES: &str = "[policy.reply]\nclock = 'first_response'\ntarget = '1h'\n\
                        [queue.care]\nreply_threshold = '10m'\n";

/// Eight letters of four customers in two hours, all of one kind: in one queue, of high priority, about
/// a refund, complaining, and answered by Ola.
fn letters() -> Story {
    let mut story = Story::default();
    for letter in 0..8 {
        let second = 9.0 * HOUR + f64::from(letter) * 900.0;
        let contact = format!("letter {letter}");
        let customer = format!("customer {}", letter % 4);
        let customers = Of {
            channel: "post",
            contact: &contact,
            queue: "care",
            customer: &customer,
            agent: "",
        };
        let olas = Of { agent: "ola", customer: "", ..customers };
        let opened =
            Opened { medium: Medium::Mail, priority: Some(Priority::High), ..Opened::default() };
        let written = Message {
            medium: Medium::Mail,
            author: Author::Customer,
            sentiment: [Sentiment::Negative, Sentiment::Positive][usize::from(letter % 4 == 3)],
            topics: vec!["refund".to_owned()],
            complaint: true,
            ..Message::default()
        };
        story.tell(second, customers, Kind::Opened(opened));
        story.tell(second, customers, Kind::Message(written));
        story.tell(second + 60.0, customers, message(Medium::Mail, Author::Customer));
        story.tell(second + 300.0, olas, message(Medium::Mail, Author::Agent));
        story.tell(second + 600.0, olas, Kind::Resolved(Resolved { by: Author::Agent }));
        story.tell(second + 610.0, customers, Kind::RatingRequested);
        let score = f64::from(3 + letter);
        let rated = Rated { dimension: "overall".to_owned(), score, scale: 10.0 };
        story.tell(second + 700.0, customers, Kind::Rated(rated));
    }
    story
}

/// Whatever selects all of the letters.
const ALL_OF_THEM: [&[(&str, &str)]; 13] = [
    &[("channel", "post")],
    &[("queue", "care")],
    &[("kind", "mail")],
    &[("priority", "high")],
    &[("public", "false")],
    &[("topic", "refund")],
    &[("agent", "ola")],
    &[("policy", "reply")],
    &[("kind", "mail"), ("priority", "high")],
    &[("queue", "care"), ("kind", "mail")],
    &[("channel", "post"), ("topic", "refund")],
    &[("public", "false"), ("topic", "refund")],
    &[("queue", "care"), ("policy", "reply")],
];

fn is_same(one: Figure, other: Figure) -> bool {
    match (one, other) {
        (Figure::Number(one), Figure::Number(other)) => (one - other).abs() < 1e-9,
        _ => one == other,
    }
}

/// Not applicable, and a sentence says why. Of fewer than five contacts of one agent nothing is
/// shown.
fn says_why_not(value: &Value, is_of_few: bool) -> bool {
    let is_concealed = is_of_few && value.figure == Figure::Concealed;
    (value.figure == Figure::NotApplicable || is_concealed) && value.receipt.sentence.len() > 20
}

/// Numbers by selectors that select everything, and are neither the number of everything nor not
/// applicable.
fn untrue(engine: &Engine, window: Window) -> String {
    let ola = value(engine, "handled", &of(&[("agent", "ola")]), window);
    let has_few = ola.figure == Figure::Concealed;
    let mut said = String::new();
    for kpi in kpi::registry() {
        let all = value(engine, kpi.id, &Selector::default(), window);
        if !matches!(all.figure, Figure::Number(_)) {
            continue;
        }
        for words in ALL_OF_THEM {
            let one = value(engine, kpi.id, &of(words), window);
            let is_of_few = has_few && words.iter().any(|(key, _)| *key == "agent");
            if !is_same(one.figure, all.figure) && !says_why_not(&one, is_of_few) {
                let (got, right, sentence) = (one.figure, all.figure, one.receipt.sentence);
                let id = kpi.id;
                writeln!(said, "{id}{words:?} {window:?}: {got:?} for {right:?}: {sentence}")
                    .unwrap();
            }
        }
    }
    said
}

#[test]
fn what_selects_all_gives_the_number_of_all() {
    hold("selectors::what_selects_all_gives_the_number_of_all", || {
        let watched = ALL_OF_THEM.map(of);
        let engine = letters().by(rules(PROMISES), &watched, 11.0 * HOUR);
        let said = [Window::Today, Window::Min60, Window::Hours24].map(|it| untrue(&engine, it));
        assert_eq!(said.concat(), "");
    });
}

/// Who came again is known only when a week has passed.
#[test]
fn also_a_week_later() {
    hold("selectors::also_a_week_later", || {
        let watched = ALL_OF_THEM.map(of);
        let engine = letters().by(rules(PROMISES), &watched, 7.0 * DAY + 12.0 * HOUR);
        let fcr = value(&engine, "fcr", &Selector::default(), Window::Today);
        // Of eight letters of four customers the first four were followed by another.
        assert!(is_same(fcr.figure, Figure::Number(0.5)), "{fcr:?}");
        assert_eq!(untrue(&engine, Window::Today), "");
    });
}

/// Asked for only now, by nobody before: today is known all the same.
#[test]
fn also_when_nobody_has_asked_before() {
    hold("selectors::also_when_nobody_has_asked_before", || {
        let mut engine = letters().by(rules(PROMISES), &[], 11.0 * HOUR);
        for words in ALL_OF_THEM {
            engine.watch(&of(words));
        }
        assert_eq!(untrue(&engine, Window::Today), "");
    });
}

/// Six letters and four public comments: what differs between them differs in everything.
fn letters_and_comments() -> Story {
    let mut story = Story::default();
    for one in 0..10 {
        let second = 9.0 * HOUR + f64::from(one) * 60.0;
        let contact = format!("contact {one}");
        let is_letter = one < 6;
        let (channel, queue) = if is_letter { ("post", "care") } else { ("page", "") };
        let (medium, topic) =
            if is_letter { (Medium::Mail, "refund") } else { (Medium::Comment, "login") };
        let priority = if is_letter { Priority::High } else { Priority::Normal };
        let of = Of { channel, contact: &contact, queue, ..Of::default() };
        let opened =
            Opened { medium, public: !is_letter, priority: Some(priority), ..Opened::default() };
        let written = Message {
            medium,
            author: Author::Customer,
            public: !is_letter,
            sentiment: Sentiment::Negative,
            topics: vec![topic.to_owned()],
            complaint: one % 2 == 0,
            ..Message::default()
        };
        story.tell(second, of, Kind::Opened(opened));
        story.tell(second, of, Kind::Message(written));
        if one % 3 == 0 {
            let reply =
                Message { medium, author: Author::Agent, public: !is_letter, ..Message::default() };
            let olas = Of { agent: "ola", ..of };
            story.tell(second + 120.0, olas, Kind::Message(reply));
            story.tell(second + 300.0, olas, Kind::Resolved(Resolved { by: Author::Agent }));
        }
        if one == 7 {
            story.tell(second + 400.0, of, Kind::Removed(Removed { by: Author::Agent }));
        }
    }
    story
}

/// The two halves of it, and whatever divides it so.
const HALVES: [[(&str, &str); 2]; 6] = [
    [("channel", "post"), ("channel", "page")],
    [("queue", "care"), ("queue", "")],
    [("kind", "mail"), ("kind", "comment")],
    [("priority", "high"), ("priority", "normal")],
    [("public", "false"), ("public", "true")],
    [("topic", "refund"), ("topic", "login")],
];

/// How many more are needed, or can be afforded, is no sum of that of parts.
fn adds_up(id: &str) -> bool {
    let no_sums = ["recovery", "budget", "agents_", "forecast_"];
    !no_sums.iter().any(|part| id.contains(part))
}

#[test]
fn parts_add_up_to_the_whole() {
    hold("selectors::parts_add_up_to_the_whole", || {
        let watched: Vec<_> = HALVES.concat().iter().map(|word| of(&[*word])).collect();
        let engine = letters_and_comments().by(rules(PROMISES), &watched, 9.5 * HOUR);
        let mut said = String::new();
        for kpi in kpi::registry().iter().filter(|kpi| kpi.unit == Unit::Count && adds_up(kpi.id)) {
            let all = value(&engine, kpi.id, &Selector::default(), Window::Today).figure;
            let Figure::Number(whole) = all else { continue };
            for [first, second] in HALVES {
                let parts =
                    [first, second].map(|it| value(&engine, kpi.id, &of(&[it]), Window::Today));
                if parts.iter().all(|part| says_why_not(part, false)) {
                    continue;
                }
                let counted = |part: &Value| match part.figure {
                    Figure::Number(number) => number,
                    // No promise was ever given there, and the like.
                    _ => 0.0,
                };
                let sum: f64 = parts.iter().map(counted).sum();
                if (sum - whole).abs() > 1e-9 {
                    let (id, parts) = (kpi.id, parts.map(|part| part.figure));
                    writeln!(said, "{id} {first:?} {second:?}: {parts:?} for {whole}").unwrap();
                }
            }
        }
        assert_eq!(said, "");
    });
}
