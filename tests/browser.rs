//! A real Chromium in front of a real server with the demo's traffic: what a wall must do, also
//! when the server dies under it. The scenarios are `tests/browser/*.mjs`; here stands who they
//! play with.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;
use tablica::clock;
use tokio::sync::Mutex;

use crate::support::http::steady_address;
use crate::support::process::Watched;
use crate::support::server::{SECRET_ENV, Server, Site, client, tablica};

/// Where the pictures go: this folder when it is set, else the build's own.
const SCREENSHOTS: &str = "TABLICA_SCREENSHOTS";

/// Each of these scenarios has a browser and traffic: together they would starve the servers, whose
/// numbers then say nothing of the wall.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const ANNOTATIONS: &str = "/api/v1/annotations";

pub(crate) fn screenshots() -> PathBuf {
    let beside_the_build = || Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    std::env::var_os(SCREENSHOTS).map_or_else(beside_the_build, PathBuf::from)
}

/// The demo's traffic, an hour's worth at once and then as it comes.
fn traffic(site: &Site, server: &Server) -> Watched {
    let mut command = tablica();
    command
        .args(["simulate", "--telegram", &server.url("/in/telegram")])
        .args(["--telegram-secret-env", SECRET_ENV])
        .args(["--webform", &server.url("/in/webform")])
        .args(["--webform-secret-env", SECRET_ENV])
        .args(["--networks", &server.url("/in/"), "--networks-secret-env", SECRET_ENV])
        .arg("--queue-log")
        .arg(site.queue_log())
        .args(["--warm-up", "60m", "--as-if", "10:00", "--rate", "3", "--staff", "2.76"])
        .stderr(Stdio::inherit());
    Watched::start(&mut command)
}

/// The scenarios in front of one board.
fn wall(server: &Server, board: &str) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/wall.mjs");
    let mut command = Command::new("node");
    command.arg(script).args(["--base", &server.url(""), "--board", board, "--screenshots"]);
    command.arg(screenshots());
    command
}

const LANGUAGES: [&str; 4] = ["en", "pl", "ru", "uk"];

/// Puts each shipped board in front of the site, in every language; answers their names, a template's
/// with a queue of the demo.
fn boards_in_every_language(site: &Site) -> Vec<String> {
    let own = site.path("boards");
    std::fs::create_dir(&own).expect("a folder for boards");
    let mut names = Vec::new();
    for (file, board) in tablica::assets::boards() {
        let id = file.trim_end_matches(".toml");
        for language in LANGUAGES {
            let is_template = board.contains("[parameters]");
            let name = format!("{id}-{language}");
            let board = format!("language = \"{language}\"\n{board}");
            std::fs::write(own.join(format!("{name}.toml")), board).expect("written");
            names.push(if is_template { format!("{name}:support") } else { name });
        }
    }
    let folder = format!("[boards]\ndir = \"{}\"\n\n[costs]", own.display());
    site.configure("[costs]", &folder);
    names
}

/// Measures boards in each size of screen.
fn layouts(base: &str, boards: &[String], more: &[&str]) -> std::process::Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/layouts.mjs");
    let mut command = Command::new("node");
    command.arg(script).args(["--base", base, "--boards", &boards.join(",")]).args(more);
    command.arg("--screenshots").arg(screenshots()).output().expect("node runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_on_a_shipped_board_is_cut_or_overlaps_in_any_size_and_language() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let site = Site::demo().with_fixed_ports();
    let boards = boards_in_every_language(&site);
    let server = site.start().await;
    let mut traffic = traffic(&site, &server);
    traffic.line().expect("the generator tells how it goes");
    let looked = layouts(&server.url(""), &boards, &[]);
    let said = String::from_utf8_lossy(&looked.stdout);
    assert!(looked.status.success(), "{said}{looked:?}");
    println!("{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_or_overlaps_in_any_state_a_planted_fault_is_found() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let mock = Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/app/mock/server.mjs");
    let port = steady_address().port().to_string();
    let mut command = Command::new("node");
    let mut mock = Watched::start(command.arg(mock).args(["--port", &port]));
    let listening = mock.line().expect("the mock says where it listens");
    assert!(listening.contains(&port), "{listening}");
    let states = ["floor", "late", "states", "many", "large", "long"];
    let mut boards: Vec<String> =
        ["clock", "empty", "marks", "ended", "alarm", "light", "planted"].map(String::from).into();
    for state in states {
        boards.push(state.to_owned());
        boards.extend(LANGUAGES[1..].iter().map(|language| format!("{state}-{language}")));
    }
    let looked = layouts(&format!("http://127.0.0.1:{port}"), &boards, &["--planted", "planted"]);
    let said = String::from_utf8_lossy(&looked.stdout);
    assert!(looked.status.success(), "{said}{looked:?}");
    println!("{said}");
}

/// A campaign begins now.
async fn annotate(server: &Server) {
    let campaign = json!({
        "id": "promo", "kind": "campaign", "title": "Black Friday", "from": clock::now_ms(),
    });
    let answer = client()
        .post(server.admin_url(ANNOTATIONS))
        .header("content-type", "application/json")
        .body(campaign.to_string())
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_browser_shows_the_wall_through_the_servers_death_and_return() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let site = Site::demo().with_fixed_ports();
    let server = site.start().await;
    let mut traffic = traffic(&site, &server);
    // The first news comes when the warm-up has been sent.
    traffic.line().expect("the generator tells how it goes");
    for board in ["promises", "written", "phones", "social", "lead", "management"] {
        let looked = wall(&server, board).arg("--looks").output().expect("node runs");
        let said = String::from_utf8_lossy(&looked.stdout);
        assert!(looked.status.success(), "{board}: {said}{looked:?}");
        println!("{said}");
    }
    let mut command = wall(&server, "floor");
    command.arg("--outage");
    let mut browser = Watched::start_listening(&mut command);
    let mut said = Vec::new();
    let mut server = Some(server);
    while let Some(line) = browser.line() {
        match line.as_str() {
            "READY-FOR-STOP" => {
                server.take().expect("a server to kill").kill();
                browser.say("stopped");
            }
            "READY-FOR-ANNOTATION" => {
                annotate(server.as_ref().expect("a server")).await;
                browser.say("posted");
            }
            "READY-FOR-REMOVAL" => {
                let server = server.as_ref().expect("a server");
                let removal = client().delete(server.admin_url(&format!("{ANNOTATIONS}/promo")));
                assert_eq!(removal.send().await.expect("an answer").status().as_u16(), 204);
                browser.say("removed");
            }
            "READY-FOR-START" => {
                server = Some(site.start().await);
                browser.say("started");
            }
            _ => said.push(line),
        }
    }
    let said = said.join("\n");
    let log = server.map(|server| server.output());
    assert!(browser.wait().success(), "{said}\nthe server: {log:?}");
    println!("{said}");
}
