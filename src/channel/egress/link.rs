//! Opens links, by the rules of requests: the host is declared and granted, its name is resolved here,
//! and the connection goes to the addresses that were checked.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request as Handshake;
use tokio_tungstenite::tungstenite::http::header::{
    HeaderName, HeaderValue, SEC_WEBSOCKET_PROTOCOL, SET_COOKIE, USER_AGENT,
};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WebSocketError, error::ProtocolError};
use zeroize::Zeroizing;

use super::address::{PrivateAddress, public};
use super::client::CONNECT_TIMEOUT;
use super::header::header;
use super::pieces::{COMPUTED_MAX, Maker, without_secrets};
use super::redact::StreamRedactor;
use super::{Egress, FetchError, Tokens, has_user};
use crate::channel::BoxFuture;
use crate::channel::link::{Connect, Linker, NotOpened, Opened, Socket, Transport, check};
use crate::channel::request::Piece;
use crate::channel::trust::{self, Refusal};
use crate::config::host::Host;

/// Computed pieces that a link remembers, to find them in what comes.
const MADE_MAX: usize = 4 * COMPUTED_MAX;
/// A silent connection is looked after by the system from then on.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// The schemes of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scheme {
    is_tls: bool,
    is_websocket: bool,
}

impl Scheme {
    fn named(name: &str) -> Option<Self> {
        let (is_tls, is_websocket) = match name {
            "wss" => (true, true),
            "ws" => (false, true),
            "tls" => (true, false),
            "tcp" => (false, false),
            _ => return None,
        };
        Some(Self { is_tls, is_websocket })
    }

    /// The address as requests call it: so the same rules are asked in the same words.
    fn as_request(self, rest: &str) -> Result<Url, NotOpened> {
        let word = if self.is_tls { "https" } else { "http" };
        format!("{word}://{rest}").parse().map_err(|_| in_words(FetchError::Address))
    }
}

/// Where a link goes, its address checked without its secrets: a message about it cannot show one.
struct Place {
    /// `wss` and the like.
    word: String,
    scheme: Scheme,
    host: Host,
    /// The host, for messages.
    name: String,
    /// As a request would have it.
    plain: Url,
    port: u16,
}

/// How it is opened, its secrets put in.
struct Opening {
    /// Of a WebSocket.
    handshake: Option<Handshake>,
    made: Vec<Zeroizing<Vec<u8>>>,
}

/// What a link sends passes here, and what comes is shown without secrets.
pub struct Guard {
    egress: Arc<Egress>,
    host: Host,
    plain: Url,
    /// Of the accounts that may go there.
    tokens: Tokens,
    made: Mutex<Vec<Zeroizing<Vec<u8>>>>,
}

impl Guard {
    /// Puts together what is to be sent.
    pub(in crate::channel) fn compose(
        &self,
        pieces: &[Piece],
    ) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let find = |secret: &str| self.egress.secret(secret, &self.tokens, &self.host, &self.plain);
        let mut maker = Maker::new(&find);
        let bytes = maker.bytes(pieces).map_err(in_words)?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.append(&mut maker.made);
        let beyond = made.len().saturating_sub(MADE_MAX);
        made.drain(..beyond);
        Ok(bytes)
    }

    /// A message without secrets.
    pub(in crate::channel) fn redacted<'a>(&self, message: &'a [u8]) -> Cow<'a, [u8]> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        self.egress.redacted(message, &made)
    }

    /// A part of a stream without them.
    pub(in crate::channel) fn pass(
        &self,
        stream: &mut Held,
        part: &[u8],
        keeps_length: bool,
    ) -> Vec<u8> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = self.egress.accounts.known();
        stream.0.pass(part, self.egress.hidden(&made, &tokens), keeps_length)
    }
}

#[cfg(test)]
impl Egress {
    /// Of a link to this machine that needs no address.
    pub(in crate::channel) fn guard_for_tests(self: Arc<Self>) -> Guard {
        let host = Host::Address(std::net::Ipv4Addr::LOCALHOST.into());
        let plain = Url::parse("http://127.0.0.1/").expect("an address");
        Guard { egress: self, host, plain, tokens: Tokens::new(), made: Mutex::default() }
    }
}

/// What of a stream is held back, because a secret may begin there.
#[derive(Default)]
pub struct Held(StreamRedactor);

impl Held {
    /// So many bytes.
    pub(in crate::channel) fn bytes(&self) -> usize {
        self.0.held()
    }
}

