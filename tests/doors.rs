//! The doors of a real server, under those who want no good.

use std::fmt::Write as _;
use std::process::Command;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;

use crate::support::server::{SECRET, SECRET_ENV, Server, Site, telegram_message};
use crate::support::wait::until_async;

/// Says the head of a request whose body never comes; the status of the answer.
async fn status_by_head_alone(server: &Server, head: &str) -> u16 {
    let address = server.url("").replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.expect("the server listens");
    let head = format!("{head}Host: {address}\r\nContent-Length: 1000000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer[9..]).parse().expect("a status")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_genuine_is_refused_before_its_body_is_read() {
    let site = Site::new("");
    let server = site.start().await;
    for (head, status) in [
        ("POST /in/nobody HTTP/1.1\r\n", 404),
        ("POST /in/pbx HTTP/1.1\r\n", 404),
        ("POST /in/telegram HTTP/1.1\r\n", 401),
        ("POST /in/telegram HTTP/1.1\r\nX-Telegram-Bot-Api-Secret-Token: wrong\r\n", 401),
        ("POST /in/webform HTTP/1.1\r\n", 401),
        ("POST /in/webform HTTP/1.1\r\nX-Signature: sha256=zz\r\n", 401),
        ("POST /in/webform HTTP/1.1\r\nX-Signature: sha256=abcd\r\n", 401),
    ] {
        assert_eq!(status_by_head_alone(&server, head).await, status, "{head}");
    }
    server.counts("tablica_signature_failures_total{channel=\"telegram\"}", 2).await;
    server.counts("tablica_signature_failures_total{channel=\"webform\"}", 3).await;
    assert!(!server.output().contains("panicked"), "{}", server.output());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_whose_screens_have_left_has_none() {
    let site = Site::new("");
    let server = site.start().await;
    let wall = server.url("/ws/v1/boards/floor").replace("http://", "ws://");
    let authority = wall.split('/').nth(2).expect("an authority");
    let stream = TcpStream::connect(authority).await.expect("the server listens");
    let (screen, _) = client_async(wall.as_str(), stream).await.expect("let in");
    server.counts("tablica_screens{board=\"floor\"}", 1).await;
    // It has painted nothing: its picture grows old.
    let age = "tablica_screen_picture_age_seconds{board=\"floor\"";
    until_async("the picture to be known", async || server.metrics().await.contains(age)).await;
    drop(screen);
    server.counts("tablica_screens{board=\"floor\"}", 0).await;
    let metrics = server.metrics().await;
    let ages = metrics.lines().filter(|line| line.starts_with(age));
    assert!(ages.into_iter().all(|line| line.ends_with(" NaN")), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rubbish_that_is_signed_does_not_fill_the_log() {
    const POSTED: usize = 200;
    let site = Site::new("");
    let server = site.start().await;
    let mut rubbish = String::from("rubbish");
    for number in 0..POSTED {
        write!(rubbish, " {number}").expect("written");
        assert!(server.webform(&rubbish).await.status().is_client_error());
    }
    let quarantined = "tablica_quarantined_total{channel=\"webform\"";
    until_async("all of it to be in quarantine", async || {
        let metrics = server.metrics().await;
        let lines = metrics.lines().filter(|line| line.starts_with(quarantined));
        let counts = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok());
        counts.sum::<usize>() == POSTED
    })
    .await;
    server.tells("set aside");
    let output = server.output();
    let lines = output.lines().filter(|line| line.contains("set aside")).count();
    assert!((1..20).contains(&lines), "{lines} lines for {POSTED} inputs: {output}");
}

/// `Max open files` of a process: the soft limit.
fn open_files_allowed(pid: u32) -> u64 {
    let limits =
        std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("a process's limits");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("the line");
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).expect("a number")
}

/// `tablica` under a limit of open files, as `ulimit` takes it.
fn under(limit: &str) -> Command {
    let mut shell = Command::new("sh");
    let tablica = env!("CARGO_BIN_EXE_tablica");
    shell.args(["-c", &format!("ulimit {limit} && exec {tablica} \"$@\""), "sh"]);
    shell.env(SECRET_ENV, SECRET);
    shell
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_open_files_is_raised_to_what_the_connections_need() {
    let site = Site::new("");
    let mut tablica = under("-Sn 300");
    tablica.env("TABLICA_SERVER__CONNECTIONS_MAX", "1000");
    tablica.env("TABLICA_SERVER__SCREENS_MAX", "500");
    let server = site.start_by(tablica).await;
    assert_eq!(open_files_allowed(server.pid()), 1000 + 500 + 100 + 512);
    assert!(!server.output().contains("open files"), "{}", server.output());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_system_allows_fewer_files_it_is_said_and_the_journal_has_its_own() {
    let site = Site::new("");
    let mut tablica = under("-n 700");
    tablica.env("TABLICA_SERVER__CONNECTIONS_PER_ADDRESS_MAX", "1000");
    let server = site.start_by(tablica).await;
    assert_eq!(open_files_allowed(server.pid()), 700);
    server.tells("open files");
    let said = server.output();
    let line = said.lines().find(|line| line.contains("open files")).expect("it is said");
    assert!(["700", "12612", "73"].iter().all(|it| line.contains(it)), "{line}");
    // All connections that there are.
    let address = server.url("").replace("http://", "");
    let mut held = Vec::new();
    for _ in 0..200 {
        held.push(TcpStream::connect(&address).await.expect("the kernel takes it"));
    }
    let update = telegram_message(1, 4001, "hello");
    assert!(server.telegram(&update).await.expect("an answer").status().is_success());
    assert!(server.metrics().await.contains("tablica_refused_total{limit=\"newcomers\"}"));
}
