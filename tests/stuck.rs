//! A television never gets stuck: a real Chromium in front of boards that are not there, of servers
//! that are not, with a clock that jumps and without `Intl`. The scenarios are `tests/browser/*.mjs`;
//! here stands who plays the operator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::process::Watched;
use crate::support::server::{Server, Site, telegram_message};

fn screenshots() -> PathBuf {
    let beside_the_build = || Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    std::env::var_os("TABLICA_SCREENSHOTS").map_or_else(beside_the_build, PathBuf::from)
}

/// Runs scenarios in a browser and does what they ask an operator to do. Answers the server that is
/// up at their end.
pub(crate) async fn play(script: &str, arguments: &[&str], site: &Site, server: Server) -> Server {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let mut command = Command::new("node");
    command.arg(folder.join(script)).args(arguments).arg("--screenshots").arg(screenshots());
    let mut browser = Watched::start_listening(&mut command);
    let mut said = Vec::new();
    let mut customers = 0;
    let mut server = Some(server);
    while let Some(line) = browser.line() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["ASK", "stop"] => server.take().expect("a server to kill").kill(),
            ["ASK", "start"] => server = Some(site.start().await),
            // Each by a customer of their own, who then waits.
            ["ASK", "write"] => {
                customers += 1;
                let message = telegram_message(customers, customers, "Hello?");
                let server = server.as_ref().expect("a server");
                let answer = server.telegram(&message).await.expect("an answer");
                assert_eq!(answer.status().as_u16(), 200);
            }
            ["ASK", "create", board] => {
                let text = include_str!("../dashboards/boards/floor.toml");
                fs::write(site.path(&format!("boards/{board}.toml")), text).expect("written");
            }
            ["ASK", "spoil", board] => {
                fs::write(site.path(&format!("boards/{board}.toml")), "title = 3")
                    .expect("written");
            }
            ["ASK", "screen", ..] => {
                let done = site.command(&words[1..]);
                assert!(done.status.success(), "{line}: {done:?}");
            }
            ["ASK", "remove", board] => {
                fs::remove_file(site.path(&format!("boards/{board}.toml"))).expect("removed");
            }
            _ => {
                said.push(line);
                continue;
            }
        }
        browser.say("done");
    }
    let said = said.join("\n");
    let log = server.as_ref().map(Server::output);
    assert!(browser.wait().success(), "{said}\nthe server: {log:?}");
    println!("{said}");
    server.expect("the scenarios leave a server")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_television_never_gets_stuck() {
    let site = Site::new("[boards]\ndir = \"boards\"").with_fixed_ports();
    site.configure("[site]", "[site]\nlanguage = \"pl\"");
    fs::create_dir(site.path("boards")).expect("a folder");
    let server = site.start().await;
    let base = server.url("");
    play("stuck.mjs", &["--base", &base], &site, server).await;
}
