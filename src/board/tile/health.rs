//! `health`: how the server itself is, a line for each thing that an operator asks for at night: do
//! the channels tell something, do the plugins work, is everything kept, counted and shown?

use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::house::{Check, Disk, Health};
use crate::board::reader::{Element, Section, suggest};
use crate::board::{format, length};
use crate::event::Millis;
use crate::kpi;
use crate::language::Language;
use crate::scope::{ChannelCoverage, FeedHealth, FeedWhy, Selector, Window};

/// What went to quarantine is news for so long; afterwards it is only counted.
const NEWS_MS: Millis = 3_600_000;
/// With less of the disk's room left, in percent, somebody should look, or must act.
const DISK_WARN_PERCENT: u64 = 10;
const DISK_BAD_PERCENT: u64 = 3;
/// More names cannot be read.
const NAMES_MAX: usize = 4;
const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;

struct HealthTile {
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Body {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: Check,
    title: String,
    text: String,
    tone: Tone,
}

pub(super) const EXAMPLE: &str = r#"checks = ["channels", "disk"]"#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    Some(Box::new(HealthTile { checks: parse_checks(section) }))
}

fn parse_checks(section: &Section<'_>) -> Vec<Check> {
    let Some(elements) = section.list("checks") else { return Check::ALL.to_vec() };
    let known = Check::ALL.map(Check::id);
    let mut checks = Vec::new();
    for element in elements {
        let (word, offset) = match &element {
            Element::Text(at) => (at.value, at.offset),
            Element::Table(at) => ("", at.offset),
        };
        match Check::from_id(word) {
            Some(check) if !checks.contains(&check) => checks.push(check),
            Some(_) => section.problem_at(offset, format_args!("\"{word}\" stands there twice")),
            None => section.problem_at(
                offset,
                format_args!("unknown check \"{word}\"; {}", suggest(word, &known)),
            ),
        }
    }
    checks
}

/// What is said of one check, and how much it asks for action.
type Said = (String, Tone);

impl Check {
    fn title(self, language: Language) -> String {
        language.say(match self {
            Check::Channels => "health-channels",
            Check::Plugins => "health-plugins",
            Check::Journal => "health-journal",
            Check::Figures => "health-figures",
            Check::Disk => "health-disk",
            Check::Quarantine => "health-quarantine",
            Check::Screens => "health-screens",
        })
    }

    /// None where nobody knows.
    fn say(self, scene: &Scene<'_>) -> Option<Said> {
        if self == Check::Channels {
            return channels(scene);
        }
        let (health, language) = (scene.house.health.as_ref()?, scene.language);
        Some(match self {
            Check::Channels => return None,
            Check::Plugins => plugins(health, scene)?,
            Check::Journal if health.is_journal_writable => {
                (language.say("health-kept"), Tone::Good)
            }
            Check::Journal => (language.say("health-not-kept"), Tone::Bad),
            Check::Figures => figures(health, language),
            Check::Disk => disk(health.disk?, language),
            Check::Quarantine => quarantine(health, scene),
            Check::Screens => screens(health, language),
        })
    }
}

fn channels(scene: &Scene<'_>) -> Option<Said> {
    let language = scene.language;
    let all = scene.figures.channels();
    if all.is_empty() {
        return None;
    }
    let value = scene.figures.value(
        kpi::find("volume")?,
        &Selector::default(),
        Window::Today,
        scene.now_ms,
    );
    let feeds = &value.coverage.channels;
    let titles = |is: fn(&ChannelCoverage) -> bool| -> Vec<String> {
        let of = feeds.iter().filter(|feed| is(feed));
        of.map(|it| scene.site.channel_title(&it.channel).to_owned()).collect()
    };
    // Somebody has to compare secrets: that is another errand than to look after a silent network.
    let refused = titles(|it| it.why == Some(FeedWhy::Webhook));
    if !refused.is_empty() {
        return Some((language.tell("health-refused", [names(&refused)]), Tone::Bad));
    }
    let silent = titles(|it| it.feed == FeedHealth::Silent);
    let late = titles(|it| it.feed == FeedHealth::Late);
    if !silent.is_empty() {
        return Some((language.tell("health-silent", [names(&silent)]), Tone::Bad));
    }
    if !late.is_empty() {
        return Some((language.tell("health-late", [names(&late)]), Tone::Warn));
    }
    let live = feeds.iter().filter(|it| it.feed == FeedHealth::Live).count();
    // Of the others nobody knows yet whether they will tell anything.
    let tone = if live < all.len() { Tone::Plain } else { Tone::Good };
    let [live, all] = [live, all.len()].map(|it| format::count(it as f64, language));
    Some((language.of(&live, &all), tone))
}

