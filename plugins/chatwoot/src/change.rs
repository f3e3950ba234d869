//! `changed_attributes`: nothing, a list of objects with one key each, or one object.

use serde_json::Value;

/// What became of one attribute. Either side may be JSON's null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Change<'a> {
    pub(crate) from: &'a Value,
    pub(crate) to: &'a Value,
}

const NULL: &Value = &Value::Null;

/// The change of this attribute, if it changed.
pub(crate) fn of<'a>(changed: &'a Value, attribute: &str) -> Option<Change<'a>> {
    let found = match changed {
        Value::Object(all) => all.get(attribute),
        Value::Array(list) => list.iter().find_map(|one| one.get(attribute)),
        _ => None,
    }?;
    Some(match found {
        Value::Object(both) => Change {
            from: both.get("previous_value").unwrap_or(NULL),
            to: both.get("current_value").unwrap_or(NULL),
        },
        // As Rails writes changes: before and after.
        Value::Array(both) => {
            Change { from: both.first().unwrap_or(NULL), to: both.get(1).unwrap_or(NULL) }
        }
        now => Change { from: NULL, to: now },
    })
}

/// An id, whichever way it is written; none for null.
pub(crate) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}
