//! Each derived limit, from what was promised.

use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::board::figures::{Figures, PolicyFacts};
use crate::board::file::Board;
use crate::board::format::Language;
use crate::board::held::Held;
use crate::board::house::House;
use crate::config::model::{self, Clock, Queues};
use crate::config::{Environment, load_text};
use crate::engine::tests::script::*;
use crate::engine::{Engine, PolicyRules, Rules};
use crate::event::{AgentState, AgentStatus, Author, Event, Kind};

/// A site of these rules: it knows what they promise.
fn site(rules: &Rules) -> Site {
    let facts = |policy: &PolicyRules| PolicyFacts {
        title: policy.title.clone().unwrap_or_else(|| policy.name.clone()),
        goal: policy.goal,
    };
    let policies = rules.policies.iter().map(|policy| (policy.name.clone(), facts(policy)));
    Site {
        name: "Example Ltd".to_owned(),
        language: Language::English,
        time_zone: rules.time_zone.clone(),
        queues: rules.queues.clone(),
        channels: std::collections::BTreeMap::new(),
        agents: model::Agents::default(),
        policies: policies.collect(),
        min_volume: 10,
        calendars: std::collections::BTreeMap::new(),
        embed_hosts: Vec::new(),
        currency: "EUR".to_owned(),
        replay_speed: None,
    }
}

/// What a tile shows: "tone text target detail".
fn shows_after(engine: &mut Engine, tile: &str, held: Option<&Held>) -> String {
    let text = format!("[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\n{tile}");
    let board = Board::parse("b", "b.toml", &text).expect("a good board");
    board.tiles[0].tile.selectors().into_iter().for_each(|it| assert!(engine.watch(it)));
    let site = site(engine.rules());
    let figures: &dyn Figures = engine;
    let scene = Scene {
        figures,
        site: &site,
        board: "floor",
        language: Language::English,
        annotations: &[],
        notice: None,
        house: &House::default(),
        held,
        now_ms: engine.now_ms(),
    };
    let shown = board.tiles[0].tile.render(&scene);
    assert_eq!(shown, board.tiles[0].tile.render(&scene), "twice the same");
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let parts = ["tone", "text", "target_text", "detail"].map(|key| shown[key].as_str());
    parts.into_iter().flatten().collect::<Vec<_>>().join(" | ").replace('\u{a0}', " ")
}

fn shows(engine: &mut Engine, kpi: &str) -> String {
    shows_after(engine, &format!("type = \"number\"\n{kpi}"), None)
}

fn rules(change: impl FnOnce(&mut Queues)) -> Rules {
    let mut rules = Rules::default();
    change(&mut rules.queues);
    rules
}

/// A call that waits since then.
fn caller(second: f64) -> Vec<Event> {
    let mut script = Script::on("pbx");
    script.contact("call", "sales").opened(second, Medium::Call).queued(second);
    script.events
}

/// A mail that waits since then.
fn mail(second: f64) -> Vec<Event> {
    let mut script = Script::on("mailbox");
    script.contact("mail", "office").opened(second, Medium::Mail).queued(second);
    script.wrote(second, Author::Customer);
    script.events
}

/// So many calls, of which so many are answered in time.
fn calls(queue: &str, good: usize, all: usize) -> Vec<Event> {
    let mut script = Script::on(queue);
    for call in 0..all {
        let at = call as f64 * 60.0;
        let wait = if call < good { 5.0 } else { 50.0 };
        script.contact(&format!("{queue}-{call}"), queue).opened(at, Medium::Call).queued(at);
        script.answered(at + wait);
    }
    script.events
}

const CALLER: &str = "kpi = \"longest_wait_now\"\nkind = \"call\"";
const CALLERS: &str = "kpi = \"waiting\"\nkind = \"call\"";
const OLDEST: &str = "kpi = \"oldest_unanswered_now\"";

#[test]
fn of_a_goal_twice_the_misses_are_bad() {
    let close = |goal: f64, bad: f64| assert!((share_bad(goal) - bad).abs() < 1e-9, "{goal}");
    close(0.8, 0.6);
    close(0.9, 0.8);
    close(0.7, 0.4);
    close(0.5, 0.25);
    close(0.0, 0.0);
}

