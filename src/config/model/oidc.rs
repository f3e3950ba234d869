//! `[access.oidc]`: people who come in by the login of their organisation.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::Secret;

/// What people may do, from least to most.
pub const ROLES: [&str; 3] = ["viewer", "lead", "admin"];

/// A provider of OpenID Connect, and what its word is worth here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oidc {
    /// Who the provider is, exactly as it writes itself.
    pub issuer: String,
    /// The name that the provider gave this server.
    pub client_id: String,
    /// The client's secret, where it has one.
    pub client_secret: Option<Secret>,
    /// What is asked for. Default `openid`, `profile`, `email`.
    pub scopes: Vec<String>,
    /// The claim that people are called by here. Default `preferred_username`.
    pub name_claim: String,
    /// The claim with somebody's groups or roles; dots lead into objects. Default `groups`.
    pub roles_claim: String,
    /// Which role here somebody with one of those values has; of several the highest.
    pub roles: BTreeMap<String, String>,
    /// The role of who has none of them. Default: they are refused.
    pub default_role: Option<String>,
    /// What the button says. Default: the site's language has words for it.
    pub button: Option<String>,
    /// Certificate authorities that the provider may be signed by, beside the machine's.
    pub ca_file: Option<PathBuf>,
    /// Networks in which the provider may be although they are not everybody's. Default none.
    pub private_networks: Vec<IpNet>,
    /// How far its clock may be off. Default 1 min.
    pub clock_skew: Duration,
    /// Longest wait for an answer of its. Default 10 s.
    pub timeout: Duration,
    /// How long somebody has to come back from it. Default 10 min.
    pub login_within: Duration,
    /// Logins that ask it at the same time; more are told to come later. Default 16.
    pub logins_at_once_max: usize,
    /// Logins that came back and are remembered, so that none does twice. Default 10,000.
    pub logins_kept_max: usize,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            name_claim: "preferred_username".to_owned(),
            roles_claim: "groups".to_owned(),
            roles: BTreeMap::new(),
            default_role: None,
            button: None,
            ca_file: None,
            private_networks: Vec::new(),
            clock_skew: Duration::from_secs(60),
            timeout: Duration::from_secs(10),
            login_within: Duration::from_secs(600),
            logins_at_once_max: 16,
            logins_kept_max: 10_000,
        }
    }
}
