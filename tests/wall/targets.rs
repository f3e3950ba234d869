//! Where the colours of shipped walls come from: from what the config promises, and from nothing
//! else that it knows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use tablica::board::figures::{Scene, Site};
use tablica::board::file::Board;
use tablica::board::format::Language;
use tablica::board::house::House;
use tablica::config::{Config, Environment, load_text};
use tablica::engine::{Engine, Rules};
use tablica::event::{
    AgentState, AgentStatus, Answered, Author, Event, Kind, Medium, Message, Opened, UnixMs,
};

/// Monday 2026-03-02, 08:00 UTC.
const START_MS: UnixMs = 1_772_438_400_000;

/// Numbers of which no config says what is good: a board has to.
const SAID_BY_BOARDS: [&str; 3] = ["abandon_rate", "answer_rate", "csat"];

/// All boards that ship: id and text.
fn boards() -> Vec<(String, String)> {
    let shipped = tablica::assets::boards();
    let boards: Vec<_> = shipped.map(|(id, text)| (id.to_owned(), text.to_owned())).collect();
    assert!(boards.len() >= 7, "{} boards", boards.len());
    boards
}

fn config(text: &str) -> Config {
    load_text(text, "tablica.toml", PathBuf::new(), &Environment::default()).expect("a good config")
}

/// A tile and what it shows.
struct Shown {
    board: String,
    id: String,
    kpi: Option<&'static str>,
    value: Value,
}

impl Shown {
    fn text(&self, key: &str) -> &str {
        self.value[key].as_str().unwrap_or_default()
    }
}

/// Every tile of every board after these events, so many seconds after the start.
fn shown(config: &Config, events: &[Event], until_s: i64) -> Vec<Shown> {
    let site = Site::of(config, |_| None);
    let mut engine = Engine::new(Rules::from(config));
    let boards = boards().into_iter().map(|(id, text)| {
        Board::parse(id.trim_end_matches(".toml"), &id, &text).expect("a good board")
    });
    let boards: Vec<Board> = boards.collect();
    for selector in boards.iter().flat_map(|board| &board.tiles).flat_map(|it| it.tile.selectors())
    {
        assert!(engine.watch(selector), "room for all shipped boards");
    }
    let mut events = events.to_vec();
    events.sort_by_key(|event| event.at_ms);
    for event in &events {
        engine.apply(event, event.at_ms);
    }
    let now_ms = START_MS + until_s * 1000;
    engine.tick(now_ms);
    let scene = Scene {
        figures: &engine,
        site: &site,
        board: "floor",
        language: Language::English,
        annotations: &[],
        notice: None,
        house: &House::default(),
        held: None,
        now_ms,
    };
    let tiles = boards.iter().flat_map(|board| board.tiles.iter().map(move |tile| (board, tile)));
    tiles
        .map(|(board, placed)| Shown {
            board: board.id.clone(),
            id: placed.id.clone(),
            kpi: placed.tile.kpi(),
            value: serde_json::from_str(&placed.tile.render(&scene).replace('\u{a0}', " "))
                .expect("JSON"),
        })
        .collect()
}

fn tile<'a>(shown: &'a [Shown], board: &str, id: &str) -> &'a Shown {
    let found = shown.iter().find(|tile| tile.board == board && tile.id == id);
    found.expect("the board has the tile")
}

/// What happens to one contact.
struct Contact {
    channel: &'static str,
    name: String,
    queue: &'static str,
    events: Vec<Event>,
}

impl Contact {
    fn at(mut self, second: i64, kind: Kind) -> Contact {
        let is_people = matches!(&kind, Kind::Answered(_) | Kind::AgentState(_));
        self.events.push(Event {
            id: format!("{}-{}", self.name, self.events.len()),
            channel: self.channel.to_owned(),
            at_ms: START_MS + second * 1000,
            received_ms: 0,
            interaction: self.name.clone(),
            queue: (!self.queue.is_empty()).then(|| self.queue.to_owned()),
            agent: is_people.then(|| "ann".to_owned()),
            customer: Vec::new(),
            kind,
            order: None,
            refers: None,
            same_as: None,
            attrs: BTreeMap::new(),
        });
        self
    }

