//! `staffing`: how many agents are present, and how many are needed now and in the next hours.
//!
//! What is needed is reckoned from the same times of past weeks, which takes long and hardly changes:
//! the hours ahead are reckoned once a minute, and kept.

use std::sync::Mutex;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::measure::Measure;
use super::rule::{self, Called, Look, Raised, Rule, Subject, Whose};
use super::{Asked, Face, Tile, Tone, asked};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::event::{Millis, UnixMs};
use crate::kpi;
use crate::kpi::forecast::Quarter;
use crate::kpi::value::Unit;
use crate::language::Language;
use crate::scope::Selector;

const MINUTE_MS: Millis = 60_000;
const QUARTER_MS: Millis = 15 * MINUTE_MS;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const HOURS_DEFAULT: i64 = 4;
/// More columns cannot be read.
const HOURS_MAX: i64 = 12;
/// What rules look at: how many fewer are there than are needed now.
const MISSING: Subject = Subject::new("missing", Unit::Count);

struct Staffing {
    /// How many are needed now: its state is the tile's.
    required: Measure,
    hours: i64,
    rules: Vec<Rule>,
    known: Mutex<Known>,
}

/// The quarters ahead, as they were reckoned in one minute.
#[derive(Default)]
struct Known {
    minute: Option<i64>,
    quarters: Vec<Quarter>,
}

#[derive(Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<u32>,
    present_word: String,
    needed_word: String,
    /// What the colour says: "3 missing".
    #[serde(flatten)]
    called: Called,
    /// How high the line of those who are present stands, of the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<f64>,
    /// First the quarter of an hour under way.
    columns: Vec<Column>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Column {
    /// "now", "15:00".
    from: String,
    /// How many are needed at most until the next column begins; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<u32>,
    /// Of the highest, 0 to 1.
    level: f64,
}

pub(super) const EXAMPLE: &str = r#"hours = 4
[[tile.rule]]
when = ">= 3"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector =
        Selector { channel: name("channel"), queue: name("queue"), ..Selector::default() };
    let hours = match section.whole("hours") {
        Some(at) if !(1..=HOURS_MAX).contains(&at.value) => {
            section.problem_at(at.offset, format_args!("`hours` must be 1 to {HOURS_MAX}"));
            HOURS_DEFAULT
        }
        given => given.map_or(HOURS_DEFAULT, |at| at.value),
    };
    let required = Measure::plain(kpi::find("agents_required")?, selector, None);
    let rules = rule::parse(section, Some(MISSING));
    Some(Box::new(Staffing { required, hours, rules, known: Mutex::default() }))
}

/// The whole hour of the site's clock that a moment is in.
fn hour_begun_ms(at_ms: UnixMs, zone: &TimeZone) -> UnixMs {
    let offset_ms = Timestamp::from_millisecond(at_ms)
        .map_or(0, |at| i64::from(zone.to_offset(at).seconds()) * 1000);
    (at_ms + offset_ms).div_euclid(HOUR_MS) * HOUR_MS - offset_ms
}

/// From when to when each column is: the quarter under way, the rest of its hour, whole hours.
fn spans(now_ms: UnixMs, hours: i64, zone: &TimeZone) -> Vec<(UnixMs, UnixMs)> {
    let from_ms = now_ms.div_euclid(QUARTER_MS) * QUARTER_MS;
    let end_ms = hour_begun_ms(now_ms + hours * HOUR_MS, zone) + HOUR_MS;
    let mut spans = vec![(from_ms, from_ms + QUARTER_MS)];
    let mut from_ms = from_ms + QUARTER_MS;
    while from_ms < end_ms {
        let to_ms = hour_begun_ms(from_ms, zone) + HOUR_MS;
        spans.push((from_ms, to_ms));
        from_ms = to_ms;
    }
    spans
}

impl Staffing {
    /// What each quarter ahead needs; the one under way as it is at this moment.
    fn quarters(&self, span: (UnixMs, UnixMs), scene: &Scene<'_>) -> Vec<Quarter> {
        let (figures, selector) = (scene.figures, &self.required.selector);
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let minute = scene.now_ms.div_euclid(MINUTE_MS);
        let begun_ms = known.quarters.first().map(|quarter| quarter.from_ms);
        if known.minute != Some(minute) || begun_ms != Some(span.0) {
            known.quarters = figures.staffing(selector, span);
            known.minute = Some(minute);
            return known.quarters.clone();
        }
        let mut quarters = known.quarters.clone();
        // Who waits for a reply is part of it, and changes with each event.
        let now = figures.staffing(selector, (span.0, span.0 + QUARTER_MS)).into_iter();
        for (known, now) in quarters.iter_mut().zip(now) {
            *known = now;
        }
        quarters
    }

    fn columns(&self, scene: &Scene<'_>) -> Vec<Column> {
        let zone = &scene.site.time_zone;
        let spans = spans(scene.now_ms, self.hours, zone);
        let ends = spans.first().zip(spans.last());
        let whole = ends.map_or((0, 0), |(first, last)| (first.0, last.1));
        let quarters = self.quarters(whole, scene);
        let columns = spans.into_iter().enumerate().map(|(at, (from_ms, to_ms))| {
            let of = quarters.iter().filter(|it| (from_ms..to_ms).contains(&it.from_ms));
            Column {
                from: match at {
                    0 => scene.language.say("just-now"),
                    _ => format::clock_time(from_ms, zone),
                },
                needed: of.filter_map(|quarter| quarter.agents).max(),
                level: 0.0,
            }
        });
        columns.collect()
    }
}

