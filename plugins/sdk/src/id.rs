//! Ids in JSON: text with some networks, numbers with others, and with some now this and now that.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// An id, written as it was sent. Numbers above 2^53 stay what they are; one with a fraction is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub String);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyId)
    }
}

struct AnyId;

impl Visitor<'_> for AnyId {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id, as text or as a whole number below 2^64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        Ok(Id(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id(number.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<String> {
        serde_json::from_str::<Id>(json).ok().map(String::from)
    }

    #[test]
    fn text_and_whole_numbers_are_ids_and_no_digit_is_lost() {
        for (json, id) in [
            ("\"A-204\"", "A-204"),
            ("9007199254740993", "9007199254740993"), // 2^53 + 1
            ("18446744073709551615", "18446744073709551615"),
            ("-1001234567890", "-1001234567890"), // a chat of Telegram
        ] {
            assert_eq!(read(json).as_deref(), Some(id), "{json}");
        }
        for json in ["1.5", "1e3", "18446744073709551616", "null", "true", "[1]"] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
