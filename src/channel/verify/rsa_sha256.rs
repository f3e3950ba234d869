//! `rsa-sha256`: as Freshchat signs. The secret is the account's public key as PEM.

use webpki::ring::RSA_PKCS1_2048_8192_SHA256;

use super::VerifyError;
use super::public_key::{PublicKey, PublicKeySigned, der, keys};
use super::signed::{Signed, Usual};
use crate::channel::manifest::{Encoding, Verify};
use crate::config::model::Secret;

/// Of a bare RSA key in DER: a sequence of more than 255 bytes, and in it the modulus.
const SEQUENCE: [u8; 2] = [0x30, 0x82];
const INTEGER: u8 = 0x02;

/// Where the author says nothing.
pub(super) const USUAL: Usual = Usual {
    header: Some("X-FreshChat-Signature"),
    template: "{body}",
    timestamp_header: None,
    encoding: Encoding::Base64,
};

pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<PublicKeySigned, VerifyError> {
    let algorithm = RSA_PKCS1_2048_8192_SHA256;
    let read = |secret: &[u8]| {
        // "BEGIN RSA PUBLIC KEY" should be a bare key, and at Freshchat is not.
        let der = der(secret)?;
        let is_bare = der.starts_with(&SEQUENCE) && der.get(4) == Some(&INTEGER);
        if is_bare { Some(PublicKey::Bare(der)) } else { PublicKey::named(der, algorithm) }
    };
    let keys = keys(secrets, "an RSA public key as PEM", read)?;
    Ok(PublicKeySigned { signed: Signed::of(verify, &USUAL)?, algorithm, keys })
}
