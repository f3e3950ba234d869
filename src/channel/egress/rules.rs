//! What one channel may fetch: the operator's part and the plugin's.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{FetchError, Names};
use crate::channel::manifest::{Manifest, OauthUse, SecretUse};
use crate::channel::trust::CaFileError;
use crate::config::host::NotAHost;
use crate::config::model::{Channel, OauthClient, Secret};

/// What one channel may fetch.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Whose they are.
    pub names: Names,
    /// Hosts that the plugin's manifest declares, or `*`.
    pub declared: Vec<String>,
    /// `channel.NAME.grant_hosts`
    pub granted: Vec<String>,
    /// The secrets that the manifest declares, and to whom each may be sent.
    pub declared_secrets: BTreeMap<String, SecretUse>,
    /// `channel.NAME.grant_secrets`
    pub granted_secrets: BTreeMap<String, Secret>,
    /// The accounts that the manifest declares.
    pub declared_accounts: BTreeMap<String, OauthUse>,
    /// `channel.NAME.oauth`
    pub granted_accounts: BTreeMap<String, OauthClient>,
    /// Where the newest refresh tokens are kept; none: nowhere.
    pub accounts_folder: Option<PathBuf>,
    /// `channel.NAME.ca_file`
    pub ca_file: Option<PathBuf>,
    /// `channel.NAME.fetch_timeout`
    pub timeout: Duration,
    /// `channel.NAME.fetch_bytes_max`
    pub response_bytes_max: usize,
}

impl Rules {
    /// The operator's part from the config, the plugin's from its manifest, and where refresh tokens are
    /// kept.
    pub fn new(channel: &Channel, manifest: &Manifest, accounts_folder: Option<PathBuf>) -> Self {
        let (channel_name, plugin) = (channel.name.clone(), manifest.name.clone());
        Self {
            names: Names { channel: channel_name, plugin, config: None },
            declared_accounts: manifest.oauth.clone(),
            granted_accounts: channel.oauth.clone(),
            accounts_folder,
            declared: manifest.fetch.hosts.clone(),
            granted: channel.grant_hosts.clone(),
            declared_secrets: manifest.secrets.clone(),
            granted_secrets: channel.grant_secrets.clone(),
            ca_file: channel.ca_file.clone(),
            timeout: channel.fetch_timeout,
            response_bytes_max: channel.fetch_bytes_max,
        }
    }
}

/// The HTTP client cannot be made, or a manifest names no host.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// In the manifest or the config.
    #[error("{text:?} is no host; expected {reason}")]
    Host {
        /// What stands there.
        text: String,
        /// What should.
        reason: NotAHost,
    },
    /// A secret would go to whichever of them a network names.
    #[error(
        "the plugin sends a secret to whatever host is granted, so exactly one may be; {0} are"
    )]
    ManyHosts(usize),
    /// The operator gave no address for an account.
    #[error("the account {0:?} has no token_url")]
    NoTokenUrl(String),
    /// The host that gives an account's tokens may not be asked.
    #[error(
        "the account {account:?} is signed in to at {host}: {}",
        .remedy.clone().unwrap_or_else(|| why.to_string())
    )]
    TokenHost {
        /// The account.
        account: String,
        /// The host.
        host: String,
        /// Why not.
        why: FetchError,
        /// The line to add, where one helps.
        remedy: Option<String>,
    },
    /// Of authorities.
    #[error(transparent)]
    CaFile(#[from] CaFileError),
    /// TLS or the like.
    #[error("the HTTP client cannot be made: {0}")]
    Client(reqwest::Error),
}
