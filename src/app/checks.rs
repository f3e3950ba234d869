//! What `tablica check` asks of parts that the config's loader does not know: do the plugins
//! start with their settings, are the boards, the annotations and the topic rules in order?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::alert;
use crate::board::annotations::check_file;
use crate::board::library::{self, Change, Library};
use crate::board::unknown::Known;
use crate::channel::enrich::Rules;
use crate::channel::host::{PluginEngine, is_cache, users_cache};
use crate::channel::registry::{self, FindPlugin, PluginFile, trial};
use crate::config::model::Channel;
use crate::config::{Config, Problem, Problems};

use super::channels::{fetcher, find_plugin};
use super::oidc;

/// Everything that is wrong with them, and what channels may turn out to lack: nothing is wrong with that,
/// and `tablica check` says it.
pub fn check(config: &Config) -> (Vec<Problem>, Vec<String>) {
    let (mut problems, mut remarks) =
        channels_start(config, &read_once(&|word| find_plugin(config, word)));
    problems.extend(files_are_valid(config));
    remarks.extend(boards_name_what_is_not_there(config));
    remarks.extend(where_the_provider_leads_back(config));
    (problems, remarks)
}

/// Everything that is wrong with files beside the config; plugins are not looked at.
pub(super) fn files_are_valid(config: &Config) -> Vec<Problem> {
    [
        boards_are_valid,
        annotations_are_valid,
        topics_are_valid,
        provider_can_be_asked,
        alerts_that_are_off_exist,
    ]
    .into_iter()
    .flat_map(|check: fn(&Config) -> Vec<Problem>| check(config))
    .collect()
}

/// A name that is none would leave on what should be off.
fn alerts_that_are_off_exist(config: &Config) -> Vec<Problem> {
    let known = alert::names();
    let unknown = config.alerts.off.iter().filter(|name| !known.contains(&name.as_str()));
    let problem = |name: &String| {
        let expected = "names of alerts, as in grafana/runbooks";
        let problem = Problem::about("alerts.off", format!("found {name:?}"), expected);
        problem.suggest(name, known.iter().copied())
    };
    unknown.map(problem).collect()
}

/// Whether the provider of OpenID Connect could be trusted; it is not asked.
fn provider_can_be_asked(config: &Config) -> Vec<Problem> {
    let settings = config.access.as_ref().and_then(|access| access.oidc.as_ref());
    let Some(Err(error)) = settings.map(oidc::errands) else { return Vec::new() };
    let expected = "certificates of authorities in PEM that the server may read";
    vec![Problem::about("access.oidc.ca_file", format!("{error:#}"), expected)]
}

/// What must be registered with it: nobody comes back otherwise.
fn where_the_provider_leads_back(config: &Config) -> Option<String> {
    config.access.as_ref()?.oidc.as_ref()?;
    let urls = [&config.server.public_url, &config.server.admin_url].into_iter().flatten();
    let back: Vec<String> = urls.map(|url| format!("{url}/login/oidc/back")).collect();
    let admin = match config.server.admin_url {
        Some(_) => "",
        None => "; without server.admin_url nobody logs in so at the admin listener",
    };
    let back = back.join(" and ");
    Some(format!("[access.oidc]: the provider must know the redirect address {back}{admin}"))
}

/// Starts each channel's plugin in the sandbox, with its settings and nothing else.
fn channels_start(config: &Config, find: &FindPlugin<'_>) -> (Vec<Problem>, Vec<String>) {
    let server = &config.server;
    // The server's, where it has run. This command makes nothing in its state.
    let cache = match is_cache(&server.state_dir) {
        true => Some(server.state_dir.clone()),
        false => users_cache(),
    };
    let (mut problems, mut remarks) = (Vec::new(), Vec::new());
    let engine = match PluginEngine::new(cache.as_deref(), &server.compile) {
        Ok(engine) => engine,
        Err(error) => {
            problems.push(Problem::about("channel", error.to_string(), "a sandbox"));
            return (problems, remarks);
        }
    };
    for channel in config.channels.values() {
        match channel_starts(config, channel, &engine, find) {
            Ok(lacks) => remarks.extend(lacks),
            Err(problem) => problems.push(channel_cannot_run(&channel.name, &problem)),
        }
    }
    (problems, remarks)
}

/// What a channel that can run may lack.
fn channel_starts(
    config: &Config,
    channel: &Channel,
    engine: &PluginEngine,
    find: &FindPlugin<'_>,
) -> Result<Vec<String>, registry::Problem> {
    let manifest = trial(channel, engine, &config.site, find)?;
    // What it grants must make sense to its plugin, too.
    fetcher(config, channel, &manifest).map_err(registry::Problem::Egress)?;
    Ok(registry::not_given(channel, &manifest, config.places.file.clone()))
}

/// Reads each plugin file once, however many channels have it: some have 20 MB.
fn read_once(find: &FindPlugin<'_>) -> impl Fn(&str) -> Result<PluginFile, String> {
    let read = RefCell::new(BTreeMap::new());
    move |word| read.borrow_mut().entry(word.to_owned()).or_insert_with(|| find(word)).clone()
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
        Change::Put { .. } | Change::Images(_) | Change::Remove { .. } => None,
    };
    Library::new(config.boards.dir.clone()).refresh().into_iter().filter_map(problem).collect()
}

/// Queues, channels and policies of the site's own boards that the config does not have.
fn boards_name_what_is_not_there(config: &Config) -> Vec<String> {
    let known = Known::of(config);
    let files = config.boards.dir.as_deref().and_then(|dir| library::files_in(dir).ok());
    let doubts = files.into_iter().flatten().flat_map(|(_, path)| {
        let names = library::look(&path).1;
        let doubts = names.iter().filter_map(|named| {
            Some(format!("{}:{}: {}", path.display(), named.line, known.doubt(named)?))
        });
        doubts.collect::<Vec<_>>()
    });
    doubts.collect()
}

fn topics_are_valid(config: &Config) -> Vec<Problem> {
    let loaded = config.topics.file.as_deref().map(Rules::load);
    let problems = loaded.and_then(Result::err);
    problems.iter().flat_map(Problems::iter).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_plugin_that_many_channels_have_is_read_once() {
        let mut config = Config::default();
        for name in ["one", "two", "three"] {
            let mut channel = Channel::new(name, "asterisk-queuelog");
            channel.file = Some("/var/log/asterisk/queue_log".into());
            config.channels.insert(name.to_owned(), channel);
        }
        let read = Cell::new(0);
        let (problems, remarks) = channels_start(
            &config,
            &read_once(&|word| {
                read.set(read.get() + 1);
                find_plugin(&config, word)
            }),
        );
        assert!(problems.is_empty() && remarks.is_empty(), "{problems:?} {remarks:?}");
        assert_eq!(read.get(), 1);
    }
}
