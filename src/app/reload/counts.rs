//! How reloads ended.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crate::clock;
use crate::event::UnixMs;
use crate::telemetry::names;

/// Totals since the start, which was a success itself.
#[derive(Debug)]
pub(crate) struct ReloadCounts {
    ok: AtomicU64,
    partly: AtomicU64,
    refused: AtomicU64,
    last_is_ok: AtomicBool,
    last_ok_ms: AtomicI64,
}

/// How a reload ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The config is in force.
    Ok,
    /// But for channels that go on as before.
    Partly,
    /// Nothing has changed.
    Refused,
}

impl Default for ReloadCounts {
    fn default() -> Self {
        Self {
            ok: AtomicU64::new(0),
            partly: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            last_is_ok: AtomicBool::new(true),
            last_ok_ms: AtomicI64::new(clock::now_ms()),
        }
    }
}

impl ReloadCounts {
    pub(super) fn note(&self, ending: Ending) {
        let count = match ending {
            Ending::Ok => &self.ok,
            Ending::Partly => &self.partly,
            Ending::Refused => &self.refused,
        };
        count.fetch_add(1, Ordering::Relaxed);
        self.last_is_ok.store(ending == Ending::Ok, Ordering::Relaxed);
        if ending == Ending::Ok {
            let now_ms: UnixMs = clock::now_ms();
            self.last_ok_ms.store(now_ms, Ordering::Relaxed);
        }
    }

    /// Tells Prometheus.
    pub(crate) fn publish(&self) {
        for (result, count) in
            [("ok", &self.ok), ("partly", &self.partly), ("refused", &self.refused)]
        {
            names::RELOADS.reach(&[result], count.load(Ordering::Relaxed));
        }
        names::RELOAD_OK.set(&[], f64::from(self.last_is_ok.load(Ordering::Relaxed)));
        let last_ok_ms = self.last_ok_ms.load(Ordering::Relaxed) as f64;
        names::RELOAD_LAST_SUCCESS.set(&[], last_ok_ms / 1000.0);
    }
}
