//! `ed25519`: as Discord signs. The secret is the application's public key in hexadecimal.

use webpki::ring::ED25519;

use super::VerifyError;
use super::public_key::{PublicKey, PublicKeySigned, keys};
use super::signed::{Signed, Usual};
use crate::channel::manifest::{Encoding, Verify};
use crate::config::model::Secret;

const KEY_BYTES: usize = 32;

/// Where the author says nothing.
pub(super) const USUAL: Usual = Usual {
    header: Some("X-Signature-Ed25519"),
    template: "{header:X-Signature-Timestamp}{body}",
    timestamp_header: Some("X-Signature-Timestamp"),
    encoding: Encoding::Hex,
};

pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<PublicKeySigned, VerifyError> {
    let read = |secret: &[u8]| {
        let key = hex::decode(secret.trim_ascii()).ok()?;
        (key.len() == KEY_BYTES).then_some(PublicKey::Bare(key))
    };
    let keys = keys(secrets, "an Ed25519 public key of 64 hexadecimal digits", read)?;
    Ok(PublicKeySigned { signed: Signed::of(verify, &USUAL)?, algorithm: ED25519, keys })
}
