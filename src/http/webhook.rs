//! `ANY /in/{channel}`: a network's bytes, taken whole and handed to the channel.
//!
//! Nothing of the body is looked at here: signatures are over the raw bytes, and only the
//! channel knows the scheme.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::counters::count;
use super::{Counters, Limits, Problem, WebhookReceiver};
use crate::channel::input::Incoming;
use crate::channel::reply::Reply;

struct Webhooks<R> {
    receiver: Arc<R>,
    counters: Arc<Counters>,
    limits: Limits,
}

pub(super) fn routes<R: WebhookReceiver>(
    receiver: Arc<R>,
    counters: Arc<Counters>,
    limits: Limits,
) -> Router {
    let webhooks = Webhooks { receiver, counters, limits };
    Router::new().route("/in/{channel}", any(receive::<R>)).with_state(Arc::new(webhooks))
}

async fn receive<R: WebhookReceiver>(
    State(webhooks): State<Arc<Webhooks<R>>>,
    Path(channel): Path<String>,
    request: Request,
) -> Response {
    count(&webhooks.counters.webhooks);
    match taken(&webhooks, &channel, request).await {
        Ok(reply) => answer(reply),
        Err(problem) => {
            webhooks.counters.refused(problem.status());
            problem.into_response()
        }
    }
}

async fn taken<R: WebhookReceiver>(
    Webhooks { receiver, limits, .. }: &Webhooks<R>,
    channel: &str,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let claimed = parts.headers.get(header::CONTENT_LENGTH);
    let claimed = claimed.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    // Refused before a byte is read, where the length is said.
    if claimed.is_some_and(|bytes| bytes > limits.body_bytes_max) {
        return Err(too_large(limits));
    }
    let body = read(body, limits).await?;
    let method = parts.method.as_str().parse().map_err(|_| bad_method(&parts.method))?;
    let request = Incoming {
        method,
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers,
        body,
        remote: parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0),
    };
    receiver.receive(channel, request).await
}

/// What is no header or status was dropped where the plugin's reply came in.
fn answer(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut headers = HeaderMap::with_capacity(reply.headers.len());
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if reply.body.is_empty() {
        // Without a content type: there is no content.
        return (status, headers).into_response();
    }
    (status, headers, reply.body).into_response()
}

fn bad_method(method: &Method) -> Problem {
    let detail = format!("a webhook is not called by {method}");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "bad-method", "Method not allowed", detail)
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