/// What it means that so many are there and so many are needed.
fn verdict(
    present: Option<u32>,
    needed: Option<u32>,
    language: Language,
) -> (Tone, Option<String>) {
    let (Some(present), Some(needed)) = (present, needed) else { return (Tone::Plain, None) };
    let tell = |message, number: u32| language.tell(message, [("number", number.into())]);
    match needed.checked_sub(present) {
        Some(missing @ 1..) => {
            let tone = if present == 0 { Tone::Bad } else { Tone::Warn };
            (tone, Some(tell("staffing-missing", missing)))
        }
        _ => match present.saturating_sub(needed) {
            0 => (Tone::Good, Some(language.say("staffing-enough"))),
            spare => (Tone::Good, Some(tell("staffing-spare", spare))),
        },
    }
}

impl Staffing {
    /// Colour and word, and the rule that holds: the worse of both.
    fn call(
        rules: &[Rule],
        (present, needed): (Option<u32>, Option<u32>),
        scene: &Scene<'_>,
    ) -> (Tone, Called) {
        let (tone, word) = verdict(present, needed, scene.language);
        let missing = present.zip(needed).map(|(there, needed)| needed.saturating_sub(there));
        let raised = missing.and_then(|missing| {
            let (number, whose) = (f64::from(missing), Whose::Nobody);
            let look = Look { subject: MISSING, number, whose, row: (), min_volume: 0 };
            rule::raised(rules, &look, scene)
        });
        match raised {
            Some(Raised { tone: worse, word: own, alarm }) if worse >= tone => {
                let mut called = Called::default();
                called.add(("", ""), (worse, own.or(word), alarm));
                (worse, called)
            }
            Some(Raised { alarm, .. }) => {
                let mut called = Called::default();
                called.add(("", ""), (tone, word, alarm.without_icon()));
                (tone, called)
            }
            None => (tone, Called::saying(word)),
        }
    }
}

impl Tile for Staffing {
    fn render(&self, scene: &Scene<'_>) -> String {
        let language = scene.language;
        let reading = self.required.read(scene);
        let present = scene.figures.present(&self.required.selector);
        let mut columns = self.columns(scene);
        let needed = columns.iter().filter_map(|column| column.needed);
        let most = needed.chain(present).max().unwrap_or(0);
        let level = |count: u32| {
            let share = f64::from(count) / f64::from(most.max(1));
            (share * 1000.0).round() / 1000.0
        };
        for column in &mut columns {
            column.level = column.needed.map_or(0.0, level);
        }
        let now = columns.first().and_then(|column| column.needed);
        let (tone, called) =
            Staffing::call(rule::unless_old(&self.rules, reading.state), (present, now), scene);
        let is_known = present.is_some() || columns.iter().any(|column| column.needed.is_some());
        let state = if is_known { reading.state.at_least_counted() } else { reading.state };
        let body = Body {
            present,
            present_word: language.say("staffing-present"),
            needed_word: language.say("staffing-needed"),
            called,
            level: present.map(level),
            columns,
        };
        Face { state, tone, note: reading.note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-staffing"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.required.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.required.selector]
    }

    fn asked(&self) -> Vec<Asked> {
        let asked = ["agents_required", "agents_missing"].into_iter().filter_map(kpi::find);
        asked.map(|kpi| asked::plain(kpi, self.required.selector.clone(), None)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tuesday 2023-11-14, 23:13:20 in Warsaw.
    const NOW_MS: UnixMs = 1_700_000_000_000;

    #[test]
    fn columns_are_the_quarter_the_rest_of_its_hour_and_whole_hours_of_the_sites_clock() {
        let times = |zone: &str, now_ms| {
            let zone = TimeZone::get(zone).expect("bundled");
            let spans = spans(now_ms, 2, &zone);
            assert!(spans.windows(2).all(|two| two[0].1 == two[1].0), "no hole: {spans:?}");
            spans.iter().map(|span| format::clock_time(span.0, &zone)).collect::<Vec<_>>()
        };
        assert_eq!(times("Europe/Warsaw", NOW_MS), ["23:00", "23:15", "00:00", "01:00"]);
        // Three quarters of an hour later its last quarter is under way.
        let late_ms = NOW_MS + 45 * MINUTE_MS;
        assert_eq!(times("Europe/Warsaw", late_ms), ["23:45", "00:00", "01:00"]);
        // 03:58:20 in Kathmandu, five hours and three quarters ahead of UTC.
        assert_eq!(times("Asia/Kathmandu", NOW_MS), ["03:45", "04:00", "05:00"]);
    }

    #[test]
    fn nobody_there_is_worse_than_some_missing() {
        let said = |present, needed| verdict(Some(present), Some(needed), Language::English);
        assert_eq!(said(14, 17), (Tone::Warn, Some("3 missing".to_owned())));
        assert_eq!(said(0, 1), (Tone::Bad, Some("1 missing".to_owned())));
        assert_eq!(said(5, 5), (Tone::Good, Some("enough".to_owned())));
        assert_eq!(said(7, 5), (Tone::Good, Some("2 to spare".to_owned())));
        assert_eq!(said(0, 0), (Tone::Good, Some("enough".to_owned())), "a quiet night");
        assert_eq!(verdict(None, Some(3), Language::English), (Tone::Plain, None));
    }
}
