//! How a network proves that a post is its own: a word in a header, in the body or in the address, or a
//! signature over the body.
//!
//! Written from what the networks document, not from the server's `channel/verify`: two readings of the
//! same pages, so that an error in one shows.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::config::model::Secret;
use crate::event::UnixMs;

/// The proof that a network gives.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// The secret itself, in this header.
    Token(&'static str),
    /// An HMAC in a header.
    Mac(MacSign),
    /// The secret is the last part of the address.
    Path,
    /// The secret is this field of the JSON body.
    BodyField(&'static str),
}

/// An HMAC over the body, and over the time of the post where the network signs that, too.
#[derive(Clone, Copy, Debug)]
pub struct MacSign {
    /// Where it stands.
    pub header: &'static str,
    /// What stands before it there.
    pub prefix: &'static str,
    /// Which.
    pub digest: Digest,
    /// The time that is signed.
    pub timed: Option<Timed>,
}

/// A hash, and how its bytes are written.
#[derive(Clone, Copy, Debug)]
pub enum Digest {
    /// SHA-256 in hexadecimal.
    Sha256Hex,
    /// SHA-256 in base64.
    Sha256Base64,
    /// SHA-1 in hexadecimal.
    Sha1Hex,
}

/// The time of a post, in a header, and before the body in what is signed.
#[derive(Clone, Copy, Debug)]
pub struct Timed {
    /// Where the time stands.
    pub header: &'static str,
    /// Between it and the body.
    pub separator: &'static str,
    /// As RFC 3339 writes it; else in seconds.
    pub is_rfc3339: bool,
}

/// What the proof adds to a post.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Behind the address.
    pub path: String,
    /// The body, where it is no longer the same.
    pub body: Option<Vec<u8>>,
}

impl Sign {
    /// A SHA-256 of the body in hexadecimal behind `sha256=`: what most networks do.
    pub const fn sha256(header: &'static str) -> Self {
        let digest = Digest::Sha256Hex;
        Self::Mac(MacSign { header, prefix: "sha256=", digest, timed: None })
    }

    /// The proof for a body that is posted at `now_ms`. The time is that of the post: a network that sends
    /// again signs again.
    pub fn proof(&self, secret: &Secret, body: &[u8], now_ms: UnixMs) -> Proof {
        match self {
            Self::Token(header) => {
                Proof { headers: vec![(header, text(secret))], ..Proof::default() }
            }
            Self::Path => Proof { path: format!("/{}", text(secret)), ..Proof::default() },
            Self::BodyField(field) => {
                Proof { body: Some(with_field(body, field, &text(secret))), ..Proof::default() }
            }
            Self::Mac(mac) => {
                Proof { headers: mac.headers(secret, body, now_ms), ..Proof::default() }
            }
        }
    }
}

impl MacSign {
    fn headers(&self, secret: &Secret, body: &[u8], now_ms: UnixMs) -> Vec<(&'static str, String)> {
        let mut signed = Vec::new();
        let mut headers = Vec::new();
        if let Some(timed) = &self.timed {
            let time = timed.of(now_ms);
            signed.extend_from_slice(time.as_bytes());
            signed.extend_from_slice(timed.separator.as_bytes());
            headers.push((timed.header, time));
        }
        signed.extend_from_slice(body);
        let key = secret.expose();
        let written = match self.digest {
            Digest::Sha256Hex => hex::encode(mac::<Hmac<Sha256>>(key, &signed)),
            Digest::Sha256Base64 => BASE64_STANDARD.encode(mac::<Hmac<Sha256>>(key, &signed)),
            Digest::Sha1Hex => hex::encode(mac::<Hmac<Sha1>>(key, &signed)),
        };
        headers.push((self.header, format!("{}{written}", self.prefix)));
        headers
    }
}

impl Timed {
    fn of(&self, now_ms: UnixMs) -> String {
        if self.is_rfc3339 {
            // A time that no calendar knows becomes the calendar's first.
            let at = jiff::Timestamp::from_second(now_ms / 1000).unwrap_or(jiff::Timestamp::MIN);
            return at.to_string();
        }
        (now_ms / 1000).to_string()
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], signed: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length: the error cannot come.
    M::new_from_slice(key)
        .map(|mac| mac.chain_update(signed).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

fn text(secret: &Secret) -> String {
    String::from_utf8_lossy(secret.expose()).into_owned()
}

/// A JSON object with one more field.
fn with_field(body: &[u8], field: &str, value: &str) -> Vec<u8> {
    let last = serde_json::json!(value).to_string();
    let mut all = body.strip_suffix(b"}").unwrap_or(body).to_vec();
    all.extend_from_slice(format!(",\"{field}\":{last}}}").as_bytes());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"what do ya want for nothing?";

    fn of(digest: Digest, timed: Option<Timed>) -> Vec<(&'static str, String)> {
        let sign = Sign::Mac(MacSign { header: "X-Mac", prefix: "", digest, timed });
        sign.proof(&Secret::new("Jefe"), BODY, 1_790_000_000_999).headers
    }

    #[test]
    fn the_body_is_signed_as_rfc_2202_and_4231_compute_it() {
        let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(of(Digest::Sha256Hex, None), [("X-Mac", sha256.to_owned())]);
        let base64 = BASE64_STANDARD.encode(hex::decode(sha256).expect("hex"));
        assert_eq!(of(Digest::Sha256Base64, None), [("X-Mac", base64)]);
        let sha1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79".to_owned();
        assert_eq!(of(Digest::Sha1Hex, None), [("X-Mac", sha1)]);
    }

    #[test]
    fn a_signed_time_is_that_of_the_post() {
        let timed = |is_rfc3339| Timed { header: "X-Time", separator: ".", is_rfc3339 };
        let headers = of(Digest::Sha256Hex, Some(timed(false)));
        assert_eq!(headers[0], ("X-Time", "1790000000".to_owned()));
        assert_ne!(headers[1], of(Digest::Sha256Hex, None)[0]);
        let headers = of(Digest::Sha256Hex, Some(timed(true)));
        assert_eq!(headers[0], ("X-Time", "2026-09-21T14:13:20Z".to_owned()));
    }

    #[test]
    fn a_secret_stands_in_a_header_in_the_address_or_in_the_body() {
        let proof = |sign: Sign| sign.proof(&Secret::new("w\"ord"), br#"{"a":1}"#, 0);
        assert_eq!(proof(Sign::Token("X")).headers, [("X", "w\"ord".to_owned())]);
        assert_eq!(proof(Sign::Path).path, "/w\"ord");
        let body = proof(Sign::BodyField("secret")).body.expect("another body");
        assert_eq!(body, br#"{"a":1,"secret":"w\"ord"}"#);
    }
}
