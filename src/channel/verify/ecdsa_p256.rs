//! `ecdsa-p256`: as SendGrid signs its events. The secret is the public key as base64 or PEM.

use webpki::ring::ECDSA_P256_SHA256;

use super::VerifyError;
use super::public_key::{PublicKey, PublicKeySigned, der, keys};
use super::signed::{Signed, Usual};
use crate::channel::manifest::{Encoding, Verify};
use crate::config::model::Secret;

/// Where the author says nothing.
pub(super) const USUAL: Usual = Usual {
    header: Some("X-Twilio-Email-Event-Webhook-Signature"),
    template: "{header:X-Twilio-Email-Event-Webhook-Timestamp}{body}",
    timestamp_header: Some("X-Twilio-Email-Event-Webhook-Timestamp"),
    encoding: Encoding::Base64,
};

pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<PublicKeySigned, VerifyError> {
    let algorithm = ECDSA_P256_SHA256;
    let read = |secret: &[u8]| PublicKey::named(der(secret)?, algorithm);
    let keys = keys(secrets, "a P-256 public key as base64 or PEM", read)?;
    Ok(PublicKeySigned { signed: Signed::of(verify, &USUAL)?, algorithm, keys })
}
