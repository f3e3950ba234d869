//! Why a channel cannot run.

use crate::channel::host::PackageError;
use crate::channel::verify::VerifyError;

/// Why a channel cannot run as configured.
#[derive(Debug, thiserror::Error)]
#[error("[channel.{channel}] {problem}")]
pub struct BuildError {
    /// The channel.
    pub channel: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// See [`BuildError`].
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no such plugin.
    #[error("plugin: {0}")]
    NoPlugin(String),
    /// The file is no plugin for this server.
    #[error("plugin: {0}")]
    Package(#[from] PackageError),
    /// Webhooks could not be verified.
    #[error("{0}")]
    Verify(#[from] VerifyError),
    /// The section and the plugin disagree on where the bytes come from.
    #[error("{0}")]
    Source(String),
    /// A secret that no request of the plugin mentions.
    #[error("grant_secrets: {0}")]
    Secrets(String),
    /// An account that the plugin cannot use as it is.
    #[error("oauth: {0}")]
    Oauth(String),
    /// The plugin may not ask what it must.
    #[error("grant_hosts: {0}")]
    Egress(String),
    /// The plugin does not start with these settings.
    #[error("settings: the plugin says: {0}")]
    Settings(String),
    /// The plugin does not start at all.
    #[error("the plugin does not start: {0}")]
    Start(String),
    /// The plugin starts, but not where the one that runs stands.
    #[error("the plugin cannot go on from the state of the one that runs: {0}")]
    State(String),
}
