//! The operator's settings, read so that a mistake in them is named where it stands.
//!
//! A [`Failure::Config`] may begin with a JSON pointer and a colon, `/wrap_up: …`. The host then names the
//! file, the line and the key of the config instead of a place in JSON that no operator has seen.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::{Failure, config_error};

/// Settings as the plugin's type has them. Give it `#[serde(default, deny_unknown_fields)]`, so that a
/// misspelt key is no silent default.
///
/// ```
/// # use tablica_plugin::*;
/// #[derive(serde::Deserialize)]
/// #[serde(default, deny_unknown_fields)]
/// struct Settings {
///     scale: f64,
/// }
/// # impl Default for Settings { fn default() -> Self { Self { scale: 5.0 } } }
///
/// assert_eq!(settings::<Settings>(r#"{"scale":10}"#).unwrap().scale, 10.0);
/// let Err(Failure::Config(why)) = settings::<Settings>(r#"{"scale":"ten"}"#) else { panic!() };
/// assert_eq!(why, "/scale: invalid type: string \"ten\", expected f64");
/// ```
pub fn settings<T: DeserializeOwned>(json: &str) -> Result<T, Failure> {
    let json = if json.trim().is_empty() { "{}" } else { json };
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = to_pointer(error.path());
        let error = error.into_inner();
        // The operator has written no JSON: its lines and columns say nothing.
        let place = format!(" at line {} column {}", error.line(), error.column());
        let said = error.to_string();
        setting_error(&pointer, said.strip_suffix(&place).unwrap_or(&said))
    })
}

/// A setting makes no sense: its JSON pointer, such as `/wrap_up` or one of [`pointer()`], and what to write
/// instead. An empty pointer is all of them.
pub fn setting_error(pointer: &str, why: impl std::fmt::Display) -> Failure {
    match pointer {
        "" => config_error(why.to_string()),
        pointer => config_error(format!("{pointer}: {why}")),
    }
}

/// The JSON pointer to a setting in tables whose keys the operator chooses.
///
/// ```
/// assert_eq!(tablica_plugin::pointer(["queues", "a/b"]), "/queues/a~1b");
/// ```
pub fn pointer<'a>(steps: impl IntoIterator<Item = &'a str>) -> String {
    let escaped = |step: &str| format!("/{}", step.replace('~', "~0").replace('/', "~1"));
    steps.into_iter().map(escaped).collect()
}

fn to_pointer(path: &Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { variant } => Some(variant.clone()),
        Segment::Unknown => None,
    };
    let steps: Vec<String> = path.iter().map_while(step).collect();
    pointer(steps.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Bell {
        rooms: Vec<Room>,
        queues: BTreeMap<String, u32>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Room {
        #[allow(dead_code, reason = "only read")]
        name: String,
    }

    #[test]
    fn a_mistake_is_named_where_it_stands() {
        for (json, expected) in [
            (r#"{"roms":1}"#, "/roms: unknown field `roms`, expected `rooms` or `queues`"),
            (r#"{"rooms":[{"name":"a"},{"name":1}]}"#, "/rooms/1/name: invalid type"),
            (r#"{"rooms":[{"nam":"a"}]}"#, "/rooms/0/nam: unknown field"),
            (r#"{"rooms":[{}]}"#, "/rooms/0: missing field `name`"),
            (r#"{"queues":{"a/b":"x"}}"#, "/queues/a~1b: invalid type"),
            ("true", "invalid type: boolean `true`"),
        ] {
            let Err(Failure::Config(why)) = settings::<Bell>(json) else { panic!("{json}") };
            assert!(why.starts_with(expected), "{json}: {why}");
            assert!(!why.contains("column"), "{why}");
        }
        assert!(settings::<Bell>("").is_ok_and(|it| it.rooms.is_empty()));
    }
}
