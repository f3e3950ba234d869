//! Who may do what, where the operator wants that told apart.

use std::time::Duration;

use ipnet::IpNet;

use super::{Oidc, days};

/// People, roles and tokens. Without the section being reachable is the permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// `[access.oidc]`: people who come in by the login of their organisation. Default none.
    pub oidc: Option<Oidc>,
    /// Networks whose screens see walls without a login. Default none.
    pub open_networks: Vec<IpNet>,
    /// Networks that may ask for `/metrics`, `/livez` and `/readyz` without a token. Default this
    /// machine.
    pub metrics_networks: Vec<IpNet>,
    /// How long a login lasts, in hours. Default 12.
    pub session_hours: u32,
    /// Logins at once; the oldest end for new ones. Default 10,000.
    pub sessions_max: usize,
    /// Those of one person; their oldest end for new ones. Default 20.
    pub sessions_per_person_max: usize,
    /// People. Default 1000.
    pub people_max: usize,
    /// Tokens for programs. Default 100.
    pub tokens_max: usize,
    /// Failed attempts to log in of one address, and by one name. Default 10.
    pub login_attempts_max: u32,
    /// Within so long. Default 15 min.
    pub login_attempts_within: Duration,
    /// Addresses and names whose attempts are remembered. Default 10,000.
    pub login_attempts_kept_max: usize,
    /// How long it is kept who has done what. Default 365 days.
    pub audit_keep: Duration,
    /// How many acts are kept; the oldest go first. Default 100,000.
    pub audit_rows_max: usize,
}

impl Default for Access {
    fn default() -> Self {
        let here = ["127.0.0.0/8", "::1/128"];
        Self {
            oidc: None,
            open_networks: Vec::new(),
            metrics_networks: here.iter().filter_map(|network| network.parse().ok()).collect(),
            session_hours: 12,
            sessions_max: 10_000,
            sessions_per_person_max: 20,
            people_max: 1000,
            tokens_max: 100,
            login_attempts_max: 10,
            login_attempts_within: Duration::from_secs(15 * 60),
            login_attempts_kept_max: 10_000,
            audit_keep: days(365),
            audit_rows_max: 100_000,
        }
    }
}

impl Access {
    /// How long a login lasts.
    pub fn session(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_hours) * 60 * 60)
    }
}
