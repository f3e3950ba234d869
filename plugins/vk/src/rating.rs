//! Ratings by buttons. A button carries a payload: JSON of at most 255 characters, which VK gives
//! as an object, or as a text with JSON in it.

use serde_json::Value;
use tablica_plugin::Rating;

use crate::settings::Settings;

/// The rating in the payload of a text button, which comes with the message.
pub(crate) fn in_text(payload: &str, settings: &Settings) -> Option<Rating> {
    in_value(&serde_json::from_str(payload).ok()?, settings)
}

/// The rating in the payload of a callback button.
pub(crate) fn in_payload(payload: &Value, settings: &Settings) -> Option<Rating> {
    match payload {
        Value::String(text) => in_text(text, settings),
        value => in_value(value, settings),
    }
}

fn in_value(payload: &Value, settings: &Settings) -> Option<Rating> {
    match payload.get(&settings.rating_key)? {
        Value::String(text) => Rating::by_button(text, "", settings.rating_scale),
        number => Rating::new("overall", number.as_f64()?, settings.rating_scale),
    }
}
