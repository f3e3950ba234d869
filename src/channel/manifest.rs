//! `plugin.toml`: what a plugin is, where its bytes come from, how they are verified, and what
//! it asks for. Packed into the plugin file; read before anything of the plugin runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::Error as _;

use super::input::InputKind;
use crate::config::host::HostGrant;
use crate::config::words::nearest;
use crate::event::{KindName, Medium};

/// A plugin's `plugin.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Lower-case letters, digits and `-`.
    pub name: String,
    /// The plugin's own version.
    pub version: String,
    /// The major version of the contract, `1`.
    pub api: String,
    /// The network's name for people.
    pub network: String,
    /// What its contacts are made of.
    #[serde(default)]
    pub medium: Medium,
    /// One line for lists.
    #[serde(default)]
    pub summary: String,
    /// Kinds of events that the network can tell, whether it has told one yet or not. None when
    /// the manifest does not say; `[channel.NAME] tells` goes before it.
    #[serde(default, deserialize_with = "kinds")]
    pub tells: Option<BTreeSet<KindName>>,
    /// `[source]`
    pub source: Source,
    /// `[verify]`
    #[serde(default)]
    pub verify: Verify,
    /// `[fetch]`
    #[serde(default)]
    pub fetch: Fetch,
    /// `[secrets.NAME]`: what the operator gives in `grant_secrets`, for the plugin's requests.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretUse>,
    /// `[attributes]`
    #[serde(default)]
    pub attributes: Attributes,
    /// `[on_bad_input]`
    #[serde(default)]
    pub on_bad_input: OnBadInput,
    /// `[[sample]]`
    #[serde(default, rename = "sample")]
    pub samples: Vec<Sample>,
}

/// Where a plugin's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The network calls us.
    Webhook,
    /// A file that grows.
    File,
    /// The plugin asks, by `fetch` and `timer` commands.
    Poll,
}

/// `[source]`: one `kind`, or several `kinds` that the plugin can live with.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// The only kind.
    pub kind: Option<SourceKind>,
    /// The kinds, when there are several.
    pub kinds: Vec<SourceKind>,
    /// Request headers the plugin reads. It gets no others, so that no secret slips in.
    pub headers: Option<Vec<String>>,
}

impl Source {
    /// Whether the plugin can live with such a source.
    pub fn allows(&self, kind: SourceKind) -> bool {
        self.kind == Some(kind) || self.kinds.contains(&kind)
    }

    /// Whether the plugin reads a header; by default only the content type.
    pub fn reads_header(&self, name: &str) -> bool {
        match &self.headers {
            Some(headers) => headers.iter().any(|header| header.eq_ignore_ascii_case(name)),
            None => name.eq_ignore_ascii_case("content-type"),
        }
    }
}

/// `[verify]`: how the host knows that a webhook comes from the network. See
/// [`verify`](super::verify) for what each scheme needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Verify {
    /// `none`, `token-header`, `hmac-sha256`, `hmac-sha1`, `body-field`.
    pub scheme: Scheme,
    /// Header that carries the token or signature.
    pub header: Option<String>,
    /// What stands before the signature, such as `sha256=`.
    pub prefix: Option<String>,
    /// How the signature is written. Default `hex`.
    pub encoding: Encoding,
    /// What is signed: `{body}`, `{header:NAME}` and plain text. Default `{body}`.
    pub template: Option<String>,
    /// How old a signed request may be: `30s`, `5m`, `1h`.
    pub tolerance: Option<String>,
    /// Header with the time of signing, Unix seconds, milli-, micro- or nanoseconds.
    pub timestamp_header: Option<String>,
    /// JSON field with the token, for `body-field`: a name or a JSON pointer.
    pub field: Option<String>,
}

/// A way to verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Not at all: the network offers nothing. The address itself should then be secret.
    #[default]
    None,
    /// A header repeats the secret.
    TokenHeader,
    /// HMAC-SHA256 over a template.
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
    /// HMAC-SHA1 over a template.
    #[serde(rename = "hmac-sha1")]
    HmacSha1,
    /// A JSON field repeats the secret.
    BodyField,
}

impl Scheme {
    /// As the manifest spells it.
    pub fn word(self) -> &'static str {
        match self {
            Scheme::None => "none",
            Scheme::TokenHeader => "token-header",
            Scheme::HmacSha256 => "hmac-sha256",
            Scheme::HmacSha1 => "hmac-sha1",
            Scheme::BodyField => "body-field",
        }
    }
}

/// How signatures are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Hexadecimal, either case.
    #[default]
    Hex,
    /// Standard base64 with padding.
    Base64,
}

