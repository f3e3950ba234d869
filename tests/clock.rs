//! The machine's clock jumps under a real server. Its clock is `faketime`'s, which reads from a
//! file how far it is from the right time; the time that passes is the right one.

use std::path::{Path, PathBuf};

use crate::support::faketime;
use crate::support::server::{Server, Site, append, get, tablica, unix_seconds};
use crate::support::wait::{until, until_async};

const DAY: i64 = 86_400;
/// A jump is followed after one second, and states are kept as often as a config may say.
const QUICK: &str = "[journal]\nsnapshot_every = \"1s\"\n";
/// A jump is not followed while a scenario lasts.
const SLOW: &str = "";

/// A site whose server's clock can be set.
struct Clocked {
    site: Site,
    offset: PathBuf,
}

impl Clocked {
    fn new(hold: &str, extra: &str) -> Self {
        let site = Site::new(extra);
        let config = std::fs::read_to_string(site.config()).unwrap();
        let config = config.replacen("[server]", &format!("[server]\nclock_hold = \"{hold}\""), 1);
        std::fs::write(site.config(), config).unwrap();
        let offset = site.path("offset");
        let clocked = Self { site, offset };
        clocked.set_by(0);
        clocked
    }

    /// Sets the clock so many seconds ahead of the right time, or behind it.
    fn set_by(&self, seconds: i64) {
        let part = self.offset.with_extension("part");
        std::fs::write(&part, format!("{seconds:+}\n")).unwrap();
        std::fs::rename(part, &self.offset).unwrap();
    }

    async fn start(&self) -> Server {
        let mut command = tablica();
        faketime::fake(&mut command)
            .env("FAKETIME_TIMESTAMP_FILE", &self.offset)
            .env("FAKETIME_NO_CACHE", "1");
        self.site.start_by(command).await
    }

    /// A caller, now: answered after five seconds, 60 s ago, unless it goes on waiting.
    fn call(&self, name: &str, answered: bool) {
        let at = unix_seconds() - 60;
        let mut lines = format!("{at}|{name}|sales|NONE|ENTERQUEUE||600100200|1\n");
        if answered {
            lines += &format!("{}|{name}|sales|Agent/7|CONNECT|5|leg-{name}|3\n", at + 5);
        }
        append(&self.site.queue_log(), &lines);
    }
}

async fn metric(server: &Server, series: &str) -> f64 {
    let metrics = server.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix(series));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or(f64::NAN)
}

/// Waits until a metric is like that.
async fn until_metric(server: &Server, series: &str, is_it: impl Fn(f64) -> bool) {
    until_async(&format!("{series}; log {}", server.output()), async || {
        is_it(metric(server, series).await)
    })
    .await;
}

/// Waits until everything of the last hour is there.
async fn until_last_hour(server: &Server, offered: f64, waiting: f64) {
    server.settles("offered", "window=60m&queue=sales", offered).await;
    server.settles("waiting", "queue=sales", waiting).await;
}

