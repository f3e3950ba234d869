//! What customers say and who they are stays outside: nothing of it in the logs, the metrics, the
//! API, on the wall or on the disk. What could not be decoded waits for the operator alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;
use tablica::config::model;
use tablica::event::{Event, Kind, Message};
use tablica::journal;

use crate::support::server::{SECRET, Server, Site, append, get, tablica, unix_seconds};
use crate::support::wait::until_async;

/// What came in from customers. None of these may be found anywhere.
pub(crate) const MARKERS: [&str; 11] = [
    BEYOND,
    "the parcel smells of cinnamon",
    "cinnamon",
    "Zuzanna",
    "Wrzesniewska",
    "zuzanna.w",
    "zuzanna@example.org",
    "+48 600 777 123",
    "600777123",
    CALLER,
    "918273645",
];
/// Who calls through the switchboard.
pub(crate) const CALLER: &str = "600777124";
/// Rules that know some of the markers themselves: a tag must not bring its word along.
const RULES: &str = r#"
[[topic]]
tag = "spice"
en = ["cinnamon", "smells of cinnamon"]

[[complaint]]
name = "of smells"
en = ["parcel smells"]

[[spam]]
name = "of names"
all = ["Zuzanna"]
"#;
/// The end of a text that is longer than what is looked at.
const BEYOND: &str = "beyond-the-limit-of-texts";

/// In input that cannot be decoded.
const UNDECODABLE: &str = "MARKER-IN-BROKEN-INPUT";
/// A telephone number where none can be.
const BARE_NUMBER: &str = "48600777999";
/// What broken input is known by.
const BROKEN: [&str; 2] = [UNDECODABLE, BARE_NUMBER];

/// The site, its log as talkative as it gets.
async fn talkative(site: &Site) -> Server {
    site.start_by_with(tablica(), &["--log", "trace"]).await
}

/// Something of each kind by each channel; waits until all of it has been counted.
pub(crate) async fn customers_come(site: &Site, server: &Server) {
    let from = json!({
        "id": 918_273_645, "is_bot": false, "first_name": "Zuzanna", "last_name": "Wrzesniewska",
        "username": "zuzanna.w", "language_code": "pl"
    });
    let chat = json!({
        "id": 918_273_645, "type": "private", "first_name": "Zuzanna",
        "last_name": "Wrzesniewska", "username": "zuzanna.w"
    });
    let message = |id: u64, more: (&str, serde_json::Value)| {
        let mut message =
            json!({"message_id": id, "from": from, "chat": chat, "date": unix_seconds()});
        message[more.0] = more.1;
        json!({"update_id": id, "message": message}).to_string()
    };
    let contact = json!({
        "phone_number": "48600777123", "first_name": "Zuzanna", "user_id": 918_273_645
    });
    for update in [
        message(1, ("text", json!("hello, the parcel smells of cinnamon"))),
        message(2, ("contact", contact)),
        message(3, ("text", json!("Zuzanna sells cinnamon"))),
        message(4, ("text", json!(format!("{} {BEYOND}", "so long ".repeat(1000))))),
    ] {
        assert_eq!(server.telegram(&update).await.expect("an answer").status(), 200);
    }
    let form = json!({
        "id": "form of zuzanna@example.org", "time": unix_seconds(), "kind": "opened",
        "interaction": "conversation of zuzanna@example.org",
        "customer": ["zuzanna@example.org", "+48 600 777 123"],
        "text": "the parcel smells of cinnamon", "name": "Zuzanna Wrzesniewska"
    });
    assert!(server.webform(&form.to_string()).await.status().is_success());
    let now = unix_seconds();
    append(
        &site.queue_log(),
        &format!(
            "{now}|call-1|sales|NONE|DID|48225550100\n\
             {now}|call-1|sales|NONE|ENTERQUEUE||+48600777124|1\n\
             {now}|call-1|sales|NONE|INFO|Zuzanna Wrzesniewska\n"
        ),
    );
    server.settles("offered", "channel=telegram&window=today", 1.0).await;
    server.settles("offered", "channel=webform&window=today", 1.0).await;
    server.settles("offered", "channel=pbx&window=today", 1.0).await;
}

