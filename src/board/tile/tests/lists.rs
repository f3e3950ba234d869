//! Lists: who waits, what breaks next, agents, bars; and where a number goes.

use expect_test::{Expect, expect};

use super::{NOW, Said, check};
use crate::board::figures::Site;
use crate::board::file::Board;
use crate::board::lists::{Breaking, Colleague, Lists, Missed, Person, Waiting};
use crate::engine::Deadline;
use crate::event::AgentStatus;
use crate::kpi::compared::Compared;
use crate::kpi::forecast::Quarter;
use crate::kpi::value::Figure;
use crate::kpi::{Earlier, Kpi, Past};
use crate::scope::{FeedHealth, Selector, Window};

/// When the hour began, its number, and the counts of a share.
pub(super) type SaidHour = (i64, f64, &'static [(&'static str, i64)]);

/// Lists as a test says them.
#[derive(Default)]
pub(super) struct SaidLists {
    pub(super) waiting: Vec<Waiting>,
    pub(super) breaking: Vec<Breaking>,
    pub(super) missed: Vec<Missed>,
    pub(super) people: Vec<Person>,
    pub(super) compared: Option<Compared>,
    pub(super) hours: Vec<SaidHour>,
    /// When a quarter of an hour began by today's clock, and its number then.
    pub(super) quarters: Vec<(i64, f64)>,
    pub(super) present: Option<u32>,
    /// When each quarter begins, and how many agents it needs.
    pub(super) needed: Vec<(i64, Option<u32>)>,
}

impl Lists for Said {
    fn waiting(&self, selector: &Selector, _: Option<bool>, max: usize) -> (Vec<Waiting>, usize) {
        let all = self.lists.waiting.iter();
        let wanted = |it: &&Waiting| selector.queue.as_ref().is_none_or(|queue| *queue == it.queue);
        let all: Vec<Waiting> = all.filter(wanted).cloned().collect();
        (all.iter().take(max).cloned().collect(), all.len())
    }

    fn breaking(&self, _: &Selector, max: usize) -> Vec<Breaking> {
        self.lists.breaking.iter().take(max).cloned().collect()
    }

    fn missed(&self, _: &Selector) -> Vec<Missed> {
        self.lists.missed.clone()
    }

    fn people(&self, _: &Selector, states: &[AgentStatus], _: &Site) -> Vec<Person> {
        let people = self.lists.people.iter();
        people.filter(|person| states.contains(&person.status)).cloned().collect()
    }

    fn quarter(&self, _: &'static Kpi, _: &Selector, from_ms: i64, _: Earlier) -> Option<f64> {
        self.lists.quarters.iter().find(|(at_ms, _)| *at_ms == from_ms).map(|(_, number)| *number)
    }

    fn colleagues(&self, _: &Site) -> Vec<Colleague> {
        Vec::new()
    }

    fn present(&self, _: &Selector) -> Option<u32> {
        self.lists.present
    }

    fn staffing(&self, _: &Selector, (from_ms, to_ms): (i64, i64)) -> Vec<Quarter> {
        let said = self.lists.needed.iter().filter(|(at, _)| (from_ms..to_ms).contains(at));
        let quarter = |(from_ms, agents): &(i64, Option<u32>)| Quarter {
            from_ms: *from_ms,
            contacts: None,
            aht_s: None,
            agents: *agents,
            weeks: 1,
        };
        said.map(quarter).collect()
    }

    fn compared(&self, _: &'static Kpi, _: &Selector, _: Window, _: Earlier) -> Option<Compared> {
        self.lists.compared
    }

    fn hour(&self, _: &'static Kpi, _: &Selector, from_ms: i64) -> Option<Past> {
        let (_, number, counts) = self.lists.hours.iter().find(|(at_ms, ..)| *at_ms == from_ms)?;
        let (figure, sentence) = (Figure::Number(*number), String::new());
        Some(Past { figure, sentence, counts: super::counts(counts) })
    }
}

/// Of something that is due so many seconds from now.
pub(super) fn due_in(seconds: i64, is_at_risk: bool) -> Deadline {
    let left_ms = seconds * 1000;
    Deadline { due_ms: NOW + left_ms, left_ms, is_at_risk, is_paused: false }
}

pub(super) fn waits(mark: &str, queue: &str, since_s: i64, deadline: Deadline) -> Waiting {
    Waiting {
        mark: mark.to_owned(),
        channel: "telegram".to_owned(),
        queue: queue.to_owned(),
        since_ms: NOW - since_s * 1000,
        deadline,
    }
}

