//! The operator's settings, as validated values.
//!
//! Each part has its own struct, and each module of the house takes only its part. Durations are
//! written as `"20s"`, `"10m"`, `"7d"` in TOML; secrets are named by where they come from and
//! never appear in `Debug` output.

mod access;
mod agents;
mod boards;
mod contacts;
mod documents;
mod hours;
mod limits;
mod mail;
mod notify;
mod oauth;
mod oidc;
mod pairing;
mod policy;
mod queue;
mod same_as;
mod secret;
mod source;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use jiff::civil::Time;
use jiff::tz::TimeZone;

pub use self::access::Access;
pub use self::agents::{AgentOfChannel, Agents, SHOW_AGENTS, ShowAgents};
pub use self::boards::Boards;
pub use self::contacts::Contacts;
pub use self::documents::{Documents, Imap};
pub use self::hours::{Calendar, ChannelCalendar, MINUTES_PER_DAY, Shift, Span};
pub use self::limits::ChannelLimits;
pub use self::mail::{
    DayOfWeek, Mail, MailTls, MailedReport, RECIPIENTS_MAX, ReportFormat, ReportKind, ReportOf,
};
pub use self::notify::{Alerts, Audience, NotifyBy, RECEIVERS_MAX, Receiver, Severity, Way};
pub use self::oauth::OauthClient;
pub use self::oidc::{Oidc, ROLES};
pub use self::pairing::{Pairing, Playlist, Step};
pub use self::policy::{
    CLOCKS, Clock, Costs, POLICIES_MAX, POLICY_FROMS, Policy, PolicyFrom, WARN_DEFAULT,
};
pub use self::queue::{Queue, Queues, SERVICE_LEVELS};
pub use self::same_as::{AttributePiece, SameAs};
pub use self::secret::Secret;
pub use self::source::SourceKind;
pub use self::state::{Annotations, Compile, Journal, Quarantine, Reports};
use super::document::Places;
pub use super::topics::Topics;
use crate::event::KindName;
use crate::language::Language;

/// Everything the operator can set; [`load`](super::load) makes one. `Default` of each part is
/// what holds when the operator says nothing.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[access]`
    pub access: Option<Access>,
    /// `[site]`
    pub site: Site,
    /// `[journal]`
    pub journal: Journal,
    /// `[quarantine]`
    pub quarantine: Quarantine,
    /// `[boards]`
    pub boards: Boards,
    /// `[pairing]`
    pub pairing: Pairing,
    /// `[playlist.NAME]`
    pub playlists: BTreeMap<String, Playlist>,
    /// `[annotations]`
    pub annotations: Annotations,
    /// `[reports]`
    pub reports: Reports,
    /// `[mail]`
    pub mail: Option<Mail>,
    /// `[alerts]`
    pub alerts: Alerts,
    /// `[notify.NAME]`, by name.
    pub receivers: BTreeMap<String, Receiver>,
    /// `[report.NAME]`
    pub mailed_reports: BTreeMap<String, MailedReport>,
    /// `[agents]`
    pub agents: Agents,
    /// `[telemetry]`
    pub telemetry: Telemetry,
    /// `[contacts]`
    pub contacts: Contacts,
    /// `[topics]`
    pub topics: Topics,
    /// `[queue.NAME]`, and `[queue_default]` for queues without a section.
    pub queues: Queues,
    /// `[channel.NAME]`
    pub channels: BTreeMap<String, Channel>,
    /// `[calendar.NAME]`
    pub calendars: BTreeMap<String, Calendar>,
    /// `[policy.NAME]`
    pub policies: BTreeMap<String, Policy>,
    /// `[shift.NAME]`
    pub shifts: BTreeMap<String, Shift>,
    /// `[costs]`
    pub costs: Costs,
    /// Where each key stands, so that later checks can name file and line.
    pub places: Places,
}

impl Config {
    /// Has each channel know how the server is reached.
    pub(super) fn tell_channels_their_address(&mut self) {
        let reached_at = self.server.reached_at();
        for channel in self.channels.values_mut() {
            channel.public_url = reached_at.clone();
        }
    }
}

