//! `basic-auth`: HTTP's own user and password (RFC 7617). The secret is `user:password`.

use axum::http::{HeaderName, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::call::Call;
use super::token::Tokens;
use super::{Check, VerifyError};
use crate::config::model::Secret;
use crate::event::UnixMs;

const SCHEME: &[u8] = b"basic ";

pub(super) struct BasicAuth(Tokens);

impl BasicAuth {
    pub(super) fn build(secrets: &[Secret]) -> Result<Self, VerifyError> {
        let whole = |secret: &Secret| secret.expose().contains(&b':');
        if let Some(index) = secrets.iter().position(|secret| !whole(secret)) {
            return Err(VerifyError::Key { number: index + 1, expected: "`user:password`" });
        }
        Ok(Self(Tokens::new(secrets)))
    }
}

impl Check for BasicAuth {
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        self.holds(call, now_ms)
    }

    fn holds(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        let said = call.header(&header::AUTHORIZATION);
        let (scheme, rest) = match said.and_then(|said| said.split_at_checked(SCHEME.len())) {
            Some(parts) => parts,
            None => return false,
        };
        let credentials = BASE64_STANDARD.decode(rest.trim_ascii());
        scheme.eq_ignore_ascii_case(SCHEME)
            && credentials.is_ok_and(|credentials| self.0.contain(&credentials))
    }

    fn secret_header(&self) -> Option<&HeaderName> {
        Some(&header::AUTHORIZATION)
    }
}
