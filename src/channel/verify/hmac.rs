//! `hmac-sha256` and `hmac-sha1`: a header holds a MAC over a template of the request.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::digest::{InvalidLength, OutputSizeUser};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::template::Template;
use super::{VerifyError, header_name};
use crate::channel::manifest::{Encoding, Verify};
use crate::config::model::Secret;
use crate::event::UnixMs;

/// A time of signing in seconds has fewer than twelve digits: until the year 5138. Each unit that is
/// a thousand times smaller has three digits more, so that the number of digits tells the unit.
const SECONDS_DIGITS_MAX: usize = 11;
/// Of nanoseconds.
const DIGITS_MAX: usize = SECONDS_DIGITS_MAX + 9;

pub(super) struct HmacVerifier {
    header: HeaderName,
    prefix: String,
    encoding: Encoding,
    template: Template,
    freshness: Option<Freshness>,
    keys: Keys,
}

/// How old a signature may be, by a header that is itself signed.
struct Freshness {
    header: HeaderName,
    tolerance: Duration,
}

/// MACs that have taken in their key already; each request clones them.
enum Keys {
    Sha256(Vec<Hmac<Sha256>>),
    Sha1(Vec<Hmac<Sha1>>),
}

impl HmacVerifier {
    pub(super) fn sha256(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        let keys = secrets.iter().map(|secret| Hmac::new_from_slice(secret.expose()));
        Self::build(verify, Keys::Sha256(keys.collect::<Result<_, _>>().map_err(key_length)?))
    }

    pub(super) fn sha1(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        let keys = secrets.iter().map(|secret| Hmac::new_from_slice(secret.expose()));
        Self::build(verify, Keys::Sha1(keys.collect::<Result<_, _>>().map_err(key_length)?))
    }

    fn build(verify: &Verify, keys: Keys) -> Result<Self, VerifyError> {
        let template = Template::parse(verify.template.as_deref().unwrap_or("{body}"))?;
        if !template.signs_body() {
            let why = "template: a signature that leaves out `{body}` proves nothing of it";
            return Err(VerifyError::Manifest(why.into()));
        }
        Ok(Self {
            header: header_name(&verify.header, "header")?,
            prefix: verify.prefix.clone().unwrap_or_default(),
            encoding: verify.encoding,
            freshness: freshness(verify, &template)?,
            template,
            keys,
        })
    }

    pub(super) fn holds(&self, headers: &HeaderMap, body: &[u8], now_ms: UnixMs) -> bool {
        let Some(claimed) = self.claimed(headers) else { return false };
        let fresh = self.freshness.as_ref().is_none_or(|rule| rule.holds(headers, now_ms));
        let genuine = match &self.keys {
            Keys::Sha256(keys) => self.any_key(keys, headers, body, &claimed),
            Keys::Sha1(keys) => self.any_key(keys, headers, body, &claimed),
        };
        genuine && fresh
    }

    /// The headers are those of a genuine request: all that are signed, a signature as long as it
    /// has to be, and not too old.
    pub(super) fn can_hold(&self, headers: &HeaderMap, now_ms: UnixMs) -> bool {
        let length = match &self.keys {
            Keys::Sha256(_) => Sha256::output_size(),
            Keys::Sha1(_) => Sha1::output_size(),
        };
        self.claimed(headers).is_some_and(|claimed| claimed.len() == length)
            && self.freshness.as_ref().is_none_or(|rule| rule.holds(headers, now_ms))
            && self.template.feed(headers, &[], |_| {})
    }

    fn claimed(&self, headers: &HeaderMap) -> Option<Vec<u8>> {
        let value = headers.get(&self.header)?.as_bytes();
        let value = value.strip_prefix(self.prefix.as_bytes())?;
        match self.encoding {
            Encoding::Hex => hex::decode(value).ok(),
            Encoding::Base64 => BASE64_STANDARD.decode(value).ok(),
        }
    }

    fn any_key<M: Mac + Clone>(
        &self,
        keys: &[M],
        headers: &HeaderMap,
        body: &[u8],
        claimed: &[u8],
    ) -> bool {
        // No early end: which of several secrets matched must not show.
        let mut found = Choice::from(0);
        for key in keys {
            let mut mac = key.clone();
            if !self.template.feed(headers, body, |bytes| mac.update(bytes)) {
                return false;
            }
            found |= mac.finalize().into_bytes().as_slice().ct_eq(claimed);
        }
        found.into()
    }
}

fn key_length(_: InvalidLength) -> VerifyError {
    VerifyError::Manifest("the secret's length does not suit the scheme".into())
}

fn freshness(verify: &Verify, template: &Template) -> Result<Option<Freshness>, VerifyError> {
    let (tolerance, header) = match (&verify.tolerance, &verify.timestamp_header) {
        (None, None) => return Ok(None),
        (Some(tolerance), Some(_)) => {
            (tolerance, header_name(&verify.timestamp_header, "timestamp_header")?)
        }
        _ => {
            let why = "`tolerance` and `timestamp_header` need each other";
            return Err(VerifyError::Manifest(why.into()));
        }
    };
    if !template.signs_header(&header) {
        let why = format!("`{header}` is not in the template: anybody could renew the time");
        return Err(VerifyError::Manifest(why));
    }
    let tolerance = span(tolerance).ok_or_else(|| {
        VerifyError::Manifest(format!(
            "tolerance `{tolerance}`: expected such as `30s`, `5m`, `1h`"
        ))
    })?;
    Ok(Some(Freshness { header, tolerance }))
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

impl Freshness {
    fn holds(&self, headers: &HeaderMap, now_ms: UnixMs) -> bool {
        let signed = headers.get(&self.header).and_then(|value| value.to_str().ok());
        let Some(signed_ms) = signed.and_then(|text| unix_ms(text.trim())) else {
            return false;
        };
        u128::from(now_ms.abs_diff(signed_ms)) <= self.tolerance.as_millis()
    }
}

/// Unix time in seconds, with or without a fraction, or in whole milli-, micro- or nanoseconds.
fn unix_ms(text: &str) -> Option<UnixMs> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_whole = is_number(whole) && whole.len() <= DIGITS_MAX;
    if !is_whole || fraction.is_some_and(|digits| !is_number(digits)) {
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
