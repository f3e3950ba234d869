//! Why a plugin gets no response, in words that may be shown to anybody.

use std::time::Duration;

use super::FETCHES_WAITING_MAX;
use super::address::{PrivateAddress, Unresolved};
use super::pieces::COMPUTED_MAX;
use crate::channel::trust;
use crate::config::units::format_duration;

/// Why there is no response. Names the host at most.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No absolute http or https address, or one with a user name in it.
    #[error("the address of the request is not an absolute http or https address")]
    Address,
    /// A header that cannot be sent, or that the host sets itself.
    #[error("the header {0:?} cannot be set")]
    Header(String),
    /// The operator gave none of this name, or the plugin does not declare it.
    #[error("there is no secret {0:?} in the channel's grant_secrets and the plugin's plugin.toml")]
    UnknownSecret(String),
    /// There is no token for the request.
    #[error("cannot sign in to the account {account:?}: {why}")]
    NotSignedIn {
        /// Its name.
        account: String,
        /// Why.
        why: String,
    },
    /// For another host.
    #[error("the secret {0:?} is not for this host: see [secrets.NAME] hosts in plugin.toml")]
    SecretElsewhere(String),
    /// Everybody on the way could read it.
    #[error("the secret {0:?} is not sent over plain http, only over https")]
    SecretInClear(String),
    /// Each has to be looked for in the answer.
    #[error("more than {COMPUTED_MAX} computed pieces in one request")]
    TooManyComputed,
    /// The plugin's manifest does not name the host.
    #[error("the plugin does not declare the host {0}")]
    NotDeclared(String),
    /// The operator's config does not.
    #[error("the host {0} is not granted; the channel's grant_hosts must name it")]
    NotGranted(String),
    /// Without TLS only where the operator names the port.
    #[error("the host {0} is granted for https only; name the port to allow http")]
    PlainHttp(String),
    /// The name leads into the private network.
    #[error("the host {0} has a private address; grant it by number if that is meant")]
    PrivateAddress(String),
    /// The name leads nowhere.
    #[error("the host {0} cannot be resolved")]
    Unresolved(String),
    /// No connection, or one that broke off.
    #[error("{what} {host}")]
    Failed {
        /// What went wrong.
        what: &'static str,
        /// With whom.
        host: String,
    },
    /// It did not prove who it is.
    #[error("no trusted TLS connection with {host}: {why}")]
    Untrusted {
        /// Who.
        host: String,
        /// Why not, of "it".
        why: &'static str,
    },
    /// Nobody can be trusted.
    #[error(
        "this machine has no certificate authorities, so https cannot be checked; install ca-certificates"
    )]
    NoAuthorities,
    /// `fetch_timeout` has passed.
    #[error("{host} did not answer within {} (fetch_timeout)", format_duration(*.timeout))]
    Timeout {
        /// Who.
        host: String,
        /// The limit.
        timeout: Duration,
    },
    /// More than `fetch_bytes_max`.
    #[error("the answer of {host} is larger than {max} bytes (fetch_bytes_max)")]
    TooLarge {
        /// Whose.
        host: String,
        /// The limit.
        max: usize,
    },
    /// Too many requests wait already.
    #[error("{FETCHES_WAITING_MAX} requests of the channel are waiting already")]
    TooMany,
}

impl FetchError {
    /// For metric labels.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Address | Self::Header(_) => "bad_request",
            Self::UnknownSecret(_) | Self::SecretElsewhere(_) | Self::SecretInClear(_) => {
                "bad_secret"
            }
            Self::NotSignedIn { .. } => "not_signed_in",
            Self::NotDeclared(_) => "not_declared",
            Self::NotGranted(_) | Self::PlainHttp(_) => "not_granted",
            Self::PrivateAddress(_) => "private_address",
            Self::Unresolved(_) => "unresolved",
            Self::Failed { .. } | Self::Untrusted { .. } | Self::NoAuthorities => "failed",
            Self::Timeout { .. } => "timeout",
            Self::TooLarge { .. } => "too_large",
            Self::TooMany | Self::TooManyComputed => "too_many",
        }
    }
}

/// What went wrong, without the client's own message: that holds the address.
pub(super) fn explain(error: &reqwest::Error, host: &str) -> FetchError {
    let host = host.to_owned();
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if cause.is::<PrivateAddress>() {
            return FetchError::PrivateAddress(host);
        }
        if cause.is::<Unresolved>() {
            return FetchError::Unresolved(host);
        }
        source = cause.source();
    }
    if let Some(why) = trust::refusal(error) {
        return FetchError::Untrusted { host, why: why.peer };
    }
    let what = if error.is_connect() {
        "no connection to"
    } else if error.is_body() || error.is_decode() {
        "the answer broke off, from"
    } else {
        "no answer from"
    };
    FetchError::Failed { what, host }
}
