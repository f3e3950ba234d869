//! Addresses with a slash at the end: the same as without.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::normalize_path::NormalizePath;

use super::page;

/// Programs are answered as if they had left it out. A page's links are relative to its address, so
/// a browser is sent to the one without.
pub(super) fn at_the_end(router: Router) -> Router {
    let without = NormalizePath::trim_trailing_slash(router);
    Router::new().fallback_service(without).layer(from_fn(redirect))
}

async fn redirect(request: Request, next: Next) -> Response {
    let location = page::is_for_people(&request).then(|| without(request.uri())).flatten();
    let Some(location) = location.and_then(|it| HeaderValue::try_from(it).ok()) else {
        return next.run(request).await;
    };
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
}

/// From the address with the slash to the one without: "../floor?x=1".
fn without(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?.trim_end_matches('/');
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    // More slashes at the end are as many folders to the browser.
    let up = "../".repeat(uri.path().len() - path.len());
    // `/wall` has no page of its own: it leads here.
    let name = if path == "/wall" { "" } else { name };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{up}{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_to_the_address_without_slashes() {
        for (from, to) in [
            ("/wall/floor/", Some("../floor")),
            ("/wall/floor//?a=b", Some("../../floor?a=b")),
            ("/wall/", Some("../")),
            ("/x/", Some("../x")),
            ("/", None),
            ("//", None),
            ("/wall/floor", None),
        ] {
            let uri: Uri = from.parse().expect("an address");
            assert_eq!(without(&uri).as_deref(), to, "{from}");
        }
    }
}