#[test]
fn who_waits_is_told_with_the_time_that_is_left() {
    let waiting = vec![
        waits("K7F2", "sales", 1980, due_in(-1080, true)),
        waits("QX3M", "", 640, due_in(260, true)),
        waits("B2B2", "support", 12, due_in(888, false)),
    ];
    let lists = SaidLists { waiting, ..SaidLists::default() };
    let said = Said { lists, ..Said::default() }.number("waiting", 3.0);
    let tile = "type = \"waiting_list\"\nrows_max = 2";
    check(
        tile,
        &said,
        expect![[
            r#"{"state":"live","tone":"bad","heads":["Contact","Channel","Queue","Waits","Answer due"],"rows":[{"mark":"K7F2","channel":"Telegram","queue":"Sales","since":"22:40","waits":"33 min","due":"18 min late","tone":"bad"},{"mark":"QX3M","channel":"Telegram","queue":"no queue","since":"23:02","waits":"10 min","due":"4 min left","tone":"warn"}],"more":1,"empty":"nobody waits"}"#
        ]],
    );
    let late = said.feed("pbx", FeedHealth::Live).feed("telegram", FeedHealth::Late);
    check(
        "type = \"waiting_list\"\nqueue = \"support\"",
        &late,
        expect![[
            r#"{"state":"live","tone":"plain","note":"without Telegram since 22:01","heads":["Contact","Channel","Queue","Waits","Answer due"],"rows":[{"mark":"B2B2","channel":"Telegram","queue":"support","since":"23:13","waits":"10 s","due":"14 min left","tone":"plain"}],"more":0,"empty":"nobody waits"}"#
        ]],
    );
}

#[test]
fn nobody_waits_is_said_and_no_data_is_something_else() {
    let nobody = Said::default().number("waiting", 0.0);
    check(
        "type = \"waiting_list\"",
        &nobody,
        expect![[
            r#"{"state":"live","tone":"plain","heads":["Contact","Channel","Queue","Waits","Answer due"],"rows":[],"more":0,"empty":"nobody waits"}"#
        ]],
    );
    check(
        "type = \"waiting_list\"",
        &Said::default(),
        expect![[
            r#"{"state":"no_data","tone":"plain","heads":["Contact","Channel","Queue","Waits","Answer due"],"rows":[],"more":0,"empty":"nobody waits"}"#
        ]],
    );
}

pub(super) fn breaks(queue: &str, count: u32, deadline: Deadline) -> Breaking {
    let (policy, channel) = ("mail".to_owned(), "telegram".to_owned());
    Breaking { policy, channel, queue: queue.to_owned(), deadline, count }
}

#[test]
fn what_is_missed_already_stands_apart_from_what_is_at_risk() {
    let missed = |policy: &str, queue: &str, count| Missed {
        policy: policy.to_owned(),
        queue: queue.to_owned(),
        count,
    };
    let lists = SaidLists {
        breaking: vec![breaks("sales", 2, due_in(250, true)), breaks("", 1, due_in(11_100, false))],
        missed: vec![missed("mail", "", 1), missed("mail", "sales", 4), missed("mail", "sales", 3)],
        ..SaidLists::default()
    };
    let said = Said { lists, ..Said::default() }.number("sla_at_risk", 2.0);
    check(
        "type = \"promises_at_risk\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"bad","heads":["Promise","Queue","Answer due"],"rows":[{"policy":"E-mail in 4 h","queue":"Sales","count":2,"due":"4 min left","tone":"warn"},{"policy":"E-mail in 4 h","queue":"no queue","count":1,"due":"3 h 5 min left","tone":"plain"}],"missed_title":"Already missed","missed":[{"policy":"E-mail in 4 h","queue":"Sales","count":7},{"policy":"E-mail in 4 h","queue":"no queue","count":1}],"missed_count":8,"empty":"no promise is open"}"#
        ]],
    );
    let quiet = Said::default().number("sla_at_risk", 0.0);
    check(
        "type = \"promises_at_risk\"",
        &quiet,
        expect![[
            r#"{"state":"live","tone":"plain","heads":["Promise","Queue","Answer due"],"rows":[],"missed_title":"Already missed","missed":[],"missed_count":0,"empty":"no promise is open"}"#
        ]],
    );
}

pub(super) fn person(title: &str, status: AgentStatus, since_s: i64) -> Person {
    let title = title.to_owned();
    Person { title, status, since_ms: NOW - since_s * 1000, reason: None }
}

