//! Values by their JSON pointers. Zendesk writes ids now as text and now as numbers, and leaves out, nulls or
//! empties what is not there: for all of these the answer is none.

use serde_json::Value;
use tablica_plugin::{Moment, json};

/// A text, or a whole number or a truth value as text; none when empty.
pub(crate) fn text(body: &Value, pointer: &str) -> Option<String> {
    let truth = || body.pointer(pointer)?.as_bool().map(|truth| truth.to_string());
    json::text(body, pointer).or_else(truth)
}

/// The first of several that is there.
pub(crate) fn first(body: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| text(body, pointer))
}

/// An id; Zendesk writes 0 for nobody.
pub(crate) fn id(body: &Value, pointer: &str) -> Option<String> {
    text(body, pointer).filter(|id| id != "0")
}

/// A truth value, also as a placeholder renders it.
pub(crate) fn truth(body: &Value, pointer: &str) -> Option<bool> {
    match text(body, pointer)?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A time in words; none when there is none, or when it is no time of ISO 8601.
pub(crate) fn time(body: &Value, pointer: &str) -> Moment {
    text(body, pointer).and_then(|text| tablica_plugin::time::moment(&text)).unwrap_or(Moment::None)
}
