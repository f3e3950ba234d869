//! Annotations over HTTP: made on the admin listener, read on both.

use serde_json::{Value, json};
use tablica::config::model;

use super::server::{Answer, Options, Screen, Server, ask};
use crate::support::wait::until_async;

const PATH: &str = "/api/v1/annotations";

async fn post(server: &Server, body: &str) -> Answer {
    let headers = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    ask(server.admin, &format!("POST {PATH}"), &headers, body.as_bytes()).await
}

async fn list(server: &Server, query: &str) -> Value {
    let answer = server.get(&format!("{PATH}{query}")).await;
    assert_eq!(answer.status, 200, "{query}");
    answer.json()
}

fn ids(listed: &Value) -> Vec<&str> {
    let list = listed["annotations"].as_array().expect("a list");
    list.iter().map(|annotation| annotation["id"].as_str().expect("an id")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_made_on_the_admin_listener_and_read_on_both() {
    let server = Server::start(Options::default()).await;
    let campaign = json!({
        "kind": "campaign", "title": "Spring mailing", "queue": "sales",
        "from": "2026-03-02T09:00:00+01:00", "to": "2026-03-06T18:00:00+01:00",
    });
    let made = post(&server, &campaign.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(
        made.json(),
        json!({
            "id": "a1", "kind": "campaign", "title": "Spring mailing", "queue": "sales",
            "from_ms": 1_772_438_400_000_i64, "to_ms": 1_772_816_400_000_i64, "source": "api",
        })
    );
    let read = list(&server, "").await;
    let mut expected = made.json();
    expected["volume"] = json!({
        "turn_ms": 1_772_438_400_000_i64, "span_ms": 86_400_000, "before": null, "after": null,
        "is_whole": true,
    });
    assert_eq!(read, json!({ "annotations": [expected] }));
    let on_admin = ask(server.admin, &format!("GET {PATH}"), "", b"").await;
    assert_eq!(on_admin.json(), read);

    let grafana = list(&server, "?format=grafana&from=1772500000000&to=1772600000000").await;
    assert_eq!(
        grafana,
        json!([{
            "time": 1_772_438_400_000_i64, "timeEnd": 1_772_816_400_000_i64,
            "title": "Spring mailing", "text": "campaign, queue=sales: an unknown number of contacts in the 24 h before, an unknown \
                     number of contacts after",
            "tags": ["campaign", "queue=sales"],
        }])
    );
    let removed = ask(server.admin, &format!("DELETE {PATH}/a1"), "", b"").await;
    assert_eq!((removed.status, removed.body.len()), (204, 0));
    assert!(ids(&list(&server, "").await).is_empty());
    let again = ask(server.admin, &format!("DELETE {PATH}/a1"), "", b"").await;
    assert_eq!((again.status, again.problem().0.as_str()), (404, "unknown-annotation"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_given_its_end_by_sending_it_again() {
    let server = Server::start(Options::default()).await;
    let outage = |to: Value| {
        json!({ "id": "vpn-17", "kind": "outage", "title": "VPN", "channel": "pbx",
                "from": "2026-03-02 09:00", "to": to })
        .to_string()
    };
    assert_eq!(post(&server, &outage(Value::Null)).await.status, 201);
    let ended = post(&server, &outage(json!("2026-03-02 10:30"))).await;
    assert_eq!(ended.status, 200);
    assert_eq!(ended.json()["to_ms"], 1_772_447_400_000_i64);
    for (query, expected) in [
        ("?from=2026-03-02T10:30:00Z", vec!["vpn-17"]),
        ("?from=2026-03-02T10:31:00Z", vec![]),
        ("?to=2026-03-02T08:59:00Z", vec![]),
        ("?channel=pbx&queue=sales", vec!["vpn-17"]),
        ("?channel=telegram", vec![]),
    ] {
        assert_eq!(ids(&list(&server, query).await), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_annotation_is_told_everything_that_is_wrong() {
    let server = Server::start(Options::default()).await;
    let bad = json!({ "kind": "campain", "from": "soon", "quene": "sales" });
    let answer = post(&server, &bad.to_string()).await;
    let (kind, problem) = answer.problem();
    assert_eq!((answer.status, kind.as_str()), (422, "bad-annotation"));
    let errors = problem["errors"].as_array().expect("a list");
    let pointers: Vec<_> = errors.iter().map(|error| error["pointer"].as_str()).collect();
    assert_eq!(pointers, ["#/quene", "#/kind", "#/title", "#/from"].map(Some));
    assert_eq!(errors[1]["detail"], "`kind` is an unknown kind; did you mean `campaign`?");

    let answer = post(&server, "{").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (400, "not-json"));
    let answer = post(&server, &"[".repeat(20_000)).await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (413, "too-large"));
    // What a page of another site can send without asking.
    let plain = "Content-Type: text/plain\r\nContent-Length: 2\r\n";
    let answer = ask(server.admin, &format!("POST {PATH}"), plain, b"{}").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (415, "not-json"));
    for query in ["?from=soon", "?form=2026-03-02", "?format=csv"] {
        let answer = server.get(&format!("{PATH}{query}")).await;
        assert_eq!((answer.status, answer.problem().0.as_str()), (400, "bad-filter"), "{query}");
    }
}

/// Without asking first a page may send bodies of these types only; with asking it needs to be told yes.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_can_change_nothing() {
    let server = Server::start(Options::default()).await;
    let body = json!({ "kind": "outage", "title": "x", "from": "2026-03-02" }).to_string();
    let from = "Origin: https://evil.example\r\n";
    let length = body.len();
    for content in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let headers = format!("{from}Content-Type: {content}\r\nContent-Length: {length}\r\n");
        let answer = ask(server.admin, &format!("POST {PATH}"), &headers, body.as_bytes()).await;
        assert_eq!(answer.status, 403, "{content}");
    }
    for method in ["POST", "DELETE"] {
        let asks = format!(
            "{from}Access-Control-Request-Method: {method}\r\n\
             Access-Control-Request-Headers: content-type\r\n"
        );
        let answer = ask(server.admin, &format!("OPTIONS {PATH}/a1"), &asks, b"").await;
        assert_eq!(answer.status, 405, "{method}");
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
    let read = ask(server.admin, &format!("GET {PATH}"), from, b"").await;
    assert!(!read.head.contains("access-control"), "{}", read.head);
    let listed = read.text();
    assert!(listed.contains("\"annotations\":[]"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_listener_changes_nothing() {
    let server = Server::start(Options::default()).await;
    let posted = server.post(PATH, "Content-Type: application/json\r\n", b"{}").await;
    assert_eq!((posted.status, posted.problem().0.as_str()), (405, "method-not-allowed"));
    let deleted = ask(server.public, &format!("DELETE {PATH}/a1"), "", b"").await;
    assert_eq!((deleted.status, deleted.problem().0.as_str()), (404, "not-found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_are_kept_than_the_limit_and_those_of_the_file_are_the_operators() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("annotations.toml");
    let text =
        "[[annotation]]\nid = \"r1\"\nkind = \"release\"\ntitle = \"1.0\"\nfrom = 2026-01-01\n";
    std::fs::write(&file, text).unwrap();
    let annotations = model::Annotations { file: Some(file), entries_max: 1 };
    let server = Server::start(Options { annotations, ..Options::default() }).await;
    let other = json!({ "kind": "other", "title": "x", "from": "2026-01-02" }).to_string();
    assert_eq!(post(&server, &other).await.status, 201);
    let answer = post(&server, &other).await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (409, "too-many-annotations"));
    let taken = other.replace("\"kind\"", "\"id\":\"r1\",\"kind\"");
    let answer = post(&server, &taken).await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (409, "annotation-in-file"));
    let answer = ask(server.admin, &format!("DELETE {PATH}/r1"), "", b"").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (409, "annotation-in-file"));
    assert_eq!(ids(&list(&server, "").await), ["r1", "a1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_shows_an_annotation_as_soon_as_it_is_made_and_until_it_is_removed() {
    let mut server = Server::start(Options::default()).await;
    server.call_waits("sales").await;
    let mut screen = server.screen("floor").await;
    assert_eq!(screen.next().await["tiles"]["trend"]["marks"], Value::Null);
    let now_ms = tablica::clock::now_ms();
    let campaign = json!({ "kind": "campaign", "title": "Black Friday", "from": now_ms });
    assert_eq!(post(&server, &campaign.to_string()).await.status, 201);
    let marked = async |screen: &mut Screen, wanted: Value| loop {
        let delta = screen.next_of("delta").await;
        let trend = &delta["tiles"]["trend"];
        if !trend.is_null() && trend["marks"] == wanted {
            return;
        }
    };
    let mark = json!([{ "kind": "campaign", "text": "Black Friday", "from_ms": now_ms }]);
    marked(&mut screen, mark).await;
    assert_eq!(ask(server.admin, &format!("DELETE {PATH}/a1"), "", b"").await.status, 204);
    marked(&mut screen, Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_volume_says_how_many_came_after_it_began() {
    let mut server = Server::start(Options::default()).await;
    server.call_waits("sales").await;
    server.call_waits("support").await;
    // The quarter of an hour that is under way: its calls came after it had begun.
    let from = tablica::clock::now_ms() / 900_000 * 900_000;
    for queue in [Value::Null, json!("sales")] {
        let release = json!({ "kind": "release", "title": "1.0", "from": from, "queue": queue });
        assert_eq!(post(&server, &release.to_string()).await.status, 201);
    }
    let after = async || {
        let read = list(&server, "").await;
        [0, 1].map(|at| read["annotations"][at]["volume"]["after"].as_u64())
    };
    until_async("both calls to be counted", async || after().await == [Some(2), Some(1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_only_the_newest_are_weighed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("annotations.toml");
    let entry = |minute: usize| {
        format!(
            "[[annotation]]\nkind = \"release\"\ntitle = \"x\"\nid = \"r{minute}\"\n\
             from = 2026-01-01T{:02}:{:02}:00Z\n",
            minute / 60,
            minute % 60
        )
    };
    std::fs::write(&file, (0..103).map(entry).collect::<String>()).expect("written");
    let annotations = model::Annotations { file: Some(file), ..model::Annotations::default() };
    let server = Server::start(Options { annotations, ..Options::default() }).await;
    let all = list(&server, "").await;
    let all = all["annotations"].as_array().expect("a list");
    let weighed = all.iter().filter(|one| one["volume"].is_object()).count();
    assert_eq!((all.len(), weighed), (103, 100));
    assert!(all[2]["volume"].is_null() && all[3]["volume"].is_object());
}
