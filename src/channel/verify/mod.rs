//! Is this really the network? Checked on the raw bytes, before a plugin sees them.
//!
//! `plugin.toml` offers ways to verify, the operator chooses one and holds its secrets, and the
//! comparison takes as long for a wrong secret as for a right one. Several secrets may be in force at
//! once, so that they can be changed without losing a call. Nothing here logs a secret. Each scheme
//! has its own file; [`Door`] puts them before a channel, together with its
//! [`handshakes`](super::handshake).

mod basic_auth;
mod body_field;
mod call;
mod door;
mod ecdsa_p256;
mod ed25519;
mod error;
mod freshness;
mod hmac;
mod networks;
mod once;
mod place;
mod public_key;
mod query_token;
mod rsa_sha256;
mod secret_path;
mod signed;
mod template;
mod token;
mod token_header;
mod twilio;

use axum::http::HeaderName;

pub(super) use self::call::{pointer, text_at};
pub use self::door::Door;
pub use self::error::VerifyError;
pub(super) use self::token::Tokens;

use self::basic_auth::BasicAuth;
use self::body_field::BodyField;
use self::call::Call;
use self::hmac::{HmacSha1, HmacSha256};
use self::networks::Networks;
use self::query_token::QueryToken;
use self::secret_path::SecretPath;
use self::signed::Signed;
use self::token_header::TokenHeader;
use self::twilio::Twilio;
use super::input::Incoming;
use super::manifest::{Scheme, Verify};
use crate::config::model::{Channel, PublicUrl, Secret};
use crate::event::UnixMs;

/// The request is not from the network, or too old. Says no more: the sender need not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotVerified;

/// What a scheme does.
trait Check: Send + Sync {
    /// Whether a request with this head can be genuine, whatever its body is.
    fn can_hold(&self, call: &Call<'_>, now_ms: UnixMs) -> bool;
    /// Whether the whole request is genuine.
    fn holds(&self, call: &Call<'_>, now_ms: UnixMs) -> bool;
    /// Whether the public address is signed.
    fn needs_url(&self) -> bool {
        false
    }
    /// Whether the secret is the last segment of the address.
    fn is_in_path(&self) -> bool {
        false
    }
    /// A header that holds the secret itself: no plugin gets it.
    fn secret_header(&self) -> Option<&HeaderName> {
        None
    }
    /// The query without the secret; none when nothing is left.
    fn without_secret(&self, query: &str) -> Option<String> {
        Some(query.to_owned())
    }
}

/// `none`: whoever comes is let in.
struct Anybody;

impl Check for Anybody {
    fn can_hold(&self, _call: &Call<'_>, _now_ms: UnixMs) -> bool {
        true
    }

    fn holds(&self, _call: &Call<'_>, _now_ms: UnixMs) -> bool {
        true
    }
}

/// How the network knows a channel's address.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Address {
    /// Nobody has said it.
    Unknown,
    /// Trusted proxies say the host; this is the path.
    Proxied(String),
    /// The operator says it.
    Given(String),
}

impl Address {
    fn of(channel: &Channel) -> Self {
        let path = format!("/in/{}", channel.name);
        match &channel.public_url {
            PublicUrl::Unknown => Address::Unknown,
            PublicUrl::Proxied => Address::Proxied(path),
            PublicUrl::Given(base) => Address::Given(format!("{base}{path}")),
        }
    }
}

/// A channel's check, ready to use.
struct Verifier {
    check: Box<dyn Check>,
    from: Networks,
    address: Address,
}

impl Verifier {
    /// The check of a channel's webhooks, by the way that its operator chooses. `has_other_use`: its
    /// secret is for a handshake, too.
    fn of(channel: &Channel, ways: &[Verify], has_other_use: bool) -> Result<Self, VerifyError> {
        let verify = chosen(channel, ways)?;
        may_be_open(channel, &verify, has_other_use)?;
        let verifier = Verifier::build(&verify, &channel.secrets, Address::of(channel))?;
        if verifier.check.needs_url() && verifier.address == Address::Unknown {
            return Err(VerifyError::NoUrl(verify.scheme.word()));
        }
        Ok(verifier)
    }

