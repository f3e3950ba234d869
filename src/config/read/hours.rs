//! `[calendar.NAME]` and `[shift.NAME]`: hours of the day, weekdays, dates.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::super::document::{Node, Value};
use super::super::model::{Calendar, ChannelCalendar, MINUTES_PER_DAY, Shift, Span};
use super::super::problem::Problem;
use super::super::section::{Reader, Section, text};

/// Stands for "no calendar" where one is named: it overrides what `[queue_default]` says.
const ALWAYS: &str = "always";

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const SPANS_EXPECTED: &str = r#"hours such as "09:00-18:00", "21:00-02:00" (over midnight) or "00:00-24:00", or a list of them"#;
const DATE_EXPECTED: &str = r#"a date such as "2026-12-25""#;
const SHIFT_MIN: u16 = 15;

pub(super) fn calendars(section: Section<'_>, site: &TimeZone) -> BTreeMap<String, Calendar> {
    let reader = section.reader;
    let mut calendars = BTreeMap::new();
    for (name, node) in section.entries() {
        let key = format!("calendar.{name}");
        if name == ALWAYS {
            let expected = "another name: this one means that there is no calendar";
            reader.report(&node.place, Problem::about(&key, "the name is taken", expected));
        }
        let calendar = calendar(Section::of(reader, key, Some(node)), site);
        calendars.insert(name, calendar);
    }
    calendars
}

fn calendar(mut section: Section<'_>, site: &TimeZone) -> Calendar {
    let reader = section.reader;
    let mut calendar = Calendar::always(super::time_zone(&mut section, site.clone()));
    if let Some(node) = section.take("hours") {
        let hours = Section::of(reader, section.key("hours"), Some(node));
        calendar.hours = week(hours);
    }
    for node in nodes(section.take("holidays")) {
        match date(&node) {
            Some(date) => drop(calendar.exceptions.insert(date, Vec::new())),
            None => {
                let key = section.key("holidays");
                reader
                    .report(&node.place, Problem::about(key, node.value.describe(), DATE_EXPECTED));
            }
        }
    }
    let special = section.section("special");
    let special_key = section.key("special");
    for (name, node) in special.entries() {
        let key = format!("{special_key}.{name}");
        let place = node.place.clone();
        match name.parse::<Date>() {
            Err(_) => {
                let found = "no date";
                reader.report(&place, Problem::about(key, found, DATE_EXPECTED));
            }
            Ok(date) if calendar.exceptions.contains_key(&date) => {
                let found = "the day stands among the holidays";
                let expected = "each date once, in holidays or in special";
                reader.report(&place, Problem::about(key, found, expected));
            }
            Ok(date) => drop(calendar.exceptions.insert(date, spans(reader, &key, node))),
        }
    }
    section.finish();
    calendar
}

/// `mon = …`, `mon-fri = …`; a weekday by itself goes before the days among which it stands.
fn week(section: Section<'_>) -> [Vec<Span>; 7] {
    let reader = section.reader;
    let path = section.key("");
    let mut week: [Vec<Span>; 7] = Default::default();
    let mut named_by: [Option<String>; 7] = Default::default();
    let mut entries = section.entries();
    entries.sort_by_key(|(name, _)| !name.contains('-'));
    for (name, node) in entries {
        let key = format!("{path}{name}");
        let Some(days) = weekdays(&name) else {
            let expected = "a weekday (mon, tue, wed, thu, fri, sat, sun) or several (mon-fri)";
            let problem = Problem::about(key, "no weekday", expected).suggest(&name, WEEKDAYS);
            reader.report(&node.place, problem);
            continue;
        };
        let place = node.place.clone();
        let spans = spans(reader, &key, node);
        for day in days {
            // Single days come last, and each once.
            match &named_by[day] {
                Some(other) if name.contains('-') => {
                    let found = format!("{} stands in {other} already", WEEKDAYS[day]);
                    let expected = "each weekday in one range; a day by itself may differ from it";
                    reader.report(&place, Problem::about(&key, found, expected));
                }
                _ => {
                    named_by[day] = Some(name.clone());
                    week[day].clone_from(&spans);
                }
            }
        }
    }
    week
}

/// `mon`; `mon-fri`; `sat-mon`, over the week's end.
fn weekdays(name: &str) -> Option<Vec<usize>> {
    let weekday = |name: &str| WEEKDAYS.iter().position(|known| *known == name);
    let Some((from, to)) = name.split_once('-') else { return Some(vec![weekday(name)?]) };
    let (from, to) = (weekday(from)?, weekday(to)?);
    let count = (to + 7 - from) % 7 + 1;
    Some((from..from + count).map(|day| day % 7).collect())
}