/// `[fetch]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fetch {
    /// Hosts the plugin wants to ask; the operator must grant each.
    pub hosts: Vec<String>,
}

/// In a manifest: whatever host the operator grants, for networks that sites run themselves.
pub const ANY_HOST: &str = "*";

/// `[secrets.NAME]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretUse {
    /// To whom it may be sent: of `[fetch] hosts`, or `*` for the one that is granted.
    pub hosts: Vec<String>,
    /// What it is and where the operator finds it, in one line.
    pub about: String,
}

/// `[attributes]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attributes {
    /// Attributes of events that are kept; others are dropped.
    pub keep: Vec<String>,
}

/// `[on_bad_input]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OnBadInput {
    /// What a webhook with bad input is answered: 200 keeps the network from sending it again.
    pub status: u16,
}

impl Default for OnBadInput {
    fn default() -> Self {
        Self { status: 200 }
    }
}

/// `[[sample]]`: a test of the plugin, as data.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Raw input, relative to `plugin.toml`; several files are given one after the other.
    #[serde(rename = "file", deserialize_with = "one_or_many")]
    pub files: Vec<String>,
    /// How to read it.
    #[serde(rename = "as")]
    pub kind: InputKind,
    /// What the plugin must make of it, as JSON lines; relative to `plugin.toml`.
    pub expect: String,
    /// What the sample shows.
    #[serde(default)]
    pub about: String,
    /// The operator's settings for this sample.
    #[serde(default)]
    pub settings: Option<toml::Table>,
}

/// Kinds by their words; all that are none are named at once.
fn kinds<'de, D: serde::Deserializer<'de>>(
    reader: D,
) -> Result<Option<BTreeSet<KindName>>, D::Error> {
    let words = Vec::<String>::deserialize(reader)?;
    let known = || KindName::ALL.iter().map(|kind| kind.word());
    let unknown: Vec<String> = words
        .iter()
        .filter(|word| KindName::from_word(word).is_none())
        .map(|word| match nearest(word, known()) {
            Some(nearest) => format!("`{word}` (did you mean `{nearest}`?)"),
            None => format!("`{word}`"),
        })
        .collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = known().collect();
        let (unknown, known) = (unknown.join(", "), known.join(", "));
        return Err(D::Error::custom(format!("no kind of event: {unknown}; known are {known}")));
    }
    if words.is_empty() {
        let expected = "expected kinds of events; leave it out when nobody can know them";
        return Err(D::Error::custom(format!("`tells` is an empty list, {expected}")));
    }
    Ok(Some(words.iter().filter_map(|word| KindName::from_word(word)).collect()))
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Files {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Files::deserialize(reader)? {
        Files::One(file) => vec![file],
        Files::Many(files) => files,
    })
}

/// Why a manifest is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// TOML or its shape is wrong; the message shows the line.
    #[error("plugin.toml is wrong: {0}")]
    Syntax(String),
    /// A value makes no sense.
    #[error("plugin.toml: `{key}` is {found}, expected {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let manifest: Manifest =
            toml::from_str(text).map_err(|error| ManifestError::Syntax(error.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), ManifestError> {
        let wrong = |key, found: &dyn std::fmt::Display, expected| {
            Err(ManifestError::Value { key, found: format!("`{found}`"), expected })
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            return wrong("name", &self.name, "lower-case letters, digits and `-`");
        }
        if self.api != super::host::API_MAJOR.to_string() {
            return wrong("api", &self.api, "`1`, the major version of the contract");
        }
        if self.source.kind.is_none() && self.source.kinds.is_empty() {
            return wrong("source.kind", &"", "`webhook`, `file` or `poll`");
        }
        if !(200..=499).contains(&self.on_bad_input.status) {
            let expected = "200 to 499: a 5xx makes networks send bad input for ever";
            return wrong("on_bad_input.status", &self.on_bad_input.status, expected);
        }
        for (name, SecretUse { hosts, .. }) in &self.secrets {
            if hosts.is_empty() {
                return wrong("secrets", name, "`hosts`, to whom the secret may be sent");
            }
            if let Some(host) = hosts.iter().find(|host| !self.fetch.hosts.contains(host)) {
                return wrong("secrets", host, "a host that `fetch.hosts` names");
            }
            if let Some(host) =
                hosts.iter().find(|it| *it != ANY_HOST && it.parse::<HostGrant>().is_err())
            {
                let expected = "a host, `name`, `name:port` or `address:port`";
                return wrong("secrets", host, expected);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
