//! A config that is changed while its server runs: what holds at once, what when the server is told to
//! reload, and what needs a restart.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{self, Table, Value};
use super::model::{Alerts, Config, Contacts};

/// What a running server takes up by itself, key by key; `*` is any name.
const AT_ONCE: [&[&str]; 4] = [
    &["site", "name"],
    &["queue", "*", "title"],
    &["channel", "*", "title"],
    &["policy", "*", "title"],
];

/// What it takes up when it is told to reload, with everything below; see [`taken_up`]. All else
/// needs a restart.
const BY_RELOAD: [&[&str]; 14] = [
    &["site", "day_start"],
    &["server", "plugin_dirs"],
    &["agents"],
    &["contacts"],
    &["queue"],
    &["queue_default"],
    &["channel"],
    &["calendar"],
    &["policy"],
    &["shift"],
    &["costs"],
    &["playlist"],
    &["alerts"],
    &["notify"],
];

/// What is below one of [`BY_RELOAD`] and needs a restart: memory is laid out by it.
const BY_RESTART: [&[&str]; 4] = [
    &["contacts", "contacts_max"],
    &["contacts", "duplicate_ids_max"],
    &["channel", "*", "mailbox_max"],
    &["alerts", "grafana_url"],
];

/// The config that a running server goes on with: what is read anew, but for what needs a restart.
pub fn taken_up(running: &Config, read: Config) -> Config {
    let mut next = running.clone();
    next.site.name = read.site.name;
    next.site.day_start = read.site.day_start;
    next.server.plugin_dirs = read.server.plugin_dirs;
    next.agents = read.agents;
    next.contacts = Contacts {
        contacts_max: running.contacts.contacts_max,
        duplicate_ids_max: running.contacts.duplicate_ids_max,
        ..read.contacts
    };
    next.queues = read.queues;
    next.channels = read.channels;
    for (name, channel) in &mut next.channels {
        if let Some(running) = running.channels.get(name) {
            channel.mailbox_max = running.mailbox_max;
        }
    }
    next.tell_channels_their_address();
    next.calendars = read.calendars;
    // Those without a zone of their own are in the site's, which stays.
    let site = &read.site.time_zone;
    for calendar in next.calendars.values_mut().filter(|it| it.time_zone == *site) {
        calendar.time_zone.clone_from(&running.site.time_zone);
    }
    next.policies = read.policies;
    next.shifts = read.shifts;
    next.costs = read.costs;
    next.playlists = read.playlists;
    next.alerts = Alerts { grafana_url: running.alerts.grafana_url.clone(), ..read.alerts };
    next.receivers = read.receivers;
    next.places = read.places;
    next
}

/// Values by the steps to their keys. A section without keys stands for itself.
type Leaves = BTreeMap<Vec<String>, serde_json::Value>;

/// The keys that differ between two texts of a config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Taken up when the server is told to reload, in order.
    pub by_reload: Vec<String>,
    /// Taken up by a restart only, in order.
    pub by_restart: Vec<String>,
}

/// What differs, but for what is taken up by itself.
pub fn differences(before: &str, after: &str) -> Differences {
    let (before, after) = (leaves_of(before), leaves_of(after));
    let changed: BTreeSet<&Vec<String>> = before
        .keys()
        .chain(after.keys())
        .filter(|key| {
            before.get(*key) != after.get(*key)
                && !AT_ONCE.iter().any(|at_once| begins(key, at_once, true))
                // A section that has lost its keys, or got its first ones, is told by those.
                && !is_within(key, &before)
                && !is_within(key, &after)
        })
        .collect();
    let mut differences = Differences::default();
    for key in changed {
        let by_restart = BY_RESTART.iter().any(|it| begins(key, it, true))
            // What a channel needs memory for is laid out when it starts.
            && (key[0] != "channel" || [&before, &after].iter().all(|it| has_section(it, key)));
        let by_reload = BY_RELOAD.iter().any(|it| begins(key, it, false));
        let keys = match by_reload && !by_restart {
            true => &mut differences.by_reload,
            false => &mut differences.by_restart,
        };
        keys.push(key.join("."));
    }
    differences
}

/// Whether a key is this one, or below it.
fn begins(key: &[String], pattern: &[&str], whole: bool) -> bool {
    let fits = pattern.iter().zip(key).all(|(step, given)| ["*", given].contains(step));
    fits && key.len() >= pattern.len() && (!whole || key.len() == pattern.len())
}

/// Whether the section that a key stands in, such as `channel.shop`, has any.
fn has_section(leaves: &Leaves, key: &[String]) -> bool {
    key.get(..2).is_some_and(|section| leaves.keys().any(|it| it.starts_with(section)))
}

fn is_within(section: &[String], leaves: &Leaves) -> bool {
    leaves.keys().any(|key| key.len() > section.len() && key.starts_with(section))
}

