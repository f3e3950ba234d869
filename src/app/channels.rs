//! Channels with everything that they are built from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use tokio::runtime::Handle;

use super::checks::channel_cannot_run;
use super::disk::Disk;
use super::recover::Cursors;
use crate::assets;
use crate::channel::Fetcher;
use crate::channel::egress::{self, Egress};
use crate::channel::enrich::Enricher;
use crate::channel::host::{Header, PluginEngine, read_plugin};
use crate::channel::manifest::Manifest;
use crate::channel::privacy::Pseudonymizer;
use crate::channel::privacy::keys::KeyRing;
use crate::channel::quarantine::Quarantine;
use crate::channel::registry::{self, Deps, PluginFile, Registry};
use crate::config::model::{Channel, Config};
use crate::config::words::nearest;
use crate::engine::Rules;
use crate::event::KindName;
use crate::journal::JournalHandle;

/// What channels are built with, at the start and in a running server.
pub(super) struct Workshop {
    pub(super) engine: Arc<PluginEngine>,
    journal: JournalHandle,
    quarantine: Quarantine,
    keys: KeyRing,
    enricher: Arc<Enricher>,
    /// Where channels stood when the server started.
    cursors: Cursors,
    webhook_thread: Handle,
}

impl Workshop {
    pub(super) fn new(
        config: &Config,
        disk: &Disk,
        cursors: Cursors,
        enricher: Arc<Enricher>,
        webhook_thread: Handle,
    ) -> anyhow::Result<Self> {
        let server = &config.server;
        Ok(Self {
            engine: Arc::new(PluginEngine::new(Some(&server.state_dir), &server.compile)?),
            journal: disk.journal.clone(),
            quarantine: disk.quarantine.clone(),
            keys: disk.keys.clone(),
            enricher,
            cursors,
            webhook_thread,
        })
    }

