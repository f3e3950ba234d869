//! The wall's page: the same for every board. It takes the board's name from its address, and comes
//! alive by itself whatever it is opened in front of: no such board, or a server that starts.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::address::part;
use super::page;
use crate::assets;
use crate::board::format::Language;
use crate::board::frame::{Choice, Listed};
use crate::board::parameter::{Kind, split};

/// Where the page begins to be the board's.
const BODY: &str = "<div id=\"wall\">";
/// As the front end's build writes it.
const LANGUAGE: &str = "lang=\"en\"";
/// Boards that a page lists where another one is meant; with more, whoever knows opens the file's own page.
const OTHERS_MAX: usize = 60;

/// The page, or how to make one.
pub(super) fn shell(status: StatusCode, language: Language, about: &str) -> Response {
    let Some(shell) = assets::ui("wall.html") else { return page::no_front_end() };
    let text = String::from_utf8_lossy(shell.bytes);
    let text = text.replacen(LANGUAGE, &format!("lang=\"{}\"", language.id()), 1);
    let text = text.replacen(BODY, &format!("{about}{BODY}"), 1);
    let headers = [(header::CONTENT_TYPE, shell.mime), (header::CACHE_CONTROL, "no-cache")];
    (status, headers, text).into_response()
}

/// A draft in the editor: below the pages of administration, and shown what the page around it has.
pub(super) fn preview(language: Language) -> Response {
    let Some(shell) = assets::ui("wall.html") else { return page::no_front_end() };
    let text = String::from_utf8_lossy(shell.bytes);
    let own = format!("lang=\"{}\" data-preview", language.id());
    let text = text.replacen(LANGUAGE, &own, 1).replace("../assets/", "../../assets/");
    let headers = [(header::CONTENT_TYPE, shell.mime), (header::CACHE_CONTROL, "no-cache")];
    (StatusCode::OK, headers, text).into_response()
}

/// For any board while the server starts; says how far it has got.
pub(super) fn starting(obstacles: &[String], language: Language) -> Response {
    if assets::ui("wall.html").is_none() {
        return page::starting(&obstacles.join("; "));
    }
    let says = page::escape(&obstacles.join("; "));
    let about = format!("<div id=\"about\" hidden><p>{says}</p></div>\n");
    let mut response = shell(StatusCode::SERVICE_UNAVAILABLE, language, &about);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

/// For a board that is not there or cannot be shown: says which there are, for the page's script
/// and for whoever looks at its source.
pub(super) fn unknown_board(board: &str, boards: &[Listed], language: Language) -> Response {
    if assets::ui("wall.html").is_none() {
        return page::unknown_board(board, "", boards);
    }
    let listed = boards.iter().find(|listed| listed.id == board);
    let asked = page::escape(board);
    let mut about = format!("<div id=\"about\" data-board=\"{asked}\" hidden>");
    if let Some(problem) = listed.and_then(|listed| listed.problem.as_deref()) {
        about.push_str(&format!("<pre>{}</pre>", page::escape(problem)));
    }
    about.push_str(&page::list(boards, ""));
    about.push_str("</div>\n");
    shell(StatusCode::NOT_FOUND, language, &about)
}

/// For a board of a file with a parameter, and a value that there is not: says which was meant and which
/// there are.
pub(super) fn unknown_value(
    board: &str,
    (kind, near, ids): &(Kind, Option<Choice>, Vec<String>),
    language: Language,
) -> Response {
    let (file, value) = split(board).unwrap_or((board, ""));
    let message = match kind {
        Kind::Queue => "page-no-queue",
        Kind::Channel => "page-no-channel",
        Kind::Policy => "page-no-policy",
        Kind::Topic => "page-no-topic",
    };
    let words = language.tell(message, [("name", value.into())]);
    let near = near
        .as_ref()
        .map(|near| language.tell("page-did-you-mean", [("name", near.title.as_str().into())]));
    let escaped = page::escape(board);
    let mut about = format!("<div id=\"about\" data-board=\"{escaped}\" hidden>");
    about.push_str(&format!("<h1>{}</h1>", page::escape(&words)));
    if let Some(near) = near {
        about.push_str(&format!("<h2>{}</h2>", page::escape(&near)));
    }
    about.push_str("<ul>");
    for id in ids.iter().take(OTHERS_MAX) {
        let shown = page::escape(id);
        about.push_str(&format!("<li><a href=\"{}\">{shown}</a></li>", part(id)));
    }
    if ids.len() > OTHERS_MAX {
        about.push_str(&format!("<li><a href=\"{file}\">…</a></li>"));
    }
    about.push_str("</ul></div>\n");
    if assets::ui("wall.html").is_none() {
        let about = about.replacen(" hidden", "", 1);
        return page::unknown_value(&words, &about);
    }
    shell(StatusCode::NOT_FOUND, language, &about)
}
