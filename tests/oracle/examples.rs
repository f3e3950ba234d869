//! The oracle held to examples: published ones, and ones that were agreed on.

use tablica::event::{Author, Event, Kind, Medium, Message, UnixMs};
use tablica::kpi::{self, value::Figure};
use tablica::scope::{Selector, Window};

use super::ask::{Answer, Ask};
use super::compare::{Comparison, Question};
use super::draw::Scenario;
use super::figures;
use super::hours;
use super::pen::{Pen, opening};
use super::reading::Reading;
use super::recount::Recount;
use super::world::{DAY, HOUR, MINUTE, SECOND, TUESDAY, WORLDS};

const NINE: UnixMs = TUESDAY + 9 * HOUR;

/// What happened, asked about at that moment.
fn scenario(now_ms: UnixMs, tell: impl FnOnce(&mut Pen)) -> Scenario {
    let mut pen = Pen::default();
    tell(&mut pen);
    let mut events = pen.events;
    events.sort_by_key(Event::known_ms);
    Scenario { world: WORLDS[1], events, now_ms }
}

fn answer(scenario: &Scenario, id: &str, keys: &[(&str, &str)], window: Window) -> Answer {
    let recount = Recount::of(scenario, Reading::default());
    let mut selector = Selector::default();
    for (key, value) in keys {
        selector.set(key, value).expect("a key and its word");
    }
    let now = hours::Span { from_ms: scenario.now_ms, to_ms: scenario.now_ms };
    let span = hours::span(scenario.world, window, scenario.now_ms).unwrap_or(now);
    let kpi = kpi::find(id).expect("a KPI of that id");
    figures::answer(kpi, &Ask { recount: &recount, selector: &selector, span })
}

fn today(scenario: &Scenario, id: &str) -> Answer {
    answer(scenario, id, &[], Window::Today)
}

/// To two decimals, as published.
fn percent(scenario: &Scenario, id: &str) -> f64 {
    match today(scenario, id) {
        Answer::Number(number) => (number * 10_000.0).round() / 100.0,
        other => panic!("{id}: {other:?}"),
    }
}

fn said(author: Author) -> Message {
    Message { medium: Medium::Chat, author, ..Message::default() }
}

/// Calls to one queue, each waiting so long until it is answered or given up.
fn calls(pen: &mut Pen, count: i64, wait_ms: i64, is_answered: bool) {
    for number in 0..count {
        let thread = format!("{wait_ms}-{is_answered}-{number}");
        pen.thread("pbx", &thread, Some("care"));
        let at_ms = TUESDAY + 6 * HOUR + number * 10 * SECOND;
        pen.opened(at_ms, opening(Medium::Call, false, None), None);
        pen.tell(at_ms, Kind::Queued);
        if is_answered {
            pen.answered(at_ms + wait_ms, "ann", None);
        } else {
            pen.tell(at_ms + wait_ms, Kind::Abandoned(Default::default()));
        }
    }
}

#[test]
fn the_published_service_levels_come_out() {
    let reference = scenario(NINE + 5 * HOUR, |pen| {
        calls(pen, 860, 12 * SECOND, true);
        calls(pen, 140, 40 * SECOND, true);
        calls(pen, 10, 3 * SECOND, false);
        calls(pen, 10, 15 * SECOND, false);
        calls(pen, 40, 60 * SECOND, false);
    });
    let published = [
        ("sl_offered", 81.13),
        ("sl_offered_net", 81.90),
        ("sl_short_positive", 82.08),
        ("sl_ignore", 82.69),
        ("sl_positive", 83.02),
        ("sl_answered", 86.00),
    ];
    for (id, expected) in published {
        assert_eq!(percent(&reference, id), expected, "{id}");
    }
    assert_eq!(percent(&reference, "abandon_rate"), 5.66);
    let second = scenario(NINE + 5 * HOUR, |pen| {
        calls(pen, 70, 10 * SECOND, true);
        calls(pen, 10, 10 * SECOND, false);
        calls(pen, 20, 40 * SECOND, true);
    });
    for (id, expected) in [("sl_ignore", 77.78), ("sl_offered", 70.00), ("sl_positive", 80.00)] {
        assert_eq!(percent(&second, id), expected, "{id}");
    }
}