    fn opened(self, second: i64, medium: Medium) -> Contact {
        let opened = Opened { medium, ..Opened::default() };
        self.at(second, Kind::Opened(opened)).at(second, Kind::Queued)
    }

    fn wrote(self, second: i64, author: Author) -> Contact {
        let message = Message { medium: Medium::Mail, author, ..Message::default() };
        self.at(second, Kind::Message(message))
    }

    fn answered(self, second: i64) -> Contact {
        self.at(second, Kind::Answered(Answered::default()))
    }
}

fn contact(channel: &'static str, name: &str, queue: &'static str) -> Contact {
    Contact { channel, name: name.to_owned(), queue, events: Vec::new() }
}

/// A caller in line since then.
fn caller(second: i64) -> Vec<Event> {
    contact("phones", "caller", "sales").opened(second, Medium::Call).events
}

/// A mail that nobody has replied to.
fn mail(second: i64) -> Vec<Event> {
    let mail = contact("email", "mail", "support").opened(second, Medium::Mail);
    mail.wrote(second, Author::Customer).events
}

/// The only agent goes to that state at the start.
fn agent(status: AgentStatus) -> Vec<Event> {
    let state = AgentState { status, reason: None };
    contact("phones", "", "").at(0, Kind::AgentState(state)).events
}

#[test]
fn a_promise_of_five_minutes_is_the_target_on_every_shipped_board() {
    let config = config("[queue_default]\nreply_threshold = \"5m\"\nanswer_threshold = \"1m\"\n");
    let mut events = mail(0);
    for number in 0..10 {
        let mail = contact("email", &format!("m{number}"), "support").opened(0, Medium::Mail);
        events.extend(mail.wrote(0, Author::Customer).wrote(483, Author::Agent).events);
    }
    events.extend(caller(520));
    let shown = shown(&config, &events, 600);
    let mut seen = Vec::new();
    for tile in &shown {
        let expected = match tile.kpi {
            Some("frt_median" | "frt_business_median") => ["warn", "8 min 03 s", "5 min"],
            Some("oldest_unanswered_now") => ["warn", "10 min", "5 min"],
            Some("longest_wait_now") => ["warn", "1 min 20 s", "60 s"],
            _ => continue,
        };
        // Nothing came in where only public contacts are shown.
        if tile.value["state"] != "no_data" && tile.text("text") != "0 s" {
            let found = ["tone", "text", "target_text"].map(|key| tile.text(key));
            // The median is exact to 0.5 %.
            let is_near =
                found[1] == expected[1] || (found[1], expected[1]) == ("8 min 04 s", "8 min 03 s");
            assert!(is_near, "{} {}: {found:?}", tile.board, tile.id);
            let [tone, _, target] = found;
            assert_eq!([tone, target], [expected[0], expected[2]], "{} {}", tile.board, tile.id);
            seen.push(format!("{} {}", tile.board, tile.id));
        }
    }
    for tile in ["floor first_response", "floor oldest", "written oldest", "floor longest_wait"] {
        assert!(seen.iter().any(|seen| seen == tile), "{tile} of {seen:?}");
    }
}

