//! `/wall/{board}` and `/ws/v1/boards/{board}`: the page, and what it listens to.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::addresses::Addresses;
use super::client::Client;
use super::gate::OnlyScreen;
use super::refusals::Limit;
use super::{Counters, Problem, api, instances, origin, screen_page, shell};
use crate::board::hub::HubHandle;
use crate::screen::paired::Paired;
use crate::screen::{self, Allowance, Introduction, Refused, Resume, Screens, Visitor};

#[derive(Clone)]
struct Walls {
    hub: HubHandle,
    screens: Arc<Screens>,
    /// None where nothing is paired, in a replay.
    paired: Option<Arc<Paired>>,
    /// How many screens each address has.
    seats: Arc<Addresses>,
    counters: Arc<Counters>,
}

pub(super) fn routes(
    hub: HubHandle,
    screens: Arc<Screens>,
    paired: Option<Arc<Paired>>,
    seats: Arc<Addresses>,
    counters: Arc<Counters>,
) -> Router {
    Router::new()
        // Relative, as all links: a proxy may show the server below a path of its own.
        .route("/wall", get(|| async { Redirect::to("./") }))
        .route("/wall/{board}", get(wall))
        .route("/ws/v1/boards/{board}", get(connect))
        .with_state(Walls { hub, screens, paired, seats, counters })
}

impl Walls {
    /// A paired screen is called what the operator called it, and nobody else is.
    fn introduced(&self, visitor: Visitor, board: &str, headers: &HeaderMap) -> Visitor {
        let Some(paired) = &self.paired else { return visitor };
        match screen_page::token(headers).and_then(|token| paired.ticket(token, board)) {
            Some(ticket) => visitor.with_ticket(ticket),
            None if visitor.name().is_some_and(|name| paired.has_name(name)) => visitor.nameless(),
            None => visitor,
        }
    }
}

/// The same page for every board; it takes the board's name from its address.
async fn wall(
    State(walls): State<Walls>,
    Path(board): Path<String>,
    only_screen: Option<Extension<OnlyScreen>>,
) -> Response {
    let (hub, language) = (&walls.hub, walls.hub.site().language);
    if hub.newest(&board).is_none() {
        let others = instances::others(hub, &board);
        return match (others, only_screen) {
            (_, Some(_)) => shell::unknown_board(&board, &[], language),
            (Some(others), None) => shell::unknown_value(&board, &others, language),
            (None, None) => shell::unknown_board(&board, &hub.boards(), language),
        };
    }
    shell::shell(StatusCode::OK, language, "")
}

/// What a screen says in its address; one that cannot be read is nothing said.
type Asked<T> = Result<Query<T>, QueryRejection>;

/// Whether the request is one for a WebSocket. The socket itself is made here: axum's does not let out what
/// it buffers.
type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

async fn connect(
    State(walls): State<Walls>,
    Path(board): Path<String>,
    (resume, introduction): (Asked<Resume>, Asked<Introduction>),
    Extension(client): Extension<Client>,
    (allowance, only_screen): (Option<Extension<Arc<Allowance>>>, Option<Extension<OnlyScreen>>),
    headers: HeaderMap,
    (line, upgrade): (Option<Extension<OnUpgrade>>, Upgrade),
) -> Result<Response, Problem> {
    drop(upgrade.map_err(|error| {
        let detail = format!("this address takes WebSockets only: {}", error.body_text());
        Problem::new(error.status(), "not-a-websocket", "Not a WebSocket", detail)
    })?);
    if !origin::is_same(&headers, &client) {
        let detail = "a page of another site may not read this wall; a proxy in between must \
                      leave the Host header as it is, or be one of server.trusted_proxies and \
                      say X-Forwarded-Host";
        let status = StatusCode::FORBIDDEN;
        return Err(Problem::new(status, "other-origin", "Other origin", detail));
    }
    let place = match client.address {
        Some(address) => Some(walls.seats.take(address).ok_or_else(|| {
            walls.counters.refusals.note(Limit::ScreensPerAddress, Some(address));
            let detail = "too many screens of this address are open \
                          (server.screens_per_address_max)";
            let status = StatusCode::TOO_MANY_REQUESTS;
            Problem::new(status, "too-many-screens", "Too many screens", detail).retry_after(10)
        })?),
        None => None,
    };
    let said = |header| headers.get(header).and_then(|value| value.to_str().ok());
    let introduction = introduction.map(|Query(it)| it).unwrap_or_default();
    let visitor = Visitor::new(introduction, client.remote, said(header::USER_AGENT));
    let visitor = walls.introduced(visitor, &board, &headers);
    let seat = walls.screens.seat(&board, visitor).map_err(|refused| match refused {
        Refused::UnknownBoard { board } => {
            let unknown = api::unknown_board(&walls.hub, &board);
            if only_screen.is_some() { unknown.valid::<String>([]) } else { unknown }
        }
        Refused::Full { .. } => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many-screens",
            "Too many screens",
            refused.to_string(),
        )
        .retry_after(10),
    })?;
    if seat.is_nameless_for_want_of_room() {
        walls.counters.refusals.note(Limit::ScreenNames, client.address);
    }
    // A screen that does not say what it has, or not so that it can be read, gets everything.
    let resume = resume.ok().map(|Query(resume)| resume);
    let allowance = allowance.map(|Extension(allowance)| allowance).unwrap_or_default();
    tokio::spawn(async move {
        // Who goes before the answer gets no socket, and leaves the seat.
        if let Some(Extension(line)) = line
            && let Ok(stream) = line.await
        {
            screen::run(TokioIo::new(stream), seat, allowance, resume).await;
        }
        drop(place);
    });
    Ok(switched(&headers))
}

/// The answer to a handshake that was found good.
fn switched(headers: &HeaderMap) -> Response {
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    let answer = [
        (header::CONNECTION, "upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_ACCEPT, &*derive_accept_key(key)),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, answer).into_response()
}
