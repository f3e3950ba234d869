//! What everything is measured against: an axum handler that reads the body and answers 200.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

/// Serves until killed; prints its address first.
pub(crate) async fn serve() -> anyhow::Result<()> {
    let app = Router::new().route("/in/bare", post(|body: Bytes| async move { drop(body) }));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).tcp_nodelay().await?;
    Ok(())
}
