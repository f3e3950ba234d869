//! `/login` and `/logout`: how people come in, with and without script: by a password, or by the login
//! of their organisation.

mod oidc;
pub(super) mod set_up;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::client::Client;
use super::forms::{self, token_field};
use super::gate::{Did, FORM_COOKIE, Origin, SESSION_COOKIE, cookie, cookies};
use super::page::{Width, shell};
use super::{Problem, headers};
use crate::access::{Access, ChangeError, LoggedIn, LoginError, PASSWORD_CHARS_MIN};
use crate::board::format::Language;
use crate::board::hub::HubHandle;
pub(super) use oidc::Door;

/// A form that was opened stays good for so long.
const FORM_S: u64 = 60 * 60;

#[derive(Clone)]
struct Login {
    access: Access,
    hub: HubHandle,
    body_timeout: Duration,
    /// Where people go who wanted nothing else; empty for the list of boards, beside the walls.
    home: &'static str,
    /// The login of their organisation, where there is one that leads back here.
    oidc: Option<Door>,
}

/// Where somebody wanted to go, `?next=wall/floor`, and what they are told.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    next: String,
    said: String,
}

/// What stands above the form.
enum Note {
    /// What went wrong.
    Wrong(String),
    /// They are out, and may be in at their organisation still: its page for that.
    Left(Option<String>),
}

pub(super) fn routes(
    access: Access,
    hub: HubHandle,
    body_timeout: Duration,
    home: &'static str,
    door: Option<Door>,
) -> Router {
    Router::new()
        .route("/login", get(ask).post(log_in))
        .route("/login/oidc", get(oidc::begin))
        .route("/login/oidc/back", get(oidc::back))
        .route("/logout", post(log_out))
        .with_state(Arc::new(Login { access, hub, body_timeout, home, oidc: door }))
}

type Here = State<Arc<Login>>;

async fn ask(
    State(login): Here,
    client: Option<Extension<Client>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let note = login.note(&wanted.said).await;
    let (form, is_tls) = (known_form(&headers), is_tls(client.as_deref()));
    login.page(StatusCode::OK, note.as_ref(), &wanted.next, &form, is_tls)
}

async fn log_in(
    State(login): Here,
    Extension(Origin(from)): Extension<Origin>,
    client: Option<Extension<Client>>,
    request: Request,
) -> Response {
    let is_tls = is_tls(client.as_deref());
    let secret = known_form(request.headers());
    let form = match forms::read(request, &secret, login.body_timeout).await {
        Ok(form) => form,
        Err(problem) => return problem.into_response(),
    };
    let next = form.get("next").to_owned();
    match login.access.log_in(form.get("name"), form.secret("password"), from).await {
        Ok(logged_in) => login.let_in(&login.destination(&next), logged_in, is_tls),
        Err(error) => login.not_in(&error, &next, &secret, is_tls),
    }
}

async fn log_out(
    State(login): Here,
    client: Option<Extension<Client>>,
    request: Request,
) -> Response {
    let Some(session) = cookies(request.headers(), SESSION_COOKIE).next().map(str::to_owned) else {
        return Redirect::to("login").into_response();
    };
    if let Err(problem) = forms::read(request, &session, login.body_timeout).await {
        return problem.into_response();
    }
    let who = login.access.by_session(&session).map(|who| who.name);
    let is_vouched = who.is_some_and(|name| login.access.is_vouched(&name));
    if let Err(error) = login.access.log_out(&session).await {
        return unavailable(&error.to_string());
    }
    let after = if is_vouched { "login?said=left" } else { "login" };
    let mut response = Redirect::to(after).into_response();
    if let Some(gone) = cookie(SESSION_COOKIE, "", 0, is_tls(client.as_deref())) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}

impl Login {
    fn page(
        &self,
        status: StatusCode,
        note: Option<&Note>,
        next: &str,
        secret: &str,
        is_tls: bool,
    ) -> Response {
        let site = self.hub.site();
        let language = site.language;
        let (secret, is_new) = secret_or_new(secret);
        let body = html! {
            main {
                p.crumbs { (site.name) }
                h1 { (language.say("access-log-in")) }
                @match note {
                    Some(Note::Wrong(wrong)) => { p.wrong role="alert" { (wrong) } },
                    Some(Note::Left(page)) => (oidc::left(language, page.as_deref())),
                    None => {},
                }
                @if let Some(door) = &self.oidc { (door.button(language, next)) }
                form.stack method="post" action="login" {
                    (token_field(&secret))
                    input type="hidden" name="next" value=(next);
                    (field(language, "access-name", "name", "text", "username"))
                    (field(language, "access-password", "password", "password", "current-password"))
                    button type="submit" { (language.say("access-log-in")) }
                }
                // Screens come in where walls are, not on the admin listener.
                @if self.home.is_empty() {
                    p.soft { (language.say("access-screen")) " " a href="screen" { "/screen" } }
                }
            }
        };
        let response =
            shell(status, language, &language.say("access-log-in"), Width::Narrow, &body);
        with_form_cookie(response, &secret, is_new, is_tls)
    }

