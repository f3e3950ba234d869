//! `/screen/picture`: takes what a paired screen has drawn of itself, when it was asked to.

use axum::body::to_bytes;
use axum::extract::{Extension, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::time::timeout;

use super::super::client::Client;
use super::super::{Problem, origin};
use super::{ScreenPage, token};
use crate::event::UnixMs;
use crate::screen::paired::{Failed, PictureError};

/// `?asked=…&failed=…`
#[derive(Deserialize)]
pub(super) struct Said {
    /// Which order it answers.
    asked: UnixMs,
    /// Why there is no picture.
    failed: Option<Failed>,
}

pub(super) async fn take(
    State(page): State<ScreenPage>,
    Query(said): Query<Said>,
    client: Option<Extension<Client>>,
    request: Request,
) -> Result<Response, Problem> {
    let client = client.map(|Extension(client)| client).unwrap_or_default();
    let (parts, body) = request.into_parts();
    if !origin::is_same(&parts.headers, &client) {
        let detail = "a page of another site may not send a screen's picture";
        return Err(Problem::new(StatusCode::FORBIDDEN, "other-origin", "Other origin", detail));
    }
    let paired = &page.pairing.paired;
    let token = token(&parts.headers).unwrap_or_default();
    // Before anything of it is read.
    paired.is_picture_wanted(token, said.asked)?;
    if let Some(why) = said.failed {
        paired.fail_picture(token, said.asked, why)?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let max = paired.picture_bytes_max();
    let within = page.pairing.body_timeout;
    let read = timeout(within, to_bytes(body, max)).await.map_err(|_| {
        let detail = format!("the picture did not arrive within {within:?}");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", "Body too slow", detail)
    })?;
    let Ok(png) = read else {
        paired.fail_picture(token, said.asked, Failed::TooLarge)?;
        let detail = format!("the picture is larger than {max} bytes (pairing.picture_bytes_max)");
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(Problem::new(status, "too-large", "Picture too large", detail));
    };
    paired.take_picture(token, said.asked, png.to_vec())?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Problem {
        let detail = error.to_string();
        let (status, name) = match error {
            PictureError::NotPaired => (StatusCode::FORBIDDEN, "not-paired"),
            PictureError::NotAsked => (StatusCode::CONFLICT, "not-asked"),
            PictureError::NoPng => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "no-png"),
            PictureError::Limit(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many-pictures"),
        };
        Problem::new(status, name, "Picture refused", detail)
    }
}