#[test]
fn no_shipped_board_says_what_the_config_knows() {
    fn check(board: &str, table: &toml::Table) {
        let has_limit = ["target", "warn", "bad"].iter().any(|key| table.contains_key(*key));
        let kpi = table.get("kpi").and_then(toml::Value::as_str).unwrap_or_default();
        assert!(!has_limit || SAID_BY_BOARDS.contains(&kpi), "{board}: {kpi} has a limit");
        // A minute before any promise breaks is red from the first second where twenty are promised.
        let rules = table.get("rule").and_then(toml::Value::as_array);
        for rule in rules.into_iter().flatten() {
            let when = rule["when"].as_str().expect("a condition");
            let known = ["threshold", "agents_required", "goal"];
            let limit = when.trim_start_matches(['<', '>', '=', ' ']);
            let is_known = limit == "0" || known.iter().any(|word| limit.ends_with(word));
            assert!(is_known, "{board}: a rule says {when}");
        }
    }
    for (id, text) in boards() {
        let board: toml::Table = text.parse().expect("TOML");
        for tile in board["tile"].as_array().expect("tiles") {
            let tile = tile.as_table().expect("a table");
            check(&id, tile);
            let columns = tile.get("columns").and_then(toml::Value::as_array);
            for column in columns.into_iter().flatten().filter_map(toml::Value::as_table) {
                check(&id, column);
            }
        }
    }
}

#[test]
fn who_waits_is_shown_as_callers_or_as_those_who_wrote_and_never_mixed() {
    for (id, text) in boards() {
        let board: toml::Table = text.parse().expect("TOML");
        for tile in board["tile"].as_array().expect("tiles") {
            let word = |key: &str| tile.get(key).and_then(toml::Value::as_str);
            let is_mixed = matches!(word("kpi"), Some("waiting" | "longest_wait_now"));
            let is_calls = word("kind") == Some("call") || word("channel") == Some("phones");
            // One queue is of those who call or of those who write: whoever opens it knows which.
            let is_of_one_queue = word("queue") == Some("$queue");
            assert!(!is_mixed || is_calls || is_of_one_queue, "{id}: {tile}");
        }
    }
}

#[test]
fn neighbours_never_contradict_each_other() {
    let nobody = contact("phones", "c", "sales").opened(0, Medium::Call).answered(5).events;
    for (events, waits, asks) in [
        ([nobody.clone(), mail(0)].concat(), false, true),
        (caller(0), true, false),
        ([caller(0), mail(0)].concat(), true, true),
    ] {
        let shown = shown(&config(""), &events, 606);
        let is = |id: &str| {
            let tile = tile(&shown, "floor", id);
            !matches!(tile.text("text"), "0" | "0 s" | "–")
        };
        assert_eq!((is("waiting"), is("longest_wait")), (waits, waits));
        assert_eq!((is("unanswered"), is("oldest")), (asks, asks));
        let tone = |id: &str| tile(&shown, "floor", id).text("tone").to_owned();
        if waits {
            assert_eq!(tone("waiting"), tone("longest_wait"));
        }
        if asks {
            assert_eq!(tone("unanswered"), tone("oldest"));
        }
    }
}

#[test]
fn a_caller_on_hold_is_not_measured_by_mail_limits() {
    let config = config(
        "[queue.sales]\ntitle = \"Sales\"\n[queue.support]\ntitle = \"Support\"\n\
         [queue_default]\nanswer_threshold = \"20s\"\nreply_threshold = \"15m\"\n",
    );
    // Ten minutes: thirty times what a caller was promised, and well within what a mail was.
    let shown = shown(&config, &[caller(0), mail(0)].concat(), 600);
    let told = |id: &str| {
        let tile = tile(&shown, "floor", id);
        ["tone", "text", "detail"].map(|key| tile.text(key).to_owned())
    };
    assert_eq!(told("longest_wait"), ["bad", "10 min", "Sales"]);
    assert_eq!(told("oldest"), ["good", "10 min", "Support"]);
    let rows = tile(&shown, "floor", "queues").value["rows"].as_array().expect("rows");
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).expect("the queue's row");
    assert_eq!(row("Sales")["cells"][0]["tone"], "bad");
    assert_eq!(row("Support")["cells"][1]["tone"], "good");
}

