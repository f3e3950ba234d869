//! Handshakes that are asked for by a GET or HEAD: all that matters stands in the query.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use form_urlencoded::parse;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{ANY, answer};
use crate::channel::manifest::{Handshake, Shake};
use crate::channel::reply::Reply;
use crate::channel::verify::{NotVerified, Tokens, VerifyError};
use crate::config::model::{Channel, Secret};

/// Longest challenge that is repeated or signed.
const CHALLENGE_BYTES_MAX: usize = 256;

pub(super) enum Get {
    /// `ok`
    Ok,
    /// `meta-challenge`
    MetaChallenge(Tokens),
    /// `x-crc`, with the newest secret.
    XCrc(Hmac<Sha256>),
}

impl Get {
    /// With whether the channel's own secret is used.
    pub(super) fn build(
        handshake: &Handshake,
        channel: &Channel,
    ) -> Result<(Get, bool), VerifyError> {
        match handshake.scheme {
            Shake::MetaChallenge => meta_challenge(handshake.name(), channel),
            Shake::XCrc => x_crc(handshake.name(), channel).map(|get| (get, true)),
            Shake::Ok | Shake::Echo | Shake::Fixed => Ok((Get::Ok, false)),
        }
    }

    pub(super) fn is_for_all(&self) -> bool {
        matches!(self, Get::Ok)
    }

    /// None: the query asks for something else.
    pub(super) fn answer(&self, query: &str) -> Option<Result<Reply, NotVerified>> {
        let parameter = |wanted: &str| {
            let mut all = parse(query.as_bytes());
            all.find_map(|(name, value)| (name == wanted).then_some(value))
        };
        match self {
            Get::Ok => Some(Ok(Reply::default())),
            Get::MetaChallenge(tokens) => {
                let mode = parameter("hub.mode")?;
                let (token, challenge) =
                    (parameter("hub.verify_token"), parameter("hub.challenge"));
                let is_known = token.is_some_and(|token| tokens.contain(token.as_bytes()));
                let challenge = challenge.filter(|it| it.len() <= CHALLENGE_BYTES_MAX);
                Some(match challenge {
                    Some(challenge) if is_known && mode == "subscribe" => {
                        Ok(answer("text/plain", challenge.into_owned()))
                    }
                    _ => Err(NotVerified),
                })
            }
            Get::XCrc(key) => {
                let token = parameter("crc_token")?;
                Some(if is_crc_token(&token) { Ok(crc(key, &token)) } else { Err(NotVerified) })
            }
        }
    }
}

/// Anybody may ask for it, and a webhook is signed in the same way: so nothing that could be a
/// webhook's body is signed here, which would have a `{` or a space.
fn is_crc_token(token: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=.".contains(&byte);
    (1..=CHALLENGE_BYTES_MAX).contains(&token.len()) && token.bytes().all(plain)
}

fn crc(key: &Hmac<Sha256>, token: &str) -> Reply {
    let mac = key.clone().chain_update(token.as_bytes()).finalize().into_bytes();
    let signed = format!("sha256={}", BASE64_STANDARD.encode(mac));
    answer("application/json", serde_json::json!({ "response_token": signed }).to_string())
}

fn meta_challenge(name: &str, channel: &Channel) -> Result<(Get, bool), VerifyError> {
    let wrong = |why: &str| VerifyError::Handshake { name: name.to_owned(), why: why.to_owned() };
    let Some(given) = channel.handshake.get(name) else {
        if channel.secrets.is_empty() {
            let why =
                "the token that the network repeats is missing: add it to the channel's section";
            return Err(wrong(why));
        }
        return Ok((Get::MetaChallenge(Tokens::new(&channel.secrets)), true));
    };
    if given.keys().any(|key| key != ANY) {
        return Err(wrong("one token, not one for each of something"));
    }
    let tokens: Vec<&Secret> = given.values().flatten().collect();
    if tokens.is_empty() || tokens.iter().any(|token| token.expose().is_empty()) {
        return Err(wrong("the token is empty"));
    }
    Ok((Get::MetaChallenge(Tokens::new(tokens)), false))
}

fn x_crc(name: &str, channel: &Channel) -> Result<Get, VerifyError> {
    let newest = channel.secrets.first().filter(|secret| !secret.expose().is_empty());
    let key = newest.and_then(|secret| Hmac::new_from_slice(secret.expose()).ok());
    let why = "it is answered with the channel's `secret`, and there is none";
    key.map(Get::XCrc)
        .ok_or_else(|| VerifyError::Handshake { name: name.to_owned(), why: why.to_owned() })
}
