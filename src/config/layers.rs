//! A script's settings over the operator's: only what decides numbers, nothing of the outside.
//!
//! A script is run without a server, on machines that have none of its secrets, folders and
//! files: those keys are left out before the others are read, and no variable is looked at.

use std::path::PathBuf;

use super::document::{self, Node, Place, Table, Value};
use super::problem::{Problem, Problems};
use super::{Config, Environment, read};

/// Sections about the server itself: they decide no number.
const SERVERS_OWN: [&str; 6] =
    ["server", "journal", "quarantine", "boards", "reports", "telemetry"];
/// Keys of a channel that name something outside.
const OUTSIDE: [&str; 7] =
    ["secret", "handshake", "grant_secrets", "oauth", "file", "grant_hosts", "settings"];
/// What a channel is told where nobody reads its network.
const NO_PLUGIN: &str = "script";

/// A config below a script's own.
pub struct Layer<'a> {
    /// TOML.
    pub text: &'a str,
    /// Its name in messages.
    pub file: &'a str,
    /// Where its relative paths start.
    pub folder: PathBuf,
}

/// The settings of `text` over those of `base`; `file` is the text's name in messages, `zone`
/// the site's where the script names one.
pub fn load_layers(
    base: Option<&Layer<'_>>,
    text: &str,
    file: &str,
    zone: Option<&str>,
) -> Result<Config, Problems> {
    let environment = Environment::default();
    let mut table = Table::new();
    let mut folder = PathBuf::new();
    if let Some(base) = base {
        table = inner(document::parse(base.text, base.file)?);
        folder.clone_from(&base.folder);
        // Its own mistakes have its own lines.
        read::config(table.clone(), Some(base.file), folder.clone(), &environment)?;
    }
    let mut over = document::parse(text, file)?;
    refuse_servers_own(&over, file)?;
    if let Some(zone) = zone {
        let node = |value| Node { place: Place::default(), value };
        let site = Table::from([("time_zone".to_owned(), node(Value::Text(zone.to_owned())))]);
        lay_over(&mut over, Table::from([("site".to_owned(), node(Value::Table(site)))]));
    }
    lay_over(&mut table, over);
    read::script(inner(table), file, folder, &environment)
}

fn refuse_servers_own(table: &Table, file: &str) -> Result<(), Problems> {
    let own = table.iter().filter(|(key, _)| SERVERS_OWN.contains(&key.as_str()));
    let problems: Vec<_> = own
        .map(|(key, node)| {
            let expected = "only what decides numbers, such as [site], [contacts] or [queue.NAME]";
            let problem = Problem::about(key.as_str(), "a script has no server", expected);
            problem.locate(Some(file), &node.place)
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Problems::from(problems)) }
}

/// Without what belongs to the server and to the outside.
fn inner(mut table: Table) -> Table {
    table.retain(|key, _| !SERVERS_OWN.contains(&key.as_str()));
    if let Some(Node { value: Value::Table(channels), .. }) = table.get_mut("channel") {
        for node in channels.values_mut() {
            let place = node.place.clone();
            if let Value::Table(channel) = &mut node.value {
                channel.retain(|key, _| !OUTSIDE.contains(&key.as_str()));
                let plugin = Node { place, value: Value::Text(NO_PLUGIN.to_owned()) };
                channel.insert("plugin".to_owned(), plugin);
            }
        }
    }
    table
}

/// Key by key; what is over wins.
fn lay_over(table: &mut Table, over: Table) {
    for (key, node) in over {
        match (table.get_mut(&key).map(|below| &mut below.value), node) {
            (Some(Value::Table(below)), Node { value: Value::Table(above), .. }) => {
                lay_over(below, above);
            }
            (_, node) => {
                table.insert(key, node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BASE: &str = "[server]\nplugin_dirs = ['/no/such/folder']\n\
        [queue.sales]\nanswer_threshold = '30s'\ngoal = 0.9\n\
        [channel.tg]\nplugin = 'telegram'\nsecret = { env = 'NOT_SET' }\nhandshake = { confirm = { env = 'NOT_SET' } }\nlate_after = '5m'\n";

    fn load(text: &str) -> Result<Config, String> {
        let base = Layer { text: BASE, file: "tablica.toml", folder: PathBuf::new() };
        let loaded = load_layers(Some(&base), text, "a.wall", Some("Europe/Kyiv"));
        loaded.map_err(|problems| problems.to_string())
    }

    #[test]
    fn a_script_changes_single_keys_and_needs_no_secret() {
        let config = load("[queue.sales]\nanswer_threshold = '10s'\n").expect("a config");
        let sales = config.queues.rules("sales");
        assert_eq!((sales.answer_threshold, sales.goal), (Duration::from_secs(10), 0.9));
        assert_eq!(config.channels["tg"].late_after, Duration::from_secs(300));
        assert_eq!(config.site.time_zone.iana_name(), Some("Europe/Kyiv"));
    }

    #[test]
    fn the_whole_example_can_stand_below_a_script() {
        let text = crate::config::reference();
        let base = Layer { text, file: "tablica.example.toml", folder: PathBuf::new() };
        let config = load_layers(Some(&base), "", "a.wall", None).expect("a config");
        assert_eq!(config.site.time_zone.iana_name(), Some("Europe/Warsaw"));
        assert!(config.channels["telegram"].secrets.is_empty());
    }

    #[test]
    fn a_script_may_name_channels_that_only_its_lines_know() {
        let text = "[agents.people]\n'Anna' = ['pbx:SIP/101', 'tg:anna']\n\
                    [policy.p]\nchannels = ['shop']\nclock = 'resolution'\ntarget = '1h'\n";
        let config = load(text).expect("a config");
        assert_eq!(config.agents.people["Anna"].len(), 2);
        assert_eq!(config.policies["p"].channels, ["shop"]);
        let base = Layer { text, file: "tablica.toml", folder: PathBuf::new() };
        let said = load_layers(Some(&base), "", "a.wall", None).expect_err("a server has sections");
        assert!(said.to_string().contains("a channel; the config has none"), "{said}");
    }

    #[test]
    fn each_mistake_is_told_by_the_file_that_it_stands_in() {
        assert_eq!(
            load("\n[queue.sales]\ngaol = 1\n").expect_err("a mistake"),
            "a.wall:3: queue.sales.gaol: unknown key; did you mean `goal`?\n1 problem"
        );
        let said = load("[journal]\nkeep = '1d'\n").expect_err("a mistake");
        assert!(said.starts_with("a.wall:1: journal: a script has no server"), "{said}");
        let base = Layer { text: "[site]\nnaem = 'x'", file: "base.toml", folder: PathBuf::new() };
        let said = load_layers(Some(&base), "", "a.wall", None).expect_err("a mistake");
        assert!(said.to_string().starts_with("base.toml:2: site.naem"), "{said}");
    }
}