const HELD: &str = "tablica_clock_held_seconds";
const FOLLOWED: &str = "tablica_clock_followed_total";

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_of_forty_days_for_seconds_changes_nothing() {
    let clocked = Clocked::new("10m", SLOW);
    let server = clocked.start().await;
    clocked.call("before", true);
    until_last_hour(&server, 1.0, 0.0).await;

    clocked.set_by(40 * DAY);
    until_metric(&server, HELD, |by| by > 39.0 * 86_400.0).await;
    clocked.call("meanwhile", false);
    until_last_hour(&server, 2.0, 1.0).await;
    clocked.set_by(0);
    until_metric(&server, HELD, |by| by == 0.0).await;
    clocked.call("afterwards", true);
    until_last_hour(&server, 3.0, 1.0).await;
    let longest = server.kpi("longest_wait_now", "queue=sales").await.expect("somebody waits");
    assert!((60.0..180.0).contains(&longest), "{longest}");
    assert_eq!(metric(&server, "tablica_clock_jumps_total{direction=\"ahead\"}").await, 1.0);
    assert_eq!(metric(&server, FOLLOWED).await, 0.0);
    server.tells("clock jumped");
    server.tells("back to where it was");

    assert!(server.stop().success());
    let server = clocked.start().await;
    until_last_hour(&server, 3.0, 1.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_ahead_for_long_and_is_set_right_leaves_no_trace() {
    for days in [3, 40] {
        let clocked = Clocked::new("1s", QUICK);
        // It was ahead since the start: nobody can know better.
        clocked.set_by(days * DAY);
        let server = clocked.start().await;
        clocked.call("ahead", true);
        clocked.call("waits", false);
        until_metric(&server, "tablica_journal_events_total", |events| events >= 3.0).await;
        // The form tells no time: it is as old as the server takes it for.
        let message = r#"{"id":"m-1","interaction":"t-1","kind":"message","text":"Hello"}"#;
        let answer = server.webform(message).await;
        assert!(answer.status().is_success(), "{:?}", answer.text().await);

        clocked.set_by(0);
        until_metric(&server, FOLLOWED, |times| times == 1.0).await;
        until_last_hour(&server, 2.0, 1.0).await;
        server.settles("offered", "window=60m&queue=forms", 1.0).await;
        clocked.call("right", true);
        until_last_hour(&server, 3.0, 1.0).await;
        let longest = server.kpi("longest_wait_now", "queue=sales").await.expect("one waits");
        assert!((60.0..600.0).contains(&longest), "{longest}");

        // No snapshot and no roll-up of the wrong time comes back.
        assert!(server.stop().success());
        let server = clocked.start().await;
        until_last_hour(&server, 3.0, 1.0).await;
        server.settles("offered", "window=60m&queue=forms", 1.0).await;
        server.kill();
        let server = clocked.start().await;
        until_last_hour(&server, 3.0, 1.0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_that_lasts_is_followed_and_what_was_set_wrong_is_mended() {
    let clocked = Clocked::new("1s", QUICK);
    let server = clocked.start().await;
    clocked.call("before", true);
    until_last_hour(&server, 1.0, 0.0).await;
    clocked.set_by(2 * 3600);
    until_metric(&server, FOLLOWED, |times| times == 1.0).await;
    // By this clock the call is two hours old.
    server.settles("offered", "window=60m&queue=sales", 0.0).await;
    let server = {
        server.kill();
        clocked.start().await
    };
    clocked.set_by(0);
    until_metric(&server, FOLLOWED, |times| times == 1.0).await;
    until_last_hour(&server, 1.0, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_by_a_clock_that_is_behind_waits_for_it_to_be_set() {
    let clocked = Clocked::new("10m", SLOW);
    let server = clocked.start().await;
    clocked.call("before", true);
    until_last_hour(&server, 1.0, 0.0).await;
    assert!(server.stop().success());
    // An empty battery: until the network tells the time, it is 1970 or last year.
    clocked.set_by(-400 * DAY);
    let server = clocked.start().await;
    until_last_hour(&server, 1.0, 0.0).await;
    until_metric(&server, HELD, |by| by < -399.0 * 86_400.0).await;
    clocked.call("meanwhile", true);
    until_last_hour(&server, 2.0, 0.0).await;
    clocked.set_by(0);
    until_metric(&server, HELD, |by| by == 0.0).await;
    until_last_hour(&server, 2.0, 0.0).await;
}

/// Day files of the journal, by name.
fn days(state: &Path) -> Vec<String> {
    let files = std::fs::read_dir(state.join("journal")).unwrap().flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let mut days: Vec<_> = names.filter(|name| name.ends_with(".sqlite")).collect();
    days.sort();
    days
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_deleted_by_a_clock_that_jumped() {
    let clocked = Clocked::new("1s", QUICK);
    let server = clocked.start().await;
    clocked.call("before", true);
    until_last_hour(&server, 1.0, 0.0).await;
    let state = clocked.site.path("state");
    let [today] = &days(&state)[..] else { panic!("one day") };
    let today = today.clone();
    clocked.set_by(400 * DAY);
    until_metric(&server, FOLLOWED, |times| times == 1.0).await;
    clocked.call("ahead", true);
    until("a day file of the future", || days(&state).len() == 2);
    assert_eq!(days(&state)[0], today);
    clocked.set_by(0);
    until_metric(&server, FOLLOWED, |times| times == 2.0).await;
    until_last_hour(&server, 2.0, 0.0).await;
    assert_eq!(days(&state)[0], today);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_the_quarantine_by_a_clock_that_jumped() {
    let clocked = Clocked::new("1s", QUICK);
    let server = clocked.start().await;
    let answer = server.webform("no JSON").await;
    assert_eq!(answer.status().as_u16(), 422);
    clocked.set_by(400 * DAY);
    until_metric(&server, FOLLOWED, |times| times == 1.0).await;
    // The server looks for what has expired, and then for what is to be decoded again.
    let retried = clocked.site.command(&["quarantine", "retry", "--all"]);
    let said = String::from_utf8_lossy(&retried.stdout).into_owned();
    assert!(said.contains("1: failed again"), "{said}");
    let list = clocked.site.command(&["quarantine", "list"]);
    let said = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(said.contains("held, 1 retried"), "{said}");
}

/// What is said of the clock to those who read numbers: on each shipped wall, beside each channel
/// of the API, and where readiness is asked for.
async fn told(server: &Server) -> Vec<String> {
    let mut told = Vec::new();
    for board in ["floor", "promises", "written"] {
        let state = server.json(&format!("/api/v1/boards/{board}")).await;
        told.push(state["board"]["notice"].as_str().unwrap_or_default().to_owned());
    }
    let channels = server.json("/api/v1/channels").await;
    for channel in channels["channels"].as_array().expect("channels") {
        told.push(channel["clock"].as_str().unwrap_or_default().to_owned());
    }
    let ready = get(server.url("/readyz")).await.expect("an answer");
    assert!(ready.status().is_success(), "events are taken in all the same");
    told.push(ready.text().await.expect("a body").trim_start_matches("ok\n").to_owned());
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_jump_is_held_walls_channels_and_readiness_say_so() {
    let clocked = Clocked::new("10m", SLOW);
    let server = clocked.start().await;
    assert_eq!(told(&server).await, [""; 7], "three walls, three channels, readiness");
    for (seconds, sentence) in [(40 * DAY, "ahead by 40"), (-3 * 3600, "back by 3")] {
        clocked.set_by(seconds);
        let mut last = Vec::new();
        until_async(&format!("everybody says \"{sentence}\": {last:?}"), async || {
            last = told(&server).await;
            last.iter().all(|told| told.contains("clock jumped") && told.contains(sentence))
        })
        .await;
    }
    clocked.set_by(0);
    until_async("nobody says so any more", async || told(&server).await == [""; 7]).await;
}
