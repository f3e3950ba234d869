//! `[channel.NAME.oauth.ACCOUNT]`: what the operator has of an account at a network.

use super::Secret;

/// One account, for OAuth 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OauthClient {
    /// The name that the network gave the client.
    pub client_id: String,
    /// The client's secret, where it has one.
    pub client_secret: Option<Secret>,
    /// What the operator got when they agreed, for plugins whose grant is `refresh-token`.
    pub refresh_token: Option<Secret>,
    /// Where tokens are given, where the plugin leaves that to the operator.
    pub token_url: Option<String>,
}
