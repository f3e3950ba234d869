//! Known answers: computed from each network's published rule.

use axum::http::HeaderValue;

use super::*;
use crate::channel::manifest::Encoding;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(k, v)| (k.parse().unwrap(), HeaderValue::from_str(v).unwrap())).collect()
}

fn secrets(values: &[&str]) -> Vec<Secret> {
    values.iter().map(|value| Secret::new(*value)).collect()
}

fn hmac(scheme: Scheme, header: &str, prefix: &str) -> Verify {
    Verify { scheme, header: Some(header.into()), prefix: Some(prefix.into()), ..Verify::default() }
}

struct Known {
    network: &'static str,
    verify: Verify,
    secret: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static [u8],
}

fn known() -> Vec<Known> {
    vec![
        Known {
            network: "chatwoot",
            verify: Verify {
                template: Some("{header:X-Chatwoot-Timestamp}.{body}".into()),
                timestamp_header: Some("X-Chatwoot-Timestamp".into()),
                tolerance: Some("5m".into()),
                ..hmac(Scheme::HmacSha256, "X-Chatwoot-Signature", "sha256=")
            },
            secret: "chatwoot-secret",
            headers: vec![
                ("x-chatwoot-timestamp", "1763177714"),
                (
                    "x-chatwoot-signature",
                    "sha256=dfd12ae4ce278040c4916e62b26bed561d242c802d88d664774b1705d7e9efc6",
                ),
            ],
            body: br#"{"event":"message_created","id":810}"#,
        },
        Known {
            network: "meta: escapes are signed as they stand",
            verify: hmac(Scheme::HmacSha256, "X-Hub-Signature-256", "sha256="),
            secret: "fb_app_secret",
            headers: vec![(
                "x-hub-signature-256",
                "sha256=8ce5dd6af6a6ccb648bc1c42a4e2ddc3767a02ebaf41f1fc6ef457ba694e186b",
            )],
            body: br#"{"text":"\u043f\u0440\u0438\u0432\u0435\u0442"}"#,
        },
        Known {
            network: "intercom",
            verify: hmac(Scheme::HmacSha1, "X-Hub-Signature", "sha1="),
            secret: "client-secret",
            headers: vec![("x-hub-signature", "sha1=83f283f5997678fbf9b02534c0762a8eacaf2d8d")],
            body: br#"{"topic":"ping"}"#,
        },
        Known {
            network: "x: base64",
            verify: Verify {
                encoding: Encoding::Base64,
                ..hmac(Scheme::HmacSha256, "X-Twitter-Webhooks-Signature", "sha256=")
            },
            secret: "consumer-secret",
            headers: vec![(
                "x-twitter-webhooks-signature",
                "sha256=Hlco0COzwYOsSzVcCoqAGpNZdK3BYQku/gWz9SSGVjA=",
            )],
            body: br#"{"for_user_id":"1"}"#,
        },
        Known {
            network: "telegram",
            verify: Verify {
                scheme: Scheme::TokenHeader,
                header: Some("X-Telegram-Bot-Api-Secret-Token".into()),
                ..Verify::default()
            },
            secret: "s3cret",
            headers: vec![("x-telegram-bot-api-secret-token", "s3cret")],
            body: b"{}",
        },
        Known {
            network: "vk",
            verify: Verify {
                scheme: Scheme::BodyField,
                field: Some("secret".into()),
                ..Verify::default()
            },
            secret: "vk-secret",
            headers: vec![],
            body: br#"{"type":"message_new","secret":"vk-secret"}"#,
        },
    ]
}

/// A minute after the time in the Chatwoot sample.
const NOW_MS: UnixMs = 1_763_177_774_000;

#[test]
fn known_answers_hold_and_every_change_breaks_them() {
    for known in known() {
        let network = known.network;
        let good = headers(&known.headers);
        let build = |values: &[&str]| Verifier::build(&known.verify, &secrets(values)).unwrap();
        let verifier = build(&[known.secret]);
        assert_eq!(verifier.verify(&good, known.body, NOW_MS), Ok(()), "{network}");

        // The old secret still counts while the new one is rolled out, in either order.
        for both in [["new", known.secret], [known.secret, "new"]] {
            assert_eq!(build(&both).verify(&good, known.body, NOW_MS), Ok(()), "{network}");
        }
        let other_secret = build(&["another"]).verify(&good, known.body, NOW_MS);
        assert_eq!(other_secret, Err(NotVerified), "{network}");
        for left_out in 0..known.headers.len() {
            let mut fewer = known.headers.clone();
            fewer.remove(left_out);
            let result = verifier.verify(&headers(&fewer), known.body, NOW_MS);
            assert_eq!(result, Err(NotVerified), "{network} without header {left_out}");
        }
        if known.verify.scheme != Scheme::TokenHeader {
            let mut body = known.body.to_vec();
            body.truncate(body.len() - 3);
            let result = verifier.verify(&good, &body, NOW_MS);
            assert_eq!(result, Err(NotVerified), "{network} with another body");
        }
    }
}

