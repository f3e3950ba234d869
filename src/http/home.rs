//! `/` of both listeners: every board with a picture, what is wrong with its file, and how many
//! screens show it.

pub(super) mod thumbnail;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::address::{host_at, part};
use super::page::{Width, shell};
use crate::board::format::Language;
use crate::board::frame::Listed;
use crate::board::hub::HubHandle;
use crate::board::parameter::Kind;
use crate::screen::Screens;

/// The pictures are of the moment: the page looks again by itself, in seconds.
const LOOKS_AGAIN: HeaderValue = HeaderValue::from_static("30");

/// Where walls are, as seen from a page.
#[derive(Clone)]
pub(super) enum Walls {
    /// Beside this page.
    Here,
    /// On the public listener: at its address, else at this port of the host that was asked for.
    There {
        /// `server.public_url`.
        url: Option<String>,
        /// The public listener's.
        port: u16,
    },
}

#[derive(Clone)]
struct Home {
    hub: HubHandle,
    screens: Arc<Screens>,
    walls: Walls,
}

pub(super) fn routes(hub: HubHandle, screens: Arc<Screens>, walls: Walls) -> Router {
    Router::new().route("/", get(list)).with_state(Home { hub, screens, walls })
}

async fn list(State(home): State<Home>, headers: HeaderMap) -> Response {
    let base = match &home.walls {
        Walls::Here => String::new(),
        Walls::There { url: Some(url), .. } => format!("{url}/"),
        Walls::There { url: None, port } => {
            host_at(&headers, *port).map(|host| format!("http://{host}/")).unwrap_or_default()
        }
    };
    let site = home.hub.site();
    let language = site.language;
    let shown: Vec<String> = home.screens.list().into_iter().map(|screen| screen.board).collect();
    let boards = home.hub.boards();
    let body = html! {
        header {
            p.crumbs {
                (site.name)
                @if let Walls::There { .. } = home.walls {
                    " · " a href="admin" { (language.say("admin-overview")) }
                }
            }
            h1 { (language.say("page-boards")) }
            p.lead {
                (language.say("page-how-to"))
                @if matches!(home.walls, Walls::There { .. }) {
                    " " a href="admin/screens" { (language.say("screens-title")) }
                }
            }
        }
        main {
            @if boards.is_empty() { p { (language.say("page-no-boards")) } }
            ul.boards {
                @for board in &boards {
                    @let screens = shown.iter().filter(|id| **id == board.id).count();
                    li { (card(&home.hub, board, screens, &base, language)) }
                }
            }
        }
    };
    let title = format!("{} · {}", language.say("page-boards"), site.name);
    let mut response = shell(StatusCode::OK, language, &title, Width::Wide, &body);
    response.headers_mut().insert(header::REFRESH, LOOKS_AGAIN);
    response
}

fn card(hub: &HubHandle, board: &Listed, screens: usize, base: &str, language: Language) -> Markup {
    let (state, words) = match (&board.problem, board.shown) {
        (None, _) => ("state", "page-file-ok"),
        (Some(_), true) => ("state bad", "page-file-bad-shown"),
        (Some(_), false) => ("state bad", "page-file-bad"),
    };
    let face = html! {
        @if let Some(frame) = hub.newest(&board.id) { (thumbnail::of(frame.snapshot())) }
        h2 { (board.title) }
    };
    html! {
        @if board.shown || board.each.is_some() {
            a href={ (base) "wall/" (part(&board.id)) } { (face) }
        } @else { (face) }
        @if let Some(each) = board.each { p { (language.say(each_of(each))) } }
        p {
            span { code { (board.id) } }
            span class=(state) { (language.say(words)) }
            span.soft { (language.say("page-screens")) " " (screens) }
        }
        @if board.source != "shipped" { p.soft { code { (board.source) } } }
        @if let Some(problem) = &board.problem { pre { (problem) } }
    }
}

/// What a file with a parameter has a board for each of.
fn each_of(kind: &str) -> &'static str {
    match Kind::from_id(kind) {
        Some(Kind::Channel) => "page-each-channel",
        Some(Kind::Policy) => "page-each-policy",
        Some(Kind::Topic) => "page-each-topic",
        Some(Kind::Queue) | None => "page-each-queue",
    }
}
