//! What is known late changes what it must, however long the contact is, or is counted as late: never
//! silently otherwise.

use std::fmt::Write as _;

use tablica::engine::{Engine, Rules};
use tablica::event::{
    Author, Event, Kind, Medium, Message, Rated, Resolved, TalkEnded, Transferred,
};
use tablica::kpi;
use tablica::kpi::value::Figure;
use tablica::scope::{Selector, Window};

use super::story::{HOUR, Of, Story, answered, at, message, rules, value};
use crate::not_yet::hold;

const PROMISES: &str = "[policy.first]\nclock = 'first_response'\ntarget = '10m'\n\
                        [policy.next]\nclock = 'next_response'\ntarget = '2m'\n\
                        [policy.solve]\nclock = 'resolution'\ntarget = '3h'\n\
                        [policy.angry]\ncomplaints = true\nclock = 'resolution'\ntarget = '1h'\n";

/// When everything is known.
const END: f64 = 20.0 * HOUR;

/// A chat of 240 messages, with everything that can happen to one; the numbers are the places of what
/// is told late.
fn chat() -> (Story, Vec<usize>) {
    let mut story = Story::default();
    let mut late = Vec::new();
    let of = Of { channel: "webchat", contact: "chat", queue: "care", ..Of::default() };
    let olas = Of { agent: "ola", ..of };
    let customer = || message(Medium::Chat, Author::Customer);
    let agent = || message(Medium::Chat, Author::Agent);
    story.tell(9.0 * HOUR, of, customer());
    for turn in 0..120 {
        let second = 9.0 * HOUR + 30.0 + f64::from(turn) * 60.0;
        if turn % 20 == 0 {
            // A reply, and the question after it.
            late.extend([story.events.len(), story.events.len() + 1]);
        }
        story.tell(second, olas, agent());
        story.tell(second + 20.0, of, customer());
        match turn {
            10 => {
                late.push(story.events.len());
                let complaint =
                    Message { medium: Medium::Chat, complaint: true, ..written_by_customer() };
                story.tell(second + 21.0, of, Kind::Message(complaint));
            }
            30 => {
                late.push(story.events.len());
                story.tell(second + 21.0, of, Kind::Tagged(vec!["parcel".to_owned()]));
            }
            50 => {
                late.push(story.events.len());
                let to = Transferred { to_queue: Some("second".to_owned()), ..Default::default() };
                story.tell(second + 21.0, olas, Kind::Transferred(to));
            }
            70 => {
                late.push(story.events.len());
                story.tell(second + 21.0, olas, Kind::Resolved(Resolved { by: Author::Agent }));
            }
            90 => {
                late.push(story.events.len());
                let score = Rated { dimension: "overall".to_owned(), score: 4.0, scale: 5.0 };
                story.tell(second + 21.0, of, Kind::Rated(score));
            }
            _ => {}
        }
    }
    (story, late)
}

fn written_by_customer() -> Message {
    Message { author: Author::Customer, ..Message::default() }
}

/// A call that is held sixty times.
fn call() -> (Story, Vec<usize>) {
    let mut story = Story::default();
    let of = Of { channel: "pbx", contact: "call", queue: "sales", ..Of::default() };
    let olas = Of { agent: "ola", ..of };
    story.tell(9.0 * HOUR, of, Kind::Queued);
    story.tell(9.0 * HOUR + 15.0, olas, answered());
    for turn in 0..60 {
        let second = 9.0 * HOUR + 60.0 + f64::from(turn) * 60.0;
        story.tell(second, olas, Kind::Held);
        story.tell(second + 10.0, olas, Kind::Resumed);
    }
    let end = 9.0 * HOUR + 3720.0;
    story.tell(end, olas, Kind::TalkEnded(TalkEnded::default()));
    story.tell(end + 30.0, olas, Kind::WrappedUp);
    // The beginning, the answer, a hold and what ended it.
    (story, vec![0, 1, 2, 3, 40, 41])
}

/// The engine that learned of everything at once but for one event, which it learned of two hours later.
fn engine(events: &[Event], late: Option<usize>) -> Engine {
    let mut engine = Engine::new(Rules { ..rules(PROMISES) });
    let in_time = events.iter().enumerate().filter(|(place, _)| Some(*place) != late);
    in_time.for_each(|(_, event)| engine.apply(event, event.at_ms));
    if let Some(place) = late {
        engine.apply(&events[place], at(13.0 * HOUR));
    }
    engine.tick(at(END));
    engine
}

fn figures(engine: &Engine) -> Vec<(&'static str, Figure)> {
    let all = Selector::default();
    let ids = kpi::registry().iter().filter(|kpi| !kpi.is_state).map(|kpi| kpi.id);
    ids.map(|id| (id, value(engine, id, &all, Window::Today).figure)).collect()
}

fn late_ones(engine: &Engine) -> u64 {
    engine.faults().map(|(_, faults)| faults.late).sum()
}

/// Numbers that came out otherwise because one event was late, and nobody was told.
fn silently_other((story, late): (Story, Vec<usize>)) -> String {
    let in_order = figures(&engine(&story.events, None));
    let mut said = String::new();
    for place in late {
        let engine = engine(&story.events, Some(place));
        if late_ones(&engine) > 0 {
            continue;
        }
        for ((id, right), (_, got)) in in_order.iter().zip(figures(&engine)) {
            if *right != got {
                let kind = &story.events[place].kind;
                writeln!(said, "{id}: {got:?} for {right:?} after {kind:?}, number {place}")
                    .unwrap();
            }
        }
    }
    said
}

#[test]
fn a_long_chat() {
    hold("late::a_long_chat", || assert_eq!(silently_other(chat()), ""));
}

#[test]
fn a_long_call() {
    hold("late::a_long_call", || assert_eq!(silently_other(call()), ""));
}

/// The same with a contact as short as most are: there is no excuse for it.
#[test]
fn a_short_chat() {
    hold("late::a_short_chat", || {
        let (mut story, mut late) = chat();
        story.events.truncate(40);
        late.retain(|place| *place < 40);
        assert!(late.len() > 2);
        let engines = late.iter().map(|place| engine(&story.events, Some(*place)));
        assert_eq!(engines.map(|engine| late_ones(&engine)).sum::<u64>(), 0);
        assert_eq!(silently_other((story, late)), "");
    });
}
