//! What the actor owes to events while the disk is slow or failing.

use std::sync::Arc;

use tablica::channel::host::FailureClass;
use tablica::channel::input::{Content, Delivery};
use tablica::channel::reply::{Answer, Refusal, Reply, Taken};
use tablica::event::FeedState;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::house::{House, Mode, channel, webhook};
use crate::support::wait::until_so;

/// One event, on disk.
fn taken() -> Taken {
    Taken { reply: Reply::default(), events: 1 }
}

type Outcome = Result<Reply, Refusal>;

fn house(guest: &str) -> Arc<House> {
    Arc::new(House::build(vec![channel("shop", guest)]).unwrap())
}

fn deliver(house: &Arc<House>, body: &'static str) -> JoinHandle<Outcome> {
    let house = Arc::clone(house);
    tokio::spawn(async move { house.deliver("shop", body).await })
}

fn is_journal_unavailable(outcome: &Outcome) -> bool {
    matches!(outcome, Err(Refusal::JournalUnavailable(_)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reply_before_the_disk_and_no_wait_between_batches() {
    let house = house("good");
    house.disk.set(Mode::Holds);
    let one = deliver(&house, "1");
    house.decoded("shop", 1).await;
    let two = deliver(&house, "2");
    house.decoded("shop", 2).await;
    house.until(|| house.disk.held() == 2).await;
    assert!(!one.is_finished() && !two.is_finished());

    house.disk.release(true);
    assert_eq!(one.await.unwrap(), Ok(Reply::default()));
    assert_eq!(two.await.unwrap(), Ok(Reply::default()));
    assert_eq!(house.disk.ids("shop"), ["1", "2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_does_not_overtake_the_one_before_it() {
    let house = house("counting");
    house.disk.set(Mode::Holds);
    let one = deliver(&house, "1");
    house.until(|| house.disk.held() == 1).await;
    let two = deliver(&house, "2");
    house.decoded("shop", 2).await;
    assert_eq!(house.disk.held(), 1, "the second waits for the first");

    house.disk.set(Mode::Writes);
    house.disk.release(true);
    assert_eq!(one.await.unwrap(), Ok(Reply::default()));
    assert_eq!(two.await.unwrap(), Ok(Reply::default()));
    assert_eq!(house.disk.cursor("shop", "plugin"), Some(vec![2, 0, 0, 0]));
}

#[tokio::test(start_paused = true)]
async fn a_plugin_forgets_what_the_disk_lost() {
    let house = house("counting");
    assert_eq!(house.deliver("shop", "1").await, Ok(Reply::default()));
    house.disk.set(Mode::Holds);
    let lost = deliver(&house, "2");
    house.until(|| house.disk.held() == 1).await;
    let rests_on_lost = deliver(&house, "3");
    house.decoded("shop", 3).await;
    house.disk.set(Mode::Writes);
    house.disk.release(false);
    assert!(is_journal_unavailable(&lost.await.unwrap()));
    assert!(is_journal_unavailable(&rests_on_lost.await.unwrap()));

    assert_eq!(house.deliver("shop", "2").await, Ok(Reply::default()));
    assert_eq!(house.disk.cursor("shop", "plugin"), Some(vec![2, 0, 0, 0]), "1 and 2");
    assert_eq!(house.disk.ids("shop"), ["1", "2"]);
    assert_eq!(house.status("shop").instances_lost, 0, "the plugin is not to blame");
}

#[tokio::test(start_paused = true)]
async fn a_source_goes_on_where_the_disk_ends() {
    let house = house("good");
    let mailbox = house.registry.mailbox("shop").unwrap();
    let first = mailbox.resume();
    assert_eq!(first.position, None);
    let one = house.push("shop", "1", &first, 1).await.unwrap();
    assert_eq!(one.outcome().await, Ok(taken()));

    house.disk.set(Mode::Fails);
    let two = house.push("shop", "2", &first, 2).await.unwrap();
    let two = two.outcome().await;
    assert!(matches!(two, Err(Refusal::JournalUnavailable(_))));
    house.disk.set(Mode::Writes);
    // Sent before the source heard of it: taking it would lose the second.
    house.until(|| mailbox.resume().round > first.round).await;
    let three = house.push("shop", "3", &first, 3).await.unwrap();
    assert!(three.outcome().await.is_err());

    let again = mailbox.resume();
    assert_eq!(again.position, Some(vec![1]));
    for (body, position) in [("2", 2), ("3", 3)] {
        let pushed = house.push("shop", body, &again, position).await.unwrap();
        assert_eq!(pushed.outcome().await, Ok(taken()));
    }
    assert_eq!(house.disk.ids("shop"), ["1", "2", "3"]);
    assert_eq!(house.disk.cursor("shop", "source"), Some(vec![3]));
    house.until(|| mailbox.resume().position == Some(vec![3])).await;
}

#[tokio::test(start_paused = true)]
async fn a_fetch_waits_for_the_disk_and_a_timer_for_its_time() {
    let house = house("asking");
    house.disk.set(Mode::Holds);
    let asking = deliver(&house, "fetch");
    house.until(|| house.disk.held() == 1).await;
    // A fetch may tell the network to forget what it sent.
    assert_eq!(house.fetched(), [""; 0]);
    house.disk.set(Mode::Writes);
    house.disk.release(true);
    assert_eq!(asking.await.unwrap(), Ok(Reply::default()));
    house.until(|| house.fetched() == ["fetch"]).await;

    assert_eq!(house.deliver("shop", "tick").await, Ok(Reply::default()));
    assert_eq!(house.disk.ids("shop"), ["fetch", "answer to fetch", "tick"]);
    let asked = Instant::now();
    until_so("the timer", || house.disk.ids("shop").len() == 4).await;
    // Tokio's clock is paused: it moves on only when all have done what they can.
    assert!((4..=6).contains(&asked.elapsed().as_secs()));
    assert_eq!(house.disk.ids("shop"), ["fetch", "answer to fetch", "tick", "tick"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_source_says_beside_inputs_keeps_its_place() {
    let house = house("good");
    let resume = house.registry.mailbox("shop").unwrap().resume();
    let long_line = Content::Unfit {
        input: webhook("endless"),
        class: FailureClass::LongLine,
        reason: "longer than 64 KiB".into(),
    };
    let contents = [
        Content::Input(webhook("1")),
        long_line,
        Content::Feed(FeedState::Gap.into()),
        Content::Nothing,
    ];
    let mut taken = Vec::new();
    for (content, position) in contents.into_iter().zip(1..) {
        taken.push(house.push_content("shop", content, &resume, position).await.unwrap());
    }
    for taken in taken {
        assert!(taken.outcome().await.is_ok());
    }
    assert_eq!(house.disk.ids("shop"), ["1"]);
    assert_eq!(house.disk.feed("shop"), [FeedState::Gap]);
    assert_eq!(house.quarantined()[0].class, FailureClass::LongLine);
    assert_eq!(house.disk.cursor("shop", "source"), Some(vec![4]));
    assert_eq!(house.status("shop").inputs, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_that_fails_again_is_told_and_not_quarantined_twice() {
    let house = house("bad_input");
    for (body, decoded) in [("x", false), ("fine by now", true)] {
        let (answer, awaited) = Answer::pair();
        let retry =
            Delivery { answer: Some(answer), is_retry: true, ..Delivery::new(webhook(body), 1) };
        house.registry.mailbox("shop").unwrap().push(retry).await.unwrap();
        let outcome = awaited.outcome().await;
        let undecodable = |refusal: &Refusal| {
            matches!(refusal, Refusal::Undecodable { class: FailureClass::BadInput, .. })
        };
        assert_eq!(outcome.is_ok(), decoded);
        assert!(outcome.as_ref().map_or_else(undecodable, |taken| taken.events == 1));
    }
    assert_eq!(house.quarantined(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_mailbox_refuses_at_once() {
    let mut shop = channel("shop", "counting");
    shop.mailbox_max = 1;
    let house = Arc::new(House::build(vec![shop]).unwrap());
    house.disk.set(Mode::Holds);
    // The first is in flight, the second waits for it, the third waits in the mailbox.
    let one = deliver(&house, "1");
    house.until(|| house.disk.held() == 1).await;
    let two = deliver(&house, "2");
    house.decoded("shop", 2).await;
    let three = deliver(&house, "3");
    house.until(|| house.status("shop").waiting == 1).await;
    assert_eq!(house.deliver("shop", "4").await, Err(Refusal::Busy("shop".into())));
    assert_eq!(house.status("shop").busy, 1);

    house.disk.set(Mode::Writes);
    house.disk.release(true);
    for taken in [one, two, three] {
        assert_eq!(taken.await.unwrap(), Ok(Reply::default()));
    }
}
