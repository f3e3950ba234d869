//! `heat_map`: how the hours of the week are as a rule: a KPI by weekday and hour, of the last weeks.
//!
//! Reckoning five weeks of hours takes long, and hours that are over hardly change. So a heat map
//! keeps what it has reckoned, and reckons a few hours at each rendering: after a start it fills up
//! within seconds, and nothing else waits for it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;
use serde::Serialize;

use super::limits;
use super::measure::{Limits, Measure, SHARES};
use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::event::{Millis, UnixMs};
use crate::kpi::Past;
use crate::kpi::value::{Figure, Unit};
use crate::language::Language;
use crate::scope::Selector;

const HOUR_MS: Millis = 3_600_000;
const DAYS: usize = 7;
const HOURS: usize = 24;
const HOURS_OF_WEEK: usize = DAYS * HOURS;
/// The engine remembers five.
const WEEKS_MAX: i64 = 5;
const WEEKS_DEFAULT: usize = 4;
/// Hours that are reckoned at one rendering.
const HOURS_AT_ONCE: usize = 24;
/// Late events still change these: they are reckoned anew each hour.
const HOURS_YOUNG: i64 = 24;

struct HeatMap {
    measure: Measure,
    weeks: usize,
    known: Mutex<Known>,
}

/// Hours that are over.
#[derive(Default)]
struct Known {
    /// By when each began: part and whole of its number; none where there is none.
    hours: BTreeMap<UnixMs, Option<(f64, f64)>>,
    /// When the hour under way began.
    now_ms: UnixMs,
    /// Something was the matter with the server's numbers: they were perhaps counted anew.
    is_doubtful: bool,
}

#[derive(Serialize)]
struct Body {
    /// The first hour of each row.
    from_hour: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    day: String,
    cells: Vec<Cell>,
}

#[derive(Clone, Default, Serialize)]
struct Cell {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Of the largest, or of the whole where the number is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<f64>,
    /// Against the target, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    tone: Option<Tone>,
}

pub(super) const EXAMPLE: &str = r#"kpi = "offered"
weeks = 4"#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let weeks = match section.whole("weeks") {
        Some(at) if !(1..=WEEKS_MAX).contains(&at.value) => {
            section.problem_at(at.offset, format_args!("`weeks` must be 1 to {WEEKS_MAX}"));
            WEEKS_DEFAULT
        }
        given => given.and_then(|at| usize::try_from(at.value).ok()).unwrap_or(WEEKS_DEFAULT),
    };
    for key in ["window", "warn", "bad"] {
        if section.has(key) {
            section.problem(format_args!("a heat map has no `{key}`: it shows `weeks`"));
        }
    }
    let measure = Measure::parse(section)?;
    let kpi = measure.kpi;
    let is_share = SHARED.contains(&kpi.id);
    if kpi.is_state || (kpi.unit != Unit::Count && !is_share) {
        let shares = SHARED.join(", ");
        section.problem(format_args!(
            "a heat map shows counts over a time, or one of {shares}; {} is none of them",
            kpi.id
        ));
        return None;
    }
    Some(Box::new(HeatMap { measure, weeks, known: Mutex::default() }))
}

/// Shares whose counts can be added up over weeks.
const SHARED: [&str; 3] = ["service_level", "abandon_rate", "sla_met"];

/// Part and whole of an hour's number: of a count itself and one week, of a share its counts.
fn parts(past: &Past, unit: Unit) -> Option<(f64, f64)> {
    let Figure::Number(number) = past.figure else { return None };
    if unit != Unit::Ratio {
        return number.is_finite().then_some((number, 1.0));
    }
    // Counts of contacts are far below 2^53.
    let count = |name: &str| past.count(name).map(|count| count as f64);
    SHARES.iter().find_map(|(part, whole)| {
        let whole = whole.iter().map(|one| count(one)).sum::<Option<f64>>()?;
        let part = count(part)?;
        (whole > 0.0 && (part / whole - number).abs() < 1e-9).then_some((part, whole))
    })
}

impl HeatMap {
    /// Reckons some of the hours that are not known yet, the newest first.
    fn learn(&self, known: &mut Known, scene: &Scene<'_>) {
        let Some(now_ms) = hour_begun_ms(scene) else { return };
        if scene.notice.is_some() {
            known.is_doubtful = true;
        } else if std::mem::take(&mut known.is_doubtful) {
            known.hours.clear();
        }
        if known.now_ms != now_ms {
            known.now_ms = now_ms;
            known.hours.split_off(&(now_ms - HOURS_YOUNG * HOUR_MS));
        }
        let hours = i64::try_from(self.weeks * HOURS_OF_WEEK).unwrap_or(0);
        let oldest_ms = now_ms - hours * HOUR_MS;
        known.hours = known.hours.split_off(&oldest_ms);
        let past = (1..=hours).map(|hours| now_ms - hours * HOUR_MS);
        let unknown: Vec<UnixMs> =
            past.filter(|at_ms| !known.hours.contains_key(at_ms)).take(HOURS_AT_ONCE).collect();
        let Measure { kpi, selector, .. } = &self.measure;
        for at_ms in unknown {
            let past = scene.figures.hour(kpi, selector, at_ms);
            known.hours.insert(at_ms, past.and_then(|past| parts(&past, kpi.unit)));
        }
    }

