//! `/admin/account`: one's own password.

use axum::extract::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::super::gate::Origin;
use super::super::login::{field, mistake};
use super::layout::{Asked, Posted, Sheet, did};
use crate::access::{PASSWORD_CHARS_MIN, Via};

pub(super) async fn page(asked: Asked) -> Response {
    let sheet = asked.sheet("admin/account");
    shown(&sheet, StatusCode::OK, None)
}

pub(super) async fn change(
    Extension(Origin(from)): Extension<Origin>,
    Posted { asked, form }: Posted,
) -> Response {
    let sheet = asked.sheet("admin/account");
    let Some(guard) = sheet.desk.guard.as_ref().filter(|_| sheet.who.via == Via::Session) else {
        return shown(&sheet, StatusCode::FORBIDDEN, None);
    };
    let both = (form.secret("password"), form.secret("new_password"));
    match guard
        .access
        .change_own_password(&sheet.who.name, both, &sheet.who.form_secret, from)
        .await
    {
        Ok(()) => sheet.back(&sheet.who.name),
        Err(error) => {
            let why = mistake(sheet.language(), &error);
            let response = shown(&sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(&why));
            did(response, &sheet.who.name, Some(error.to_string()))
        }
    }
}

fn shown(sheet: &Sheet<'_>, status: StatusCode, wrong: Option<&str>) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let guard = sheet.desk.guard.as_ref();
    let is_vouched = guard.is_some_and(|guard| guard.access.is_vouched(&sheet.who.name));
    let body = html! {
        p { (sheet.who.name) " · " (say(sheet.who.role.message())) }
        @if is_vouched { p { (say("access-vouched")) } } @else {
        form.panel.stack method="post" action={ (sheet.up()) "admin/account" } {
            h2 { (say("access-change-password")) }
            (sheet.token())
            (field(language, "access-password", "password", "password", "current-password"))
            (field(language, "access-new-password", "new_password", "password", "new-password"))
            p.soft { (language.tell("access-password-rule", [("count", PASSWORD_CHARS_MIN.into())])) }
            button type="submit" { (say("access-change-password")) }
        }
        }
    };
    sheet.show(status, wrong, &body)
}
