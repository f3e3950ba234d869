//! A connection's timer for the heads of its requests.
//!
//! hyper sets a new timer for each head and drops it when the head is there. To the runtime each of them
//! is an earlier moment to wake up than any that it knew, so each costs a system call: more than reading
//! the head. A connection keeps one timer instead, and sets it anew only when it has run down while the
//! time for the present head has not.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant as StdInstant};

use hyper::rt;
use tokio::time::{Instant, Sleep, sleep_until};

type Kept = Arc<Mutex<Option<Pin<Box<Sleep>>>>>;

/// One connection's. All heads must have the same time: a later one then ends later.
#[derive(Debug, Default)]
pub(super) struct HeadTimer(Kept);

impl rt::Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        self.sleep_until((Instant::now() + duration).into_std())
    }

    fn sleep_until(&self, deadline: StdInstant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(UntilHead { deadline: deadline.into(), kept: Arc::clone(&self.0) })
    }

    fn now(&self) -> StdInstant {
        Instant::now().into_std()
    }
}

/// The time for one head.
struct UntilHead {
    deadline: Instant,
    kept: Kept,
}

impl Future for UntilHead {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // Only ever set whole: whoever panicked while holding it left it usable.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let timer = kept.get_or_insert_with(|| Box::pin(sleep_until(self.deadline)));
        ready!(timer.as_mut().poll(context));
        if timer.deadline() >= self.deadline {
            return Poll::Ready(());
        }
        timer.as_mut().reset(self.deadline);
        timer.as_mut().poll(context)
    }
}

impl rt::Sleep for UntilHead {}

#[cfg(test)]
mod tests {
    use hyper::rt::Timer as _;
    use tokio::time::timeout;

    use super::*;

    const TIME: Duration = Duration::from_secs(10);

    fn head(timer: &HeadTimer) -> Pin<Box<dyn rt::Sleep>> {
        timer.sleep_until(timer.now() + TIME)
    }

    /// Seconds until the time for a head is over that is waited for from now on.
    async fn runs_down_after(timer: &HeadTimer) -> u64 {
        let began = Instant::now();
        head(timer).await;
        began.elapsed().as_secs()
    }

    async fn is_read_after(timer: &HeadTimer, seconds: u64) {
        let read = timeout(Duration::from_secs(seconds), head(timer)).await;
        assert!(read.is_err(), "the head was in time");
    }

    #[tokio::test(start_paused = true)]
    async fn each_head_has_the_whole_time_however_the_last_one_went() {
        let timer = HeadTimer::default();
        is_read_after(&timer, 9).await;
        assert_eq!(runs_down_after(&timer).await, 10, "after one that was in time");
        assert_eq!(runs_down_after(&timer).await, 10, "after one that was not");
        for _ in 0..5 {
            is_read_after(&timer, 3).await;
        }
        assert_eq!(runs_down_after(&timer).await, 10, "after many");
    }
}
