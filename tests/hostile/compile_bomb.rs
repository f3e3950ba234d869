//! A plugin that is small and takes a compiler gigabytes: a running server is told to take it up, and
//! its other channels go on.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::guests;
use super::neighbours::{GROWTH_BYTES_MAX, Load, PACE, mib};
use crate::support::process::resident_bytes;
use crate::support::server::{SECRET_ENV, Server, Site, append, client, telegram_message};
use crate::support::wait::pass;

/// Updates of the Telegram channel, numbered from `first`, until it is over; at least a hundred.
async fn good_load(server: &Server, first: u64, is_over: &AtomicBool) -> Load {
    let mut load = Load { took: Vec::new(), peak_bytes: 0 };
    while load.took.len() < 100 || !is_over.load(Ordering::Relaxed) {
        let number = first + load.took.len() as u64;
        let began = Instant::now();
        let answer = server.telegram(&telegram_message(number, number, "hello")).await;
        assert_eq!(answer.expect("an answer").status(), 200, "update {number}");
        load.took.push(began.elapsed());
        load.peak_bytes = load.peak_bytes.max(resident_bytes(server.pid()));
        pass(PACE).await;
    }
    load
}

/// A server whose compiler may take this, with a good channel, is told to take up the bomb.
async fn is_refused(limit: &str, reason: &str, words: &str) {
    let site = Site::new("");
    // The good ones are compiled before, by as much as that takes.
    assert!(site.start().await.stop().success());
    let config = fs::read_to_string(site.config()).unwrap();
    let config = config.replacen("[server]", &format!("[server]\n{limit}"), 1);
    fs::write(site.config(), config).unwrap();
    let server = site.start().await;
    let counter =
        |reason: &str| format!("tablica_plugin_compile_refused_total{{reason=\"{reason}\"}}");
    for reason in ["memory", "time", "error"] {
        server.counts(&counter(reason), 0).await;
    }
    let is_over = AtomicBool::new(true);
    let mut before = good_load(&server, 1, &is_over).await;
    let memory = resident_bytes(server.pid());

    let plugin = site.path("bomb.wasm");
    fs::write(&plugin, guests::compile_bomb()).unwrap();
    append(
        &site.config(),
        &format!(
            "\n[channel.bomb]\nplugin = \"{}\"\nsecret = {{ env = \"{SECRET_ENV}\" }}\n",
            plugin.display()
        ),
    );
    is_over.store(false, Ordering::Relaxed);
    let reload = async {
        let asked = client().post(server.admin_url("/api/v1/reload"));
        let answer = asked.header("content-type", "application/json").send().await.unwrap();
        let status = answer.status();
        is_over.store(true, Ordering::Relaxed);
        (status, answer.text().await.unwrap())
    };
    let first = 1 + before.took.len() as u64;
    let (mut during, (status, said)) = tokio::join!(good_load(&server, first, &is_over), reload);
    let sent = first - 1 + during.took.len() as u64;
    println!(
        "\n| compile bomb, {reason} | {} | {} | {:.1} | {:.1} | {status} {said} | {sent} updates |",
        before.times(),
        during.times(),
        mib(memory),
        mib(during.peak_bytes),
    );
    assert!(!status.is_success() && said.contains(words), "{status} {said}");
    assert!(said.contains("bomb.wasm cannot be compiled"), "{said}");
    assert!(during.peak_bytes.saturating_sub(memory) < GROWTH_BYTES_MAX, "the server grows");
    server.counts(&counter(reason), 1).await;
    server.counts("tablica_events_total{channel=\"telegram\"}", sent).await;
    server.counts("tablica_events_duplicate_total{channel=\"telegram\"}", 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_much_memory_is_refused_and_the_server_is_not_hurt() {
    let words = "512 MiB of memory to compile (server.compile_memory_bytes_max)";
    is_refused("compile_memory_bytes_max = \"512MiB\"", "memory", words).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_long_is_refused_and_the_server_is_not_hurt() {
    let site_is_compiled =
        "it takes more than 1 s of a processor to compile (server.compile_processor_max)";
    let limit = "compile_memory_bytes_max = \"64GiB\"\ncompile_processor_max = \"1s\"";
    is_refused(limit, "time", site_is_compiled).await;
}
