//! Quiet is not broken: a whole day of a healthy center on the walls that ship, its closed night
//! included, and a night in which something does break.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::Value;
use tablica::board::time::Clock;
use tablica::config::model::{self, Span};
use tablica::engine::{Calendar, ChannelRules, Engine, Rules};
use tablica::event::{
    AgentState, AgentStatus, Answered, Author, Event, Feed, FeedPart, FeedState, Kind, KindName,
    Medium, Message, Millis, Opened, Resolved, TalkEnded, UnixMs,
};

use super::server::{Options, Server};
use crate::support::center::{HOUR, MINUTE, SECOND};
use crate::support::wait::until_async;

/// Monday, 2026-03-02, 06:00 UTC.
const SIX_MS: UnixMs = 1_772_431_200_000;
const STEP: Millis = 15 * MINUTE;

/// A clock that the scenario winds on.
#[derive(Clone)]
struct Wound(Arc<AtomicI64>);

impl Clock for Wound {
    fn now_ms(&self) -> UnixMs {
        self.0.load(Ordering::SeqCst)
    }
}

/// A center with telephones, a messenger and mails, open from eight to eight.
struct Day {
    server: Server,
    clock: Wound,
    number: u64,
}

impl Day {
    async fn begin() -> Day {
        let clock = Wound(Arc::new(AtomicI64::new(SIX_MS)));
        let span = Span { opens_min: 8 * 60, closes_min: 20 * 60 };
        let mut office = model::Calendar::always(jiff::tz::TimeZone::UTC);
        office.hours = std::array::from_fn(|_| vec![span]);
        let mut rules = Rules::default();
        rules.queues.default.calendar = Some("office".to_owned());
        rules.calendars.insert("office".to_owned(), Arc::new(Calendar::from(&office)));
        let tells = |kinds: &[KindName]| {
            let tells = Some(kinds.iter().copied().collect::<BTreeSet<_>>());
            ChannelRules { tells, ..ChannelRules::default() }
        };
        let call =
            [KindName::Opened, KindName::Answered, KindName::TalkEnded, KindName::AgentState];
        rules.channels.insert("phone".to_owned(), tells(&call));
        for written in ["telegram", "mail"] {
            rules.channels.insert(written.to_owned(), tells(&[KindName::Message]));
        }
        let engine = Engine::new(rules);
        let options = Options { engine, clock: Box::new(clock.clone()), ..Options::default() };
        Day { server: Server::start(options).await, clock, number: 0 }
    }

    fn now_ms(&self) -> UnixMs {
        self.clock.now_ms()
    }

    /// It is that time of the day, or of the next one. What happened is `events`.
    async fn goes_on_to(&mut self, at_ms: UnixMs, mut events: Vec<Event>) {
        self.clock.0.store(at_ms, Ordering::SeqCst);
        // What is known already: the hub looks at the time, and no channel was heard.
        events.push(self.event("phone", SIX_MS, "begin", agent_is(AgentStatus::Available)));
        self.server.say(events).await;
        let server = &self.server;
        until_async("the walls show this time", async || {
            let shown = server.get("/api/v1/boards/floor").await.json();
            shown["at_ms"] == at_ms
        })
        .await;
    }

    fn event(&self, channel: &str, at_ms: UnixMs, id: &str, kind: Kind) -> Event {
        Event {
            id: id.to_owned(),
            channel: channel.to_owned(),
            at_ms,
            received_ms: self.now_ms(),
            interaction: String::new(),
            queue: None,
            agent: Some("anna".to_owned()),
            customer: Vec::new(),
            kind,
            order: None,
            refers: None,
            same_as: None,
            attrs: BTreeMap::new(),
        }
    }

    /// A call that is answered after five seconds, and two messages that are after a minute.
    fn contacts(&mut self, at_ms: UnixMs) -> Vec<Event> {
        self.number += 1;
        let mut events = Vec::new();
        let opened = Opened { medium: Medium::Call, ..Opened::default() };
        let (asks, replies) = (message(Author::Customer), message(Author::Agent));
        let settled = Kind::Resolved(Resolved { by: Author::Agent });
        let call = [
            (0, Kind::Opened(opened)),
            (0, Kind::Queued),
            (5 * SECOND, Kind::Answered(Answered::default())),
            (65 * SECOND, Kind::TalkEnded(TalkEnded::default())),
            (70 * SECOND, Kind::WrappedUp),
        ];
        let written = [(0, asks), (MINUTE, replies), (2 * MINUTE, settled)];
        let all = [
            ("phone", "sales", call.as_slice()),
            ("telegram", "chats", &written),
            ("mail", "chats", &written),
        ];
        for (channel, queue, parts) in all {
            for (number, (after_ms, kind)) in parts.iter().enumerate() {
                let id = format!("{}-{number}", self.number);
                let mut event =
                    self.event(channel, at_ms - 3 * MINUTE + after_ms, &id, kind.clone());
                event.interaction = self.number.to_string();
                event.queue = Some(queue.to_owned());
                if matches!(number, 0) {
                    event.agent = None;
                }
                events.push(event);
            }
        }
        events
    }

