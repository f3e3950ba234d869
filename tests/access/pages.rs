//! What somebody is told who may not: people in a browser a page in the site's language with what to do,
//! programs problem+json.

use reqwest::Response;

use super::browser::{Who, access, ask, client, encoded, field_of, origin, start};
use super::{ACCESS, session};
use crate::support::server::{Server, Site};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn as_browser(url: &str, who: &Who) -> Response {
    let cookie = match who {
        Who::Session(session) => format!("tablica_session={session}"),
        _ => String::new(),
    };
    let asked = client().get(url).header("accept", BROWSER).header("cookie", cookie);
    asked.send().await.expect("an answer")
}

fn is_page(answer: &Response) -> bool {
    answer.headers()["content-type"].to_str().expect("text").starts_with("text/html")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_in_their_language_what_to_do_and_programs_in_json() {
    let site = Site::new(ACCESS);
    site.configure("[site]", "[site]\nlanguage = \"pl\"");
    access(&site, &["add", "anna", "--role", "viewer"]);
    let server = start(&site, &[]);
    let anna = session(&server, "anna").await;
    let people = server.admin_url("/admin/people");

    let page = as_browser(&people, &anna).await;
    assert_eq!((page.status().as_u16(), is_page(&page)), (403, true));
    let page = page.text().await.expect("a page");
    for part in ["lang=\"pl\"", "Administrator", "anna", "Widz", "action=\"../logout\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let problem = ask("GET", &people, &anna, None).await;
    assert_eq!(problem.headers()["content-type"], "application/problem+json");
    assert_eq!(problem.status().as_u16(), 403);
    let api = as_browser(&server.url("/api/v1/kpis"), &Who::Nobody).await;
    assert_eq!((api.status().as_u16(), is_page(&api)), (401, false), "an address of programs");

    // A form whose login has ended, and one of another login.
    let send = async |cookie: &str| {
        let url = server.admin_url("/admin/account");
        let form = client().post(&url).header("accept", BROWSER).header("origin", origin(&url));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let fields = encoded(&[("form_token", "0"), ("password", "x"), ("new_password", "y")]);
        form.header("cookie", cookie).body(fields).send().await.expect("an answer")
    };
    let ended = send("").await;
    assert_eq!((ended.status().as_u16(), is_page(&ended)), (401, true));
    assert_eq!(ended.headers()["www-authenticate"], "Bearer");
    let ended = ended.text().await.expect("a page");
    assert!(ended.contains("Nie jesteś już zalogowany"), "{ended}");
    let Who::Session(cookie) = &anna else { panic!("a session") };
    let old = send(&format!("tablica_session={cookie}")).await;
    assert_eq!((old.status().as_u16(), is_page(&old)), (403, true));
    assert!(old.text().await.expect("a page").contains("Ta strona była zbyt stara"));
}

/// Through a proxy all have its address; the limit is of those for whom it asks.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_of_screens_are_counted_for_whom_a_trusted_proxy_asks() {
    let site = Site::new(&format!("{ACCESS}\n[pairing]\nwrong_per_address_max = 2\n"));
    site.configure("[server]", "[server]\ntrusted_proxies = [\"127.0.0.1\"]");
    access(&site, &["add", "anna", "--role", "lead"]);
    let token = access(&site, &["token", "new", "bot", "--role", "lead"]);
    let server = start(&site, &[]);
    let tries = async |server: &Server, from: &str| {
        let asked = |request: reqwest::RequestBuilder| {
            let request = request.header("authorization", format!("Bearer {token}"));
            request.header("x-forwarded-for", from)
        };
        let page = asked(client().get(server.admin_url("/admin/screens"))).send().await;
        let page = page.expect("an answer").text().await.expect("a page");
        let form_token = field_of(&page, "form_token");
        let fields = [
            ("form_token", form_token.as_str()),
            ("code", "BBBB-BBBB"),
            ("name", "hall"),
            ("shows", "board:floor"),
        ];
        let form = asked(client().post(server.admin_url("/admin/screens/approve")));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let done = form.body(encoded(&fields)).send().await.expect("an answer");
        let to = done.headers()["location"].to_str().expect("text").to_owned();
        to.split("said=").nth(1).and_then(|it| it.split('&').next()).expect("a word").to_owned()
    };
    for _ in 0..2 {
        assert_eq!(tries(&server, "198.51.100.7").await, "wrong-code");
    }
    assert_eq!(tries(&server, "198.51.100.7").await, "limit");
    assert_eq!(tries(&server, "198.51.100.8").await, "wrong-code", "another address");
}
