//! Values by their JSON pointers; what is empty or null is not there.

use serde_json::Value;
use tablica_plugin::Moment;
use tablica_plugin::json::text;

/// Jira counts in milliseconds.
pub(crate) fn unix_ms(body: &Value, pointer: &str) -> Moment {
    body.pointer(pointer).and_then(Value::as_u64).unwrap_or(0).into()
}

/// A time in words: `2026-11-22T10:00:00.000+0100`.
pub(crate) fn time(body: &Value, pointer: &str) -> Option<Moment> {
    tablica_plugin::time::moment(&text(body, pointer)?)
}

/// A text as it stands, or the texts in a document of Atlassian's format (ADF), one after the other.
pub(crate) fn prose(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Object(_) => {
            let mut texts = Vec::new();
            let mut left = vec![value];
            while let Some(node) = left.pop() {
                texts.extend(node.get("text").and_then(Value::as_str));
                let children = node.get("content").and_then(Value::as_array);
                left.extend(children.into_iter().flatten().rev());
            }
            Some(texts.join(" ")).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}
