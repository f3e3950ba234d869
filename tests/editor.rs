//! The editor of boards: in a real Chromium, and what its addresses do for whom.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tablica::access::form_token;

use crate::browser::screenshots;
use crate::support::server::{Server, Site, append, client, telegram_message, unix_seconds};

/// As somebody wrote it: with comments, in their own spelling and order.
const BOARD: &str = r#"# The board of the night shift. Ask Anna before you change it.
title = "The night shift"   # shown above the tiles

# ── What comes ──

[[tile]]
id = "offered"
type = "number"
x = 0        # at the left
y = 0
w = 6
h = 4        # of twelve rows
kpi = "offered"    # agreed in May
# bad = 80   # not agreed yet

# Who waits.
[[tile]]
type   = 'number'
id     = 'waiting'
x = 6
y = 0
w = 0x6
h = 4
kpi = 'waiting'
min_volume = 1_0

[[tile.rule]]
when = ">= 10"  # so many
tone = "bad"

[[tile]]
id = "clock"
type = "clock"
x = 18
y = 0        # of the clock
w = 6
h = 4
# The end.
"#;

/// A site with a folder of boards, in which this one is.
fn site(extra: &str) -> Site {
    let site = Site::new(&format!("[boards]\ndir = \"boards\"\n{extra}"));
    std::fs::create_dir(site.path("boards")).expect("a folder for boards");
    std::fs::write(site.path("boards/own.toml"), BOARD).expect("a board");
    site
}

