//! What an ID token must say, against the specification (OpenID Connect Core, 3.1.3.7): whole logins are in
//! `tests/access/oidc.rs`.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use super::token::{Expected, TokenError, head, keys, verified};

const NOW_S: f64 = 1_800_000_000.0;

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

struct Signer {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Signer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(way, &random).expect("drawn");
        let key = EcdsaKeyPair::from_pkcs8(way, key.as_ref(), &random).expect("a key");
        Self { key, random }
    }

    fn published(&self, name: &str) -> Value {
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": name,
                "x": base64(x), "y": base64(y) })
    }

    fn sign(&self, head: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", base64(head.to_string()), base64(claims.to_string()));
        let signed = self.key.sign(&self.random, message.as_bytes()).expect("signed");
        format!("{message}.{}", base64(signed))
    }
}

fn set(keys: Vec<Value>) -> JwkSet {
    serde_json::from_value(json!({ "keys": keys })).expect("keys")
}

fn good() -> Value {
    json!({ "iss": "https://id.example", "aud": "wall", "sub": "7", "nonce": "n",
            "exp": NOW_S + 300.0, "iat": NOW_S })
}

fn check(token: &str, all: &JwkSet) -> Result<String, TokenError> {
    let expected = Expected {
        issuer: "https://id.example",
        client_id: "wall",
        nonce: "n",
        now_s: NOW_S,
        skew_s: 60.0,
    };
    let head = head(token)?;
    verified(token, &head, &keys(&head, all), &expected).map(|spoken| spoken.sub)
}

/// The claims of a good token, but for one.
fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    match value {
        Value::Null => claims.as_object_mut().expect("an object").remove(name),
        value => claims.as_object_mut().expect("an object").insert(name.to_owned(), value),
    };
    claims
}

#[test]
fn a_token_holds_only_when_each_of_its_claims_does() {
    let signer = Signer::new();
    let all = set(vec![signer.published("a")]);
    let said =
        |claims: Value| check(&signer.sign(&json!({ "alg": "ES256", "kid": "a" }), &claims), &all);
    assert_eq!(said(good()).as_deref(), Ok("7"));
    for (name, value) in [
        ("exp", json!(NOW_S - 59.0)),
        ("nbf", json!(NOW_S + 59.0)),
        ("iat", json!(NOW_S + 59.0)),
        ("aud", json!(["wall"])),
        ("azp", json!("wall")),
    ] {
        assert_eq!(said(with(name, value.clone())).as_deref(), Ok("7"), "{name} {value}");
    }
    for (name, value, why) in [
        ("exp", json!(NOW_S - 60.0), TokenError::Expired),
        ("exp", Value::Null, TokenError::Elsewhere),
        ("exp", json!("tomorrow"), TokenError::Elsewhere),
        ("nbf", json!(NOW_S + 61.0), TokenError::Future),
        ("iat", json!(NOW_S + 61.0), TokenError::Future),
        ("iat", Value::Null, TokenError::Elsewhere),
        ("iss", json!("https://id.example/"), TokenError::Elsewhere),
        ("iss", json!(["https://id.example"]), TokenError::Elsewhere),
        ("iss", Value::Null, TokenError::Elsewhere),
        ("aud", json!("other"), TokenError::Elsewhere),
        ("aud", json!([]), TokenError::Elsewhere),
        ("aud", Value::Null, TokenError::Elsewhere),
        ("aud", json!(["wall", "other"]), TokenError::Elsewhere),
        ("azp", json!("other"), TokenError::Elsewhere),
        ("sub", json!(""), TokenError::Elsewhere),
        ("sub", Value::Null, TokenError::Elsewhere),
        ("nonce", json!("m"), TokenError::OtherLogin),
        ("nonce", Value::Null, TokenError::OtherLogin),
    ] {
        assert_eq!(said(with(name, value.clone())), Err(why), "{name} {value}");
    }
    let mut both = with("aud", json!(["wall", "other"]));
    both["azp"] = json!("wall");
    assert_eq!(said(both).as_deref(), Ok("7"), "several, and we asked");
}

#[test]
fn a_token_is_signed_by_a_key_that_is_published_for_it() {
    let (signer, other) = (Signer::new(), Signer::new());
    let es256 = json!({ "alg": "ES256", "kid": "a" });
    let token = signer.sign(&es256, &good());
    assert_eq!(check(&token, &set(vec![other.published("a")])), Err(TokenError::Signature));
    assert_eq!(check(&token, &set(vec![signer.published("b")])), Err(TokenError::UnknownKey));
    assert_eq!(check(&token, &set(vec![])), Err(TokenError::UnknownKey));
    let mut for_encryption = signer.published("a");
    for_encryption["use"] = json!("enc");
    assert_eq!(check(&token, &set(vec![for_encryption])), Err(TokenError::UnknownKey));
    let nameless = signer.sign(&json!({ "alg": "ES256" }), &good());
    let several = set(vec![other.published("a"), signer.published("b")]);
    assert_eq!(check(&nameless, &several).as_deref(), Ok("7"), "each is tried");
    // With a symmetric key among the published ones, everybody could sign.
    let symmetric = json!({ "kty": "oct", "alg": "HS256", "kid": "a", "k": base64("secret") });
    for alg in ["HS256", "none", "None", "RS256", "ES384", "XY256"] {
        let token = signer.sign(&json!({ "alg": alg, "kid": "a" }), &good());
        let all = set(vec![signer.published("a"), symmetric.clone()]);
        assert!(check(&token, &all).is_err(), "{alg}");
    }
    let (message, _) = token.rsplit_once('.').expect("a signature");
    for odd in ["", ".", "..", "a.b", "a.b.c.d", message, &format!("{message}.")] {
        assert!(check(odd, &set(vec![signer.published("a")])).is_err(), "{odd}");
    }
}
