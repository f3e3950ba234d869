//! `/login/oidc`: to the login of somebody's organisation and back. What went wrong is said on the login
//! page, so that no code stays in an address that somebody sees or reloads; nothing that the provider wrote
//! is repeated.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{Here, Login, Note, did, is_own, is_tls};
use crate::access::oidc::{Answered, Begun, Oidc, OidcError};
use crate::board::format::Language;
use crate::http::client::Client;
use crate::http::gate::{Did, Origin, cookie, cookies};

/// What ties a login to its browser, while that is at the provider.
const COOKIE: &str = "tablica_oidc";
/// How the audit log names such a login.
const BY: &str = "by openid connect";

/// Why somebody is on the login page again: the word in its address, and the message.
const SAID: [(&str, &str); 14] = [
    ("down", "oidc-down"),
    ("odd", "oidc-odd"),
    ("stale", "oidc-stale"),
    ("denied", "oidc-denied"),
    ("token", "oidc-token"),
    ("no-role", "oidc-no-role"),
    ("no-groups", "oidc-no-groups"),
    ("no-name", "oidc-no-name"),
    ("taken", "oidc-taken"),
    ("full", "oidc-full"),
    ("too-many", "oidc-too-many"),
    ("busy", "access-busy"),
    ("disk", "oidc-disk"),
    ("off", "oidc-off"),
];
/// They have logged out.
const LEFT: &str = "left";

/// The login of people's organisation, and the way back to this listener.
#[derive(Clone)]
pub(in crate::http) struct Door {
    oidc: Oidc,
    redirect_uri: String,
}

impl Door {
    /// For a listener that people reach at that address.
    pub(in crate::http) fn new(oidc: Oidc, url: &str) -> Self {
        Self { oidc, redirect_uri: format!("{url}/login/oidc/back") }
    }

    /// People reach it by TLS, whatever the connection from the proxy is.
    fn is_tls(&self, client: Option<&Client>) -> bool {
        self.redirect_uri.starts_with("https://") || is_tls(client)
    }

    pub(super) fn button(&self, language: Language, next: &str) -> Markup {
        let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
        let words = self.oidc.settings().button.clone();
        html! {
            p { a.button href={ "login/oidc?next=" (next) } {
                (words.unwrap_or_else(|| language.say("oidc-button")))
            } }
            p.soft {
                a href={ "login/oidc?another=yes&next=" (next) } { (language.say("oidc-another")) }
            }
            h2.or { (language.say("oidc-or")) }
        }
    }
}

/// What they are told who have logged out.
pub(super) fn left(language: Language, page: Option<&str>) -> Markup {
    html! {
        p.said role="status" {
            (language.say("oidc-left"))
            @if let Some(page) = page { " " a href=(page) { (language.say("oidc-leave")) } }
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Begins {
    next: String,
    another: String,
}

/// What the provider has the browser say. Whatever else there is is nobody's.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Back {
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// To the provider.
pub(super) async fn begin(
    State(login): Here,
    client: Option<Extension<Client>>,
    begins: Result<Query<Begins>, QueryRejection>,
) -> Response {
    let Some(door) = &login.oidc else { return Redirect::to("../login?said=off").into_response() };
    let Begins { next, another } = begins.map(|Query(begins)| begins).unwrap_or_default();
    let next = if is_own(&next) { next } else { String::new() };
    match door.oidc.begin(&next, &door.redirect_uri, !another.is_empty()).await {
        Ok(Begun { address, cookie: kept }) => {
            let mut response = Redirect::to(&address).into_response();
            let seconds = door.oidc.settings().login_within.as_secs();
            if let Some(kept) = cookie(COOKIE, &kept, seconds, door.is_tls(client.as_deref())) {
                response.headers_mut().append(header::SET_COOKIE, kept);
            }
            response
        }
        Err(error) => again("../login", error.word(), &next),
    }
}

/// Back from it.
pub(super) async fn back(
    State(login): Here,
    Extension(Origin(from)): Extension<Origin>,
    client: Option<Extension<Client>>,
    back: Result<Query<Back>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Some(door) = &login.oidc else { return again("../../login", "off", "") };
    let is_tls = door.is_tls(client.as_deref());
    let Back { state, code, error, iss: issuer } = back.map(|Query(it)| it).unwrap_or_default();
    let answered = Answered { state, code, error, issuer };
    let kept = cookies(&headers, COOKIE).next().unwrap_or_default().to_owned();
    let mut response = match door.oidc.finish(&kept, &answered, &door.redirect_uri, from).await {
        Ok((logged_in, next)) => {
            let (who, session) = (logged_in.name, logged_in.session);
            let to = format!("../../{}", login.wanted(&next));
            let mut response = Redirect::to(&to).into_response();
            login.remember(&mut response, &session, is_tls);
            did(response, Did { who: Some(who), target: BY.to_owned(), ..Did::default() })
        }
        Err(error) => {
            let response = again("../../login", error.word(), "");
            let is_no_news = match &error {
                // Anybody can say it without end; it is counted.
                OidcError::Stale => true,
                OidcError::TooMany { is_news } => !is_news,
                _ => false,
            };
            tracing::debug!(%error, "no login by OpenID Connect");
            let refused = Some(error.to_string());
            did(response, Did { refused, is_no_news, target: BY.to_owned(), ..Did::default() })
        }
    };
    if let Some(gone) = cookie(COOKIE, "", 0, is_tls) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}

fn again(login: &str, word: &str, next: &str) -> Response {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    Redirect::to(&format!("{login}?said={word}&next={next}")).into_response()
}

impl Login {
    /// What somebody is told who comes to the login page by such an address.
    pub(super) async fn note(&self, said: &str) -> Option<Note> {
        if said == LEFT {
            let page = match &self.oidc {
                Some(door) => door.oidc.log_out_page().await,
                None => None,
            };
            return Some(Note::Left(page));
        }
        let (_, message) = SAID.iter().find(|(word, _)| *word == said)?;
        Some(Note::Wrong(self.hub.site().language.say(message)))
    }
}
