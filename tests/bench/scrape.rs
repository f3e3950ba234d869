//! A server's metrics, read as Prometheus would.

use std::net::SocketAddr;

use anyhow::Context;

#[path = "../support/http.rs"]
#[expect(dead_code, reason = "the scenarios' addresses are not needed here")]
mod http;

/// Counters of inputs that a limit has turned away or held up.
const LIMITS: [&str; 9] = [
    "tablica_refused_total",
    "tablica_connections_refused_total",
    "tablica_webhooks_turned_away_total",
    "tablica_channel_limited_total",
    "tablica_mailbox_busy_total",
    "tablica_channel_appends_failed_total",
    "tablica_screens_closed_total",
    "tablica_screens_refused_total",
    "tablica_snapshots_failed_total",
];

/// One look.
pub(crate) struct Scrape(String);

impl Scrape {
    /// Asks the admin listener.
    pub(crate) fn of(admin: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self(http::get(admin, "/metrics").context("no metrics")?))
    }

    /// All series of a metric together.
    pub(crate) fn sum(&self, name: &str) -> u64 {
        self.series(name).map(|(_, value)| value as u64).sum()
    }

    /// Limits that were hit, with how often: `name{labels}`.
    pub(crate) fn limits(&self) -> Vec<(String, u64)> {
        let series = LIMITS.iter().flat_map(|name| self.series(name));
        let hit = series.filter(|(_, value)| *value > 0.0);
        hit.map(|(name, value)| (name.trim_start_matches("tablica_").to_owned(), value as u64))
            .collect()
    }

    fn series<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        self.0.lines().filter_map(move |line| {
            let (series, value) = line.rsplit_once(' ')?;
            let rest = series.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with('{')).then_some(())?;
            Some((series, value.parse().ok()?))
        })
    }
}
