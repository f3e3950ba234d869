//! What is peculiar to a scheme, and mistakes of operators and authors. Known answers of networks are
//! in [`vectors`].

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::channel::input::Method;
use crate::channel::manifest::{Encoding, Manifest};

mod doors;
mod vectors;

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn secrets(values: &[&str]) -> Vec<Secret> {
    values.iter().map(|value| Secret::new(*value)).collect()
}

fn request(pairs: &[(&str, &str)], body: &[u8]) -> Incoming {
    Incoming {
        method: Method::Post,
        query: None,
        headers: headers(pairs),
        body: body.to_vec().into(),
        remote: None,
        tail: None,
        origin: None,
    }
}

fn build(verify: &Verify, values: &[&str]) -> Verifier {
    Verifier::build(verify, &secrets(values), Address::Unknown).unwrap()
}

fn hmac(scheme: Scheme, header: &str, prefix: &str) -> Verify {
    Verify { scheme, header: Some(header.into()), prefix: Some(prefix.into()), ..Verify::default() }
}

/// 2025-11-15 03:36:14.
const NOW_MS: UnixMs = 1_763_177_774_000;

#[test]
fn a_signature_is_refused_when_it_is_cut_extended_or_not_in_its_encoding() {
    let verifier = build(&hmac(Scheme::HmacSha1, "X-Hub-Signature", "sha1="), &["client-secret"]);
    let body = br#"{"topic":"ping"}"#;
    let signature = "sha1=83f283f5997678fbf9b02534c0762a8eacaf2d8d";
    let verify = |said: &str| verifier.verify(&request(&[("x-hub-signature", said)], body), 0);
    let upper = format!("sha1={}", signature["sha1=".len()..].to_uppercase());
    assert_eq!(verify(&upper), Ok(()));
    for wrong in [
        &signature[..signature.len() - 2],
        &format!("{signature}00"),
        &signature["sha1=".len()..],
        "sha1=",
        "sha1=zz",
        "",
    ] {
        assert_eq!(verify(wrong), Err(NotVerified), "{wrong}");
    }
}

