//! From an empty folder to a number on a running wall, in each language; how long each step takes is
//! printed.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use super::{Language, well};
use crate::support::server::{SECRET, Server, serve, tablica, unix_seconds};

/// How long a wall may go without a word; it has one each second.
const PATIENCE: Duration = Duration::from_secs(60);
/// When the template's sample happens, in seconds.
const SAMPLE_AT: &str = "1795348800";

/// Waits until a tile of the floor's wall shows a text; it is told so over the wall's own WebSocket.
async fn shows(server: &Server, tile: &str, text: &str) {
    let wall = server.url("/ws/v1/boards/floor").replace("http://", "ws://");
    let authority = wall.split('/').nth(2).unwrap();
    let stream = TcpStream::connect(authority).await.unwrap();
    let (mut screen, _) = client_async(wall.as_str(), stream).await.unwrap();
    let mut shown = Value::Null;
    let end = tokio::time::Instant::now() + PATIENCE;
    while shown["text"] != text {
        let message = tokio::time::timeout_at(end, screen.next()).await;
        let message = message.unwrap_or_else(|_| panic!("{tile} shows {shown}, not {text}"));
        if let Message::Text(message) = message.expect("the wall stays open").unwrap() {
            let message: Value = serde_json::from_str(&message).unwrap();
            if let Some(now) = message["tiles"].get(tile) {
                shown = now.clone();
            }
        }
    }
}

/// Seconds of each step.
#[derive(Default)]
struct Clock(Vec<(&'static str, Duration)>);

impl Clock {
    fn well(&mut self, step: &'static str, folder: &Path, command: &str) -> String {
        let begun = Instant::now();
        let said = well(folder, command);
        self.0.push((step, begun.elapsed()));
        said
    }

    fn line(&self, language: Language) -> String {
        let step = |(name, took): &(&str, Duration)| format!("{name} {:.1} s", took.as_secs_f64());
        let steps: Vec<String> = self.0.iter().map(step).collect();
        format!("kit: {}: {}", language.word(), steps.join(", "))
    }
}

async fn from_an_empty_folder_onto_the_wall(language: Language) {
    if language.tools().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut clock = Clock::default();
    let word = language.word();
    let name = format!("desk-{word}");
    clock.well("new", folder.path(), &format!("tablica plugin new {name} --lang {word}"));
    let plugin = folder.path().join(&name);
    language.equip(&plugin);
    clock.well("build", &plugin, "tablica plugin build");
    let said = clock.well("test", &plugin, "tablica plugin test");
    assert!(said.contains("2 of 2 samples as expected"), "{said}");
    let said = clock.well("check", &plugin, "tablica plugin check");
    assert!(said.contains("11 of 11 checks passed"), "{said}");

    let begun = Instant::now();
    let mut command = tablica();
    command.env("DESK_SECRET", SECRET);
    let server = serve(command, &plugin.join("tablica.toml")).await;
    clock.0.push(("server", begun.elapsed()));
    shows(&server, "offered", "–").await;

    let sample = fs::read_to_string(plugin.join("samples/first.json")).unwrap();
    assert!(sample.contains(SAMPLE_AT), "{sample}");
    let body = sample.replace(SAMPLE_AT, &unix_seconds().to_string());
    let begun = Instant::now();
    assert_eq!(server.signed("desk", &body).await.status(), 200);
    shows(&server, "offered", "1").await;
    clock.0.push(("on the wall", begun.elapsed()));
    assert_eq!(server.kpi("waiting", "channel=desk").await, Some(1.0));
    // What a test prints by its own macros is shown only when it fails.
    let mut said = std::io::stderr();
    writeln!(said, "{}", clock.line(language)).unwrap();
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plugin_in_rust_brings_a_number_onto_the_wall() {
    from_an_empty_folder_onto_the_wall(Language::Rust).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plugin_in_javascript_brings_a_number_onto_the_wall() {
    from_an_empty_folder_onto_the_wall(Language::JavaScript).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plugin_in_python_brings_a_number_onto_the_wall() {
    from_an_empty_folder_onto_the_wall(Language::Python).await;
}
