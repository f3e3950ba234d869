//! `[oauth.NAME]`: an account at the network into which the host signs by OAuth 2.0 (RFC 6749). The
//! plugin puts the access token into its requests as the secret NAME and never sees it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ManifestProblem, SecretUse, is_plain};

/// One account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OauthUse {
    /// Where tokens are given. Without it the operator says it, for networks with an address for
    /// each region or site.
    pub token_url: Option<String>,
    /// What the operator has.
    pub grant: Grant,
    /// How the client says who it is.
    pub client_auth: ClientAuth,
    /// What is asked for, in the network's words.
    pub scope: Option<String>,
    /// To whom the access token may be sent: of `[fetch] hosts`, or `*` for the one that is granted.
    pub hosts: Vec<String>,
    /// What it is and where the operator finds it, in one line.
    pub about: String,
}

/// A grant of RFC 6749.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// The operator agreed once and has a refresh token (section 6).
    #[default]
    RefreshToken,
    /// The client acts for itself (section 4.4).
    ClientCredentials,
}

impl Grant {
    /// As the token server is told.
    pub fn word(self) -> &'static str {
        match self {
            Grant::RefreshToken => "refresh_token",
            Grant::ClientCredentials => "client_credentials",
        }
    }
}

/// How a client says who it is (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuth {
    /// `client_id` and `client_secret` in the form.
    #[default]
    Body,
    /// In a header, as a user and a password.
    Basic,
}

/// Whether an account is whole, and no secret has its name.
pub(super) fn check(
    name: &str,
    account: &OauthUse,
    secrets: &BTreeMap<String, SecretUse>,
) -> Result<(), ManifestProblem> {
    let wrong = |why: String| Err(ManifestProblem::Oauth { name: name.to_owned(), why });
    if !is_plain(name) {
        return wrong("its name must be lower-case letters, digits and `-`".into());
    }
    if secrets.contains_key(name) {
        return wrong("there is a secret of that name; requests could not tell them apart".into());
    }
    match account.token_url.as_deref().map(reqwest::Url::parse) {
        Some(Ok(url)) if url.scheme() == "https" => Ok(()),
        None => Ok(()),
        Some(_) => wrong("`token_url` must be an absolute https address".into()),
    }
}
