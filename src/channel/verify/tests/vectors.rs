//! Requests as networks sign them (`vectors.toml`): each is taken as it is, and refused after every
//! change to what is signed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;

use jiff::Timestamp;
use serde::Deserialize;

use super::super::*;
use super::{request, secrets};
use crate::channel::manifest::Scheme;

#[derive(Deserialize)]
struct File {
    vector: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    network: String,
    origin: String,
    secret: Option<String>,
    now: String,
    #[serde(default = "yes")]
    holds: bool,
    /// The public address.
    url: Option<String>,
    query: Option<String>,
    tail: Option<String>,
    from: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    verify: Verify,
}

fn yes() -> bool {
    true
}

impl Vector {
    fn now_ms(&self) -> UnixMs {
        self.now.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    fn request(&self) -> Incoming {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let from = self.from.as_ref().map(|it| SocketAddr::new(it.parse().expect("it"), 4711));
        Incoming {
            query: self.query.clone(),
            tail: self.tail.clone(),
            remote: from,
            ..request(&headers, self.body.as_bytes())
        }
    }

    fn verifier(&self, values: &[&str]) -> Verifier {
        check_author(&self.verify).expect("the author's part");
        let address = self.url.clone().map_or(Address::Unknown, Address::Given);
        Verifier::build(&self.verify, &secrets(values), address).expect(&self.network)
    }

    fn own(&self) -> Vec<&str> {
        self.secret.iter().map(String::as_str).collect()
    }

    fn is_taken(&self, verifier: &Verifier, request: &Incoming) -> bool {
        let head = Incoming { body: bytes::Bytes::new(), ..request.clone() };
        let is_admitted = verifier.verify_head(&head, self.now_ms()).is_ok();
        let is_genuine = verifier.comes_from_network(request).is_ok()
            && verifier.verify(request, self.now_ms()).is_ok();
        assert!(is_admitted || !is_genuine, "{}: refused by its head alone", self.network);
        is_genuine
    }

    /// Whether a change of the body must break it.
    fn covers_body(&self) -> bool {
        let scheme = self.verify.scheme;
        let repeats_secret = [
            Scheme::None,
            Scheme::TokenHeader,
            Scheme::QueryToken,
            Scheme::SecretPath,
            Scheme::BasicAuth,
        ];
        !repeats_secret.contains(&scheme) && self.verify.covers_body != Some(false)
    }
}

fn vectors() -> Vec<Vector> {
    toml::from_str::<File>(include_str!("vectors.toml")).expect("vectors").vector
}

#[test]
fn known_answers_hold_and_every_change_breaks_them() {
    let vectors = vectors();
    let mut table = String::new();
    for vector in &vectors {
        let network = &vector.network;
        let verifier = vector.verifier(&vector.own());
        let request = vector.request();
        let is_taken = vector.is_taken(&verifier, &request);
        let verdict = if is_taken { "taken" } else { "refused" };
        let (scheme, origin) = (vector.verify.scheme.word(), &vector.origin);
        writeln!(table, "{scheme:13} {verdict:8} {origin:10} {network}").expect("a line");
        assert_eq!(is_taken, vector.holds, "{network}");
        if vector.holds && vector.verify.scheme != Scheme::None {
            changes_break(vector, &verifier, &request);
        }
    }
    println!("{table}");
    for scheme in Scheme::ALL {
        let of_scheme = || vectors.iter().filter(|vector| vector.verify.scheme == scheme);
        assert!(of_scheme().any(|it| it.holds), "no vector of {}", scheme.word());
    }
}

fn changes_break(vector: &Vector, verifier: &Verifier, request: &Incoming) {
    let network = &vector.network;
    let other = another_secret(vector);
    let own = vector.secret.as_deref().expect("a secret");
    // The old secret still counts while the new one is rolled out, in either order.
    for both in [[other.as_str(), own], [own, other.as_str()]] {
        assert!(vector.is_taken(&vector.verifier(&both), request), "{network} while rotating");
    }
    let by_other = vector.verifier(&[&other]);
    assert!(!vector.is_taken(&by_other, request), "{network} by another secret");
    for name in vector.headers.keys() {
        let mut fewer = request.clone();
        fewer.headers.remove(name);
        let is_type_of_json = vector.headers[name] == "application/json";
        let is_taken = vector.is_taken(verifier, &fewer);
        assert_eq!(is_taken, is_type_of_json, "{network} without {name}");
        if name.contains("sig") || name.contains("timestamp") {
            let mut changed = request.clone();
            let turned: String = vector.headers[name].chars().rev().collect();
            changed.headers.insert(
                axum::http::HeaderName::try_from(name).expect("a name"),
                turned.parse().expect("a value"),
            );
            assert!(!vector.is_taken(verifier, &changed), "{network} with another {name}");
        }
    }
    if vector.covers_body() {
        let body = vector.body.as_bytes();
        let longer = [body, b" "].concat();
        let shorter = &body[..body.len().saturating_sub(1)];
        // A token in a body stays what it is when something follows.
        let is_repeated = vector.verify.scheme == Scheme::BodyField;
        for other in [&longer[..], shorter, b"{}"].iter().filter(|it| !is_repeated && **it != body)
        {
            let changed = Incoming { body: other.to_vec().into(), ..request.clone() };
            assert!(!vector.is_taken(verifier, &changed), "{network} with another body");
        }
        let emptied = Incoming { body: bytes::Bytes::new(), ..request.clone() };
        assert!(body.is_empty() || !vector.is_taken(verifier, &emptied), "{network} emptied");
    }
    if vector.verify.covers_body == Some(false) {
        let body = vector.body.as_bytes();
        let is_json = body.starts_with(b"{");
        let other = if is_json { [body, b" "].concat() } else { [b"x=1&", body].concat() };
        let changed = Incoming { body: other.into(), ..request.clone() };
        assert!(!vector.is_taken(verifier, &changed), "{network} with what was signed for another");
        assert!(vector.is_taken(verifier, request), "{network} said again");
        assert!(vector.is_taken(&vector.verifier(&vector.own()), &changed), "{network}, the first");
    }
    if matches!(vector.verify.scheme, Scheme::QueryToken | Scheme::Twilio) {
        let without = Incoming { query: None, ..request.clone() };
        assert!(!vector.is_taken(verifier, &without), "{network} without its query");
    }
    if vector.tail.is_some() {
        for tail in [None, Some("other".to_owned())] {
            let elsewhere = Incoming { tail, ..request.clone() };
            assert!(!vector.is_taken(verifier, &elsewhere), "{network} at another address");
        }
    }
    if vector.from.is_some() {
        for remote in [None, Some("192.0.2.1:1".parse().expect("an address"))] {
            let elsewhere = Incoming { remote, ..request.clone() };
            assert!(!vector.is_taken(verifier, &elsewhere), "{network} from elsewhere");
        }
    }
}

/// One that the scheme would take, and that is not the network's.
fn another_secret(vector: &Vector) -> String {
    let other = match vector.verify.scheme {
        Scheme::Ed25519 => OTHER_ED25519_KEY,
        Scheme::EcdsaP256 => OTHER_P256_KEY,
        Scheme::RsaSha256 => OTHER_RSA_KEY,
        _ => "an:other",
    };
    other.to_owned()
}

const OTHER_ED25519_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const OTHER_P256_KEY: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jD\
                              utdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==";
const OTHER_RSA_KEY: &str = "MIIBCgKCAQEAzOMu7R1uv83v4GR+NnhiwMaO0rxn5KL5E4QGL8ctLQCdmspLlO1Tes6wGDq+2Vgv74Cb4JqsuG2g\
    8GWvBtRCWbPilaXvAkrByzyg/Y3HPxJ+akME/Utpw1L5lmcBl5vkWrAVzgjnOkAeZwqz//LQ94sdPAr3CxxmytjQ\
    4+Rbhmqn+r2DinEx78AIjOObzA2p0OE/A/uY4RD5zKFlftIPYvceLruOCFz777DGVw640KDO92C/YPa3to1BoApO\
    bHuxpCd3EczWRYzUKk0qjCcMqbMxOE2A6hl0uKHBfSkzqNl2mgSNdyOe/ZNwTwqaQ1iKlI/ZTjltIcSLMQ1yBCVE\
    nwIDAQAB";
