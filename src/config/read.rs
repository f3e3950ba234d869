//! From tables to the model: every key of the config, its default and its bounds, once.

mod agents;
mod hours;
mod listen;
mod policy;
mod state;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::document::{self, Place, Places, Table, Value};
use super::model::{
    Annotations, Boards, Calendar, Channel, Config, Contacts, Journal, LANGUAGES, Queue, Queues,
    SERVICE_LEVELS, Server, Site, Telemetry,
};
use super::problem::{Problem, Problems};
use super::section::{Reader, Section};
use super::{Environment, host, secret};

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);
const MIB: usize = 1024 * 1024;
const GIB: usize = 1024 * MIB;
/// Longest `[channel.NAME]`: it is part of an address and of metric labels.
const CHANNEL_NAME_MAX: usize = 64;

pub(super) fn config(
    mut table: Table,
    file: Option<&str>,
    folder: PathBuf,
    environment: &Environment,
) -> Result<Config, Problems> {
    document::overlay(&mut table, environment);
    let reader = Reader {
        environment,
        folder,
        places: RefCell::new(Places { file: file.map(str::to_owned), keys: BTreeMap::new() }),
        problems: RefCell::default(),
    };
    let mut root = Section::root(&reader, table);
    let site = site(root.section("site"));
    let calendars = hours::calendars(root.section("calendar"), &site.time_zone);
    let channels = channels(root.section("channel"));
    let known = policy::Known { calendars: &calendars, channels: &channels };
    let policies = policy::policies(root.section("policy"), &known);
    let mut config = Config {
        server: server(root.section("server")),
        site,
        journal: journal(root.section("journal")),
        quarantine: state::quarantine(root.section("quarantine")),
        boards: boards(root.section("boards")),
        annotations: annotations(root.section("annotations")),
        reports: state::reports(root.section("reports")),
        agents: agents::agents(root.section("agents")),
        telemetry: telemetry(root.section("telemetry")),
        contacts: contacts(root.section("contacts")),
        topics: super::topics::settings(root.section("topics")),
        queues: queues(&mut root, &calendars),
        shifts: hours::shifts(root.section("shift")),
        costs: policy::costs(root.section("costs")),
        calendars,
        channels,
        policies,
        places: Places::default(),
    };
    root.finish();
    config.places = reader.places.into_inner();
    let problems = reader.problems.into_inner();
    if problems.is_empty() { Ok(config) } else { Err(Problems::from(problems)) }
}

/// `server.state_dir` alone; what is wrong with the rest is not looked at.
pub(super) fn state_dir(mut table: Table, folder: PathBuf, environment: &Environment) -> PathBuf {
    document::overlay(&mut table, environment);
    let (places, problems) = (RefCell::default(), RefCell::default());
    let reader = Reader { environment, folder, places, problems };
    state_dir_of(&mut Section::root(&reader, table).section("server"))
}

fn state_dir_of(section: &mut Section<'_>) -> PathBuf {
    let default = Server::default().state_dir;
    let reader = section.reader;
    // As if it were written in the file.
    section
        .path("state_dir")
        .unwrap_or_else(|| reader.path(&Place::default(), &default.to_string_lossy()))
}

