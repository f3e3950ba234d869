//! One channel for each way to verify a webhook, and a network that knows how to sign for it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::channel::manifest::Manifest;
use crate::channel::reply::Refusal;
use crate::channel::verify::Door;
use crate::clock;
use crate::config::model::{Channel, Secret};

/// Of every channel that has one.
pub(super) const SECRET: &str = "5p-kW3vTq9_zR7mX";
/// By their names.
pub(super) const NAMES: [&str; 9] =
    ["open", "token", "field", "sha256", "sha1", "timed", "query", "basic", "path"];

/// The channels' doors.
pub(super) struct Channels(BTreeMap<&'static str, Door>);

impl Channels {
    pub(super) fn build() -> Self {
        let door = |name: &'static str| {
            let mut channel = Channel::new(name, "guest");
            let verify = verify(name);
            if verify.is_empty() {
                channel.unverified = true;
            } else {
                let secret = if name == "basic" { format!("user:{SECRET}") } else { SECRET.into() };
                channel.secrets = vec![Secret::new("an-older:secret"), Secret::new(secret)];
            }
            let text = format!(
                "name = \"guest\"\nversion = \"1\"\napi = \"1\"\nnetwork = \"Nowhere\"\n\
                 [source]\nkind = \"webhook\"\n{verify}"
            );
            let manifest = Manifest::parse(&text).expect("a manifest");
            (name, Door::of(&channel, &manifest).expect("a door"))
        };
        Self(NAMES.map(door).into())
    }

    pub(super) fn of(&self, channel: &str) -> Result<&Door, Refusal> {
        self.0.get(channel).ok_or_else(|| Refusal::UnknownChannel(channel.to_owned()))
    }
}

/// What the plugin of a channel offers.
fn verify(channel: &str) -> &'static str {
    match channel {
        "token" => "[[verify]]\nscheme = \"token-header\"\nheader = \"X-Token\"",
        "field" => "[[verify]]\nscheme = \"body-field\"\nfield = \"secret\"",
        "sha256" => {
            "[[verify]]\nscheme = \"hmac-sha256\"\nheader = \"X-Signature\"\nprefix = \"sha256=\""
        }
        "sha1" => {
            "[[verify]]\nscheme = \"hmac-sha1\"\nheader = \"X-Signature\"\nprefix = \"sha1=\"\n\
             encoding = \"base64\""
        }
        "timed" => {
            "[[verify]]\nscheme = \"hmac-sha256\"\nheader = \"X-Signature\"\n\
             template = \"v0:{header:X-Time}:{body}\"\ntimestamp_header = \"X-Time\"\n\
             tolerance = \"5m\""
        }
        "query" => "[[verify]]\nscheme = \"query-token\"",
        "basic" => "[[verify]]\nscheme = \"basic-auth\"",
        "path" => "[[verify]]\nscheme = \"secret-path\"",
        _ => "",
    }
}

/// What follows the channel's name in the address, when the network signs there.
pub(super) fn signed_address(channel: &str) -> String {
    match channel {
        "query" => format!("?token={SECRET}"),
        "path" => format!("/{SECRET}"),
        _ => String::new(),
    }
}

/// The header lines by which the network signs a body; `field` needs none, and its body says it.
pub(super) fn signed(channel: &str, body: &[u8]) -> String {
    match channel {
        "token" => format!("X-Token: {SECRET}\r\n"),
        "basic" => {
            let credentials = BASE64_STANDARD.encode(format!("user:{SECRET}"));
            format!("Authorization: Basic {credentials}\r\n")
        }
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
