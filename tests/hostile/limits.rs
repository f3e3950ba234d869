//! One channel's plugin takes no more than its share: of memory, of the journal, of turns. What is
//! beyond a limit by the second waits and nothing is lost; the rest is refused; both are counted.

use std::sync::Arc;
use std::time::Duration;

use tablica::channel::host::FailureClass;
use tablica::channel::reply::Reply;
use tokio::time::Instant;

use super::all_good;
use super::house::{House, Mode, channel};
use crate::support::wait::until_so;

/// So many times was the channel held up or refused something by a limit.
fn limited(house: &House, channel: &str, limit: &str) -> u64 {
    house.status(channel).limited.get(limit).copied().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn refused_fetches_do_not_multiply() {
    let mut greedy = channel("bad", "greedy");
    greedy.limits.fetches_max = 4;
    greedy.limits.call_commands_max = 100;
    greedy.limits.wakes_per_second_max = 10;
    let house = House::build(vec![greedy, channel("good", "good")]).unwrap();
    let started = Instant::now();
    assert_eq!(house.deliver("bad", "all").await, Ok(Reply::default()));

    // Each answer asks for three hundred more: after a few, their number has no end.
    until_so("the clock", || started.elapsed() > Duration::from_secs(10)).await;
    let status = house.status("bad");
    assert!((90..=130).contains(&status.inputs), "{} answers in 10 s", status.inputs);
    assert!(house.fetched().len() <= 130, "{} fetches in 10 s", house.fetched().len());
    assert_eq!(limited(&house, "bad", "commands") % 200, 0, "200 of 300 in each answer");
    assert!(limited(&house, "bad", "commands") >= 200 * (status.inputs - 1));
    assert!(limited(&house, "bad", "fetches") > 0);
    assert!(limited(&house, "bad", "wakes") > 0);
    assert!(status.fetches <= 4 + 4, "{} answers are waited for", status.fetches);
    all_good(&house).await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_events_waits_and_the_neighbour_does_not() {
    let mut ticking = channel("bad", "ticking");
    ticking.limits.events_per_second_max = 5_000;
    let house = House::build(vec![ticking, channel("good", "good")]).unwrap();
    let started = Instant::now();
    assert_eq!(house.deliver("bad", "x").await, Ok(Reply::default()));
    until_so("the clock", || started.elapsed() > Duration::from_secs(6)).await;

    // Two seconds' worth at once, then so many a second, and the call that went beyond it.
    let events = house.status("bad").events;
    assert!((20_000..=5_000 * 8 + 10_000).contains(&events), "{events} events in 6 s");
    assert!(limited(&house, "bad", "events") > 0);
    let before = Instant::now();
    all_good(&house).await;
    assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
    assert_eq!(limited(&house, "good", "events"), 0);

    // It waits for its turn and is not lost.
    assert_eq!(house.deliver("bad", "a customer").await, Ok(Reply::default()));
    assert_eq!(house.status("bad").instances_lost, 0);
}

/// Time stands still here but for what a channel waits for.
#[tokio::test(start_paused = true)]
async fn a_plugin_that_computes_without_end_waits_and_the_neighbour_does_not() {
    let mut busy = channel("bad", "slow");
    busy.call_timeout = Duration::from_secs(60);
    busy.limits.processor_per_second_max = Duration::from_millis(10);
    let house = House::build(vec![busy, channel("good", "good")]).unwrap();
    let started = Instant::now();
    // A hundred million turns of a loop: at four in a nanosecond, 25 ms each.
    let bodies = ('a'..='j').map(|name| name.to_string().repeat(4 << 20));
    for body in bodies {
        assert_eq!(house.deliver("bad", &body).await, Ok(Reply::default()));
    }
    let took = started.elapsed();
    assert!(took > Duration::from_secs(20), "ten times 25 ms, at 10 ms a second, in {took:?}");
    assert!(limited(&house, "bad", "processor") > 0);
    assert_eq!(house.status("bad").instances_lost, 0);

    let before = Instant::now();
    all_good(&house).await;
    assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
    assert_eq!(limited(&house, "good", "processor"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_that_changes_with_every_input_is_written_at_a_bounded_rate() {
    let mut bloated = channel("bad", "bloated");
    bloated.limits.bytes_per_second_max = 64 << 10;
    let house = House::build(vec![bloated]).unwrap();
    let started = Instant::now();
    for n in 0..12 {
        assert_eq!(house.deliver("bad", &n.to_string()).await, Ok(Reply::default()));
    }
    let took = started.elapsed();
    assert!((8..=12).contains(&took.as_secs()), "12 snapshots of 64 KiB in {took:?}");
    assert!(limited(&house, "bad", "bytes") > 0);
}

#[tokio::test]
async fn a_snapshot_beyond_its_limit_is_not_kept() {
    let mut bloated = channel("bad", "bloated");
    bloated.limits.snapshot_bytes_max = 1 << 10;
    let house = House::build(vec![bloated]).unwrap();
    assert_eq!(house.deliver("bad", "1").await, Ok(Reply::status(422)));
    let rejected = &house.quarantined()[0];
    assert_eq!(rejected.class, FailureClass::OutputTooLarge);
    assert!(rejected.reason.contains("1024 bytes of snapshot (limits.snapshot_bytes_max)"));
    assert_eq!(house.disk.cursor("bad", "plugin"), None);
}

#[tokio::test]
async fn what_is_on_its_way_to_the_disk_is_bounded_for_each_channel() {
    let mut shop = channel("shop", "good");
    shop.limits.under_way_bytes_max = 64 << 10;
    let house = Arc::new(House::build(vec![shop, channel("other", "good")]).unwrap());
    house.disk.set(Mode::Holds);
    let deliver = |channel: &'static str, n: u8| {
        let house = Arc::clone(&house);
        tokio::spawn(async move { house.deliver(channel, &n.to_string()).await })
    };
    let mut answers = Vec::new();
    for n in 0..4 {
        answers.push(deliver("shop", n));
        house
            .until(|| house.status("shop").inputs + house.status("shop").waiting as u64 > n.into())
            .await;
    }
    // An append is worth 64 KiB at least: one is under way, and others wait for it.
    house.until(|| limited(&house, "shop", "under_way") > 0).await;
    assert_eq!(house.disk.held(), 1);
    answers.push(deliver("other", 9));
    house.until(|| house.disk.held() == 2).await;

    house.disk.set(Mode::Writes);
    house.disk.release(true);
    for answer in answers {
        assert_eq!(answer.await.unwrap(), Ok(Reply::default()));
    }
}
