//! `ANY /in/{channel}`: a network's bytes, taken whole and handed to the channel. Where the secret is
//! in the address, that is `/in/{channel}/{secret}`, and of other channels there is no such page.
//!
//! Nothing of the body is looked at here: signatures are over the raw bytes, and only the
//! channel knows the scheme.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::time::timeout;

use super::bodies::{Bodies, Holding};
use super::client::Client;
use super::counters::count;
use super::refusals::Limit;
use super::{Counters, Limits, Problem, WebhookReceiver};
use crate::channel::input::Incoming;
use crate::channel::reply::Reply;

/// A document under it may do nothing and ask nobody.
const SANDBOX: &str = "sandbox; default-src 'none'";

struct Webhooks<R> {
    receiver: Arc<R>,
    counters: Arc<Counters>,
    limits: Limits,
    bodies: Arc<Bodies>,
}

/// Which channels have a secret at the end of their address.
#[derive(Clone)]
pub struct SecretPaths(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl SecretPaths {
    /// Those of a receiver.
    pub fn of<R: WebhookReceiver>(receiver: &Arc<R>) -> Self {
        let receiver = Arc::clone(receiver);
        Self(Arc::new(move |channel| receiver.has_secret_path(channel)))
    }
}

impl Default for SecretPaths {
    /// None.
    fn default() -> Self {
        Self(Arc::new(|_| false))
    }
}

impl fmt::Debug for SecretPaths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretPaths(…)")
    }
}

/// Whether somebody asks for a webhook's door.
pub(super) fn is_one(uri: &Uri, secret_paths: &SecretPaths) -> bool {
    match uri.path().strip_prefix("/in/").map(|rest| rest.trim_end_matches('/')) {
        Some(rest) if rest.contains('/') => {
            channel_and_tail(rest).is_some_and(|(channel, _)| secret_paths.0(channel))
        }
        door => door.is_some(),
    }
}

/// Of what follows `/in/`, when it is exactly a channel and one more segment.
fn channel_and_tail(rest: &str) -> Option<(&str, &str)> {
    let (channel, tail) = rest.split_once('/')?;
    (!channel.is_empty() && !tail.is_empty() && !tail.contains('/')).then_some((channel, tail))
}

pub(super) fn routes<R: WebhookReceiver>(
    receiver: Arc<R>,
    counters: Arc<Counters>,
    limits: Limits,
    pages: Router,
) -> Router {
    let bodies = Bodies::new(limits.bodies_bytes_max, limits.body_bytes_max);
    let webhooks = Arc::new(Webhooks { receiver, counters, limits, bodies });
    let doors = Router::new().route("/in/{channel}", any(receive::<R>));
    let all = pages.merge(doors.with_state(Arc::clone(&webhooks)));
    all.layer(from_fn_with_state(webhooks, receive_by_secret_path::<R>))
}

/// A page that is none but for a channel with a secret in its address.
async fn receive_by_secret_path<R: WebhookReceiver>(
    State(webhooks): State<Arc<Webhooks<R>>>,
    request: Request,
    next: Next,
) -> Response {
    let asked = request.uri().path().strip_prefix("/in/").and_then(channel_and_tail);
    let asked = asked.filter(|(channel, _)| webhooks.receiver.has_secret_path(channel));
    let Some((channel, tail)) = asked.map(|(a, b)| (a.to_owned(), b.to_owned())) else {
        return next.run(request).await;
    };
    answered(&webhooks, &channel, Some(tail), request).await
}

async fn receive<R: WebhookReceiver>(
    State(webhooks): State<Arc<Webhooks<R>>>,
    Path(channel): Path<String>,
    request: Request,
) -> Response {
    answered(&webhooks, &channel, None, request).await
}

async fn answered<R: WebhookReceiver>(
    webhooks: &Webhooks<R>,
    channel: &str,
    tail: Option<String>,
    request: Request,
) -> Response {
    count(&webhooks.counters.webhooks);
    match taken(webhooks, channel, tail, request).await {
        Ok(reply) => answer(reply),
        Err(problem) => {
            webhooks.counters.refused(problem.status());
            let mut response = problem.into_response();
            // Whoever knocks at the wrong door keeps no place.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
            response
        }
    }
}

