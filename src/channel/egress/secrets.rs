//! The secrets of one channel, and to whom each may be sent.

use std::collections::BTreeMap;

use super::{EgressError, FetchError, fits, hosts};
use crate::channel::manifest::{ANY_HOST, SecretUse};
use crate::config::host::{Host, HostGrant};
use crate::config::model::Secret;
use reqwest::Url;

/// By name, those that the plugin declares and the operator gave.
pub(super) struct Secrets(BTreeMap<String, Guarded>);

struct Guarded {
    secret: Secret,
    /// None: the one host that the operator granted.
    hosts: Option<Vec<HostGrant>>,
}

impl Secrets {
    pub(super) fn new(
        given: BTreeMap<String, Secret>,
        declared: &BTreeMap<String, SecretUse>,
        granted: &[HostGrant],
    ) -> Result<Self, EgressError> {
        let mut secrets = BTreeMap::new();
        for (name, secret) in given {
            let Some(SecretUse { hosts: names, .. }) = declared.get(&name) else { continue };
            let any = names.iter().any(|host| host == ANY_HOST);
            // Among several, a network could choose which of them gets it.
            if any && granted.len() > 1 {
                return Err(EgressError::ManyHosts(granted.len()));
            }
            let hosts = if any { None } else { Some(hosts(names)?) };
            secrets.insert(name, Guarded { secret, hosts });
        }
        Ok(Self(secrets))
    }

    /// The value of a secret that may go to this address.
    pub(super) fn for_host(
        &self,
        name: &str,
        host: &Host,
        url: &Url,
    ) -> Result<&Secret, FetchError> {
        let short = || name.chars().take(NAME_CHARS_MAX).collect::<String>();
        let guarded = self.0.get(name).ok_or_else(|| FetchError::UnknownSecret(short()))?;
        may_go(&short(), guarded.hosts.as_deref(), host, url)?;
        Ok(&guarded.secret)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> + Clone {
        self.0.iter().map(|(name, it)| (name.as_str(), it.secret.expose()))
    }
}

/// Whether a secret for these hosts may go to this address.
pub(super) fn may_go(
    name: &str,
    hosts: Option<&[HostGrant]>,
    host: &Host,
    url: &Url,
) -> Result<(), FetchError> {
    if hosts.is_some_and(|hosts| !hosts.iter().any(|it| fits(it, host, url))) {
        return Err(FetchError::SecretElsewhere(name.to_owned()));
    }
    let stays_here = matches!(host, Host::Address(address) if address.is_loopback());
    if url.scheme() != "https" && !stays_here {
        return Err(FetchError::SecretInClear(name.to_owned()));
    }
    Ok(())
}

/// Of a name in a message: it is the plugin's word.
const NAME_CHARS_MAX: usize = 60;
