//! `[[fetch.fill]]`: where the host fills a secret into a plugin's request.
//!
//! A plugin hands a network's own text on: the next page's address, an id in a body. Were
//! `{secret:NAME}` filled in wherever it stands in a finished request, a network could ask for any
//! secret by writing it into its pages. So the author writes each place down as a constant, which
//! is packed with the plugin, and nothing else of a request is looked at.

use serde::Deserialize;

use super::{Fetch, ManifestError};
use crate::config::host::HostGrant;

/// In a manifest: whatever host the operator grants, for networks that sites run themselves.
pub const ANY_HOST: &str = "*";
const OPEN: &str = "{secret:";

/// One place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fill {
    /// What the request's address begins with, `https://HOST/…{secret:NAME}…`; with `*` instead
    /// of `https://HOST` for whatever host is granted.
    pub url: Option<String>,
    /// The host of the request, or `*`; with `header` and with `body`.
    pub host: Option<String>,
    /// A header's name.
    pub header: Option<String>,
    /// The header's whole value.
    pub text: Option<String>,
    /// What the body begins with.
    pub body: Option<String>,
}

impl Fill {
    /// The constant text with its placeholders.
    pub fn constant(&self) -> &str {
        [&self.url, &self.text, &self.body].into_iter().flatten().next().map_or("", String::as_str)
    }

    /// Whether it is for whatever host is granted.
    pub fn is_for_any_host(&self) -> bool {
        self.host.as_deref() == Some(ANY_HOST)
            || self.url.as_ref().is_some_and(|url| url.starts_with(ANY_HOST))
    }

    pub(super) fn check(&self, fetch: &Fetch) -> Result<(), ManifestError> {
        let wrong = |found: &str, expected| {
            let found = format!("`{found}`");
            Err(ManifestError::Value { key: "fetch.fill", found, expected })
        };
        match self {
            Fill { url: Some(url), host: None, header: None, text: None, body: None } => {
                if !is_address(url) {
                    let expected = "`url` as `https://HOST/…{secret:NAME}…`, with the secret \
                                    after the host and its `/`";
                    return wrong(url, expected);
                }
            }
            Fill { url: None, host, header: Some(_), text: Some(_), body: None }
            | Fill { url: None, host, header: None, text: None, body: Some(_) } => {
                if host.is_none() {
                    return wrong(self.constant(), "a `host` that it is sent to");
                }
            }
            _ => {
                let expected = "one of `url`, `host` with `header` and `text`, `host` with `body`";
                return wrong(self.constant(), expected);
            }
        }
        let host = self.host.as_deref().unwrap_or_else(|| host_of(self.url.as_deref()));
        if !fetch.hosts.iter().any(|declared| declared == host) {
            return wrong(host, "a host that `fetch.hosts` names");
        }
        if host != ANY_HOST && host.parse::<HostGrant>().is_err() {
            return wrong(host, "a host, `name`, `name:port` or `address:port`");
        }
        let mut names = names(self.constant()).peekable();
        if names.peek().is_none() {
            return wrong(self.constant(), "a text with `{secret:NAME}` in it");
        }
        match names.find(|name| !fetch.secrets.iter().any(|secret| secret == name)) {
            Some(name) => wrong(name, "a secret that `fetch.secrets` names"),
            None => Ok(()),
        }
    }
}

/// Names of the secrets that a text mentions.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(OPEN).skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn host_of(url: Option<&str>) -> &str {
    let url = url.unwrap_or_default();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest.or_else(|| url.starts_with("*/").then_some(url)).and_then(|it| it.split_once('/')) {
        Some((host, _)) => !host.is_empty() && !host.contains(['{', '@', '?', '#']),
        None => false,
    }
}
