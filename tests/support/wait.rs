//! Waiting for a condition, with a limit: never for a length of time.

use std::time::{Duration, Instant};

/// Long enough for a loaded machine; reaching it is a failure.
const LIMIT: Duration = Duration::from_secs(60);
/// How often the condition is looked at.
const PAUSE: Duration = Duration::from_millis(2);

/// Returns once `condition` holds; panics with `what` at the limit.
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    wait_for(what, LIMIT, || condition().then_some(()));
}

/// The same within a task: others go on meanwhile, and a paused clock runs on.
pub(crate) async fn until_so(what: &str, mut condition: impl FnMut() -> bool) {
    let end = tokio::time::Instant::now() + LIMIT;
    while !condition() {
        assert!(tokio::time::Instant::now() < end, "waited {LIMIT:?} in vain: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// The same, for conditions that ask a server.
pub(crate) async fn until_async(what: &str, condition: impl AsyncFnMut() -> bool) {
    until_or_told(|| what.to_owned(), condition).await;
}

/// The same; what was found instead is told at the limit.
pub(crate) async fn until_or_told(
    what: impl Fn() -> String,
    mut condition: impl AsyncFnMut() -> bool,
) {
    let end = tokio::time::Instant::now() + LIMIT;
    while !condition().await {
        assert!(tokio::time::Instant::now() < end, "waited {LIMIT:?} in vain: {}", what());
        tokio::time::sleep(PAUSE).await;
    }
}

/// Lets so much time pass: the pace of traffic, or a moment that is drawn for a kill. Whoever waits
/// for something to be so asks for it by the functions above.
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Asks again and again until there is an answer; with a limit of its own.
pub(crate) fn wait_for<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited {limit:?} in vain: {what}");
        std::thread::park_timeout(PAUSE);
    }
}
