//! A server for one picture: the front end, one snapshot, and an image that is not there before the
//! wall has painted. A browser takes its picture when everything is loaded: so it waits for that.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Size;
use crate::assets;
use crate::board::images::Images;

/// Fonts come after the first painting, and sizes are found anew with them: the picture is taken
/// when nothing has been asked for so long.
const CALM: Duration = Duration::from_millis(400);
/// A wall that has not painted by then never will; the picture shows what there is.
const PAINTED_WITHIN: Duration = Duration::from_secs(20);
const EMPTY_IMAGE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";

/// A server on loopback; it ends when dropped.
pub(super) struct Server {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

struct Shared {
    page: String,
    shell: &'static [u8],
    snapshot: Utf8Bytes,
    images: Arc<Images>,
    painted: watch::Sender<bool>,
    /// Grows with each file of the front end.
    asked: watch::Sender<u64>,
}

impl Server {
    pub(super) async fn start(
        shell: &'static [u8],
        board: String,
        snapshot: Utf8Bytes,
        images: Arc<Images>,
        size: Size,
    ) -> anyhow::Result<Server> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0));
        let listener = listener.await.context("cannot listen on loopback")?;
        let address = listener.local_addr().context("cannot listen on loopback")?;
        let Size { width, height } = size;
        // A window without a screen has a bar that nobody sees; a frame has exactly its size.
        let page = format!(
            "<!doctype html><body style=\"margin:0;overflow:hidden\">\
             <iframe src=\"wall/{board}\" style=\"display:block;border:0;width:{width}px;\
             height:{height}px\"></iframe><img src=\"painted.svg\" style=\"display:none\">"
        );
        let shared = Arc::new(Shared {
            page,
            shell,
            snapshot,
            images,
            painted: watch::Sender::new(false),
            asked: watch::Sender::new(0),
        });
        let router = Router::new()
            .route("/", get(page_of))
            .route("/wall/{board}", get(wall))
            .route("/assets/{*path}", get(asset))
            .route("/images/{address}", get(image))
            .route("/ws/v1/boards/{board}", get(connect))
            .route("/painted.svg", get(painted))
            .with_state(shared);
        let serving = tokio::spawn(async move {
            // It ends with the command.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Server { address, serving })
    }

    pub(super) fn address(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn page_of(State(shared): State<Arc<Shared>>) -> Html<String> {
    Html(shared.page.clone())
}

async fn wall(State(shared): State<Arc<Shared>>) -> Html<&'static [u8]> {
    Html(shared.shell)
}

async fn asset(State(shared): State<Arc<Shared>>, Path(path): Path<String>) -> Response {
    shared.asked.send_modify(|asked| *asked += 1);
    match assets::ui(&path) {
        Some(asset) => ([(header::CONTENT_TYPE, asset.mime)], asset.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn image(State(shared): State<Arc<Shared>>, Path(address): Path<String>) -> Response {
    shared.asked.send_modify(|asked| *asked += 1);
    match shared.images.at(&address) {
        Some(image) => ([(header::CONTENT_TYPE, image.mime)], image.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn connect(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| show(socket, shared))
}

/// Sends the one snapshot and notes when the wall says that it is painted.
async fn show(mut socket: WebSocket, shared: Arc<Shared>) {
    if socket.send(Message::Text(shared.snapshot.clone())).await.is_err() {
        return;
    }
    while let Some(Ok(message)) = socket.recv().await {
        if matches!(message, Message::Text(_)) {
            shared.painted.send_replace(true);
        }
    }
}

async fn painted(State(shared): State<Arc<Shared>>) -> Response {
    let mut painted = shared.painted.subscribe();
    let _ = timeout(PAINTED_WITHIN, painted.wait_for(|painted| *painted)).await;
    let mut asked = shared.asked.subscribe();
    while timeout(CALM, asked.changed()).await.is_ok() {}
    ([(header::CONTENT_TYPE, "image/svg+xml")], EMPTY_IMAGE).into_response()
}
