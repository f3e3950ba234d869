//! A plugin answers for its own time, not for that of a busy machine; and an input that it cannot
//! bear costs one mark, however many come with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tablica::channel::actor::FAILURES_MAX;
use tablica::channel::reply::{Refusal, Reply};
use tablica::channel::status::BreakerState;

use super::house::{House, channel};

const KIB: usize = 1 << 10;

/// Threads that do nothing but take processors away, until it is dropped.
struct Hogs(Arc<AtomicBool>);

impl Hogs {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let count = 24 * std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..count {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        Self(stop)
    }
}

impl Drop for Hogs {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn body(name: char, bytes: usize) -> String {
    name.to_string().repeat(bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_machine_costs_no_innocent_input() {
    let mut shop = channel("shop", "slow");
    shop.limits.call_wall_timeout = Duration::from_secs(60);
    let house = House::build(vec![shop]).unwrap();
    // Well within its time when it has the processor to itself.
    let input = body('a', 1024 * KIB);
    let hogs = Hogs::start();
    let outcome = house.deliver("shop", &input).await;
    drop(hogs);
    assert_eq!(outcome, Ok(Reply::default()));
    assert_eq!(house.quarantined(), []);
    assert_eq!(house.disk.ids("shop"), ["aaaa"]);
    assert_eq!(house.status("shop").instances_lost, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_the_machine_has_no_time_for_is_to_be_sent_again() {
    let mut shop = channel("shop", "slow");
    shop.call_timeout = Duration::from_secs(60);
    shop.limits.call_wall_timeout = Duration::from_millis(10);
    let house = House::build(vec![shop]).unwrap();
    let outcome = house.deliver("shop", &body('a', 4096 * KIB)).await;
    assert_eq!(outcome, Err(Refusal::Busy("shop".into())));
    assert_eq!(house.quarantined(), []);
    let status = house.status("shop");
    assert_eq!(status.breaker, BreakerState::Closed);
    assert_eq!(status.limited["call_wall_timeout"], 1);
    assert_eq!(house.deliver("shop", "later").await, Ok(Reply::default()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_that_come_together_do_not_share_a_deadline() {
    let mut shop = channel("shop", "slow");
    shop.memory_bytes_max = 64 << 20;
    let house = House::build(vec![shop]).unwrap();
    // The plugin is known to be quick, so that many inputs would fit into its next call.
    for _ in 0..20 {
        assert_eq!(house.deliver("shop", "tiny").await, Ok(Reply::default()));
    }
    let bodies: Vec<String> = ('a'..='z').map(|name| body(name, 1024 * KIB)).collect();
    for outcome in join_all(bodies.iter().map(|body| house.deliver("shop", body))).await {
        assert_eq!(outcome, Ok(Reply::default()));
    }
    assert_eq!(house.status("shop").instances_lost, 0);
}

/// Time stands still here but for what the actor waits for.
#[tokio::test(start_paused = true)]
async fn a_poison_input_is_one_mark_and_costs_one_instance() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    for n in 1..FAILURES_MAX {
        assert_eq!(house.deliver("shop", "x").await, Ok(Reply::status(422)));
        assert_eq!(house.status("shop").instances_lost, n as u64);
        assert_eq!(house.status("shop").breaker, BreakerState::Closed, "after {n}");
    }
    assert_eq!(house.deliver("shop", "x").await, Ok(Reply::status(422)));
    assert_eq!(house.status("shop").breaker, BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn poison_among_innocent_inputs_is_one_mark_too() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    for n in 1..FAILURES_MAX {
        let bodies = ["a", "x", "b"].map(|body| house.deliver("shop", body));
        let outcomes = join_all(bodies).await;
        assert_eq!(outcomes[1], Ok(Reply::status(422)));
        assert_eq!((&outcomes[0], &outcomes[2]), (&Ok(Reply::default()), &Ok(Reply::default())));
        assert_eq!(house.status("shop").breaker, BreakerState::Closed, "after {n}");
    }
    assert_eq!(house.deliver("shop", "x").await, Ok(Reply::status(422)));
    assert_eq!(house.status("shop").breaker, BreakerState::Open);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_took_long_among_webhooks_works_elsewhere() {
    let house = House::build(vec![channel("shop", "slow"), channel("desk", "good")]).unwrap();
    for name in ["shop", "desk"] {
        assert_eq!(house.deliver(name, "tiny").await, Ok(Reply::default()));
        assert!(house.is_among_webhooks(name), "{name}");
    }
    assert_eq!(house.deliver("shop", &body('a', 2048 * KIB)).await, Ok(Reply::default()));
    for name in ["shop", "desk"] {
        assert_eq!(house.deliver(name, "tiny").await, Ok(Reply::default()));
    }
    assert!(!house.is_among_webhooks("shop"), "it held others up");
    assert!(house.is_among_webhooks("desk"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_dies_among_webhooks_starts_elsewhere_and_comes_back() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    let bodies = ["a", "x", "b", "c"].map(|body| house.deliver("shop", body));
    let statuses = join_all(bodies).await.into_iter().map(|outcome| outcome.unwrap().status);
    assert_eq!(statuses.collect::<Vec<_>>(), [200, 422, 200, 200]);
    assert_eq!(house.deliver("shop", "d").await, Ok(Reply::default()));
    assert!(house.is_among_webhooks("shop"));
    let quarantined = house.quarantined();
    assert_eq!(quarantined.iter().map(|it| it.input.bytes()).collect::<Vec<_>>(), [b"x"]);
}
