//! `/admin/audit`: who has done what, the newest first.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::layout::Asked;

/// Rows on the page; `tablica access audit` shows more.
const SHOWN_MAX: usize = 200;

pub(super) async fn page(asked: Asked) -> Response {
    let sheet = asked.sheet("admin/audit");
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let acts = match &sheet.desk.guard {
        Some(guard) => guard.access.acts(SHOWN_MAX).await,
        None => Ok(Vec::new()),
    };
    let wrong = acts.as_ref().err().map(ToString::to_string);
    let acts = acts.unwrap_or_default();
    let body = html! {
        p.lead { (say("admin-audit-what")) }
        @if acts.is_empty() { p { (say("admin-audit-none")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(say("admin-audit")) { table {
                thead { tr {
                    th scope="col" { (say("admin-when")) }
                    th scope="col" { (say("admin-who")) }
                    th scope="col" { (say("admin-from-where")) }
                    th scope="col" { (say("admin-what")) }
                    th scope="col" { (say("admin-target")) }
                    th scope="col" { (say("admin-result")) }
                } }
                tbody { @for act in &acts { tr {
                    td { (sheet.moment(act.at_ms)) }
                    td { (act.who) }
                    td { (act.origin) }
                    td { code { (act.act) } }
                    td { (act.target) }
                    td {
                        @if act.result == "ok" { span.state { (say("admin-done")) } }
                        @else { span.state.bad { (act.result) } }
                    }
                } } }
            } }
        }
    };
    sheet.show(StatusCode::OK, wrong.as_deref(), &body)
}
