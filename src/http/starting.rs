//! The doors of a server that starts: it lives, and is not ready; all else is to come again.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Front, Problem, ServerStatus, assets, headers, health, page, shell};
use crate::board::format::Language;

/// While the server starts, for either listener. A wall's page is the real one, which comes alive by
/// itself, whatever becomes of this start.
pub fn starting(
    status: Arc<dyn ServerStatus>,
    language: Language,
    embed_hosts: &[String],
) -> Front {
    let policy = headers::Policy::embedding(embed_hosts);
    let told = Arc::clone(&status);
    let walls = Router::new()
        .route("/wall/{board}", get(async move || shell::starting(&told.obstacles(), language)));
    let all_else = Router::new().fallback(come_again).with_state(Arc::clone(&status));
    let pages = health::routes(status)
        .merge(walls)
        .merge(assets::routes())
        .fallback_service(all_else)
        .layer(from_fn_with_state(policy, headers::secure))
        // The next request is to reach the server itself.
        .layer(map_response(closing));
    Front::of_pages(pages)
}

async fn come_again(State(status): State<Arc<dyn ServerStatus>>, request: Request) -> Response {
    let detail = status.obstacles().join("; ");
    if page::is_for_people(&request) {
        return page::starting(&detail);
    }
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Problem::new(status, "starting", "Starting", detail).retry_after(1).into_response()
}

async fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
