//! The steps of a reload: try every channel that is another, put the rules and names in force, go on
//! with the channels.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Reloader;
use crate::app::channels::{find_plugin, rules_by};
use crate::app::checks::channel_cannot_run;
use crate::board::figures::Site;
use crate::channel::manifest::Manifest;
use crate::channel::registry::{self, Need, Prepared};
use crate::channel::status::ReloadResult;
use crate::config::model::{Channel, Config};
use crate::config::{Problem, Problems};
use crate::http;

/// What a reload came to.
#[derive(Default)]
pub(super) struct Outcome {
    /// What became of channels, by name.
    pub(super) channels: BTreeMap<String, &'static str>,
    /// Those that go on as before.
    pub(super) kept: Vec<Kept>,
    /// Numbers are counted anew.
    pub(super) counted_anew: bool,
}

/// A channel that goes on as before, and why: in the words of `tablica check`.
pub(super) struct Kept {
    pub(super) channel: String,
    pub(super) problem: Problem,
}

impl Reloader {
    /// Compiles and tries every channel that is another, one at a time. Of those that cannot run, the
    /// sections in force stay in `next`.
    pub(super) async fn prepare(
        &self,
        running: &Config,
        next: &mut Config,
        outcome: &mut Outcome,
    ) -> Vec<(String, Prepared)> {
        let config = Arc::new(next.clone());
        let mut prepared = Vec::new();
        for channel in config.channels.values() {
            match self.prepare_channel(channel, &config).await {
                Ok(Some(it)) => prepared.push((channel.name.clone(), it)),
                Ok(None) => {}
                Err(problem) => self.keep(channel, &problem, running, next, outcome),
            }
        }
        prepared
    }

    /// Nothing when the channel is as it was.
    async fn prepare_channel(
        &self,
        channel: &Channel,
        config: &Arc<Config>,
    ) -> Result<Option<Prepared>, registry::Problem> {
        self.registry.none_is_ending(&channel.name).await?;
        let (registry, site) = (Arc::clone(&self.registry), config.site.clone());
        let (looked_for, config) = (channel.clone(), Arc::clone(config));
        let found = off_the_path(move || {
            let file = find_plugin(&config, &looked_for.plugin);
            let file = file.map_err(registry::Problem::NoPlugin)?;
            let need = registry.need(&looked_for, &file);
            Ok((file, need))
        });
        let (file, need) = found.await?;
        let state = match need {
            Need::Nothing => return Ok(None),
            Need::Instance => Some(self.registry.state(&channel.name).await?),
            Need::Door | Need::Start => None,
        };
        let (registry, engine) =
            (Arc::clone(&self.registry), Arc::clone(&self.parts.workshop.engine));
        let channel = channel.clone();
        let tried = move || registry.prepare(&channel, &engine, &site, &file, state.as_deref());
        off_the_path(tried).await.map(Some)
    }

    /// Puts rules, names and the config itself in force. True when numbers are counted anew by it.
    pub(super) async fn put_in_force(&self, next: &Config, new: &[(String, Prepared)]) -> bool {
        let manifest = |name: &str| -> Option<Manifest> {
            let new = new.iter().find(|(it, _)| it == name);
            let new = new.map(|(_, prepared)| prepared.manifest().clone());
            new.or_else(|| self.registry.manifest(name))
        };
        let rules = rules_by(next, |channel| registry::tells(channel, &manifest(&channel.name)?));
        let rules = Arc::new(rules);
        let asked = Arc::clone(&rules);
        let adopted = self.hub.ask(move |engine, _| engine.adopt(&asked)).await;
        let site = Site::of(next, |name| manifest(name).map(|it| it.network));
        self.parts.rules.send_replace(rules);
        self.parts.site.send_replace(Arc::new(site));
        self.parts.in_force.send_replace(Arc::new(next.clone()));
        // A hub that cannot answer now looks at them later, and may have to count anew.
        !adopted.unwrap_or(false)
    }

    /// Goes on with what was prepared.
    pub(super) async fn change(
        &self,
        running: &Config,
        next: &mut Config,
        prepared: Vec<(String, Prepared)>,
        outcome: &mut Outcome,
    ) {
        for (name, prepared) in prepared {
            let begin = |deps: &registry::Deps<'_>| self.registry.begin(prepared, deps);
            let changed = match self.parts.workshop.with(next, begin) {
                Ok(change) => self.registry.finish(change).await,
                Err(problem) => Err(problem),
            };
            match changed {
                Ok(ReloadResult::Started) => drop(outcome.channels.insert(name, "started")),
                Ok(_) => drop(outcome.channels.insert(name, "changed")),
                Err(problem) => {
                    if let Some(channel) = next.channels.get(&name).cloned() {
                        self.keep(&channel, &problem, running, next, outcome);
                    }
                }
            }
        }
    }

    /// The channel goes on as it runs, or does not start.
    fn keep(
        &self,
        channel: &Channel,
        problem: &registry::Problem,
        running: &Config,
        next: &mut Config,
        outcome: &mut Outcome,
    ) {
        let name = &channel.name;
        match running.channels.get(name) {
            Some(before) => drop(next.channels.insert(name.clone(), before.clone())),
            None => drop(next.channels.remove(name)),
        }
        self.registry.note(name, ReloadResult::Kept, Some(problem.to_string()));
        let problem = next.places.locate(channel_cannot_run(name, problem));
        outcome.kept.push(Kept { channel: name.clone(), problem });
    }
}

/// Where blocking is allowed; a thread that panics has found nothing that can run.
async fn off_the_path<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, registry::Problem> + Send + 'static,
) -> Result<T, registry::Problem> {
    let ended_badly = |_| registry::Problem::Start("trying it ended badly; see the log".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(ended_badly)?
}

/// Whether a key stands in a channel's section.
pub(super) fn is_of(key: &str, channel: &str) -> bool {
    let rest = key.strip_prefix("channel.").and_then(|rest| rest.strip_prefix(channel));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// All that is wrong with the config; nothing has changed.
pub(super) fn bad_config(problems: &Problems) -> http::Problem {
    let detail = "the config has mistakes: nothing of it is taken up, the one before goes on";
    http::Problem::new(STATUS, "bad-config", "Bad config", detail)
        .errors(problems.iter().map(mistake))
}

/// Why channels go on as before; all else is in force.
pub(super) fn kept_channels(reloaded: &http::Reloaded, kept: &[Kept]) -> http::Problem {
    let names: Vec<&str> = kept.iter().map(|kept| kept.channel.as_str()).collect();
    let mut detail = format!(
        "as before go on, or do not start, the channels {}; all else of the config is in force",
        names.join(", ")
    );
    if !reloaded.needs_restart.is_empty() {
        detail += &format!(", but for what needs a restart: {}", reloaded.needs_restart.join(", "));
    }
    let mistakes = kept.iter().map(|kept| mistake(&kept.problem));
    http::Problem::new(STATUS, "channels-kept", "Channels kept", detail).errors(mistakes)
}

const STATUS: axum::http::StatusCode = axum::http::StatusCode::UNPROCESSABLE_ENTITY;

fn mistake(problem: &Problem) -> http::Mistake {
    let pointer = match problem.key.as_str() {
        "" => "#".to_owned(),
        key => format!("#/{}", key.replace('.', "/")),
    };
    http::Mistake { pointer, detail: problem.to_string() }
}
