//! `twilio`: HMAC-SHA1 over the address and the sorted fields of the form, in base64. Of a body that
//! is no form, the address holds the digest (`bodySHA256`).

use axum::http::HeaderName;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use form_urlencoded::parse;
use hmac::digest::OutputSizeUser;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::call::Call;
use super::hmac::{any_key, keys};
use super::{Check, VerifyError, required_header};
use crate::channel::manifest::Verify;
use crate::config::model::Secret;
use crate::event::UnixMs;

const HEADER: &str = "X-Twilio-Signature";
const BODY_DIGEST: &str = "bodySHA256";

pub(super) struct Twilio {
    header: HeaderName,
    keys: Vec<Hmac<Sha1>>,
}

/// The header that the signature stands in.
pub(super) fn header(verify: &Verify) -> Result<HeaderName, VerifyError> {
    required_header(verify, Some(HEADER))
}

impl Twilio {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        Ok(Self { header: header(verify)?, keys: keys(secrets)? })
    }

    fn claimed(&self, call: &Call<'_>) -> Option<Vec<u8>> {
        let claimed = BASE64_STANDARD.decode(call.header(&self.header)?).ok()?;
        (claimed.len() == <Sha1 as OutputSizeUser>::output_size()).then_some(claimed)
    }
}

impl Check for Twilio {
    fn can_hold(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        self.claimed(call).is_some() && call.url().is_some()
    }

    fn holds(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        let (Some(claimed), Some(url)) = (self.claimed(call), call.url()) else { return false };
        let Some(fields) = fields(call) else { return false };
        // Twilio's libraries take all of them: proxies hide on which port it called.
        spellings(&url).iter().fold(false, |found, url| {
            let feed = |mac: &mut Hmac<Sha1>| {
                mac.update(url.as_bytes());
                mac.update(fields.as_bytes());
                true
            };
            any_key(&self.keys, &claimed, feed) | found
        })
    }

    fn needs_url(&self) -> bool {
        true
    }
}

/// What is signed after the address. None when a body is there that nothing signs.
fn fields(call: &Call<'_>) -> Option<String> {
    if let Some(form) = call.form() {
        let mut pairs: Vec<_> = form.iter().collect();
        pairs.sort_unstable();
        pairs.dedup();
        return Some(pairs.into_iter().map(|(name, value)| format!("{name}{value}")).collect());
    }
    let body = call.body().unwrap_or_default();
    let said = parse(call.query().as_bytes()).find(|(name, _)| name == BODY_DIGEST);
    let is_signed = match said {
        Some((_, said)) => {
            let said = hex::decode(said.as_bytes()).unwrap_or_default();
            bool::from(Sha256::digest(body).as_slice().ct_eq(&said))
        }
        None => body.is_empty(),
    };
    is_signed.then(String::new)
}

/// The address as it is, without its port, and with the port that its scheme has anyway.
fn spellings(url: &str) -> Vec<String> {
    let mut spellings = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return spellings };
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let default_port = if scheme == "https" { 443 } else { 80 };
    let port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match authority.rsplit_once(':').filter(|(_, number)| port(number)) {
        Some((host, _)) => spellings.push(format!("{scheme}://{host}{rest}")),
        None => spellings.push(format!("{scheme}://{authority}:{default_port}{rest}")),
    }
    spellings
}
