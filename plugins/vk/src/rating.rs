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
        Value::String(text) => read(text, settings.rating_scale),
        number => sound("overall", number.as_f64()?, settings.rating_scale),
    }
}

/// `[DIMENSION:]SCORE[/SCALE]`
fn read(text: &str, scale: f64) -> Option<Rating> {
    let (dimension, figures) = text.rsplit_once(':').unwrap_or(("overall", text));
    match figures.split_once('/') {
        Some((score, scale)) => sound(dimension, score.parse().ok()?, scale.parse().ok()?),
        None => sound(dimension, figures.parse().ok()?, scale),
    }
}

fn sound(dimension: &str, score: f64, scale: f64) -> Option<Rating> {
    let is_sound = scale > 0.0 && f64::is_finite(scale) && (0.0..=scale).contains(&score);
    is_sound.then(|| Rating { dimension: dimension.into(), score, scale })
}
