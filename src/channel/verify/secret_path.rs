//! `secret-path`: the address is `/in/CHANNEL/SECRET`.

use percent_encoding::percent_decode_str;

use super::Check;
use super::call::Call;
use super::token::Tokens;
use crate::config::model::Secret;
use crate::event::UnixMs;

pub(super) struct SecretPath(Tokens);

impl SecretPath {
    pub(super) fn build(secrets: &[Secret]) -> Self {
        Self(Tokens::new(secrets))
    }
}

impl Check for SecretPath {
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        self.holds(call, now_ms)
    }

    fn holds(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        let segment = call.tail().map(|tail| percent_decode_str(tail).collect::<Vec<u8>>());
        segment.is_some_and(|segment| self.0.contain(&segment))
    }

    fn is_in_path(&self) -> bool {
        true
    }
}
