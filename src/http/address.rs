//! The server's own address, as somebody elsewhere can ask for it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use super::client::Client;

/// What stays in a part of an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A name as a part of an address, or of its query, whatever the name.
pub(super) fn part(name: &str) -> PercentEncode<'_> {
    utf8_percent_encode(name, PLAIN)
}

/// `server.public_url`, where there is one.
pub(super) type PublicUrl = Option<Arc<str>>;

/// The address that everything here is below, without a slash at its end: the config's, else the
/// one by which this request came. None where the request does not say.
pub(super) fn of_this_server(
    public_url: &PublicUrl,
    client: &Client,
    headers: &HeaderMap,
) -> Option<String> {
    if let Some(url) = public_url {
        return Some(url.to_string());
    }
    let here = || host(headers).map(|host| format!("http://{host}"));
    client.origin(headers).or_else(here)
}

/// The host that was asked for, at another port.
pub(super) fn host_at(headers: &HeaderMap, port: u16) -> Option<String> {
    Some(format!("{}:{port}", host(headers)?.host()))
}

/// Whether that address is one of this machine alone.
pub(super) fn is_only_here(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default().parse::<Authority>();
    let Ok(authority) = authority else { return false };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    host.parse::<IpAddr>().map_or(host == "localhost", |address| address.is_loopback())
}

fn host(headers: &HeaderMap) -> Option<Authority> {
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, axum::http::HeaderValue::from_static(host));
        headers
    }

    #[test]
    fn the_config_goes_before_what_the_request_says() {
        let client = Client::default();
        let of = |url: Option<&str>| {
            of_this_server(&url.map(Arc::from), &client, &headers("wall.example:8080"))
        };
        assert_eq!(of(None).as_deref(), Some("http://wall.example:8080"));
        assert_eq!(of(Some("https://desk.example/x")).as_deref(), Some("https://desk.example/x"));
        assert_eq!(of_this_server(&None, &client, &HeaderMap::new()), None);
    }

    #[test]
    fn an_address_of_this_machine_is_known_as_such() {
        for here in ["http://127.0.0.1:8080", "http://localhost/x", "http://[::1]:8080"] {
            assert!(is_only_here(here), "{here}");
        }
        assert!(!is_only_here("http://10.0.0.4:8080") && !is_only_here("https://wall.example"));
        assert_eq!(host_at(&headers("[::1]:9464"), 8080).as_deref(), Some("[::1]:8080"));
    }
}
