//! A plugin that is small and takes a compiler gigabytes: a running server is told to take it up, and
//! its other channels go on.

use std::fs::{self, File};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tablica::channel::host::elsewhere::SUBCOMMAND;

use super::guests;
use super::neighbours::{GROWTH_BYTES_MAX, Load, PACE, mib};
use crate::support::process::{Watched, resident_bytes};
use crate::support::server::{
    SECRET_ENV, Server, Site, append, client, get, tablica, telegram_message,
};
use crate::support::wait::{pass, until, until_async, until_so};

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

/// The process that compiles for a program, once it is there.
fn compiler_of(pid: u32) -> Option<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut ids = processes.filter_map(|it| it.file_name().to_str()?.parse::<u32>().ok());
    ids.find(|id| {
        let read = |file: &str| fs::read_to_string(format!("/proc/{id}/{file}"));
        read("status").is_ok_and(|it| it.contains(&format!("\nPPid:\t{pid}\n")))
            && read("cmdline").is_ok_and(|it| it.contains(SUBCOMMAND))
    })
}

/// Stops the process that compiles for a program, as a debugger or a frozen machine does.
async fn stop_compiler_of(pid: u32) {
    let mut found = None;
    until_so("it compiles", || {
        found = compiler_of(pid);
        found.is_some()
    })
    .await;
    let stopped = Command::new("kill").args(["-STOP", &found.unwrap().to_string()]).status();
    assert!(stopped.unwrap().success());
}

/// A site that has its other plugins compiled, and the bomb as one of its channels.
async fn site_with_a_bomb(limits: &str) -> Site {
    let site = Site::new("").with_fixed_ports();
    assert!(site.start().await.stop().success());
    fs::write(site.path("bomb.wasm"), guests::compile_bomb()).unwrap();
    let config = fs::read_to_string(site.config()).unwrap();
    let config = config.replacen("[server]", &format!("[server]\n{limits}"), 1);
    fs::write(site.config(), config).unwrap();
    append(
        &site.config(),
        &format!(
            "\n[channel.bomb]\nplugin = \"bomb.wasm\"\nsecret = {{ env = \"{SECRET_ENV}\" }}\n"
        ),
    );
    site
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
    for reason in ["memory", "time", "wall_time", "error"] {
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
    let stands_still = async {
        if reason == "wall_time" {
            stop_compiler_of(server.pid()).await;
        }
    };
    let first = 1 + before.took.len() as u64;
    let (mut during, (status, said), ()) =
        tokio::join!(good_load(&server, first, &is_over), reload, stands_still);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_says_what_it_compiles_and_does_not_wait_for_ever_for_what_stands_still() {
    let site = site_with_a_bomb("compile_wall_timeout = \"4s\"").await;
    let config = fs::read_to_string(site.config()).unwrap();
    let listen = config.lines().find_map(|line| line.strip_prefix("listen = ")).unwrap();
    let ready = format!("http://{}/readyz", listen.trim_matches('"'));

    let mut serve = tablica();
    serve.args(["serve", "--config"]).arg(site.config());
    let log = site.path("log");
    let mut server = Watched::start(serve.stderr(File::create(&log).unwrap()));
    let log = || fs::read_to_string(&log).unwrap();
    stop_compiler_of(server.id()).await;
    let said = "compiling bomb.wasm (0.4 MB); this is done once";
    until_async("it is not ready, and says why", async || {
        let Ok(answer) = get(ready.clone()).await else { return false };
        answer.status() == 503 && answer.text().await.unwrap().contains(said)
    })
    .await;
    until("it has given up", || log().contains("server.compile_wall_timeout"));
    assert!(!server.wait().success());
    let text = log();
    assert!(text.contains(said), "{text}");
    let why = "bomb.wasm cannot be compiled: it is not compiled after 4 s";
    assert!(text.contains("channel.bomb.plugin: ") && text.contains(why), "{text}");
    assert_eq!(compiler_of(server.id()), None, "it is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_still_is_refused_and_the_server_is_not_hurt() {
    let words = "it is not compiled after 2 s (server.compile_wall_timeout)";
    let limit = "compile_memory_bytes_max = \"64GiB\"\ncompile_wall_timeout = \"2s\"";
    is_refused(limit, "wall_time", words).await;
}
