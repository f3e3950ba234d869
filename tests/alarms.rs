//! Alarms on a wall, in a real Chromium: word, icon, frame and sound when a number crosses a line that
//! the board's file draws. The scenarios are `tests/browser/alarms.mjs`.

use std::fs;

use crate::stuck::play;
use crate::support::server::Site;

/// A wall of one number; `quiet` are the lines about quiet hours.
fn board(quiet: &str) -> String {
    format!(
        r#"
[[tile]]
id = "unanswered"
type = "number"
x = 0
y = 0
w = 12
h = 6
kpi = "unanswered_now"

[[tile.rule]]
when = ">= 2"
tone = "bad"
icon = "bell"
word = "all hands"
sound = "alert"
flash = true
{quiet}
"#
    )
}

/// A wall of rows: a channel in which two wait is marked, and each contact that waits.
const ROWS: &str = r#"
[[tile]]
id = "channels"
type = "channel_table"
x = 0
y = 0
w = 12
h = 6
columns = ["unanswered_now", "offered"]

[[tile.rule]]
of = "unanswered_now"
when = ">= 2"
tone = "bad"
icon = "bell"
word = "all hands"
flash = true

[[tile]]
id = "waiting"
type = "waiting_list"
x = 12
y = 0
w = 12
h = 6

[[tile.rule]]
of = "wait"
when = ">= 0"
tone = "warn"
icon = "person"
word = "answer now"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_is_seen_and_heard_once() {
    let site = Site::new("[boards]\ndir = \"boards\"").with_fixed_ports();
    fs::create_dir(site.path("boards")).expect("a folder");
    fs::write(site.path("boards/loud.toml"), board("")).expect("written");
    let quiet = board("quiet_hours = \"00:00-24:00\"");
    fs::write(site.path("boards/quiet.toml"), quiet).expect("written");
    fs::write(site.path("boards/rows.toml"), ROWS).expect("written");
    let server = site.start().await;
    let base = server.url("");
    play("alarms.mjs", &["--base", &base], &site, server).await;
}
