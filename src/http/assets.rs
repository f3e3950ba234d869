//! `/assets/*`: the embedded front end.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Problem;
use crate::assets;

/// What was asked for by the build it belongs to never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again each time, and mostly answered by "not modified".
const ASK_AGAIN: &str = "no-cache";

pub(super) fn routes() -> Router {
    Router::new().route("/assets/{*path}", get(asset))
}

async fn asset(Path(path): Path<String>, RawQuery(query): RawQuery, asked: HeaderMap) -> Response {
    let Some(asset) = assets::ui(&path) else {
        let detail = format!("there is no file \"{path}\" in the front end");
        return Problem::new(StatusCode::NOT_FOUND, "unknown-asset", "Unknown file", detail)
            .into_response();
    };
    let build = assets::build_id();
    let by_build = !build.is_empty() && query.as_deref() == Some(&format!("v={build}"));
    let cache = if by_build { FOREVER } else { ASK_AGAIN };
    let headers = [
        (header::ETAG, asset.tag),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_TYPE, asset.mime),
    ];
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == asset.tag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, asset.bytes).into_response()
}
