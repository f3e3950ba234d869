//! What a channel's section gives to its plugin, beside what the plugin declares: secrets and accounts.

use super::{Problem, sources};
use crate::channel::egress::{self, FetchError};
use crate::channel::manifest::{Grant, Manifest, SourceKind};
use crate::config::model::Channel;

/// Whether the plugin declares the secrets and accounts that it is given: one that it does not is
/// misspelt.
pub(super) fn check(channel: &Channel, manifest: &Manifest) -> Result<(), Problem> {
    let Manifest { name, secrets, oauth, .. } = manifest;
    if let Some(unknown) = channel.oauth.keys().find(|it| !oauth.contains_key(*it)) {
        let why = match oauth.keys().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => format!("{name} needs no account; remove `{unknown}`"),
            names => {
                let names = names.join(", ");
                format!("{name} knows no account `{unknown}`, it knows {names}; rename it")
            }
        };
        return Err(Problem::Oauth(why));
    }
    for (account, declared) in oauth {
        let Some(client) = channel.oauth.get(account) else { continue };
        let lacks = |what: &str| {
            let (channel, about) = (&channel.name, &declared.about);
            Err(Problem::Oauth(format!(
                "{name} needs `{what}` in [channel.{channel}.oauth.{account}]: {about}"
            )))
        };
        if declared.grant == Grant::RefreshToken && client.refresh_token.is_none() {
            return lacks("refresh_token");
        }
        if declared.token_url.is_none() && client.token_url.is_none() {
            return lacks("token_url");
        }
    }
    let unknown = channel.grant_secrets.keys().find(|it| !secrets.contains_key(*it));
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let names: Vec<&str> = secrets.keys().map(String::as_str).collect();
    let known = match names.as_slice() {
        [] => "it needs none".to_owned(),
        names => format!("it knows {}", names.join(", ")),
    };
    Err(Problem::Secrets(format!("{name} knows no `{unknown}`, {known}; remove or rename it")))
}

/// What the plugin declares and the operator has not given, where the channel asks its network: each with
/// the line that gives it. Not all of it has to be needed.
pub fn not_given(channel: &Channel, manifest: &Manifest, config: Option<String>) -> Vec<String> {
    let asks = [SourceKind::Poll, SourceKind::Socket, SourceKind::Tcp];
    if !sources::of(channel, manifest).is_ok_and(|source| asks.contains(&source)) {
        return Vec::new();
    }
    let mut rules = egress::Rules::new(channel, manifest, None);
    rules.names.config = config;
    let secrets = manifest.secrets.keys().filter(|it| !channel.grant_secrets.contains_key(*it));
    let accounts = manifest.oauth.keys().filter(|it| !channel.oauth.contains_key(*it));
    let missing = secrets.chain(accounts).map(|it| FetchError::UnknownSecret(it.clone()));
    missing.filter_map(|error| egress::remedy(&rules, &error)).collect()
}
