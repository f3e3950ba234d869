//! What Twilio sends, as names and values, whether it came as a form or as JSON.
//!
//! Webhooks are forms with names like `TaskQueueName`. Event Streams are CloudEvents in JSON, one or many in a
//! call, whose data has the same names as `task_queue_name` or `taskQueueName`. Both become the former.

use std::collections::BTreeMap;

use serde_json::Value;
use tablica_plugin::{Moment, form, time};

/// Values by name. An empty value is none.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fields(BTreeMap<String, String>);

/// One event.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) fields: Fields,
    /// `com.twilio.` of Event Streams left out.
    pub(crate) stream_type: Option<String>,
}

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A form, or a query. Of what stands there twice the first.
    pub(crate) fn of_form(bytes: &[u8]) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in form::fields(bytes) {
            fields.entry(name).or_insert(value);
        }
        Self(fields)
    }

    fn take(&mut self, object: &serde_json::Map<String, Value>) {
        for (name, value) in object {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                // Attributes are JSON in a string; in some versions they are an object.
                Value::Object(_) if name.ends_with("attributes") => value.to_string(),
                _ => continue,
            };
            self.0.entry(as_form(name)).or_insert(value);
        }
    }

    /// Milliseconds or seconds in numbers, or words.
    pub(crate) fn at(&self) -> Moment {
        let number = |name| self.get(name).and_then(|value| value.parse::<u64>().ok());
        if let Some(ms) = number("TimestampMs") {
            return ms.into();
        }
        match number("Timestamp") {
            Some(ms) if ms > MS_MIN => ms.into(),
            Some(seconds) => seconds.saturating_mul(1000).into(),
            None => {
                let words = ["Timestamp", "DateCreated", "Time"];
                let words = words.iter().find_map(|name| self.get(name));
                words.and_then(time::moment).unwrap_or(Moment::None)
            }
        }
    }

    /// Whole seconds.
    pub(crate) fn seconds_ms(&self, name: &str) -> Option<u64> {
        let seconds: u64 = self.get(name)?.parse().ok()?;
        Some(seconds.saturating_mul(1000))
    }
}

/// As seconds a time in the year 5138; as milliseconds one in 1973.
const MS_MIN: u64 = 100_000_000_000;

/// `task_queue_name` and `taskQueueName` are `TaskQueueName`.
fn as_form(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}

/// Reads one CloudEvent; none when it is no event.
pub(crate) fn cloud_event(event: &Value) -> Option<Told> {
    let name = event.get("type")?.as_str()?;
    let data = event.get("data")?.as_object()?;
    let mut fields = Fields::default();
    // The payload's own time is that of the task; the event's comes first.
    let nested = [["payload", ""], ["request", "parameters"], ["parameters", ""]];
    fields.take(data);
    for [outer, inner] in nested {
        let Some(object) = data.get(outer).and_then(Value::as_object) else { continue };
        fields.take(object.get(inner).and_then(Value::as_object).unwrap_or(object));
    }
    for (from, to) in [("time", "Time"), ("id", "StreamId")] {
        if let Some(text) = event.get(from).and_then(Value::as_str) {
            fields.0.entry(to.into()).or_insert_with(|| text.to_owned());
        }
    }
    let stream_type = name.strip_prefix("com.twilio.").unwrap_or(name).to_owned();
    Some(Told { fields, stream_type: Some(stream_type) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_forms() {
        for (name, form) in [
            ("task_queue_name", "TaskQueueName"),
            ("messageSid", "MessageSid"),
            ("ConversationSid", "ConversationSid"),
            ("sid", "Sid"),
            ("", ""),
            ("_x", "X"),
        ] {
            assert_eq!(as_form(name), form);
        }
    }

    #[test]
    fn times_are_milliseconds_seconds_or_words() {
        let at = |form: &str| Fields::of_form(form.as_bytes()).at();
        assert_eq!(
            at("Timestamp=1795348800&TimestampMs=1795348800123"),
            Moment::Utc(1_795_348_800_123)
        );
        assert_eq!(at("Timestamp=1795348800"), Moment::Utc(1_795_348_800_000));
        assert_eq!(at("Timestamp=1795348800123"), Moment::Utc(1_795_348_800_123));
        let words = "Timestamp=Sun%2C+22+Nov+2026+12%3A00%3A00+%2B0000";
        assert_eq!(at(words), Moment::Utc(1_795_348_800_000));
        assert_eq!(at("DateCreated=2026-11-22T12%3A00%3A00.5Z"), Moment::Utc(1_795_348_800_500));
        assert_eq!((at("Timestamp=soon"), at("")), (Moment::None, Moment::None));
    }
}
