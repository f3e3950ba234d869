//! Headers that every answer carries, so that no page can be made to do what it was not made for.

use std::sync::Arc;

use axum::extract::{Request, State};
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

/// What pages may do.
#[derive(Clone)]
pub(super) struct Policy(Arc<HeaderValue>);

impl Policy {
    /// Of the admin listener, whose pages stand in no other one.
    pub(super) fn alone() -> Policy {
        let policy = POLICY.replace("frame-ancestors 'self'", "frame-ancestors 'none'");
        Policy(Arc::new(HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(POLICY))))
    }

    /// A wall shows pages of these hosts within itself, and looks whether they are there. A paired screen
    /// shows walls within itself.
    pub(super) fn embedding(hosts: &[String]) -> Policy {
        if hosts.is_empty() {
            return Policy(Arc::new(HeaderValue::from_static(POLICY)));
        }
        let hosts = hosts.join(" ");
        let connects = format!("connect-src 'self' {hosts} ws: wss:");
        let policy = POLICY.replace("connect-src 'self' ws: wss:", &connects);
        let policy = HeaderValue::try_from(format!("{policy}; frame-src 'self' {hosts}"));
        // What is no text of a header is no host: the config has refused it.
        Policy(Arc::new(policy.unwrap_or(HeaderValue::from_static(POLICY))))
    }
}

pub(super) async fn secure(State(policy): State<Policy>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What a handler or a channel's reply chose to say about caching stays.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    // A picture may do less, and a form more.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| (*policy.0).clone());
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

/// The editor of boards: its own script asks this server, and a wall stands in it.
const EDITOR_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    font-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

pub(super) fn with_editor(mut response: Response) -> Response {
    let policy = HeaderValue::from_static(EDITOR_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The wall in the editor: it asks nobody, and shows pages of these hosts as walls do.
pub(super) fn with_preview(mut response: Response, hosts: &[String]) -> Response {
    let Policy(policy) = Policy::embedding(hosts);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, (*policy).clone());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_the_config_are_framed() {
        let of = |hosts: &[&str]| {
            let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
            let Policy(policy) = Policy::embedding(&hosts);
            policy.to_str().expect("text").to_owned()
        };
        assert!(!of(&[]).contains("frame-src"), "default-src says that nothing is framed");
        let two = of(&["status.example.com", "grafana:3000"]);
        assert!(two.ends_with("; frame-src 'self' status.example.com grafana:3000"), "{two}");
        let connects = "connect-src 'self' status.example.com grafana:3000 ws: wss:;";
        assert!(two.contains(connects), "{two}");
        assert!(two.contains("script-src 'self';") && two.contains("default-src 'none'"), "{two}");
    }
}