    /// Joins what the plugin declares with what the operator knows.
    fn build(
        verify: &Verify,
        secrets: &[Secret],
        address: Address,
    ) -> Result<Verifier, VerifyError> {
        let scheme = verify.scheme;
        if scheme != Scheme::None {
            require(secrets, scheme.word())?;
        }
        let check: Box<dyn Check> = match scheme {
            Scheme::None => Box::new(Anybody),
            Scheme::TokenHeader => Box::new(TokenHeader::build(verify, secrets)?),
            Scheme::BodyField => Box::new(BodyField::build(verify, secrets)?),
            Scheme::QueryToken => Box::new(QueryToken::build(verify, secrets)),
            Scheme::SecretPath => Box::new(SecretPath::build(secrets)),
            Scheme::BasicAuth => Box::new(BasicAuth::build(secrets)?),
            Scheme::HmacSha256 => Box::new(HmacSha256::build(verify, secrets)?),
            Scheme::HmacSha1 => Box::new(HmacSha1::build(verify, secrets)?),
            Scheme::Twilio => Box::new(Twilio::build(verify, secrets)?),
            Scheme::Ed25519 => Box::new(ed25519::build(verify, secrets)?),
            Scheme::RsaSha256 => Box::new(rsa_sha256::build(verify, secrets)?),
            Scheme::EcdsaP256 => Box::new(ecdsa_p256::build(verify, secrets)?),
        };
        Ok(Verifier { check, from: Networks::parse(&verify.allow_from)?, address })
    }

    /// Whether it comes from where the network sends from.
    fn comes_from_network(&self, request: &Incoming) -> Result<(), NotVerified> {
        is_so(self.from.allow(request.remote.map(|remote| remote.ip())))
    }

    /// Whether a request with this head can be genuine, whatever its body is: so that what is not
    /// costs no more than its head.
    fn verify_head(&self, request: &Incoming, now_ms: UnixMs) -> Result<(), NotVerified> {
        is_so(self.check.can_hold(&Call::head(request, &self.address), now_ms))
    }

    /// Checks one request.
    fn verify(&self, request: &Incoming, now_ms: UnixMs) -> Result<(), NotVerified> {
        is_so(self.check.holds(&Call::whole(request, &self.address), now_ms))
    }
}

fn is_so(genuine: bool) -> Result<(), NotVerified> {
    if genuine { Ok(()) } else { Err(NotVerified) }
}

/// What an author can get wrong in a `[[verify]]`, without anybody's secret.
pub(super) fn check_author(verify: &Verify) -> Result<(), VerifyError> {
    Networks::parse(&verify.allow_from)?;
    let signed = |usual| Signed::of(verify, usual).map(drop);
    match verify.scheme {
        Scheme::None | Scheme::QueryToken | Scheme::SecretPath | Scheme::BasicAuth => Ok(()),
        Scheme::TokenHeader => token_header::header(verify).map(drop),
        Scheme::BodyField => body_field::field(verify).map(drop),
        Scheme::Twilio => twilio::header(verify).map(drop),
        Scheme::HmacSha256 | Scheme::HmacSha1 => signed(&hmac::USUAL),
        Scheme::Ed25519 => signed(&ed25519::USUAL),
        Scheme::RsaSha256 => signed(&rsa_sha256::USUAL),
        Scheme::EcdsaP256 => signed(&ecdsa_p256::USUAL),
    }
}

/// The way that the operator chooses, or the only one.
fn chosen(channel: &Channel, ways: &[Verify]) -> Result<Verify, VerifyError> {
    let known = || ways.iter().map(Verify::name).collect::<Vec<_>>().join(", ");
    match (channel.verify.as_deref(), ways) {
        (None, []) => Ok(Verify::default()),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(VerifyError::Choose { known: known() }),
        (Some(found), []) => Err(VerifyError::NothingToChoose { found: found.to_owned() }),
        (Some(found), ways) => ways
            .iter()
            .find(|verify| verify.name() == found)
            .cloned()
            .ok_or_else(|| VerifyError::UnknownWay { found: found.to_owned(), known: known() }),
    }
}

/// A channel that nobody checks is open to everybody: then the operator must have said that this is
/// meant.
fn may_be_open(channel: &Channel, verify: &Verify, has_other_use: bool) -> Result<(), VerifyError> {
    if verify.scheme == Scheme::None && !channel.secrets.is_empty() && !has_other_use {
        return Err(VerifyError::SecretIgnored);
    }
    if verify.compares() {
        if channel.unverified {
            return Err(VerifyError::Verified(verify.name().to_owned()));
        }
        // An address is weaker than a secret: the operator must know.
        if verify.scheme == Scheme::None && channel.verify.is_none() {
            return Err(VerifyError::ByAddress(verify.name().to_owned()));
        }
        return Ok(());
    }
    if channel.unverified { Ok(()) } else { Err(VerifyError::Open(channel.name.clone())) }
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

fn required_header(verify: &Verify, usual: Option<&str>) -> Result<HeaderName, VerifyError> {
    let name = verify.header.as_deref().or(usual);
    header_name(name.ok_or_else(|| VerifyError::author("this scheme needs `header`"))?)
}

fn header_name(name: &str) -> Result<HeaderName, VerifyError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| VerifyError::author(format!("`{name}` is no header name")))
}

#[cfg(test)]
mod tests;
