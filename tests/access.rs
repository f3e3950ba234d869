//! Who may do what on a real server with `[access]`: roles, logins, the first set-up, and what is
//! written down of it.

use std::collections::BTreeSet;
use std::path::Path;

use tablica::http::gate::TABLE;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;

use crate::browser::screenshots;
use crate::support::server::{Site, telegram_message};
use crate::support::wait::until_async;

mod browser;
mod oidc;
mod organisation;
mod pages;
mod provider;

use browser::{
    Who, access, ask, client, cookie_of, encoded, field_of, fill, origin, session, set_up_link,
    start, try_login,
};

const ACCESS: &str = "[access]\nmetrics_networks = []\nlogin_attempts_max = 5\n";
const PASSWORD: &str = "planted horse battery";

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_what_it_may_and_no_more() {
    let site = Site::new(ACCESS);
    for name in ["viewer", "lead", "admin"] {
        access(&site, &["add", name, "--role", name]);
    }
    let server = start(&site, &[]);
    let mut all = vec![(0, Who::Nobody)];
    for (rank, name) in [(1, "viewer"), (2, "lead"), (3, "admin")] {
        all.push((rank, session(&server, name).await));
        all.push((
            rank,
            Who::Token(access(&site, &["token", "new", &format!("{name}-bot"), "--role", name])),
        ));
    }
    let Some((_, Who::Token(last))) = all.last() else { panic!("a token") };
    until_async("the last token to be known", async || {
        let who = Who::Token(last.clone());
        ask("GET", &server.admin_url("/admin/audit"), &who, None).await.status().is_success()
    })
    .await;
    // By the definition: viewer sees, lead sees to the day, admin may everything.
    let note = r#"{"kind": "other", "title": "x", "from": "2026-03-02"}"#;
    let kinds: [(&str, String, Option<&str>, u8); 30] = [
        ("GET", server.url("/assets/none.js"), None, 0),
        ("GET", server.url("/login"), None, 0),
        ("GET", server.url("/api/v1/openapi.json"), None, 0),
        ("GET", server.url("/livez"), None, 1),
        ("GET", server.url("/readyz"), None, 1),
        ("GET", server.url("/"), None, 1),
        ("GET", server.url("/wall/floor"), None, 1),
        ("GET", server.url("/ws/v1/boards/floor"), None, 1),
        ("GET", server.url("/receipt/floor/waiting"), None, 1),
        ("GET", server.url("/api/v1/kpis"), None, 1),
        ("GET", server.url("/api/v1/annotations"), None, 1),
        ("GET", server.admin_url("/metrics"), None, 1),
        ("GET", server.admin_url("/admin"), None, 1),
        ("GET", server.admin_url("/admin/annotations"), None, 2),
        ("GET", server.admin_url("/admin/channels"), None, 2),
        ("GET", server.admin_url("/admin/screens"), None, 2),
        ("GET", server.admin_url("/api/v1/screens"), None, 2),
        ("POST", server.admin_url("/api/v1/annotations"), Some(note), 2),
        ("DELETE", server.admin_url("/api/v1/annotations/nothing"), None, 2),
        ("GET", server.admin_url("/api/v1/reports"), None, 1),
        ("GET", server.admin_url("/api/v1/reports/daily/2020-01-01"), None, 1),
        ("GET", server.admin_url("/admin/messages"), None, 2),
        ("GET", server.admin_url("/admin/reports"), None, 2),
        ("GET", server.admin_url("/admin/reports/daily/2020-01-01"), None, 2),
        ("GET", server.admin_url("/admin/screens/picture/hall"), None, 3),
        ("GET", server.admin_url("/admin/people"), None, 3),
        ("GET", server.admin_url("/admin/audit"), None, 3),
        ("POST", server.admin_url("/api/v1/reload"), Some("{}"), 3),
        ("POST", server.admin_url("/admin/screens/picture"), None, 3),
        ("POST", server.admin_url("/admin/people/remove"), None, 3),
    ];
    for (method, url, body, least) in &kinds {
        for (rank, who) in &all {
            let status = ask(method, url, who, *body).await.status().as_u16();
            let is_in = !matches!(status, 401 | 403);
            // A form without its page's token goes no further for anybody with a login.
            let is_form = url.ends_with("/people/remove") || url.ends_with("/screens/picture");
            let expected = rank >= least && !is_form;
            let is_tokens_form = is_form && rank >= least && status == 415;
            assert!(is_in == expected || is_tokens_form, "{method} {url} by {who:?}: {status}");
        }
    }
    // Networks have no login.
    let answer = server.telegram(&telegram_message(1, 2, "hello")).await.expect("an answer");
    assert!(answer.status().is_success());
    let browser = client().get(server.url("/wall/floor?screen=x")).header("accept", "text/html");
    let sent = browser.send().await.expect("an answer");
    assert_eq!(sent.headers()["location"], "../login?next=wall%2Ffloor%3Fscreen%3Dx");
    let by_query = server.url("/api/v1/kpis?token=x&access_token=y");
    assert_eq!(ask("GET", &by_query, &Who::Nobody, None).await.status().as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn walls_stay_open_for_the_networks_that_are_listed() {
    let site = Site::new("[access]\nopen_networks = [\"127.0.0.0/8\"]\n");
    let server = site.start().await;
    assert!(ask("GET", &server.url("/wall/floor"), &Who::Nobody, None).await.status().is_success());
    let wall = server.url("/ws/v1/boards/floor").replace("http://", "ws://");
    let authority = wall.split('/').nth(2).expect("an authority");
    let stream = TcpStream::connect(authority).await.expect("the server listens");
    client_async(wall.as_str(), stream).await.expect("let in");
    let admin = ask("GET", &server.admin_url("/admin"), &Who::Nobody, None).await;
    assert_eq!(admin.status().as_u16(), 401, "administration is no wall");
    server.counts("tablica_logins_total{result=\"failed\"}", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_up_link_makes_one_admin_whose_login_outlives_a_restart() {
    let site = Site::new(ACCESS).with_fixed_ports();
    let server = start(&site, &[]);
    let link = set_up_link(&server);
    let action = server.admin_url("/set-up");
    let fields = [("name", "Anna"), ("password", PASSWORD)];
    let answer = fill(&link, &action, &["form_token", "link"], &fields, "").await;
    assert_eq!(answer.status().as_u16(), 303);
    let anna = Who::Session(cookie_of(&answer, "tablica_session").expect("is in"));
    let people = server.admin_url("/admin/people");
    assert!(ask("GET", &people, &anna, None).await.status().is_success());
    let again = client().get(&link).send().await.expect("an answer");
    assert_eq!(again.status().as_u16(), 410, "the link works once");
    server.kill();
    let server = start(&site, &[]);
    assert!(!server.output().contains("/set-up/"), "there is an admin");
    assert!(ask("GET", &people, &anna, None).await.status().is_success(), "still in");
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_ends_soon_and_tells_nothing() {
    let site = Site::new(ACCESS);
    access(&site, &["add", "anna", "--role", "admin"]);
    let server = start(&site, &[]);
    let wrong = try_login(&server, "anna", "wrong horse battery").await;
    assert_eq!(wrong.status().as_u16(), 401);
    let unknown = try_login(&server, "nobody", "wrong horse battery").await;
    assert_eq!(unknown.status().as_u16(), 401);
    let plain = |page: String| page.replace(&field_of(&page, "form_token"), "");
    let (wrong, unknown) =
        (wrong.text().await.expect("a page"), unknown.text().await.expect("a page"));
    assert_eq!(plain(wrong), plain(unknown), "whether there is such a person");
    for _ in 0..3 {
        assert_eq!(try_login(&server, "anna", "wrong horse battery").await.status().as_u16(), 401);
    }
    let limited = try_login(&server, "anna", PASSWORD).await;
    assert_eq!(limited.status().as_u16(), 429, "also with the right one");
    assert!(limited.headers().contains_key("retry-after"));
    assert!(cookie_of(&limited, "tablica_session").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_another_site_acts_in_somebodys_name() {
    let site = Site::new(ACCESS);
    access(&site, &["add", "anna", "--role", "admin"]);
    let server = start(&site, &[]);
    let Who::Session(anna) = session(&server, "anna").await else { panic!("a session") };
    let cookie = format!("tablica_session={anna}");
    let url = server.admin_url("/admin/people");
    let page = client().get(&url).header("cookie", &cookie).send().await.expect("a page");
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(
        policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"),
        "{policy}"
    );
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    let page = page.text().await.expect("a page");
    let token = field_of(&page, "form_token");
    let post = async |origin: Option<&str>, site: Option<&str>, token: &str| {
        let mut form = client().post(&url).header("cookie", &cookie);
        form = origin.into_iter().fold(form, |form, it| form.header("origin", it));
        form = site.into_iter().fold(form, |form, it| form.header("sec-fetch-site", it));
        let fields =
            [("form_token", token), ("name", "eve"), ("role", "admin"), ("password", PASSWORD)];
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        form.body(encoded(&fields)).send().await.expect("an answer").status().as_u16()
    };
    let own = origin(&url);
    assert_eq!(post(Some("https://evil.example"), None, &token).await, 403);
    assert_eq!(post(Some("null"), None, &token).await, 403);
    assert_eq!(post(None, None, &token).await, 403, "a browser says where it is from");
    assert_eq!(post(Some(&own), Some("cross-site"), &token).await, 403);
    assert_eq!(post(Some(&own), Some("same-site"), &token).await, 403);
    assert_eq!(post(Some(&own), Some("same-origin"), "").await, 403, "a page was not made for it");
    assert_eq!(post(Some(&own), Some("same-origin"), &"0".repeat(64)).await, 403);
    assert_eq!(post(Some(&own), Some("same-origin"), &token).await, 303);
    let wall = server.url("/ws/v1/boards/floor");
    let foreign =
        client().get(&wall).header("cookie", &cookie).header("origin", "https://evil.example");
    let foreign = foreign.header("connection", "upgrade").header("upgrade", "websocket");
    let foreign = foreign
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
    assert_eq!(foreign.send().await.expect("an answer").status().as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_written_down_and_no_secret_anywhere() {
    let site = Site::new(ACCESS);
    access(&site, &["add", "anna", "--role", "admin"]);
    let token = access(&site, &["token", "new", "ci", "--role", "admin"]);
    let server = start(&site, &["--log", "trace"]);
    let _ = try_login(&server, "anna", "mistyped horse battery").await;
    let _ = try_login(&server, "the password in the name field", "x").await;
    let anna = session(&server, "anna").await;
    let bot = Who::Token(token.clone());
    let note = r#"{"id": "vpn", "kind": "outage", "title": "VPN", "from": "2026-03-02"}"#;
    let url = server.admin_url("/api/v1/annotations");
    assert_eq!(ask("POST", &url, &anna, Some(note)).await.status().as_u16(), 201);
    let url = server.admin_url("/api/v1/annotations/vpn");
    assert_eq!(ask("DELETE", &url, &bot, None).await.status().as_u16(), 204);
    access(&site, &["token", "revoke", "ci"]);
    let rows = access(&site, &["audit", "--json"]);
    let rows: Vec<serde_json::Value> =
        rows.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect();
    let told: Vec<String> = rows
        .iter()
        .rev()
        .map(|row| {
            ["who", "act", "target", "result"]
                .map(|key| row[key].as_str().expect("text"))
                .join(" | ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "console | person_add | anna (admin) | ok",
            "console | token_add | ci (admin) | ok",
            "anna | login |  | the name or the password is wrong",
            "nobody | login |  | the name or the password is wrong",
            "anna | login |  | ok",
            "anna | annotation_put |  | ok",
            "token ci | annotation_remove | vpn | ok",
            "console | token_revoke | ci | ok",
        ]
        .map(|row| row.replace("token_revoke", "token_remove"))
    );
    let mut metrics = String::new();
    until_async("two failures to be counted", async || {
        let answer = ask("GET", &server.admin_url("/metrics"), &anna, None).await;
        metrics = answer.text().await.expect("metrics");
        metrics.contains("tablica_logins_total{result=\"failed\"} 2")
    })
    .await;
    let Who::Session(cookie) = &anna else { panic!("a session") };
    let output = server.output();
    let mut files = vec![site.path("state")];
    let mut looked = 0;
    let secrets =
        [PASSWORD, "mistyped horse battery", "the password in the name field", &token, cookie];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path).expect("a folder").map(|it| it.expect("a file").path()),
            );
            continue;
        }
        let bytes = std::fs::read(&path).expect("read");
        looked += 1;
        for secret in secrets {
            let has = bytes.windows(secret.len()).any(|piece| piece == secret.as_bytes());
            assert!(!has, "a secret is in {}", path.display());
        }
    }
    assert!(looked > 3);
    for secret in secrets {
        assert!(!output.contains(secret) && !metrics.contains(secret), "a secret is told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_section_the_admin_listener_is_open_and_its_forms_are_its_own() {
    let site = Site::new("");
    let server = site.start().await;
    assert!(!server.output().contains("/set-up/"));
    assert!(server.webform("no JSON").await.status().is_client_error());
    let page = server.admin_url("/admin/channels");
    until_async("what could not be read to be on the page", async || {
        let answer = ask("GET", &page, &Who::Nobody, None).await;
        answer.text().await.expect("a page").contains("Read it again")
    })
    .await;
    let retry = server.admin_url("/admin/channels/retry");
    let foreign = client().post(&retry).header("origin", "https://evil.example");
    let foreign = foreign.header("content-type", "application/x-www-form-urlencoded");
    let foreign = foreign.body(encoded(&[("channel", "webform")])).send().await;
    assert_eq!(foreign.expect("an answer").status().as_u16(), 403);
    let fields = [("channel", "webform")];
    let asked = fill(&page, &retry, &["form_token"], &fields, "").await;
    assert_eq!(asked.status().as_u16(), 303);
    until_async("it to be tried again", async || {
        let listed = site.command(&["quarantine", "list"]);
        String::from_utf8_lossy(&listed.stdout).contains("held, 1 retried")
    })
    .await;
    for closed in ["/admin/people", "/admin/audit", "/login"] {
        let answer = ask("GET", &server.admin_url(closed), &Who::Nobody, None).await;
        assert_eq!(answer.status().as_u16(), 404, "{closed}");
    }
}

/// A route without a rule is closed to everybody: this finds it before an operator does.
#[test]
fn every_route_has_a_rule_and_every_rule_a_route() {
    let mut routed = BTreeSet::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(path).expect("a folder").map(|it| it.expect("a file").path()),
            );
            continue;
        }
        let source = std::fs::read_to_string(path).expect("a source");
        let routes = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
        routed.extend(routes.map(str::to_owned));
    }
    let ruled: BTreeSet<String> = TABLE.iter().map(|rule| rule.path.to_owned()).collect();
    assert_eq!(routed, ruled);
    let described: serde_json::Value =
        serde_json::from_str(&tablica::http::openapi::document()).expect("JSON");
    for (path, item) in described["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            let has = TABLE
                .iter()
                .any(|rule| rule.path == path && rule.method.as_str().eq_ignore_ascii_case(method));
            assert!(has, "{method} {path}");
        }
    }
    for rule in TABLE {
        // A screen asks every two seconds what it is to show and draws what an admin has asked for, and an
        // editor how its draft looks.
        let asks = ["/screen/state", "/screen/picture", "/admin/boards/{board}/draft"];
        // A provider of OpenID Connect lets people in by an address that it sends them back to.
        let is_question =
            (rule.method == "GET" && rule.path != "/login/oidc/back") || asks.contains(&rule.path);
        assert_eq!(
            rule.act.is_some(),
            !is_question,
            "{rule:?}: a change has a name in the audit log"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administration_works_without_script_and_for_everybody() {
    let site = Site::new(ACCESS);
    let server = start(&site, &[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/admin.mjs");
    let mut command = std::process::Command::new("node");
    command.arg(script).args(["--base", &server.admin_url(""), "--link", &set_up_link(&server)]);
    let played = command.arg("--screenshots").arg(screenshots()).output().expect("node runs");
    let said = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{said}{played:?}");
    println!("{said}");
}
