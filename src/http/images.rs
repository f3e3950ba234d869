//! `/images/{address}`: the pictures that boards show, by their content's hash.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Problem;
use crate::board::hub::HubHandle;

/// Another content has another address.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// A drawing (SVG) is a document when it is opened by itself: nothing in it may run or load.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

pub(super) fn routes(hub: HubHandle) -> Router {
    Router::new().route("/images/{address}", get(image)).with_state(hub)
}

async fn image(State(hub): State<HubHandle>, Path(address): Path<String>) -> Response {
    of(&hub, &address)
}

/// The picture of that address.
pub(super) fn of(hub: &HubHandle, address: &str) -> Response {
    let images = hub.images();
    let Some(image) = images.at(address) else {
        let detail = format!("there is no picture \"{address}\" in the boards' folder");
        let status = StatusCode::NOT_FOUND;
        return Problem::new(status, "unknown-image", "Unknown picture", detail).into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(image.mime)),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOREVER)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, image.bytes.clone()).into_response()
}
