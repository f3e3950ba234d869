//! Tiles against made-up figures: what stands on the glass for each kind of number.

use std::collections::{BTreeMap, HashMap};

use expect_test::{Expect, expect};
use jiff::tz::TimeZone;

use crate::board::annotations::{self, Annotation};
use crate::board::figures::{ChannelFacts, Figures, PolicyFacts, Scene, Site};
use crate::board::file::Board;
use crate::board::format::Language;
use crate::board::house::House;
use crate::config::model;
use crate::event::UnixMs;
use crate::kpi::value::{Count, Figure, Receipt, Value, WindowSpan};
use crate::kpi::{Kpi, Series};
use crate::scope::{ChannelCoverage, Coverage, FeedHealth, FeedWhy, Selector, Window};

mod heat_map;
mod lists;
mod of_the_house;
mod one_truth;
mod own_words;
mod people;
mod public;
mod rules;
mod rules_of_rows;
mod tables;
mod trends;

/// 2023-11-14 23:13:20 in Warsaw.
const NOW: UnixMs = 1_700_000_000_000;

/// Figures as a test says them; everything else is "no data".
#[derive(Default)]
struct Said {
    numbers: HashMap<(&'static str, Option<&'static str>), Figure>,
    feeds: Vec<(&'static str, FeedHealth, Option<FeedWhy>)>,
    queues: Vec<&'static str>,
    series: Vec<Option<f64>>,
    counts: Vec<(&'static str, i64)>,
    thresholds_ms: Vec<(&'static str, i64)>,
    annotations: Vec<Annotation>,
    topics: Vec<&'static str>,
    lists: lists::SaidLists,
    house: House,
}

fn counts(counts: &[(&'static str, i64)]) -> Vec<Count> {
    counts.iter().map(|(name, value)| Count { name, value: *value }).collect()
}

impl Said {
    fn number(mut self, kpi: &'static str, number: f64) -> Said {
        self.numbers.insert((kpi, None), Figure::Number(number));
        self
    }

    fn at(mut self, queue: &'static str, kpi: &'static str, figure: Figure) -> Said {
        self.numbers.insert((kpi, Some(queue)), figure);
        if !self.queues.contains(&queue) {
            self.queues.push(queue);
        }
        self
    }

    fn about(mut self, topic: &'static str, kpi: &'static str, number: f64) -> Said {
        self.numbers.insert((kpi, Some(topic)), Figure::Number(number));
        self
    }

    fn feed(mut self, channel: &'static str, health: FeedHealth) -> Said {
        self.feeds.push((channel, health, None));
        self
    }

    fn broken(mut self, channel: &'static str, why: FeedWhy) -> Said {
        self.feeds.push((channel, FeedHealth::Silent, Some(why)));
        self
    }
}

impl Figures for Said {
    fn value(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        now_ms: UnixMs,
    ) -> Value {
        let row = selector.queue.clone().or(selector.topic.clone());
        let said =
            self.numbers.iter().find(|((id, of), _)| *id == kpi.id && of.map(str::to_owned) == row);
        let wanted = |name: &str| selector.channel.as_deref().is_none_or(|one| one == name);
        let channels = self.feeds.iter().filter(|(name, ..)| wanted(name));
        let channels = channels.map(|(name, feed, why)| ChannelCoverage {
            channel: (*name).to_owned(),
            last_event_ms: (*feed != FeedHealth::NoData).then_some(NOW - 4_280_500),
            feed: *feed,
            why: *why,
            since_ms: matches!(feed, FeedHealth::Late | FeedHealth::Silent)
                .then_some(NOW - 4_280_500),
        });
        Value {
            kpi: kpi.id,
            unit: kpi.unit,
            selector: selector.clone(),
            figure: said.map_or(Figure::NoData, |(_, figure)| *figure),
            receipt: Receipt {
                sentence: String::new(),
                formula: kpi.id,
                expression: "",
                source: String::new(),
                counts: counts(&self.counts),
                thresholds_ms: counts(&self.thresholds_ms),
                window: WindowSpan {
                    window,
                    from_ms: 0,
                    to_ms: now_ms,
                    time_zone: "UTC".to_owned(),
                },
                variants: Vec::new(),
            },
            coverage: Coverage { channels: channels.collect() },
            about: None,
            parts: Vec::new(),
        }
    }

    fn series(&self, _: &'static Kpi, _: &Selector) -> Series {
        Series { from_ms: NOW - 200_000, step_ms: 60_000, values: self.series.clone() }
    }

    fn queues(&self) -> Vec<String> {
        self.queues.iter().map(|name| (*name).to_owned()).collect()
    }

    fn channels(&self) -> Vec<String> {
        self.feeds.iter().map(|(name, ..)| (*name).to_owned()).collect()
    }

    fn topics(&self) -> Vec<String> {
        self.topics.iter().map(|name| (*name).to_owned()).collect()
    }

    fn dimensions(&self) -> Vec<String> {
        Vec::new()
    }
}

fn site() -> Site {
    let default = model::Queue::default;
    let sales = model::Queue { title: Some("Sales".to_owned()), ..default() };
    Site {
        name: "Example Ltd".to_owned(),
        language: Language::English,
        time_zone: TimeZone::get("Europe/Warsaw").expect("bundled"),
        queues: model::Queues {
            default: default(),
            named: BTreeMap::from([("sales".to_owned(), sales)]),
        },
        channels: BTreeMap::from([(
            "telegram".to_owned(),
            ChannelFacts { title: "Telegram".to_owned(), network: "telegram".to_owned() },
        )]),
        agents: model::Agents::default(),
        policies: BTreeMap::from([(
            "mail".to_owned(),
            PolicyFacts { title: "E-mail in 4 h".to_owned(), goal: 0.9 },
        )]),
        min_volume: 10,
        calendars: BTreeMap::new(),
        embed_hosts: vec!["status.example.com".to_owned()],
        currency: "EUR".to_owned(),
        replay_speed: None,
    }
}

/// Renders the only tile of a board: its section without place and id.
fn check(tile: &str, figures: &Said, expected: Expect) {
    let text = format!("[[tile]]\nid = \"t\"\nx = 0\ny = 0\nw = 8\nh = 4\n{tile}");
    let board = Board::parse("b", "b.toml", &text).expect("a good board");
    let site = site();
    expected.assert_eq(&board.tiles[0].tile.render(&scene(figures, &site)));
}

/// What tiles look at.
fn scene<'a>(figures: &'a Said, site: &'a Site) -> Scene<'a> {
    Scene {
        figures,
        site,
        board: "floor",
        language: Language::English,
        annotations: &figures.annotations,
        notice: None,
        house: &figures.house,
        held: None,
        now_ms: NOW,
    }
}

const SERVICE_LEVEL: &str = "type = \"gauge\"\nkpi = \"service_level\"\nbad = 0.7";

#[test]
fn a_service_level_is_measured_against_its_queues_goal() {
    check(
        SERVICE_LEVEL,
        &Said::default().number("service_level", 0.8113).feed("pbx", FeedHealth::Live),
        expect![[
            r#"{"state":"live","tone":"good","text":"81","unit":"%","value":0.8113,"target_text":"80%","word":"on target","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
    check(
        SERVICE_LEVEL,
        &Said::default().number("service_level", 0.7999),
        expect![[
            r#"{"state":"live","tone":"warn","text":"79","unit":"%","value":0.7999,"target_text":"80%","word":"below goal","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
    check(
        SERVICE_LEVEL,
        &Said::default().number("service_level", 0.6),
        expect![[
            r#"{"state":"live","tone":"bad","text":"60","unit":"%","value":0.6,"target_text":"80%","word":"below goal","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
}

#[test]
fn a_share_says_what_it_is_made_of() {
    let mut said = Said::default().number("service_level", 833.0 / 1017.0);
    said.counts = vec![("in_time", 833), ("counted", 1017), ("abandoned", 60)];
    said.thresholds_ms = vec![("answer_threshold", 20_000), ("short_abandon", 5_000)];
    check(
        SERVICE_LEVEL,
        &said,
        expect![[
            r#"{"state":"live","tone":"good","text":"81","unit":"%","value":0.8190757128810227,"target_text":"80%","detail":"833 of 1,017 in 20 s","word":"on target","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
    // Two thresholds are no "in 20 s", and other counts than the share's are not shown.
    said.thresholds_ms.push(("reply_threshold", 900_000));
    check(
        SERVICE_LEVEL,
        &said,
        expect![[
            r#"{"state":"live","tone":"good","text":"81","unit":"%","value":0.8190757128810227,"target_text":"80%","detail":"833 of 1,017","word":"on target","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
    said.counts = vec![("in_time", 1), ("counted", 2)];
    check(
        SERVICE_LEVEL,
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","text":"81","unit":"%","value":0.8190757128810227,"target_text":"80%","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
}

#[test]
fn nothing_counted_is_neither_0_nor_100() {
    check(
        SERVICE_LEVEL,
        &Said::default(),
        expect![[
            r#"{"state":"no_data","tone":"plain","text":"–","unit":"","target_text":"80%","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
    let nonsense = Said::default().number("service_level", f64::NAN);
    check(
        SERVICE_LEVEL,
        &nonsense,
        expect![[
            r#"{"state":"no_data","tone":"plain","text":"–","unit":"","target_text":"80%","target":0.8,"min":0.0,"max":1.0}"#
        ]],
    );
}

#[test]
fn a_number_says_who_is_missing_in_it() {
    let said = Said::default()
        .number("waiting", 3.0)
        .feed("pbx", FeedHealth::Live)
        .feed("telegram", FeedHealth::Silent)
        .feed("new", FeedHealth::NoData);
    check(
        "type = \"number\"\nkpi = \"waiting\"\nwarn = 3\nbad = 8",
        &said,
        expect![[
            r#"{"state":"late","tone":"warn","note":"without Telegram since 22:01","text":"3","unit":"","value":3.0,"word":"many"}"#
        ]],
    );
    // Silence alone greys nothing: whoever waits is seen to wait.
    let said = Said::default().number("waiting", 9.0).feed("telegram", FeedHealth::Silent);
    check(
        "type = \"number\"\nkpi = \"waiting\"\nwarn = 3\nbad = 8",
        &said,
        expect![[
            r#"{"state":"late","tone":"bad","note":"without Telegram since 22:01","text":"9","unit":"","value":9.0,"word":"too many"}"#
        ]],
    );
    let said = Said::default().number("waiting", 9.0).broken("telegram", FeedWhy::Link);
    check(
        "type = \"number\"\nkpi = \"waiting\"\nwarn = 3\nbad = 8",
        &said,
        expect![[
            r#"{"state":"stale","tone":"bad","note":"without Telegram since 22:01","text":"9","unit":"","value":9.0,"word":"too many"}"#
        ]],
    );
}

#[test]
fn a_wait_is_written_as_minutes_and_seconds() {
    let said = Said::default().number("longest_wait_now", 247.0);
    check(
        "type = \"number\"\nkpi = \"longest_wait_now\"\ntarget = 20",
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","text":"4 min 07 s","unit":"","value":247.0,"target_text":"20 s","word":"3 min late"}"#
        ]],
    );
}

#[test]
fn a_trend_has_gaps_where_there_is_no_data_and_ends_with_the_last_whole_minute() {
    let said = Said { series: vec![Some(2.0), None, Some(4.0), Some(1.0)], ..Said::default() };
    let said = said.number("offered", 34.0).number("answered", 31.0);
    check(
        "type = \"trend\"\nseries = [\"offered\", \"answered\"]",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Offered","values":[2.0,null,4.0]},{"name":"Answered","values":[2.0,null,4.0]}],"text":"Offered 34 · Answered 31","axis":"per minute"}"#
        ]],
    );
}

/// Begun so long before now, and ended so long before now.
fn annotation(title: &str, from_s: i64, to_s: Option<i64>, queue: Option<&str>) -> Annotation {
    Annotation {
        id: title.to_owned(),
        kind: annotations::Kind::Outage,
        title: title.to_owned(),
        from_ms: NOW - from_s * 1000,
        to_ms: to_s.map(|to_s| NOW - to_s * 1000),
        channel: None,
        queue: queue.map(str::to_owned),
        boards: Vec::new(),
        level: annotations::Level::Normal,
        source: annotations::Source::Api,
    }
}

fn trend_with(annotations: Vec<Annotation>, expected: Expect) {
    let said = Said { series: vec![Some(2.0)], annotations, ..Said::default() };
    check("type = \"trend\"\nqueue = \"sales\"\nseries = [\"offered\"]", &said, expected);
}

#[test]
fn a_trend_shows_what_happened_while_it_was_drawn() {
    trend_with(
        vec![
            annotation("over by then", 900, Some(300), None),
            annotation("all day", 900, Some(-900), None),
            annotation("elsewhere", 60, None, Some("support")),
            annotation("a moment", 30, None, Some("sales")),
            annotation("to come", -60, None, None),
        ],
        expect![[
            r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Offered","values":[2.0]}],"text":"","axis":"per minute","marks":[{"kind":"outage","text":"all day","from_ms":1699999100000,"to_ms":1700000900000},{"kind":"outage","text":"a moment","from_ms":1699999970000}]}"#
        ]],
    );
}

#[test]
fn of_many_annotations_a_trend_shows_the_newest_and_counts_the_others() {
    let many = [150, 120, 90, 60, 30].map(|from_s| annotation("x", from_s, None, None));
    trend_with(
        many.into(),
        expect![[
            r#"{"state":"live","tone":"plain","from_ms":1699999800000,"step_ms":60000,"series":[{"name":"Offered","values":[2.0]}],"text":"","axis":"per minute","marks":[{"kind":"outage","text":"x","from_ms":1699999910000},{"kind":"outage","text":"x","from_ms":1699999940000},{"kind":"outage","text":"x","from_ms":1699999970000}],"more_marks":2}"#
        ]],
    );
}

#[test]
fn the_strip_says_how_fresh_each_channel_is() {
    let said = Said::default()
        .number("volume", 34.0)
        .feed("telegram", FeedHealth::Late)
        .feed("pbx", FeedHealth::NoData);
    check(
        "type = \"channel_strip\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","channels":[{"name":"telegram","title":"Telegram","network":"telegram","health":"late","since_ms":1699995719000,"last_event_ms":1699995719000,"text":"1 h ago","volume":"34"},{"name":"pbx","title":"pbx","network":"","health":"no_data","text":"–","volume":"34"}]}"#
        ]],
    );
}
