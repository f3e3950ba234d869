//! What all pages of administration have in common.

use std::sync::Arc;

use axum::extract::{Extension, FromRef, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::super::forms::{self, Form, token_field};
use super::super::gate::Did;
use super::super::headers::with_forms;
use super::super::page::{Width, shell};
use super::Desk;
use crate::access::{Identity, Role, Via};
use crate::board::format::{Language, clock_time};
use crate::event::UnixMs;

/// A page: its heading's message, its address, and who may open it.
const PAGES: [(&str, &str, Role); 11] = [
    ("admin-overview", "admin", Role::Viewer),
    ("admin-channels", "admin/channels", Role::Lead),
    ("admin-alerts", "admin/alerts", Role::Lead),
    ("editor-title", "admin/boards", Role::Lead),
    ("screens-title", "admin/screens", Role::Lead),
    ("admin-messages", "admin/messages", Role::Lead),
    ("admin-annotations", "admin/annotations", Role::Lead),
    ("admin-reports", "admin/reports", Role::Lead),
    ("admin-people", "admin/people", Role::Admin),
    ("admin-audit", "admin/audit", Role::Admin),
    ("admin-account", "admin/account", Role::Viewer),
];

/// Those that there are only with `[access]`.
const WITH_ACCESS: [&str; 3] = ["admin/people", "admin/audit", "admin/account"];

/// Who asks for a page, and by which address.
pub(super) struct Asked {
    desk: Arc<Desk>,
    who: Identity,
    uri: Uri,
}

impl Asked {
    /// The page of that address in [`PAGES`].
    pub(super) fn sheet(&self, page: &'static str) -> Sheet<'_> {
        Sheet { desk: &self.desk, who: &self.who, uri: &self.uri, page }
    }

    /// What pages for them are made with.
    pub(super) fn form_secret(&self) -> &str {
        &self.who.form_secret
    }
}

impl<S> FromRequestParts<S> for Asked
where
    Arc<Desk>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        // Put there by the gate.
        let who = Extension::<Identity>::from_request_parts(parts, state).await;
        let Extension(who) = who.map_err(IntoResponse::into_response)?;
        Ok(Asked { desk: Arc::from_ref(state), who, uri: parts.uri.clone() })
    }
}

/// The same, with a form of a page that was made for whoever sends it.
pub(super) struct Posted {
    pub(super) asked: Asked,
    pub(super) form: Form,
}

impl<S> FromRequest<S> for Posted
where
    Arc<Desk>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let asked = Asked::from_request_parts(&mut parts, state).await?;
        let (secret, within) = (&asked.who.form_secret, asked.desk.body_timeout);
        let form = forms::read(Request::from_parts(parts, body), secret, within).await;
        let form = form.map_err(IntoResponse::into_response)?;
        Ok(Posted { asked, form })
    }
}

/// Which page is shown, to whom.
pub(super) struct Sheet<'a> {
    pub(super) desk: &'a Desk,
    pub(super) who: &'a Identity,
    /// Where it was asked for.
    pub(super) uri: &'a Uri,
    /// Its place in [`PAGES`], by its address.
    pub(super) page: &'static str,
}

impl Sheet<'_> {
    pub(super) fn language(&self) -> Language {
        self.desk.hub.site().language
    }

    /// From here to the root: a proxy may show the server below a path of its own.
    pub(super) fn up(&self) -> String {
        "../".repeat(self.uri.path().matches('/').count().saturating_sub(1))
    }

    /// The page, with what was wrong with the last form, if anything.
    pub(super) fn show(&self, status: StatusCode, wrong: Option<&str>, body: &Markup) -> Response {
        let language = self.language();
        let say = |words: &str| language.say(words);
        let heading = PAGES.iter().find(|it| it.1 == self.page).map_or("admin-overview", |it| it.0);
        let all = html! {
            (self.head())
            main {
                h1 { (say(heading)) }
                @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
                (body)
            }
        };
        let title = format!("{} · {}", say(heading), self.desk.hub.site().name);
        with_forms(shell(status, language, &title, Width::Wide, &all))
    }

    /// A page that takes all of the window, under a heading of its own.
    pub(super) fn show_whole(&self, title: &str, body: &Markup) -> Response {
        let all = html! { (self.head()) main { (body) } };
        let title = format!("{title} · {}", self.desk.hub.site().name);
        with_forms(shell(StatusCode::OK, self.language(), &title, Width::Whole, &all))
    }

    /// Where one is, and where one can go.
    fn head(&self) -> Markup {
        let (language, up) = (self.language(), self.up());
        let say = |words: &str| language.say(words);
        html! {
            header {
                p.crumbs { (self.desk.hub.site().name) " · " a href={ "./" (up) } { (say("page-boards")) } }
                nav.tabs aria-label=(say("admin-overview")) {
                    @for (words, address, _) in PAGES.iter().filter(|it| self.has(it.1, it.2)) {
                        @if *address == self.page {
                            a.here href={ (up) (address) } aria-current="page" { (say(words)) }
                        } @else {
                            a href={ (up) (address) } { (say(words)) }
                        }
                    }
                    @if self.who.via == Via::Session {
                        form method="post" action={ (up) "logout" } {
                            (token_field(&self.who.form_secret))
                            button.plain type="submit" { (say("access-log-out")) " (" (self.who.name) ")" }
                        }
                    }
                }
            }
        }
    }

    fn has(&self, address: &str, role: Role) -> bool {
        let is_there = self.desk.guard.is_some() || !WITH_ACCESS.contains(&address);
        is_there && self.who.role >= role
    }

    /// Back to the page, after a change.
    pub(super) fn back(&self, target: &str) -> Response {
        let response = Redirect::to(&format!("{}{}", self.up(), self.page)).into_response();
        did(response, target, None)
    }

    /// Back to the page, which says what came of it.
    pub(super) fn back_saying(&self, target: &str, said: &str) -> Response {
        let address = format!("{}{}?said={said}", self.up(), self.page);
        did(Redirect::to(&address).into_response(), target, None)
    }

    /// The start of a form to that address.
    pub(super) fn token(&self) -> Markup {
        token_field(&self.who.form_secret)
    }

    /// A moment, in the site's zone.
    pub(super) fn moment(&self, at_ms: UnixMs) -> String {
        let zone = &self.desk.hub.site().time_zone;
        let date = jiff::Timestamp::from_millisecond(at_ms).map(|at| zone.to_datetime(at).date());
        let date = date.map(|date| format!("{date} ")).unwrap_or_default();
        format!("{date}{}", clock_time(at_ms, zone))
    }
}

/// What the audit log is told of a change.
pub(super) fn did(mut response: Response, target: &str, refused: Option<String>) -> Response {
    let did = Did { target: target.to_owned(), refused, ..Did::default() };
    response.extensions_mut().insert(did);
    response
}
