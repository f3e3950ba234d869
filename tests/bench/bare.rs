//! What everything is measured against: an axum handler that reads the body and answers 200.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

/// Serves until killed; prints its address first.
pub(crate) async fn serve() -> anyhow::Result<()> {
    let app = Router::new().route("/in/bare", post(|body: Bytes| async move { drop(body) }));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    println!("bare handler on http://{}/in/bare", listener.local_addr()?);
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await?;
    Ok(())
}