/// Where the server listens and what it accepts.
#[derive(Clone, Debug)]
pub struct Server {
    /// Walls, API and webhooks. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Metrics and administration. Default `127.0.0.1:9464`; keep it off the internet.
    pub admin_listen: SocketAddr,
    /// Names that the admin listener is asked for by, beside addresses and names without a dot;
    /// others are refused. Default none.
    pub admin_hosts: Vec<String>,
    /// Names that the public listener is asked for by, beside addresses and names without a dot;
    /// others are refused. Webhooks come by any name. Default none.
    pub hosts: Vec<String>,
    /// Proxies that are believed when they say for whom they ask. Default none.
    pub trusted_proxies: Vec<IpNet>,
    /// The server's address as networks know it, for those that sign it, and as phones open a tile's
    /// receipt. By default it is what trusted proxies say.
    pub public_url: Option<String>,
    /// The address by which people reach the admin listener, without a slash at its end: for the code
    /// on a screen that waits to be paired.
    pub admin_url: Option<String>,
    /// State: journal, quarantine, compiled plugins, keys. Default `./state`.
    pub state_dir: PathBuf,
    /// Folders searched for plugin files before the shipped ones.
    pub plugin_dirs: Vec<PathBuf>,
    /// What making a plugin's file into code may take.
    pub compile: Compile,
    /// Largest webhook body; more is 413. Default 1 MiB.
    pub body_bytes_max: usize,
    /// Longest time for a webhook's body to arrive; then it is 408. Default 10 s.
    pub body_timeout: Duration,
    /// All bodies that are received at once; more is 503. Default 64 MiB.
    pub bodies_bytes_max: usize,
    /// Longest time for an answer to be taken; then the connection is closed. Default 1 min.
    pub write_timeout: Duration,
    /// Longest time for a request's head to arrive, on a kept connection since the last answer;
    /// then the connection is closed. Default 30 s.
    pub head_timeout: Duration,
    /// Open connections of the public listener but screens; more are closed. Default 10,000.
    pub connections_max: usize,
    /// Those of one address, or requests of one that a trusted proxy asks for. Default 256.
    pub connections_per_address_max: usize,
    /// Which part of them is for webhooks only. Default 0.1.
    pub webhooks_share: f64,
    /// Open connections of the admin listener. Default 100.
    pub admin_connections_max: usize,
    /// Open WebSockets; more is 503. Default 2000.
    pub screens_max: usize,
    /// Those of one address; more is 429. Default 200.
    pub screens_per_address_max: usize,
    /// Names of screens that are kept; a screen with one more is shown the board and not missed when
    /// it is gone. Default 1000.
    pub screen_names_max: usize,
    /// How long a stop waits for what is under way. Default 10 s.
    pub drain_timeout: Duration,
    /// How long a jump of the machine's clock has to last until counting follows it. Default
    /// 1 min.
    pub clock_hold: Duration,
    /// The server is not ready while an event is on disk for longer and not in the figures yet.
    /// Default 5 s.
    pub engine_behind_max: Duration,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            admin_hosts: Vec::new(),
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            public_url: None,
            admin_url: None,
            state_dir: PathBuf::from("./state"),
            plugin_dirs: Vec::new(),
            compile: Compile::default(),
            body_bytes_max: 1024 * 1024,
            body_timeout: Duration::from_secs(10),
            bodies_bytes_max: 64 * 1024 * 1024,
            write_timeout: Duration::from_secs(60),
            head_timeout: Duration::from_secs(30),
            connections_max: 10_000,
            connections_per_address_max: 256,
            webhooks_share: 0.1,
            admin_connections_max: 100,
            screens_max: 2000,
            screens_per_address_max: 200,
            screen_names_max: 1000,
            drain_timeout: Duration::from_secs(10),
            clock_hold: Duration::from_secs(60),
            engine_behind_max: Duration::from_secs(5),
        }
    }
}

/// The contact center.
#[derive(Clone, Debug)]
pub struct Site {
    /// Shown on the walls. Default `Contact center`.
    pub name: String,
    /// IANA zone in which "today" is counted. Default UTC.
    pub time_zone: TimeZone,
    /// When the day begins. Default 00:00.
    pub day_start: Time,
    /// Language of the walls: `en`, `pl`, `ru`, `uk`. Default `en`.
    pub language: String,
    /// Calling code of the site's country, such as `48`: plugins read national telephone numbers by
    /// it. Default none.
    pub country_code: Option<String>,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            name: "Contact center".to_owned(),
            time_zone: TimeZone::UTC,
            day_start: Time::midnight(),
            language: "en".to_owned(),
            country_code: None,
        }
    }
}

/// What Prometheus sees.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    /// Contacts by agent, under what `[agents]` calls them. Default off: agents are people.
    pub agent_labels: bool,
}

/// The server's address as networks know it: some sign what they call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PublicUrl {
    /// Nobody says it.
    #[default]
    Unknown,
    /// Trusted proxies say it with each request.
    Proxied,
    /// `server.public_url`, without a slash at its end.
    Given(String),
}

impl Server {
    /// How networks reach it.
    pub fn reached_at(&self) -> PublicUrl {
        match &self.public_url {
            Some(url) => PublicUrl::Given(url.clone()),
            None if self.trusted_proxies.is_empty() => PublicUrl::Unknown,
            None => PublicUrl::Proxied,
        }
    }
}

