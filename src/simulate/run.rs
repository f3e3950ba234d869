//! Plays the traffic: waits until each message is due, sends it, and says how it goes.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval, sleep_until};

use crate::clock;
use crate::event::{UnixMs, millis};

use super::sender::{Sender, Targets};
use super::tally::{Tally, Totals};
use super::traffic::{Raw, Scenario, Traffic};

/// How often the line of news is printed.
const NEWS_EVERY: Duration = Duration::from_secs(5);
/// How long a stop waits for messages under way: whoever stops it waits, too.
const STOP_GRACE: Duration = Duration::from_secs(5);
/// How long the end of the traffic waits for messages under way: a busy server takes its time.
const END_GRACE: Duration = Duration::from_secs(60);

/// Why the generator could not begin.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The file of the phones.
    #[error("cannot append to the queue_log {}: {cause}; create its folder or name another file", path.display())]
    QueueLog {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The HTTP client.
    #[error("cannot set up the HTTP client: {0}")]
    Client(reqwest::Error),
}

/// What to play, and how fast.
#[derive(Clone, Debug)]
pub struct Play {
    /// What decides the traffic.
    pub scenario: Scenario,
    /// This much of it is sent at once, so that the walls have something to show.
    pub warm_up: Duration,
    /// Simulated seconds per second after that.
    pub speed: f64,
    /// How much simulated time after the warm-up; for ever without.
    pub duration: Option<Duration>,
}

impl Play {
    /// The first moment that is not played.
    pub fn end_ms(&self) -> UnixMs {
        self.duration
            .map_or(UnixMs::MAX, |duration| self.live_ms().saturating_add(millis(duration)))
    }

    /// Where the warm-up ends.
    fn live_ms(&self) -> UnixMs {
        self.scenario.start_ms.saturating_add(millis(self.warm_up))
    }
}

/// When simulated moments are due.
#[derive(Clone, Copy, Debug)]
struct Pace {
    origin: Instant,
    origin_ms: UnixMs,
    speed: f64,
}

impl Pace {
    fn due(&self, at_ms: UnixMs) -> Instant {
        let ahead_s = (at_ms - self.origin_ms).max(0) as f64 / 1000.0 / self.speed;
        // A speed so low that the moment is out of reach: as far as a timer goes.
        let ahead = Duration::try_from_secs_f64(ahead_s).unwrap_or(Duration::MAX);
        self.origin.checked_add(ahead).unwrap_or(self.origin + Duration::from_secs(86_400 * 365))
    }
}

/// Plays until the end or until `stop`, then lets what is under way arrive.
pub async fn play(
    play: &Play,
    targets: Targets,
    stop: impl Future<Output = ()>,
    mut news: impl FnMut(&str),
) -> Result<Totals, SimulateError> {
    let tally = Arc::new(Tally::of(targets.doors()));
    let sender = Sender::start(targets, Arc::clone(&tally)).await?;
    let mut traffic = Traffic::new(&play.scenario);
    let pace = Pace { origin: clock::monotonic(), origin_ms: play.live_ms(), speed: play.speed };
    let end_ms = play.end_ms();
    let mut news_tick = interval(NEWS_EVERY);
    news_tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    news_tick.tick().await; // the first is at once, and there is no news yet
    tokio::pin!(stop);

    let mut grace = END_GRACE;
    'playing: while let Some(raw) = traffic.next().filter(|raw| raw.at_ms < end_ms) {
        let due = pace.due(raw.at_ms);
        let delivered = deliver(&sender, &tally, raw, due);
        tokio::pin!(delivered);
        loop {
            tokio::select! {
                lane_lives = &mut delivered => {
                    if lane_lives { break } else { break 'playing }
                }
                _ = news_tick.tick() => news(&line(&tally, due)),
                () = &mut stop => {
                    grace = STOP_GRACE;
                    break 'playing;
                }
            }
        }
    }

    sender.finish(grace).await;
    news(&format!("{}  done", tally.totals()));
    if let Some(why) = tally.first_refusal() {
        news(&format!("first refusal: {why}"));
    }
    Ok(tally.totals())
}

/// Waits until the message is due and hands it over; a full lane makes it late.
async fn deliver(sender: &Sender, tally: &Tally, raw: Raw, due: Instant) -> bool {
    sleep_until(due.into()).await;
    tally.sent(raw.door);
    sender.send(raw).await
}

fn line(tally: &Tally, due: Instant) -> String {
    let behind = clock::monotonic().saturating_duration_since(due);
    format!("{}  behind {} s", tally.totals(), behind.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warm_up_is_due_at_once_and_the_rest_at_its_speed() {
        let origin = clock::monotonic();
        let pace = Pace { origin, origin_ms: 60_000, speed: 4.0 };
        assert_eq!(pace.due(0), origin);
        assert_eq!(pace.due(60_000), origin);
        assert_eq!(pace.due(100_000), origin + Duration::from_secs(10));
    }
}