#[test]
fn seven_hundred_of_a_thousand_need_five_hundred_more() {
    assert_eq!(figures::goal_needs(700, 1000, 80), (500, 0));
    assert_eq!(figures::goal_needs(1300, 1600, 80), (0, 25));
    assert_eq!(figures::goal_needs(1200, 1500, 80), (0, 0));
}

#[test]
fn an_assignment_is_no_answer() {
    let assigned = scenario(NINE + 30 * MINUTE, |pen| {
        pen.thread("web", "a", Some("care"));
        pen.wrote(NINE, None, said(Author::Customer));
        pen.answered(NINE + MINUTE, "eve", None);
    });
    assert_eq!(today(&assigned, "unanswered_now"), Answer::Number(1.0));
    assert_eq!(today(&assigned, "longest_wait_now"), Answer::Number(1800.0));
    assert_eq!(percent(&assigned, "sl_offered"), 0.0);
    assert_eq!(
        answer(&assigned, "sla_met", &[("policy", "next")], Window::Today),
        Answer::Number(0.0)
    );
    let replied = scenario(NINE + 30 * MINUTE, |pen| {
        pen.thread("web", "a", Some("care"));
        pen.wrote(NINE, None, said(Author::Customer));
        pen.answered(NINE + MINUTE, "eve", None);
        pen.wrote(NINE + 5 * MINUTE, Some("eve"), said(Author::Agent));
    });
    assert_eq!(today(&replied, "nrt"), Answer::Number(300.0));
    assert_eq!(today(&replied, "frt"), Answer::Number(300.0));
}

/// A message to a settled contact is a new one, without the former's topics.
#[test]
fn the_next_contact_of_a_thread_starts_without_topics() {
    let two = scenario(NINE + 6 * HOUR, |pen| {
        pen.thread("web", "t", Some("care"));
        let about =
            |topic: &str| Message { topics: vec![topic.to_owned()], ..said(Author::Customer) };
        pen.wrote(NINE, None, about("refund"));
        pen.wrote(NINE + 5 * MINUTE, Some("eve"), said(Author::Agent));
        pen.resolved(NINE + 10 * MINUTE, Some("eve"), Author::Agent);
        pen.wrote(NINE + 5 * HOUR, None, about("login"));
    });
    for topic in ["refund", "login"] {
        let about = answer(&two, "topic_contacts", &[("topic", topic)], Window::Today);
        assert_eq!(about, Answer::Number(1.0), "{topic}");
    }
}

/// Reopened by word and message, in either order: one reopening, one contact, one offer.
#[test]
fn a_reopening_is_one_in_either_order() {
    for word_first in [true, false] {
        let reopened = scenario(NINE + 3 * HOUR, |pen| {
            pen.thread("web", "t", Some("care"));
            pen.wrote(NINE, None, said(Author::Customer));
            pen.wrote(NINE + 2 * MINUTE, Some("eve"), said(Author::Agent));
            pen.resolved(NINE + 10 * MINUTE, Some("eve"), Author::Agent);
            let again_ms = NINE + 2 * HOUR;
            let (word_ms, message_ms) = if word_first {
                (again_ms, again_ms + SECOND)
            } else {
                (again_ms + SECOND, again_ms)
            };
            pen.tell(word_ms, Kind::Reopened);
            pen.wrote(message_ms, None, said(Author::Customer));
            pen.wrote(NINE + 2 * HOUR + 4 * MINUTE, Some("eve"), said(Author::Agent));
            pen.resolved(NINE + 2 * HOUR + 10 * MINUTE, Some("eve"), Author::Agent);
        });
        assert_eq!(percent(&reopened, "reopen_rate"), 100.0);
        assert_eq!(today(&reopened, "volume"), Answer::Number(1.0));
        assert_eq!(today(&reopened, "offered"), Answer::Number(1.0));
        assert_eq!(today(&reopened, "frt"), Answer::Number(120.0));
        assert_eq!(today(&reopened, "ttr_final"), Answer::Number(7800.0));
    }
}

