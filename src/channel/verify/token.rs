//! Schemes in which the network simply repeats the secret.

use axum::http::{HeaderMap, HeaderName};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::{VerifyError, header_name};
use crate::channel::manifest::Verify;
use crate::config::model::Secret;

/// Secrets by their digests: comparing digests takes the same time whatever the lengths.
struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    fn new(secrets: &[Secret]) -> Self {
        Self(secrets.iter().map(|secret| Sha256::digest(secret.expose()).into()).collect())
    }

    fn contain(&self, token: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(token).into();
        // No early end: how many secrets there are must not show either.
        self.0.iter().fold(Choice::from(0), |found, secret| found | secret.ct_eq(&digest)).into()
    }
}

/// `token-header`: a header holds the secret.
pub(super) struct TokenHeader {
    header: HeaderName,
    prefix: String,
    tokens: Tokens,
}

impl TokenHeader {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        Ok(Self {
            header: header_name(&verify.header, "header")?,
            prefix: verify.prefix.clone().unwrap_or_default(),
            tokens: Tokens::new(secrets),
        })
    }

    pub(super) fn holds(&self, headers: &HeaderMap) -> bool {
        headers
            .get(&self.header)
            .and_then(|value| value.as_bytes().strip_prefix(self.prefix.as_bytes()))
            .is_some_and(|token| self.tokens.contain(token))
    }
}

/// `body-field`: a field of the JSON body holds the secret.
pub(super) struct BodyField {
    pointer: String,
    tokens: Tokens,
}

impl BodyField {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        let field = verify.field.as_deref().filter(|field| !field.is_empty()).ok_or_else(|| {
            VerifyError::Manifest("this scheme needs `field`, such as \"secret\"".into())
        })?;
        let pointer = if field.starts_with('/') { field.to_owned() } else { format!("/{field}") };
        Ok(Self { pointer, tokens: Tokens::new(secrets) })
    }

    pub(super) fn holds(&self, body: &[u8]) -> bool {
        let Ok(json) = serde_json::from_slice::<serde_json::Value>(body) else { return false };
        json.pointer(&self.pointer)
            .and_then(|token| token.as_str())
            .is_some_and(|token| self.tokens.contain(token.as_bytes()))
    }
}
