//! A contact that is not finished and waits for somebody who is not us, or for a time.

use super::fact::Fact;
use super::progress::{Deferred, Phase};
use super::state::{ContactState, Surroundings};
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::QueueId;
use crate::engine::timers::NEVER;
use crate::event::{Awaits, UnixMs};

impl ContactState {
    /// The contact, which is not closed, waits for that from now on.
    pub(super) fn defer(&mut self, fact: &Fact, awaits: Awaits) {
        let (at_ms, until_ms) = (fact.at_ms, fact.measured.time_ms());
        self.come_back(at_ms);
        if until_ms.is_some_and(|until_ms| until_ms <= at_ms) {
            return;
        }
        let mut has_paused = false;
        if awaits == Awaits::Customer {
            for clock in self.running_clocks(PolicyClock::Resolution) {
                has_paused |= clock.paused_ms.is_none();
                clock.paused_ms = clock.paused_ms.or(Some(at_ms));
            }
        }
        self.progress.deferred = Some(Deferred { awaits, since_ms: at_ms, until_ms, has_paused });
    }

    /// It waits no longer: promises run on, and silence counts from now.
    pub(super) fn come_back(&mut self, at_ms: UnixMs) {
        let Some(deferred) = self.progress.deferred.take() else { return };
        self.progress.came_back_ms = at_ms;
        if deferred.has_paused {
            for clock in self.running_clocks(PolicyClock::Resolution) {
                clock.resume(at_ms);
            }
        }
    }

    /// Its time may have come by then. Says when it will.
    pub(super) fn come_back_by(&mut self, at_ms: UnixMs) -> UnixMs {
        let until_ms = self.progress.deferred.and_then(|deferred| deferred.until_ms);
        match until_ms {
            Some(until_ms) if until_ms <= at_ms => {
                self.come_back(until_ms);
                NEVER
            }
            Some(until_ms) => until_ms,
            None => NEVER,
        }
    }

    /// We replied: the promise of a resolution stands until the customer goes on, whatever else
    /// the contact waits for.
    pub(super) fn stand_for_the_customer(&mut self) {
        if let Some(deferred) = &mut self.progress.deferred {
            deferred.has_paused = false;
        }
    }

    /// What it waits for now, and in which queue.
    pub(in crate::engine) fn awaits(&self) -> Option<(Awaits, QueueId)> {
        let is_open = self.progress.phase != Phase::Over;
        let deferred = self.progress.deferred.filter(|_| is_open);
        deferred.map(|deferred| (deferred.awaits, self.queue()))
    }

    /// A contact is lost so long after the last that is known of it.
    pub(super) fn lost_ms(&self, around: Surroundings<'_>) -> UnixMs {
        let heard_ms = self.progress.opening_ms.max(self.progress.last_activity_ms);
        let waited_ms = self.progress.deferred.map_or(0, |deferred| deferred.lasts_ms());
        let known_ms = heard_ms.max(self.progress.came_back_ms).max(waited_ms);
        known_ms.saturating_add(around.limits.lost_after_ms)
    }
}
