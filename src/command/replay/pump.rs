//! Time as it was, some times as fast: hands the events of a span to the hub when their moment
//! has come, and tells it the time.
//!
//! The hub's clock stands until everything known by a moment has been counted, each event at the
//! moment at which it became known; only then is it that moment. So what a board shows at 11:40
//! is what was known at 11:40, however fast the machine and the replay are.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::board::time::Clock;
use crate::event::{Event, UnixMs};
use crate::journal::{Committed, Sequence};

/// How often time moves on.
const BEAT: Duration = Duration::from_millis(50);
/// Events on their way from the reader.
pub(super) const READ_AHEAD_MAX: usize = 4096;
/// Events in one hand-over to the hub.
const EVENTS_PER_COMMIT_MAX: usize = 1024;

/// An event, and when it became known.
pub(super) type Known = (UnixMs, Event);

/// The hub's clock.
#[derive(Clone)]
pub(super) struct PastClock {
    now_ms: Arc<AtomicI64>,
    /// How many events the hub has counted, or is about to count before anything else.
    counted: Arc<watch::Sender<u64>>,
}

impl PastClock {
    pub(super) fn at(now_ms: UnixMs) -> Self {
        let counted = Arc::new(watch::Sender::new(0));
        Self { now_ms: Arc::new(AtomicI64::new(now_ms)), counted }
    }

    fn reach(&self, now_ms: UnixMs) {
        self.now_ms.fetch_max(now_ms, Ordering::AcqRel);
    }
}

impl Clock for PastClock {
    fn now_ms(&self) -> UnixMs {
        self.now_ms.load(Ordering::Acquire)
    }

    fn counted_ms(&self, event: &Event, _now_ms: UnixMs) -> UnixMs {
        self.reach(event.known_ms());
        self.counted.send_modify(|counted| *counted += 1);
        self.now_ms()
    }
}

/// From when to when, and how fast.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) from_ms: UnixMs,
    pub(super) to_ms: UnixMs,
    pub(super) speed: f64,
}

impl Pace {
    /// What time it is, so long after the beginning.
    fn now_ms(&self, elapsed: Duration) -> UnixMs {
        let passed_ms = elapsed.as_secs_f64() * 1000.0 * self.speed;
        // Lengths too long for it end up at the end.
        self.from_ms.saturating_add(passed_ms as i64).min(self.to_ms)
    }
}

/// Runs the span; returns at its end, or when the hub is gone. The sender stays with the caller:
/// the hub lives on as long as it does.
pub(super) async fn run(
    pace: Pace,
    clock: PastClock,
    mut events: mpsc::Receiver<Known>,
    commits: &mpsc::Sender<Committed>,
) {
    let began = Instant::now();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut counted = clock.counted.subscribe();
    let mut next = events.recv().await;
    let mut sent: Sequence = 0;
    loop {
        beat.tick().await;
        let now_ms = pace.now_ms(began.elapsed());
        while next.as_ref().is_some_and(|(known_ms, _)| *known_ms <= now_ms) {
            let (batch, after) = take(next, now_ms, &mut events).await;
            let first = sent + 1;
            sent += u64::try_from(batch.len()).unwrap_or(u64::MAX);
            next = after;
            if commits.send(Committed { first, events: batch }).await.is_err() {
                return;
            }
        }
        // The sender is in the clock that is held here: it cannot go.
        let _ = counted.wait_for(|counted| *counted >= sent).await;
        clock.reach(now_ms);
        if now_ms >= pace.to_ms {
            return;
        }
    }
}

/// What is known by then, up to a limit, and the event after it.
async fn take(
    mut next: Option<Known>,
    now_ms: UnixMs,
    events: &mut mpsc::Receiver<Known>,
) -> (Vec<Event>, Option<Known>) {
    let mut batch = Vec::new();
    while batch.len() < EVENTS_PER_COMMIT_MAX
        && let Some((_, event)) = next.take_if(|(known_ms, _)| *known_ms <= now_ms)
    {
        batch.push(event);
        next = events.recv().await;
    }
    (batch, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    fn event(at_ms: UnixMs) -> Known {
        let event = Event {
            id: at_ms.to_string(),
            channel: "phone".to_owned(),
            at_ms,
            received_ms: at_ms,
            interaction: at_ms.to_string(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind: Kind::Queued,
            order: None,
            refers: None,
            same_as: None,
            attrs: std::collections::BTreeMap::new(),
        };
        (at_ms, event)
    }

    #[tokio::test(start_paused = true)]
    async fn time_moves_on_only_when_all_that_was_known_by_then_is_counted() {
        let pace = Pace { from_ms: 0, to_ms: 120_000, speed: 60.0 };
        let clock = PastClock::at(0);
        let (known, events) = mpsc::channel(8);
        for at_ms in [500, 1_000, 90_000] {
            known.send(event(at_ms)).await.unwrap();
        }
        drop(known);
        let (commits, mut committed) = mpsc::channel(8);
        let ticking = clock.clone();
        let running = tokio::spawn(async move { run(pace, ticking, events, &commits).await });

        let first = committed.recv().await.expect("the first second's events");
        assert_eq!((first.first, first.events.len()), (1, 2));
        assert_eq!(clock.now_ms(), 0, "nothing is counted yet");
        for event in &first.events {
            assert_eq!(clock.counted_ms(event, clock.now_ms()), event.at_ms);
        }
        let second = committed.recv().await.expect("the last event");
        assert_eq!(second.first, 3);
        assert!((1_000..90_000).contains(&clock.now_ms()), "{}", clock.now_ms());
        clock.counted_ms(&second.events[0], clock.now_ms());
        running.await.unwrap();
        assert_eq!(clock.now_ms(), 120_000, "it stands at the end");
    }
}
