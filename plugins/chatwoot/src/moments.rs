//! Times: Chatwoot writes texts, whole seconds and seconds with a fraction, in one and the same call.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tablica_plugin::{Moment, time};

/// Larger numbers are milliseconds: as seconds they would be after the year 5000.
const SECONDS_MAX: f64 = 1e11;

/// A time in any of these shapes; [`Moment::None`] when it is none of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct When(pub(crate) Moment);

impl When {
    /// Milliseconds of UTC, to tell one change from another.
    pub(crate) fn ms(&self) -> u64 {
        self.0.ms()
    }

    pub(crate) fn of(value: &Value) -> Self {
        Self(match value {
            Value::String(text) => of_text(text),
            Value::Number(number) => of_number(number.as_f64().unwrap_or_default()),
            _ => Moment::None,
        })
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(|value| Self::of(&value))
    }
}

fn of_text(text: &str) -> Moment {
    // `2026-11-22 09:00:00 UTC`, as the first versions wrote.
    let text = match text.strip_suffix(" UTC") {
        Some(bare) => format!("{}Z", bare.replace(' ', "T")),
        None => text.to_owned(),
    };
    time::moment(&text).unwrap_or(Moment::None)
}

fn of_number(number: f64) -> Moment {
    let ms = if number < SECONDS_MAX { number * 1000.0 } else { number };
    // `as` is what it should be: below 0 and no number are 0, which is no time.
    Moment::from(ms.round() as u64)
}
