//! `/admin/account`: one's own password.

use axum::extract::{Extension, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::super::forms;
use super::super::gate::Origin;
use super::super::login::{field, mistake};
use super::Here;
use super::layout::{Sheet, did};
use crate::access::{Identity, PASSWORD_CHARS_MIN, Via};

pub(super) async fn page(
    State(desk): Here,
    Extension(who): Extension<Identity>,
    uri: Uri,
) -> Response {
    let sheet = Sheet { desk: &desk, who: &who, uri: &uri, page: "admin/account" };
    shown(&sheet, StatusCode::OK, None)
}

pub(super) async fn change(
    State(desk): Here,
    Extension(who): Extension<Identity>,
    Extension(Origin(from)): Extension<Origin>,
    request: Request,
) -> Response {
    let uri = request.uri().clone();
    let sheet = Sheet { desk: &desk, who: &who, uri: &uri, page: "admin/account" };
    let form = match forms::read(request, &who.form_secret, desk.body_timeout).await {
        Ok(form) => form,
        Err(problem) => return problem.into_response(),
    };
    let Some(guard) = desk.guard.as_ref().filter(|_| who.via == Via::Session) else {
        return shown(&sheet, StatusCode::FORBIDDEN, None);
    };
    let both = (form.secret("password"), form.secret("new_password"));
    match guard.access.change_own_password(&who.name, both, &who.form_secret, from).await {
        Ok(()) => sheet.back(&who.name),
        Err(error) => {
            let why = mistake(sheet.language(), &error);
            let response = shown(&sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(&why));
            did(response, &who.name, Some(error.to_string()))
        }
    }
}

fn shown(sheet: &Sheet<'_>, status: StatusCode, wrong: Option<&str>) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let body = html! {
        p { (sheet.who.name) " · " (say(super::people::role_words(sheet.who.role))) }
        form.panel.stack method="post" action={ (sheet.up()) "admin/account" } {
            h2 { (say("access-change-password")) }
            (sheet.token())
            (field(language, "access-password", "password", "password", "current-password"))
            (field(language, "access-new-password", "new_password", "password", "new-password"))
            p.soft { (language.tell("access-password-rule", [("count", PASSWORD_CHARS_MIN.into())])) }
            button type="submit" { (say("access-change-password")) }
        }
    };
    sheet.show(status, wrong, &body)
}
