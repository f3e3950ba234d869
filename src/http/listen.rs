//! Listening and stopping.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::addresses::{AddressPlace, Addresses};
use super::client::TrustedProxies;
use super::counters::{Counters, count};
use super::head_timer::HeadTimer;
use super::places::{Given, Place, Places};
use super::refusals::Limit;
use super::stream::Stream;
use super::{Front, Problem};
use crate::webhook_thread::run_on;

/// Bytes that the kernel keeps for a peer that does not read. The default grows to megabytes:
/// a slow screen would be sent minutes of old pictures instead of the newest one.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;
/// Bytes that a connection holds of what is being read: the longest head, and a body's next piece.
pub(crate) const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// So many of a connection's first bytes tell whether it brings webhooks.
const FIRST_BYTES: usize = 16;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Opens a listener for [`serve`].
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for the last run's connections to be forgotten.
    socket.set_reuseaddr(true)?;
    // Accepted sockets inherit it.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// What connections may cost. Screens have their own limits.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// Open at once (`server.connections_max`, `server.admin_connections_max`).
    pub connections_max: usize,
    /// Of one address (`server.connections_per_address_max`); trusted proxies may have any number.
    pub per_address_max: usize,
    /// Whose connections are those of many.
    pub trusted: TrustedProxies,
    /// Which part of them is for webhooks only (`server.webhooks_share`).
    pub webhooks_share: f64,
    /// Longest time for a request's head to arrive (`server.head_timeout`).
    pub head_timeout: Duration,
    /// Longest time for an answer to be taken (`server.write_timeout`).
    pub write_timeout: Duration,
    /// How long a stop waits for answers that are under way (`server.drain_timeout`).
    pub drain_timeout: Duration,
}

