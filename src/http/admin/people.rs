//! `/admin/people`: who may come in, and the tokens of programs.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::forms::Form;
use super::super::login::{field, mistake};
use super::layout::{Asked, Posted, Sheet, did};
use crate::access::{Access, ChangeError, PASSWORD_CHARS_MIN, Person, Role};

const PAGE: &str = "admin/people";

pub(super) async fn page(asked: Asked) -> Response {
    let sheet = asked.sheet(PAGE);
    shown(&sheet, StatusCode::OK, None, None)
}

pub(super) async fn add(posted: Posted) -> Response {
    change(posted, async |access, form| {
        let role = role_of(form)?;
        access.add_person(form.get("name"), role, form.secret("password")).await.map(drop)
    })
    .await
}

pub(super) async fn role(posted: Posted) -> Response {
    change(posted, async |access, form| access.change_role(form.get("name"), role_of(form)?).await)
        .await
}

pub(super) async fn password(posted: Posted) -> Response {
    change(posted, async |access, form| {
        access.set_password(form.get("name"), form.secret("password")).await
    })
    .await
}

pub(super) async fn remove(posted: Posted) -> Response {
    change(posted, async |access, form| access.remove_person(form.get("name")).await).await
}

pub(super) async fn remove_token(posted: Posted) -> Response {
    change(posted, async |access, form| access.remove_token(form.get("name")).await).await
}

/// Shows the token, this once.
pub(super) async fn add_token(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let Some(guard) = &sheet.desk.guard else { return sheet.back("") };
    let added = match role_of(&form) {
        Ok(role) => guard.access.add_token(form.get("name"), role).await,
        Err(error) => Err(error),
    };
    match added {
        Ok((name, token)) => {
            let target = target(&form);
            let response = shown(&sheet, StatusCode::CREATED, None, Some((&name, &token)));
            did(response, &target, None)
        }
        Err(error) => failed(&sheet, &error, &target(&form)),
    }
}

async fn change(
    Posted { asked, form }: Posted,
    work: impl AsyncFnOnce(&Access, &Form) -> Result<(), ChangeError>,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let Some(guard) = &sheet.desk.guard else { return sheet.back("") };
    match work(&guard.access, &form).await {
        Ok(()) => sheet.back(&target(&form)),
        Err(error) => failed(&sheet, &error, &target(&form)),
    }
}

fn failed(sheet: &Sheet<'_>, error: &ChangeError, target: &str) -> Response {
    let why = mistake(sheet.language(), error);
    let response = shown(sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(&why), None);
    did(response, target, Some(error.to_string()))
}

/// Whom it concerns, and as what, for the audit log.
fn target(form: &Form) -> String {
    match form.get("role") {
        "" => form.get("name").to_owned(),
        role => format!("{} ({role})", form.get("name")),
    }
}

fn role_of(form: &Form) -> Result<Role, ChangeError> {
    Role::from_word(form.get("role")).ok_or(ChangeError::Unknown)
}

fn shown(
    sheet: &Sheet<'_>,
    status: StatusCode,
    wrong: Option<&str>,
    token: Option<(&str, &str)>,
) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let Some(guard) = &sheet.desk.guard else { return sheet.back("") };
    let (people, tokens) = (guard.access.people(), guard.access.tokens());
    let body = html! {
        p.lead { (say("admin-people-what")) }
        @if let Some((name, token)) = token {
            div.panel.news role="status" {
                h2 { (say("admin-token-new")) " " (name) }
                pre { (token) }
                p { (say("admin-token-once")) }
            }
        }
        ul.roles {
            @for role in Role::ALL { li { strong { (say(role.message())) } " – " (say(role_means(role))) } }
        }
        div.scroll { table {
            thead { tr {
                th scope="col" { (say("access-name")) }
                th scope="col" { (say("admin-role")) }
                th scope="col" { (say("access-new-password")) }
                th scope="col" { (say("admin-change")) }
            } }
            tbody { @for person in &people { (row(sheet, person)) } }
        } }
        form.panel.row method="post" action={ (sheet.up()) "admin/people" } {
            h2 { (say("admin-person-new")) }
            (sheet.token())
            (field(language, "access-name", "name", "text", "off"))
            (field(language, "access-password", "password", "password", "new-password"))
            label { span { (say("admin-role")) } (roles(sheet, Role::Viewer)) }
            button type="submit" { (say("admin-add")) }
            p.soft { (language.tell("access-password-rule", [("count", PASSWORD_CHARS_MIN.into())])) }
        }
        h2 { (say("admin-tokens")) }
        p { (say("admin-tokens-what")) " " code { "Authorization: Bearer …" } }
        @if !tokens.is_empty() { div.scroll { table {
            thead { tr {
                th scope="col" { (say("access-name")) }
                th scope="col" { (say("admin-role")) }
                th scope="col" { (say("admin-when")) }
                th scope="col" { (say("admin-change")) }
            } }
            tbody { @for token in &tokens { tr {
                th scope="row" { (token.name) }
                td { (say(token.role.message())) }
                td { (sheet.moment(token.made_ms)) }
                td { (remover(sheet, "admin/tokens/remove", &token.name)) }
            } } }
        } } }
        form.panel.row method="post" action={ (sheet.up()) "admin/tokens" } {
            h2 { (say("admin-token-add")) }
            (sheet.token())
            (field(language, "access-name", "name", "text", "off"))
            label { span { (say("admin-role")) } (roles(sheet, Role::Viewer)) }
            button type="submit" { (say("admin-add")) }
        }
    };
    sheet.show(status, wrong, &body)
}

fn row(sheet: &Sheet<'_>, person: &Person) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    html! { tr {
        th scope="row" { (person.name) }
        @if person.is_vouched {
            td { (say(person.role.message())) }
            td.soft { (say("admin-person-vouched")) }
        } @else {
        td { form method="post" action={ (sheet.up()) "admin/people/role" } {
            (sheet.token())
            input type="hidden" name="name" value=(person.name);
            label { span.unseen { (say("admin-role")) ": " (person.name) } (roles(sheet, person.role)) }
            button.plain type="submit" { (say("admin-save")) }
        } }
        td { form method="post" action={ (sheet.up()) "admin/people/password" } {
            (sheet.token())
            input type="hidden" name="name" value=(person.name);
            label {
                span.unseen { (say("access-new-password")) ": " (person.name) }
                input type="password" name="password" autocomplete="new-password" required maxlength="256";
            }
            button.plain type="submit" { (say("admin-save")) }
        } }
        }
        td { (remover(sheet, "admin/people/remove", &person.name)) }
    } }
}

fn remover(sheet: &Sheet<'_>, to: &str, name: &str) -> Markup {
    let remove = sheet.language().say("admin-remove");
    html! { form method="post" action={ (sheet.up()) (to) } {
        (sheet.token())
        input type="hidden" name="name" value=(name);
        button.plain type="submit" aria-label={ (remove) ": " (name) } { (remove) }
    } }
}

fn roles(sheet: &Sheet<'_>, chosen: Role) -> Markup {
    html! { select name="role" {
        @for role in Role::ALL {
            option value=(role.word()) selected[role == chosen] { (sheet.language().say(role.message())) }
        }
    } }
}

fn role_means(role: Role) -> &'static str {
    match role {
        Role::Viewer => "access-means-viewer",
        Role::Lead => "access-means-lead",
        Role::Admin => "access-means-admin",
    }
}