#[test]
fn a_caller_is_late_from_the_answer_threshold_on() {
    let rules = || rules(|queues| queues.default.answer_threshold = Duration::from_secs(30));
    for (waited, expected) in [
        (29.0, "good | 29 s | 30 s | sales"),
        (30.0, "warn | 30 s | 30 s | sales"),
        (89.0, "warn | 1 min 29 s | 30 s | sales"),
        (90.0, "bad | 1 min 30 s | 30 s | sales"),
    ] {
        let mut engine = fold_with(rules(), &caller(0.0), waited);
        assert_eq!(shows(&mut engine, CALLER), expected);
        let tone = expected.split(' ').next().unwrap_or_default();
        assert_eq!(shows(&mut engine, CALLERS), format!("{tone} | 1"), "the pair has one colour");
    }
}

#[test]
fn a_message_is_late_from_the_reply_threshold_on() {
    let rules = || rules(|queues| queues.default.reply_threshold = Duration::from_secs(300));
    for (waited, expected) in [
        (299.0, "good | 4 min 59 s | 5 min | office"),
        (300.0, "warn | 5 min 00 s | 5 min | office"),
        (900.0, "bad | 15 min | 5 min | office"),
    ] {
        let mut engine = fold_with(rules(), &mail(0.0), waited);
        assert_eq!(shows(&mut engine, OLDEST), expected);
        let tone = expected.split(' ').next().unwrap_or_default();
        assert_eq!(shows(&mut engine, "kpi = \"unanswered_now\""), format!("{tone} | 1"));
    }
}

#[test]
fn who_is_later_by_a_stricter_promise_is_named_beside_the_longest() {
    let mut events = mail(0.0);
    let mut script = Script::on("chats");
    script.contact("chat", "chat").opened(100.0, Medium::Chat).queued(100.0);
    script.wrote(100.0, Author::Customer);
    events.extend(script.events);
    let rules = rules_with("chat", |queue| queue.reply_threshold = Duration::from_secs(60));
    let mut engine = fold_with(rules, &events, 300.0);
    assert_eq!(shows(&mut engine, OLDEST), "bad | 5 min 00 s | office · chat 3 min 20 s");
}

#[test]
fn where_nobody_waits_all_is_well() {
    let mut script = Script::on("pbx");
    script.contact("call", "sales").opened(0.0, Medium::Call).queued(0.0).answered(5.0);
    let mut engine = fold_with(Rules::default(), &script.events, 600.0);
    assert_eq!(shows(&mut engine, CALLER), "good | 0 s | 20 s");
    assert_eq!(shows(&mut engine, CALLERS), "good | 0");
}

/// Open from 08:00 to 09:00.
fn one_hour() -> Rules {
    let text = "[calendar.office]\nhours = { mon-sun = \"08:00-09:00\" }\n\
        [queue.office]\ncalendar = \"office\"\n";
    let config = load_text(text, "t.toml", PathBuf::new(), &Environment::default());
    Rules::from(&config.expect("a good config"))
}

#[test]
fn nobody_is_late_while_the_queue_is_closed_and_the_night_does_not_count() {
    let mut engine = fold_with(one_hour(), &mail(3500.0), 7200.0);
    assert_eq!(shows(&mut engine, OLDEST), "plain | 1 h 1 min | 15 min | office");
    engine.tick(at(86_400.0 + 60.0));
    assert!(shows(&mut engine, OLDEST).starts_with("good"), "160 s of open time");
    engine.tick(at(86_400.0 + 850.0));
    assert!(shows(&mut engine, OLDEST).starts_with("warn"), "950 s of open time");
}

#[test]
fn a_first_response_is_measured_by_the_reply_threshold_of_its_queue() {
    let reply = |wait: f64| {
        let mut script = Script::on("mailbox");
        for mail in 0..10 {
            script.contact(&format!("m{mail}"), "office").opened(0.0, Medium::Mail).queued(0.0);
            script.wrote(0.0, Author::Customer).wrote(wait, Author::Agent);
        }
        script.events
    };
    let first = "kpi = \"frt_median\"\nwindow = \"today\"";
    let rules = || rules(|queues| queues.default.reply_threshold = Duration::from_secs(300));
    for (wait, expected) in [
        (300.0, "good | 5 min 00 s | 5 min"),
        (483.0, "warn | 8 min 03 s | 5 min"),
        (601.0, "bad | 10 min | 5 min"),
    ] {
        let mut engine = fold_with(rules(), &reply(wait), 3600.0);
        assert_eq!(shows(&mut engine, first), expected);
    }
}