/// The second promise of a resolution has its full time, from the reopening on.
#[test]
fn a_reopening_is_promised_anew() {
    let reopened = scenario(NINE + 5 * HOUR, |pen| {
        pen.thread("desk", "t", Some("sales"));
        pen.wrote(NINE, None, said(Author::Customer));
        pen.resolved(NINE + 2 * HOUR, None, Author::Agent);
        pen.tell(NINE + 4 * HOUR, Kind::Reopened);
        pen.wrote(NINE + 4 * HOUR + SECOND, None, said(Author::Customer));
        pen.resolved(NINE + 4 * HOUR + 5 * MINUTE, None, Author::Agent);
    });
    let met = answer(&reopened, "sla_met", &[("policy", "solve")], Window::Today);
    assert_eq!(met, Answer::Number(0.5));
}

/// Settled by a bot, reopened days later: the first answer is due from then on.
#[test]
fn whom_only_a_bot_answered_waits_from_the_reopening_on() {
    let four_days = 4 * DAY;
    let reopened = scenario(NINE + 15 * MINUTE, |pen| {
        pen.thread("web", "t", Some("care"));
        pen.wrote(NINE - four_days, None, said(Author::Customer));
        pen.wrote(NINE - four_days + 5 * SECOND, None, said(Author::Bot));
        pen.resolved(NINE - four_days + 5 * MINUTE, None, Author::Bot);
        pen.tell(NINE, Kind::Reopened);
        pen.wrote(NINE, None, said(Author::Customer));
        pen.wrote(NINE + 10 * MINUTE, Some("eve"), said(Author::Agent));
    });
    assert_eq!(today(&reopened, "frt"), Answer::Number(600.0));
    assert_eq!(today(&reopened, "nrt"), Answer::Number(600.0));
    assert_eq!(percent(&reopened, "answer_rate"), 100.0);
    let met = answer(&reopened, "sla_met", &[("policy", "first")], Window::Today);
    assert_eq!(met, Answer::Number(1.0));
}

/// Handed on and ended are one leg; the wrap-up is of it, wherever the caller is by then.
#[test]
fn a_leg_told_twice_is_one() {
    let transferred = scenario(NINE + 10 * MINUTE, |pen| {
        pen.thread("pbx", "a", Some("sales"));
        pen.tell(NINE, Kind::Queued);
        pen.answered(NINE + 10 * SECOND, "ann", None);
        pen.transferred(NINE + 70 * SECOND, Some("ann"), None);
        pen.ended(NINE + 70 * SECOND, "ann", [Some(60_000), None]);
        pen.by(NINE + 70 * SECOND, Some("ann"), Kind::WrappedUp);
        pen.queue = Some("care".to_owned());
        pen.tell(NINE + 71 * SECOND, Kind::Queued);
        pen.answered(NINE + 80 * SECOND, "ben", None);
        pen.ended(NINE + 120 * SECOND, "ben", [Some(40_000), None]);
        pen.by(NINE + 120 * SECOND, Some("ben"), Kind::WrappedUp);
    });
    assert_eq!(today(&transferred, "handled"), Answer::Number(2.0));
    assert_eq!(today(&transferred, "talk_time"), Answer::Number(50.0));
    assert_eq!(today(&transferred, "aht"), Answer::Number(50.0));
}

/// The network's own hold is hold, and no talk.
#[test]
fn told_hold_is_hold() {
    let held = scenario(NINE + 10 * MINUTE, |pen| {
        pen.thread("gate", "a", Some("sales"));
        pen.tell(NINE, Kind::Queued);
        pen.answered(NINE + 10 * SECOND, "ann", None);
        pen.ended(NINE + 75 * SECOND, "ann", [Some(60_000), Some(3_000)]);
    });
    let of = |id| today(&held, id);
    assert_eq!(
        [of("talk_time"), of("hold_time"), of("aht")],
        [60.0, 3.0, 63.0].map(Answer::Number)
    );
}

