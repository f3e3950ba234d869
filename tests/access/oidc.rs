//! Logins by OpenID Connect on a real server, against a provider over loopback that signs for real: who
//! comes in and as what, and everything that a provider, a thief or a stranger's link may try.

use std::path::Path;

use serde_json::Value;

use super::browser::{Who, access, ask, cookie_of, fill, start};
use super::organisation::{
    begin, comes_in, location, log_in, may, open, refused, site_of, told, word_of,
};
use super::provider::{Asked, CLIENT_SECRET, Lie, Provider};
use super::{ACCESS, PASSWORD, session, try_login};
use crate::browser::screenshots;
use crate::support::server::{Site, client};
use crate::support::wait::until_async;

#[tokio::test(flavor = "multi_thread")]
async fn people_come_in_by_their_organisation_with_the_role_of_their_groups() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    let server = start(&site, &["--log", "trace"]);
    let page =
        open(&server.url("/login?next=wall%2Ffloor"), "").await.text().await.expect("a page");
    assert!(page.contains("href=\"login/oidc?next=wall%2Ffloor\""), "{page}");

    provider.is_somebody(
        "planted-subject-7f3a",
        "Anna.Kowalska",
        &["cooks", "contact-center-leads"],
    );
    let answer = log_in(&server, "wall%2Ffloor%3Fscreen%3Dhall").await;
    assert_eq!(location(&answer), "../../wall/floor?screen=hall");
    let anna = Who::Session(cookie_of(&answer, "tablica_session").expect("is in"));
    assert_eq!(may(&server, "/admin/annotations", &anna).await, 200, "a lead");
    assert_eq!(may(&server, "/admin/people", &anna).await, 403, "and no admin");
    let wall = ask("GET", &server.url("/wall/floor"), &anna, None).await;
    assert_eq!(wall.status().as_u16(), 200);

    // The other listener has its own way back.
    let admin = begin(&server.admin_url("/login/oidc?next=admin%2Fchannels")).await;
    assert!(admin.back.starts_with(&server.admin_url("/login/oidc/back?")), "{}", admin.back);
    assert_eq!(location(&open(&admin.back, &admin.cookie).await), "../../admin/channels");

    // What the provider says next time holds for all that they are in by.
    provider.is_somebody("planted-subject-7f3a", "Anna.Kowalska", &["/it/admins"]);
    let again = comes_in(&server).await;
    assert_eq!(may(&server, "/admin/people", &again).await, 200);
    assert_eq!(may(&server, "/admin/people", &anna).await, 200, "the same person");
    let listed: Value = serde_json::from_str(&access(&site, &["list", "--json"])).expect("JSON");
    let people = listed["people"].as_array().expect("people");
    assert_eq!(people.len(), 1);
    assert_eq!(
        (&people[0]["name"], &people[0]["is_vouched"]),
        (&"anna.kowalska".into(), &true.into())
    );

    // Nobody is asked for a password here, and nobody has one.
    let answer = try_login(&server, "anna.kowalska", PASSWORD).await;
    assert_eq!(answer.status().as_u16(), 401);
    let Who::Session(cookie) = &again else { panic!("a session") };
    let account =
        open(&server.admin_url("/admin/account"), &format!("tablica_session={cookie}")).await;
    let account = account.text().await.expect("a page");
    assert!(
        account.contains("organisation") && !account.contains("type=\"password\""),
        "{account}"
    );

    until_async("three logins to be counted", async || {
        let answer = ask("GET", &server.admin_url("/metrics"), &again, None).await;
        let metrics = answer.text().await.expect("metrics");
        metrics.contains("tablica_oidc_logins_total{result=\"ok\"} 3")
    })
    .await;

    // Out here; at the organisation only they can be.
    let (page, out) = (server.admin_url("/admin"), server.admin_url("/logout"));
    let left = fill(&page, &out, &["form_token"], &[], &format!("tablica_session={cookie}")).await;
    assert_eq!(location(&left), "login?said=left");
    assert_eq!(may(&server, "/admin", &again).await, 401);
    let page = open(&server.admin_url("/login?said=left"), "").await.text().await.expect("a page");
    assert!(page.contains(&format!("{}/leave?client_id=tablica+wall", provider.issuer)), "{page}");

    let rows = told(&site);
    let login = "anna.kowalska | login | by openid connect | ok";
    assert_eq!(rows[..3], [login; 3], "{rows:?}");
    let output = server.output();
    for secret in [
        CLIENT_SECRET,
        "planted-access-token",
        "eyJ",
        "planted-subject",
        "owalska",
        cookie.as_str(),
    ] {
        assert!(!output.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_group_here_is_refused_and_out_everywhere() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    access(&site, &["add", "boss", "--role", "admin"]);
    let server = start(&site, &[]);
    provider.is_somebody("1", "eve", &["cooks"]);
    assert_eq!(refused(&server).await, "no-role");
    let page = open(&server.url("/login?said=no-role"), "").await.text().await.expect("a page");
    assert!(page.contains("none of your groups") && page.contains("name=\"password\""), "{page}");

    provider.is_somebody("2", "ben", &["contact-center"]);
    let ben = comes_in(&server).await;
    assert_eq!(may(&server, "/admin", &ben).await, 200);
    provider.is_somebody("2", "ben", &[]);
    assert_eq!(refused(&server).await, "no-role");
    assert_eq!(may(&server, "/admin", &ben).await, 401, "their other logins have ended");

    // A name is whose it was first: neither a password's nor another person's is taken over.
    for subject in ["3", "4"] {
        provider.is_somebody(subject, "BOSS", &["contact-center"]);
        assert_eq!(refused(&server).await, "taken");
    }
    provider.is_somebody("5", "carla", &["contact-center"]);
    comes_in(&server).await;
    provider.is_somebody("6", "carla", &["/it/admins"]);
    assert_eq!(refused(&server).await, "taken");
    provider.is_somebody("7", "<b>x</b>", &["contact-center"]);
    assert_eq!(refused(&server).await, "no-name");

    let who = session(&server, "boss").await;
    assert_eq!(may(&server, "/admin/people", &who).await, 200, "passwords go on as ever");
    let rows = told(&site);
    let no_role = "nobody | login | by openid connect | none of their groups has a role here";
    assert!(rows.iter().any(|row| row == no_role), "{rows:?}");
    assert!(!rows.iter().any(|row| row.contains("eve")), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_role_lets_everybody_of_the_organisation_in() {
    let provider = Provider::start().await;
    let site = site_of(
        &provider,
        "default_role = \"viewer\"\nname_claim = \"nick\"\nbutton = \"Contoso\"",
    );
    let server = start(&site, &[]);
    let page = open(&server.url("/login"), "").await.text().await.expect("a page");
    assert!(page.contains(">Contoso</a>"), "{page}");
    provider.known().claims =
        serde_json::json!({ "sub": "9", "nick": "dora" }).as_object().expect("an object").clone();
    let dora = comes_in(&server).await;
    assert_eq!(may(&server, "/admin", &dora).await, 200);
    assert_eq!(may(&server, "/admin/annotations", &dora).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_that_does_not_hold_lets_anybody_in() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    let server = start(&site, &[]);
    provider.is_somebody("1", "anna", &["/it/admins"]);
    for lie in [
        Lie::Nonce,
        Lie::Audience,
        Lie::Issuer,
        Lie::Expired,
        Lie::Unsigned,
        Lie::Confused,
        Lie::OtherKey,
    ] {
        provider.known().lie = lie;
        assert_eq!(refused(&server).await, "token", "{lie:?}");
    }
    provider.known().lie = Lie::None;
    comes_in(&server).await;
    let rows = told(&site);
    let reasons: Vec<&str> = rows.iter().filter_map(|row| row.split(" | ").nth(3)).collect();
    let does_not = |why: &str| format!("the ID token does not hold: {why}");
    let expected = [
        "it is of another login",
        "it is of another issuer or for another client",
        "it is of another issuer or for another client",
        "it has expired",
        "it is not signed in a way that proves who signed it",
        "it is not signed in a way that proves who signed it",
        "its signature is wrong",
    ];
    assert_eq!(reasons[..7], expected.map(does_not)[..], "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_comes_back_once_to_the_browser_that_began_it() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    let server = start(&site, &[]);
    provider.is_somebody("1", "anna", &["contact-center"]);
    let (one, other) =
        (begin(&server.url("/login/oidc")).await, begin(&server.url("/login/oidc")).await);
    // A link with the thief's own code, sent to somebody.
    assert_eq!(word_of(&open(&one.back, "").await), "stale");
    assert_eq!(word_of(&open(&one.back, &other.cookie).await), "stale");
    let no_state = one.back.replace("state=", "estate=");
    assert_eq!(word_of(&open(&no_state, &one.cookie).await), "stale");
    assert_eq!(provider.known().asked.tokens, 0, "no code was given away");
    let done = open(&one.back, &one.cookie).await;
    assert!(cookie_of(&done, "tablica_session").is_some());
    assert_eq!(cookie_of(&done, "tablica_oidc").as_deref(), Some(""), "it is gone");
    assert_eq!(word_of(&open(&one.back, &one.cookie).await), "stale", "replayed");
    assert_eq!(provider.known().asked.tokens, 1);
    // The other's own state with a code of somebody else: the verifier is not the one.
    let code = begin(&server.url("/login/oidc")).await.back;
    let code = code.split("code=").nth(1).expect("a code").to_owned();
    let (before, _) = other.back.split_once("code=").expect("a code");
    assert_eq!(word_of(&open(&format!("{before}code={code}"), &other.cookie).await), "stale");
    // Strangers do not fill the log of what was done.
    assert_eq!(told(&site).len(), 1, "{:?}", told(&site));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_leads_to_this_server_whatever_the_link_says() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    let server = start(&site, &[]);
    provider.is_somebody("1", "anna", &["contact-center"]);
    for next in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%5Cevil.example",
        "..%2F..%2Fevil",
        "javascript%3Aalert(1)",
        "wall%0d%0aSet-Cookie%3a%20x%3dy",
    ] {
        let answer = log_in(&server, next).await;
        assert_eq!(location(&answer), "../../", "{next}");
        assert!(cookie_of(&answer, "tablica_session").is_some(), "{next}");
    }
    let page =
        open(&server.url("/login?said=%3Cb%3Eplanted%3C%2Fb%3E&next=%22%3E%3Cb%3E"), "").await;
    let page = page.text().await.expect("a page");
    assert!(!page.contains("planted") && !page.contains("\"><b>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_are_asked_for_once_when_one_is_not_known() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    let server = start(&site, &[]);
    assert_eq!(provider.known().asked, Asked::default(), "nobody wants to come in yet");
    provider.is_somebody("1", "anna", &["contact-center"]);
    for _ in 0..2 {
        comes_in(&server).await;
    }
    assert_eq!(provider.known().asked, Asked { description: 1, keys: 1, tokens: 2 });
    provider.rotate("ec-2");
    for _ in 0..2 {
        comes_in(&server).await;
    }
    assert_eq!(provider.known().asked.keys, 2, "the new one is kept");
    // A second unknown one within a minute: whoever makes up names of keys makes nobody ask.
    provider.rotate("ec-3");
    for _ in 0..2 {
        assert_eq!(refused(&server).await, "token");
    }
    assert_eq!(provider.known().asked.keys, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_or_says_no_is_told_in_plain_words() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    access(&site, &["add", "boss", "--role", "admin"]);
    let server = start(&site, &[]);
    provider.known().lie = Lie::Down;
    for _ in 0..4 {
        let answer = open(&server.url("/login/oidc?next=wall%2Ffloor"), "").await;
        assert_eq!(location(&answer), "../login?said=down&next=wall%2Ffloor");
    }
    assert_eq!(provider.known().asked.description, 1, "it is left alone for a while");
    let page = open(&server.url("/login?said=down"), "").await;
    let page = page.text().await.expect("a page");
    assert!(page.contains("does not answer") && page.contains("name=\"password\""), "{page}");
    session(&server, "boss").await;

    provider.known().lie = Lie::None;
    provider.is_somebody("1", "anna", &["contact-center"]);
    until_async("the provider to be asked again", async || {
        let answer = open(&server.url("/login/oidc"), "").await;
        !location(&answer).contains("said=")
    })
    .await;
    comes_in(&server).await;
    // Down again: what it said before is as good as ever, until a code is to be exchanged.
    provider.known().lie = Lie::None;
    let begun = begin(&server.url("/login/oidc")).await;
    provider.known().lie = Lie::Down;
    assert_eq!(word_of(&open(&begun.back, &begun.cookie).await), "down");

    provider.known().lie = Lie::Denied;
    let answer = log_in(&server, "").await;
    assert_eq!(word_of(&answer), "denied");
    let page = open(&server.url("/login?said=denied"), "").await.text().await.expect("a page");
    let everything = format!("{page}{}{}", server.output(), told(&site).join("\n"));
    assert!(!everything.contains("planted text"), "{everything}");
    assert!(everything.contains("let nobody in (access_denied)"), "{everything}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_another_one_is_not_believed() {
    let provider = Provider::start().await;
    provider.known().lie = Lie::OtherName;
    let site = site_of(&provider, "");
    let server = start(&site, &[]);
    let answer = open(&server.url("/login/oidc"), "").await;
    assert_eq!(word_of(&answer), "odd");
    server.tells("it calls itself http://127.0.0.1:1/elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_ends_as_soon_as_guessing_passwords() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    site.configure("login_attempts_max = 30", "login_attempts_max = 3");
    let server = start(&site, &[]);
    provider.is_somebody("1", "eve", &["cooks"]);
    provider.known().lie = Lie::Nonce;
    for _ in 0..3 {
        assert_eq!(refused(&server).await, "token");
    }
    assert_eq!(refused(&server).await, "too-many");
    assert_eq!(provider.known().asked.tokens, 3, "the provider is left alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_lets_nobody_in_is_no_way_to_fill_the_log() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    site.configure("login_attempts_max = 30", "login_attempts_max = 3");
    let server = start(&site, &[]);
    provider.known().lie = Lie::Denied;
    for round in 0..8 {
        let word = if round < 3 { "denied" } else { "too-many" };
        assert_eq!(word_of(&log_in(&server, "").await), word);
    }
    let rows = told(&site);
    assert_eq!(rows.len(), 4, "three, and once that it is enough: {rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_did_is_no_act() {
    let site = Site::new(ACCESS);
    let server = start(&site, &[]);
    for _ in 0..3 {
        assert_eq!(word_of(&open(&server.url("/login/oidc/back?state=x&code=y"), "").await), "off");
        let out = client().post(server.url("/logout")).header("origin", server.url(""));
        out.send().await.expect("an answer");
    }
    assert_eq!(told(&site), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_is_out_whatever_the_reason() {
    let provider = Provider::start().await;
    let site = site_of(&provider, "");
    access(&site, &["add", "boss", "--role", "admin"]);
    let server = start(&site, &[]);
    for (subject, name, word) in [("1", "boss", "taken"), ("2", "<b>", "no-name")] {
        provider.is_somebody(subject, &format!("admin-{subject}"), &["/it/admins"]);
        let admin = comes_in(&server).await;
        assert_eq!(may(&server, "/admin/people", &admin).await, 200);
        // Demoted, and called otherwise.
        provider.is_somebody(subject, name, &["contact-center"]);
        assert_eq!(refused(&server).await, word);
        assert_eq!(may(&server, "/admin", &admin).await, 401, "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_browser_comes_in_by_the_organisation() {
    let provider = Provider::start().await;
    provider.is_somebody("1", "anna.kowalska", &["contact-center-leads"]);
    let site = site_of(&provider, "");
    access(&site, &["add", "boss", "--role", "admin"]);
    let server = start(&site, &[]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/oidc.mjs");
    let mut command = std::process::Command::new("node");
    command.arg(script).args(["--base", &server.admin_url(""), "--walls", &server.url("")]);
    command.args(["--password", PASSWORD]).arg("--screenshots").arg(screenshots());
    let played = tokio::task::spawn_blocking(move || command.output());
    let played = played.await.expect("it ends").expect("node runs");
    let said = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{said}{played:?}");
    println!("{said}");
}