/// Nothing of a text that is no TOML: that is told elsewhere.
fn leaves_of(text: &str) -> Leaves {
    let mut leaves = Leaves::new();
    if let Ok(table) = document::parse(text, "") {
        gather(&table, &mut Vec::new(), &mut leaves);
    }
    leaves
}

fn gather(table: &Table, steps: &mut Vec<String>, leaves: &mut Leaves) {
    for (key, node) in table {
        steps.push(key.clone());
        match &node.value {
            Value::Table(inner) if !inner.is_empty() => gather(inner, steps, leaves),
            value => {
                leaves.insert(steps.clone(), value.to_json());
            }
        }
        steps.pop();
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::Environment;

    const BEFORE: &str =
        "[site]\nname = 'A'\n[queue.sales]\ntitle = 'Sales'\n[server]\nhosts = ['a']\n";

    fn names(by_reload: &[&str], by_restart: &[&str]) -> Differences {
        let owned = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
        Differences { by_reload: owned(by_reload), by_restart: owned(by_restart) }
    }

    #[test]
    fn titles_need_nothing_and_all_else_is_named() {
        let titles = BEFORE.replace("'A'", "'B'").replace("title = 'Sales'", "");
        assert_eq!(differences(BEFORE, &titles), Differences::default());
        let more = BEFORE.replace("'Sales'", "'Deals'\ngoal = 0.9").replace("['a']", "['a', 'b']");
        assert_eq!(differences(BEFORE, &more), names(&["queue.sales.goal"], &["server.hosts"]));
        let section = format!("{BEFORE}[queue.care]\n[channel.shop]\nplugin = 'webform'\n");
        let told = names(&["channel.shop.plugin", "queue.care"], &[]);
        assert_eq!(differences(BEFORE, &section), told);
        assert_eq!(differences(&section, BEFORE), told);
        let roomy = section.replace("'webform'", "'webform'\nmailbox_max = 9");
        assert_eq!(differences(&section, &roomy), names(&[], &["channel.shop.mailbox_max"]));
        let told = names(&["channel.shop.mailbox_max", "channel.shop.plugin", "queue.care"], &[]);
        assert_eq!(differences(BEFORE, &roomy), told);
    }

    /// Every key of the reference that is said to be taken up by a reload is, and no other.
    #[test]
    fn what_is_taken_up_is_what_is_said() {
        let load = |text: &str| {
            let environment = Environment { skips_secrets: true, ..Environment::default() };
            crate::config::load_text(text, "a.toml", PathBuf::new(), &environment)
        };
        let running = "[site]\nname = 'A'\n[channel.shop]\nplugin = 'webform'\nunverified = true\n";
        let config = load(running).expect("a good config");
        let shown = |config: &Config| {
            format!("{:?}", Config { places: Default::default(), ..config.clone() })
        };
        for (more, by_reload) in [
            ("[contacts]\nidle_gap = '3h'", true),
            ("[contacts]\ncontacts_max = 5000", false),
            ("[contacts]\nduplicate_ids_max = 500000", false),
            ("[queue.sales]\nanswer_threshold = '7s'", true),
            ("[queue_default]\ngoal = 0.9", true),
            ("[calendar.office]\nhours = { mon = '08:00-17:00' }", true),
            ("[shift.early]\nstart = '06:00'\nend = '14:00'", true),
            ("[costs]\ncurrency = 'PLN'", true),
            ("[agents]\nshow = 'name'", true),
            ("[channel.mail]\nplugin = 'webform'\nunverified = true", true),
            ("[server]\nlisten = '127.0.0.1:1'", false),
            ("[server]\npublic_url = 'https://desk.example.org'", false),
            ("[server]\ntrusted_proxies = '10.0.0.1'", false),
            ("[server]\nplugin_dirs = ['.']", true),
            ("[journal]\nkeep = '40d'", false),
            ("[quarantine]\nentries_max = 7", false),
            ("[boards]\nframes_per_second_max = 2", false),
            ("[annotations]\nentries_max = 7", false),
            ("[reports]\nafter = '2h'", false),
            ("[telemetry]\nagent_labels = true", false),
            ("[topics]\ntags_max = 2", false),
        ] {
            let text = format!("{running}{more}\n");
            let read = load(&text).unwrap_or_else(|problems| panic!("{more}: {problems}"));
            assert_ne!(shown(&read), shown(&config), "{more} changes something");
            let next = taken_up(&config, read.clone());
            assert_eq!(shown(&next) == shown(&read), by_reload, "{more}");
            assert_eq!(shown(&next) == shown(&config), !by_reload, "{more}");
            let told = differences(running, &text);
            assert_eq!(told.by_restart.is_empty(), by_reload, "{more}: {told:?}");
        }
    }
}
