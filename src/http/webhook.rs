//! `ANY /in/{channel}`: a network's bytes, taken whole and handed to the channel.
//!
//! Nothing of the body is looked at here: signatures are over the raw bytes, and only the
//! channel knows the scheme.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::{Counters, Door, Incoming, Limits, Problem};

struct Webhooks<D> {
    door: Arc<D>,
    counters: Arc<Counters>,
    limits: Limits,
}

pub(super) fn routes<D: Door>(door: Arc<D>, counters: Arc<Counters>, limits: Limits) -> Router {
    Router::new().route("/in/{channel}", any(receive::<D>)).with_state(Arc::new(Webhooks {
        door,
        counters,
        limits,
    }))
}

async fn receive<D: Door>(
    State(webhooks): State<Arc<Webhooks<D>>>,
    Path(channel): Path<String>,
    request: Request,
) -> Response {
    let Webhooks { door, counters, limits } = &*webhooks;
    count(&counters.webhooks);
    let (parts, body) = request.into_parts();
    let claimed = parts.headers.get(header::CONTENT_LENGTH);
    let claimed = claimed.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    // Refused before a byte is read, where the length is said.
    let body = if claimed.is_some_and(|bytes| bytes > limits.body_bytes_max) {
        Err(too_large(limits))
    } else {
        read(body, limits).await
    };
    let delivered = match body {
        Ok(body) => {
            let request = Incoming {
                method: parts.method,
                query: parts.uri.query().map(str::to_owned),
                headers: parts.headers,
                body,
                remote: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0),
            };
            door.deliver(&channel, request).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    match delivered {
        // Without a content type: there is no content.
        Ok(reply) if reply.body.is_empty() => (reply.status, reply.headers).into_response(),
        Ok(reply) => (reply.status, reply.headers, reply.body).into_response(),
        Err(problem) => {
            match problem.status() {
                StatusCode::PAYLOAD_TOO_LARGE => count(&counters.too_large),
                StatusCode::REQUEST_TIMEOUT => count(&counters.too_slow),
                StatusCode::SERVICE_UNAVAILABLE => count(&counters.unavailable),
                _ => {}
            }
            problem.into_response()
        }
    }
}

async fn read(body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    timeout(limits.body_timeout, collect(body, limits)).await.unwrap_or_else(|_| {
        let detail = format!("the body did not arrive within {:?}", limits.body_timeout);
        let status = StatusCode::REQUEST_TIMEOUT;
        Err(Problem::new(status, "body-too-slow", "Body too slow", detail))
    })
}

/// The whole body; the usual one comes in one piece and is not copied.
async fn collect(body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    let mut pieces = body.into_data_stream();
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| {
            let detail = format!("the body ended early: {error}");
            Problem::new(StatusCode::BAD_REQUEST, "broken-body", "Broken body", detail)
        })?;
        if whole.len() + joined.len() + piece.len() > limits.body_bytes_max {
            return Err(too_large(limits));
        }
        if whole.is_empty() && joined.is_empty() {
            whole = piece;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut whole));
            joined.extend_from_slice(&piece);
        }
    }
    Ok(if joined.is_empty() { whole } else { joined.freeze() })
}

fn too_large(limits: &Limits) -> Problem {
    let max = limits.body_bytes_max;
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "Body too large",
        format!("the body is larger than {max} bytes (server.body_bytes_max)"),
    )
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
