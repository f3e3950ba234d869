//! `/wall/{board}` and `/ws/v1/boards/{board}`: the page, and what it listens to.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::{Problem, api, page};
use crate::assets;
use crate::board::hub::HubHandle;
use crate::screen::{self, Refused, Resume, Screens};

#[derive(Clone)]
struct Walls {
    hub: HubHandle,
    screens: Arc<Screens>,
}

pub(super) fn routes(hub: HubHandle, screens: Arc<Screens>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/wall", get(|| async { Redirect::to("/") }))
        .route("/wall/{board}", get(wall))
        .route("/ws/v1/boards/{board}", get(connect))
        .with_state(Walls { hub, screens })
}

async fn list(State(walls): State<Walls>) -> Response {
    page::boards(&walls.hub.boards())
}

/// The same page for every board; it takes the board's name from its address.
async fn wall(State(walls): State<Walls>, Path(board): Path<String>) -> Response {
    if walls.hub.newest(&board).is_none() {
        return page::unknown_board(&board, &walls.hub.boards());
    }
    match assets::ui("wall.html") {
        Some(shell) => {
            let headers = [(header::CONTENT_TYPE, shell.mime), (header::CACHE_CONTROL, "no-cache")];
            (headers, shell.bytes).into_response()
        }
        None => page::no_front_end(),
    }
}

async fn connect(
    State(walls): State<Walls>,
    Path(board): Path<String>,
    resume: Result<Query<Resume>, QueryRejection>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|error| {
        let detail = format!("this address takes WebSockets only: {}", error.body_text());
        Problem::new(error.status(), "not-a-websocket", "Not a WebSocket", detail)
    })?;
    if !is_same_origin(&headers) {
        let detail = "a page of another site may not read this wall; a proxy in between must \
                      leave the Host header as it is";
        let status = StatusCode::FORBIDDEN;
        return Err(Problem::new(status, "other-origin", "Other origin", detail));
    }
    let remote = peer.map(|Extension(ConnectInfo(peer))| peer);
    let seat = walls.screens.seat(&board, remote).map_err(|refused| match refused {
        Refused::UnknownBoard { board } => api::unknown_board(&walls.hub, &board),
        Refused::Full { .. } => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many-screens",
            "Too many screens",
            refused.to_string(),
        )
        .retry_after(10),
    })?;
    // A screen that does not say what it has, or not so that it can be read, gets everything.
    let resume = resume.ok().map(|Query(resume)| resume);
    Ok(upgrade
        .read_buffer_size(screen::READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(screen::MESSAGE_BYTES_MAX)
        .max_frame_size(screen::MESSAGE_BYTES_MAX)
        .on_upgrade(|socket| screen::run(socket, seat, resume)))
}

/// Browsers let any page open a WebSocket to any host and say only where the page is from; a
/// wall's numbers are for pages of this server. Programs send no origin.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    match (origin, host) {
        (Some((_, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_pages_of_this_server_may_listen() {
        let with = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("wall.example:8080"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            is_same_origin(&headers)
        };
        assert!(with(None));
        assert!(with(Some("http://wall.example:8080")));
        assert!(with(Some("https://WALL.example:8080")));
        assert!(!with(Some("http://evil.example")));
        assert!(!with(Some("null")));
    }
}
