//! `[channel.NAME]`.

use std::collections::{BTreeMap, BTreeSet};

use super::{GIB, MIB, MILLISECOND, SECOND, documents, hours, limits, policy, same_as};
use crate::config::document::{Node, Value};
use crate::config::model::{Calendar, Channel, OauthClient, Secret, SourceKind};
use crate::config::problem::Problem;
use crate::config::section::{Section, text};
use crate::config::{host, secret, units};
use crate::event::KindName;

/// Longest `[channel.NAME]`: it is part of an address and of metric labels.
const CHANNEL_NAME_MAX: usize = 64;

pub(super) fn channels(
    section: Section<'_>,
    calendars: &BTreeMap<String, Calendar>,
) -> BTreeMap<String, Channel> {
    let reader = section.reader;
    let mut channels = BTreeMap::new();
    for (name, node) in section.entries() {
        let usable = !name.is_empty()
            && name.len() <= CHANNEL_NAME_MAX
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !usable {
            let found = format!("{name:?} cannot be part of an address");
            let expected = format!("letters, digits, - and _, at most {CHANNEL_NAME_MAX}");
            reader.report(&node.place, Problem::about(format!("channel.{name}"), found, expected));
        }
        let section = Section::of(reader, format!("channel.{name}"), Some(node));
        channels.insert(name.clone(), channel(section, name, calendars));
    }
    channels
}

fn channel(
    mut section: Section<'_>,
    name: String,
    calendars: &BTreeMap<String, Calendar>,
) -> Channel {
    let reader = section.reader;
    let default = Channel::new(name, "");
    let plugin = section.take("plugin");
    let plugin = match plugin.as_ref().map(|node| (node, text(node))) {
        // A file is relative to the config as every path is; a shipped plugin is just named.
        Some((node, Some(text))) if text.contains('/') || text.ends_with(".wasm") => {
            reader.path(&node.place, &text).to_string_lossy().into_owned()
        }
        Some((_, Some(text))) => text,
        Some((node, None)) => {
            section.wrong("plugin", node.value.describe(), "a plugin's name or file");
            String::new()
        }
        None => {
            let expected =
                "plugin = \"…\": a shipped one's name (`tablica plugin list` has them) or a file";
            section.wrong("plugin", "the channel has no plugin", expected);
            String::new()
        }
    };
    let secrets = match section.take("secret") {
        Some(node) => secret::secrets(reader, &section.key("secret"), node),
        None => Vec::new(),
    };
    let handshake = handshake(section.section("handshake"));
    let mut grant_secrets = BTreeMap::new();
    for (name, node) in section.section("grant_secrets").entries() {
        let key = format!("{}.{name}", section.key("grant_secrets"));
        if let Some(value) = secret::secret(reader, &key, node) {
            grant_secrets.insert(name, value);
        }
    }
    let oauth = oauth(section.section("oauth"));
    let mut grant_hosts = Vec::new();
    for (place, text) in section.texts("grant_hosts") {
        match text.parse::<host::HostGrant>() {
            Ok(grant) => grant_hosts.push(grant.to_string()),
            Err(not) => reader.report(
                &place,
                Problem::about(
                    section.key("grant_hosts"),
                    format!("found {text:?}"),
                    not.to_string(),
                ),
            ),
        }
    }
    let ca_file = section.path("ca_file");
    let channel = Channel {
        plugin,
        source: section.meaning("source", &SourceKind::ALL.map(|kind| (kind.word(), Some(kind)))),
        title: section.optional_text("title"),
        queue: section.optional_text("queue"),
        tells: tells(&mut section),
        same_as: same_as::same_as(section.section("same_as")),
        secrets,
        verify: section.optional_text("verify"),
        handshake,
        public_url: default.public_url,
        unverified: section.boolean("unverified", default.unverified),
        grant_secrets,
        oauth,
        file: section.path("file"),
        documents: documents::documents(&mut section),
        grant_hosts,
        ca_file,
        calendar: hours::channel_calendar(&mut section, calendars),
        late_after: section.duration("late_after", default.late_after, SECOND),
        silent_after: section.duration("silent_after", default.silent_after, SECOND),
        settings: section.json("settings"),
        call_timeout: section.duration("call_timeout", default.call_timeout, MILLISECOND),
        memory_bytes_max: section.bytes(
            "memory_bytes_max",
            default.memory_bytes_max,
            MIB..=4 * GIB,
        ),
        mailbox_max: section.count("mailbox_max", default.mailbox_max, 1..=1_000_000),
        line_bytes_max: section.bytes("line_bytes_max", default.line_bytes_max, 256..=16 * MIB),
        fetch_bytes_max: section.bytes("fetch_bytes_max", default.fetch_bytes_max, 1024..=GIB),
        fetch_timeout: section.duration("fetch_timeout", default.fetch_timeout, SECOND),
        limits: limits::limits(section.section("limits")),
        cost_per_contact: policy::cost_per_contact(&mut section),
        name: default.name,
    };
    if channel.silent_after < channel.late_after {
        section.wrong(
            "silent_after",
            format!("shorter than late_after ({})", units::format_duration(channel.late_after)),
            "late_after or longer: a feed is late first and silent later",
        );
    }
    section.finish();
    channel
}