/// "Sales hall, Kitchen, +3".
fn names(all: &[String]) -> (&'static str, fluent_bundle::FluentValue<'static>) {
    let mut shown = all.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>();
    if let Some(more) = all.len().checked_sub(NAMES_MAX).filter(|more| *more > 0) {
        shown.push(format!("+{more}"));
    }
    ("names", shown.join(", ").into())
}

fn plugins(health: &Health, scene: &Scene<'_>) -> Option<Said> {
    let language = scene.language;
    if health.plugins == 0 {
        return None;
    }
    if health.resting.is_empty() {
        return Some((language.say("health-at-work"), Tone::Good));
    }
    let titles = health.resting.iter().map(|name| scene.site.channel_title(name).to_owned());
    let titles: Vec<String> = titles.collect();
    Some((language.tell("health-resting", [names(&titles)]), Tone::Bad))
}

fn figures(health: &Health, language: Language) -> Said {
    if health.behind_ms < length::LIST_STEP_MS.min(health.behind_max_ms) {
        return (language.say("health-up-to-date"), Tone::Good);
    }
    let tone = if health.behind_ms > health.behind_max_ms { Tone::Bad } else { Tone::Warn };
    let length = length::in_list(health.behind_ms.max(length::LIST_STEP_MS), language);
    (language.tell("health-behind", [("length", length.into())]), tone)
}

fn disk(disk: Disk, language: Language) -> Said {
    let Disk { free_bytes, bytes } = disk;
    let percent = free_bytes.saturating_mul(100) / bytes.max(1);
    let tone = match percent {
        ..DISK_BAD_PERCENT => Tone::Bad,
        DISK_BAD_PERCENT..DISK_WARN_PERCENT => Tone::Warn,
        _ => Tone::Good,
    };
    // Rounded down: nobody is promised room that is not there.
    let (unit, message) = match free_bytes {
        GIB.. => (GIB, "health-free-gigabytes"),
        _ => (MIB, "health-free-megabytes"),
    };
    let room = format::count((free_bytes / unit) as f64, language);
    (language.tell(message, [("number", room.into())]), tone)
}

fn quarantine(health: &Health, scene: &Scene<'_>) -> Said {
    let language = scene.language;
    if health.quarantined == 0 {
        return (language.say("health-empty"), Tone::Good);
    }
    let number = ("number", health.quarantined.into());
    match health.quarantined_ms.filter(|at_ms| scene.now_ms - at_ms < NEWS_MS) {
        Some(at_ms) => {
            let time = format::clock_time(at_ms, &scene.site.time_zone);
            let said = language.tell("health-quarantined-at", [number, ("time", time.into())]);
            (said, Tone::Warn)
        }
        None => (language.tell("health-quarantined", [number]), Tone::Plain),
    }
}

fn screens(health: &Health, language: Language) -> Said {
    if !health.missing.is_empty() {
        return (language.tell("health-missing", [names(&health.missing)]), Tone::Bad);
    }
    if !health.frozen.is_empty() {
        return (language.tell("health-frozen", [names(&health.frozen)]), Tone::Warn);
    }
    let number = i64::try_from(health.screens).unwrap_or(i64::MAX);
    (language.tell("health-connected", [("number", number.into())]), Tone::Good)
}

impl Tile for HealthTile {
    fn render(&self, scene: &Scene<'_>) -> String {
        let rows = self.checks.iter().filter_map(|check| {
            let (text, tone) = check.say(scene)?;
            Some(Row { id: *check, title: check.title(scene.language), text, tone })
        });
        let rows: Vec<Row> = rows.collect();
        let state = if rows.is_empty() { State::NoData } else { State::Live };
        let tone = rows.iter().map(|row| row.tone).max().unwrap_or(Tone::Plain);
        Face { state, tone, note: None, body: Body { rows } }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-health"))
    }
}
