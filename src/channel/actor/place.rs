//! On which thread an actor works, so that no channel holds up the webhooks of others.
//!
//! It begins on the main runtime and comes to the thread of webhooks when its plugin runs and an input
//! takes at most [`QUICK`]. It goes back when an input takes more than [`SLOW_CALL`] on average, when one
//! turn took more than [`OVERRUN`], when the instance is lost or has to prove itself, and when it is to go
//! on with another build: all that starts an instance happens on the main runtime. A plugin that
//! rests may stay where it is.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::failed::Failed;
use super::runner::{Runner, SLOW_CALL};
use super::swap::Order;
use super::{Actor, Ended};
use crate::channel::BoxFuture;
use crate::channel::input::Delivery;
use crate::clock;
use crate::webhook_thread::run_on;

/// What an input may take, of the processor's time, for its channel to come to the thread of webhooks.
/// Less than what makes it leave: it would go back and forth.
const QUICK: Duration = Duration::from_millis(1);
/// A turn that takes longer there, of the processor's time, sends the channel away. Two ticks of the
/// clock by which calls are stopped.
pub(super) const OVERRUN: Duration = Duration::from_millis(20);
/// For so long; twice as long each time.
const AWAY_MIN: Duration = Duration::from_secs(60);
/// The longest.
const AWAY_MAX: Duration = Duration::from_secs(3600);
/// Inputs of the first call there, before it is known what one takes.
const FIRST_BATCH: usize = 8;

/// Where an actor works and may work.
pub(super) struct Place {
    main: Handle,
    /// None where there is no such thread, or the channel takes no webhooks.
    webhook_thread: Option<Handle>,
    is_among_webhooks: bool,
    /// What one input takes of the processor, smoothed: decoded, enriched and put in order.
    input_time: Option<Duration>,
    away_until: Option<Instant>,
    away_for: Duration,
}

/// What is to be done on the main runtime.
#[derive(Default)]
pub(super) struct SetAside {
    /// The plugin did not survive a call with these.
    pub(super) failed: Option<Failed>,
    /// What came behind them, or found no plugin that runs.
    pub(super) deliveries: VecDeque<Delivery>,
    pub(super) order: Option<Order>,
}

impl SetAside {
    fn is_empty(&self) -> bool {
        self.failed.is_none() && self.deliveries.is_empty() && self.order.is_none()
    }
}

/// Why an actor no longer works where it did.
pub(super) enum Leaves {
    ForTheOtherPlace,
    ForGood,
}

impl Place {
    /// It begins on the runtime that this is called in, which must be the main one.
    pub(super) fn new(webhook_thread: Option<Handle>) -> Self {
        Self {
            main: Handle::current(),
            webhook_thread,
            is_among_webhooks: false,
            input_time: None,
            away_until: None,
            away_for: AWAY_MIN,
        }
    }

    pub(super) fn is_among_webhooks(&self) -> bool {
        self.is_among_webhooks
    }

    /// Where it may work from now on; it is on the main runtime. What its plugin takes is unknown again.
    pub(super) fn begin_anew(&mut self, webhook_thread: Option<Handle>) {
        *self = Self { main: self.main.clone(), ..Self::new(webhook_thread) };
    }

    /// The processor's time of this thread, where it matters.
    pub(super) fn reading(&self) -> Option<Duration> {
        self.webhook_thread.as_ref().map(|_| clock::thread_cpu())
    }

    /// A turn with so many inputs began at that reading and is over. True when it has held up others.
    pub(super) fn worked(&mut self, since: Option<Duration>, inputs: usize) -> bool {
        let Some(since) = since else { return false };
        let spent = clock::thread_cpu().saturating_sub(since);
        let each = spent / u32::try_from(inputs).unwrap_or(u32::MAX).max(1);
        self.input_time = Some(self.input_time.map_or(each, |before| (before * 7 + each) / 8));
        self.is_among_webhooks && spent > OVERRUN
    }

    /// It may not come back for a while: how long.
    fn send_away(&mut self, now: Instant) -> Duration {
        let away_for = self.away_for;
        self.away_until = Some(now + away_for);
        self.away_for = (away_for * 2).min(AWAY_MAX);
        away_for
    }

    /// How many inputs the next call may get, where others wait for the thread.
    pub(super) fn batch_max(&self) -> Option<usize> {
        self.is_among_webhooks.then(|| match self.input_time {
            None => FIRST_BATCH,
            Some(each) => {
                let fitting = SLOW_CALL.as_nanos() / each.as_nanos().max(1);
                usize::try_from(fitting).unwrap_or(usize::MAX).max(1)
            }
        })
    }