/// Serves until `stop` is done; then takes no new connections and gives those that are under way
/// some time to finish. Says whether they did. Screens are not waited for: they end with the hub.
///
/// Connections come in on the thread of webhooks, where there is one, and stay there when a webhook is the
/// first that is asked for. All others go on here.
pub async fn serve(
    listener: TcpListener,
    front: Front,
    limits: ConnectionLimits,
    counters: Arc<Counters>,
    webhook_thread: Option<Handle>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> bool {
    let mut http = http1::Builder::new();
    http.header_read_timeout(limits.head_timeout);
    http.max_buf_size(BUFFER_BYTES_MAX);
    let mut entrance = Entrance {
        http,
        head_timeout: limits.head_timeout,
        guests_go_to: None,
        addresses: Addresses::new(limits.per_address_max),
        places: Places::new(limits.connections_max, limits.webhooks_share),
        trusted: limits.trusted,
        write_timeout: limits.write_timeout,
        drain_timeout: limits.drain_timeout,
        counters,
    };
    let Some(thread) = webhook_thread else { return entrance.open(listener, front, stop).await };
    match second(&listener, &thread) {
        Ok(there) => {
            // Else this runtime wakes for each connection, too, and the port stays open after the stop.
            drop(listener);
            entrance.guests_go_to = Some(Handle::current());
            run_on(&thread, entrance.open(there, front, stop)).await
        }
        Err(error) => {
            tracing::warn!(%error, "webhooks are taken without a thread of their own");
            entrance.open(listener, front, stop).await
        }
    }
}

/// The same socket once more, watched by a runtime.
pub(crate) fn second(listener: &TcpListener, runtime: &Handle) -> io::Result<TcpListener> {
    let socket = listener.as_fd().try_clone_to_owned()?;
    let _there = runtime.enter();
    TcpListener::from_std(socket.into())
}

/// Who is let in, and how they are served.
struct Entrance {
    http: http1::Builder,
    head_timeout: Duration,
    /// Where connections are served that do not begin with a webhook, unless it is here.
    guests_go_to: Option<Handle>,
    addresses: Arc<Addresses>,
    places: Arc<Places>,
    trusted: TrustedProxies,
    write_timeout: Duration,
    drain_timeout: Duration,
    counters: Arc<Counters>,
}

/// A connection that was let in, with what it holds.
struct Admitted {
    stream: Stream,
    peer: SocketAddr,
    place: Arc<Place>,
    /// None of a trusted proxy.
    of_address: Option<AddressPlace>,
}

impl Entrance {
    /// Serves all who come until `stop` is done; says whether the answers that were under way then were
    /// finished in time.
    async fn open(
        self,
        mut listener: TcpListener,
        front: Front,
        stop: impl Future<Output = ()>,
    ) -> bool {
        let (stopped, stopping) = watch::channel(());
        let mut connections = JoinSet::new();
        // For connections that stay: those that go on elsewhere have their pages made there anyway.
        let staying = match self.guests_go_to.clone() {
            Some(main) => front.clone().with_pages_on(main),
            None => front.clone(),
        };
        tokio::pin!(stop);
        loop {
            // axum's way to accept waits a second when the process has no file left for a socket.
            let (socket, peer) = tokio::select! {
                accepted = Listener::accept(&mut listener) => accepted,
                Some(_) = connections.join_next(), if !connections.is_empty() => continue,
                () = &mut stop => break,
            };
            let Some(guest) = self.let_in(socket, peer) else { continue };
            let mut http = self.http.clone();
            http.timer(HeadTimer::default());
            let (staying, front, stopping) = (staying.clone(), front.clone(), stopping.clone());
            match self.guests_go_to.clone() {
                None => connections.spawn(converse(http, guest, staying, stopping)),
                Some(main) => {
                    let head_timeout = self.head_timeout;
                    connections.spawn(async move {
                        match guest.brings_webhooks(head_timeout, stopping.clone()).await {
                            Some(true) => converse(http, guest, staying, stopping).await,
                            Some(false) => {
                                let Some(guest) = guest.moved_to(&main) else { return };
                                run_on(&main, converse(http, guest, front, stopping)).await;
                            }
                            None => {}
                        }
                    })
                }
            };
        }
        drop(listener);
        drop(stopped);
        let drained = async { while connections.join_next().await.is_some() {} };
        timeout(self.drain_timeout, drained).await.is_ok()
    }

    /// The connection with its places, unless there are none: then it is closed, and counted.
    fn let_in(&self, socket: TcpStream, peer: SocketAddr) -> Option<Admitted> {
        let (address, refusals) = (peer.ip(), &self.counters.refusals);
        let mut of_address = None;
        if !self.trusted.has(address) {
            of_address = self.addresses.take(address);
            if of_address.is_none() {
                refusals.note(Limit::PerAddress, Some(address));
                return None;
            }
        }
        let Some(Given { place, made_room }) = self.places.take() else {
            count(&self.counters.connections_refused);
            refusals.note(Limit::Connections, Some(address));
            return None;
        };
        if made_room {
            refusals.note(Limit::Newcomers, Some(address));
        }
        // A delta is small and must leave at once.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
        let stream = Stream {
            socket,
            peer: address,
            allowance: Arc::default(),
            write_timeout: self.write_timeout,
            counters: Arc::clone(&self.counters),
            deadline: None,
        };
        Some(Admitted { stream, peer, place: Arc::new(place), of_address })
    }
}

impl Admitted {
    /// Whether the first that is asked for is a webhook; none when nothing is in time, or its place is
    /// needed for another. A peek: the bytes stay where they are.
    async fn brings_webhooks(
        &self,
        head_timeout: Duration,
        mut stopping: watch::Receiver<()>,
    ) -> Option<bool> {
        let mut first = [0; FIRST_BYTES];
        tokio::select! {
            read = timeout(head_timeout, self.stream.socket.peek(&mut first)) => {
                let read = read.ok()?.ok()?;
                Some(is_for_webhook(&first[..read]))
            }
            () = self.place.told_to_go() => None,
            _ = stopping.changed() => None,
        }
    }

    /// The same connection, watched by another runtime.
    fn moved_to(self, runtime: &Handle) -> Option<Self> {
        let Self { stream, peer, place, of_address } = self;
        let there = runtime.enter();
        let socket = stream.socket.into_std().and_then(TcpStream::from_std);
        drop(there);
        match socket {
            Ok(socket) => {
                Some(Self { stream: Stream { socket, ..stream }, peer, place, of_address })
            }
            Err(error) => {
                tracing::debug!(%error, "a connection is lost on its way to its thread");
                None
            }
        }
    }
}

/// `POST /in/…`
fn is_for_webhook(first: &[u8]) -> bool {
    first.split(|byte| *byte == b' ').nth(1).is_some_and(|path| path.starts_with(b"/in/"))
}

/// One connection, until either side ends it, its place is needed for another or it becomes a
/// WebSocket. When the server stops, the answer under way is finished.
async fn converse(
    http: http1::Builder,
    admitted: Admitted,
    front: Front,
    mut stopping: watch::Receiver<()>,
) {
    let Admitted { stream, peer, place, of_address } = admitted;
    let (allowance, counters) = (Arc::clone(&stream.allowance), Arc::clone(&stream.counters));
    let asked_at = Arc::clone(&place);
    let service = service_fn(move |request: Request<Incoming>| {
        let responsible = front.responsible(request.uri());
        let is_let_in = asked_at.asks(responsible.is_for_webhooks());
        let (allowance, counters) = (Arc::clone(&allowance), Arc::clone(&counters));
        async move {
            if is_let_in {
                return Ok::<_, Infallible>(responsible.answer(request, peer, allowance).await);
            }
            counters.refusals.note(Limit::WebhooksShare, Some(peer.ip()));
            Ok(no_room())
        }
    });
    let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = place.told_to_go() => return,
        // The sender is only ever dropped.
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
    drop((place, of_address));
}

/// For everything but webhooks, when their places are all that is left.
fn no_room() -> Response {
    let detail = "too many connections are open (server.connections_max, server.webhooks_share)";
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail);
    let mut response = problem.retry_after(5).into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_brings_webhooks_is_known_by_its_first_bytes() {
        for first in ["POST /in/shop HTT", "GET /in/shop?hub", "OPTIONS /in/shop"] {
            assert!(is_for_webhook(&first.as_bytes()[..FIRST_BYTES]), "{first}");
        }
        for first in
            ["GET /wall/floor ", "GET /ws/v1/board", "POST", "", "/in/ /in HTTP/1", "GET /i"]
        {
            let first = first.as_bytes();
            assert!(!is_for_webhook(&first[..first.len().min(FIRST_BYTES)]));
        }
    }
}
