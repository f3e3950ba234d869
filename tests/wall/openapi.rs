//! What the server answers is what its description says, and the other way round.

use serde_json::{Value, json};

use super::server::{Options, Server, ask};
use crate::support::schema::differences;
use crate::support::wait::until_so;

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_described() {
    let mut server = Server::start(Options::default()).await;
    server.call_waits("sales").await;
    let hub = server.hub.clone();
    until_so("the call to be known", || hub.applied() == 2).await;
    let document = server.get("/api/v1/openapi.json").await.json();

    let outage = json!({ "kind": "outage", "title": "VPN", "from": "2026-03-02",
                         "to": "2026-03-03", "channel": "pbx", "queue": "sales" })
    .to_string();
    let sent: Value = serde_json::from_str(&outage).expect("JSON");
    assert_eq!(differences(&document, "NewAnnotation", &sent), [""; 0]);
    let length = outage.len();
    let head = format!("Content-Type: application/json\r\nContent-Length: {length}\r\n");
    let made = ask(server.admin, "POST /api/v1/annotations", &head, outage.as_bytes()).await;
    assert_eq!(differences(&document, "Annotation", &made.json()), [""; 0]);
    let bad = ask(server.admin, "POST /api/v1/annotations", &head, &vec![b' '; length]).await;
    assert_eq!(differences(&document, "Problem", &bad.json()), [""; 0]);

    let _hall = server.screen("floor?screen=hall").await;
    server.screen("floor?screen=lobby").await.leave().await;
    let screens = ask(server.admin, "GET /api/v1/screens", "", b"").await;
    assert_eq!(differences(&document, "ScreenList", &screens.json()), [""; 0]);

    for (path, schema) in [
        ("/api/v1/kpis?window=5m", "Numbers"),
        ("/api/v1/kpis?queue=sales&channel=pbx", "Numbers"),
        ("/api/v1/kpis/service_level/receipt", "NumberWithReceipt"),
        ("/api/v1/staffing?queue=sales", "Staffing"),
        ("/api/v1/staffing?day=2026-03-29", "Staffing"),
        ("/api/v1/staffing?day=2026-02-30", "Problem"),
        ("/api/v1/boards", "BoardList"),
        ("/api/v1/boards/floor", "BoardSnapshot"),
        ("/api/v1/channels", "ChannelList"),
        ("/api/v1/annotations", "AnnotationAnswer"),
        ("/api/v1/annotations?format=grafana", "AnnotationAnswer"),
        ("/api/v1/kpis?window=x", "Problem"),
        ("/api/v1/boards/flor", "Problem"),
    ] {
        let answer = server.get(path).await.json();
        assert_eq!(differences(&document, schema, &answer), [""; 0], "{path}");
    }
}

#[test]
fn an_answer_that_is_not_as_described_is_noticed() {
    let document: Value =
        serde_json::from_str(&tablica::http::openapi::document()).expect("the description");
    let wrong = json!({ "channels": [{ "name": 7, "more": true }], "chanels": [] });
    assert_eq!(
        differences(&document, "ChannelList", &wrong),
        [
            "ChannelList: `chanels` is not described",
            "ChannelList.channels[0].name: 7 is no \"string\"",
        ]
    );
    assert_eq!(
        differences(&document, "Annotation", &json!({ "kind": "party" })).len(),
        5,
        "id, title, from_ms and source are missing, and there is no such kind"
    );
}