async fn taken<R: WebhookReceiver>(
    Webhooks { receiver, limits, bodies, counters }: &Webhooks<R>,
    channel: &str,
    tail: Option<String>,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let client = parts.extensions.get::<Client>().copied().unwrap_or_default();
    let mut request = Incoming {
        method: parts.method.as_str().parse().map_err(|_| bad_method(&parts.method))?,
        query: parts.uri.query().map(str::to_owned),
        origin: client.origin(&parts.headers),
        headers: parts.headers,
        body: Bytes::new(),
        remote: client.remote,
        tail,
    };
    receiver.admit(channel, &request)?;
    let claimed = request.headers.get(header::CONTENT_LENGTH);
    let claimed = claimed.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    // Refused before a byte is read, where the length is said.
    if claimed.is_some_and(|bytes| bytes > limits.body_bytes_max) {
        return Err(Unread::TooLarge(limits.body_bytes_max).into());
    }
    // Held until the answer: until then the body is in memory, wherever it waits.
    let mut holding = bodies.holding(client.address);
    request.body = read(body, limits, &mut holding).await.inspect_err(|unread| {
        if matches!(unread, Unread::NoRoom) {
            counters.refusals.note(Limit::Bodies, client.address);
        }
    })?;
    receiver.receive(channel, request).await
}

/// What is no header or status, and what a browser would run, was dropped where the plugin's reply
/// came in. XML is what some networks must be answered with (TwiML): a browser that is led here draws
/// it without a right to anything.
fn answer(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut headers = HeaderMap::with_capacity(reply.headers.len() + 2);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if content_type.is_some_and(|it| it.windows(3).any(|part| part == b"xml")) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
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

/// Why a body was not read to its end.
enum Unread {
    TooLarge(usize),
    TooSlow(Duration),
    Broken(axum::Error),
    /// Too much is being received at once.
    NoRoom,
}

async fn read(body: Body, limits: &Limits, holding: &mut Holding) -> Result<Bytes, Unread> {
    let late = |_| Err(Unread::TooSlow(limits.body_timeout));
    timeout(limits.body_timeout, collect(body, limits, holding)).await.unwrap_or_else(late)
}

/// The whole body; the usual one comes in one piece and is not copied.
async fn collect(body: Body, limits: &Limits, holding: &mut Holding) -> Result<Bytes, Unread> {
    let mut pieces = body.into_data_stream();
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(Unread::Broken)?;
        if whole.len() + joined.len() + piece.len() > limits.body_bytes_max {
            return Err(Unread::TooLarge(limits.body_bytes_max));
        }
        if !holding.grow(piece.len()) {
            return Err(Unread::NoRoom);
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

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Problem {
        let (status, name, title, detail) = match unread {
            Unread::TooLarge(max) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "Body too large",
                format!("the body is larger than {max} bytes (server.body_bytes_max)"),
            ),
            Unread::TooSlow(timeout) => (
                StatusCode::REQUEST_TIMEOUT,
                "body-too-slow",
                "Body too slow",
                format!("the body did not arrive within {timeout:?}"),
            ),
            Unread::Broken(error) => (
                StatusCode::BAD_REQUEST,
                "broken-body",
                "Broken body",
                format!("the body ended early: {error}"),
            ),
            Unread::NoRoom => {
                let detail = "too much is being received at once: send it again later";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return Problem::new(status, "busy", "Busy", detail).retry_after(1);
            }
        };
        Problem::new(status, name, title, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_channels_own_address_is_a_webhooks_door() {
        let secret_paths = SecretPaths(Arc::new(|channel| channel == "secret"));
        let is_door = |address: &str| is_one(&address.parse().expect("an address"), &secret_paths);
        assert!(is_door("/in/shop") && is_door("/in/shop/") && is_door("/in/shop?a=/b"));
        assert!(!is_door("/in/a/b") && !is_door("/in//b") && !is_door("/wall/in/shop"));
        assert!(is_door("/in/secret/x") && is_door("/in/secret/x/") && is_door("/in/secret"));
        assert!(!is_door("/in/secret/x/y") && !is_door("/in/secret//x") && !is_door("/in/shop/x"));
    }
}
