//! What the pages that the server writes itself have in common, and those that say what is missing.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Problem;
use super::address::part;
use crate::board::format::Language;
use crate::board::frame::Listed;

const STYLE: &str = include_str!("page.css");

/// How wide a page is.
#[derive(Clone, Copy)]
pub(super) enum Width {
    /// A few sentences.
    Narrow,
    /// Pictures and tables.
    Wide,
    /// All of the window.
    Whole,
}

/// A page of this server, which loads nothing.
pub(super) fn shell(
    status: StatusCode,
    language: Language,
    title: &str,
    width: Width,
    body: &Markup,
) -> Response {
    let class = match width {
        Width::Narrow => "narrow",
        Width::Wide => "wide",
        Width::Whole => "whole",
    };
    let page = html! {
        (DOCTYPE)
        html lang=(language.id()) {
            head {
                meta charset="utf-8";
                title { (title) " · Tablica" }
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="theme-color" content="#0b0f14";
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body class=(class) { (body) }
        }
    };
    (status, Html(page.into_string())).into_response()
}

/// A page with a heading and ready-made HTML below it.
fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let body = html! { h1 { (title) } (PreEscaped(body)) };
    shell(status, Language::English, title, Width::Narrow, &body)
}

/// A page of a board that is not there or cannot be shown. `walls` is where they are, from there.
pub(super) fn unknown_board(board: &str, walls: &str, boards: &[Listed]) -> Response {
    let problem = boards.iter().find(|listed| listed.id == board);
    let (title, why) = match problem.and_then(|listed| listed.problem.as_deref()) {
        Some(problem) => (
            format!("Board “{board}” cannot be shown"),
            format!("<p>Its file has mistakes:</p><pre>{}</pre>", escape(problem)),
        ),
        None => (format!("There is no board “{board}”"), String::new()),
    };
    let body = format!("{why}<p>These boards exist:</p>{}", list(boards, walls));
    page(StatusCode::NOT_FOUND, &title, &body)
}

/// The same of a file with a parameter, and a value that there is not.
pub(super) fn unknown_value(words: &str, about: &str) -> Response {
    page(StatusCode::NOT_FOUND, words, about)
}

/// `/wall/{board}` of a server that was built without the front end.
pub(super) fn no_front_end() -> Response {
    page(
        StatusCode::SERVICE_UNAVAILABLE,
        "The wall is not built in",
        "<p>This server was compiled without its front end. Build both with</p>\
         <pre>cargo xtask build</pre>\
         <p>or only the front end, before the server, with</p><pre>cargo xtask ui</pre>\
         <p>The numbers are at <a href=\"../api/v1/kpis\">/api/v1/kpis</a> meanwhile.</p>",
    )
}

/// Any page while the server starts. It looks again by itself: nobody touches a wall.
pub(super) fn starting(detail: &str) -> Response {
    let body = format!("<p>{}.</p>", escape(detail));
    let mut response = page(StatusCode::SERVICE_UNAVAILABLE, "Starting", &body);
    response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

pub(super) fn list(boards: &[Listed], walls: &str) -> String {
    if boards.is_empty() {
        return "<p>None. Put a board file into the folder <code>boards.dir</code>.</p>".into();
    }
    let mut items = String::from("<ul>");
    for board in boards {
        let (id, title) = (part(&board.id), escape(&board.title));
        items.push_str("<li>");
        if board.shown || board.each.is_some() {
            items.push_str(&format!("<a href=\"{walls}{id}\">{title}</a>"));
        } else {
            items.push_str(&title);
        }
        if let Some(problem) = &board.problem {
            items.push_str(&format!("<pre>{}</pre>", escape(problem)));
        }
        items.push_str("</li>");
    }
    items.push_str("</ul>");
    items
}

/// No such route: a problem for programs, a page for people.
pub(super) async fn not_found(request: Request) -> Response {
    let path = request.uri().path();
    if is_for_people(&request) {
        // Up from each folder: a proxy may show the server below a path of its own.
        let up = "../".repeat(path.matches('/').count().saturating_sub(1));
        let home = if up.is_empty() { "./" } else { &up };
        let body = format!("<p>The boards are <a href=\"{home}\">here</a>.</p>");
        return page(StatusCode::NOT_FOUND, &format!("There is nothing at {path}"), &body);
    }
    let detail = format!("there is nothing at {path}");
    Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail).into_response()
}

pub(super) async fn method_not_allowed(request: Request) -> Response {
    let detail = format!("{} does not take {}", request.uri().path(), request.method());
    let status = StatusCode::METHOD_NOT_ALLOWED;
    Problem::new(status, "method-not-allowed", "Method not allowed", detail).into_response()
}

/// Whether a person looks at it in a browser.
pub(super) fn is_for_people(request: &Request) -> bool {
    let programs = ["/api/", "/in/", "/ws/", "/assets/", "/livez/", "/readyz/", "/metrics/"];
    !programs.iter().any(|prefix| request.uri().path().starts_with(prefix))
}

/// Makes text safe inside HTML and its quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boards_name_cannot_become_markup() {
        assert_eq!(escape("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }
}
