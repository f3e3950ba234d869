//! Who is told of an alert by the server itself: over real sockets to stand-ins for a webhook, Telegram, Slack
//! and a mail server.

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::server::{Server, Site, client};
use crate::support::smtp::{Manners, Smtp};
use crate::support::wait::until_async;

/// The alert that is made here.
const ALERT: &str = "TablicaSignatureFailures";
/// What a mail about it is called.
const SUBJECT: &str = "Subject: telegram: 12 requests";
const KEY: &str = "bWFya2VyLWtleS1vZi0yNC1ieXRlcy1hdC1sZWFzdA==";
const TOKEN: &str = "77:marker-token";
const SLACK: &str = "/services/marker-slack";

/// What somebody was sent.
#[derive(Clone, Debug)]
struct Sent {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Sent {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Whether it is about the alert that is made here: a channel whose requests are refused for a
    /// minute is silent, too.
    fn is_of_it(&self) -> bool {
        String::from_utf8_lossy(&self.body).contains(ALERT)
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }
}

/// Takes everything, or nothing while it is told so.
#[derive(Clone, Default)]
struct Others {
    sent: Arc<Mutex<Vec<Sent>>>,
    refuses: Arc<Mutex<bool>>,
}

impl Others {
    async fn start(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(take).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    fn to(&self, path: &str) -> Vec<Sent> {
        let sent = self.sent.lock().expect("a list");
        sent.iter().filter(|it| it.path == path && it.is_of_it()).cloned().collect()
    }

    fn refuse(&self, refuses: bool) {
        *self.refuses.lock().expect("a word") = refuses;
    }
}

async fn take(State(others): State<Others>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let sent = Sent { path: parts.uri.path().to_owned(), headers: parts.headers, body };
    others.sent.lock().expect("a list").push(sent);
    let refuses = *others.refuses.lock().expect("a word");
    if refuses { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

/// Twelve webhooks by somebody who does not know the secret: an alert's rule is ten.
async fn knock(server: &Server) {
    for _ in 0..12 {
        let answer = client().post(server.url("/in/telegram")).body("{}").send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::UNAUTHORIZED);
    }
}

async fn alerts(server: &Server) -> Value {
    let answer = client().get(server.admin_url("/api/v1/alerts")).send().await;
    json_of(answer.expect("an answer")).await
}

async fn json_of(answer: reqwest::Response) -> Value {
    serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
}

async fn has_looked(server: &Server) {
    until_async("the rules to be looked at", async || {
        alerts(server).await["looked_ms"].is_number()
    })
    .await;
}

/// The alert, as soon as it holds.
async fn holds(server: &Server) -> Value {
    let held = Mutex::new(Value::Null);
    until_async("the alert to hold", async || {
        let all = alerts(server).await["alerts"].clone();
        let all = all.as_array().cloned().unwrap_or_default();
        let found = all.into_iter().find(|it| it["alert"] == ALERT);
        let holds = found.is_some();
        *held.lock().expect("a value") = found.unwrap_or_default();
        holds
    })
    .await;
    held.into_inner().expect("a value")
}

/// The alert's row on the operators' wall, as soon as it stands there.
async fn on_the_wall(server: &Server) -> Value {
    let found = Mutex::new(Value::Null);
    until_async("the wall to show it", async || {
        let answer = client().get(server.url("/api/v1/boards/health")).send().await;
        let picture = json_of(answer.expect("an answer")).await;
        let rows = picture["tiles"]["alerts"]["rows"].as_array().cloned().unwrap_or_default();
        let row = rows.into_iter().find(|row| row["title"] == "Wrong signatures");
        let is_there = row.is_some();
        *found.lock().expect("a value") = row.unwrap_or_default();
        is_there
    })
    .await;
    found.into_inner().expect("a value")
}

/// Mails about the alert.
fn mails(smtp: &Smtp) -> usize {
    smtp.taken().iter().filter(|mail| mail.text.contains(SUBJECT)).count()
}

fn site(others: SocketAddr, smtp: &Smtp) -> Site {
    let port = smtp.port();
    let site = Site::new(&format!(
        r#"
[alerts]
look_every = "1s"
group_wait = "1s"

[mail]
server = "127.0.0.1"
port = {port}
tls = "none"
from = "Tablica <tablica@sender.example>"

[notify.oncall]
by = "webhook"
url = "http://{others}/oncall"
secret = {{ file = "oncall.key" }}

[notify.night]
by = "telegram"
api = "http://{others}"
token = {{ file = "telegram.token" }}
chat = -1001

[notify.team]
by = "slack"
url = {{ file = "slack.url" }}

[notify.office]
by = "mail"
to = ["operator@example.com"]
about = "operator"

[notify.floor]
by = "webhook"
url = "http://{others}/floor"
about = "floor"
"#
    ));
    for (file, secret) in [
        ("oncall.key", format!("whsec_{KEY}\n")),
        ("telegram.token", format!("{TOKEN}\n")),
        ("slack.url", format!("http://{others}{SLACK}\n")),
    ] {
        fs::write(site.path(file), secret).expect("a secret");
    }
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_reaches_everybody_whom_it_concerns_once_and_a_restart_tells_nothing_twice() {
    let (others, smtp) = (Others::default(), Smtp::start(Manners::default()).await);
    let site = site(others.start().await, &smtp);
    let server = site.start().await;
    has_looked(&server).await;
    knock(&server).await;

    until_async("the webhook to be told", async || !others.to("/oncall").is_empty()).await;
    let told = &others.to("/oncall")[0];
    let body = told.json();
    assert_eq!(
        (&body["type"], &body["data"]["severity"]),
        (&json!("alert.firing"), &json!("ticket"))
    );
    let alert = &body["data"]["firing"][0];
    assert_eq!(alert["labels"]["channel"], "telegram");
    assert!(alert["summary"].as_str().is_some_and(|it| it.starts_with("telegram: ")), "{alert}");
    // As Standard Webhooks signs.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(&STANDARD.decode(KEY).expect("a key")).expect("it");
    let (id, at) = (told.header("webhook-id"), told.header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(&told.body);
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(told.header("webhook-signature"), signature);

    let telegram = format!("/bot{TOKEN}/sendMessage");
    until_async("Telegram to be told", async || !others.to(&telegram).is_empty()).await;
    let message = others.to(&telegram)[0].json();
    assert_eq!(
        (&message["chat_id"], &message["disable_notification"]),
        (&json!("-1001"), &json!(true))
    );
    assert!(message["text"].as_str().is_some_and(|it| it.contains("telegram: ")), "{message}");
    until_async("Slack to be told", async || !others.to(SLACK).is_empty()).await;
    until_async("a mail", async || mails(&smtp) == 1).await;
    let taken = smtp.taken();
    let mail = taken.iter().find(|mail| mail.text.contains(SUBJECT)).expect("it");
    assert_eq!(mail.to, "operator@example.com");
    // The floor has nothing to do with it.
    assert_eq!(others.to("/floor").len(), 0);

    assert_eq!(holds(&server).await["muted"], Value::Null);
    let row = on_the_wall(&server).await;
    assert_eq!((&row["tone"], &row["of"]), (&json!("warn"), &json!("telegram")), "{row}");
    let status = alerts(&server).await;
    assert!(status["receivers"]["night"]["sent"].as_u64() >= Some(1));
    assert_eq!(status["receivers"]["night"]["trouble"], Value::Null);
    server.counts("tablica_alerts{alert=\"TablicaSignatureFailures\"}", 1).await;
    let messages = "tablica_alert_messages_total{receiver=\"oncall\",result=\"sent\"}";
    until_async("the message to be counted", async || server.metrics().await.contains(messages))
        .await;

    // No secret is anywhere.
    let (output, metrics) = (server.output(), server.metrics().await);
    let kept = |server: Server| {
        assert!(server.stop().success());
        fs::read_to_string(site.path("state/alerts.json")).expect("the file of alerts")
    };
    let state = kept(server);
    for marker in [KEY, TOKEN, "marker-slack", "operator@example.com"] {
        for text in [&output, &metrics, &state, &status.to_string()] {
            assert!(!text.contains(marker), "{marker} in {text}");
        }
    }

    let server = site.start().await;
    has_looked(&server).await;
    assert_eq!(holds(&server).await["muted"], Value::Null, "what was known is known");
    // Twice more the rules are looked at.
    let first = alerts(&server).await["looked_ms"].as_i64().expect("a time");
    until_async("two more looks", async || {
        alerts(&server).await["looked_ms"].as_i64().is_some_and(|it| it >= first + 2000)
    })
    .await;
    assert_eq!((others.to("/oncall").len(), mails(&smtp)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_take_it_is_told_again_and_the_page_says_so() {
    let (others, smtp) = (Others::default(), Smtp::start(Manners::default()).await);
    let site = site(others.start().await, &smtp);
    others.refuse(true);
    let server = site.start().await;
    has_looked(&server).await;
    knock(&server).await;
    until_async("a try that is refused", async || !others.to("/oncall").is_empty()).await;
    until_async("it to be known", async || {
        alerts(&server).await["receivers"]["oncall"]["trouble"] == "it is answered with 503"
    })
    .await;
    server.tells("somebody could not be told of alerts");
    let page = client().get(server.admin_url("/admin/alerts")).send().await.expect("an answer");
    let page = page.text().await.expect("a page");
    assert!(page.contains("it is answered with 503") && page.contains("telegram: "), "{page}");
    others.refuse(false);
    until_async("it to be taken", async || {
        alerts(&server).await["receivers"]["oncall"]["sent"].as_u64() >= Some(1)
    })
    .await;
    let tries = others.to("/oncall");
    assert_eq!(tries[0].header("webhook-id"), tries[1].header("webhook-id"), "the same message");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_silenced_is_shown_and_told_to_nobody() {
    let (others, smtp) = (Others::default(), Smtp::start(Manners::default()).await);
    let site = site(others.start().await, &smtp);
    let server = site.start().await;
    let put = async |wish: Value| {
        let request = client().post(server.admin_url("/api/v1/silences"));
        let request = request.header("content-type", "application/json").body(wish.to_string());
        let answer = request.send().await.expect("an answer");
        (answer.status(), json_of(answer).await)
    };
    let (status, problem) = put(json!({ "lasts": "1h" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let (status, silence) = put(json!({
        "alert": "TablicaSignatureFailures", "labels": { "channel": "telegram" }, "lasts": "1h",
        "by": "ann", "why": "a test of theirs",
    }))
    .await;
    assert_eq!(status, StatusCode::CREATED, "{silence}");
    has_looked(&server).await;
    knock(&server).await;
    assert_eq!(holds(&server).await["muted"], "silenced");
    let row = on_the_wall(&server).await;
    assert_eq!((&row["tone"], &row["lasts"]), (&json!("plain"), &json!("silenced")), "{row}");
    assert_eq!(alerts(&server).await["silences"][0]["why"], "a test of theirs");

    // It outlives a kill.
    until_async("it to be on disk", async || {
        fs::read_to_string(site.path("state/alerts.json"))
            .is_ok_and(|it| it.contains("a test of theirs"))
    })
    .await;
    server.kill();
    let server = site.start().await;
    let silences = alerts(&server).await["silences"].clone();
    assert_eq!(silences[0]["id"], silence["id"]);
    assert_eq!((others.to("/oncall").len(), mails(&smtp)), (0, 0));
    let url = server.admin_url(&format!("/api/v1/silences/{}", silence["id"]));
    let ended = client().delete(url).send().await.expect("an answer");
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    assert_eq!(alerts(&server).await["silences"], json!([]));
}