    /// Until eight in the evening, with contacts from half past eight on.
    async fn until_evening(&mut self) {
        for step in 0..14 * 4 {
            let at_ms = SIX_MS + step * STEP;
            let is_busy = (10..14 * 4).contains(&step);
            self.clock.0.store(at_ms, Ordering::SeqCst);
            let events = if is_busy { self.contacts(at_ms) } else { Vec::new() };
            self.goes_on_to(at_ms, events).await;
            self.check_calm().await;
        }
    }

    /// The tiles of every board that ships, by board and id.
    async fn tiles(&self) -> Vec<(String, Value)> {
        let mut tiles = Vec::new();
        for (file, text) in tablica::assets::boards() {
            let board = file.trim_end_matches(".toml");
            // A file with a parameter is no board: a queue has one from its first contact on.
            let of = if text.contains("[parameters]") { ":chats" } else { "" };
            let shown = self.server.get(&format!("/api/v1/boards/{board}{of}")).await;
            if shown.status == 404 && !of.is_empty() {
                continue;
            }
            let shown = shown.json();
            let all = shown["tiles"].as_object().expect("tiles").clone();
            tiles.extend(all.into_iter().map(|(id, tile)| (format!("{board}/{id}"), tile)));
        }
        tiles
    }

    async fn tile(&self, name: &str) -> Value {
        let tiles = self.tiles().await;
        tiles.into_iter().find(|(id, _)| id == name).expect("a tile").1
    }

    /// No tile is late, stale or red, and no rule of a board that ships holds: nothing sounds, no frame.
    async fn check_calm(&self) {
        let hour = (self.now_ms() - SIX_MS) as f64 / HOUR as f64 + 6.0;
        for (id, tile) in self.tiles().await {
            let state = tile["state"].as_str().expect("a state");
            assert!(!["late", "stale"].contains(&state), "{id} at {hour}: {tile}");
            assert_ne!(tile["tone"], "bad", "{id} at {hour}: {tile}");
            assert_eq!(tile["note"], Value::Null, "{id} at {hour}: {tile}");
            assert_eq!(tile["alarm"], Value::Null, "{id} at {hour}: {tile}");
        }
    }

    /// The channel strip's word on a channel.
    async fn strip(&self, channel: &str) -> Value {
        let strip = self.tile("floor/channels").await;
        let mut channels = strip["channels"].as_array().expect("channels").iter();
        channels.find(|it| it["name"] == channel).expect("the channel").clone()
    }
}

fn message(author: Author) -> Kind {
    Kind::Message(Message { medium: Medium::Chat, author, ..Message::default() })
}

fn agent_is(status: AgentStatus) -> Kind {
    Kind::AgentState(AgentState { status, reason: None })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_quiet_night_greys_nothing() {
    let mut day = Day::begin().await;
    day.until_evening().await;
    for step in 14 * 4..=24 * 4 {
        day.goes_on_to(SIX_MS + step * STEP, Vec::new()).await;
        day.check_calm().await;
        for channel in ["phone", "telegram", "mail"] {
            let said = day.strip(channel).await;
            assert_eq!(said["health"], "live", "{said}");
            if step > 15 * 4 {
                assert_eq!(said["why"], "closed", "{said}");
            }
        }
    }
    assert_eq!(day.now_ms(), SIX_MS + 24 * HOUR);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_at_night_is_told_by_its_channel_and_marks_only_what_it_feeds() {
    let mut day = Day::begin().await;
    day.until_evening().await;
    let two = SIX_MS + 20 * HOUR;
    let down = Kind::Feed(Feed::of(FeedPart::File, FeedState::Down));
    let mut broken = day.event("phone", two, "file", down);
    broken.agent = None;
    day.goes_on_to(two, vec![broken]).await;

    let phone = day.strip("phone").await;
    assert_eq!((&phone["health"], &phone["why"]), (&"silent".into(), &"file".into()));
    assert_eq!(phone["since_ms"], two);
    let telegram = day.strip("telegram").await;
    assert_eq!((&telegram["health"], &telegram["why"]), (&"live".into(), &"closed".into()));
    // All callers are missing, none of the writers, and of all contacts some.
    assert_eq!(day.tile("floor/agents_available").await["state"], "stale");
    assert_eq!(day.tile("floor/unanswered").await["state"], "live");
    let waiting = day.tile("floor/waiting").await;
    assert_eq!((&waiting["state"], &waiting["text"]), (&"stale".into(), &"0".into()));
    assert_eq!(day.tile("floor/offered").await["state"], "late");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_falls_silent_while_it_is_open_is_late_and_hides_no_number() {
    let mut day = Day::begin().await;
    for step in 8..=16 {
        let at_ms = SIX_MS + step * STEP;
        day.clock.0.store(at_ms, Ordering::SeqCst);
        let contacts = day.contacts(at_ms);
        day.goes_on_to(at_ms, contacts).await;
    }
    day.goes_on_to(SIX_MS + 6 * HOUR, Vec::new()).await;
    let phone = day.strip("phone").await;
    assert_eq!((&phone["health"], &phone["why"]), (&"silent".into(), &"silence".into()));
    let unanswered = day.tile("floor/unanswered").await;
    assert_eq!((&unanswered["state"], &unanswered["text"]), (&"late".into(), &"0".into()));
}
