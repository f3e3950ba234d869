//! Who may be asked for: listeners answer only to names that are their own.
//!
//! They have no login: being reachable is the permission. A page on the internet could have its own
//! name resolve to this machine and then read and write here as if it were of this server (DNS
//! rebinding); but its requests still say that name. An address, a name without a dot (nobody can
//! register one) and the names of `server.hosts` or `server.admin_hosts` are ours; programs that say
//! none are no browsers.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::client::Client;
use super::refusals::Limit;
use super::{Counters, Problem};

/// Names of a listener.
#[derive(Clone)]
pub(super) struct OwnHosts {
    /// The key that they stand in.
    key: &'static str,
    names: Arc<[String]>,
    counters: Arc<Counters>,
}

impl OwnHosts {
    pub(super) fn new(key: &'static str, names: Vec<String>, counters: &Arc<Counters>) -> Self {
        Self { key, names: names.into(), counters: Arc::clone(counters) }
    }
}

pub(super) async fn check(State(own): State<OwnHosts>, request: Request, next: Next) -> Response {
    let said = match request.headers().get(header::HOST) {
        Some(host) => Some(host.to_str().unwrap_or_default()),
        None => request.uri().authority().map(Authority::as_str),
    };
    match said {
        Some(said) if !is_own(said, &own.names) => {
            let client = request.extensions().get::<Client>().and_then(|client| client.address);
            own.counters.refusals.note(Limit::Hosts, client);
            let detail = format!(
                "this listener does not answer for \"{said}\"; ask for its address, or add the \
                 name to {}",
                own.key
            );
            let status = StatusCode::MISDIRECTED_REQUEST;
            Problem::new(status, "other-host", "Other host", detail).into_response()
        }
        _ => next.run(request).await,
    }
}

fn is_own(said: &str, own: &[String]) -> bool {
    let Ok(authority) = said.parse::<Authority>() else { return false };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    // The root's dot at the end is no part of the name.
    let name = host.strip_suffix('.').unwrap_or(host);
    address.parse::<IpAddr>().is_ok()
        || !name.contains('.')
        || own.iter().any(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_short_names_and_configured_ones_are_ours() {
        let own = ["metrics.example.org".to_owned()];
        for said in [
            "127.0.0.1:9464",
            "10.0.0.7",
            "[::1]:9464",
            "localhost:9464",
            "tablica",
            "metrics.example.org",
            "Metrics.Example.ORG.:9464",
        ] {
            assert!(is_own(said, &own), "{said}");
        }
        for said in [
            "evil.example:9464",
            "metrics.example.org.evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "",
            "a b",
        ] {
            assert!(!is_own(said, &own), "{said}");
        }
    }
}