/// Each handshake's value, or one for each of something that the network says, such as a group.
fn handshake(section: Section<'_>) -> BTreeMap<String, BTreeMap<String, Vec<Secret>>> {
    let reader = section.reader;
    let path = section.key("");
    let mut all = BTreeMap::new();
    for (name, node) in section.entries() {
        let key = format!("{path}{name}");
        let values = match node.value {
            Value::Table(table) if !secret::is_source(&table) => {
                let by = Node { place: node.place, value: Value::Table(table) };
                let entries = Section::of(reader, key.clone(), Some(by)).entries();
                let value = |(chooser, node): (String, Node)| {
                    let values = secret::secrets(reader, &format!("{key}.{chooser}"), node);
                    (chooser, values)
                };
                entries.into_iter().map(value).collect()
            }
            _ => BTreeMap::from([("*".to_owned(), secret::secrets(reader, &key, node))]),
        };
        all.insert(name, values);
    }
    all
}

/// Accounts by the plugin's names for them.
fn oauth(section: Section<'_>) -> BTreeMap<String, OauthClient> {
    let reader = section.reader;
    let path = section.key("");
    let client =
        |(name, node): (String, Node)| {
            let mut section = Section::of(reader, format!("{path}{name}"), Some(node));
            let mut secret = |key: &'static str| {
                let node = section.take(key)?;
                secret::secret(reader, &section.key(key), node)
            };
            let (client_secret, refresh_token) = (secret("client_secret"), secret("refresh_token"));
            let client = OauthClient {
                client_secret,
                refresh_token,
                client_id: section.text("client_id", String::new()),
                token_url: section.optional_text("token_url"),
            };
            if client.client_id.is_empty() {
                section.wrong(
                    "client_id",
                    "there is none",
                    "the name that the network gave the client",
                );
            }
            if client.token_url.as_ref().is_some_and(|url| {
                !url.starts_with("https://") && !url.starts_with("http://127.0.0.1")
            }) {
                section.wrong("token_url", "found another scheme", "an https address");
            }
            section.finish();
            (name, client)
        };
    section.entries().into_iter().map(client).collect()
}

/// Kinds of events by their words, if the operator says them.
fn tells(section: &mut Section<'_>) -> Option<BTreeSet<KindName>> {
    let known: Vec<_> = KindName::ALL.iter().map(|kind| (kind.word(), *kind)).collect();
    let told = section.words("tells", &known);
    if told.is_empty() && section.has("tells") && !section.is_wrong("tells") {
        let expected = "kinds of events; left out, it is as the plugin's manifest says";
        section.wrong("tells", "an empty list", expected);
    }
    (!told.is_empty()).then(|| told.into_iter().collect())
}

/// Which channels other sections may name.
pub(super) enum ChannelNames<'a> {
    /// Those with a section.
    Of(&'a BTreeMap<String, Channel>),
    /// All.
    Any,
}

impl ChannelNames<'_> {
    /// What is wrong with a name at `key`, if anything is.
    pub(super) fn problem(&self, key: &str, name: &str) -> Option<Problem> {
        let ChannelNames::Of(channels) = self else { return None };
        if channels.contains_key(name) {
            return None;
        }
        let names: Vec<&str> = channels.keys().map(String::as_str).collect();
        let expected = match names.as_slice() {
            [] => "a channel; the config has none".to_owned(),
            names => format!("the name of a channel: {}", names.join(", ")),
        };
        let problem = Problem::about(key, format!("found {name:?}"), expected);
        Some(problem.suggest(name, names))
    }
}
