//! The server on a bad day: its disk fills up under it, or its config is full of mistakes.

use std::fs;
use std::process::Command;

use crate::support::server::{Server, Site, append, get, tablica, telegram_message, unix_seconds};
use crate::support::wait::until_async;

/// Without the signal a write beyond the limit fails as on a full disk, for any user.
fn tablica_on_a_small_disk() -> Command {
    let plain = tablica();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(plain.get_program());
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// The size that the server's files may grow to.
fn limit_file_size(server: &Server, bytes: &str) {
    let pid = format!("--pid={}", server.pid());
    let limit = format!("--fsize={bytes}:unlimited");
    let set = Command::new("prlimit").args([pid, limit]).status().expect("prlimit (util-linux)");
    assert!(set.success());
}

async fn is_ready(server: &Server) -> bool {
    get(server.url("/readyz")).await.expect("it lives on").status().is_success()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_posts_come_again_later_and_nothing_acknowledged_is_lost() {
    let site = Site::new("");
    let server = site.start_by(tablica_on_a_small_disk()).await;
    let mut acknowledged = 0;
    for outage in 1..=2_u64 {
        let post = async |customer: u64| {
            let customer = outage * 100 + customer;
            server.telegram(&telegram_message(customer, customer, "hello")).await.expect("answered")
        };
        assert_eq!(post(1).await.status(), 200);
        acknowledged += 1;

        limit_file_size(&server, "1");
        let refused = post(2).await;
        assert_eq!(refused.status(), 503);
        assert!(refused.headers().contains_key("retry-after"), "{:?}", refused.headers());
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
        assert!(!is_ready(&server).await, "nobody sends it more than necessary");
        let alive = get(server.url("/livez")).await.expect("it lives on");
        assert!(alive.status().is_success(), "a restart would not help");
        let (now, call) = (unix_seconds(), format!("call-{outage}"));
        append(&site.queue_log(), &format!("{now}|{call}|sales|NONE|ENTERQUEUE||600100200|1\n"));

        limit_file_size(&server, "unlimited");
        until_async("it recovers by itself", async || is_ready(&server).await).await;
        // The network comes again, as it was told to.
        assert_eq!(post(2).await.status(), 200);
        acknowledged += 1;
        let offered = f64::from(acknowledged);
        server.settles("offered", "channel=telegram&window=today", offered).await;
        server.settles("offered", "queue=sales&window=today", outage as f64).await;
    }
    server.kill();

    let server = site.start().await;
    server.settles("offered", "channel=telegram&window=today", f64::from(acknowledged)).await;
    server.settles("offered", "queue=sales&window=today", 2.0).await;
}

#[test]
fn a_config_full_of_mistakes_is_refused_with_all_of_them() {
    let site = Site::new("");
    let config = r#"
[server]
listen = "everywhere"
colour = "red"

[site]
time_zone = "Europe/Atlantis"

[channel.telegram]
plugin = "telegram"
secret = { env = "TABLICA_TEST_NO_SUCH_SECRET" }

[channel.pager]
file = "pager.log"
"#;
    fs::write(site.config(), config).expect("the config is written");
    let output = site.command(&["serve"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    for (line, mistake) in [
        (3, "everywhere"),
        (4, "colour"),
        (7, "Europe/Atlantis"),
        (11, "TABLICA_TEST_NO_SUCH_SECRET"),
        (13, "channel.pager"),
    ] {
        let named = |text: &str| text.contains(&format!(":{line}")) && text.contains(mistake);
        assert!(said.lines().any(named), "line {line}, {mistake}: {said}");
    }
    assert!(!site.path("state").exists(), "it has begun nothing");
}

#[test]
fn channels_that_cannot_run_are_all_named() {
    let site = Site::new(
        r#"
[channel.pager]
plugin = "no-such-plugin"

[channel.fax]
plugin = "not-this-one-either"
"#,
    );
    let output = site.command(&["serve"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    for name in ["pager", "no-such-plugin", "fax", "not-this-one-either"] {
        assert!(said.contains(name), "{name}: {said}");
    }
}