/// A signature over `{header:X-Time}.{body}` of a given time, made with `key`.
fn timed(time: &str) -> Incoming {
    use ::hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
    mac.update(format!("{time}.{{}}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    request(&[("x-time", time), ("x-signature", &signature)], b"{}")
}

#[test]
fn times_of_signing_are_read_in_every_unit_and_as_rfc_3339() {
    let verify = Verify {
        template: Some("{header:X-Time}.{body}".into()),
        tolerance: Some("5m".into()),
        timestamp_header: Some("X-Time".into()),
        ..hmac(Scheme::HmacSha256, "X-Signature", "")
    };
    let verifier = build(&verify, &["key"]);
    let at = |time: &str| verifier.verify(&timed(time), NOW_MS);
    for digits in ["", "123", "123456", "123456789"] {
        assert_eq!(at(&format!("1763177774{digits}")), Ok(()), "{digits}");
        assert_eq!(at(&format!("1763177174{digits}")), Err(NotVerified), "too old {digits}");
        assert_eq!(at(&format!("1763178374{digits}")), Err(NotVerified), "too new {digits}");
    }
    assert_eq!(at("1763177774.123456"), Ok(()), "seconds with a fraction");
    for good in ["2025-11-15T03:36:14Z", "2025-11-15T04:36:14.123456+01:00", "2025-11-15T03:41:14Z"]
    {
        assert_eq!(at(good), Ok(()), "{good}");
    }
    for wrong in [
        "",
        ".",
        "1763177774.",
        "-1763177774",
        "1763177774.x",
        "9e9",
        "NaN",
        "17631777741234567890123",
        "2025-11-15T03:30:14Z",
        "2025-11-15T03:36:14",
        "2025-11-15",
        "2025-11-15T03:36:14Zzzzzzzzz",
    ] {
        assert_eq!(at(wrong), Err(NotVerified), "{wrong}");
        let refused = verifier.verify_head(&timed(wrong), NOW_MS);
        assert_eq!(refused, Err(NotVerified), "{wrong}: before the body is read");
    }
}

#[test]
fn a_token_in_the_body_must_be_text_at_its_place() {
    let verify =
        Verify { scheme: Scheme::BodyField, field: Some("/auth/key".into()), ..Verify::default() };
    let verifier = build(&verify, &["42"]);
    let check = |body: &str| verifier.verify(&request(&[], body.as_bytes()), 0);
    assert_eq!(check(r#"{"auth":{"key":"42"}}"#), Ok(()));
    for wrong in [r#"{"auth":{"key":42}}"#, r#"{"key":"42"}"#, "[]", "not json", ""] {
        assert_eq!(check(wrong), Err(NotVerified), "{wrong}");
    }
}

/// One captured signature over a time and a token must not be given a new time by a body that is read
/// in two ways.
#[test]
fn a_body_is_read_in_one_way() {
    use ::hmac::{Hmac, KeyInit, Mac};
    let verify = Verify {
        scheme: Scheme::HmacSha256,
        field: Some("signature".into()),
        template: Some("{form:timestamp}{form:token}".into()),
        covers_body: Some(false),
        timestamp_field: Some("timestamp".into()),
        tolerance: Some("5m".into()),
        ..Verify::default()
    };
    let signed = |time: &str| {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
        mac.update(format!("{time}abc").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    };
    let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    let json = [("content-type", "application/json")];
    let (old, new) = ("1763100000", "1763177774");
    let body = |time: &str| format!("timestamp={time}&token=abc&signature={}", signed(time));
    // None of them has seen the signature before, with another body.
    let check = |pairs: &[(&str, &str)], body: &str| {
        build(&verify, &["key"]).verify(&request(pairs, body.as_bytes()), NOW_MS)
    };
    assert_eq!(check(&form, &body(new)), Ok(()));
    assert_eq!(check(&form, &body(old)), Err(NotVerified));
    let renewed = format!("{}&timestamp={new}", body(old));
    assert_eq!(check(&form, &renewed), Err(NotVerified), "a second time");
    let signature = signed(old);
    let both = format!(
        r#"{{"timestamp":"{new}","signature":"{signature}","x":"&timestamp={old}&token=abc&"}}"#
    );
    assert_eq!(check(&json, &both), Err(NotVerified), "a form inside JSON");
    assert_eq!(check(&form, &both), Err(NotVerified), "JSON that says it is a form");

    // A mail with an attachment comes in parts (RFC 7578).
    let parts = [("content-type", "multipart/form-data; boundary=\"b-1\"")];
    let part = |name: &str, value: &str| {
        format!("--b-1\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let attached = "--b-1\r\nContent-Disposition: form-data; name=\"timestamp\"; filename=\"a.txt\"\r\n\
                    Content-Type: text/plain\r\n\r\n1763100000\r\n";
    let mail = |time: &str, signed_at: &str| {
        let [time, signature] = [part("timestamp", time), part("signature", &signed(signed_at))];
        let text = part("body-plain", &"x".repeat(10_000));
        format!("{text}{attached}{time}{}{signature}--b-1--\r\n", part("token", "abc"))
    };
    assert_eq!(check(&parts, &mail(new, new)), Ok(()));
    assert_eq!(check(&parts, &mail(old, old)), Err(NotVerified));
    assert_eq!(check(&parts, &mail(new, old)), Err(NotVerified));
    assert_eq!(check(&form, &mail(new, new)), Err(NotVerified), "parts that say they are a form");
    let cut = &mail(new, new)[..200];
    assert_eq!(check(&parts, cut), Err(NotVerified));
    assert_eq!(
        check(&[("content-type", "multipart/form-data")], &mail(new, new)),
        Err(NotVerified)
    );
}

#[test]
fn a_signature_of_the_head_alone_is_checked_before_the_body_is_read() {
    use ::hmac::{Hmac, KeyInit, Mac};
    let verify = Verify {
        template: Some("{header:X-Time}".into()),
        covers_body: Some(false),
        tolerance: Some("5m".into()),
        timestamp_header: Some("X-Time".into()),
        ..hmac(Scheme::HmacSha256, "X-Signature", "")
    };
    let verifier = build(&verify, &["key"]);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
    mac.update(b"1763177774");
    let mut signature = hex::encode(mac.finalize().into_bytes());
    let head = |signature: &str| {
        let said = request(&[("x-time", "1763177774"), ("x-signature", signature)], b"");
        verifier.verify_head(&said, NOW_MS)
    };
    assert_eq!(head(&signature), Ok(()));
    let last = if signature.pop() == Some('0') { '1' } else { '0' };
    signature.push(last);
    assert_eq!(head(&signature), Err(NotVerified));
}

#[test]
fn base64_for_addresses_is_taken_with_and_without_padding() {
    use ::hmac::{Hmac, KeyInit, Mac};
    use base64::Engine as _;
    let verify = Verify {
        encoding: Some(Encoding::Base64url),
        ..hmac(Scheme::HmacSha256, "X-Signature", "")
    };
    let verifier = build(&verify, &["key"]);
    let mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap().finalize().into_bytes();
    let padded = base64::prelude::BASE64_URL_SAFE.encode(mac);
    for said in [padded.as_str(), padded.trim_end_matches('=')] {
        let said = request(&[("x-signature", said)], b"");
        assert_eq!(verifier.verify(&said, 0), Ok(()));
    }
}

#[test]
fn mistakes_of_operator_and_author_are_named_before_the_first_call() {
    let error = |verify: &Verify, values: &[&str]| {
        let built = Verifier::build(verify, &secrets(values), Address::Unknown);
        built.err().unwrap().to_string()
    };
    let good = hmac(Scheme::HmacSha256, "X-Signature", "");
    assert!(error(&good, &[]).contains("the channel has no secret"));
    assert!(error(&good, &["a", ""]).contains("secret number 2 is empty"));
    assert!(error(&Verify { header: None, ..good.clone() }, &["a"]).contains("needs `header`"));
    let twice = Verify { field: Some("sig".into()), ..good.clone() };
    assert!(error(&twice, &["a"]).contains("one of them"));
    let spaced = Verify { header: Some("no name".into()), ..good.clone() };
    assert!(error(&spaced, &["a"]).contains("`no name` is no header name"));
    let template = |text: &str| Verify { template: Some(text.into()), ..good.clone() };
    for unknown in ["{uri}{body}", "{header}{body}", "{form:}{body}", "{body:x}"] {
        let said = error(&template(unknown), &["a"]);
        assert!(said.contains("is not known; known are {body}, {header:NAME}"), "{said}");
    }
    assert!(error(&template("{body"), &["a"]).contains("not closed"));
    assert!(error(&template("{header:X-Time}"), &["a"]).contains("`covers_body = false`"));
    let bare = Verify { covers_body: Some(false), ..template("{header:X-Time}") };
    assert!(error(&bare, &["a"]).contains("for ever"));
    let covered = Verify { covers_body: Some(false), ..good.clone() };
    assert!(error(&covered, &["a"]).contains("the template has `{body}`"));
    let timed = Verify {
        tolerance: Some("5m".into()),
        timestamp_header: Some("X-Time".into()),
        ..good.clone()
    };
    assert!(error(&timed, &["a"]).contains("anybody could renew the time"));
    let lonely = Verify { tolerance: Some("5m".into()), ..good.clone() };
    assert!(error(&lonely, &["a"]).contains("need each other"));
    let odd = Verify { allow_from: vec!["example.org".into()], ..good };
    assert!(error(&odd, &["a"]).contains("allow_from `example.org`"));
}

#[test]
fn a_key_that_is_none_is_named_and_never_shown() {
    let keys = [
        (Scheme::BasicAuth, "no-colon", "`user:password`"),
        (Scheme::Ed25519, "abcd", "64 hexadecimal digits"),
        (Scheme::Ed25519, "zz", "64 hexadecimal digits"),
        (Scheme::RsaSha256, "c2VjcmV0", "RSA public key as PEM"),
        (Scheme::RsaSha256, "-----BEGIN PUBLIC KEY-----", "RSA public key as PEM"),
        (Scheme::EcdsaP256, "c2VjcmV0", "P-256 public key"),
    ];
    for (scheme, key, expected) in keys {
        let verify = Verify { scheme, ..Verify::default() };
        let built = Verifier::build(&verify, &secrets(&[key]), Address::Unknown);
        let said = built.err().unwrap().to_string();
        assert!(said.contains("secret number 1 is not") && said.contains(expected), "{said}");
        assert!(!said.contains(key), "{said}");
    }
    // A key of another kind is no mistake of spelling that could be waited for.
    let p256 = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe6\
                2gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
    let rsa = Verify { scheme: Scheme::RsaSha256, ..Verify::default() };
    let built = Verifier::build(&rsa, &secrets(&[p256]), Address::Unknown);
    assert!(built.is_err(), "an elliptic curve is no RSA key");
}
