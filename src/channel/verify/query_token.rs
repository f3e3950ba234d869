//! `query-token`: a parameter of the query repeats the secret.

use form_urlencoded::parse;

use super::Check;
use super::call::Call;
use super::token::Tokens;
use crate::channel::manifest::Verify;
use crate::config::model::Secret;
use crate::event::UnixMs;

const PARAMETER: &str = "token";

pub(super) struct QueryToken {
    parameter: String,
    tokens: Tokens,
}

impl QueryToken {
    pub(super) fn build(verify: &Verify, secrets: &[Secret]) -> Self {
        let parameter = verify.parameter.as_deref().unwrap_or(PARAMETER).to_owned();
        Self { parameter, tokens: Tokens::new(secrets) }
    }
}

impl Check for QueryToken {
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool {
        self.holds(call, now_ms)
    }

    fn holds(&self, call: &Call<'_>, _now_ms: UnixMs) -> bool {
        let mut parameters = parse(call.query().as_bytes());
        let token = parameters.find(|(name, _)| *name == self.parameter);
        token.is_some_and(|(_, token)| self.tokens.contain(token.as_bytes()))
    }

    fn without_secret(&self, query: &str) -> Option<String> {
        let is_secret = |pair: &str| {
            parse(pair.as_bytes()).next().is_some_and(|(name, _)| name == self.parameter)
        };
        let rest: Vec<&str> = query.split('&').filter(|pair| !is_secret(pair)).collect();
        (!rest.is_empty()).then(|| rest.join("&"))
    }
}