#[test]
fn agents_stand_by_state_and_the_longest_in_it_first() {
    let lunch =
        Person { reason: Some("lunch".to_owned()), ..person("Cat", AgentStatus::Paused, 7900) };
    let lists = SaidLists {
        people: vec![
            lunch,
            person("Ann", AgentStatus::Talking, 60),
            person("Bob", AgentStatus::Talking, 600),
            person("Eve", AgentStatus::Offline, 9),
            person("Dan", AgentStatus::AfterWork, 30),
        ],
        ..SaidLists::default()
    };
    let said = Said { lists, ..Said::default() };
    check(
        "type = \"agents\"\nrows_max = 3",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","counts":[{"status":"talking","word":"talking","count":2},{"status":"after_work","word":"wrap-up","count":1},{"status":"paused","word":"paused","count":1}],"people":[{"name":"Bob","status":"talking","word":"talking","time":"10 min"},{"name":"Ann","status":"talking","word":"talking","time":"60 s"},{"name":"Dan","status":"after_work","word":"wrap-up","time":"30 s"}],"more":1,"empty":"nobody is here"}"#
        ]],
    );
    check(
        "type = \"agents\"\nstates = [\"offline\"]",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","counts":[{"status":"offline","word":"offline","count":1}],"people":[{"name":"Eve","status":"offline","word":"offline","time":"0 s"}],"more":0,"empty":"nobody is here"}"#
        ]],
    );
    check(
        "type = \"agents\"",
        &Said::default(),
        expect![[
            r#"{"state":"no_data","tone":"plain","counts":[],"people":[],"more":0,"empty":"nobody is here"}"#
        ]],
    );
}