#[test]
fn a_share_is_late_below_its_goal_and_bad_at_twice_the_misses() {
    let level = "kpi = \"service_level\"\nwindow = \"today\"";
    for (good, tone) in [(8, "good | 80"), (7, "warn | 70"), (5, "bad | 50"), (0, "bad | 0")] {
        let mut engine = fold(&calls("sales", good, 10), 3600.0);
        let expected = format!("{tone} | 80% | {good} of 10 in 20 s");
        assert_eq!(shows(&mut engine, level), expected);
        let gauge = format!("type = \"gauge\"\n{level}");
        assert_eq!(shows_after(&mut engine, &gauge, None), expected, "the same on a gauge");
    }
}

#[test]
fn few_contacts_have_no_colour_but_their_counts() {
    let level = "kpi = \"service_level\"\nwindow = \"today\"";
    let mut engine = fold(&calls("sales", 0, 9), 3600.0);
    assert_eq!(shows(&mut engine, level), "plain | 0 | 80% | 0 of 9 in 20 s");
    let own = format!("{level}\nbad = 0.5");
    assert_eq!(shows(&mut engine, &own), "plain | 0 | 80% | 0 of 9 in 20 s");
    let less = format!("{level}\nmin_volume = 9");
    assert_eq!(shows(&mut engine, &less), "bad | 0 | 80% | 0 of 9 in 20 s");
}

#[test]
fn a_pooled_service_level_has_the_colour_of_the_worst_queue_and_names_it() {
    let mut events = calls("sales", 40, 40);
    events.extend(calls("support", 4, 10));
    events.sort_by_key(|event| event.at_ms);
    let mut engine = fold(&events, 3600.0);
    let level = "kpi = \"service_level\"\nwindow = \"today\"";
    let expected = "bad | 88 | 80% | 1 of 2 at goal · worst: support 40%";
    assert_eq!(shows(&mut engine, level), expected);
}

/// Two policies, for the calls of two queues.
fn promises() -> Rules {
    let policies = ["sales", "support"].map(|queue| PolicyRules {
        name: format!("{queue}-calls"),
        title: Some(format!("{queue} in 20 s")),
        queues: vec![queue.to_owned()],
        ..policy(Clock::Answer, 20, false)
    });
    Rules { policies: policies.into(), ..Rules::default() }
}

#[test]
fn pooled_promises_count_the_policies_at_goal() {
    let mut events = calls("sales", 40, 40);
    events.extend(calls("support", 4, 10));
    events.sort_by_key(|event| event.at_ms);
    let mut engine = fold_with(promises(), &events, 3600.0);
    let kept = "kpi = \"sla_met\"\nwindow = \"today\"";
    assert_eq!(shows(&mut engine, kept), "bad | 1 of 2 | worst: support in 20 s 40%");
    let of_one = format!("{kept}\npolicy = \"sales-calls\"");
    assert!(shows(&mut engine, &of_one).starts_with("good | 100 | "), "one by itself is a share");
    // Where the file has its own target, it is the share of all.
    let own = format!("{kept}\ntarget = 0.8");
    assert!(shows(&mut engine, &own).starts_with("good | 88 | 80%"));
}

#[test]
fn what_is_overdue_is_as_bad_as_its_policy() {
    let overdue = "kpi = \"sla_breached\"";
    let mut engine = fold_with(promises(), &calls("sales", 40, 40), 3600.0);
    assert!(shows(&mut engine, overdue).starts_with("good | 0"));
    for (good, tone) in [(40, "warn | 1"), (10, "bad | 1")] {
        let mut events = calls("sales", good, 40);
        events.extend(caller(3000.0));
        let mut engine = fold_with(promises(), &events, 3600.0);
        assert!(shows(&mut engine, overdue).starts_with(tone), "{good}");
    }
}

