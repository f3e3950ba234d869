//! Listening and stopping.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_service::Service;

use super::counters::{Counters, count};

/// Bytes that the kernel keeps for a peer that does not read. The default grows to megabytes:
/// a slow screen would be sent minutes of old pictures instead of the newest one.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;
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
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Open at once (`server.connections_max`); more are closed and counted.
    pub connections_max: usize,
    /// Longest time for a request's head to arrive (`server.head_timeout`).
    pub head_timeout: Duration,
    /// How long a stop waits for answers that are under way (`server.drain_timeout`).
    pub drain_timeout: Duration,
}

/// Serves until `stop` is done; then takes no new connections and gives those that are under way
/// some time to finish. Says whether they did. Screens are not waited for: they end with the hub.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    counters: Arc<Counters>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> bool {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_timeout);
    let (stopped, stopping) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        // axum's way to accept waits a second when the process has no file left for a socket.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            () = &mut stop => break,
        };
        if connections.len() >= limits.connections_max {
            count(&counters.connections_refused);
            continue;
        }
        // A delta is small and must leave at once.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
        connections.spawn(converse(http.clone(), stream, peer, router.clone(), stopping.clone()));
    }
    drop(listener);
    drop(stopped);
    let drained = async { while connections.join_next().await.is_some() {} };
    timeout(limits.drain_timeout, drained).await.is_ok()
}

/// One connection, until either side ends it or it becomes a WebSocket. When the server stops,
/// the answer under way is finished.
async fn converse(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<()>,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // The sender is only ever dropped.
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}
