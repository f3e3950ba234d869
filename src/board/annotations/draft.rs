//! What somebody wrote, in the file or to the API, and everything that is wrong with it.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

use super::{
    Annotation, BOARDS_MAX, ID_CHARS_MAX, Kind, Level, NAME_CHARS_MAX, Source, TITLE_CHARS_MAX,
};
use crate::config::words::nearest;
use crate::event::UnixMs;

/// 2000-01-01: milliseconds before it are mostly seconds.
const EARLIEST_MS: UnixMs = 946_684_800_000;
/// 2100-01-01.
const LATEST_MS: UnixMs = 4_102_444_800_000;

/// A new annotation as written: nothing of it is checked yet.
#[derive(Clone, Debug, Default, ToSchema)]
#[schema(as = NewAnnotation)]
pub struct Draft {
    /// Letters, digits, `-`, `_`, `.`; made up where absent. One that exists is replaced.
    pub id: Option<String>,
    /// `campaign`, `release`, `outage` or `other`.
    #[schema(value_type = Kind, required)]
    pub kind: Option<String>,
    /// A line of text.
    #[schema(value_type = String, required, max_length = 120)]
    pub title: Option<String>,
    /// When it began: a date with or without time and offset (else in the site's time zone), or
    /// Unix milliseconds.
    #[schema(schema_with = written_moment, required)]
    pub from: Option<String>,
    /// When it ended; absent for a moment.
    #[schema(schema_with = written_moment)]
    pub to: Option<String>,
    /// It concerns this channel only.
    pub channel: Option<String>,
    /// It concerns this queue only.
    pub queue: Option<String>,
    /// Of a message: ids of the boards that it is for, a list or a text with commas; all where absent.
    #[schema(value_type = Vec<String>, required = false)]
    pub boards: Option<String>,
    /// Of a message: `normal` or `important`.
    #[schema(value_type = Level, required = false)]
    pub level: Option<String>,
    /// Fields that hold something of the wrong type, which has been said already.
    #[schema(ignore)]
    pub(super) unreadable: Vec<&'static str>,
}

/// One thing that is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field; empty where it is about the whole.
    pub field: String,
    /// What is wrong with it, what was expected.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "`{}` {}", self.field, self.message)
    }
}

impl Draft {
    pub(super) const FIELDS: [&'static str; 9] =
        ["id", "kind", "title", "from", "to", "channel", "queue", "boards", "level"];

    /// Where a field's text goes.
    pub(super) fn slot(&mut self, field: &str) -> Option<&mut Option<String>> {
        Some(match field {
            "id" => &mut self.id,
            "kind" => &mut self.kind,
            "title" => &mut self.title,
            "from" => &mut self.from,
            "to" => &mut self.to,
            "channel" => &mut self.channel,
            "queue" => &mut self.queue,
            "boards" => &mut self.boards,
            "level" => &mut self.level,
            _ => return None,
        })
    }

    /// Reads a JSON object, and goes on after a mistake.
    pub fn from_json(json: &Value) -> (Draft, Vec<Fault>) {
        let (mut draft, mut faults) = (Draft::default(), Faults::default());
        let Some(object) = json.as_object() else {
            faults.add("", "an annotation must be a JSON object");
            draft.unreadable.extend(Draft::FIELDS);
            return (draft, faults.0);
        };
        for (key, value) in object {
            let Some(field) = Draft::FIELDS.into_iter().find(|field| field == key) else {
                faults.add(key, unknown("key", key, &Draft::FIELDS));
                continue;
            };
            let is_moment = field == "from" || field == "to";
            let text = match value {
                Value::Null => continue,
                Value::String(text) => Some(text.clone()),
                Value::Array(list) if field == "boards" => {
                    let names: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
                    names.map(|names| names.join(","))
                }
                Value::Number(ms) if is_moment => ms.as_i64().map(|ms| ms.to_string()),
                _ => None,
            };
            if text.is_none() {
                let wanted = match field {
                    "from" | "to" => "a text or whole milliseconds",
                    "boards" => "a list of texts",
                    _ => "a text",
                };
                faults.add(field, format_args!("must be {wanted}"));
                draft.unreadable.push(field);
            }
            if let Some(slot) = draft.slot(field) {
                *slot = text;
            }
        }
        (draft, faults.0)
    }

    /// Says everything that is wrong with it. `found` is what is known to be wrong already;
    /// without any fault it becomes an annotation, whose id is empty where none was given.
    pub fn check(
        &self,
        found: Vec<Fault>,
        source: Source,
        zone: &TimeZone,
    ) -> Result<Annotation, Vec<Fault>> {
        let mut faults = Faults(found);
        let id = self.id.as_deref().unwrap_or_default();
        let usable = |c: char| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c);
        if self.id.is_some() && (id.is_empty() || !id.chars().all(usable)) {
            faults.add("id", "must be letters, digits, `-`, `_` and `.`");
        }
        if id.chars().count() > ID_CHARS_MAX {
            faults.add("id", format_args!("is longer than {ID_CHARS_MAX} characters"));
        }
        let kind = self.required("kind", &self.kind, &mut faults).and_then(|id| {
            let kind = Kind::from_id(id);
            if kind.is_none() {
                faults.add("kind", unknown("kind", id, &Kind::ALL.map(Kind::id)));
            }
            kind
        });
        let title = self.required("title", &self.title, &mut faults).map(str::trim);
        line("title", title, TITLE_CHARS_MAX, &mut faults);
        line("channel", self.channel.as_deref(), NAME_CHARS_MAX, &mut faults);
        line("queue", self.queue.as_deref(), NAME_CHARS_MAX, &mut faults);
        let from = self.required("from", &self.from, &mut faults);
        let from_ms = from.and_then(|text| time("from", text, zone, &mut faults));
        let to_ms = self.to.as_ref().and_then(|text| time("to", text, zone, &mut faults));
        if let (Some(from_ms), Some(to_ms)) = (from_ms, to_ms)
            && to_ms < from_ms
        {
            faults.add("to", "is before `from`");
        }
        let boards = self.named_boards(&mut faults);
        let level = self.level.as_deref().map(|id| {
            let level = Level::from_id(id);
            if level.is_none() {
                faults.add("level", unknown("level", id, &Level::ALL.map(Level::id)));
            }
            level.unwrap_or_default()
        });
        match kind {
            Some(Kind::Message) => {
                self.required("to", &self.to, &mut faults);
            }
            Some(_) => {
                for (field, is_there) in
                    [("boards", self.boards.is_some()), ("level", level.is_some())]
                {
                    if is_there {
                        faults.add(field, "is for the kind `message` only");
                    }
                }
            }
            None => {}
        }
        match (kind, title, from_ms) {
            (Some(kind), Some(title), Some(from_ms)) if faults.0.is_empty() => Ok(Annotation {
                id: id.to_owned(),
                kind,
                title: title.to_owned(),
                from_ms,
                to_ms,
                channel: self.channel.clone(),
                queue: self.queue.clone(),
                boards,
                level: level.unwrap_or_default(),
                source,
            }),
            _ => Err(faults.0),
        }
    }

