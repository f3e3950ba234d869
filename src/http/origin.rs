//! Whether a page is of this server: same host, same port, however they are written.

use axum::http::uri::{Authority, Uri};
use axum::http::{HeaderMap, header};

use super::client::{Client, default_port};

/// Browsers let any page open a WebSocket to any host and say only where the page is from; a
/// wall's numbers are for pages of this server. Programs send no origin.
pub(super) fn is_same(headers: &HeaderMap, client: &Client) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    let (Some(origin), Some(host)) = (origin, host) else { return false };
    let default = origin.scheme_str().and_then(default_port);
    let (Some(of_page), Some(default)) = (origin.authority(), default) else { return false };
    let port = |authority: &Authority, default: u16| authority.port_u16().unwrap_or(default);
    of_page.host().eq_ignore_ascii_case(host.host())
        && port(of_page, default) == port(&host, client.default_port.unwrap_or(default))
}
