//! A plugin that cannot tell yet what an input means gets it again: a webhook from its network, an
//! answer from the host. And what a plugin says in the log is bounded.

use tablica::channel::reply::{Refusal, Reply};

use super::house::{House, channel};
use crate::support::wait::until_so;

/// A webhook is its network's to send again.
pub(super) async fn asks_for_it_later(guest: &str) {
    let house = House::build(vec![channel("shop", guest)]).unwrap();
    assert_eq!(house.deliver("shop", "x").await, Err(Refusal::Later(1_500)));
    assert!(house.quarantined().is_empty());
    assert!(house.disk.ids("shop").is_empty());
    assert_eq!(house.status("shop").instances_lost, 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_to_come_later_comes_again_from_the_host() {
    let house = House::build(vec![channel("shop", "patient")]).unwrap();
    assert_eq!(house.deliver("shop", "a").await, Ok(Reply::default()));
    until_so("the event", || !house.disk.ids("shop").is_empty()).await;
    // The webhook, the answer, the answer again.
    assert_eq!(house.status("shop").inputs, 3);
    assert_eq!(house.disk.ids("shop").len(), 1);
    assert!(house.quarantined().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_plugin_does_not_fill_the_log() {
    let mut chatty = channel("shop", "chatty");
    chatty.limits.log_lines_per_minute_max = 60;
    let house = House::build(vec![chatty]).unwrap();
    for body in ["a", "b"] {
        assert_eq!(house.deliver("shop", body).await, Ok(Reply::default()));
    }
    let limited = || house.status("shop").limited.get("log_lines").copied().unwrap_or_default();
    until_so("the first lines", || limited() == 340).await;
    tokio::time::advance(std::time::Duration::from_secs(60)).await;
    assert_eq!(house.deliver("shop", "c").await, Ok(Reply::default()));
    until_so("the next minute", || limited() == 480).await;
    assert_eq!(house.disk.ids("shop"), ["a", "b", "c"]);
}