    fn named_boards(&self, faults: &mut Faults) -> Vec<String> {
        let text = self.boards.as_deref().unwrap_or_default();
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names: Vec<String> = names.map(str::to_owned).collect();
        if names.len() > BOARDS_MAX {
            faults.add("boards", format_args!("names more than {BOARDS_MAX} boards"));
        }
        names.iter().for_each(|name| line("boards", Some(name.as_str()), NAME_CHARS_MAX, faults));
        names
    }

    fn required<'a>(
        &self,
        field: &'static str,
        value: &'a Option<String>,
        faults: &mut Faults,
    ) -> Option<&'a str> {
        if value.is_none() && !self.unreadable.contains(&field) {
            faults.add(field, "is missing");
        }
        value.as_deref()
    }
}

/// How a time is written in JSON.
fn written_moment() -> Schema {
    let kind = |kind| ObjectBuilder::new().schema_type(kind);
    let about = "A date with or without time and offset (else in the site's time zone), or Unix \
                 milliseconds.";
    OneOfBuilder::new()
        .item(kind(Type::String))
        .item(kind(Type::Integer))
        .description(Some(about))
        .into()
}

/// Unix milliseconds, a date and time with an offset, or one of the site's zone.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Option<UnixMs> {
    let text = text.trim();
    if let Ok(ms) = text.parse() {
        return Some(ms);
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let local = text.parse::<civil::DateTime>().ok()?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

fn time(field: &str, text: &str, zone: &TimeZone, faults: &mut Faults) -> Option<UnixMs> {
    match moment(text, zone) {
        None => faults.add(
            field,
            "is no time: write \"2026-11-27T09:00:00+01:00\", \"2026-11-27 09:00\" in the site's \
             time zone, or Unix milliseconds",
        ),
        Some(ms) if !(EARLIEST_MS..LATEST_MS).contains(&ms) => {
            faults.add(field, "is not between the years 2000 and 2100; numbers are milliseconds");
        }
        Some(ms) => return Some(ms),
    }
    None
}

fn line(field: &str, text: Option<&str>, chars_max: usize, faults: &mut Faults) {
    let Some(text) = text else { return };
    if text.trim().is_empty() {
        faults.add(field, "is empty");
    }
    if text.chars().count() > chars_max {
        faults.add(field, format_args!("is longer than {chars_max} characters"));
    }
    if text.chars().any(char::is_control) {
        faults.add(field, "must be one line, without control characters");
    }
}

fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    match nearest(found, known.iter().copied()) {
        Some(near) => format!("is an unknown {what}; did you mean `{near}`?"),
        None => format!("is an unknown {what}; known are {}", known.join(", ")),
    }
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, field: &str, message: impl fmt::Display) {
        self.0.push(Fault { field: field.to_owned(), message: message.to_string() });
    }
}

#[cfg(test)]
mod tests;