/// Languages of the walls.
pub const LANGUAGES: [&str; Language::IDS.len()] = Language::IDS;

/// One channel: a plugin, where its bytes come from, and what it may do.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// The `[channel.NAME]` it is.
    pub name: String,
    /// Plugin: a shipped one's name or a file.
    pub plugin: String,
    /// Which of the plugin's sources is used, where it has several.
    pub source: Option<SourceKind>,
    /// Shown on walls instead of the name.
    pub title: Option<String>,
    /// Queue of events for which the network names none.
    pub queue: Option<String>,
    /// Kinds of events that its network can tell. Default: as the plugin's manifest says.
    pub tells: Option<BTreeSet<KindName>>,
    /// Of which other channels its contacts can be, and by what that is seen.
    pub same_as: Vec<SameAs>,
    /// The secrets to verify with, newest first; several while rotating.
    pub secrets: Vec<Secret>,
    /// Which of the plugin's ways to verify is used, where it offers several.
    pub verify: Option<String>,
    /// What the plugin's handshakes compare with or answer, by their names; within, `*` or what
    /// chooses one.
    pub handshake: BTreeMap<String, BTreeMap<String, Vec<Secret>>>,
    /// How networks reach the server.
    pub public_url: PublicUrl,
    /// The operator knows that nobody verifies the webhooks of this plugin. Default false.
    pub unverified: bool,
    /// Secrets that the plugin's requests may have as pieces, by the manifest's names.
    pub grant_secrets: BTreeMap<String, Secret>,
    /// Accounts into which the host signs for the plugin, by the manifest's names.
    pub oauth: BTreeMap<String, OauthClient>,
    /// File to tail, for plugins whose source is `file`.
    pub file: Option<PathBuf>,
    /// Documents to give, for plugins whose source is `document`.
    pub documents: Documents,
    /// Hosts (`name` or `name:port`) the plugin may fetch from; those it declares and the
    /// operator grants here. Private addresses only when granted by number.
    pub grant_hosts: Vec<String>,
    /// Authorities whom the channel trusts over TLS besides those of the machine.
    pub ca_file: Option<PathBuf>,
    /// When it is expected to deliver. Default: while one of its queues is open.
    pub calendar: ChannelCalendar,
    /// The feed is late after so long without an event. Default 15 min.
    pub late_after: Duration,
    /// The feed is silent (alert) after so long. Default 1 h.
    pub silent_after: Duration,
    /// Passed to the plugin's `init` as JSON.
    pub settings: serde_json::Value,
    /// Longest single call, in time of the processor. Default 100 ms.
    pub call_timeout: Duration,
    /// Memory of the instance. Default 64 MiB.
    pub memory_bytes_max: usize,
    /// Inputs waiting for the plugin; more is 503. Default 1024.
    pub mailbox_max: usize,
    /// Longest line of a tailed file; a longer one goes to quarantine. Default 64 KiB.
    pub line_bytes_max: usize,
    /// Largest answer to a `fetch`; a larger one is an error. Default 4 MiB.
    pub fetch_bytes_max: usize,
    /// Longest `fetch`; long polling needs more than the network's own limit. Default 90 s.
    pub fetch_timeout: Duration,
    /// What its plugin may take of what all channels share.
    pub limits: ChannelLimits,
    /// What one contact costs, in the currency of `[costs]`. Default unknown.
    pub cost_per_contact: Option<f64>,
}

impl Channel {
    /// A channel with every default.
    pub fn new(name: impl Into<String>, plugin: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            plugin: plugin.into(),
            source: None,
            title: None,
            queue: None,
            tells: None,
            same_as: Vec::new(),
            secrets: Vec::new(),
            verify: None,
            handshake: BTreeMap::new(),
            public_url: PublicUrl::default(),
            unverified: false,
            grant_secrets: BTreeMap::new(),
            oauth: BTreeMap::new(),
            file: None,
            documents: Documents::default(),
            grant_hosts: Vec::new(),
            ca_file: None,
            calendar: ChannelCalendar::default(),
            late_after: Duration::from_secs(15 * 60),
            silent_after: hours(1),
            settings: serde_json::Value::Object(serde_json::Map::new()),
            call_timeout: Duration::from_millis(100),
            memory_bytes_max: 64 * 1024 * 1024,
            mailbox_max: 1024,
            line_bytes_max: 64 * 1024,
            fetch_bytes_max: 4 * 1024 * 1024,
            fetch_timeout: Duration::from_secs(90),
            limits: ChannelLimits::default(),
            cost_per_contact: None,
        }
    }
}

const fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 60 * 60)
}

const fn days(count: u64) -> Duration {
    hours(count * 24)
}
