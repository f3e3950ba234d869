//! A contact that came in by one channel and is worked on in a help desk, which tells of it, too.

use super::desks::today;
use super::script::*;
use crate::engine::{ChannelRules, Rules};
use crate::event::{Author, Event, Kind, Medium, Resolved, SameAs};
use crate::scope::{FeedHealth, Selector};

const CHAT: &str = "chat 77";

fn asked_on_telegram() -> Vec<Event> {
    let mut telegram = Script::on("telegram");
    telegram.contact(CHAT, "messages").wrote(0.0, Author::Customer);
    telegram.events
}

/// The desk tells of ticket 8: that it was opened, the question, ann's answer after two minutes, that it
/// is settled after five.
fn in_the_desk() -> Vec<Event> {
    let mut desk = Script::on("desk");
    desk.contact("ticket 8", "").opened(1.0, Medium::Ticket).wrote(1.0, Author::Customer);
    desk.agent("ann").wrote(120.0, Author::Agent);
    desk.kind(300.0, Kind::Resolved(Resolved { by: Author::Agent }));
    desk.events
}

/// The desk's events as the channel hands them on: the contact is Telegram's.
fn of_telegram(mut events: Vec<Event>) -> Vec<Event> {
    for event in &mut events {
        let told_there = match &event.kind {
            Kind::Opened(_) => true,
            Kind::Message(message) => message.author == Author::Customer,
            _ => false,
        };
        let (channel, interaction) = ("telegram".to_owned(), CHAT.to_owned());
        event.same_as = Some(SameAs { channel, interaction, told_there });
    }
    events
}

fn channel(name: &str) -> Selector {
    Selector { channel: Some(name.to_owned()), ..Selector::default() }
}

#[test]
fn a_question_on_telegram_that_is_answered_in_the_desk_is_one_contact() {
    let mut events = asked_on_telegram();
    events.extend(in_the_desk());
    let twice = fold(&events, 400.0);
    assert_eq!(course(&twice, &all()), [2, 1, 0, 0, 1], "nobody said that they are the same");

    let mut events = asked_on_telegram();
    events.extend(of_telegram(in_the_desk()));
    let engine = fold(&events, 400.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(course(&engine, &channel("telegram")), [1, 1, 0, 0, 0]);
    assert_eq!(course(&engine, &channel("desk")), [0, 0, 0, 0, 0]);
    assert_eq!(course(&engine, &queue("messages")), [1, 1, 0, 0, 0]);
    assert_eq!(today(&engine, "frt"), "2:00");
    assert_eq!(today(&engine, "ttr"), "5:00");
    assert_eq!(today(&engine, "messages"), "1", "one question");
}

#[test]
fn who_tells_first_makes_no_difference() {
    let mut late = of_telegram(in_the_desk());
    late.extend(asked_on_telegram());
    let engine = fold(&late, 400.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(today(&engine, "frt"), "2:00");
}

#[test]
fn a_silent_telegram_is_not_kept_alive_by_the_desk() {
    let rules = ChannelRules { late_after_ms: 60_000, ..ChannelRules::default() };
    let mut with_late = Rules::default();
    with_late.channels.insert("telegram".to_owned(), rules);
    let mut events = asked_on_telegram();
    events.extend(of_telegram(in_the_desk()));
    let engine = fold_with(with_late, &events, 301.0);
    let coverage = |name: &str| engine.channel_coverage(name, engine.now_ms());
    assert_eq!(coverage("telegram").last_event_ms, Some(at(0.0)));
    assert_eq!(coverage("telegram").feed, FeedHealth::Late);
    assert_eq!(coverage("desk").last_event_ms, Some(at(300.0)));
}
