//! What `tablica check` asks of parts that the config's loader does not know: do the plugins
//! start with their settings, are the boards, the annotations and the topic rules in order?

use std::path::PathBuf;

use crate::board::annotations::check_file;
use crate::board::library::{Change, Library};
use crate::channel::enrich::Rules;
use crate::channel::host::{Header, PluginEngine, is_cache, users_cache};
use crate::channel::registry::{self, trial};
use crate::config::model::Channel;
use crate::config::{Config, Problem, Problems};

use super::channels::{fetcher, find_plugin};

/// Everything that is wrong with them.
pub fn check(config: &Config) -> Vec<Problem> {
    let mut problems = channels_start(config);
    problems.extend(files_are_valid(config));
    problems
}

/// Everything that is wrong with files beside the config; plugins are not looked at.
pub(super) fn files_are_valid(config: &Config) -> Vec<Problem> {
    [boards_are_valid, annotations_are_valid, topics_are_valid]
        .into_iter()
        .flat_map(|check: fn(&Config) -> Vec<Problem>| check(config))
        .collect()
}

/// Starts each channel's plugin in the sandbox, with its settings and nothing else.
fn channels_start(config: &Config) -> Vec<Problem> {
    let server = &config.server;
    // The server's, where it has run. This command makes nothing in its state.
    let cache = match is_cache(&server.state_dir) {
        true => Some(server.state_dir.clone()),
        false => users_cache(),
    };
    let engine = match PluginEngine::new(cache.as_deref(), &server.compile) {
        Ok(engine) => engine,
        Err(error) => return vec![Problem::about("channel", error.to_string(), "a sandbox")],
    };
    let find = |word: &str| find_plugin(config, word);
    config
        .channels
        .values()
        .filter_map(|channel| {
            let tried = trial(channel, &engine, &config.site, &find);
            // What it grants must make sense to its plugin, too.
            let tried = tried.and_then(|manifest| {
                fetcher(config, channel, &manifest).map_err(registry::Problem::Egress)
            });
            let problem = tried.err()?;
            Some(channel_cannot_run(&channel.name, &problem))
        })
        .collect()
}

/// What channels may turn out to lack: nothing is wrong with it, and `tablica check` says it.
pub fn remarks(config: &Config) -> Vec<String> {
    let of = |channel: &Channel| {
        let file = find_plugin(config, &channel.plugin).ok()?;
        let manifest = Header::read(&file.name, &file.bytes).ok()?.manifest;
        Some(registry::not_given(channel, &manifest, config.places.file.clone()))
    };
    config.channels.values().filter_map(of).flatten().collect()
}

/// In words and at a place that a start and a reload tell, too.
pub(super) fn channel_cannot_run(channel: &str, problem: &registry::Problem) -> Problem {
    let key = match problem.key().as_str() {
        "" => format!("channel.{channel}"),
        key => format!("channel.{channel}.{key}"),
    };
    Problem::about(key, problem.said(), "")
}

fn annotations_are_valid(config: &Config) -> Vec<Problem> {
    let settings = &config.annotations;
    let check = |path: &PathBuf| check_file(path, &config.site.time_zone, settings.entries_max);
    let found = settings.file.as_ref().and_then(|path| check(path).err());
    found
        .map(|problem| Problem::about("annotations.file", problem, "a valid file of annotations"))
        .into_iter()
        .collect()
}

fn boards_are_valid(config: &Config) -> Vec<Problem> {
    let problem = |change| match change {
        Change::Problem { source, problem, .. } => {
            Some(Problem::about("boards.dir", format!("{source}: {problem}"), "a valid board"))
        }
        Change::Put { .. } | Change::Remove { .. } => None,
    };
    Library::new(config.boards.dir.clone()).refresh().into_iter().filter_map(problem).collect()
}

fn topics_are_valid(config: &Config) -> Vec<Problem> {
    let loaded = config.topics.file.as_deref().map(Rules::load);
    let problems = loaded.and_then(Result::err);
    problems.iter().flat_map(Problems::iter).cloned().collect()
}
