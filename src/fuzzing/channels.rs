//! One channel for each way to verify a webhook, and a network that knows how to sign for it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::channel::manifest::{Encoding, Scheme, Verify};
use crate::channel::reply::Refusal;
use crate::channel::verify::Verifier;
use crate::clock;
use crate::config::model::{Channel, Secret};

/// Of every channel that has one.
pub(super) const SECRET: &str = "5p-kW3vTq9_zR7mX";
/// By their names.
pub(super) const NAMES: [&str; 6] = ["open", "token", "field", "sha256", "sha1", "timed"];

/// The channels' checks.
pub(super) struct Channels(BTreeMap<&'static str, Verifier>);

impl Channels {
    pub(super) fn build() -> Self {
        let verifier = |name: &'static str| {
            let mut channel = Channel::new(name, "guest");
            let verify = scheme(name);
            if verify.scheme == Scheme::None {
                channel.unverified = true;
            } else {
                channel.secrets = vec![Secret::new("an-older-secret"), Secret::new(SECRET)];
            }
            (name, Verifier::of(&channel, &verify).expect("a verifier"))
        };
        Self(NAMES.map(verifier).into())
    }

    pub(super) fn of(&self, channel: &str) -> Result<&Verifier, Refusal> {
        self.0.get(channel).ok_or_else(|| Refusal::UnknownChannel(channel.to_owned()))
    }
}

fn scheme(channel: &str) -> Verify {
    let header = |name: &str| Some(name.to_owned());
    let hmac = |scheme, name, prefix: &str| Verify {
        scheme,
        header: header(name),
        prefix: Some(prefix.to_owned()),
        ..Verify::default()
    };
    match channel {
        "token" => {
            Verify { scheme: Scheme::TokenHeader, header: header("X-Token"), ..Verify::default() }
        }
        "field" => Verify {
            scheme: Scheme::BodyField,
            field: Some("secret".to_owned()),
            ..Verify::default()
        },
        "sha256" => hmac(Scheme::HmacSha256, "X-Signature", "sha256="),
        "sha1" => {
            Verify { encoding: Encoding::Base64, ..hmac(Scheme::HmacSha1, "X-Signature", "sha1=") }
        }
        "timed" => Verify {
            template: Some("v0:{header:X-Time}:{body}".to_owned()),
            timestamp_header: header("X-Time"),
            tolerance: Some("5m".to_owned()),
            ..hmac(Scheme::HmacSha256, "X-Signature", "")
        },
        _ => Verify::default(),
    }
}

/// The header lines by which the network signs a body; `field` needs none, and its body says it.
pub(super) fn signed(channel: &str, body: &[u8]) -> String {
    match channel {
        "token" => format!("X-Token: {SECRET}\r\n"),
        "sha256" => format!("X-Signature: sha256={}\r\n", hex::encode(sha256(&[body]))),
        "sha1" => format!("X-Signature: sha1={}\r\n", BASE64_STANDARD.encode(sha1(body))),
        "timed" => {
            let time = (clock::now_ms() / 1000).to_string();
            let mac = hex::encode(sha256(&[b"v0:", time.as_bytes(), b":", body]));
            format!("X-Time: {time}\r\nX-Signature: {mac}\r\n")
        }
        _ => String::new(),
    }
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn sha1(body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).expect("any length");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}
