//! Reading one item by pointers. Each failure names the pointer, and the item where there are
//! several.

use serde_json::Value;
use tablica_plugin::words::{self, Words};
use tablica_plugin::{Failure, bad_input};

use crate::settings::Pointers;

/// One event of a body.
pub(crate) struct Item<'a> {
    pub(crate) value: &'a Value,
    /// The whole body, for pointers that begin with `^`.
    pub(crate) body: &'a Value,
    /// Its place in the array, from 0.
    pub(crate) number: Option<usize>,
}

impl<'a> Item<'a> {
    /// What a pointer leads to: from the item on, or with `^` before it from the body on; null is nothing.
    pub(crate) fn at(&self, pointer: &str) -> Option<&'a Value> {
        let found = match pointer.strip_prefix('^') {
            Some(pointer) => self.body.pointer(pointer),
            None => self.value.pointer(pointer),
        };
        found.filter(|value| !value.is_null())
    }

    /// What the first pointer that leads somewhere finds; null is nothing.
    pub(crate) fn find<'p>(&self, pointers: &'p Pointers) -> Option<(&'p str, &'a Value)> {
        pointers.0.iter().find_map(|pointer| {
            let value = self.at(pointer)?;
            Some((pointer.as_str(), value))
        })
    }

    /// A text, or a number written out. Empty is nothing.
    pub(crate) fn text(&self, pointers: &Pointers) -> Result<Option<String>, Failure> {
        let Some((pointer, value)) = self.find(pointers) else { return Ok(None) };
        match plain(value) {
            Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            None => Err(self.fault(pointer, "is neither text nor number")),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, pointers: &Pointers) -> Result<String, Failure> {
        self.text(pointers)?.ok_or_else(|| self.missing(pointers))
    }

    pub(crate) fn number(&self, pointers: &Pointers) -> Result<Option<f64>, Failure> {
        let Some((pointer, value)) = self.find(pointers) else { return Ok(None) };
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_f64(),
        };
        number
            .filter(|number| number.is_finite())
            .map(Some)
            .ok_or_else(|| self.fault(pointer, "is no number"))
    }

    /// One of our words.
    pub(crate) fn word<T: Copy>(
        &self,
        pointers: &Pointers,
        words: Words<T>,
    ) -> Result<Option<T>, Failure> {
        let Some(word) = self.text(pointers)? else { return Ok(None) };
        match words::meaning(words, &word) {
            Some(meaning) => Ok(Some(meaning)),
            None => Err(self.fault(
                &pointers.0.join(" or "),
                &format!("is {word:?}, none of {}", words::list(words)),
            )),
        }
    }

    /// Yes or no, also as forms and XML write it; empty is nothing.
    pub(crate) fn flag(&self, pointers: &Pointers) -> Result<Option<bool>, Failure> {
        let Some((pointer, value)) = self.find(pointers) else { return Ok(None) };
        match value {
            Value::Bool(flag) => Ok(Some(*flag)),
            Value::String(text) => match text.trim() {
                "" => Ok(None),
                "true" | "1" | "on" => Ok(Some(true)),
                "false" | "0" | "off" => Ok(Some(false)),
                _ => Err(self.fault(pointer, "is neither true nor false")),
            },
            _ => Err(self.fault(pointer, "is neither true nor false")),
        }
    }

    pub(crate) fn missing(&self, pointers: &Pointers) -> Failure {
        self.fault(&pointers.0.join(" or "), "is missing")
    }

    pub(crate) fn fault(&self, pointer: &str, what: &str) -> Failure {
        bad_input(format!("{}{pointer} {what}", self.place()))
    }

    pub(crate) fn place(&self) -> String {
        self.number.map_or(String::new(), |number| format!("item {number}: "))
    }
}

/// A text or a number as text.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