#[test]
fn nobody_available_while_somebody_waits_is_red() {
    for (status, events, expected) in [
        (AgentStatus::Paused, caller(595), "bad"),
        (AgentStatus::Available, caller(595), "plain"),
        (AgentStatus::Paused, Vec::new(), "plain"),
    ] {
        let shown = shown(&config(""), &[agent(status), events].concat(), 600);
        for (board, id) in [("floor", "agents_available"), ("phones", "available")] {
            assert_eq!(tile(&shown, board, id).text("tone"), expected, "{board} {status:?}");
        }
    }
}

#[test]
fn two_contacts_at_night_scare_nobody() {
    let config = config(
        "[policy.calls]\nkinds = [\"call\"]\nclock = \"answer\"\ntarget = \"20s\"\n\
         [policy.mails]\nkinds = [\"mail\"]\nclock = \"first_response\"\ntarget = \"15m\"\n",
    );
    let mut events = agent(AgentStatus::Offline);
    for (number, wait) in [(0, 50), (1, 70)] {
        let call = contact("phones", &format!("c{number}"), "sales").opened(number, Medium::Call);
        events.extend(call.answered(number + wait).events);
        let mail = contact("email", &format!("m{number}"), "support").opened(number, Medium::Mail);
        let mail = mail.wrote(number, Author::Customer);
        events.extend(mail.wrote(number + 2000, Author::Agent).events);
    }
    let shown = shown(&config, &events, 2400);
    // The strip of channels and the server's health tell of feeds, not of contacts.
    let feeds = ["channels", "health"];
    for tile in shown.iter().filter(|tile| !feeds.contains(&tile.id.as_str())) {
        let text = tile.value.to_string();
        let is_calm = !text.contains(r#""tone":"bad""#) && !text.contains(r#""tone":"warn""#);
        assert!(is_calm, "{} {}: {text}", tile.board, tile.id);
    }
    let level = tile(&shown, "floor", "service_level");
    assert_eq!((level.text("tone"), level.text("text")), ("plain", "0"));
    assert!(level.text("detail").starts_with("0 of 4"), "its counts are shown: {}", level.value);
}

#[test]
fn pooled_promises_name_the_worst() {
    let config = config(
        "[policy.sales]\ntitle = \"Sales: answer in 20 s\"\nqueues = [\"sales\"]\n\
         clock = \"answer\"\ntarget = \"20s\"\n\
         [policy.support]\ntitle = \"Support: answer in 20 s\"\nqueues = [\"support\"]\n\
         clock = \"answer\"\ntarget = \"20s\"\n",
    );
    let mut events = Vec::new();
    for (queue, calls, good) in [("sales", 90, 90), ("support", 10, 1)] {
        for number in 0..calls {
            let wait = if number < good { 5 } else { 40 };
            let call = contact("phones", &format!("{queue}{number}"), queue);
            events.extend(call.opened(number, Medium::Call).answered(number + wait).events);
        }
    }
    // 91 % of all promises are kept, and one of two policies keeps none of its own.
    let shown = shown(&config, &events, 600);
    for (board, id) in [("promises", "kept"), ("management", "kept")] {
        let tile = tile(&shown, board, id);
        let found = ["tone", "text", "detail"].map(|key| tile.text(key));
        assert_eq!(found, ["bad", "1 of 2", "worst: Support: answer in 20 s 10%"], "{board}");
    }
    let rows = &tile(&shown, "promises", "policies").value["rows"];
    let rows = rows.as_array().expect("rows").iter();
    let tones: BTreeMap<_, _> =
        rows.map(|row| (row["name"].as_str(), row["cells"][2]["tone"].as_str())).collect();
    let expected = [("Sales: answer in 20 s", "good"), ("Support: answer in 20 s", "bad")];
    let expected = expected.map(|(name, tone)| (Some(name), Some(tone)));
    assert_eq!(tones, BTreeMap::from(expected), "the same colours row by row");
}
