//! From tables to the model: every key of the config, its default and its bounds, once.

mod access;
mod agents;
mod boards;
mod channel;
mod contacts;
mod documents;
mod hours;
mod limits;
mod listen;
mod mail;
pub(crate) mod notify;
mod oidc;
mod pairing;
mod policy;
mod queue;
mod same_as;
mod state;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::Environment;
use super::document::{self, Place, Places, Table, Value};
use super::model::{Annotations, Compile, Config, Journal, LANGUAGES, Server, Site, Telemetry};
use super::problem::Problems;
use super::section::{Reader, Section};
use channel::ChannelNames;

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);
const MIB: usize = 1024 * 1024;
const GIB: usize = 1024 * MIB;
const TIB: usize = 1024 * GIB;

pub(super) fn config(
    mut table: Table,
    file: Option<&str>,
    folder: PathBuf,
    environment: &Environment,
) -> Result<Config, Problems> {
    document::overlay(&mut table, environment);
    all(table, file, folder, environment, false)
}

/// As [`config`], for a wall script: a channel is there as soon as one of its lines names it.
pub(super) fn script(
    table: Table,
    file: &str,
    folder: PathBuf,
    environment: &Environment,
) -> Result<Config, Problems> {
    all(table, Some(file), folder, environment, true)
}

fn all(
    table: Table,
    file: Option<&str>,
    folder: PathBuf,
    environment: &Environment,
    is_script: bool,
) -> Result<Config, Problems> {
    let reader = Reader {
        environment,
        folder,
        places: RefCell::new(Places { file: file.map(str::to_owned), keys: BTreeMap::new() }),
        problems: RefCell::default(),
    };
    let mut root = Section::root(&reader, table);
    let site = site(root.section("site"));
    let calendars = hours::calendars(root.section("calendar"), &site.time_zone);
    let channels = channel::channels(root.section("channel"), &calendars);
    let names = if is_script { ChannelNames::Any } else { ChannelNames::Of(&channels) };
    same_as::check(&reader, &channels, &names);
    let policies = policy::policies(root.section("policy"), &calendars, &names);
    let agents = agents::agents(root.section("agents"), &names);
    let server = server(root.section("server"));
    let mail = root
        .take("mail")
        .map(|node| mail::mail(Section::of(&reader, "mail".to_owned(), Some(node))));
    let around = mail::Around {
        has_mail: mail.is_some(),
        language: &site.language,
        channels: &names,
        policies: &policies,
    };
    let mailed_reports = mail::reports(root.section("report"), &around);
    let receivers = notify::receivers(root.section("notify"), mail.is_some());
    let mut config = Config {
        access: root.take("access").map(|node| {
            let section = Section::of(&reader, "access".to_owned(), Some(node));
            access::access(section, server.public_url.as_deref())
        }),
        server,
        site,
        journal: journal(root.section("journal")),
        quarantine: state::quarantine(root.section("quarantine")),
        boards: boards::boards(root.section("boards")),
        pairing: pairing::pairing(root.section("pairing")),
        playlists: pairing::playlists(root.section("playlist"), &calendars),
        annotations: annotations(root.section("annotations")),
        reports: state::reports(root.section("reports")),
        mail,
        mailed_reports,
        alerts: notify::alerts(root.section("alerts")),
        receivers,
        agents,
        telemetry: telemetry(root.section("telemetry")),
        contacts: contacts::contacts(root.section("contacts")),
        topics: super::topics::settings(root.section("topics")),
        queues: queue::queues(&mut root, &calendars),
        shifts: hours::shifts(root.section("shift")),
        costs: policy::costs(root.section("costs")),
        calendars,
        channels,
        policies,
        places: Places::default(),
    };
    root.finish();
    config.tell_channels_their_address();
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
    let admin_hosts = listen::hosts(&mut section, "admin_hosts");
    let hosts = listen::hosts(&mut section, "hosts");
    let trusted_proxies = listen::networks(&mut section, "trusted_proxies");
    let public_url = listen::public_url(&mut section);
    let admin_url = listen::url(&mut section, "admin_url");
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
        admin_hosts: listen::with_own(admin_hosts, admin_url.as_deref()),
        hosts: listen::with_own(hosts, public_url.as_deref()),
        trusted_proxies,
        public_url,
        admin_url,
        state_dir,
        plugin_dirs,
        compile: Compile {
            memory_bytes_max: section.bytes(
                "compile_memory_bytes_max",
                default.compile.memory_bytes_max,
                256 * MIB..=TIB,
            ),
            processor_max: section.duration(
                "compile_processor_max",
                default.compile.processor_max,
                SECOND,
            ),
            wall_timeout: section.duration(
                "compile_wall_timeout",
                default.compile.wall_timeout,
                SECOND,
            ),
            kept_bytes_max: section.bytes(
                "compiled_bytes_max",
                default.compile.kept_bytes_max,
                MIB..=TIB,
            ),
        },
        body_bytes_max: section.bytes("body_bytes_max", default.body_bytes_max, 1024..=GIB),
        body_timeout: section.duration("body_timeout", default.body_timeout, MILLISECOND),
        bodies_bytes_max: section.bytes("bodies_bytes_max", default.bodies_bytes_max, 1024..=TIB),
        write_timeout: section.duration("write_timeout", default.write_timeout, MILLISECOND),
        head_timeout: section.duration("head_timeout", default.head_timeout, MILLISECOND),
        connections_max: section.count("connections_max", default.connections_max, 1..=1_000_000),
        connections_per_address_max: section.count(
            "connections_per_address_max",
            default.connections_per_address_max,
            1..=1_000_000,
        ),
        webhooks_share: share(&mut section, "webhooks_share", default.webhooks_share),
        admin_connections_max: section.count(
            "admin_connections_max",
            default.admin_connections_max,
            1..=1_000_000,
        ),
        screens_max: section.count("screens_max", default.screens_max, 1..=1_000_000),
        screens_per_address_max: section.count(
            "screens_per_address_max",
            default.screens_per_address_max,
            1..=1_000_000,
        ),
        screen_names_max: section.count("screen_names_max", default.screen_names_max, 0..=100_000),
        drain_timeout: section.duration("drain_timeout", default.drain_timeout, Duration::ZERO),
        clock_hold: section.duration("clock_hold", default.clock_hold, MILLISECOND),
        engine_behind_max: section.duration(
            "engine_behind_max",
            default.engine_behind_max,
            MILLISECOND,
        ),
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
        country_code: country_code(&mut section),
    };
    section.finish();
    site
}

fn country_code(section: &mut Section<'_>) -> Option<String> {
    let expected = "a calling code, one to three digits without +, such as \"48\"";
    section.value("country_code", None, expected, |node| {
        let code = super::section::text(node)?;
        let is_one = (1..=3).contains(&code.len()) && code.bytes().all(|it| it.is_ascii_digit());
        is_one.then_some(Some(code))
    })
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
