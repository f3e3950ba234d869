//! Times as sites write them: ISO 8601 with an offset or without, or seconds or milliseconds since 1970.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use tablica_plugin::{LocalTime, Moment};

/// From here on a number counts milliseconds: as seconds it would be after the year 5000, as
/// milliseconds it is 1973.
const MILLISECONDS_FROM: f64 = 1e11;

/// The time, or what is wrong with it. One without an offset is of the clock on the site's wall.
pub(crate) fn moment(value: &Value) -> Result<Moment, String> {
    match value {
        Value::Number(number) => number.as_f64().and_then(from_number),
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) => from_number(number),
            Err(_) => from_text(text),
        },
        _ => None,
    }
    .ok_or_else(|| {
        format!(
            "is {value}, which is no time: 2026-11-22T13:00:00+01:00, or seconds or milliseconds"
        )
    })
}

fn from_number(number: f64) -> Option<Moment> {
    let ms = if number < MILLISECONDS_FROM { number * 1_000.0 } else { number };
    // Exact up to the year 287,396; what is beyond is no time.
    (0.0..9.0e15).contains(&ms).then_some((ms.round() as u64).into())
}

fn from_text(text: &str) -> Option<Moment> {
    let ms = |time: Timestamp| u64::try_from(time.as_millisecond()).ok();
    if let Ok(time) = text.parse::<Timestamp>() {
        return ms(time).map(Moment::from);
    }
    // A date alone would be midnight, which nobody meant.
    let shown = text.parse::<DateTime>().ok().filter(|_| text.contains(':'))?;
    let wall_ms = ms(TimeZone::UTC.to_timestamp(shown).ok()?)?;
    Some(Moment::Local(LocalTime { wall_ms, zone: None }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_moment_written_in_many_ways() {
        for value in [
            json!("2026-11-22T12:00:00Z"),
            json!("2026-11-22T13:00:00+01:00"),
            json!("2026-11-22T13:00:00.000+0100"),
            json!("2026-11-22 13:00:00+01"),
            json!(1_795_348_800),
            json!("1795348800"),
            json!(1_795_348_800.0),
            json!(1_795_348_800_000_u64),
        ] {
            assert_eq!(moment(&value), Ok(Moment::Utc(1_795_348_800_000)), "{value}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_of_the_sites_clock() {
        let shown = Moment::Local(LocalTime { wall_ms: 1_795_348_800_000, zone: None });
        for value in [json!("2026-11-22T12:00:00"), json!("2026-11-22 12:00")] {
            assert_eq!(moment(&value), Ok(shown.clone()), "{value}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for value in [json!("2026-11-22"), json!("yesterday"), json!(-1), json!(1e300), json!([1])]
        {
            assert!(moment(&value).is_err(), "{value}");
        }
    }
}