#[test]
fn bars_are_sorted_and_the_longest_is_whole() {
    let said = Said::default()
        .at("sales", "offered", Figure::Number(30.0))
        .at("support", "offered", Figure::Number(120.0))
        .at("mail", "offered", Figure::Number(0.0))
        .at("new", "offered", Figure::NoData);
    let tile = "type = \"bars\"\nby = \"queue\"\nkpi = \"offered\"\nwarn = 100";
    check(
        tile,
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","bars":[{"name":"support","text":"120","tone":"warn","share":1.0},{"name":"Sales","text":"30","tone":"good","share":0.25},{"name":"mail","text":"0","tone":"good","share":0.0}],"more":0}"#
        ]],
    );
    check(
        &format!("{tile}\nrows_max = 1"),
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","bars":[{"name":"support","text":"120","tone":"warn","share":1.0}],"more":2}"#
        ]],
    );
    let share = Said::default().at("sales", "service_level", Figure::Number(0.5));
    check(
        "type = \"bars\"\nby = \"queue\"\nkpi = \"service_level\"",
        &share,
        expect![[
            r#"{"state":"live","tone":"bad","bars":[{"name":"Sales","text":"50%","tone":"bad","share":0.5}],"more":0}"#
        ]],
    );
    check(
        "type = \"bars\"\nby = \"topic\"\nkpi = \"offered\"",
        &share,
        expect![[r#"{"state":"no_data","tone":"plain","bars":[],"more":0}"#]],
    );
}

#[test]
fn a_channel_table_has_a_row_for_each_channel() {
    let said = Said::default().number("volume", 34.0).feed("telegram", FeedHealth::Live);
    let tile = "type = \"channel_table\"\ncolumns = [\"volume\", \"waiting\"]";
    check(
        tile,
        &said.feed("pbx", FeedHealth::Live),
        expect![[
            r#"{"state":"live","tone":"plain","columns":[{"id":"volume","title":"Contacts"},{"id":"waiting","title":"Waiting"}],"rows":[{"name":"Telegram","cells":[{"text":"34","tone":"plain"},{"text":"–","tone":"plain"}]},{"name":"pbx","cells":[{"text":"34","tone":"plain"},{"text":"–","tone":"plain"}]}],"more":0}"#
        ]],
    );
}

#[test]
fn a_number_says_where_it_goes() {
    let check_with = |now, then, kpi: &str, expected: Expect| {
        let compared = Some(Compared { now, then });
        let lists = SaidLists { compared, ..SaidLists::default() };
        let said = Said { lists, ..Said::default() };
        let said = said.number("offered", 9.0).number("service_level", 0.8).number("asa", 20.0);
        let tile = format!(
            "type = \"number\"\nwindow = \"today\"\nkpi = \"{kpi}\"\ncompare = \"yesterday\""
        );
        check(&tile, &said, expected);
    };
    check_with(
        112.0,
        100.0,
        "offered",
        expect![[
            r#"{"state":"live","tone":"plain","text":"9","unit":"","value":9.0,"trend":{"direction":"up","text":"+12%","words":"vs yesterday","tone":"plain"}}"#
        ]],
    );
    check_with(
        5.0,
        0.0,
        "offered",
        expect![[
            r#"{"state":"live","tone":"plain","text":"9","unit":"","value":9.0,"trend":{"direction":"up","text":"+5","words":"vs yesterday","tone":"plain"}}"#
        ]],
    );
    check_with(
        100.1,
        100.0,
        "offered",
        expect![[
            r#"{"state":"live","tone":"plain","text":"9","unit":"","value":9.0,"trend":{"direction":"same","text":"","words":"vs yesterday","tone":"plain"}}"#
        ]],
    );
    check_with(
        0.75,
        0.81,
        "service_level",
        expect![[
            r#"{"state":"live","tone":"good","text":"80","unit":"%","value":0.8,"target_text":"80%","word":"on target","trend":{"direction":"down","text":"−6 pts","words":"vs yesterday","tone":"warn"}}"#
        ]],
    );
    check_with(
        20.0,
        65.0,
        "asa",
        expect![[
            r#"{"state":"live","tone":"good","text":"20 s","unit":"","value":20.0,"target_text":"20 s","word":"on target","trend":{"direction":"down","text":"−45 s","words":"vs yesterday","tone":"good"}}"#
        ]],
    );
}

/// What is said of a board file with one tile.
fn problems(tile_type: &str, keys: &str) -> String {
    let place = "id = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4";
    let text = format!("[[tile]]\n{place}\ntype = \"{tile_type}\"\n{keys}");
    let problems = Board::parse("b", "b.toml", &text).err().expect("a bad board was taken");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_wrong_key_of_a_list_is_named() {
    for (tile_type, keys, said) in [
        ("waiting_list", "rows_max = 0", "`rows_max` must be 1 to 24"),
        ("waiting_list", "contacts = \"call\"", "did you mean `calls`?"),
        ("agents", "states = [\"avaliable\"]", "did you mean `available`?"),
        ("agents", "states = [\"paused\", \"paused\"]", "stands there twice"),
        ("bars", "kpi = \"offered\"", "`by` is missing"),
        ("heat_map", "kpi = \"asa\"", "asa is none of them"),
        ("heat_map", "kpi = \"offered\"\nwindow = \"60m\"", "no `window`"),
        ("heat_map", "kpi = \"offered\"\nweeks = 6", "`weeks` must be 1 to 5"),
        ("channel_table", "channel = \"telegram\"", "no `channel`"),
        ("text", "", "`text` is missing"),
        ("text", "text = { fr = \"Un\" }", "unknown language `fr`"),
        ("countdown", "weekday = \"friday\"", "either `to`"),
        ("countdown", "to = \"soon\"", "`to` is a date with a time"),
        ("message", "kind = \"outrage\"", "did you mean `outage`?"),
        ("leaderboard", "kpi = \"handled\"\ntop = 0", "`top` must be 1 to 20"),
        ("leaderboard", "kpi = \"handled\"\nbad = 3", "no `bad`"),
        ("leaderboard", "kpi = \"complaints\"", "nobody is first by `complaints`"),
        ("leaderboard", "kpi = \"time_paused\"", "nobody is first by `time_paused`"),
        ("leaderboard", "kpi = \"abandon_rate\"", "nobody is first by `abandon_rate`"),
        ("leaderboard", "kpi = \"waiting\"", "nobody is first by `waiting`"),
        ("quality", "figures = [\"cast\"]", "did you mean `csat`?"),
        ("quality", "target = 80", "a share is between 0 and 1"),
        ("attention", "warn = 4\nbad = 3", "`bad` must be above `warn`"),
        ("reachability", "channel = \"telegram\"", "no `channel`"),
        ("reachability", "bad = 5", "a share is between 0 and 1"),
    ] {
        let found = problems(tile_type, keys);
        assert!(found.contains(said), "{tile_type}: {keys}: {found}");
    }
}

#[test]
fn what_cannot_be_compared_is_a_problem_of_the_file() {
    let problem = |keys: &str| problems("number", keys);
    let state = problem("kpi = \"waiting\"\ncompare = \"yesterday\"");
    assert!(state.contains("waiting is a state of now"), "{state}");
    let short = problem("kpi = \"offered\"\nwindow = \"5m\"\ncompare = \"last_week\"");
    assert!(short.contains("`window` 15m or longer"), "{short}");
    let typo = problem("kpi = \"offered\"\ncompare = \"yesterdy\"");
    assert!(typo.contains("did you mean `yesterday`?"), "{typo}");
}
