//! How old a signature may be, by a time that is itself signed.

use std::time::Duration;

use jiff::Timestamp;

use super::call::Call;
use super::place::Place;
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

impl Freshness {
    /// None where the author asks for none. `usual` is the scheme's own header with the time.
    pub(super) fn of(
        verify: &Verify,
        template: &Template,
        usual: Option<&str>,
    ) -> Result<Option<Self>, VerifyError> {
        let header = ("timestamp_header", verify.timestamp_header.as_deref());
        let said = Place::of(header, ("timestamp_field", verify.timestamp_field.as_deref()))?;
        let at = match (said, usual.filter(|_| verify.tolerance.is_some())) {
            (None, Some(usual)) => Some(Place::Header(header_name(usual)?)),
            (said, _) => said,
        };
        let (at, tolerance) = match (at, &verify.tolerance) {
            (None, None) => return Ok(None),
            (Some(at), Some(tolerance)) => (at, tolerance),
            _ => {
                let why = "`tolerance` and `timestamp_header` or `timestamp_field` need each other";
                return Err(VerifyError::author(why));
            }
        };
        if !at.is_signed_by(template) {
            let name = at.name();
            let why = format!("`{name}` is not in the template: anybody could renew the time");
            return Err(VerifyError::author(why));
        }
        let tolerance = span(tolerance).ok_or_else(|| {
            let expected = "expected such as `30s`, `5m`, `1h`";
            VerifyError::author(format!("tolerance `{tolerance}`: {expected}"))
        })?;
        Ok(Some(Self { at, tolerance }))
    }

    /// How far from now a time may be.
    pub(super) fn tolerance(&self) -> Duration {
        self.tolerance
    }

    /// Whether it is so, or may be as far as the head tells.
    pub(super) fn holds(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        if self.at.is_in_body() && call.body().is_none() {
            return true;
        }
        let signed_ms = self.at.text(call).and_then(|text| unix_ms(text.trim()));
        let Some(signed_ms) = signed_ms else { return false };
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