/// The last rating of a contact counts, and 0 is none of the points of the index.
#[test]
fn the_last_rating_counts() {
    let rated = scenario(NINE + 10 * MINUTE, |pen| {
        pen.thread("tg", "a", None);
        pen.wrote(NINE, None, said(Author::Customer));
        pen.tell(NINE + MINUTE, Kind::RatingRequested);
        pen.rated(NINE + 2 * MINUTE, "overall", 0, 10);
        pen.rated(NINE + 3 * MINUTE, "overall", 10, 10);
    });
    assert_eq!(percent(&rated, "rating_response_rate"), 100.0);
    assert_eq!(percent(&rated, "csat"), 100.0);
    assert_eq!(today(&rated, "csi"), Answer::NoData);
}

/// A conversation that ends by silence is counted when it is over, and lasts up to the last word.
#[test]
fn silence_ends_at_the_gap() {
    let silent = scenario(NINE + 2 * HOUR, |pen| {
        pen.thread("tg", "a", None);
        pen.wrote(NINE, None, said(Author::Customer));
        pen.wrote(NINE + 30 * MINUTE, Some("eve"), said(Author::Agent));
    });
    assert_eq!(answer(&silent, "handled", &[], Window::Min60), Answer::Number(1.0));
    assert_eq!(today(&silent, "aht_written_elapsed"), Answer::Number(1800.0));
    assert_eq!(today(&silent, "aht_written"), Answer::Number(300.0));
}

/// Two customers with five promises are two contacts of the agent: five are to be shown.
#[test]
fn promises_are_not_contacts() {
    let told = |chats: i64| {
        scenario(NINE + 2 * HOUR, |pen| {
            for chat in 0..chats {
                for question in 0..3 {
                    let at_ms = NINE + (chat * 10 + question) * MINUTE;
                    pen.thread("web", &chat.to_string(), Some("care"));
                    pen.wrote(at_ms, None, said(Author::Customer));
                    pen.wrote(at_ms + 20 * SECOND, Some("ann"), said(Author::Agent));
                }
            }
        })
    };
    let mut selector = Selector::default();
    selector.set("agent", "ann").expect("a key");
    selector.set("policy", "next").expect("a key");
    let question = |id| Question {
        kpi: kpi::find(id).expect("a KPI of that id"),
        selector: selector.clone(),
        window: Window::Today,
    };
    for (chats, is_shown) in [(2, false), (4, false), (5, true)] {
        let scenario = told(chats);
        let recount = Recount::of(&scenario, Reading::default());
        let span = hours::Span { from_ms: TUESDAY, to_ms: scenario.now_ms };
        let ask = Ask { recount: &recount, selector: &selector, span };
        assert_eq!(ask.contacts_promised(false), chats as usize);
        let mut comparison = Comparison::new(&scenario, std::slice::from_ref(&selector));
        for id in ["sla_met", "sla_breaches", "sla_budget"] {
            let figure = comparison.value(&question(id)).figure;
            assert_eq!(figure != Figure::Concealed, is_shown, "{id} of {chats}: {figure:?}");
            assert!(comparison.differs(&question(id)).is_none(), "{id} of {chats}");
        }
    }
}

/// What a team has broken stays broken, of that time, when the contact comes back to it.
#[test]
fn who_comes_back_is_still_late() {
    let returned = scenario(NINE + 5 * HOUR, |pen| {
        pen.thread("desk", "a", Some("back"));
        pen.wrote(NINE, None, Message { medium: Medium::Ticket, ..said(Author::Customer) });
        pen.transferred(NINE + 3 * HOUR, None, Some("sales"));
        pen.transferred(NINE + 4 * HOUR + 30 * MINUTE, None, Some("back"));
    });
    let of = |id, window| answer(&returned, id, &[("policy", "back")], window);
    assert_eq!(of("sla_breaches", Window::Today), Answer::Number(1.0));
    assert_eq!(of("sla_breaches", Window::Min60), Answer::Number(0.0));
    assert_eq!(of("sla_breached", Window::Now), Answer::Number(1.0));
}
