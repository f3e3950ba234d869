//! `/api/v1/screens`, on the admin listener alone: which screens there are, and which are missed.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use crate::event::{Millis, UnixMs};
use crate::screen::{ForgetError, Screens, Seen};

/// Every screen.
#[derive(Serialize, ToSchema)]
pub(super) struct ScreenList {
    /// Those that are connected, and those with a name that are gone.
    screens: Vec<Screen>,
}

/// A screen.
#[derive(Serialize, ToSchema)]
struct Screen {
    /// Its name (`/wall/floor?screen=lobby-3`); null where it has none.
    name: Option<String>,
    /// Its connection's number; null when it is gone.
    id: Option<u64>,
    /// The board that it shows, or showed last.
    board: String,
    /// Whether it is connected.
    connected: bool,
    /// Whether it is to be on now: one that is gone outside its hours is not missed.
    expected: bool,
    /// From where, or whom a trusted proxy asks for.
    #[schema(value_type = Option<String>)]
    address: Option<IpAddr>,
    /// What its browser calls itself.
    browser: String,
    /// Since when it is connected, in Unix milliseconds.
    #[schema(value_type = Option<i64>)]
    connected_ms: Option<UnixMs>,
    /// When it was last heard of, in Unix milliseconds.
    #[schema(value_type = i64)]
    seen_ms: UnixMs,
    /// The number of the newest state that it said to have painted; null when it never did.
    acknowledged_seq: Option<u64>,
    /// When it said so, in Unix milliseconds; null when it never did.
    #[schema(value_type = Option<i64>)]
    acknowledged_ms: Option<UnixMs>,
    /// How long it has not acknowledged what it was sent, in milliseconds; 0 when it shows the newest,
    /// null when it is gone.
    #[schema(value_type = Option<i64>)]
    picture_age_ms: Option<Millis>,
}

impl From<Seen> for Screen {
    fn from(seen: Seen) -> Screen {
        let has_painted = seen.painted_ms > 0;
        Screen {
            name: seen.name,
            id: seen.id,
            board: seen.board,
            connected: seen.id.is_some(),
            expected: seen.expected,
            address: seen.address,
            browser: seen.browser,
            connected_ms: seen.connected_ms,
            seen_ms: seen.seen_ms,
            acknowledged_seq: has_painted.then_some(seen.painted_seq),
            acknowledged_ms: has_painted.then_some(seen.painted_ms),
            picture_age_ms: seen.picture_age_ms,
        }
    }
}

pub(super) fn admin(screens: Arc<Screens>) -> Router {
    Router::new()
        .route("/api/v1/screens", get(list))
        .route("/api/v1/screens/{name}", delete(remove))
        .with_state(screens)
}

/// Which screens are connected, and which of those with names are gone.
#[utoipa::path(get, path = "/api/v1/screens", tag = "screens", operation_id = "screens", responses(
    (status = 200, description = "All of them", body = ScreenList)
))]
pub(super) async fn list(State(screens): State<Arc<Screens>>) -> Json<ScreenList> {
    Json(ScreenList { screens: screens.seen().into_iter().map(Screen::from).collect() })
}

/// Removes a screen that is gone for good: it is not missed any more.
#[utoipa::path(delete, path = "/api/v1/screens/{name}", tag = "screens",
    operation_id = "remove_screen",
    params(("name" = String, Path, description = "The screen's name")),
    responses((status = 204, description = "It is not missed any more")))]
pub(super) async fn remove(
    State(screens): State<Arc<Screens>>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    screens.forget(&name).map_err(|error| {
        let detail = error.to_string();
        match error {
            ForgetError::Unknown(_) => {
                Problem::new(StatusCode::NOT_FOUND, "unknown-screen", "Unknown screen", detail)
            }
            ForgetError::Connected(_) => {
                Problem::new(StatusCode::CONFLICT, "screen-connected", "Screen connected", detail)
            }
        }
    })?;
    tracing::info!(screen = name, "a screen was removed and is not missed any more");
    Ok(StatusCode::NO_CONTENT)
}
