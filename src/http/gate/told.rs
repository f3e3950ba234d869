//! What a person in a browser is told who may not: a page in the site's language with what to do.
//! Programs keep their problem+json.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};

use super::super::forms::token_field;
use super::super::headers::with_forms;
use super::super::page::{Width, is_for_people, shell};
use super::super::problem::Kind;
use super::{login_address, up_from};
use crate::access::{Identity, Role, Via};
use crate::board::hub::HubHandle;

/// Somebody who reads.
pub(super) struct Reader {
    up: String,
    login: String,
    who: Option<Identity>,
}

impl Reader {
    /// None for programs.
    pub(super) fn of(request: &Request, who: Option<&Identity>) -> Option<Self> {
        let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        let reads = accept.is_some_and(|accept| accept.contains("text/html"));
        (reads && is_for_people(request)).then(|| Self {
            up: up_from(request),
            login: match *request.method() {
                Method::GET => login_address(request),
                // A form is filled in anew.
                _ => format!("{}login", up_from(request)),
            },
            who: who.filter(|who| who.via == Via::Session).cloned(),
        })
    }

    /// The page instead of a problem that says the same; any other response as it is.
    pub(super) fn told(&self, response: Response, needed: Role, hub: &HubHandle) -> Response {
        let Some(Kind(kind)) = response.extensions().get::<Kind>() else { return response };
        let status = response.status();
        if ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status) {
            return response;
        }
        let (title, what) = match kind.rsplit(':').next().unwrap_or_default() {
            "not-allowed" => ("refused-role", "refused-role-what"),
            "not-logged-in" => ("refused-login", "refused-login-what"),
            "other-form" => ("refused-form", "refused-form-what"),
            "other-origin" => ("refused-origin", "refused-origin-what"),
            _ => ("refused-closed", "refused-closed-what"),
        };
        let site = hub.site();
        let language = site.language;
        let role = ("role", language.say(needed.message()).into());
        let title = language.say(title);
        let body = html! {
            main {
                p.crumbs { (site.name) }
                h1 { (title) }
                p { (language.tell(what, [role])) }
                @if let Some(who) = &self.who {
                    p { (language.tell("refused-as", [
                        ("name", who.name.clone().into()),
                        ("role", language.say(who.role.message()).into()),
                    ])) }
                }
                (self.ways(hub, status))
            }
        };
        let response = shell(status, language, &title, Width::Narrow, &body);
        let mut response = with_forms(response);
        if status == StatusCode::UNAUTHORIZED {
            let bearer = header::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }

    /// What they can do about it.
    fn ways(&self, hub: &HubHandle, status: StatusCode) -> Markup {
        let language = hub.site().language;
        let say = |words: &str| language.say(words);
        html! {
            @if let Some(who) = &self.who {
                form.stack method="post" action={ (self.up) "logout" } {
                    (token_field(&who.form_secret))
                    button type="submit" { (say("refused-log-out")) }
                }
            } @else if status == StatusCode::UNAUTHORIZED {
                p { a.button href=(self.login) { (say("access-log-in")) } }
            }
            p { a href={ "./" (self.up) } { (say("page-boards")) } }
        }
    }
}
