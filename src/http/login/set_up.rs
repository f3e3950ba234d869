//! `/set-up/{link}`: the first admin, by the link that the server printed.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;

use super::{
    Here, Login, did, field, is_tls, known_form, mistake, secret_or_new, unavailable,
    with_form_cookie,
};
use crate::access::{Access, ChangeError, PASSWORD_CHARS_MIN};
use crate::board::format::Language;
use crate::board::hub::HubHandle;
use crate::http::client::Client;
use crate::http::forms::{self, token_field};
use crate::http::gate::Did;
use crate::http::page::{Width, shell};

/// On the admin listener alone.
pub(in crate::http) fn routes(access: Access, hub: HubHandle, body_timeout: Duration) -> Router {
    Router::new()
        .route("/set-up/{link}", get(ask_set_up))
        .route("/set-up", post(make_admin))
        .with_state(Arc::new(Login { access, hub, body_timeout, home: "admin", oidc: None }))
}

async fn ask_set_up(
    State(login): Here,
    Path(link): Path<String>,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
) -> Response {
    let language = login.hub.site().language;
    match login.access.set_up_holds(&link).await {
        Ok(true) => {
            let secret = known_form(&headers);
            login.set_up_page(StatusCode::OK, &link, None, &secret, is_tls(client.as_deref()))
        }
        Ok(false) => gone(language),
        Err(error) => unavailable(&error.to_string()),
    }
}

async fn make_admin(
    State(login): Here,
    client: Option<Extension<Client>>,
    request: Request,
) -> Response {
    let is_tls = is_tls(client.as_deref());
    let secret = known_form(request.headers());
    let form = match forms::read(request, &secret, login.body_timeout).await {
        Ok(form) => form,
        Err(problem) => return problem.into_response(),
    };
    let link = form.get("link");
    match login.access.set_up(link, form.get("name"), form.secret("password")).await {
        Ok(logged_in) => login.let_in("admin", logged_in, is_tls),
        Err(ChangeError::LinkGone) => gone(login.hub.site().language),
        Err(ChangeError::Store(error)) => unavailable(&error.to_string()),
        Err(error) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let response = login.set_up_page(status, link, Some(&error), &secret, is_tls);
            did(response, Did { refused: Some(error.to_string()), ..Did::default() })
        }
    }
}

impl Login {
    fn set_up_page(
        &self,
        status: StatusCode,
        link: &str,
        wrong: Option<&ChangeError>,
        secret: &str,
        is_tls: bool,
    ) -> Response {
        let site = self.hub.site();
        let language = site.language;
        let (secret, is_new) = secret_or_new(secret);
        // Up from the link's page; after a mistake the address is the form's own.
        let action = if wrong.is_some() { "set-up" } else { "../set-up" };
        let body = html! {
            main {
                p.crumbs { (site.name) }
                h1 { (language.say("access-set-up")) }
                p.lead { (language.say("access-set-up-why")) }
                @if let Some(wrong) = wrong { p.wrong role="alert" { (mistake(language, wrong)) } }
                form.stack method="post" action=(action) {
                    (token_field(&secret))
                    input type="hidden" name="link" value=(link);
                    (field(language, "access-name", "name", "text", "username"))
                    (field(language, "access-new-password", "password", "password", "new-password"))
                    p.soft { (language.tell("access-password-rule", [("count", PASSWORD_CHARS_MIN.into())])) }
                    button type="submit" { (language.say("access-set-up")) }
                }
            }
        };
        let title = language.say("access-set-up");
        let response = shell(status, language, &title, Width::Narrow, &body);
        with_form_cookie(response, &secret, is_new, is_tls)
    }
}

fn gone(language: Language) -> Response {
    let title = language.say("access-set-up");
    let body = html! { main { h1 { (title) } p { (language.say("access-link-gone")) } } };
    shell(StatusCode::GONE, language, &title, Width::Narrow, &body)
}
