//! The past, again: `tablica replay` over the journal of a real server, while it runs and after.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::server::{
    SECRET_ENV, Server, Site, append, client, get, tablica, telegram_message, unix_seconds,
};
use crate::support::wait::{until, until_async};

/// A moment as the command line takes it.
fn time(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).expect("a time").to_string()
}

/// What `tablica replay` printed on this site's config.
fn replayed(site: &Site, arguments: &[&str]) -> String {
    let output = site.command(&[&["replay"], arguments].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "replay {arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

fn refused(site: &Site, arguments: &[&str]) -> String {
    let output = site.command(&[&["replay"], arguments].concat());
    assert!(!output.status.success(), "{arguments:?} went through");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The numbers of an answer or a replay, by what they are of: figure and receipt.
fn numbers(kpis: &Value) -> BTreeMap<String, (Value, Value)> {
    let kpis = kpis.as_array().expect("a list of KPIs").iter();
    kpis.map(|kpi| {
        let name = format!("{} {}", kpi["kpi"], kpi["selector"]);
        (name, (kpi["figure"].clone(), kpi["receipt"].clone()))
    })
    .collect()
}

/// What the API says now, by filter; everything that comes later is known later.
async fn said<'a>(server: &Server, filters: &[&'a str]) -> Vec<(&'a str, Value)> {
    let mut said = Vec::new();
    for &filter in filters {
        let answer = server.json(&format!("/api/v1/kpis?window=today&{filter}")).await;
        let at_ms = answer["at_ms"].as_i64().expect("a time");
        said.push((filter, answer));
        until("the next millisecond", || tablica::clock::now_ms() > at_ms);
    }
    said
}

/// The replay gives the very same numbers for the moment at which the API was asked.
fn check(site: &Site, said: &[(&str, Value)]) {
    for (filter, answer) in said {
        let at = time(answer["at_ms"].as_i64().expect("a time"));
        let filter = filter.split_once('=').map(|(what, name)| (format!("--{what}"), name));
        let mut arguments = vec!["--at", &at, "--json"];
        if let Some((option, name)) = &filter {
            arguments.extend([option.as_str(), name]);
        }
        let again = json(&replayed(site, &arguments));
        let (again, then) = (numbers(&again["kpis"]), numbers(&answer["kpis"]));
        assert!(then.len() > 20);
        for (name, then) in then {
            assert_eq!(again.get(&name), Some(&then), "{name} at {at}");
        }
    }
}

/// Every file below a folder, with its content.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).expect("a readable file"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_past_moment_is_told_again_as_it_was_while_the_server_runs_and_after() {
    let site = Site::new("[queue.sales]\nanswer_threshold = \"20s\"");
    let server = site.start().await;
    let now = unix_seconds();
    append(
        &site.queue_log(),
        &format!(
            "{a}|call-1|sales|NONE|ENTERQUEUE||600100200|1\n\
             {b}|call-1|sales|Agent/7|CONNECT|5|call-1-leg|3\n\
             {c}|call-2|sales|NONE|ENTERQUEUE||600100201|1\n",
            a = now - 60,
            b = now - 55,
            c = now - 50
        ),
    );
    server.settles("offered", "queue=sales&window=today", 2.0).await;
    let filters = ["", "queue=sales", "channel=telegram"];
    let first = said(&server, &filters).await;
    server.telegram(&telegram_message(1, 4001, "hello")).await.expect("an answer");
    append(&site.queue_log(), &format!("{now}|call-2|sales|NONE|ABANDON|1|1|50\n"));
    server.settles("offered", "channel=telegram&window=today", 1.0).await;
    server.settles("abandoned", "queue=sales&window=today", 1.0).await;
    let second = said(&server, &filters).await;

    // Beside the running server, which loses nothing by it.
    check(&site, &first);
    check(&site, &second);
    let at = |said: &[(&str, Value)]| time(said[0].1["at_ms"].as_i64().expect("a time"));
    let (from, to) = (at(&first), at(&second));
    let span = ["--from", &from, "--to", &to, "--step", "1s"];
    let running = replayed(&site, &span);
    server.telegram(&telegram_message(2, 4002, "good morning")).await.expect("an answer");
    server.settles("offered", "channel=telegram&window=today", 2.0).await;
    assert!(server.stop().success());

    // After it, with more in the journal by now: the same bytes, twice, and no file touched.
    let journal = site.path("state/journal");
    let before = files(&journal);
    for format in [[].as_slice(), &["--format", "json"], &["--format", "csv"]] {
        let arguments = [&span, format].concat();
        assert_eq!(replayed(&site, &arguments), replayed(&site, &arguments));
    }
    assert_eq!(replayed(&site, &span), running);
    check(&site, &first);
    check(&site, &second);
    assert_eq!(files(&journal), before);

    // Without the secrets of the server's environment, too.
    let mut bare = tablica();
    bare.env_remove(SECRET_ENV).arg("replay").args(span);
    let bare = bare.arg("--config").arg(site.config()).output().expect("tablica runs");
    assert_eq!(String::from_utf8_lossy(&bare.stdout), running);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_that_was_killed_had_acknowledged_can_be_replayed() {
    let site = Site::new("");
    let server = site.start().await;
    server.telegram(&telegram_message(1, 4001, "hello")).await.expect("an answer");
    server.settles("offered", "channel=telegram&window=today", 1.0).await;
    let said = said(&server, &["", "channel=telegram"]).await;
    server.kill();
    check(&site, &said);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_threshold_differs_where_it_must_and_nowhere_else() {
    let site =
        Site::new("[queue.sales]\nanswer_threshold = \"20s\"\nservice_level = \"sl_offered\"");
    let server = site.start().await;
    let now = unix_seconds();
    append(
        &site.queue_log(),
        &format!(
            "{a}|call-1|sales|NONE|ENTERQUEUE||600100200|1\n\
             {b}|call-1|sales|Agent/7|CONNECT|40|call-1-leg|3\n",
            a = now - 90,
            b = now - 50,
        ),
    );
    server.settles("answered", "queue=sales&window=today", 1.0).await;
    let at_ms = said(&server, &[""]).await[0].1["at_ms"].as_i64().expect("a time");
    assert!(server.stop().success());
    let config = std::fs::read_to_string(site.config()).expect("the config");
    let other = site.path("other.toml");
    std::fs::write(&other, config.replace("\"20s\"", "\"60s\"")).expect("written");

    let (at, other) = (time(at_ms), other.to_string_lossy());
    let diff = ["--from", &at, "--to", &at, "--diff", &*other];
    let document = json(&replayed(&site, &[&diff, ["--json"].as_slice()].concat()));
    assert_eq!(document["steps"], 1);
    for line in document["differences"].as_array().expect("a list") {
        let kpi = line["kpi"].as_str().expect("an id");
        assert_eq!(line["at_ms"], at_ms);
        // Four in time after one that is late are 80 %.
        let (a, b) = if kpi == "service_level_recovery" { (4.0, 0.0) } else { (0.0, 1.0) };
        assert!(kpi.starts_with("sl_") || kpi.starts_with("service_level"), "{line}");
        assert_eq!((&line["a"]["value"], &line["b"]["value"]), (&a.into(), &b.into()));
    }
    let of_sales = [&diff, ["--kpi", "service_level", "--queue", "sales"].as_slice()].concat();
    let text = replayed(&site, &of_sales);
    let line = "service_level{queue=sales} today differs at 1 of 1 moment, most at ";
    assert!(text.contains(line) && text.contains(": A 0.00 %, B 100.00 %"), "{text}");
    let same = [&diff, ["--kpi", "offered"].as_slice()].concat();
    assert!(replayed(&site, &same).contains("No difference: all "), "{same:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_refused_with_what_is() {
    let site = Site::new("");
    // A phone system whose log is not there would be the first event.
    std::fs::write(site.queue_log(), "").expect("a queue log");
    let moment = ["--at", "2026-03-02T09:00"];
    assert!(refused(&site, &moment).contains("no journal can be read in"));
    let server = site.start().await;
    assert!(refused(&site, &moment).contains("holds no event yet"));
    server.telegram(&telegram_message(1, 4001, "hello")).await.expect("an answer");
    let error = refused(&site, &moment);
    assert!(error.contains("--at 2026-03-02T09:00: the journal in "), "{error}");
    assert!(error.contains(" holds 20"), "{error}");
    let today = time(tablica::clock::now_ms());
    let error = refused(&site, &["--at", &today, "--kpi", "servicelevel"]);
    assert!(error.contains("did you mean \"service_level\"?"), "{error}");
    let error = refused(&site, &["--at", &today, "--channel", "telegrm"]);
    assert!(error.contains("known are pbx, telegram, webform"), "{error}");
}

/// Where the reference data is, and the moments it is about.
const EVENTS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/reference-service-level.jsonl");

#[tokio::test(flavor = "multi_thread")]
async fn a_span_runs_again_on_live_boards_and_stops_at_its_end() {
    let site = Site::new("[annotations]\nfile = \"annotations.toml\"\n");
    let mailing = "[[annotation]]\nkind = \"campaign\"\ntitle = \"Spring mailing\"\n\
                   from = 2026-03-02T12:30:00Z\n";
    std::fs::write(site.path("annotations.toml"), mailing).expect("written");
    let (from, to) = ("2026-03-02T09:00:00Z", "2026-03-02T13:00:00Z");
    let span = ["--events", EVENTS, "--from", from, "--to", to, "--speed", "3600"];
    let server = site.replay(&span).await;
    let to_ms = to.parse::<jiff::Timestamp>().expect("a time").as_millisecond();

    let mut moments = Vec::new();
    loop {
        let answer = server.json("/api/v1/kpis?window=60m").await;
        let at_ms = answer["at_ms"].as_i64().expect("a time");
        assert!(at_ms <= to_ms, "never past the end");
        if moments.is_empty() || at_ms == to_ms {
            moments.push(answer);
        }
        if at_ms == to_ms {
            break;
        }
    }
    for answer in &moments {
        let at = time(answer["at_ms"].as_i64().expect("a time"));
        let arguments = ["--events", EVENTS, "--window", "60m", "--at", &at, "--json"];
        let again = numbers(&json(&replayed(&site, &arguments))["kpis"]);
        for (name, then) in numbers(&answer["kpis"]) {
            assert_eq!(again.get(&name), Some(&then), "{name} at {at}");
        }
    }

    let board = server.json("/api/v1/boards/floor").await;
    assert_eq!(board["board"]["replay_speed"], 3600.0);
    assert!(board.to_string().contains("Replay ×3600 · Scenario"), "{board}");
    until_async("the last picture", async || {
        server.json("/api/v1/boards/floor").await["at_ms"] == to_ms
    })
    .await;
    let last = server.json("/api/v1/boards/floor").await.to_string();
    assert!(last.contains("Spring mailing"), "what happened that day explains its trend: {last}");
    assert_eq!(get(server.url("/wall/floor")).await.expect("an answer").status(), 200);

    // Nothing comes in, nothing is exported.
    let answer = server.telegram(&telegram_message(1, 4001, "hello")).await.expect("an answer");
    assert_eq!(answer.status(), 410);
    assert!(answer.text().await.expect("a problem").contains("replay"));
    let metrics = client().get(server.url("/metrics")).send().await.expect("an answer");
    assert_eq!(metrics.status(), 404);
    assert!(!site.path("state").exists(), "no state is made");
    assert!(server.stop().success(), "SIGTERM is a clean end");
}
