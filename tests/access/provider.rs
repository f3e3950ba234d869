//! A provider of OpenID Connect over loopback: discovery, keys, a page for logins that lets everybody in at
//! once, and tokens that are really signed. It keeps to the specification, unless it is told to lie.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::support::server::unix_seconds;

pub(super) const CLIENT: &str = "tablica wall";
pub(super) const CLIENT_SECRET: &str = "planted+client/secret";

/// How it departs from the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lie {
    #[default]
    None,
    /// The nonce of another login.
    Nonce,
    /// For another client.
    Audience,
    /// Of another issuer.
    Issuer,
    /// Over for longer than clocks may differ.
    Expired,
    /// `alg: none`, and no signature.
    Unsigned,
    /// HMAC, with the public key as its secret.
    Confused,
    /// Signed with a key of the same name that is not published.
    OtherKey,
    /// It says no, with a text of its own.
    Denied,
    /// It has no answer.
    Down,
    /// It calls itself otherwise.
    OtherName,
}

/// What it knows.
pub(super) struct Known {
    pub(super) lie: Lie,
    /// What it says of whoever logs in.
    pub(super) claims: Map<String, Value>,
    pub(super) asked: Asked,
    signer: Arc<Signer>,
    codes: HashMap<String, Code>,
}

/// How often it was asked for what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) description: u32,
    pub(super) keys: u32,
    pub(super) tokens: u32,
}

/// A code that was given out, and what it is worth.
struct Code {
    redirect_uri: String,
    challenge: String,
    nonce: String,
}

enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair, String),
}

impl Signer {
    fn rsa() -> Self {
        let pem = include_bytes!("../data/provider_key.pem");
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem).expect("PEM");
        Self::Rsa(RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).expect("a key"))
    }

    fn ec(name: &str) -> Self {
        let random = SystemRandom::new();
        let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(way, &random).expect("drawn");
        let key = EcdsaKeyPair::from_pkcs8(way, key.as_ref(), &random).expect("a key");
        Self::Ec(key, name.to_owned())
    }

    fn name(&self) -> &str {
        match self {
            Self::Rsa(_) => "rsa-1",
            Self::Ec(_, name) => name,
        }
    }

    fn algorithm(&self) -> &str {
        if matches!(self, Self::Rsa(_)) { "RS256" } else { "ES256" }
    }

    fn published(&self) -> Value {
        let (kid, alg) = (self.name(), self.algorithm());
        match self {
            Self::Rsa(key) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(key.public());
                let (n, e) = (base64(parts.n), base64(parts.e));
                json!({ "kty": "RSA", "use": "sig", "kid": kid, "alg": alg, "n": n, "e": e })
            }
            Self::Ec(key, _) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                let (x, y) = (base64(x), base64(y));
                json!({ "kty": "EC", "crv": "P-256", "kid": kid, "alg": alg, "x": x, "y": y })
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signed = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signed).expect("signed");
                signed
            }
            Self::Ec(key, _) => key.sign(&random, message).expect("signed").as_ref().to_vec(),
        }
    }
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// It, running.
#[derive(Clone)]
pub(super) struct Provider {
    pub(super) issuer: String,
    known: Arc<Mutex<Known>>,
}

impl Provider {
    /// One at an address of its own.
    pub(super) async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let issuer = format!("http://{}/realms/center", socket.local_addr().expect("an address"));
        let known = Known {
            lie: Lie::None,
            claims: Map::new(),
            asked: Asked::default(),
            signer: Arc::new(Signer::rsa()),
            codes: HashMap::new(),
        };
        let provider = Self { issuer, known: Arc::new(Mutex::new(known)) };
        let routes = Router::new()
            .route("/realms/center/.well-known/openid-configuration", get(description))
            .route("/realms/center/keys", get(keys))
            .route("/realms/center/auth", get(authorize))
            .route("/realms/center/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(socket, routes).await });
        provider
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("whole")
    }

    /// Whoever logs in next.
    pub(super) fn is_somebody(&self, subject: &str, name: &str, groups: &[&str]) {
        let claims = json!({ "sub": subject, "preferred_username": name, "groups": groups });
        self.known().claims = claims.as_object().expect("an object").clone();
    }

    /// A new key, by the name given; the one before is not published any more.
    pub(super) fn rotate(&self, name: &str) {
        self.known().signer = Arc::new(Signer::ec(name));
    }
}

