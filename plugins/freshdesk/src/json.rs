//! Values by their JSON pointers; what is empty or null is not there.

use serde_json::Value;

/// A text, or a whole number as text; none when empty.
pub(crate) fn text(body: &Value, pointer: &str) -> Option<String> {
    match body.pointer(pointer)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// The first of several that is there.
pub(crate) fn first(body: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| text(body, pointer))
}