fn server(mut section: Section<'_>) -> Server {
    let default = Server::default();
    let address = |section: &mut Section<'_>, key, default: SocketAddr| {
        section.value(key, default, r#"an address with a port such as "127.0.0.1:8080""#, |node| {
            super::section::text(node)?.parse().ok()
        })
    };
    let listen = address(&mut section, "listen", default.listen);
    let admin_listen = address(&mut section, "admin_listen", default.admin_listen);
    if listen::collide(listen, admin_listen) {
        section.wrong(
            "admin_listen",
            format!("{admin_listen} is taken by server.listen ({listen})"),
            "an address of its own: administration must not face the customers' networks",
        );
    }
    let admin_hosts = listen::admin_hosts(&mut section);
    let reader = section.reader;
    let state_dir = state_dir_of(&mut section);
    let plugin_dirs: Vec<PathBuf> = section
        .texts("plugin_dirs")
        .into_iter()
        .map(|(place, text)| reader.path(&place, &text))
        .collect();
    for folder in &plugin_dirs {
        section.must_be_folder("plugin_dirs", folder);
    }
    let server = Server {
        listen,
        admin_listen,
        admin_hosts,
        state_dir,
        plugin_dirs,
        body_bytes_max: section.bytes("body_bytes_max", default.body_bytes_max, 1024..=GIB),
        body_timeout: section.duration("body_timeout", default.body_timeout, MILLISECOND),
        head_timeout: section.duration("head_timeout", default.head_timeout, MILLISECOND),
        connections_max: section.count("connections_max", default.connections_max, 1..=1_000_000),
        screens_max: section.count("screens_max", default.screens_max, 1..=1_000_000),
        drain_timeout: section.duration("drain_timeout", default.drain_timeout, Duration::ZERO),
    };
    section.finish();
    server
}

fn site(mut section: Section<'_>) -> Site {
    let default = Site::default();
    let site = Site {
        name: section.text("name", default.name),
        time_zone: time_zone(&mut section, default.time_zone),
        day_start: section.value(
            "day_start",
            default.day_start,
            r#"a time on a quarter of an hour, such as "06:00" or "06:15""#,
            |node| match &node.value {
                Value::Text(text) | Value::Moment(text) => {
                    time_of_day(text).filter(|time| time.minute() % 15 == 0 && time.second() == 0)
                }
                _ => None,
            },
        ),
        language: section.choice("language", default.language, &LANGUAGES),
    };
    section.finish();
    site
}

fn time_zone(section: &mut Section<'_>, default: TimeZone) -> TimeZone {
    let expected = r#"a zone of the IANA database such as "Europe/Warsaw""#;
    section.value("time_zone", default, expected, |node| {
        TimeZone::get(&super::section::text(node)?).ok()
    })
}

/// `06:00` or `06:00:00`.
fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut part = || parts.next().map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (part()??, part()??, part().unwrap_or(Some(0))?);
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

fn journal(mut section: Section<'_>) -> Journal {
    let default = Journal::default();
    let day = Duration::from_secs(24 * 60 * 60);
    let journal = Journal {
        keep: section.duration("keep", default.keep, day),
        pending_max: section.count("pending_max", default.pending_max, 1..=1_000_000),
        commit_events_max: section.count(
            "commit_events_max",
            default.commit_events_max,
            1..=1_000_000,
        ),
        snapshot_every: section.duration("snapshot_every", default.snapshot_every, SECOND),
        rollups_keep: section.duration("rollups_keep", default.rollups_keep, day),
    };
    section.finish();
    journal
}

fn boards(mut section: Section<'_>) -> Boards {
    let default = Boards::default();
    let frames =
        section.count("frames_per_second_max", default.frames_per_second_max as usize, 1..=30);
    let boards = Boards {
        dir: section.folder("dir"),
        frames_per_second_max: u32::try_from(frames).unwrap_or(default.frames_per_second_max),
    };
    section.finish();
    boards
}

fn annotations(mut section: Section<'_>) -> Annotations {
    let default = Annotations::default();
    let annotations = Annotations {
        file: section.path("file"),
        entries_max: section.count("entries_max", default.entries_max, 1..=100_000),
    };
    section.finish();
    annotations
}

fn telemetry(mut section: Section<'_>) -> Telemetry {
    let default = Telemetry::default();
    let telemetry =
        Telemetry { agent_labels: section.boolean("agent_labels", default.agent_labels) };
    section.finish();
    telemetry
}

fn contacts(mut section: Section<'_>) -> Contacts {
    let default = Contacts::default();
    let contacts = Contacts {
        idle_gap: section.duration("idle_gap", default.idle_gap, SECOND),
        duplicate_window: section.duration("duplicate_window", default.duplicate_window, SECOND),
        clock_skew_max: section.duration("clock_skew_max", default.clock_skew_max, Duration::ZERO),
        repeat_within: section.duration("repeat_within", default.repeat_within, SECOND),
        lost_after: section.duration("lost_after", default.lost_after, SECOND),
    };
    section.finish();
    contacts
}