    /// Whether the plugin may work on the thread of webhooks.
    fn is_fit_for_webhooks(&self, runner: &Runner, now: Instant) -> bool {
        let longest = if self.is_among_webhooks { SLOW_CALL } else { QUICK };
        let may_run = runner.is_up() && !runner.breaker.is_probing() || runner.breaker.is_open();
        may_run
            && self.input_time.is_none_or(|each| each <= longest)
            && self.away_until.is_none_or(|until| until <= now)
    }

    /// Has something run on the main runtime, wherever the actor is by then.
    pub(super) fn on_main_runtime<T: Send + 'static>(&self, work: BoxFuture<T>) -> BoxFuture<T> {
        if self.webhook_thread.is_none() {
            return work;
        }
        let main = self.main.clone();
        Box::pin(async move { run_on(&main, work).await })
    }
}

impl Actor {
    /// Works where it is best, until the end.
    pub(super) async fn live(mut self: Box<Self>) -> Ended {
        loop {
            let thread = self.place.webhook_thread.clone();
            let thread = thread.filter(|_| self.place.is_among_webhooks);
            let (actor, leaves) = match thread {
                Some(thread) => run_on(&thread, self.work()).await,
                None => self.work().await,
            };
            self = actor;
            match leaves {
                Leaves::ForTheOtherPlace => {
                    self.place.is_among_webhooks = !self.place.is_among_webhooks;
                }
                Leaves::ForGood => {
                    let position = self.resume.get().position;
                    return Ended { snapshot: self.outlet.into_durable(), position };
                }
            }
        }
    }

    /// The channel has held up others.
    pub(super) fn send_away(&mut self) {
        let away_for = self.place.send_away(Instant::now());
        tracing::info!(
            channel = self.settings.channel,
            plugin = self.settings.plugin,
            seconds = away_for.as_secs(),
            "the plugin takes long; it works apart from other channels' webhooks for a while"
        );
    }

    /// Whether the other place is the right one now.
    pub(super) fn is_misplaced(&self) -> bool {
        if self.place.webhook_thread.is_none() {
            return false;
        }
        let is_fit = self.place.is_fit_for_webhooks(&self.runner, Instant::now());
        (is_fit && self.set_aside.is_empty()) != self.place.is_among_webhooks
    }

    /// How many inputs the next call gets: a quarter of its deadline at the usual pace, and less where
    /// others wait for the same thread.
    pub(super) fn batch_max(&self) -> usize {
        let max = self.runner.batch_max(self.settings.call.call_timeout / 4);
        self.place.batch_max().map_or(max, |among_webhooks| max.min(among_webhooks))
    }

    /// Whether the next group can be dealt with on the thread of webhooks.
    pub(super) fn goes_on_among_webhooks(&self) -> bool {
        let is_ready = self.runner.is_up() || self.runner.breaker.is_open();
        is_ready && self.set_aside.is_empty()
    }

    /// Does what was set aside.
    pub(super) async fn do_set_aside(&mut self) {
        if let Some(failed) = self.set_aside.failed.take() {
            self.sort_failed(failed).await;
        }
        if !self.set_aside.deliveries.is_empty() {
            let mut deliveries = std::mem::take(&mut self.set_aside.deliveries).into();
            self.take(&mut deliveries).await;
        }
        if let Some(order) = self.set_aside.order.take() {
            self.obey(order).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_holds_others_up_is_away_for_longer_each_time() {
        let mut place = Place::new(Some(Handle::current()));
        let now = Instant::now();
        place.is_among_webhooks = true;
        let away: Vec<u64> = (0..8)
            .map(|_| {
                let away_for = place.send_away(now);
                assert_eq!(place.away_until, Some(now + away_for));
                away_for.as_secs()
            })
            .collect();
        assert_eq!(away, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
        place.begin_anew(Some(Handle::current()));
        assert!(!place.is_among_webhooks && place.away_until.is_none(), "another plugin");
    }

    #[tokio::test]
    async fn calls_among_webhooks_are_short() {
        let mut place = Place::new(Some(Handle::current()));
        assert_eq!(place.batch_max(), None, "nobody waits for the main runtime");
        place.is_among_webhooks = true;
        assert_eq!(place.batch_max(), Some(FIRST_BATCH), "not known yet");
        for (micros, max) in [(10, 200), (500, 4), (1_500, 1), (5_000, 1)] {
            place.input_time = Some(Duration::from_micros(micros));
            assert_eq!(place.batch_max(), Some(max), "{micros} µs an input");
        }
    }
}
