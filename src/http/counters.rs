//! What happened at the doors since the start.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;

use super::refusals::Refusals;
use crate::telemetry::names;

/// Totals, counted by the handlers.
#[derive(Debug, Default)]
pub struct Counters {
    /// Webhooks that came, whatever became of them.
    pub webhooks: AtomicU64,
    /// Bodies over `server.body_bytes_max`: 413.
    pub too_large: AtomicU64,
    /// Bodies that did not arrive in time: 408.
    pub too_slow: AtomicU64,
    /// Refused for now, to be sent again: 503.
    pub unavailable: AtomicU64,
    /// Connections over `server.connections_max`, closed at once.
    pub connections_refused: AtomicU64,
    /// What each limit has refused.
    pub refusals: Refusals,
}

impl Counters {
    /// Tells Prometheus.
    pub fn publish(&self) {
        for (metric, count) in [
            (&names::WEBHOOKS, &self.webhooks),
            (&names::BODY_TOO_LARGE, &self.too_large),
            (&names::BODY_TOO_SLOW, &self.too_slow),
            (&names::TURNED_AWAY, &self.unavailable),
            (&names::CONNECTIONS_REFUSED, &self.connections_refused),
        ] {
            metric.reach(&[], count.load(Ordering::Relaxed));
        }
        self.refusals.publish();
    }

    /// A webhook was refused with that status.
    pub(super) fn refused(&self, status: StatusCode) {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => count(&self.too_large),
            StatusCode::REQUEST_TIMEOUT => count(&self.too_slow),
            StatusCode::SERVICE_UNAVAILABLE => count(&self.unavailable),
            _ => {}
        }
    }
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