fn is_down(known: &Known) -> Option<Response> {
    (known.lie == Lie::Down).then(|| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

async fn description(State(provider): State<Provider>) -> Response {
    let mut known = provider.known();
    known.asked.description += 1;
    if let Some(down) = is_down(&known) {
        return down;
    }
    let issuer = &provider.issuer;
    let said = if known.lie == Lie::OtherName { "http://127.0.0.1:1/elsewhere" } else { issuer };
    Json(json!({
        "issuer": said,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/leave"),
        "response_types_supported": ["code"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }))
    .into_response()
}

async fn keys(State(provider): State<Provider>) -> Response {
    let mut known = provider.known();
    known.asked.keys += 1;
    is_down(&known)
        .unwrap_or_else(|| Json(json!({ "keys": [known.signer.published()] })).into_response())
}

/// Lets everybody in, or says no.
async fn authorize(
    State(provider): State<Provider>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let mut known = provider.known();
    let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
    assert_eq!((of("response_type"), of("client_id")), ("code".to_owned(), CLIENT.to_owned()));
    assert!(of("scope").split(' ').any(|scope| scope == "openid"));
    assert_eq!(of("code_challenge_method"), "S256");
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("state", &of("state"));
    if known.lie == Lie::Denied {
        back.append_pair("error", "access_denied");
        back.append_pair("error_description", "<script>alert('planted text')</script>");
    } else {
        let code =
            base64(ring::rand::generate::<[u8; 16]>(&SystemRandom::new()).expect("drawn").expose());
        back.append_pair("code", &code);
        let (redirect_uri, challenge) = (of("redirect_uri"), of("code_challenge"));
        known.codes.insert(code, Code { redirect_uri, challenge, nonce: of("nonce") });
    }
    Redirect::to(&format!("{}?{}", of("redirect_uri"), back.finish())).into_response()
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, body: String) -> Response {
    let mut known = provider.known();
    known.asked.tokens += 1;
    if let Some(down) = is_down(&known) {
        return down;
    }
    let refused = |error: &str| {
        let said = json!({ "error": error, "error_description": "<b>planted text</b>" });
        (StatusCode::BAD_REQUEST, Json(said)).into_response()
    };
    let form: HashMap<String, String> =
        form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", escaped(CLIENT), escaped(CLIENT_SECRET));
    let expected = format!("Basic {}", BASE64_STANDARD.encode(pair));
    if headers.get("authorization").is_none_or(|said| *said != expected) {
        return refused("invalid_client");
    }
    let code = known.codes.remove(&of("code"));
    let Some(code) = code.filter(|_| of("grant_type") == "authorization_code") else {
        return refused("invalid_grant");
    };
    let is_verified = base64(Sha256::digest(of("code_verifier"))) == code.challenge;
    if !is_verified || of("redirect_uri") != code.redirect_uri {
        return refused("invalid_grant");
    }
    let id_token = id_token(&provider.issuer, &known, &code.nonce);
    Json(json!({ "access_token": "planted-access-token", "token_type": "Bearer", "id_token": id_token }))
        .into_response()
}

fn id_token(issuer: &str, known: &Known, nonce: &str) -> String {
    let now = unix_seconds();
    let mut claims = known.claims.clone();
    let mut say = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    let elsewhere = format!("{issuer}/other");
    say("iss", json!(if known.lie == Lie::Issuer { &elsewhere } else { issuer }));
    say("aud", json!(if known.lie == Lie::Audience { "another client" } else { CLIENT }));
    say("nonce", json!(if known.lie == Lie::Nonce { "another" } else { nonce }));
    say("iat", json!(now - 600));
    say("exp", json!(if known.lie == Lie::Expired { now - 120 } else { now + 300 }));
    let algorithm = match known.lie {
        Lie::Unsigned => "none",
        Lie::Confused => "HS256",
        _ => known.signer.algorithm(),
    };
    let head = json!({ "alg": algorithm, "kid": known.signer.name(), "typ": "JWT" });
    let message =
        format!("{}.{}", base64(head.to_string()), base64(Value::Object(claims).to_string()));
    let signed = match known.lie {
        Lie::Unsigned => Vec::new(),
        Lie::Confused => {
            // What everybody can read, as the secret that nobody should.
            let public = known.signer.published();
            let public = BASE64_URL_SAFE_NO_PAD.decode(public["n"].as_str().expect("RSA"));
            let mut mac = Hmac::<Sha256>::new_from_slice(&public.expect("base64")).expect("a key");
            mac.update(message.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Lie::OtherKey => Signer::ec(known.signer.name()).sign(message.as_bytes()),
        _ => known.signer.sign(message.as_bytes()),
    };
    format!("{message}.{}", base64(signed))
}
