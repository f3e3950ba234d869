//! How the server is and which alerts hold, for tiles that show it: put together from everybody who
//! knows something.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;

use super::alerts;
use crate::alert::alarms::Alarms;
use crate::board::house::{Disk, Health, Tell, Told};
use crate::channel::quarantine::Quarantine;
use crate::channel::registry::Registry;
use crate::channel::status::BreakerState;
use crate::config::model::Config;
use crate::event::{Millis, UnixMs};
use crate::journal::JournalHandle;
use crate::screen::Screens;

/// A screen that has not said for so long that it shows what it was sent is frozen. Its browser
/// answers within a second otherwise.
const FROZEN_AFTER_MS: Millis = 30_000;

/// Everybody who knows something.
pub(super) struct Known {
    pub(super) journal: JournalHandle,
    pub(super) state_dir: PathBuf,
    pub(super) registry: Arc<Registry>,
    pub(super) quarantine: Quarantine,
    pub(super) screens: Arc<Screens>,
    pub(super) alarms: Arc<Alarms>,
    pub(super) in_force: watch::Receiver<Arc<Config>>,
    /// `server.engine_behind_max`.
    pub(super) behind_max: Duration,
}

/// Asks them all each time.
pub(super) fn teller(known: Known) -> Tell {
    let mut put = Put::default();
    Box::new(move |now_ms| {
        let mut health = Health {
            is_journal_writable: known.journal.is_writable(),
            behind_ms: whole_ms(known.journal.progress().behind().oldest),
            behind_max_ms: whole_ms(known.behind_max),
            disk: disk(&known.state_dir),
            ..Health::default()
        };
        let counts = known.quarantine.counts();
        health.quarantined = counts.entries.load(Ordering::Relaxed);
        health.quarantined_ms = put.last(counts.stored.load(Ordering::Relaxed), now_ms);
        for channel in known.registry.statuses() {
            health.plugins += 1;
            if channel.breaker != BreakerState::Closed {
                health.resting.push(channel.name);
            }
        }
        for screen in known.screens.seen() {
            let called = || screen.name.clone().unwrap_or_else(|| screen.board.clone());
            match screen.picture_age_ms {
                None if screen.expected => health.missing.push(called()),
                None => {}
                Some(age_ms) => {
                    health.screens += 1;
                    if age_ms > FROZEN_AFTER_MS {
                        health.frozen.push(called());
                    }
                }
            }
        }
        let alerts = alerts::on_walls(&known.alarms, &known.in_force.borrow(), now_ms);
        Told { health, alerts }
    })
}

/// When something was last put into quarantine.
#[derive(Default)]
struct Put {
    stored: u64,
    at_ms: Option<UnixMs>,
}

impl Put {
    fn last(&mut self, stored: u64, now_ms: UnixMs) -> Option<UnixMs> {
        if stored > self.stored {
            (self.stored, self.at_ms) = (stored, Some(now_ms));
        }
        self.at_ms
    }
}

fn whole_ms(time: Duration) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX)
}

fn disk(state_dir: &std::path::Path) -> Option<Disk> {
    let room = rustix::fs::statvfs(state_dir).ok()?;
    Some(Disk {
        free_bytes: room.f_bavail.saturating_mul(room.f_frsize),
        bytes: room.f_blocks.saturating_mul(room.f_frsize),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_time_is_that_of_the_last_growth() {
        let mut put = Put::default();
        assert_eq!(put.last(0, 100), None, "nothing since the start");
        assert_eq!(put.last(2, 200), Some(200));
        assert_eq!(put.last(2, 300), Some(200));
        assert_eq!(put.last(3, 400), Some(400));
    }
}
