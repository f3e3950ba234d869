//! What the limits of the doors have refused: counted for each limit, and said in the log now and
//! then.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::counters::count;
use crate::telemetry::{Seldom, names};
use crate::words::words;

words! {
    /// A limit of the doors. Few and fixed: it is a metric's label, the key that sets it where there
    /// is one.
    pub enum Limit [name, from_name] {
        /// `server.connections_max`: a connection was closed.
        Connections = "connections_max",
        /// The same: one that had asked nothing yet made room for a newer one.
        Newcomers = "newcomers",
        /// `server.connections_per_address_max`: a connection was closed, or a proxy's request refused.
        PerAddress = "connections_per_address_max",
        /// `server.webhooks_share`: no webhook, and the places of all others are taken.
        WebhooksShare = "webhooks_share",
        /// `server.write_timeout`: an answer was not taken.
        WriteTimeout = "write_timeout",
        /// `server.bodies_bytes_max`: too much is being received at once.
        Bodies = "bodies_bytes_max",
        /// `server.screens_per_address_max`: a screen was refused.
        ScreensPerAddress = "screens_per_address_max",
        /// `server.screen_names_max`: a screen's name is not kept; it is shown the board all the same.
        ScreenNames = "screen_names_max",
        /// `boards.instances_max`: as many boards of files with parameters are open, and screens show all.
        BoardInstances = "instances_max",
        /// `server.hosts` and `server.admin_hosts`: asked for by a name that is not the server's.
        Hosts = "hosts",
        /// A question by what no board has counted.
        NotCounted = "not_counted",
    }
}

/// What each limit has refused since the start.
#[derive(Debug, Default)]
pub struct Refusals([Refused; Limit::ALL.len()]);

#[derive(Debug, Default)]
struct Refused {
    total: AtomicU64,
    lines: Seldom,
}

impl Refusals {
    /// So many times.
    pub fn of(&self, limit: Limit) -> u64 {
        self.0[limit as usize].total.load(Ordering::Relaxed)
    }

    /// A limit has refused somebody.
    pub(super) fn note(&self, limit: Limit, whom: Option<IpAddr>) {
        let refused = &self.0[limit as usize];
        count(&refused.total);
        if let Some(left_out) = refused.lines.now() {
            let (limit, address) = (limit.name(), whom.map(tracing::field::display));
            tracing::warn!(limit, address, left_out, "refused by a limit of the server");
        }
    }

    /// Tells Prometheus.
    pub(super) fn publish(&self) {
        for limit in Limit::ALL {
            names::REFUSED.reach(&[limit.name()], self.of(limit));
        }
    }
}
