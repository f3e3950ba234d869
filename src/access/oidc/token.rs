//! Whether an ID token is genuine and meant for this login (OpenID Connect Core, 3.1.3.7). Time is an
//! argument: the library would look at a clock of its own.

use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::claims::Claims;
use super::signatures::{self, ALGORITHMS};

/// A provider has two or three keys; beyond that a token without a name of its key is not tried.
const KEYS_TRIED_MAX: usize = 16;

/// Why a token does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No JWT, or signed in a way that proves nothing.
    #[error("it is not signed in a way that proves who signed it")]
    Unsigned,
    /// No key of the provider's is meant.
    #[error("it is signed with a key that the provider does not publish")]
    UnknownKey,
    /// By nobody who has the key.
    #[error("its signature is wrong")]
    Signature,
    /// `iss` or `aud`.
    #[error("it is of another issuer or for another client")]
    Elsewhere,
    /// `exp`, by the limit of `access.oidc.clock_skew`.
    #[error("it has expired")]
    Expired,
    /// `nbf` or `iat`, by the same limit.
    #[error("it is of the future: one of the two clocks is wrong")]
    Future,
    /// `nonce`
    #[error("it is of another login")]
    OtherLogin,
}

/// What a token must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now_s: f64,
    pub(super) skew_s: f64,
}

/// Who it speaks of.
#[derive(Debug, Deserialize)]
pub(super) struct Spoken {
    pub(super) sub: String,
    iss: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    azp: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub(super) claims: Claims,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The head of a token, if it may be looked at further.
pub(super) fn head(token: &str) -> Result<Header, TokenError> {
    let head = decode_header(token).map_err(|_| TokenError::Unsigned)?;
    if ALGORITHMS.contains(&head.alg) { Ok(head) } else { Err(TokenError::Unsigned) }
}

/// The keys that may have signed it.
pub(super) fn keys<'a>(head: &Header, all: &'a JwkSet) -> Vec<&'a Jwk> {
    let family = head.alg.family();
    let fits = |key: &&Jwk| {
        let is_named = head.kid.is_none() || key.common.key_id == head.kid;
        let is_for_this =
            key.common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature)
                && key.common.key_algorithm.is_none_or(|it| it == KeyAlgorithm::from(head.alg));
        let is_of_it = DecodingKey::from_jwk(key).is_ok_and(|key| key.family() == family);
        is_named && is_for_this && is_of_it
    };
    all.keys.iter().filter(fits).take(KEYS_TRIED_MAX).collect()
}

/// What the token says, if it holds.
pub(super) fn verified(
    token: &str,
    head: &Header,
    keys: &[&Jwk],
    expected: &Expected<'_>,
) -> Result<Spoken, TokenError> {
    signatures::install();
    let mut validation = Validation::new(head.alg);
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    let mut why = TokenError::UnknownKey;
    for key in keys {
        let Ok(key) = DecodingKey::from_jwk(key) else { continue };
        match decode::<Spoken>(token, &key, &validation) {
            Ok(token) => return meant(token.claims, expected),
            Err(error) => why = explained(&error),
        }
    }
    Err(why)
}

fn explained(error: &jsonwebtoken::errors::Error) -> TokenError {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => TokenError::Elsewhere,
        ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_)
        | ErrorKind::Json(_) => TokenError::Elsewhere,
        ErrorKind::InvalidSignature => TokenError::Signature,
        _ => TokenError::Unsigned,
    }
}

fn meant(mut spoken: Spoken, expected: &Expected<'_>) -> Result<Spoken, TokenError> {
    let is_client = |it: &String| it == expected.client_id;
    let is_for_us = match &spoken.aud {
        Audience::One(one) => is_client(one),
        // For several it must say which of them asked.
        Audience::Many(all) => {
            all.iter().any(is_client) && (all.len() == 1 || spoken.azp.is_some())
        }
    };
    let is_asked_by_us = spoken.azp.as_ref().is_none_or(is_client);
    if spoken.iss != expected.issuer || !is_for_us || !is_asked_by_us || spoken.sub.is_empty() {
        return Err(TokenError::Elsewhere);
    }
    // What is no number is neither before nor after.
    let holds_still = expected.now_s < spoken.exp + expected.skew_s;
    if !holds_still {
        return Err(TokenError::Expired);
    }
    let has_begun = |begins: f64| begins - expected.skew_s <= expected.now_s;
    let Some(made) = spoken.iat else { return Err(TokenError::Elsewhere) };
    if !has_begun(made) || !spoken.nbf.is_none_or(has_begun) {
        return Err(TokenError::Future);
    }
    let nonce = spoken.nonce.as_deref().unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(TokenError::OtherLogin);
    }
    // People may be called by it.
    spoken.claims.insert("sub".to_owned(), spoken.sub.clone().into());
    Ok(spoken)
}
