//! Listening and stopping.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use std::{future::IntoFuture as _, io};

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::time::timeout;

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

/// Serves until `stop` is done; then takes no new connections and gives those that are under way
/// `drain_timeout` to finish. Says whether they did. Screens are not waited for: they end with
/// the hub.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    drain_timeout: Duration,
) -> io::Result<bool> {
    // A delta is small and must leave at once.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
    });
    let (stopped, stopping) = oneshot::channel();
    let stop = async move {
        stop.await;
        // Nobody listens any more when serving ended by itself.
        let _ = stopped.send(());
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    tokio::pin!(serving);
    tokio::select! {
        done = &mut serving => return done.map(|()| true),
        _ = stopping => {}
    }
    match timeout(drain_timeout, serving).await {
        Ok(done) => done.map(|()| true),
        Err(_) => Ok(false),
    }
}