#[test]
fn the_next_to_break_is_worth_a_look_from_where_its_policy_warns() {
    // 20 s, of which its policy warns after 15 s.
    for (waited, expected) in [(10.0, "good | 10 s"), (16.0, "warn | 4 s")] {
        let mut engine = fold_with(promises(), &caller(0.0), waited);
        let shown = shows(&mut engine, "kpi = \"sla_next_breach\"");
        assert_eq!(shown, format!("{expected} | sales in 20 s"));
    }
}

/// An agent of the telephones in that state.
fn agent(status: AgentStatus) -> Vec<Event> {
    let mut script = Script::on("pbx");
    script.contact("", "").agent("ann");
    script.kind(0.0, Kind::AgentState(AgentState { status, reason: None }));
    script.events
}

#[test]
fn agents_are_missing_when_somebody_waits_or_fewer_are_ready_than_required() {
    let ready = "kpi = \"agents_available\"";
    let with = |status, more: Vec<Event>| [agent(status), more].concat();
    let (here, away) = (AgentStatus::Available, AgentStatus::Paused);
    for (events, expected) in [
        (with(here, caller(1.0)), "plain | 1"),
        (with(away, Vec::new()), "plain | 0"),
        (with(away, caller(1.0)), "bad | 0"),
        (with(away, mail(1.0)), "warn | 0"),
    ] {
        let mut engine = fold_with(Rules::default(), &events, 60.0);
        assert_eq!(shows(&mut engine, ready), expected);
    }
    let mut engine = fold_with(Rules::default(), &with(away, mail(1.0)), 1000.0);
    assert_eq!(shows(&mut engine, ready), "bad | 0", "and who wrote is late");
    for (required, expected) in [(1, "good | 1"), (2, "warn | 1")] {
        let rules = rules_with("sales", |queue| queue.agents_required = required);
        let mut engine = fold_with(rules, &with(here, Vec::new()), 60.0);
        assert_eq!(shows(&mut engine, ready), expected);
    }
}

#[test]
fn a_colour_does_not_flicker_at_the_goal() {
    let held = Held::default();
    let tile = "type = \"number\"\nkpi = \"service_level\"\nwindow = \"today\"";
    // At seconds, so many good ones of a hundred.
    let shown = |s: f64, good| {
        let mut engine = fold(&calls("sales", good, 100), 36_000.0 + s);
        shows_after(&mut engine, tile, Some(&held)).split(' ').next().map(str::to_owned)
    };
    assert_eq!(shown(0.0, 80).as_deref(), Some("good"));
    assert_eq!(shown(1.0, 79).as_deref(), Some("warn"));
    assert_eq!(shown(2.0, 80).as_deref(), Some("warn"), "not yet");
    assert_eq!(shown(30.0, 81).as_deref(), Some("warn"));
    assert_eq!(shown(40.0, 83).as_deref(), Some("good"));
    assert_eq!(shown(41.0, 80).as_deref(), Some("good"));
    assert_eq!(shown(50.0, 79).as_deref(), Some("warn"));
    assert_eq!(shown(51.0, 80).as_deref(), Some("warn"));
    assert_eq!(shown(111.0, 80).as_deref(), Some("good"), "a minute at the goal is no accident");
}

#[test]
fn a_small_count_at_its_limit_does_not_flicker_and_none_is_none() {
    let held = Held::default();
    let tile = "type = \"number\"\nkpi = \"waiting\"\nwarn = 3";
    let shown = |s: f64, waiting: u32| {
        let mut script = Script::on("pbx");
        for n in 0..waiting {
            let second = f64::from(n);
            script
                .contact(&format!("call {n}"), "sales")
                .opened(second, Medium::Call)
                .queued(second);
        }
        let mut engine = fold(&script.events, 100.0 + s);
        shows_after(&mut engine, tile, Some(&held)).split(' ').next().map(str::to_owned)
    };
    assert_eq!(shown(0.0, 3).as_deref(), Some("warn"));
    assert_eq!(shown(10.0, 2).as_deref(), Some("warn"), "better by one only");
    assert_eq!(shown(20.0, 2).as_deref(), Some("warn"));
    assert_eq!(shown(21.0, 3).as_deref(), Some("warn"));
    assert_eq!(shown(22.0, 1).as_deref(), Some("warn"), "better by two, for a second");
    assert_eq!(shown(27.0, 1).as_deref(), Some("good"));
    assert_eq!(shown(28.0, 2).as_deref(), Some("good"));
}
