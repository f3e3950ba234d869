//! What operators and their tools do to a running server: signals, limits, and things in place of
//! files that are not files.

use std::path::Path;
use std::process::Command;

use crate::support::server::{Server, Site, append, get, tablica, telegram_message, unix_seconds};
use crate::support::wait::{until, until_async};

/// What a server may take to stop while something hangs; it says what it could not wait for.
const STOPS_WITHIN: std::time::Duration = std::time::Duration::from_secs(10);

fn send(server: &Server, signal: &str) {
    let pid = server.pid().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().expect("kill runs").success());
}

fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo (coreutils)").success());
}

async fn post(server: &Server, id: u64) -> u16 {
    let message = telegram_message(id, id, "hello");
    server.telegram(&message).await.expect("an answer").status().as_u16()
}

async fn says(server: &Server, words: &[&str]) {
    until(&format!("the log says {words:?}: {}", server.output()), || {
        server.output().lines().any(|line| words.iter().all(|word| line.contains(word)))
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn hangup_and_user_signals_are_told_in_the_log_and_kill_nothing() {
    let site = Site::new("");
    let server = site.start().await;
    for (signal, words) in [
        ("-HUP", ["SIGHUP", "the config is read again"]),
        ("-USR1", ["SIGUSR1", "ignored"]),
        ("-USR2", ["SIGUSR2", "ignored"]),
    ] {
        send(&server, signal);
        says(&server, &words).await;
        assert_eq!(post(&server, 1).await, 200, "after {signal}");
    }
    assert!(server.stop().success());
}

/// Without a shell that ignores SIGXFSZ for it: the server must not die of the limit itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_file_sizes_is_a_full_disk_and_no_death() {
    let site = Site::new("");
    let server = site.start().await;
    assert_eq!(post(&server, 1).await, 200);
    server.limit_file_size("1");
    assert_eq!(post(&server, 2).await, 503);
    assert!(get(server.url("/livez")).await.expect("it lives on").status().is_success());
    server.limit_file_size("unlimited");
    until_async("it recovers by itself", async || post(&server, 2).await == 200).await;
    assert!(server.stop().success());
}

/// A named pipe in place of each file that a server reads: opening it would wait for a writer.
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_or_device_in_place_of_a_file_is_named_and_holds_nothing_up() {
    let site = Site::new(
        "[boards]\ndir = \"boards\"\n[topics]\nfile = \"topics.toml\"\n[annotations]\nfile = \"annotations.toml\"\n",
    );
    std::fs::create_dir(site.path("boards")).expect("a folder");
    for name in ["queue_log", "boards/floor.toml", "boards/own.toml", "topics.toml"] {
        make_fifo(&site.path(name));
    }
    std::os::unix::fs::symlink("/dev/zero", site.path("annotations.toml")).expect("a link");
    let server = site.start().await;
    assert_eq!(post(&server, 1).await, 200);
    for name in ["boards/own.toml", "topics.toml"] {
        says(&server, &[name, "named pipe", "regular file"]).await;
    }
    says(&server, &["annotations.toml", "device", "regular file"]).await;
    says(&server, &["queue_log", "named pipe", "regular file"]).await;

    // The right file in its place is taken up without a restart.
    std::fs::remove_file(site.queue_log()).expect("the pipe goes");
    append(
        &site.queue_log(),
        &format!("{}|c|sales|NONE|ENTERQUEUE||600100200|1\n", unix_seconds()),
    );
    server.settles("offered", "queue=sales&window=today", 1.0).await;

    std::fs::remove_file(site.queue_log()).expect("the log goes");
    make_fifo(&site.queue_log());
    let began = std::time::Instant::now();
    assert!(server.stop().success());
    assert!(began.elapsed() < STOPS_WITHIN, "it stopped after {:?}", began.elapsed());
}

/// `tablica check` meets the same files.
#[test]
fn a_check_of_the_config_names_a_pipe_and_does_not_wait_for_it() {
    let site = Site::new("[topics]\nfile = \"topics.toml\"\n");
    make_fifo(&site.path("topics.toml"));
    let mut check = tablica();
    check.args(["check", "--config"]).arg(site.config());
    let mut check = check.stdout(std::process::Stdio::piped()).spawn().expect("tablica runs");
    until("the check has ended", || check.try_wait().expect("alive").is_some());
    let output = check.wait_with_output().expect("its output");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("topics.toml") && said.contains("named pipe"), "{said}");
    assert!(!output.status.success());
}
