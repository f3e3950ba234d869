//! What several scenarios use.

use std::time::{Duration, Instant};

pub(crate) mod http;
pub(crate) mod journal;
pub(crate) mod process;
pub(crate) mod prometheus;

/// Asks again and again until there is an answer; with a limit, so that a failure ends.
pub(crate) fn wait_for<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < limit, "waited {limit:?} for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
