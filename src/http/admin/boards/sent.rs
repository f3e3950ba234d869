//! What the editor's script sends: JSON, of a page that was made for whoever sends it.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::super::super::annotations::must_say_json;
use super::super::super::{Problem, forms};
use super::super::Desk;
use super::super::layout::Asked;
use crate::board::file::FILE_BYTES_MAX;

/// A board's text as JSON writes it, twice as long at worst, and an act beside it.
const BODY_BYTES_MAX: usize = 3 * FILE_BYTES_MAX as usize;
/// Says for whom the page was made.
const TOKEN: &str = "x-form-token";

/// Who sends it, and what.
pub(super) struct Sent<T> {
    pub(super) asked: Asked,
    pub(super) body: T,
}

impl<S, T> FromRequest<S> for Sent<T>
where
    Arc<Desk>: FromRef<S>,
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let asked = Asked::from_request_parts(&mut parts, state).await?;
        must_say_json(&parts.headers).map_err(IntoResponse::into_response)?;
        let token = parts.headers.get(TOKEN).and_then(|it| it.to_str().ok()).unwrap_or_default();
        forms::check(asked.form_secret(), token).map_err(IntoResponse::into_response)?;
        let within = Arc::<Desk>::from_ref(state).body_timeout;
        let late = |_| {
            let detail = format!("the body did not arrive within {within:?}");
            Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", "Body too slow", detail)
        };
        let large = |_| {
            let detail = format!("the body is larger than {BODY_BYTES_MAX} bytes, or ended early");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Body too large", detail)
        };
        let read = timeout(within, to_bytes(body, BODY_BYTES_MAX)).await;
        let bytes = read.map_err(late).and_then(|read| read.map_err(large));
        let bytes = bytes.map_err(IntoResponse::into_response)?;
        let body = serde_json::from_slice(&bytes).map_err(|error| {
            let detail = format!("the body is not what the editor sends: {error}");
            let status = StatusCode::BAD_REQUEST;
            Problem::new(status, "bad-json", "Bad JSON", detail).into_response()
        })?;
        Ok(Sent { asked, body })
    }
}
