//! `ANY /in/{channel}`: a network's bytes, taken whole and handed to the channel. Where the secret is
//! in the address, that is `/in/{channel}/{secret}`, and of other channels there is no such page.
//!
//! Nothing of the body is looked at here: signatures are over the raw bytes, and only the
//! channel knows the scheme.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use super::bodies::{Bodies, Holding};
use super::client::{Client, Doorkeeper};
use super::counters::count;
use super::front::TakesWebhooks;
use super::refusals::Limit;
use super::{Counters, Limits, Problem, WebhookReceiver};
use crate::channel::input::Incoming;
use crate::channel::reply::{Refusal, Reply};

/// A document under it may do nothing and ask nobody.
const SANDBOX: &str = "sandbox; default-src 'none'";

/// The doors of webhooks.
pub(super) struct Webhooks<R> {
    receiver: Arc<R>,
    counters: Arc<Counters>,
    limits: Limits,
    bodies: Arc<Bodies>,
    keeper: Doorkeeper,
}

impl<R> Webhooks<R> {
    pub(super) fn new(
        receiver: Arc<R>,
        counters: Arc<Counters>,
        limits: Limits,
        keeper: Doorkeeper,
    ) -> Self {
        let bodies = Bodies::new(limits.bodies_bytes_max, limits.body_bytes_max);
        Self { receiver, counters, limits, bodies, keeper }
    }
}

impl<R: WebhookReceiver> TakesWebhooks for Webhooks<R> {
    fn is_one(&self, uri: &Uri) -> bool {
        door(uri, |channel| self.receiver.has_secret_path(channel)).is_some()
    }

    /// All that needs no waiting is done here and not in the future: a future has room for all that
    /// it has ever held, and there is one for each webhook.
    fn answer(
        self: Arc<Self>,
        mut request: Request,
        peer: SocketAddr,
    ) -> BoxFuture<'static, Response> {
        let (client, place) = match self.keeper.admit(&mut request, Some(peer)) {
            Ok(admitted) => admitted,
            Err(problem) => return at_once(problem.into_response()),
        };
        let is_secret_path = |channel: &str| self.receiver.has_secret_path(channel);
        let Some((channel, tail)) = door(request.uri(), is_secret_path) else {
            // Its channel has changed just now.
            let asked = request.uri().path().to_owned();
            return at_once(Problem::from(Refusal::UnknownChannel(asked)).into_response());
        };
        let (channel, tail) = (channel.into_owned(), tail.map(str::to_owned));
        count(&self.counters.webhooks);
        let (parts, body) = request.into_parts();
        let head = match self.head(&channel, tail, &client, parts) {
            Ok(head) => head,
            Err(problem) => return at_once(self.refused(problem)),
        };
        Box::pin(async move {
            let _place = place;
            match self.taken(&channel, head, body, client.address).await {
                Ok(reply) => answer(reply),
                Err(problem) => self.refused(problem),
            }
        })
    }
}

fn at_once(response: Response) -> BoxFuture<'static, Response> {
    Box::pin(std::future::ready(response))
}

/// The channel whose door an address is, and what follows its name where that is a secret. Slashes at
/// the end are as if they had been left out.
fn door(uri: &Uri, has_secret_path: impl Fn(&str) -> bool) -> Option<(Cow<'_, str>, Option<&str>)> {
    let rest = uri.path().strip_prefix("/in/")?.trim_end_matches('/');
    let (name, tail) = match rest.split_once('/') {
        Some((name, tail)) => (name, Some(tail)),
        None => (rest, None),
    };
    let channel = percent_decode_str(name).decode_utf8_lossy();
    let is_door = match tail {
        None => true,
        Some(tail) => !tail.is_empty() && !tail.contains('/') && has_secret_path(&channel),
    };
    (is_door && !name.is_empty()).then_some((channel, tail))
}

impl<R: WebhookReceiver> Webhooks<R> {
    /// What can be known before the body, of a request that may bring one.
    fn head(
        &self,
        channel: &str,
        tail: Option<String>,
        client: &Client,
        parts: Parts,
    ) -> Result<Incoming, Problem> {
        let head = Incoming {
            method: parts.method.as_str().parse().map_err(|_| bad_method(&parts.method))?,
            query: parts.uri.query().map(str::to_owned),
            origin: client.origin(&parts.headers),
            headers: parts.headers,
            body: Bytes::new(),
            remote: client.remote,
            tail,
        };
        self.receiver.admit(channel, &head)?;
        let claimed = head.headers.get(header::CONTENT_LENGTH);
        let claimed = claimed.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        // Refused before a byte is read, where the length is said.
        if claimed.is_some_and(|bytes| bytes > self.limits.body_bytes_max) {
            return Err(Unread::TooLarge(self.limits.body_bytes_max).into());
        }
        Ok(head)
    }

    /// Reads the body and hands all to the channel.
    async fn taken(
        &self,
        channel: &str,
        mut request: Incoming,
        body: Body,
        address: Option<IpAddr>,
    ) -> Result<Reply, Problem> {
        // Held until the answer: until then the body is in memory, wherever it waits.
        let mut holding = self.bodies.holding(address);
        request.body = read(body, &self.limits, &mut holding).await.inspect_err(|unread| {
            if matches!(unread, Unread::NoRoom) {
                self.counters.refusals.note(Limit::Bodies, address);
            }
        })?;
        self.receiver.receive(channel, request).await
    }

    fn refused(&self, problem: Problem) -> Response {
        self.counters.refused(problem.status());
        let mut response = problem.into_response();
        // Whoever knocks at the wrong door keeps no place.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
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
        let asked = |address: &str| {
            let uri: Uri = address.parse().expect("an address");
            let found = door(&uri, |channel| channel == "secret");
            found.map(|(channel, tail)| (channel.into_owned(), tail.map(str::to_owned)))
        };
        let shop = Some(("shop".to_owned(), None));
        for address in ["/in/shop", "/in/shop/", "/in/shop//", "/in/shop?a=/b", "/in/sh%6fp"] {
            assert_eq!(asked(address), shop, "{address}");
        }
        for address in ["/in/", "/in", "/in/a/b", "/in//b", "/wall/in/shop", "/in/shop/x"] {
            assert_eq!(asked(address), None, "{address}");
        }
        let secret = Some(("secret".to_owned(), Some("x".to_owned())));
        assert_eq!(asked("/in/secret/x"), secret);
        assert_eq!(asked("/in/secret/x/?y"), secret);
        assert_eq!(asked("/in/secret"), Some(("secret".to_owned(), None)));
        assert_eq!((asked("/in/secret/x/y"), asked("/in/secret//x")), (None, None));
    }
}
