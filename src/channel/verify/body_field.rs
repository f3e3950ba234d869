//! `body-field`: a field of the body repeats the secret.

use super::call::Call;
use super::token::Tokens;
use super::{Check, VerifyError};
use crate::channel::manifest::Verify;
use crate::config::model::Secret;
use crate::event::UnixMs;

pub(super) struct BodyField {
    field: String,
    tokens: Tokens,
}

/// The field that it stands in.
pub(super) fn field(verify: &Verify) -> Result<String, VerifyError> {
    verify
        .field
        .clone()
        .filter(|field| !field.is_empty())
        .ok_or_else(|| VerifyError::author("this scheme needs `field`, such as \"secret\""))
}

impl BodyField {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        Ok(Self { field: field(verify)?, tokens: Tokens::new(secrets) })
    }
}

impl Check for BodyField {
    fn can_hold(&self, _call: &Call<'_>, _now_ms: UnixMs) -> bool {
        true
    }

    fn holds(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        let token = call.text_field(&self.field);
        token.is_some_and(|token| self.tokens.contain(token.as_bytes()))
    }
}
