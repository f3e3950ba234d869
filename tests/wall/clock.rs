//! The machine's clock was set, or the rules are others: what walls say while everything is counted
//! anew, and afterwards.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tablica::board::notice::Notice;
use tablica::board::recount::Recount;
use tablica::board::time::Clock;
use tablica::engine::{Engine, Rules};
use tablica::event::UnixMs;
use tokio::sync::watch;

use super::server::{Options, Server};
use crate::support::wait::{until_async, until_so};

/// A clock that a scenario sets.
#[derive(Clone, Default)]
struct SetClock(Arc<AtomicU64>);

impl Clock for SetClock {
    fn now_ms(&self) -> UnixMs {
        tablica::clock::now_ms()
    }

    fn set(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counting anew takes until it is told how it ends.
fn recount() -> (Recount, mpsc::Sender<anyhow::Result<Engine>>) {
    let (end, ended) = mpsc::channel::<anyhow::Result<Engine>>();
    let ended = Mutex::new(ended);
    let recount = move || {
        let counted = ended.lock().expect("no panic before").recv()?;
        counted.map(|engine| (engine, 0))
    };
    (Arc::new(recount), end)
}

async fn until_said(server: &Server, notice: Option<Notice>) {
    until_so(&format!("{notice:?} is told"), || server.hub.notice() == notice).await;
    until_async(&format!("the wall says {notice:?}"), async || {
        let floor = server.get("/api/v1/boards/floor").await.json();
        let said = floor["board"]["notice"].as_str().unwrap_or_default();
        let words = match notice {
            Some(Notice::CountedByNewRules | Notice::NotCountedByNewRules) => "rules were changed",
            _ => "clock was set",
        };
        notice.map_or(said.is_empty(), |_| said.contains(words))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_numbers_are_counted_anew_walls_say_so() {
    let clock = SetClock::default();
    let (recount, end) = recount();
    let options = Options { clock: Box::new(clock.clone()), ..Options::default() };
    let server = Server::start(Options { recount: Some(recount), ..options }).await;
    until_said(&server, None).await;
    clock.0.store(1, Ordering::Relaxed);
    until_said(&server, Some(Notice::CountedAnew)).await;
    end.send(Ok(Engine::new(Rules::default()))).expect("it is being counted");
    until_said(&server, None).await;

    clock.0.store(2, Ordering::Relaxed);
    until_said(&server, Some(Notice::CountedAnew)).await;
    end.send(Err(anyhow::anyhow!("the disk is gone"))).expect("it is being counted");
    until_said(&server, Some(Notice::NotCountedAnew)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_by_which_nothing_was_counted_hold_at_once_and_by_others_walls_say_so() {
    let (rules, in_force) = watch::channel(Arc::new(Rules::default()));
    let (recount, end) = recount();
    let options = Options { recount: Some(recount), rules: in_force, ..Options::default() };
    let server = Server::start(options).await;
    let with = |goal: f64, threshold_s: u64| {
        let mut rules = Rules::default();
        rules.queues.default.goal = goal;
        rules.queues.default.answer_threshold = Duration::from_secs(threshold_s);
        rules
    };
    let goal = async || server.hub.ask(|engine, _| engine.rules().queues.default.goal).await;
    rules.send_replace(Arc::new(with(0.5, 20)));
    until_async("the goal holds", async || goal().await == Ok(0.5)).await;
    assert_eq!(server.hub.notice(), None);

    rules.send_replace(Arc::new(with(0.6, 5)));
    until_said(&server, Some(Notice::CountedByNewRules)).await;
    assert_eq!(goal().await, Ok(0.5), "those before hold until then");
    end.send(Ok(Engine::new(with(0.6, 5)))).expect("it is being counted");
    until_said(&server, None).await;
    assert_eq!(goal().await, Ok(0.6));

    rules.send_replace(Arc::new(with(0.6, 6)));
    until_said(&server, Some(Notice::CountedByNewRules)).await;
    end.send(Err(anyhow::anyhow!("the disk is gone"))).expect("it is being counted");
    until_said(&server, Some(Notice::NotCountedByNewRules)).await;
}
