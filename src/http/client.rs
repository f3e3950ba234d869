//! Who asks: the peer of the connection, or whom a trusted proxy asks for.
//!
//! What `X-Forwarded-For`, `-Host` and `-Proto` say counts only when the peer is one of
//! `server.trusted_proxies`: anybody can send these headers. Of several addresses, the last that is
//! no trusted proxy's is the one that a trusted proxy has seen.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;

use super::addresses::{AddressPlace, Addresses};
use super::refusals::Limit;
use super::{Counters, Problem};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// `server.trusted_proxies`.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Those of these addresses and networks.
    pub fn new(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self(networks.into_iter().collect())
    }

    /// One of them has that address.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    /// Unknown where a trusted proxy does not say for whom it asks.
    pub(super) address: Option<IpAddr>,
    /// The same with its port, 0 where that is not known.
    pub(super) remote: Option<SocketAddr>,
    /// The port at which a browser asks when its address names none, as the proxy tells.
    pub(super) default_port: Option<u16>,
    is_proxied: bool,
}

impl Client {
    /// What was asked for before any proxy: scheme and host, where a trusted proxy tells both.
    pub(super) fn origin(&self, headers: &HeaderMap) -> Option<String> {
        let scheme = if self.default_port? == 443 { "https" } else { "http" };
        let host = headers.get(header::HOST)?.to_str().ok()?;
        Some(format!("{scheme}://{host}"))
    }
}

/// What requests are looked at with.
#[derive(Clone)]
pub(super) struct Doorkeeper {
    pub(super) trusted: TrustedProxies,
    pub(super) requests: Arc<Addresses>,
    pub(super) counters: Arc<Counters>,
}

impl Doorkeeper {
    /// Who asks, and the place that an address holds behind a proxy: there none may have more requests
    /// under way than it may have connections to the server itself.
    pub(super) fn admit(
        &self,
        request: &mut Request,
        peer: Option<SocketAddr>,
    ) -> Result<(Client, Option<AddressPlace>), Problem> {
        let client = peer.map(|peer| of(&self.trusted, peer, request.headers()));
        let client = client.unwrap_or_default();
        if !client.is_proxied {
            return Ok((client, None));
        }
        if let Some(host) = last(request.headers(), &FORWARDED_HOST).map(str::to_owned)
            && let Ok(host) = HeaderValue::try_from(host)
        {
            request.headers_mut().insert(header::HOST, host);
        }
        let Some(address) = client.address else { return Ok((client, None)) };
        let Some(place) = self.requests.take(address) else {
            self.counters.refusals.note(Limit::PerAddress, Some(address));
            let detail = "too many requests of this address are under way \
                          (server.connections_per_address_max)";
            let status = StatusCode::TOO_MANY_REQUESTS;
            let problem = Problem::new(status, "too-many-requests", "Too many requests", detail);
            return Err(problem.retry_after(1));
        };
        Ok((client, Some(place)))
    }
}

/// Tells the pages who asks.
pub(super) async fn tell(
    State(keeper): State<Doorkeeper>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    let (client, _place) = match keeper.admit(&mut request, peer) {
        Ok(admitted) => admitted,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(client);
    next.run(request).await
}

fn of(trusted: &TrustedProxies, peer: SocketAddr, headers: &HeaderMap) -> Client {
    if !trusted.has(peer.ip()) {
        let address = Some(peer.ip().to_canonical());
        return Client { address, remote: Some(peer), ..Client::default() };
    }
    let default_port = last(headers, &FORWARDED_PROTO).and_then(default_port);
    let address = forwarded_for(trusted, headers);
    let remote = address.map(|address| SocketAddr::new(address, 0));
    Client { address, remote, default_port, is_proxied: true }
}

/// From the nearest on; what is no address ends it, because who wrote that is not known.
fn forwarded_for(trusted: &TrustedProxies, headers: &HeaderMap) -> Option<IpAddr> {
    let values: Vec<&str> = values(headers, &FORWARDED_FOR).collect();
    let mut nearest = None;
    for value in values.into_iter().rev() {
        let Some(address) = address(value) else { break };
        nearest = Some(address);
        if !trusted.has(address) {
            break;
        }
    }
    nearest
}

/// `192.0.2.1`, `192.0.2.1:5000`, `2001:db8::1`, `[2001:db8::1]:5000`.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let plain = text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    plain.or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

/// The port of an address that names none.
pub(super) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|value| !value.is_empty())
}

/// What the nearest proxy says.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    values(headers, name).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(peer: &str, forwarded: &[&str]) -> Option<String> {
        let networks = ["10.0.0.0/8", "2001:db8:ffff::/48"];
        let trusted = TrustedProxies::new(networks.map(|it| it.parse().expect("a network")));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).expect("a value"));
        }
        let client =
            of(&trusted, SocketAddr::new(peer.parse().expect("an address"), 4711), &headers);
        client.address.map(|address| address.to_string())
    }

    #[test]
    fn only_trusted_proxies_say_for_whom_they_ask() {
        for (peer, forwarded, client) in [
            ("192.0.2.1", &[][..], Some("192.0.2.1")),
            ("192.0.2.1", &["198.51.100.7"], Some("192.0.2.1")),
            ("10.0.0.1", &["198.51.100.7"], Some("198.51.100.7")),
            ("::ffff:10.0.0.1", &["198.51.100.7:4711"], Some("198.51.100.7")),
            ("10.0.0.1", &["1.2.3.4, 198.51.100.7"], Some("198.51.100.7")),
            ("10.0.0.1", &["1.2.3.4", "198.51.100.7, 10.0.0.2"], Some("198.51.100.7")),
            ("10.0.0.1", &["[2001:db8::7]:4711"], Some("2001:db8::7")),
            ("10.0.0.1", &["10.0.0.9, 10.0.0.2"], Some("10.0.0.9")),
            ("10.0.0.1", &["198.51.100.7, unknown"], None),
            ("10.0.0.1", &[], None),
        ] {
            assert_eq!(asks(peer, forwarded).as_deref(), client, "{peer} {forwarded:?}");
        }
    }
}