fn queues(root: &mut Section<'_>, calendars: &BTreeMap<String, Calendar>) -> Queues {
    let default = queue(root.section("queue_default"), &Queue::default(), calendars);
    let section = root.section("queue");
    let reader = section.reader;
    let named = section
        .entries()
        .into_iter()
        .map(|(name, node)| {
            let section = Section::of(reader, format!("queue.{name}"), Some(node));
            // A queue's title is its own: it does not come from the default.
            (name, queue(section, &Queue { title: None, ..default.clone() }, calendars))
        })
        .collect();
    Queues { default, named }
}

fn queue(
    mut section: Section<'_>,
    default: &Queue,
    calendars: &BTreeMap<String, Calendar>,
) -> Queue {
    let concurrency = section.count("concurrency", default.concurrency as usize, 1..=100);
    let queue = Queue {
        title: section.optional_text("title"),
        answer_threshold: section.duration("answer_threshold", default.answer_threshold, SECOND),
        reply_threshold: section.duration("reply_threshold", default.reply_threshold, SECOND),
        short_abandon: section.duration("short_abandon", default.short_abandon, Duration::ZERO),
        service_level: section.choice(
            "service_level",
            default.service_level.clone(),
            &SERVICE_LEVELS,
        ),
        goal: share(&mut section, "goal", default.goal),
        concurrency: u32::try_from(concurrency).unwrap_or(default.concurrency),
        calendar: hours::calendar_name(&mut section, default.calendar.clone(), calendars),
    };
    section.finish();
    queue
}

fn share(section: &mut Section<'_>, key: &'static str, default: f64) -> f64 {
    section.value(key, default, "a share from 0 to 1, such as 0.8", |node| {
        let share = match node.value {
            Value::Float(share) => share,
            // Only 0 and 1 pass below; 80 is the usual slip for 0.8.
            Value::Integer(share) => f64::from(i32::try_from(share).ok()?),
            _ => return None,
        };
        (0.0..=1.0).contains(&share).then_some(share)
    })
}

fn channels(section: Section<'_>) -> BTreeMap<String, Channel> {
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
        channels.insert(name.clone(), channel(section, name));
    }
    channels
}

fn channel(mut section: Section<'_>, name: String) -> Channel {
    let reader = section.reader;
    let default = Channel::new(name, "");
    let plugin = section.take("plugin");
    let plugin = match plugin.as_ref().map(|node| (node, super::section::text(node))) {
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
            let expected = "plugin = \"…\": a shipped one's name (telegram, asterisk-queuelog, webform) or a file";
            section.wrong("plugin", "the channel has no plugin", expected);
            String::new()
        }
    };
    let secrets = match section.take("secret") {
        Some(node) => secret::secrets(reader, &section.key("secret"), node),
        None => Vec::new(),
    };
    let mut fetch_secrets = BTreeMap::new();
    for (name, node) in section.section("fetch_secrets").entries() {
        let key = format!("{}.{name}", section.key("fetch_secrets"));
        if let Some(value) = secret::secret(reader, &key, node) {
            fetch_secrets.insert(name, value);
        }
    }
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
    let channel = Channel {
        plugin,
        title: section.optional_text("title"),
        queue: section.optional_text("queue"),
        secrets,
        fetch_secrets,
        file: section.path("file"),
        grant_hosts,
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
        cost_per_contact: policy::cost_per_contact(&mut section),
        name: default.name,
    };
    if channel.silent_after < channel.late_after {
        section.wrong(
            "silent_after",
            format!(
                "shorter than late_after ({})",
                super::units::format_duration(channel.late_after)
            ),
            "late_after or longer: a feed is late first and silent later",
        );
    }
    section.finish();
    channel
}