    fn not_in(&self, error: &LoginError, next: &str, secret: &str, is_tls: bool) -> Response {
        let language = self.hub.site().language;
        let mut noted = Did { refused: Some(error.to_string()), ..Did::default() };
        let (status, words) = match error {
            LoginError::Wrong { person } => {
                noted.who = Some(person.clone().unwrap_or_else(|| "nobody".to_owned()));
                (StatusCode::UNAUTHORIZED, language.say("access-wrong"))
            }
            LoginError::TooMany { again_in_s, is_news } => {
                noted.is_no_news = !is_news;
                let minutes = i64::from(again_in_s.div_ceil(60));
                let words = language
                    .tell("access-too-many", [("length", language.minutes(minutes).into())]);
                (StatusCode::TOO_MANY_REQUESTS, words)
            }
            LoginError::Busy => (StatusCode::SERVICE_UNAVAILABLE, language.say("access-busy")),
            LoginError::Store(error) => return unavailable(&error.to_string()),
        };
        let note = Note::Wrong(words);
        let mut response = self.page(status, Some(&note), next, secret, is_tls);
        if let LoginError::TooMany { again_in_s, .. } = error {
            response.headers_mut().insert(header::RETRY_AFTER, (*again_in_s).into());
        }
        did(response, noted)
    }

    /// To where somebody goes who has just logged in.
    fn let_in(&self, to: &str, LoggedIn { name, session }: LoggedIn, is_tls: bool) -> Response {
        let mut response = Redirect::to(to).into_response();
        self.remember(&mut response, &session, is_tls);
        did(response, Did { who: Some(name), ..Did::default() })
    }

    fn remember(&self, response: &mut Response, session: &str, is_tls: bool) {
        let seconds = self.access.settings().session().as_secs();
        if let Some(cookie) = cookie(SESSION_COOKIE, session, seconds, is_tls) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        if let Some(gone) = cookie(FORM_COOKIE, "", 0, is_tls) {
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
    }

    /// From the login page, within this server.
    fn destination(&self, next: &str) -> String {
        format!("./{}", self.wanted(next))
    }

    /// From the root of this server.
    fn wanted<'a>(&self, next: &'a str) -> &'a str {
        if is_own(next) { next } else { self.home }
    }
}

/// Somewhere on this server: nothing that a browser could read as another one's address.
fn is_own(next: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_.~%-?=&".contains(c);
    !next.is_empty()
        && !next.starts_with('/')
        && !next.contains("//")
        && !next.contains("..")
        // A browser reads these as dots.
        && !next.to_ascii_lowercase().contains("%2e")
        && next.chars().all(fits)
}

/// What is wrong, in the page's language where it has words for it.
pub(super) fn mistake(language: Language, error: &ChangeError) -> String {
    let words = match error {
        ChangeError::BadName => "access-bad-name",
        ChangeError::BadPassword => {
            return language.tell("access-password-rule", [("count", PASSWORD_CHARS_MIN.into())]);
        }
        ChangeError::Taken => "access-taken",
        ChangeError::Unknown => "access-unknown",
        ChangeError::LastAdmin => "access-last-admin",
        ChangeError::Vouched => "access-vouched",
        ChangeError::Login(LoginError::Wrong { .. }) => "access-wrong",
        ChangeError::LinkGone => "access-link-gone",
        other => return other.to_string(),
    };
    language.say(words)
}

/// A label and what it is for.
pub(super) fn field(
    language: Language,
    label: &str,
    name: &str,
    kind: &str,
    completes: &str,
) -> Markup {
    html! {
        label {
            span { (language.say(label)) }
            input type=(kind) name=(name) autocomplete=(completes) required maxlength="256";
        }
    }
}

fn unavailable(detail: &str) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Problem::new(status, "access-unavailable", "Access unavailable", detail)
        .retry_after(10)
        .into_response()
}

fn did(mut response: Response, did: Did) -> Response {
    response.extensions_mut().insert(did);
    response
}

fn is_tls(client: Option<&Client>) -> bool {
    client.is_some_and(|client| client.default_port == Some(443))
}

fn known_form(headers: &HeaderMap) -> String {
    cookies(headers, FORM_COOKIE).next().unwrap_or_default().to_owned()
}

fn secret_or_new(secret: &str) -> (Zeroizing<String>, bool) {
    if !secret.is_empty() {
        return (Zeroizing::new(secret.to_owned()), false);
    }
    // Without random numbers the form is refused: better than one that anybody can make.
    (crate::access::form_secret().unwrap_or_default(), true)
}

fn with_form_cookie(response: Response, secret: &str, is_new: bool, is_tls: bool) -> Response {
    let mut response = headers::with_forms(response);
    if is_new && let Some(cookie) = cookie(FORM_COOKIE, secret, FORM_S, is_tls) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_nowhere_else() {
        for own in ["wall/floor", "admin/people", "wall/floor?screen=lobby-3", "x%20y"] {
            assert!(is_own(own), "{own}");
        }
        for other in [
            "",
            "/x",
            "//evil.example",
            "https://evil.example",
            "x//y",
            "../x",
            "\\evil",
            "a:b",
            "x\ny",
        ] {
            assert!(!is_own(other), "{other}");
        }
    }
}
