//! How long what was accepted takes to the screens. The load notes when the server had accepted how
//! many contacts; a screen notes when it was told that many.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Of so many contacts one is noted by a screen: they are thousands, on hundreds of screens.
const NOTED: usize = 16;
/// The tile of the boards under test that counts contacts since the day began.
const COUNT_TILE: &[u8] = b"\"offered\":{";
const VALUE: &[u8] = b"\"value\":";

/// What was accepted and what screens noted.
#[derive(Default)]
pub(crate) struct Lags {
    accepted: RwLock<Vec<Instant>>,
    noted: Mutex<Vec<Duration>>,
}

impl Lags {
    /// One more contact was accepted now.
    pub(crate) fn accepted(&self) {
        self.accepted.write().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
    }

    /// Takes what was noted since the last time, shortest first.
    pub(crate) fn take(&self) -> Vec<Duration> {
        let mut noted = std::mem::take(&mut *self.noted());
        noted.sort_unstable();
        noted
    }

    /// A screen that notes.
    pub(crate) fn of_a_screen(self: &Arc<Self>) -> ScreenLags {
        ScreenLags { lags: Arc::clone(self), shown: None }
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, Vec<Duration>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One screen's notes.
pub(crate) struct ScreenLags {
    lags: Arc<Lags>,
    /// How many contacts it has been told of.
    shown: Option<usize>,
}

impl ScreenLags {
    /// It was told this.
    pub(crate) fn shown(&mut self, frame: &[u8]) {
        let Some(count) = count_in(frame) else { return };
        let now = Instant::now();
        let Some(before) = self.shown.replace(count) else { return };
        let accepted = self.lags.accepted.read().unwrap_or_else(PoisonError::into_inner);
        // Of one that is shown before its answer is read nothing is known but that it was fast.
        let lag = |n: usize| accepted.get(n).map_or(Duration::ZERO, |at| now - *at);
        let lags: Vec<Duration> = (before..count).step_by(NOTED).map(lag).collect();
        drop(accepted);
        self.lags.noted().extend(lags);
    }
}

/// The figure of the counting tile in a snapshot or delta.
fn count_in(frame: &[u8]) -> Option<usize> {
    let tile = after(frame, COUNT_TILE)?;
    let digits = after(&tile[..tile.iter().position(|byte| *byte == b'}')?], VALUE)?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

fn after<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(mark.len()).position(|window| window == mark)?;
    text.get(at + mark.len()..)
}

/// The value that this share of sorted ones does not exceed.
pub(crate) fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let at = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or_default()
}