/// Calls and messages, so that there is something to see.
async fn some_contacts(site: &Site, server: &Server) {
    for number in 0..5 {
        let message = telegram_message(number + 1, 4_000 + number, "hello");
        assert!(server.telegram(&message).await.expect("an answer").status().is_success());
    }
    let mut lines = String::new();
    for call in 0..8 {
        let at = unix_seconds() - 600 + 40 * call;
        lines += &format!("{at}|c-{call}|sales|NONE|ENTERQUEUE||60010020{call}|1\n");
        lines += &format!("{}|c-{call}|sales|Agent/7|CONNECT|5|leg-{call}|3\n", at + 5);
    }
    append(&site.queue_log(), &lines);
    server.settles("answered", "queue=sales&window=today", 8.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_round_trip_keeps_comments() {
    let site = site("");
    let server = site.start().await;
    some_contacts(&site, &server).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/editor.mjs");
    let mut command = Command::new("node");
    command.arg(script).args(["--base", &server.admin_url(""), "--walls", &server.url("")]);
    command.args(["--board", "own", "--file"]).arg(site.path("boards/own.toml"));
    let played = command.arg("--screenshots").arg(screenshots()).output().expect("node runs");
    let said = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{said}{played:?}\n{}", server.output());
    println!("{said}");
}

/// What the editor's script of somebody with that token sends.
async fn sent(url: String, token: Option<&str>, body: &Value) -> (u16, Value) {
    // Without logins every page is made by the server's own secret, which is in it.
    let mut question = client().post(&url).header("content-type", "application/json");
    if let Some(token) = token {
        question = question.header("authorization", format!("Bearer {token}"));
        question = question.header("x-form-token", form_token(token));
    }
    let answer = question.body(body.to_string()).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn token(site: &Site, name: &str, role: &str) -> String {
    let made = site.command(&["access", "token", "new", name, "--role", role]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8_lossy(&made.stdout).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_edits_boards_and_a_viewer_does_not() {
    let site = site("[access]\nopen_networks = [\"127.0.0.0/8\"]\n");
    let (viewer, lead) = (token(&site, "watch", "viewer"), token(&site, "edit", "lead"));
    let admin = token(&site, "see", "admin");
    let server = site.start().await;
    let own = server.admin_url("/admin/boards/own");
    for path in ["", "/own", "/own/desk", "/own/versions"] {
        let url = server.admin_url(&format!("/admin/boards{path}"));
        let seen = async |token: &str| {
            let asked = client().get(&url).header("authorization", format!("Bearer {token}"));
            asked.send().await.expect("an answer").status().as_u16()
        };
        assert_eq!((seen(&viewer).await, seen(&lead).await), (403, 200), "{path}");
    }
    let tag = async || -> String {
        let desk = client().get(format!("{own}/desk"));
        let desk = desk.header("authorization", format!("Bearer {lead}"));
        let desk = desk.send().await.expect("an answer").text().await.expect("a body");
        let desk: Value = serde_json::from_str(&desk).expect("JSON");
        desk["tag"].as_str().expect("a tag").to_owned()
    };
    let text = BOARD.replace("night", "day");
    let save = json!({ "text": text, "tag": tag().await });
    assert_eq!(sent(own.clone(), None, &save).await.0, 401);
    assert_eq!(sent(own.clone(), Some(&viewer), &save).await.0, 403);
    assert_eq!(sent(format!("{own}/draft"), Some(&viewer), &json!({ "text": "" })).await.0, 403);
    let plain = client().post(&own).header("content-type", "application/json");
    let plain = plain.header("authorization", format!("Bearer {lead}")).body(save.to_string());
    let plain = plain.send().await.expect("an answer").status().as_u16();
    assert_eq!(plain, 403, "no page was made for it");
    let file = || std::fs::read_to_string(site.path("boards/own.toml")).expect("the file");
    assert_eq!(file(), BOARD, "nobody was let in yet");
    assert_eq!(sent(own.clone(), Some(&lead), &save).await.0, 200);
    assert_eq!(file(), text);

    let (status, told) = sent(own.clone(), Some(&lead), &save).await;
    assert_eq!((status, &told["changed"]["text"]), (409, &json!(text)), "{told}");
    let bad = json!({ "text": "titel = 3", "tag": tag().await });
    let (status, told) = sent(own.clone(), Some(&lead), &bad).await;
    let problems = told["draft"]["problems"].to_string();
    assert!(status == 422 && problems.contains("did you mean `title`?"), "{told}");
    assert_eq!(file(), text);
    assert_eq!(sent(server.admin_url("/admin/boards/a.b"), Some(&lead), &bad).await.0, 422);

    let audit = client().get(server.admin_url("/admin/audit"));
    let audit = audit.header("authorization", format!("Bearer {admin}")).send().await;
    let audit = audit.expect("an answer").text().await.expect("a page");
    for row in ["board_save", "token edit", "token watch", "invalid", "not allowed"] {
        assert!(audit.contains(row), "{row} is not in {audit}");
    }
    assert!(!audit.contains("night") && !audit.contains("titel"), "a board's text is in the log");
}

/// Who edits may try a hundred ways to select, and no place that a board needs is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_has_nothing_counted_and_says_so() {
    let site = site("[access]\nopen_networks = [\"127.0.0.0/8\"]\n");
    let lead = token(&site, "edit", "lead");
    let server = site.start().await;
    some_contacts(&site, &server).await;
    let draft = server.admin_url("/admin/boards/own/draft");
    let by = "priority=high&kind=call&public=false&queue=sales";
    let asked = async || server.json(&format!("/api/v1/kpis/offered/receipt?{by}")).await;
    assert_eq!(asked().await["type"], "urn:tablica:problem:not-counted");
    let text = BOARD.replace(
        "kpi = \"offered\"",
        "priority = \"high\"\nkind = \"call\"\npublic = false\nqueue = \"sales\"\nkpi = \"offered\"",
    );
    for seq in 1..20 {
        let question = json!({ "text": text, "show": "live", "seq": seq });
        let (status, told) = sent(draft.clone(), Some(&lead), &question).await;
        assert_eq!((status, &told["uncounted"]), (200, &json!(["offered"])), "{told}");
        let frame = &told["frame"];
        assert_eq!((&frame["seq"], &frame["board"]["id"]), (&json!(seq), &json!("own")), "{frame}");
        assert!(frame["tiles"]["waiting"]["text"].is_string(), "{frame}");
    }
    assert_eq!(asked().await["type"], "urn:tablica:problem:not-counted");
    for state in ["quiet", "busy", "red", "stale"] {
        let question = json!({ "text": text, "show": state, "seq": 1 });
        let (status, told) = sent(draft.clone(), Some(&lead), &question).await;
        assert!(status == 200 && told["frame"]["tiles"]["offered"]["text"].is_string(), "{told}");
    }
    let huge = json!({ "text": "#".repeat(300 << 10) });
    assert_eq!(sent(draft.clone(), Some(&lead), &huge).await.0, 413);
    let wrong = json!({ "text": BOARD, "change": { "act": "remove", "tile": 9 } });
    let (status, told) = sent(draft, Some(&lead), &wrong).await;
    assert!(status == 422 && told["detail"].as_str().is_some_and(|it| it.contains("not there")));
}
