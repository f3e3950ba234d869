//! Log lines that others can cause as often as they like: said now and then, with a count of what
//! was left out, so that nobody fills the log.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How often a line is said at most.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// Lets one kind of line through at most every 10 s.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<Said>);

#[derive(Debug, Default)]
struct Said {
    last: Option<Instant>,
    left_out: u64,
}

impl Seldom {
    /// How many were left out since the last one, when it is time to say one; else nothing, and
    /// this one is left out, too.
    pub fn now(&self) -> Option<u64> {
        // Two numbers are whole at any time.
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if said.last.is_some_and(|last| last.elapsed() < SAID_EVERY) {
            said.left_out += 1;
            return None;
        }
        said.last = Some(Instant::now());
        Some(std::mem::take(&mut said.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_line_is_said_and_the_next_one_counts_those_between() {
        let lines = Seldom::default();
        assert_eq!(lines.now(), Some(0));
        assert_eq!([lines.now(), lines.now(), lines.now()], [None; 3]);
        tokio::time::advance(SAID_EVERY).await;
        assert_eq!(lines.now(), Some(3));
        assert_eq!(lines.now(), None);
    }
}
