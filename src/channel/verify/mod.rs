//! Is this really the network? Checked on the raw bytes, before a plugin sees them.
//!
//! `plugin.toml` names the scheme, the operator's config holds the secrets, and the comparison
//! takes as long for a wrong signature as for a right one. Several secrets may be in force at
//! once, so that they can be changed without losing a call. Nothing here logs a secret.

mod hmac;
mod template;
mod token;

use axum::http::HeaderMap;

use self::hmac::HmacVerifier;
use self::token::{BodyField, TokenHeader};
use super::manifest::{Scheme, Verify};
use crate::config::model::{Channel, Secret};
use crate::event::UnixMs;

/// The request is not from the network, or too old. Says no more: the sender need not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotVerified;

/// Why a channel cannot verify: the operator's or the plugin author's mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The scheme compares with a secret, and the config names none.
    #[error(
        "the plugin verifies its webhooks by `{0}` and the channel has no secret: add `secret` \
         to its section"
    )]
    NoSecret(&'static str),
    /// Nothing is compared, and the operator has not said that this is meant.
    #[error(
        "the plugin verifies no webhooks: whoever reaches /in/{0} can write into the channel. \
         Protect that address yourself and say `unverified = true` in the channel's section"
    )]
    Open(String),
    /// Nothing is compared, so a secret would only look like a protection.
    #[error(
        "the plugin verifies no webhooks, so the channel's `secret` protects nothing: remove it"
    )]
    SecretIgnored,
    /// The plugin does verify.
    #[error("`unverified = true`: the plugin verifies its webhooks by `{0}`; remove it")]
    Verified(&'static str),
    /// An empty secret would match an empty header.
    #[error("the channel's secret number {0} is empty")]
    EmptySecret(usize),
    /// The manifest lacks a key that the scheme needs, or has it wrong.
    #[error("plugin.toml [verify]: {0}")]
    Manifest(String),
}

/// A channel's check, ready to use.
pub struct Verifier {
    check: Check,
}

enum Check {
    None,
    TokenHeader(TokenHeader),
    BodyField(BodyField),
    Hmac(HmacVerifier),
}

impl Verifier {
    /// The check of a channel's webhooks. One that nobody checks is open to everybody: then the
    /// operator must have said that this is meant.
    pub fn of(channel: &Channel, verify: &Verify) -> Result<Verifier, VerifyError> {
        match verify.scheme {
            Scheme::None if !channel.secrets.is_empty() => return Err(VerifyError::SecretIgnored),
            Scheme::None if !channel.unverified => {
                return Err(VerifyError::Open(channel.name.clone()));
            }
            Scheme::None => {}
            scheme if channel.unverified => return Err(VerifyError::Verified(scheme.word())),
            _ => {}
        }
        Verifier::build(verify, &channel.secrets)
    }

    /// Joins what the plugin declares with what the operator knows.
    fn build(verify: &Verify, secrets: &[Secret]) -> Result<Verifier, VerifyError> {
        let scheme = verify.scheme;
        if scheme != Scheme::None {
            require(secrets, scheme.word())?;
        }
        let check = match scheme {
            Scheme::None => Check::None,
            Scheme::TokenHeader => Check::TokenHeader(TokenHeader::build(verify, secrets)?),
            Scheme::BodyField => Check::BodyField(BodyField::build(verify, secrets)?),
            Scheme::HmacSha256 => Check::Hmac(HmacVerifier::sha256(verify, secrets)?),
            Scheme::HmacSha1 => Check::Hmac(HmacVerifier::sha1(verify, secrets)?),
        };
        Ok(Verifier { check })
    }

    /// Whether a request with these headers can be genuine, whatever its body is: so that what is
    /// not costs no more than its head.
    pub fn verify_head(&self, headers: &HeaderMap, now_ms: UnixMs) -> Result<(), NotVerified> {
        let can_be_genuine = match &self.check {
            Check::None | Check::BodyField(_) => true,
            Check::TokenHeader(check) => check.holds(headers),
            Check::Hmac(check) => check.can_hold(headers, now_ms),
        };
        if can_be_genuine { Ok(()) } else { Err(NotVerified) }
    }

    /// Checks one request.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now_ms: UnixMs,
    ) -> Result<(), NotVerified> {
        let genuine = match &self.check {
            Check::None => true,
            Check::TokenHeader(check) => check.holds(headers),
            Check::BodyField(check) => check.holds(body),
            Check::Hmac(check) => check.holds(headers, body, now_ms),
        };
        if genuine { Ok(()) } else { Err(NotVerified) }
    }
}

fn require(secrets: &[Secret], scheme: &'static str) -> Result<(), VerifyError> {
    if secrets.is_empty() {
        return Err(VerifyError::NoSecret(scheme));
    }
    match secrets.iter().position(|secret| secret.expose().is_empty()) {
        Some(index) => Err(VerifyError::EmptySecret(index + 1)),
        None => Ok(()),
    }
}

fn header_name(name: &Option<String>, key: &str) -> Result<axum::http::HeaderName, VerifyError> {
    let name = name
        .as_deref()
        .ok_or_else(|| VerifyError::Manifest(format!("this scheme needs `{key}`")))?;
    parse_header_name(name)
}

fn parse_header_name(name: &str) -> Result<axum::http::HeaderName, VerifyError> {
    axum::http::HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| VerifyError::Manifest(format!("`{name}` is no header name")))
}

#[cfg(test)]
mod tests;
