//! A site whose people come in by their organisation, and a browser without script that does.

use reqwest::Response;
use serde_json::Value;

use super::browser::{Who, access, ask, client, cookie_of};
use super::provider::{CLIENT, CLIENT_SECRET, Provider};
use crate::support::server::{Server, Site};

pub(super) const ACCESS: &str = "[access]\nmetrics_networks = []\nlogin_attempts_max = 30\n";
pub(super) const ROLES: &str = "[access.oidc.roles]\n\"contact-center-leads\" = \"lead\"\n\
                     \"contact-center\" = \"viewer\"\n\"/it/admins\" = \"admin\"\n";

/// A site whose people may come in by that provider.
pub(super) fn site_of(provider: &Provider, more: &str) -> Site {
    let issuer = &provider.issuer;
    let section = format!(
        "{ACCESS}[access.oidc]\nissuer = \"{issuer}\"\nclient_id = \"{CLIENT}\"\n\
         client_secret = {{ file = \"client_secret\" }}\n{more}\n{ROLES}"
    );
    let site = Site::new(&section).with_fixed_ports();
    std::fs::write(site.path("client_secret"), CLIENT_SECRET).expect("written");
    let config = std::fs::read_to_string(site.config()).expect("the config");
    let at = |key: &str| {
        let rest = config.split(&format!("\n{key} = \"")).nth(1).expect("the key");
        rest.split('"').next().expect("its end").to_owned()
    };
    let (public, admin) = (at("listen"), at("admin_listen"));
    let known =
        format!("[server]\npublic_url = \"http://{public}\"\nadmin_url = \"http://{admin}\"");
    site.configure("[server]", &known);
    site
}

/// A login that was begun: the browser's cookie, and where the provider sends it.
pub(super) struct Begun {
    pub(super) cookie: String,
    pub(super) back: String,
}

/// Where an answer sends a browser.
pub(super) fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().expect("text").to_owned()
}

pub(super) async fn open(url: &str, cookie: &str) -> Response {
    let asked = client().get(url).header("cookie", cookie).header("accept", "text/html");
    asked.send().await.expect("an answer")
}

/// From the button to the provider's answer.
pub(super) async fn begin(begin: &str) -> Begun {
    let to_provider = open(begin, "").await;
    assert_eq!(to_provider.status().as_u16(), 303, "{}", location(&to_provider));
    let cookie = cookie_of(&to_provider, "tablica_oidc").expect("a cookie");
    let set = to_provider.headers()["set-cookie"].to_str().expect("text");
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age=600")
    );
    let from_provider = open(&location(&to_provider), "").await;
    Begun { cookie: format!("tablica_oidc={cookie}"), back: location(&from_provider) }
}

/// From the button to the end.
pub(super) async fn log_in(server: &Server, next: &str) -> Response {
    let begun = begin(&server.url(&format!("/login/oidc?next={next}"))).await;
    open(&begun.back, &begun.cookie).await
}

/// Who comes in.
pub(super) async fn comes_in(server: &Server) -> Who {
    let answer = log_in(server, "").await;
    let to = location(&answer);
    Who::Session(cookie_of(&answer, "tablica_session").unwrap_or_else(|| panic!("{to}")))
}

/// The word by which a login is refused; nobody came in.
pub(super) async fn refused(server: &Server) -> String {
    word_of(&log_in(server, "").await)
}

pub(super) fn word_of(answer: &Response) -> String {
    assert!(cookie_of(answer, "tablica_session").is_none(), "somebody came in");
    let to = location(answer);
    let word = to.split("?said=").nth(1).unwrap_or_else(|| panic!("{to}"));
    word.split('&').next().expect("its end").to_owned()
}

pub(super) async fn may(server: &Server, path: &str, who: &Who) -> u16 {
    ask("GET", &server.admin_url(path), who, None).await.status().as_u16()
}

pub(super) fn told(site: &Site) -> Vec<String> {
    let rows = access(site, &["audit", "--json"]);
    let rows = rows.lines().map(|row| serde_json::from_str::<Value>(row).expect("JSON"));
    let told = rows.map(|row| {
        let text = |key: &str| row[key].as_str().expect("text").to_owned();
        ["who", "act", "target", "result"].map(text).join(" | ")
    });
    let mut told: Vec<String> = told.collect();
    told.reverse();
    told
}
