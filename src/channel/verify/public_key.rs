//! What schemes with a public key have in common: the network signs with a key that it keeps to
//! itself, and the operator's "secret" is the other half, which only has to be the right one.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::pki_types::{SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use webpki::{Error, RawPublicKeyEntity};

use super::call::Call;
use super::signed::Signed;
use super::{Check, VerifyError};
use crate::config::model::Secret;
use crate::event::UnixMs;

pub(super) struct PublicKeySigned {
    pub(super) signed: Signed,
    pub(super) algorithm: &'static dyn SignatureVerificationAlgorithm,
    pub(super) keys: Vec<PublicKey>,
}

pub(super) enum PublicKey {
    /// As the algorithm itself writes it.
    Bare(Vec<u8>),
    /// With the name of its algorithm (RFC 5280).
    Named(SubjectPublicKeyInfoDer<'static>),
}

impl PublicKey {
    /// From DER with the name of the algorithm; none when it is no such thing, or of another one.
    pub(super) fn named(
        der: Vec<u8>,
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> Option<PublicKey> {
        let der = SubjectPublicKeyInfoDer::from(der);
        let entity = RawPublicKeyEntity::try_from(&der).ok()?;
        // Nothing is signed by nothing: what is said of it tells whether the key could be used.
        let said = entity.verify_signature(algorithm, &[], &[]);
        let is_usable = said == Err(Error::InvalidSignatureForPublicKey);
        is_usable.then_some(PublicKey::Named(der))
    }

    fn has_signed(
        &self,
        message: &[u8],
        signature: &[u8],
        algorithm: &'static dyn SignatureVerificationAlgorithm,
    ) -> bool {
        match self {
            PublicKey::Bare(key) => algorithm.verify_signature(key, message, signature).is_ok(),
            PublicKey::Named(der) => RawPublicKeyEntity::try_from(der)
                .and_then(|entity| entity.verify_signature(algorithm, message, signature))
                .is_ok(),
        }
    }
}

/// Each secret read as a key.
pub(super) fn keys(
    secrets: &[Secret],
    expected: &'static str,
    read: impl Fn(&[u8]) -> Option<PublicKey>,
) -> Result<Vec<PublicKey>, VerifyError> {
    let key = |(index, secret): (usize, &Secret)| {
        read(secret.expose()).ok_or(VerifyError::Key { number: index + 1, expected })
    };
    secrets.iter().enumerate().map(key).collect()
}

/// The bytes of PEM, also where it has lost its lines, or of plain base64.
pub(super) fn der(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let inner = match text.strip_prefix("-----BEGIN ") {
        Some(rest) => rest.split_once("-----")?.1.split_once("-----END ")?.0,
        None => text,
    };
    let plain: String = inner.split_whitespace().collect();
    BASE64_STANDARD.decode(plain).ok()
}

impl Check for PublicKeySigned {
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        if !self.signed.template.reads_body() {
            return self.holds(call, now_ms);
        }
        self.signed.can_hold(call, now_ms, |claimed| !claimed.is_empty())
    }

    fn holds(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        let Some(claimed) = self.signed.claimed(call) else { return false };
        let mut message = Vec::with_capacity(call.body().map_or(0, <[u8]>::len));
        self.signed.is_fresh(call, now_ms)
            && self.signed.template.feed(call, |bytes| message.extend_from_slice(bytes))
            && self.keys.iter().any(|key| key.has_signed(&message, &claimed, self.algorithm))
            // Of one message there can be several genuine signatures.
            && self.signed.is_of_its_body(call, &message, now_ms)
    }

    fn needs_url(&self) -> bool {
        self.signed.template.needs_url()
    }
}
