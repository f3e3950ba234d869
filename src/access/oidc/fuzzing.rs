//! What the fuzzer needs of the inside: an ID token by keys that somebody publishes, and what a provider
//! says of itself.

use jsonwebtoken::jwk::JwkSet;
use reqwest::Url;

use super::claims::{self, Claims};
use super::provider::Described;
use super::token::{Expected, head, keys, verified};
use crate::config::host::is_https_or_here;
use crate::config::model;

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const CLIENT: &str = "wall";
pub(crate) const NONCE: &str = "n";
/// A login at that second, by a clock that may be off by a minute.
const NOW_S: f64 = 1_800_000_000.0;

/// What a token says, if it holds; and name and role of whomever it speaks of, if they have any.
pub(crate) fn token(published: &[u8], token: &str) -> Option<(Claims, Option<String>)> {
    let all: JwkSet = serde_json::from_slice(published).ok()?;
    let head = head(token).ok()?;
    let expected =
        Expected { issuer: ISSUER, client_id: CLIENT, nonce: NONCE, now_s: NOW_S, skew_s: 60.0 };
    let spoken = verified(token, &head, &keys(&head, &all), &expected).ok()?;
    let name = claims::name(&spoken.claims, &model::Oidc::default()).ok();
    Some((spoken.claims, name))
}

/// Where a provider that describes itself so would have browsers go.
pub(crate) fn page(described: &[u8]) -> Option<Url> {
    let described: Described = serde_json::from_slice(described).ok()?;
    described.authorization_endpoint.parse().ok().filter(is_https_or_here)
}
