//! Values in JSON by their pointers (RFC 6901), for networks that write the same thing now so and now otherwise.

use serde_json::Value;

/// A text without space around it, or a whole number as text. None when it is empty, null or not there.
///
/// ```
/// # use serde_json::json;
/// # use tablica_plugin::json;
/// let body = json!({"ticket": {"id": 17, "group": " billing ", "agent": ""}});
/// assert_eq!(json::text(&body, "/ticket/id").as_deref(), Some("17"));
/// assert_eq!(json::text(&body, "/ticket/group").as_deref(), Some("billing"));
/// assert_eq!(json::text(&body, "/ticket/agent"), None);
/// ```
pub fn text(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// The first of several that is there.
pub fn first(value: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| text(value, pointer))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_text_and_no_whole_number_is_none() {
        let body =
            json!({"a": 1.5, "b": true, "c": null, "d": [1], "e": " ", "f": u64::MAX, "g": -2});
        for (pointer, expected) in [("/f", "18446744073709551615"), ("/g", "-2"), ("/d/0", "1")] {
            assert_eq!(text(&body, pointer).as_deref(), Some(expected), "{pointer}");
        }
        for pointer in ["/a", "/b", "/c", "/d", "/e", "/z", ""] {
            assert_eq!(text(&body, pointer), None, "{pointer}");
        }
        assert_eq!(first(&body, &["/z", "/e", "/g"]).as_deref(), Some("-2"));
        assert_eq!(first(&body, &["/z"]), None);
    }
}
