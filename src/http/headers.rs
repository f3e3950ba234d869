//! Headers that every answer carries, so that no page can be made to do what it was not made for.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Everything comes from here and nothing else is asked. `ws:` and `wss:` are named because the
/// browsers of older televisions do not count a WebSocket of the same origin as `'self'`. Styles
/// may stand in the page: they colour the background before the style sheet is there. `child-src` is
/// what older browsers call `worker-src`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    font-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; \
    worker-src 'self'; child-src 'self'; \
    form-action 'self'; frame-ancestors 'self'";

pub(super) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What a handler or a channel's reply chose to say about caching stays.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Pages with forms say where those come from, or browsers hide it from their own server, too.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