    /// Has something done with it, for a config.
    pub(super) fn with<T>(&self, config: &Config, work: impl FnOnce(&Deps<'_>) -> T) -> T {
        work(&Deps {
            engine: &self.engine,
            site: &config.site,
            plugin: &|word| find_plugin(config, word),
            sink: Arc::new(self.journal.clone()),
            quarantine: Arc::new(self.quarantine.clone()),
            enricher: Arc::clone(&self.enricher),
            normalize: &|_, manifest| {
                let keep = manifest.attributes.keep.iter().cloned();
                Arc::new(Pseudonymizer::new(self.keys.clone(), keep))
            },
            fetcher: &|channel, manifest| fetcher(config, channel, manifest),
            cursor: &|channel, part| {
                let part = if part == "plugin" { "plugin" } else { "source" };
                self.cursors.get(&(channel.to_owned(), part)).cloned()
            },
            webhook_thread: Some(&self.webhook_thread),
        })
    }
}

/// Builds every channel, or says all that is wrong with any of them. Compiling a plugin for the
/// first time takes a moment; it does not hold up the runtime.
pub(super) async fn build(
    config: &Config,
    workshop: Workshop,
) -> anyhow::Result<(Registry, Workshop)> {
    let config = config.clone();
    let built = tokio::task::spawn_blocking(move || {
        let registry = workshop.with(&config, |deps| Registry::build(&config.channels, deps));
        let registry = registry.map_err(|errors| {
            let line = |error: &registry::BuildError| {
                let problem = channel_cannot_run(&error.channel, &error.problem);
                format!("  {}", config.places.locate(problem))
            };
            let lines: Vec<String> = errors.iter().map(line).collect();
            anyhow::anyhow!("these channels cannot run:\n{}", lines.join("\n"))
        });
        Ok((registry?, workshop))
    });
    built.await.context("building the channels ended badly")?
}

/// The engine's rules. What a channel's network tells is as its plugin declares, where the config
/// does not say.
pub(crate) fn rules(config: &Config) -> Rules {
    rules_by(config, |channel| {
        // A plugin that cannot be found or read is reported when the channels are built.
        let plugin = find_plugin(config, &channel.plugin).ok()?;
        registry::tells(channel, &Header::read(&plugin.name, &plugin.bytes).ok()?.manifest)
    })
}

/// The same with what the plugins declare given by the channel.
pub(super) fn rules_by(
    config: &Config,
    tells: impl Fn(&Channel) -> Option<BTreeSet<KindName>>,
) -> Rules {
    let mut told = config.clone();
    for channel in told.channels.values_mut().filter(|channel| channel.tells.is_none()) {
        channel.tells = tells(channel);
    }
    // A desk in which another channel's contacts are worked on tells of these what it tells of its own.
    let desks: Vec<_> = config.channels.values().filter(|it| !it.same_as.is_empty()).collect();
    for desk in desks {
        let of_desk = told.channels[&desk.name].tells.clone().unwrap_or_default();
        for rule in &desk.same_as {
            if let Some(tells) =
                told.channels.get_mut(&rule.channel).and_then(|it| it.tells.as_mut())
            {
                tells.extend(&of_desk);
            }
        }
    }
    Rules::from(&told)
}

/// A plugin by the config's word for it: a file, a name in a plugin folder, a shipped name.
pub(crate) fn find_plugin(config: &Config, word: &str) -> Result<PluginFile, String> {
    let read = |path: &std::path::Path| {
        let bytes = read_plugin(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(PluginFile { name: path.display().to_string(), bytes: Bytes::from(bytes) })
    };
    if word.ends_with(".wasm") {
        return read(std::path::Path::new(word));
    }
    let file = format!("{word}.wasm");
    if let Some(path) =
        config.server.plugin_dirs.iter().map(|dir| dir.join(&file)).find(|path| path.is_file())
    {
        return read(&path);
    }
    if let Some(bytes) = assets::plugin(word) {
        return Ok(PluginFile { name: file, bytes: Bytes::from_static(bytes) });
    }
    Err(no_plugin(config, word))
}

/// Where a plugin was sought, and the name that was meant if one is near.
fn no_plugin(config: &Config, word: &str) -> String {
    let mut shipped: Vec<&str> = assets::plugins().map(|(name, _)| name).collect();
    shipped.sort_unstable();
    let dirs = &config.server.plugin_dirs;
    let own = dirs.iter().flat_map(|dir| std::fs::read_dir(dir).into_iter().flatten().flatten());
    let own = own
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".wasm").map(str::to_owned));
    let mut own: Vec<String> = own.collect();
    own.sort_unstable();
    let meant = nearest(word, own.iter().map(String::as_str).chain(shipped.iter().copied()));
    let meant = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
    let sought = match dirs.as_slice() {
        [] => "server.plugin_dirs names no folder".to_owned(),
        dirs => {
            let dirs: Vec<String> = dirs.iter().map(|dir| dir.display().to_string()).collect();
            format!("{word}.wasm is not in {}", dirs.join(", "))
        }
    };
    let shipped = match shipped.as_slice() {
        [] => "no plugins were built in: run `cargo xtask build`".to_owned(),
        shipped => format!("shipped are {}", shipped.join(", ")),
    };
    format!("there is no `{word}`{meant} ({sought}; {shipped})")
}

/// The channel's way out, or why its grants make no sense.
pub(super) fn fetcher(
    config: &Config,
    channel: &Channel,
    manifest: &Manifest,
) -> Result<Arc<dyn Fetcher>, String> {
    let accounts = config.server.state_dir.join("accounts").join(&channel.name);
    let mut rules = egress::Rules::new(channel, manifest, Some(accounts));
    // Without its folder: what is lacking shows in the public API, too.
    let file = config.places.file.as_deref().map(std::path::Path::new);
    rules.names.config = file.and_then(|it| Some(it.file_name()?.to_str()?.to_owned()));
    let egress = Egress::new(rules).map_err(|error| error.to_string())?;
    Ok(Arc::new(egress))
}

/// How long each channel may be without an event before its feed is silent.
pub(super) fn silent_after(config: &Config) -> BTreeMap<String, Duration> {
    config.channels.values().map(|it| (it.name.clone(), it.silent_after)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_tells_what_its_plugin_declares_unless_the_config_says_otherwise() {
        let mut config = Config::default();
        for name in ["pbx", "own"] {
            config.channels.insert(name.to_owned(), Channel::new(name, "asterisk-queuelog"));
        }
        let own = BTreeSet::from([KindName::Message]);
        config.channels.get_mut("own").expect("it").tells = Some(own.clone());
        config.channels.insert("gone".to_owned(), Channel::new("gone", "no-such-plugin"));
        let rules = rules(&config);
        let declared = rules.channels["pbx"].tells.as_ref().expect("the plugin declares it");
        assert!(declared.contains(&KindName::Abandoned) && !declared.contains(&KindName::Message));
        assert_eq!(rules.channels["own"].tells, Some(own));
        assert_eq!(rules.channels["gone"].tells, None);
    }
}