impl Linker for Egress {
    fn open(
        self: Arc<Self>,
        connect: Connect,
        frame_bytes_max: usize,
    ) -> BoxFuture<Result<Opened, NotOpened>> {
        Box::pin(async move { self.open_link(&connect, frame_bytes_max).await })
    }
}

impl Egress {
    async fn open_link(
        self: Arc<Self>,
        connect: &Connect,
        frame_bytes_max: usize,
    ) -> Result<Opened, NotOpened> {
        let place = self.place(connect)?;
        let accounts = self.accounts.for_address(&place.host, &place.plain);
        let tokens = self.sign_in(&accounts, &Tokens::new()).await.map_err(in_words)?;
        let Opening { handshake, made } = self.opening(connect, &place, &tokens)?;
        let socket = self.socket(&place).await?;
        let Place { host, name, plain, .. } = place;
        let guard = Guard { egress: self, host, plain, tokens, made: Mutex::new(made) };
        let Some(handshake) = handshake else {
            let transport = Transport::Stream(socket, connect.framing.clone());
            return Ok(Opened { protocol: None, headers: Vec::new(), transport, guard });
        };
        let config = WebSocketConfig::default()
            .max_message_size(Some(frame_bytes_max))
            .max_frame_size(Some(frame_bytes_max));
        let opened = client_async_with_config(handshake, socket, Some(config)).await;
        let (socket, response) = opened.map_err(|error| refusal(&error, &name))?;
        let text = |value: &HeaderValue| {
            String::from_utf8_lossy(&guard.redacted(value.as_bytes())).into_owned()
        };
        let shown = response.headers().iter().filter(|(name, _)| **name != SET_COOKIE);
        let headers = shown.map(|(name, value)| (name.to_string(), text(value))).collect();
        let protocol = response.headers().get(SEC_WEBSOCKET_PROTOCOL).map(text);
        let transport = Transport::WebSocket(Box::new(socket));
        Ok(Opened { protocol, headers, transport, guard })
    }

    /// Where a plugin wants to go, and whether it may.
    fn place(&self, connect: &Connect) -> Result<Place, NotOpened> {
        let bad_address = || in_words(FetchError::Address);
        let text = without_secrets(&connect.address).map_err(in_words)?;
        let (word, rest) = text.split_once("://").ok_or_else(bad_address)?;
        let scheme = Scheme::named(word).ok_or_else(bad_address)?;
        check(&connect.framing, scheme.is_websocket)
            .map_err(|error| NotOpened::new(error.to_string()))?;
        let plain = scheme.as_request(rest)?;
        let (host, name) = self.check(&plain).map_err(in_words)?;
        let port = plain.port_or_known_default().ok_or_else(bad_address)?;
        Ok(Place { word: word.to_owned(), scheme, host, name, plain, port })
    }

    /// Puts the pieces together.
    fn opening(
        &self,
        connect: &Connect,
        place: &Place,
        tokens: &Tokens,
    ) -> Result<Opening, NotOpened> {
        let bad_address = || in_words(FetchError::Address);
        let Place { word, scheme, host, plain, .. } = place;
        let find = |secret: &str| self.secret(secret, tokens, host, plain);
        let mut maker = Maker::new(&find);
        let whole = maker.url(&connect.address).map_err(in_words)?;
        let rest = whole.strip_prefix(word.as_str()).and_then(|it| it.strip_prefix("://"));
        let rest = rest.ok_or_else(bad_address)?;
        let url = scheme.as_request(rest)?;
        // A secret may not choose where it is sent.
        if url.origin() != plain.origin() || has_user(&url) || url.fragment().is_some() {
            return Err(bad_address());
        }
        let handshake = match scheme.is_websocket {
            true => Some(handshake(connect, word, &url, &mut maker)?),
            // A stream has no path, and no usual port.
            false => {
                let port = rest.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
                if !matches!(port, Some(Ok(_))) {
                    return Err(bad_address());
                }
                None
            }
        };
        Ok(Opening { handshake, made: maker.made })
    }