    /// What each hour of the week is as a rule, Monday's first one first.
    fn as_a_rule(known: &Known, scene: &Scene<'_>) -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0.0); HOURS_OF_WEEK];
        for (at_ms, parts) in &known.hours {
            let place = hour_of_week(*at_ms, scene).and_then(|place| sums.get_mut(place));
            if let (Some(sum), Some((part, whole))) = (place, parts) {
                *sum = (sum.0 + part, sum.1 + whole);
            }
        }
        sums.into_iter().map(|(part, whole)| (whole > 0.0).then(|| part / whole)).collect()
    }

    fn cell(&self, value: f64, largest: f64, target: Option<f64>, scene: &Scene<'_>) -> Cell {
        let kpi = self.measure.kpi;
        let rounded = if kpi.unit == Unit::Count { value.round() } else { value };
        let tone =
            target.map(|target| limits::tone(kpi.better, value, Some(target), Limits::default()));
        let level = if largest > 0.0 { (value.max(0.0) / largest).min(1.0) } else { 0.0 };
        Cell {
            text: Some(format::figure(rounded, kpi.unit, scene.language).text),
            level: Some((level * 100.0).round() / 100.0),
            tone,
        }
    }
}

/// When the hour of the site's clock began that is under way.
fn hour_begun_ms(scene: &Scene<'_>) -> Option<UnixMs> {
    let at = Timestamp::from_millisecond(scene.now_ms).ok()?;
    let local = scene.site.time_zone.to_datetime(at);
    let into_s = i64::from(local.minute()) * 60 + i64::from(local.second());
    Some(scene.now_ms.div_euclid(1000) * 1000 - into_s * 1000)
}

fn hour_of_week(at_ms: UnixMs, scene: &Scene<'_>) -> Option<usize> {
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    let local = scene.site.time_zone.to_datetime(at);
    let day = usize::try_from(local.weekday().to_monday_zero_offset()).ok()?;
    Some(day * HOURS + usize::try_from(local.hour()).ok()?)
}

impl Tile for HeatMap {
    fn render(&self, scene: &Scene<'_>) -> String {
        // Nobody panics while holding it; if somebody did, what is known is still right.
        let mut known = self.known.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        self.learn(&mut known, scene);
        let values = HeatMap::as_a_rule(&known, scene);
        drop(known);
        let whole = if self.measure.kpi.unit == Unit::Ratio { 1.0 } else { 0.0 };
        let largest = values.iter().flatten().copied().fold(whole, f64::max);
        let target = self.measure.target.or_else(|| limits::promised(&self.measure, scene.site));
        // Hours in which nothing ever happens are not shown.
        let is_busy = |hour: &usize| {
            let of_days = values.iter().skip(*hour).step_by(HOURS);
            of_days.flatten().any(|value| *value > 0.0)
        };
        let from_hour = (0..HOURS).find(is_busy).unwrap_or(0);
        let to_hour = (0..HOURS).rev().find(is_busy).map_or(0, |hour| hour + 1);
        let rows = scene.language.weekdays_short().into_iter().zip(values.chunks(HOURS));
        let rows = rows.map(|(day, values)| {
            let shown = values.get(from_hour..to_hour).unwrap_or_default().iter();
            let cells = shown.map(|value| {
                value.map_or_else(Cell::default, |value| self.cell(value, largest, target, scene))
            });
            Row { day, cells: cells.collect() }
        });
        let state = if to_hour > 0 { State::Live } else { State::NoData };
        let body = Body { from_hour, rows: rows.collect() };
        Face { state, tone: Tone::Plain, note: None, body }.encode()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        let weeks = scene.language.last_weeks(self.weeks);
        let Selector { channel, queue, .. } = &self.measure.selector;
        let channel = channel.as_deref().map(|name| scene.site.channel_title(name));
        let queue = queue.as_deref().map(|name| scene.site.queue_title(name));
        let parts = channel.into_iter().chain(queue).chain([weeks.as_str()]);
        Some(parts.collect::<Vec<_>>().join(" · "))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.measure.selector]
    }

    fn kpi(&self) -> Option<&'static str> {
        Some(self.measure.kpi.id)
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.kpi_title(self.measure.kpi.id))
    }
}
