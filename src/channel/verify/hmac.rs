//! `hmac-sha256` and `hmac-sha1`: a MAC over a template of the request.

use hmac::digest::{InvalidLength, OutputSizeUser};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::call::Call;
use super::signed::{Signed, Usual};
use super::{Check, VerifyError};
use crate::channel::manifest::{Encoding, Verify};
use crate::config::model::Secret;
use crate::event::UnixMs;

/// Where the author says nothing.
pub(super) const USUAL: Usual =
    Usual { header: None, template: "{body}", timestamp_header: None, encoding: Encoding::Hex };

/// MACs that have taken in their key already; each request clones them.
pub(super) struct HmacSigned<M> {
    signed: Signed,
    keys: Vec<M>,
}

pub(super) type HmacSha256 = HmacSigned<Hmac<Sha256>>;
pub(super) type HmacSha1 = HmacSigned<Hmac<Sha1>>;

impl<M: Mac + KeyInit> HmacSigned<M> {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        Ok(Self { signed: Signed::of(verify, &USUAL)?, keys: keys(secrets)? })
    }
}

/// A MAC for each secret.
pub(super) fn keys<M: KeyInit>(secrets: &[Secret]) -> Result<Vec<M>, VerifyError> {
    let keys = secrets.iter().map(|secret| M::new_from_slice(secret.expose()));
    keys.collect::<Result<_, InvalidLength>>()
        .map_err(|_| VerifyError::author("the secret's length does not suit the scheme"))
}

/// Whether one of the keys makes this MAC of what is fed; false when something is missing.
pub(super) fn any_key<M: Mac + Clone>(
    keys: &[M],
    claimed: &[u8],
    feed: impl Fn(&mut M) -> bool,
) -> bool {
    // No early end: which of several secrets matched must not show.
    let mut found = Choice::from(0);
    for key in keys {
        let mut mac = key.clone();
        if !feed(&mut mac) {
            return false;
        }
        found |= mac.finalize().into_bytes().as_slice().ct_eq(claimed);
    }
    found.into()
}

impl<M: Mac + Clone + OutputSizeUser + Send + Sync> Check for HmacSigned<M> {
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        if !self.signed.template.reads_body() {
            return self.holds(call, now_ms);
        }
        self.signed.can_hold(call, now_ms, |claimed| claimed.len() == M::output_size())
    }

    fn holds(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        let Some(claimed) = self.signed.claimed(call) else { return false };
        let fresh = self.signed.is_fresh(call, now_ms);
        let feed = |mac: &mut M| self.signed.template.feed(call, |bytes| mac.update(bytes));
        any_key(&self.keys, &claimed, feed)
            && fresh
            && self.signed.is_of_its_body(call, &claimed, now_ms)
    }

    fn needs_url(&self) -> bool {
        self.signed.template.needs_url()
    }
}