    async fn socket(&self, place: &Place) -> Result<Socket, NotOpened> {
        let Place { scheme, host, name, port, .. } = place;
        let addresses = match host {
            Host::Address(address) => vec![SocketAddr::new(*address, *port)],
            Host::Name(host) => {
                let found = public(&self.lookup, host.clone()).await.map_err(|error| {
                    in_words(match error.is::<PrivateAddress>() {
                        true => FetchError::PrivateAddress(name.clone()),
                        false => FetchError::Unresolved(name.clone()),
                    })
                })?;
                found.into_iter().map(|address| SocketAddr::new(address, *port)).collect()
            }
        };
        let failed = |what| in_words(FetchError::Failed { what, host: name.clone() });
        let connecting = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(&*addresses));
        let stream = match connecting.await {
            Ok(Ok(stream)) => stream,
            Ok(Err(_)) | Err(_) => return Err(failed("no connection to")),
        };
        // Without them a link works as well, only later.
        let _ = stream.set_nodelay(true);
        let _ = keep_alive(&stream);
        if !scheme.is_tls {
            return Ok(Box::new(stream));
        }
        let config = self.tls.clone().ok_or_else(|| in_words(FetchError::NoAuthorities))?;
        let server = match host {
            Host::Address(address) => ServerName::from(*address),
            Host::Name(host) => {
                ServerName::try_from(host.clone()).map_err(|_| in_words(FetchError::Address))?
            }
        };
        let opened = TlsConnector::from(config).connect(server, stream).await;
        let opened = opened.map_err(|error| match trust::refusal(&error) {
            Some(Refusal { peer: why, .. }) => {
                in_words(FetchError::Untrusted { host: name.clone(), why })
            }
            None => failed("the TLS handshake broke off, with"),
        })?;
        Ok(Box::new(opened))
    }
}

fn handshake(
    connect: &Connect,
    scheme: &str,
    url: &Url,
    maker: &mut Maker<'_>,
) -> Result<Handshake, NotOpened> {
    let bad_address = || in_words(FetchError::Address);
    let (_, rest) = url.as_str().split_once("://").ok_or_else(bad_address)?;
    let request = Zeroizing::new(format!("{scheme}://{rest}"));
    let mut request = request.as_str().into_client_request().map_err(|_| bad_address())?;
    let headers = request.headers_mut();
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static(concat!("tablica/", env!("CARGO_PKG_VERSION"))),
    );
    let mut given = Vec::new();
    for (name, value) in &connect.headers {
        let (parsed, value) = header(name, value, maker).map_err(in_words)?;
        if parsed.as_str().starts_with("sec-websocket-") {
            return Err(in_words(FetchError::Header(name.clone())));
        }
        match given.contains(&parsed) {
            true => drop(headers.append(parsed, value)),
            false => {
                headers.insert(parsed.clone(), value);
                given.push(parsed);
            }
        }
    }
    if !connect.protocols.is_empty() {
        let refuse = || NotOpened::new("the protocols of the link are not words".to_owned());
        // A list's comma would be a second protocol.
        let is_word = |it: &String| it.parse::<HeaderName>().is_ok();
        if !connect.protocols.iter().all(is_word) {
            return Err(refuse());
        }
        let value = connect.protocols.join(", ").parse().map_err(|_| refuse())?;
        headers.insert(SEC_WEBSOCKET_PROTOCOL, value);
    }
    Ok(request)
}

fn keep_alive(stream: &TcpStream) -> std::io::Result<()> {
    use rustix::net::sockopt;
    sockopt::set_socket_keepalive(stream, true)?;
    #[cfg(target_os = "linux")]
    {
        sockopt::set_tcp_keepidle(stream, KEEP_ALIVE)?;
        sockopt::set_tcp_keepintvl(stream, KEEP_ALIVE / 2)?;
        sockopt::set_tcp_keepcnt(stream, 4)?;
    }
    Ok(())
}

/// Why a server did not open a WebSocket. Its own words are not repeated: they may hold the address.
fn refusal(error: &WebSocketError, host: &str) -> NotOpened {
    if let WebSocketError::Http(response) = error {
        let status = response.status().as_u16();
        let reason = format!("{host} opened no WebSocket: it answered with the status {status}");
        return NotOpened { code: Some(status), reason };
    }
    let what = match error {
        WebSocketError::Protocol(ProtocolError::SecWebSocketSubProtocolError(_)) => {
            "none of the protocols is spoken by"
        }
        WebSocketError::Protocol(_) => "no WebSocket is spoken by",
        _ => "the handshake broke off, by",
    };
    in_words(FetchError::Failed { what, host: host.to_owned() })
}

/// A refusal in a link's words.
fn in_words(error: FetchError) -> NotOpened {
    NotOpened::new(match error {
        FetchError::Address => String::from(
            "the address of the link is not wss://HOST/PATH, ws://HOST:PORT/PATH, tls://HOST:PORT or \
             tcp://HOST:PORT",
        ),
        FetchError::PlainHttp(host) => {
            format!("the host {host} is granted for TLS only; name the port to allow ws and tcp")
        }
        FetchError::SecretInClear(secret) => {
            format!("the secret {secret:?} is not sent over plain ws or tcp, only over wss and tls")
        }
        error => error.to_string(),
    })
}