fn nodes(node: Option<Node>) -> Vec<Node> {
    match node {
        None => Vec::new(),
        Some(Node { value: Value::List(items), .. }) => items,
        Some(node) => vec![node],
    }
}

fn date(node: &Node) -> Option<Date> {
    match &node.value {
        // Without quotes it is a date of TOML's.
        Value::Text(text) | Value::Moment(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(super) fn spans(reader: &Reader<'_>, key: &str, node: Node) -> Vec<Span> {
    let read = |node: Node| {
        let span = text(&node).as_deref().and_then(Span::read);
        if span.is_none() {
            reader.report(&node.place, Problem::about(key, node.value.describe(), SPANS_EXPECTED));
        }
        span
    };
    nodes(Some(node)).into_iter().filter_map(read).collect()
}

impl Span {
    /// `09:00-18:00`, `21:00-02:00`.
    pub fn read(text: &str) -> Option<Span> {
        let (opens, closes) = text.split_once('-')?;
        let (opens_min, mut closes_min) = (minute_of_day(opens)?, minute_of_day(closes)?);
        if closes_min < opens_min {
            closes_min += MINUTES_PER_DAY;
        }
        (opens_min < closes_min).then_some(Span { opens_min, closes_min })
    }
}

/// `06:30`, and `24:00` for the day's end.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (minute < 60 && hour * 60 + minute <= MINUTES_PER_DAY).then_some(hour * 60 + minute)
}

pub(super) fn shifts(section: Section<'_>) -> BTreeMap<String, Shift> {
    let reader = section.reader;
    let shift = |(name, node)| {
        let section = Section::of(reader, format!("shift.{name}"), Some(node));
        (name, shift(section))
    };
    section.entries().into_iter().map(shift).collect()
}

fn shift(mut section: Section<'_>) -> Shift {
    let title = section.optional_text("title");
    let (start, end) = (quarter(&mut section, "start"), quarter(&mut section, "end"));
    if start.is_some() && start == end {
        section.wrong("end", "the shift ends when it begins", "a later time");
    }
    section.finish();
    Shift { title, start: start.unwrap_or_default(), end: end.unwrap_or_default() }
}

/// A time that a shift must have, on a quarter of an hour.
fn quarter(section: &mut Section<'_>, key: &'static str) -> Option<Time> {
    let expected = r#"a time on a quarter of an hour, such as "06:00" or "14:30""#;
    let Some(node) = section.take(key) else {
        section.wrong(key, format!("the shift has no {key}"), expected);
        return None;
    };
    let minute = match &node.value {
        Value::Text(text) => minute_of_day(text),
        // Without quotes it is a time of TOML's, which has seconds.
        Value::Moment(text) => text.strip_suffix(":00").and_then(minute_of_day),
        _ => None,
    };
    let Some(minute) = minute.filter(|minute| minute.is_multiple_of(SHIFT_MIN)) else {
        section.wrong(key, node.value.describe(), expected);
        return None;
    };
    let minute = minute % MINUTES_PER_DAY;
    Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).ok()
}

/// The calendar that a channel names; without one, those of its queues are its own.
pub(super) fn channel_calendar(
    section: &mut Section<'_>,
    calendars: &BTreeMap<String, Calendar>,
) -> ChannelCalendar {
    // No calendar has no name.
    match calendar_name(section, Some(String::new()), calendars) {
        None => ChannelCalendar::Always,
        Some(name) if name.is_empty() => ChannelCalendar::OfQueues,
        Some(name) => ChannelCalendar::Named(name),
    }
}

/// The calendar that a queue or a policy names; none is always open.
pub(super) fn calendar_name(
    section: &mut Section<'_>,
    default: Option<String>,
    calendars: &BTreeMap<String, Calendar>,
) -> Option<String> {
    let Some(node) = section.take("calendar") else { return default };
    let name = text(&node).unwrap_or_default();
    if name == ALWAYS {
        return None;
    }
    if calendars.contains_key(&name) {
        return Some(name);
    }
    let known: Vec<&str> = calendars.keys().map(String::as_str).chain([ALWAYS]).collect();
    let expected = format!("the name of a calendar: {}", known.join(", "));
    let problem = Problem::about(section.key("calendar"), node.value.describe(), expected);
    section.reader.report(&node.place, problem.suggest(&name, known));
    default
}