#[test]
fn a_signature_is_refused_when_it_is_cut_extended_or_not_in_its_encoding() {
    let known = &known()[2];
    let verifier = Verifier::build(&known.verify, &secrets(&[known.secret])).unwrap();
    let signature = known.headers[0].1;
    let upper = format!("sha1={}", signature["sha1=".len()..].to_uppercase());
    assert_eq!(verifier.verify(&headers(&[("x-hub-signature", &upper)]), known.body, 0), Ok(()));
    for wrong in [
        &signature[..signature.len() - 2],
        &format!("{signature}00"),
        &signature["sha1=".len()..],
        "sha1=",
        "sha1=zz",
        "",
    ] {
        let result = verifier.verify(&headers(&[("x-hub-signature", wrong)]), known.body, 0);
        assert_eq!(result, Err(NotVerified), "{wrong}");
    }
}

#[test]
fn an_old_signature_is_refused_in_seconds_and_in_milliseconds() {
    let known = &known()[0];
    let verifier = Verifier::build(&known.verify, &secrets(&[known.secret])).unwrap();
    let good = headers(&known.headers);
    let minutes = |minutes: i64| verifier.verify(&good, known.body, NOW_MS + minutes * 60_000);
    assert_eq!(minutes(4), Ok(()));
    assert_eq!(minutes(5), Err(NotVerified));
    assert_eq!(minutes(-6), Ok(()));
    assert_eq!(minutes(-7), Err(NotVerified));
}

/// A signature over `{header:X-Time}.{body}` of a given time, made with `key`.
fn timed(time: &str) -> HeaderMap {
    use ::hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
    mac.update(format!("{time}.{{}}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    headers(&[("x-time", time), ("x-signature", &signature)])
}

#[test]
fn times_of_signing_are_read_in_seconds_milliseconds_microseconds_and_nanoseconds() {
    let verify = Verify {
        template: Some("{header:X-Time}.{body}".into()),
        tolerance: Some("5m".into()),
        timestamp_header: Some("X-Time".into()),
        ..hmac(Scheme::HmacSha256, "X-Signature", "")
    };
    let verifier = Verifier::build(&verify, &secrets(&["key"])).unwrap();
    let at = |time: &str| verifier.verify(&timed(time), b"{}", NOW_MS);
    for digits in ["", "123", "123456", "123456789"] {
        assert_eq!(at(&format!("1763177774{digits}")), Ok(()), "{digits}");
        assert_eq!(at(&format!("1763177174{digits}")), Err(NotVerified), "too old {digits}");
        assert_eq!(at(&format!("1763178374{digits}")), Err(NotVerified), "too new {digits}");
    }
    assert_eq!(at("1763177774.123456"), Ok(()), "seconds with a fraction");
    for wrong in [
        "",
        ".",
        "1763177774.",
        "-1763177774",
        "1763177774.x",
        "9e9",
        "NaN",
        "17631777741234567890123",
    ] {
        assert_eq!(at(wrong), Err(NotVerified), "{wrong}");
    }
}

#[test]
fn a_token_in_the_body_must_be_text_at_its_place() {
    let verify =
        Verify { scheme: Scheme::BodyField, field: Some("/auth/key".into()), ..Verify::default() };
    let verifier = Verifier::build(&verify, &secrets(&["42"])).unwrap();
    let check = |body: &str| verifier.verify(&HeaderMap::new(), body.as_bytes(), 0);
    assert_eq!(check(r#"{"auth":{"key":"42"}}"#), Ok(()));
    for wrong in [r#"{"auth":{"key":42}}"#, r#"{"key":"42"}"#, "[]", "not json", ""] {
        assert_eq!(check(wrong), Err(NotVerified), "{wrong}");
    }
}

#[test]
fn mistakes_of_operator_and_author_are_named_before_the_first_call() {
    let error = |verify: &Verify, values: &[&str]| {
        Verifier::build(verify, &secrets(values)).err().unwrap().to_string()
    };
    let good = hmac(Scheme::HmacSha256, "X-Signature", "");
    assert!(error(&good, &[]).contains("the channel has no secret"));
    assert!(error(&good, &["a", ""]).contains("secret number 2 is empty"));
    assert!(error(&Verify { header: None, ..good.clone() }, &["a"]).contains("needs `header`"));
    let spaced = Verify { header: Some("no name".into()), ..good.clone() };
    assert!(error(&spaced, &["a"]).contains("`no name` is no header name"));
    let template = |text: &str| Verify { template: Some(text.into()), ..good.clone() };
    assert!(error(&template("{url}"), &["a"]).contains("only `{body}`"));
    assert!(error(&template("{body"), &["a"]).contains("not closed"));
    assert!(error(&template("{header:X-Time}"), &["a"]).contains("proves nothing"));
    let timed = Verify {
        tolerance: Some("5m".into()),
        timestamp_header: Some("X-Time".into()),
        ..good.clone()
    };
    assert!(error(&timed, &["a"]).contains("anybody could renew the time"));
    let lonely = Verify { tolerance: Some("5m".into()), ..good };
    assert!(error(&lonely, &["a"]).contains("need each other"));
}

#[test]
fn without_a_scheme_everything_is_let_in() {
    let verifier = Verifier::build(&Verify::default(), &[]).unwrap();
    assert_eq!(verifier.verify(&HeaderMap::new(), b"anything", 0), Ok(()));
}
