//! `token-header`: a header repeats the secret.

use axum::http::HeaderName;

use super::call::Call;
use super::token::Tokens;
use super::{Check, VerifyError, required_header};
use crate::channel::manifest::Verify;
use crate::config::model::Secret;
use crate::event::UnixMs;

pub(super) struct TokenHeader {
    header: HeaderName,
    prefix: String,
    tokens: Tokens,
}

/// The header that it stands in.
pub(super) fn header(verify: &Verify) -> Result<HeaderName, VerifyError> {
    required_header(verify, None)
}

impl TokenHeader {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Result<Self, VerifyError> {
        let prefix = verify.prefix.clone().unwrap_or_default();
        Ok(Self { header: header(verify)?, prefix, tokens: Tokens::new(secrets) })
    }
}

impl Check for TokenHeader {
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        self.holds(call, now_ms)
    }

    fn holds(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        call.header(&self.header)
            .and_then(|value| value.strip_prefix(self.prefix.as_bytes()))
            .is_some_and(|token| self.tokens.contain(token))
    }

    fn secret_header(&self) -> Option<&HeaderName> {
        Some(&self.header)
    }
}
