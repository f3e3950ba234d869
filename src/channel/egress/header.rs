//! Headers that a plugin sets, of requests and of WebSockets' handshakes.

use reqwest::header::{HeaderName, HeaderValue};

use super::FetchError;
use super::pieces::Maker;
use crate::channel::request::Piece;

/// Headers that are the host's own business; some would undo the check of the host.
const OWN_HEADERS: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
];

/// A header of the plugin's, its pieces put together.
pub(super) fn header(
    name: &str,
    value: &[Piece],
    maker: &mut Maker<'_>,
) -> Result<(HeaderName, HeaderValue), FetchError> {
    let refuse = || FetchError::Header(name.to_owned());
    let parsed: HeaderName = name.parse().map_err(|_| refuse())?;
    if OWN_HEADERS.contains(&parsed.as_str()) || parsed.as_str().starts_with("proxy-") {
        return Err(refuse());
    }
    let mut value = HeaderValue::from_bytes(&maker.bytes(value)?).map_err(|_| refuse())?;
    value.set_sensitive(true);
    Ok((parsed, value))
}
