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

/// Of pages with forms: they send to this server only, and stand in no other page.
const FORMS_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub(super) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What a handler or a channel's reply chose to say about caching stays.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    let policy = headers.entry(header::CONTENT_SECURITY_POLICY);
    policy.or_insert(HeaderValue::from_static(POLICY));
    response
}

/// The same for the admin listener, whose pages stand in no other one.
pub(super) async fn secure_alone(request: Request, next: Next) -> Response {
    let policy = POLICY.replace("frame-ancestors 'self'", "frame-ancestors 'none'");
    let mut response = secure(request, next).await;
    if response.headers().get(header::CONTENT_SECURITY_POLICY).is_some_and(|it| it == POLICY)
        && let Ok(policy) = HeaderValue::try_from(policy)
    {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A page with forms. It tells this server where it is: browsers that must not tell say of a form
/// only that it is of nobody.
pub(super) fn with_forms(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FORMS_POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