/// Broken input by each way in: wrong where a message of an error might quote it.
async fn broken_input_comes(site: &Site, server: &Server) {
    for body in [
        format!("{{\"update_id\": 6, \"message\": {{\"date\": \"{UNDECODABLE}\"}}}}"),
        format!("{{\"update_id\": 7, \"message\": \"{UNDECODABLE}\"}}"),
        format!("{UNDECODABLE} is not JSON"),
        format!("{{\"update_id\": 8, \"message\": {BARE_NUMBER}}}"),
    ] {
        server.telegram(&body).await.expect("an answer");
    }
    server.webform(&json!({"id": "8", "kind": UNDECODABLE}).to_string()).await;
    server.webform(&json!({"id": "9", "time": UNDECODABLE, "kind": "opened"}).to_string()).await;
    append(&site.queue_log(), &format!("{UNDECODABLE}\n"));
    for (channel, reason, count) in [
        ("telegram", "bad_input", 4),
        ("webform", "unsupported", 1),
        ("webform", "bad_input", 1),
        ("pbx", "bad_input", 1),
    ] {
        let series =
            format!("tablica_quarantined_total{{channel=\"{channel}\",reason=\"{reason}\"}}");
        server.counts(&series, count).await;
    }
}

/// Everything that the server says to anybody, with a name for each piece.
async fn everything_said(server: &Server) -> Vec<(String, String)> {
    let mut said = vec![("/metrics".to_owned(), server.metrics().await)];
    let mut paths = vec![
        "/wall/floor".to_owned(),
        "/wall/no-such-board".to_owned(),
        "/readyz".to_owned(),
        "/api/v1/kpis".to_owned(),
        "/api/v1/boards".to_owned(),
        "/api/v1/boards/floor".to_owned(),
        "/api/v1/channels".to_owned(),
    ];
    let kpis = server.json("/api/v1/kpis?window=today").await;
    for kpi in kpis["kpis"].as_array().expect("a list of KPIs") {
        let id = kpi["kpi"].as_str().expect("an id");
        for channel in ["telegram", "webform", "pbx"] {
            paths.push(format!("/api/v1/kpis/{id}/receipt?channel={channel}&window=today"));
        }
    }
    for path in paths {
        let answer = get(server.url(&path)).await.expect("an answer").text().await.expect("text");
        said.push((path, answer));
    }
    said.push(("the log".to_owned(), server.output()));
    said
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn has(bytes: &[u8], marker: &str) -> bool {
    bytes.windows(marker.len()).any(|window| window == marker.as_bytes())
}

fn check_said(said: &[(String, String)], markers: &[&str]) {
    for (place, text) in said {
        assert!(!text.is_empty(), "{place} says nothing");
        for marker in markers {
            assert!(!text.contains(marker), "{marker:?} in {place}: {text}");
        }
    }
}

fn check_files(files: &[PathBuf], markers: &[&str]) {
    for file in files {
        let bytes = fs::read(file).expect("the file can be read");
        for marker in markers {
            assert!(!has(&bytes, marker), "{marker:?} in {}", file.display());
        }
    }
}

/// Rows and snapshots may be packed: what they say is read by the house itself.
fn check_journal(state: &Path, markers: &[&str]) {
    let journal = journal::open(&model::Journal::default(), state).expect("the journal opens");
    let events: Vec<_> = journal.tail(0).expect("the tail opens").collect();
    assert!(events.len() >= 4, "there are events: {events:?}");
    for (sequence, event) in events {
        let text = serde_json::to_string(&event).expect("an event");
        for marker in markers {
            assert!(!text.contains(marker), "{marker:?} in event {sequence}: {text}");
        }
    }
    let snapshots: Vec<_> = journal.snapshots().expect("the snapshots open").collect();
    assert!(!snapshots.is_empty(), "a clean stop leaves a snapshot");
    for snapshot in snapshots {
        for marker in markers {
            assert!(!has(&snapshot.bytes, marker), "{marker:?} in the snapshot");
        }
    }
}

/// The quarantine's files, and the rest of the state folder.
fn quarantine_and_others(state: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    files(state).into_iter().partition(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("quarantine")
    })
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// What the texts of customers' messages left behind in the journal.
fn tagged(state: &Path) -> Vec<Message> {
    let journal = journal::open(&model::Journal::default(), state).expect("the journal opens");
    let events = journal.tail(0).expect("the tail opens");
    let message = |(_, event): (_, Event)| match event.kind {
        Kind::Message(message) => Some(message),
        _ => None,
    };
    events.filter_map(message).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_what_customers_say_and_are_is_kept_or_shown() {
    let site = Site::new("[topics]\nfile = \"topics.toml\"");
    fs::write(site.path("topics.toml"), RULES).expect("the rules are written");
    let server = talkative(&site).await;
    customers_come(&site, &server).await;
    server.counts("tablica_texts_cut_total{channel=\"telegram\"}", 1).await;
    fs::write(site.path("topics.toml"), "[[topic]]\ntag = 1\n").expect("bad rules are written");
    until_async("bad rules are noticed", async || {
        server.metrics().await.contains("tablica_topics_file_ok 0")
    })
    .await;
    let checked = site.command(&["check"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!checked.status.success() && said.contains("topics.toml:2: topic.1.tag"), "{said}");
    let markers: Vec<&str> = MARKERS.into_iter().chain([SECRET]).collect();
    check_said(&everything_said(&server).await, &markers);

    assert!(server.stop().success());
    let state = site.path("state");
    check_files(&files(&state), &markers);
    check_journal(&state, &markers);
    let tagged = tagged(&state);
    assert!(tagged.iter().any(|it| it.complaint && it.topics == ["spice"]), "{tagged:?}");
    assert!(tagged.iter().any(|it| it.spam && it.topics == ["spice"]), "{tagged:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_decoded_is_for_the_operator_alone() {
    let site = Site::new("");
    let server = talkative(&site).await;
    customers_come(&site, &server).await;
    broken_input_comes(&site, &server).await;
    check_said(&everything_said(&server).await, &BROKEN);

    let state = site.path("state");
    assert_eq!(mode(&state), 0o700);
    let (kept, _) = quarantine_and_others(&state);
    let holds = |file: &PathBuf| has(&fs::read(file).expect("readable"), UNDECODABLE);
    assert!(kept.iter().any(holds), "the operator can look at it: {kept:?}");
    for file in &kept {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    assert!(server.stop().success());
    let (_, others) = quarantine_and_others(&state);
    check_files(&others, &BROKEN);
    check_journal(&state, &BROKEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_keeps_reasons_only_keeps_nothing_of_broken_input() {
    let site = Site::new("[quarantine]\nkeep = \"0s\"");
    let server = talkative(&site).await;
    customers_come(&site, &server).await;
    broken_input_comes(&site, &server).await;
    check_said(&everything_said(&server).await, &BROKEN);
    until_async("the reasons are listed", async || {
        let list = site.command(&["quarantine", "list"]);
        let text = String::from_utf8_lossy(&list.stdout).into_owned();
        assert!(!BROKEN.iter().any(|broken| text.contains(broken)), "{text}");
        list.status.success() && text.contains("telegram") && text.contains("webform")
    })
    .await;
    assert!(server.stop().success());
    let state = site.path("state");
    check_files(&files(&state), &BROKEN);
    check_journal(&state, &BROKEN);
}

/// A call that an agent took, five minutes ago.
fn taken(number: i64, agent: &str) -> String {
    let at = unix_seconds() - 300 + number;
    format!(
        "{at}|call-{number}|sales|NONE|ENTERQUEUE||600100{number:03}|1\n\
         {answer}|call-{number}|sales|{agent}|CONNECT|9|leg-{number}|3\n\
         {end}|call-{number}|sales|{agent}|COMPLETEAGENT|9|50|1\n",
        answer = at + 9,
        end = at + 59
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_in_the_metrics_only_where_the_operator_says_so_and_by_what_they_are_called() {
    let aliases = "[agents.aliases]\n\"Agent/7\" = \"Anna\"\n";
    let shown = Site::new(&format!("[telemetry]\nagent_labels = true\n{aliases}"));
    let calls = [("Agent/7", 6), ("Agent/9", 5), ("Agent/10", 4)];
    let calls = calls.into_iter().flat_map(|(agent, count)| (0..count).map(move |_| agent));
    let calls: String = (0..).zip(calls).map(|(number, agent)| taken(number, agent)).collect();
    for site in [&shown, &Site::new(aliases)] {
        append(&site.queue_log(), &calls);
        let server = site.start().await;
        server.settles("handled", "window=today", 15.0).await;
        let is_shown = std::ptr::eq(site, &raw const shown);
        let anna = "tablica_agent_handled_total{agent=\"Anna\",work=\"calls\"}";
        if is_shown {
            server.counts(anna, 6).await;
        } else {
            server.counts("tablica_answered_total{channel=\"pbx\",queue=\"sales\"}", 15).await;
        }
        let metrics = server.metrics().await;
        let agents = metrics.lines().filter(|line| line.contains("work=\"calls\"")).count();
        // Of four calls nothing is said; another agent has a made-up alias.
        assert_eq!(agents, if is_shown { 2 } else { 0 }, "{metrics}");
        assert!(!metrics.contains("Agent/"), "no name is in {metrics}");
        assert!(server.stop().success());
    }
}
