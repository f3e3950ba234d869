//! `[[verify]]`: how the host knows that a webhook comes from the network. See
//! [`verify`](crate::channel::verify) for what each scheme compares.

use serde::Deserialize;

use super::{ManifestProblem, TWICE, is_plain, twice, useless};
use crate::channel::verify::check_author;

/// One way to verify; the operator chooses where there are several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// What the operator chooses it by. Default: the scheme's word.
    pub name: Option<String>,
    /// How it is verified.
    pub scheme: Scheme,
    /// Addresses and networks that webhooks come from; from others they are refused. Default: any.
    #[serde(default)]
    pub allow_from: Vec<String>,
    /// Header that carries the token or signature.
    pub header: Option<String>,
    /// What stands before it, such as `sha256=`.
    pub prefix: Option<String>,
    /// Field of the body that carries the token or signature: a name or a JSON pointer, or a name
    /// in a form.
    pub field: Option<String>,
    /// Parameter of the query that carries the token. Default `token`.
    pub parameter: Option<String>,
    /// How the signature is written. Default: as the scheme's network does.
    pub encoding: Option<Encoding>,
    /// What is signed. Default `{body}`, or as the scheme's network does.
    pub template: Option<String>,
    /// False: the author knows that the signature does not cover the body. Default true.
    pub covers_body: Option<bool>,
    /// How old a signed request may be: `30s`, `5m`, `1h`.
    pub tolerance: Option<String>,
    /// Header with the time of signing.
    pub timestamp_header: Option<String>,
    /// Field of the body with the time of signing.
    pub timestamp_field: Option<String>,
}

/// A scheme of [`Verify`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Nothing is compared: the network offers nothing.
    #[default]
    None,
    /// A header repeats the secret.
    TokenHeader,
    /// A field of the body repeats the secret.
    BodyField,
    /// A parameter of the query repeats the secret.
    QueryToken,
    /// The last segment of the address is the secret.
    SecretPath,
    /// HTTP's own user and password.
    BasicAuth,
    /// HMAC-SHA256 over a template.
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
    /// HMAC-SHA1 over a template.
    #[serde(rename = "hmac-sha1")]
    HmacSha1,
    /// Twilio's HMAC-SHA1 over the address and the form.
    Twilio,
    /// Ed25519, as Discord signs.
    #[serde(rename = "ed25519")]
    Ed25519,
    /// RSA with SHA-256, as Freshchat signs.
    #[serde(rename = "rsa-sha256")]
    RsaSha256,
    /// ECDSA on P-256 with SHA-256, as SendGrid signs.
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256,
}

/// How signatures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Hexadecimal, either case.
    Hex,
    /// Standard base64 with padding.
    Base64,
    /// Base64 for addresses, with or without padding.
    Base64url,
}

const SIGNATURE_KEYS: &[&str] = &[
    "header",
    "field",
    "prefix",
    "encoding",
    "template",
    "covers_body",
    "tolerance",
    "timestamp_header",
    "timestamp_field",
];

impl Scheme {
    /// All of them.
    pub const ALL: [Scheme; 12] = [
        Scheme::None,
        Scheme::TokenHeader,
        Scheme::BodyField,
        Scheme::QueryToken,
        Scheme::SecretPath,
        Scheme::BasicAuth,
        Scheme::HmacSha256,
        Scheme::HmacSha1,
        Scheme::Twilio,
        Scheme::Ed25519,
        Scheme::RsaSha256,
        Scheme::EcdsaP256,
    ];

    /// As the manifest spells it.
    pub fn word(self) -> &'static str {
        match self {
            Scheme::None => "none",
            Scheme::TokenHeader => "token-header",
            Scheme::BodyField => "body-field",
            Scheme::QueryToken => "query-token",
            Scheme::SecretPath => "secret-path",
            Scheme::BasicAuth => "basic-auth",
            Scheme::HmacSha256 => "hmac-sha256",
            Scheme::HmacSha1 => "hmac-sha1",
            Scheme::Twilio => "twilio",
            Scheme::Ed25519 => "ed25519",
            Scheme::RsaSha256 => "rsa-sha256",
            Scheme::EcdsaP256 => "ecdsa-p256",
        }
    }

    /// Keys that say something to it, beside `name`, `scheme` and `allow_from`.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Scheme::None | Scheme::SecretPath | Scheme::BasicAuth => &[],
            Scheme::TokenHeader => &["header", "prefix"],
            Scheme::BodyField => &["field"],
            Scheme::QueryToken => &["parameter"],
            Scheme::Twilio => &["header"],
            Scheme::HmacSha256
            | Scheme::HmacSha1
            | Scheme::Ed25519
            | Scheme::RsaSha256
            | Scheme::EcdsaP256 => SIGNATURE_KEYS,
        }
    }
}

impl Verify {
    /// What the operator chooses it by.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.scheme.word())
    }

    /// Whether the caller's address, or something that the caller knows, is compared.
    pub fn compares(&self) -> bool {
        self.scheme != Scheme::None || !self.allow_from.is_empty()
    }

    /// Its keys, and whether they stand there.
    fn given(&self) -> [(&'static str, bool); 10] {
        [
            ("header", self.header.is_some()),
            ("field", self.field.is_some()),
            ("prefix", self.prefix.is_some()),
            ("parameter", self.parameter.is_some()),
            ("encoding", self.encoding.is_some()),
            ("template", self.template.is_some()),
            ("covers_body", self.covers_body.is_some()),
            ("tolerance", self.tolerance.is_some()),
            ("timestamp_header", self.timestamp_header.is_some()),
            ("timestamp_field", self.timestamp_field.is_some()),
        ]
    }

    fn check(&self) -> Result<(), ManifestProblem> {
        let (name, scheme) = (self.name(), self.scheme.word());
        if !is_plain(name) {
            let found = format!("`{name}`");
            let expected = "lower-case letters, digits and `-`";
            return Err(ManifestProblem::Value { key: "verify.name", found, expected });
        }
        if let Some(why) = useless(&self.given(), self.scheme.keys(), scheme) {
            return Err(ManifestProblem::Verify { name: name.into(), why });
        }
        check_author(self)
            .map_err(|error| ManifestProblem::Verify { name: name.into(), why: error.to_string() })
    }
}

/// Whether every way to verify is whole, and each has a name of its own.
pub(super) fn check(ways: &[Verify]) -> Result<(), ManifestProblem> {
    ways.iter().try_for_each(Verify::check)?;
    match twice(ways.iter().map(Verify::name)) {
        Some(name) => Err(ManifestProblem::Verify { name: name.into(), why: TWICE.to_owned() }),
        None => Ok(()),
    }
}
