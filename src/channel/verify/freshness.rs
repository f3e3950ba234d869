//! How old a signature may be, by a time that is itself signed.

use std::time::Duration;

use axum::http::HeaderName;
use jiff::Timestamp;

use super::call::Call;
use super::template::Template;
use super::{VerifyError, header_name};
use crate::channel::manifest::Verify;
use crate::event::UnixMs;

/// A time of signing in seconds has fewer than twelve digits: until the year 5138. Each unit that is
/// a thousand times smaller has three digits more, so that the number of digits tells the unit.
const SECONDS_DIGITS_MAX: usize = 11;
/// Of nanoseconds.
const DIGITS_MAX: usize = SECONDS_DIGITS_MAX + 9;

#[derive(Debug)]
pub(super) struct Freshness {
    at: Place,
    tolerance: Duration,
}

#[derive(Debug)]
enum Place {
    Header(HeaderName),
    Field(String),
}

impl Freshness {
    /// None where the author asks for none. `usual` is the scheme's own header with the time.
    pub(super) fn of(
        verify: &Verify,
        template: &Template,
        usual: Option<&str>,
    ) -> Result<Option<Self>, VerifyError> {
        let header = verify.timestamp_header.as_deref();
        let at = match (header, verify.timestamp_field.as_deref()) {
            (Some(_), Some(_)) => {
                let why = "`timestamp_header` and `timestamp_field`: one of them";
                return Err(VerifyError::author(why));
            }
            (None, Some(field)) => Some(Place::Field(field.to_owned())),
            (header, None) => match header.or(usual.filter(|_| verify.tolerance.is_some())) {
                Some(header) => Some(Place::Header(header_name(header)?)),
                None => None,
            },
        };
        let (at, tolerance) = match (at, &verify.tolerance) {
            (None, None) => return Ok(None),
            (Some(at), Some(tolerance)) => (at, tolerance),
            _ => {
                let why = "`tolerance` and `timestamp_header` or `timestamp_field` need each other";
                return Err(VerifyError::author(why));
            }
        };
        let (is_signed, name) = match &at {
            Place::Header(header) => (template.signs_header(header), header.as_str()),
            Place::Field(field) => (template.signs_field(field), field.as_str()),
        };
        if !is_signed {
            let why = format!("`{name}` is not in the template: anybody could renew the time");
            return Err(VerifyError::author(why));
        }
        let tolerance = span(tolerance).ok_or_else(|| {
            let expected = "expected such as `30s`, `5m`, `1h`";
            VerifyError::author(format!("tolerance `{tolerance}`: {expected}"))
        })?;
        Ok(Some(Self { at, tolerance }))
    }

    /// Whether it is so, or may be as far as the head tells.
    pub(super) fn holds(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        let signed = match &self.at {
            Place::Header(name) => {
                let value = call.headers().get(name).and_then(|value| value.to_str().ok());
                value.map(str::to_owned)
            }
            Place::Field(_) if call.body().is_none() => return true,
            Place::Field(name) => call.field(name),
        };
        let Some(signed_ms) = signed.and_then(|text| unix_ms(text.trim())) else { return false };
        u128::from(now_ms.abs_diff(signed_ms)) <= self.tolerance.as_millis()
    }
}

/// `30s`, `5m`, `1h`.
fn span(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// Unix time in seconds, with or without a fraction, in whole milli-, micro- or nanoseconds, or a
/// time as RFC 3339 writes it.
fn unix_ms(text: &str) -> Option<UnixMs> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) {
        // The shortest is 2021-03-25T05:09:27Z.
        return (text.len() >= 20)
            .then(|| text.parse::<Timestamp>().ok())?
            .map(|at| at.as_millisecond());
    }
    if whole.len() > DIGITS_MAX || fraction.is_some_and(|digits| !is_number(digits)) {
        return None;
    }
    let number: u64 = whole.parse().ok()?;
    let in_ms = match whole.len() {
        ..=SECONDS_DIGITS_MAX => number.checked_mul(1_000)?,
        12..=14 => number,
        15..=17 => number / 1_000,
        _ => number / 1_000_000,
    };
    UnixMs::try_from(in_ms).ok()
}
