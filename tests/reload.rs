//! A running server reads its config again, on SIGHUP and `POST /api/v1/reload`: nothing is lost or
//! counted twice by it, and what is wrong changes nothing.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;
use tokio::task::JoinSet;

use crate::hostile::guests;
use crate::support::server::{
    SECRET, SECRET_ENV, Server, Site, append, client, telegram_message, unix_seconds,
};
use crate::support::wait::{until, until_async, until_so};

/// A site whose Telegram channel has its plugin in a file that can be replaced.
fn site() -> Site {
    let site = Site::new("");
    put_telegram(&site, "0.1.0");
    let plugin = site.path("telegram.wasm");
    change(&site, "plugin = \"telegram\"", &format!("plugin = \"{}\"", plugin.display()));
    site
}

/// The shipped plugin as another version, in its manifest and in its code.
fn put_telegram(site: &Site, version: &str) {
    let shipped = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("plugins/dist/telegram.wasm");
    let mut bytes = fs::read(shipped).expect("`cargo xtask plugins` has made it");
    let from = b"0.1.0";
    assert_eq!(from.len(), version.len(), "sections have lengths");
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(places.len() >= 2, "its manifest's and its code's");
    for at in places {
        bytes[at..at + from.len()].copy_from_slice(version.as_bytes());
    }
    put_plugin(site, "telegram.wasm", &bytes);
}

/// As an update of a package does it: in one step.
fn put_plugin(site: &Site, name: &str, bytes: &[u8]) {
    let draft = site.path("draft");
    fs::write(&draft, bytes).unwrap();
    fs::rename(draft, site.path(name)).unwrap();
}

fn change(site: &Site, from: &str, to: &str) {
    let config = fs::read_to_string(site.config()).unwrap();
    assert!(config.contains(from), "{from} is not in the config");
    fs::write(site.config(), config.replacen(from, to, 1)).unwrap();
}

fn add(site: &Site, section: &str) {
    append(&site.config(), &format!("\n{section}\n"));
}

/// Status and document that a reload is answered.
async fn reload(server: &Server) -> (u16, Value) {
    let asked = client().post(server.admin_url("/api/v1/reload"));
    let answer = asked.header("content-type", "application/json").send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).expect("JSON"))
}

fn hang_up(server: &Server) {
    let sent = Command::new("kill").arg("-HUP").arg(server.pid().to_string()).status();
    assert!(sent.expect("kill runs").success());
}

/// A channel as the API lists it.
async fn channel(server: &Server, name: &str) -> Option<Value> {
    let all = server.json("/api/v1/channels").await;
    all["channels"].as_array().unwrap().iter().find(|it| it["name"] == name).cloned()
}

