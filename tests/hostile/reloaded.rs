//! A channel goes on with another build of its plugin, between two inputs.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use tablica::channel::input::Response;
use tablica::channel::reply::{Refusal, Reply};
use tablica::channel::request::Request;
use tablica::channel::status::{BreakerState, ReloadResult};
use tablica::channel::{BoxFuture, Fetcher};
use tablica::config::model::Secret;
use tablica::event::FeedState;
use tokio::sync::oneshot;

use super::FAILURES_MAX;
use super::guests::{self, next_version};
use super::house::{House, Mode, TOKEN, channel};

const CHANGED: Result<Option<ReloadResult>, String> = Ok(Some(ReloadResult::Changed));

/// The number of inputs that the guest `counting` has seen, as it is on disk.
fn counted(house: &House) -> u32 {
    let state = house.disk.cursor("shop", "plugin").expect("a snapshot");
    u32::from_le_bytes(state.try_into().expect("four bytes"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_input_is_counted_once_whichever_build_takes_it() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    let bodies: Vec<String> = (0..400).map(|n| format!("input-{n:03}")).collect();
    let deliver = join_all(bodies.iter().map(|body| house.deliver("shop", body)));
    let reload = async {
        for version in ["0.2.0", "0.3.0", "0.4.0"] {
            let plugin = next_version("counting", version, true);
            assert_eq!(house.reload(&channel("shop", "counting"), plugin).await, CHANGED);
        }
    };
    let (outcomes, ()) = tokio::join!(deliver, reload);
    assert!(outcomes.iter().all(|outcome| *outcome == Ok(Reply::default())), "{outcomes:?}");
    let mut ids = house.disk.ids("shop");
    ids.sort();
    assert_eq!(ids, bodies);
    assert_eq!(counted(&house), 400, "the state went from build to build");
    let status = house.status("shop");
    assert_eq!((status.plugin_version.as_str(), status.instances_lost), ("0.4.0", 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_goes_to_the_new_build_and_what_was_taken_is_on_disk_before() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    house.disk.set(Mode::Holds);
    let second = next_version("counting", "0.2.0", true);
    let section = channel("shop", "counting");
    let taken = house.deliver("shop", "taken");
    let reload = async {
        house.until(|| house.disk.held() == 1).await;
        house.reload(&section, second).await
    };
    let end = async {
        house.until(|| house.disk.held() == 1).await;
        // The change waits for the disk: the build that runs is the first one.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(house.status("shop").plugin_version, "0.1.0");
        house.disk.set(Mode::Writes);
        house.disk.release(true);
    };
    let (taken, reloaded, ()) = tokio::join!(taken, reload, end);
    assert_eq!((taken, reloaded), (Ok(Reply::default()), CHANGED));
    assert_eq!(house.deliver("shop", "later").await, Ok(Reply::default()));
    assert_eq!(counted(&house), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_is_the_same_is_not_touched() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    let section = channel("shop", "counting");
    assert_eq!(house.reload(&section, guests::plugin("counting")).await, Ok(None));
    assert_eq!(house.status("shop").reload, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_that_cannot_run_changes_nothing() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    assert_eq!(house.deliver("shop", "one").await, Ok(Reply::default()));
    let section = channel("shop", "counting");
    for (plugin, why) in [
        (bytes::Bytes::from_static(b"no plugin"), "is not a plugin file"),
        (guests::plugin("wrong_version"), "speaks contract 2.0"),
        (guests::plugin("wasi_sockets"), "plugins have no powers"),
        (guests::plugin("dead_at_start"), "the plugin does not start: the plugin trapped"),
        (
            next_version("counting", "0.2.0", false),
            "cannot go on from the state of the one that runs: the plugin does not start: the plugin \
             trapped",
        ),
    ] {
        let refused = house.reload(&section, plugin).await.expect_err(why);
        assert!(refused.contains(why), "{refused}");
        assert_eq!(house.deliver("shop", &format!("after {why}")).await, Ok(Reply::default()));
    }
    assert_eq!(counted(&house), 6);
    let status = house.status("shop");
    assert_eq!((status.plugin_version.as_str(), status.instances_lost), ("0.1.0", 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_secret_lets_in_who_has_it_and_nobody_else() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    let mut section = channel("shop", "counting");
    section.secrets = vec![Secret::new("another-token")];
    assert_eq!(house.reload(&section, guests::plugin("counting")).await, CHANGED);
    assert_eq!(house.deliver("shop", "old").await, Err(Refusal::BadSignature));
    assert_eq!(house.deliver_with("shop", "new", "another-token").await, Ok(Reply::default()));
    // Both, while senders change over.
    section.secrets.push(Secret::new(TOKEN));
    assert_eq!(house.reload(&section, guests::plugin("counting")).await, CHANGED);
    assert_eq!(house.deliver("shop", "old").await, Ok(Reply::default()));
    assert_eq!(counted(&house), 2, "the plugin ran on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mended_plugin_comes_back_at_once() {
    let house = House::build(vec![channel("shop", "counting")]).unwrap();
    for n in 0..FAILURES_MAX {
        let outcome = house.deliver("shop", &format!("x{n}")).await;
        assert_eq!(outcome, Ok(Reply::status(422)));
    }
    assert_eq!(house.status("shop").breaker, BreakerState::Open);
    let refused = Refusal::PluginUnavailable("shop".to_owned());
    assert_eq!(house.deliver("shop", "early").await, Err(refused));
    let mended = house.reload(&channel("shop", "good"), guests::plugin("good")).await;
    assert_eq!(mended, CHANGED);
    assert_eq!(house.status("shop").breaker, BreakerState::Closed);
    assert_eq!(house.deliver("shop", "x late").await, Ok(Reply::default()));
    assert_eq!(house.disk.feed("shop"), [FeedState::Down, FeedState::Up]);
}

/// A network that answers when it is told to.
#[derive(Default)]
struct SlowNetwork(Mutex<Vec<oneshot::Sender<()>>>);

impl Fetcher for SlowNetwork {
    fn fetch(self: Arc<Self>, request: Request) -> BoxFuture<Response> {
        let (tell, told) = oneshot::channel();
        self.0.lock().unwrap().push(tell);
        Box::pin(async move {
            let _ = told.await;
            let body = format!("answer to {}", request.tag).into();
            Response { status: 200, tag: request.tag, body, ..Response::default() }
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_to_a_fetch_goes_to_the_new_build() {
    let network = Arc::new(SlowNetwork::default());
    let way_out = |_: &_, _: &_| Ok(Arc::clone(&network) as Arc<dyn Fetcher>);
    let house = House::build_with(vec![channel("shop", "asking")], Some(&way_out)).unwrap();
    assert_eq!(house.deliver("shop", "f0").await, Ok(Reply::default()));
    house.until(|| !network.0.lock().unwrap().is_empty()).await;
    let second = next_version("asking", "0.2.0", true);
    assert_eq!(house.reload(&channel("shop", "asking"), second).await, CHANGED);
    assert_eq!(house.disk.ids("shop"), ["f0"]);
    network.0.lock().unwrap().drain(..).for_each(|tell| tell.send(()).unwrap());
    house.until(|| house.disk.ids("shop").len() > 1).await;
    assert_eq!(house.disk.ids("shop"), ["f0", "answer to f0"]);
    assert!(house.fetched().is_empty(), "it is not asked again");
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_is_set_comes_to_the_new_build_once() {
    let house = House::build(vec![channel("shop", "asking")]).unwrap();
    assert_eq!(house.deliver("shop", "t0").await, Ok(Reply::default()));
    let second = next_version("asking", "0.2.0", true);
    assert_eq!(house.reload(&channel("shop", "asking"), second).await, CHANGED);
    assert_eq!(house.disk.ids("shop"), ["t0"]);
    tokio::time::advance(std::time::Duration::from_secs(5)).await;
    house.until(|| house.disk.ids("shop").len() > 1).await;
    tokio::time::advance(std::time::Duration::from_secs(5)).await;
    house.decoded("shop", 2).await;
    assert_eq!(house.disk.ids("shop"), ["t0", "t0"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn channels_come_go_and_come_back_where_they_stood() {
    let house = House::build(vec![channel("shop", "counting"), channel("good", "good")]).unwrap();
    assert_eq!(house.deliver("shop", "one").await, Ok(Reply::default()));
    assert!(house.registry.remove("shop", std::time::Duration::from_secs(10)).await);
    assert_eq!(house.deliver("shop", "gone").await, Err(Refusal::UnknownChannel("shop".into())));
    assert_eq!(house.registry.names(), ["good"]);
    let section = channel("shop", "counting");
    let back = house.reload(&section, guests::plugin("counting")).await;
    assert_eq!(back, Ok(Some(ReloadResult::Started)));
    assert_eq!(house.deliver("shop", "two").await, Ok(Reply::default()));
    assert_eq!(counted(&house), 2);
    let new = house.reload(&channel("new", "good"), guests::plugin("good")).await;
    assert_eq!(new, Ok(Some(ReloadResult::Started)));
    assert_eq!(house.deliver("new", "first").await, Ok(Reply::default()));
    let names: BTreeSet<String> = house.registry.names().into_iter().collect();
    assert_eq!(names, BTreeSet::from(["good", "new", "shop"].map(str::to_owned)));
    assert!(house.registry.stop(std::time::Duration::from_secs(10)).await.is_empty());
}
