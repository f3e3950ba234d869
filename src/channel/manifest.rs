//! `plugin.toml`: what a plugin is, where its bytes come from, how they are verified, and what
//! it asks for. Packed into the plugin file; read before anything of the plugin runs.

mod error;
mod handshake;
mod oauth;
mod optional;
mod sample;
mod tells;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

pub use self::error::{ManifestError, ManifestProblem};
pub use self::handshake::{Handshake, Shake};
pub use self::oauth::{ClientAuth, Grant, OauthUse};
pub use self::sample::{
    Bytes as SampleBytes, DocumentStep, DownStep, FrameStep, Refusal, ResponseStep, Sample, Step,
    UpStep, WebhookStep,
};
pub use self::tells::Tells;
pub use self::verify::{Encoding, Scheme, Verify};
use super::reply::Reply;
use crate::config::host::HostGrant;
pub use crate::config::model::SourceKind;
use crate::event::Medium;

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
    /// What the network can tell. None when the manifest does not say; `[channel.NAME] tells` goes
    /// before it.
    #[serde(default)]
    pub tells: Option<Tells>,
    /// `[source]`
    pub source: Source,
    /// `[[verify]]`; without one, nobody verifies.
    #[serde(default)]
    pub verify: Vec<Verify>,
    /// `[[handshake]]`
    #[serde(default, rename = "handshake")]
    pub handshakes: Vec<Handshake>,
    /// `[fetch]`
    #[serde(default)]
    pub fetch: Fetch,
    /// `[secrets.NAME]`: what the operator gives in `grant_secrets`, for the plugin's requests.
    #[serde(default)]
    pub secrets: BTreeMap<String, SecretUse>,
    /// `[oauth.NAME]`: accounts into which the host signs for the plugin.
    #[serde(default)]
    pub oauth: BTreeMap<String, OauthUse>,
    /// `[attributes]`
    #[serde(default)]
    pub attributes: Attributes,
    /// `[on_bad_input]`
    #[serde(default)]
    pub on_bad_input: OnBadInput,
    /// `[[sample]]`
    #[serde(default, rename = "sample")]
    pub samples: Vec<Sample>,
    /// Sections with `optional = true` that this host does not know: a newer one's.
    #[serde(skip)]
    pub not_understood: Vec<String>,
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
    /// All that the plugin can live with.
    pub fn all(&self) -> impl Iterator<Item = SourceKind> + Clone {
        SourceKind::ALL.into_iter().filter(|kind| self.allows(*kind))
    }

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
    /// The answer's text; some networks take only a word of theirs for an answer.
    pub body: String,
}

/// Bytes of [`OnBadInput::body`].
const BAD_INPUT_BODY_MAX: usize = 256;

impl OnBadInput {
    /// The answer.
    pub fn reply(&self) -> Reply {
        match self.body.as_str() {
            "" => Reply::status(self.status),
            text => Reply::text(self.status, text),
        }
    }
}

impl Default for OnBadInput {
    fn default() -> Self {
        Self { status: 200, body: String::new() }
    }
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let (known, not_understood) = optional::without_unknown(text);
        let manifest: Manifest = toml::from_str(&known).map_err(|error| {
            // Without its optional sections its lines are others.
            ManifestError::syntax(&error, not_understood.is_empty().then_some(text))
        })?;
        let manifest = Manifest { not_understood, ..manifest };
        match manifest.check() {
            Ok(()) => Ok(manifest),
            Err(problem) => Err(ManifestError::locate(problem, &manifest, text)),
        }
    }

    fn check(&self) -> Result<(), ManifestProblem> {
        let wrong = |key, found: &dyn std::fmt::Display, expected| {
            Err(ManifestProblem::Value { key, found: format!("`{found}`"), expected })
        };
        if !is_plain(&self.name) {
            return wrong("name", &self.name, "lower-case letters, digits and `-`");
        }
        if self.api != super::host::API_MAJOR.to_string() {
            return wrong("api", &self.api, "`1`, the major version of the contract");
        }
        if self.source.kind.is_none() && self.source.kinds.is_empty() {
            return wrong(
                "source.kind",
                &"",
                "one of `webhook`, `poll`, `socket`, `tcp`, `file`, `document`",
            );
        }
        if !(200..=499).contains(&self.on_bad_input.status) {
            let expected = "200 to 499: a 5xx makes networks send bad input for ever";
            return wrong("on_bad_input.status", &self.on_bad_input.status, expected);
        }
        if self.on_bad_input.body.len() > BAD_INPUT_BODY_MAX {
            let found = format_args!("{} bytes", self.on_bad_input.body.len());
            return wrong("on_bad_input.body", &found, "at most 256 bytes: a word for the network");
        }
        verify::check(&self.verify)?;
        handshake::check(&self.handshakes)?;
        sample::check(&self.samples)?;
        for (name, account) in &self.oauth {
            oauth::check(name, account, &self.secrets)?;
            self.check_hosts(&account.hosts)
                .map_err(|why| ManifestProblem::Oauth { name: name.clone(), why })?;
        }
        for (name, secret) in &self.secrets {
            self.check_hosts(&secret.hosts)
                .map_err(|why| ManifestProblem::Secret { name: name.clone(), why })?;
        }
        Ok(())
    }

    /// To whom a secret, or an account's token, may be sent.
    fn check_hosts(&self, hosts: &[String]) -> Result<(), String> {
        if hosts.is_empty() {
            return Err("`hosts` is missing: to whom it may be sent".to_owned());
        }
        if let Some(host) = hosts.iter().find(|host| !self.fetch.hosts.contains(host)) {
            return Err(format!("`hosts` names `{host}`, and `[fetch] hosts` does not"));
        }
        match hosts.iter().find(|it| *it != ANY_HOST && it.parse::<HostGrant>().is_err()) {
            Some(host) => {
                let expected = "`name`, `name:port` or `address:port`";
                Err(format!("`hosts` names `{host}`, which is no host, {expected}"))
            }
            None => Ok(()),
        }
    }
}

/// Of what has a name: what is wrong when another one has it, too.
const TWICE: &str = "there are two of that name; give each a `name` of its own";

/// The first name that two of them have.
fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut known = BTreeSet::new();
    names.into_iter().find(|name| !known.insert(*name))
}

/// What is wrong with keys that stand there and are none of a scheme's own.
fn useless(given: &[(&str, bool)], known: &[&str], scheme: &str) -> Option<String> {
    let (key, _) = given.iter().find(|(key, stands)| *stands && !known.contains(key))?;
    Some(format!("`{key}` says nothing to `{scheme}`; remove it"))
}

/// Whether a name can stand in a config and in messages as it is.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(plain)
}

#[cfg(test)]
mod page;
#[cfg(test)]
mod tests;