async fn is_metric(server: &Server, line: &str) -> bool {
    server.metrics().await.lines().any(|found| found == line)
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_no_event_is_refused_lost_or_counted_twice() {
    let site = site();
    let server = Arc::new(site.start().await);
    let (sent, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut senders = JoinSet::new();
    for _ in 0..4 {
        let (server, sent, is_over) =
            (Arc::clone(&server), Arc::clone(&sent), Arc::clone(&is_over));
        senders.spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                let number = sent.fetch_add(1, Ordering::Relaxed) + 1;
                let update = telegram_message(number, number, "hello");
                let answer = server.telegram(&update).await.expect("an answer");
                assert_eq!(answer.status(), 200, "update {number}");
            }
        });
    }
    for version in ["0.2.0", "0.3.0", "0.4.0", "0.5.0"] {
        let before = sent.load(Ordering::Relaxed);
        until_so("more is sent", || sent.load(Ordering::Relaxed) > before + 20).await;
        put_telegram(&site, version);
        let (status, answer) = reload(&server).await;
        assert_eq!((status, &answer["channels"]["telegram"]), (200, &"changed".into()), "{answer}");
        let listed = channel(&server, "telegram").await.expect("it is listed");
        assert_eq!(listed["plugin_version"], version);
        assert_eq!(listed["reload"]["result"], "changed");
    }
    is_over.store(true, Ordering::Relaxed);
    while let Some(ended) = senders.join_next().await {
        ended.expect("every update was answered with 200");
    }
    let sent = sent.load(Ordering::Relaxed);
    server.counts("tablica_events_total{channel=\"telegram\"}", sent).await;
    server.counts("tablica_reloads_total{result=\"ok\"}", 4).await;
    server.settles("offered", "channel=telegram", sent as f64).await;
    let duplicates = "tablica_events_duplicate_total{channel=\"telegram\"} 0";
    assert!(is_metric(&server, duplicates).await);
    // The other channels were not touched.
    assert_eq!(channel(&server, "pbx").await.unwrap().get("reload"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_open_goes_on_in_the_new_instance() {
    let site = site();
    let server = site.start().await;
    let at = unix_seconds();
    append(&site.queue_log(), &format!("{at}|c-1|sales|NONE|ENTERQUEUE||1|1\n"));
    server.settles("waiting", "queue=sales", 1.0).await;
    // Other limits: another instance of the plugin, from the state of the one before.
    change(&site, "file = \"queue_log\"", "file = \"queue_log\"\nmemory_bytes_max = \"32MiB\"");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["channels"]["pbx"]), (200, &"changed".into()), "{answer}");
    append(&site.queue_log(), &format!("{at}|c-1|sales|SIP/7|CONNECT|0|x|1\n"));
    server.settles("answered", "queue=sales", 1.0).await;
    server.settles("waiting", "queue=sales", 0.0).await;

    // Another file: what was written into it is read, and the first one no more.
    let moved = site.path("queue_log_2");
    append(&moved, &format!("{at}|c-2|sales|NONE|ENTERQUEUE||2|1\n"));
    change(&site, "file = \"queue_log\"", "file = \"queue_log_2\"");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["channels"]["pbx"]), (200, &"changed".into()), "{answer}");
    server.settles("offered", "queue=sales", 2.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_with_mistakes_changes_nothing_and_is_told_as_by_check() {
    let site = site();
    let server = site.start().await;
    put_telegram(&site, "0.2.0");
    change(&site, "queue = \"messages\"", "queue = \"messages\"\nqueu = \"x\"");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["type"]), (422, &"urn:tablica:problem:bad-config".into()));
    let check = String::from_utf8(site.command(&["check"]).stdout).unwrap();
    let told = answer["errors"][0]["detail"].as_str().unwrap();
    assert!(check.lines().any(|line| line == told), "{told} is not in {check}");
    assert!(told.contains("channel.telegram.queu") && told.contains("tablica.toml:"), "{told}");
    assert_eq!(answer["errors"][0]["pointer"], "#/channel/telegram/queu");
    until("it is in the log", || server.output().contains(told));
    assert_eq!(channel(&server, "telegram").await.unwrap()["plugin_version"], "0.1.0");
    server.counts("tablica_reloads_total{result=\"refused\"}", 1).await;
    server.counts("tablica_reload_ok", 0).await;
    let update = telegram_message(1, 1, "hello");
    assert_eq!(server.telegram(&update).await.unwrap().status(), 200);

    change(&site, "queu = \"x\"", "");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["channels"]["telegram"]), (200, &"changed".into()), "{answer}");
    server.counts("tablica_reload_ok", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_cannot_run_leaves_its_channel_as_it_was() {
    let site = site();
    let server = site.start().await;
    for (number, (plugin, why)) in [
        (b"garbage".to_vec(), "is not a plugin file"),
        (guests::plugin("wrong_version").to_vec(), "speaks contract 2.0, this server speaks 1.0"),
        (guests::plugin("dead_at_start").to_vec(), "the plugin does not start"),
    ]
    .into_iter()
    .enumerate()
    {
        put_plugin(&site, "telegram.wasm", &plugin);
        add(&site, &format!("[queue.new-{number}]\ngoal = 0.5"));
        let (status, answer) = reload(&server).await;
        assert_eq!((status, &answer["type"]), (422, &"urn:tablica:problem:channels-kept".into()));
        let told = answer["errors"][0]["detail"].as_str().unwrap();
        assert!(told.contains(why) && told.contains("channel.telegram"), "{told}");
        until("it is in the log", || server.output().contains(why));
        let listed = channel(&server, "telegram").await.unwrap();
        assert_eq!(
            (&listed["plugin_version"], &listed["breaker"]),
            (&"0.1.0".into(), &"closed".into())
        );
        assert_eq!(listed["reload"]["result"], "kept");
        assert!(listed["reload"]["reason"].as_str().unwrap().contains(why), "{listed}");
        let update = telegram_message(number as u64 + 1, 1, "hello");
        assert_eq!(server.telegram(&update).await.unwrap().status(), 200);
        // All else of the config holds.
        let goal = format!("tablica_queue_goal_ratio{{queue=\"new-{number}\"}} 0.5");
        until_async(&goal, async || is_metric(&server, &goal).await).await;
    }
    server.counts("tablica_reloads_total{result=\"partly\"}", 3).await;
    server.counts("tablica_reload_ok", 0).await;
    put_telegram(&site, "0.2.0");
    assert_eq!(reload(&server).await.0, 200);
    assert_eq!(channel(&server, "telegram").await.unwrap()["plugin_version"], "0.2.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_are_started_and_stopped() {
    let site = site();
    let server = site.start().await;
    let section = format!(
        "[channel.shop]\nplugin = \"webform\"\nqueue = \"forms\"\nsecret = {{ env = \"{SECRET_ENV}\" }}"
    );
    let order = |id: &str| {
        serde_json::json!({ "id": id, "interaction": id, "time": unix_seconds() }).to_string()
    };
    assert_eq!(server.signed("shop", &order("1")).await.status(), 404);
    add(&site, &section);
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["channels"]["shop"]), (200, &"started".into()), "{answer}");
    assert_eq!(answer["counted_anew"], false, "nothing was counted of it: {answer}");
    assert_eq!(server.signed("shop", &order("1")).await.status(), 200);
    server.counts("tablica_events_total{channel=\"shop\"}", 1).await;
    until_async("its feed is live", async || {
        is_metric(&server, "tablica_channel_feed{channel=\"shop\",health=\"live\"} 1").await
    })
    .await;

    change(&site, &section, "");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["channels"]["shop"]), (200, &"stopped".into()), "{answer}");
    assert_eq!(server.signed("shop", &order("2")).await.status(), 404);
    assert_eq!(channel(&server, "shop").await, None);
    // Where it stood is known when it comes back.
    add(&site, &section);
    assert_eq!(reload(&server).await.1["channels"]["shop"], "started");
    assert_eq!(server.signed("shop", &order("3")).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_secret_holds_after_a_signal_and_the_old_one_is_refused() {
    let site = site();
    fs::write(site.path("secret"), SECRET).unwrap();
    change(&site, "{ env = \"TABLICA_TEST_SECRET\" }", "{ file = \"secret\" }");
    let server = site.start().await;
    assert_eq!(server.telegram(&telegram_message(1, 1, "hello")).await.unwrap().status(), 200);
    fs::write(site.path("secret"), "another-secret-9876543210").unwrap();
    // Twice, as an impatient operator does.
    hang_up(&server);
    hang_up(&server);
    until_async("the old secret is refused", async || {
        server.telegram(&telegram_message(1, 1, "hello")).await.unwrap().status() == 401
    })
    .await;
    let with_new = client()
        .post(server.url("/in/telegram"))
        .header("X-Telegram-Bot-Api-Secret-Token", "another-secret-9876543210")
        .body(telegram_message(2, 2, "hello"))
        .send();
    assert_eq!(with_new.await.unwrap().status(), 200);
    server.tells("SIGHUP: the config is read again");
    server.tells("the config was read again");
    // A signal's mistakes are in the log alone.
    change(&site, "[site]", "[sight]");
    hang_up(&server);
    server.tells("sight: unknown key");
    assert_eq!(server.stop().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_restart_is_named_and_all_else_holds() {
    let site = site();
    let server = site.start().await;
    change(&site, "listen = \"127.0.0.1:0\"", "listen = \"127.0.0.1:1\"");
    change(&site, "state_dir = \"state\"", "state_dir = \"elsewhere\"");
    change(&site, "plugin = \"webform\"", "plugin = \"webform\"\nmailbox_max = 7");
    add(&site, "[queue.forms]\ngoal = 0.5");
    let (status, answer) = reload(&server).await;
    assert_eq!(status, 200, "{answer}");
    let keys = ["channel.webform.mailbox_max", "server.listen", "server.state_dir"];
    assert_eq!(answer["needs_restart"], serde_json::json!(keys));
    assert_eq!(answer["changed"], serde_json::json!(["queue.forms.goal"]));
    assert_eq!(answer["channels"], serde_json::json!({}));
    let named = |line: &str| line.contains("restart") && line.contains(&keys.join(", "));
    until("the log names them", || server.output().lines().any(named));
    let goal = "tablica_queue_goal_ratio{queue=\"forms\"} 0.5";
    until_async(goal, async || is_metric(&server, goal).await).await;
    assert!(!site.path("elsewhere").exists());
    assert_eq!(server.telegram(&telegram_message(1, 1, "hello")).await.unwrap().status(), 200);
    // Still, the next time.
    assert_eq!(reload(&server).await.1["needs_restart"], serde_json::json!(keys));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sites_name_and_the_servers_address_touch_no_channel() {
    let site = site();
    let server = site.start().await;
    change(&site, "name = \"Scenario\"", "name = \"Another\"");
    change(&site, "[server]", "[server]\npublic_url = \"https://desk.example.org\"");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["channels"]), (200, &serde_json::json!({})), "{answer}");
    assert_eq!(answer["needs_restart"], serde_json::json!(["server.public_url"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_other_rules_everything_is_counted_anew() {
    let site = site();
    add(&site, "[queue.sales]\nanswer_threshold = \"20s\"");
    let server = site.start().await;
    let at = unix_seconds() - 30;
    append(
        &site.queue_log(),
        &format!(
            "{at}|c-1|sales|NONE|ENTERQUEUE||1|1\n{}|c-1|sales|SIP/7|CONNECT|10|x|1\n",
            at + 10
        ),
    );
    server.settles("service_level", "queue=sales", 1.0).await;
    change(&site, "answer_threshold = \"20s\"", "answer_threshold = \"5s\"");
    let (status, answer) = reload(&server).await;
    assert_eq!((status, &answer["counted_anew"]), (200, &true.into()), "{answer}");
    server.settles("service_level", "queue=sales", 0.0).await;
    assert_eq!(server.kpi("answered", "queue=sales").await, Some(1.0));
    // A start by the same rules comes to the same.
    server.kill();
    let server = site.start().await;
    server.settles("service_level", "queue=sales", 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_admin_listener_reloads_and_no_page_of_another_site() {
    let site = site();
    let server = site.start().await;
    let public = client().post(server.url("/api/v1/reload"));
    let answer = public.header("content-type", "application/json").send().await.unwrap();
    assert!(matches!(answer.status().as_u16(), 404 | 405), "{}", answer.status());
    for content in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut asked = client().post(server.admin_url("/api/v1/reload"));
        if let Some(content) = content {
            asked = asked.header("content-type", content).body("{}");
        }
        assert_eq!(asked.send().await.unwrap().status(), 415, "{content:?}");
    }
    let reloads = "tablica_reloads_total{result=\"ok\"} 0";
    assert!(is_metric(&server, reloads).await, "nothing was reloaded");
}
