//! What a plugin is told when it starts. Mirrors `setup` of the contract.

use super::wit;
use crate::channel::manifest::SourceKind;
use crate::config::model::{Channel, PublicUrl, Site};
use crate::event::UnixMs;

/// What is the same at each start of a channel's plugin.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The operator's settings for the plugin, as JSON.
    pub settings_json: String,
    /// The channel's name.
    pub channel: String,
    /// Where its bytes come from; none on a bench.
    pub source: Option<SourceKind>,
    /// Where networks reach the channel, where the operator gave the server's address.
    pub webhook_url: Option<String>,
    /// Hosts that the operator granted.
    pub hosts: Vec<String>,
    /// Names of the secrets and accounts that the operator gave for the plugin's requests.
    pub secrets: Vec<String>,
    /// Of the site.
    pub site: Site,
}

impl Setup {
    /// Of a channel of the config.
    pub fn of(channel: &Channel, source: Option<SourceKind>, site: &Site) -> Self {
        Self {
            settings_json: channel.settings.to_string(),
            channel: channel.name.clone(),
            source,
            webhook_url: match &channel.public_url {
                PublicUrl::Given(server) => Some(format!("{server}/in/{}", channel.name)),
                PublicUrl::Unknown | PublicUrl::Proxied => None,
            },
            hosts: channel.grant_hosts.clone(),
            secrets: channel.grant_secrets.keys().chain(channel.oauth.keys()).cloned().collect(),
            site: site.clone(),
        }
    }

    /// Without a config.
    pub fn bare(channel: &str, settings_json: impl Into<String>) -> Self {
        Self {
            settings_json: settings_json.into(),
            channel: channel.to_owned(),
            source: None,
            webhook_url: None,
            hosts: Vec::new(),
            secrets: Vec::new(),
            site: Site::default(),
        }
    }

    /// Calls `start` with all of it in the contract's words.
    pub(super) fn lowered<T>(
        &self,
        snapshot: Option<&[u8]>,
        now_ms: UnixMs,
        start: impl FnOnce(wit::Setup<'_>) -> T,
    ) -> T {
        let (hosts, secrets) = (borrowed(&self.hosts), borrowed(&self.secrets));
        start(wit::Setup {
            settings: &self.settings_json,
            snapshot,
            now_ms: now_ms.max(0) as u64,
            channel: &self.channel,
            source: self.source.map(SourceKind::word).unwrap_or_default(),
            webhook_url: self.webhook_url.as_deref(),
            hosts: &hosts,
            secrets: &secrets,
            time_zone: self.site.time_zone.iana_name().unwrap_or("UTC"),
            country_code: self.site.country_code.as_deref(),
            language: &self.site.language,
            // There is nothing yet that `other` carries.
            features: &[],
        })
    }
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
