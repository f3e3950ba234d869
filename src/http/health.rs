//! `/livez`, `/readyz` and `/metrics`: is it running, can it take events, how is it doing?

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Problem;

/// What the server can say about itself.
pub trait ServerStatus: Send + Sync + 'static {
    /// What keeps it from taking events, in plain words: the journal is not writable, the engine
    /// has not caught up yet. Empty when it is ready.
    fn obstacles(&self) -> Vec<String>;
    /// What whoever reads numbers must know, though events are taken in. Often nothing.
    fn remarks(&self) -> Vec<String> {
        Vec::new()
    }
    /// The channels as `GET /api/v1/channels` shows them: a list of objects.
    fn channels(&self) -> serde_json::Value;
    /// Every metric, in Prometheus' text format. May take a while: it is called off the runtime.
    fn metrics(&self) -> String;
}

pub(super) fn routes(status: Arc<dyn ServerStatus>) -> Router {
    Router::new().route("/livez", get(livez)).route("/readyz", get(readyz)).with_state(status)
}

pub(super) fn metrics(status: Arc<dyn ServerStatus>) -> Router {
    Router::new().route("/metrics", get(render)).with_state(status)
}

/// Whether the server runs: that it answers is the answer.
#[utoipa::path(get, path = "/livez", responses((status = 200, description = "It runs", body = str)))]
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// Whether the server can take events. Also on the admin listener.
#[utoipa::path(get, path = "/readyz", responses((
    status = 200,
    description = "It can. The lines after `ok` say what must be known of the numbers, as that the \
                   machine's clock jumped",
    body = str
)))]
pub(super) async fn readyz(State(status): State<Arc<dyn ServerStatus>>) -> Result<String, Problem> {
    let (obstacles, remarks) = (status.obstacles(), status.remarks());
    if obstacles.is_empty() {
        let lines = ["ok"].into_iter().chain(remarks.iter().map(String::as_str));
        return Ok(lines.map(|line| format!("{line}\n")).collect());
    }
    let detail = [obstacles, remarks].concat().join("; ");
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", "Not ready", detail)
        .retry_after(1))
}

async fn render(State(status): State<Arc<dyn ServerStatus>>) -> Response {
    match tokio::task::spawn_blocking(move || status.metrics()).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
            .into_response(),
        Err(error) => Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "metrics-failed",
            "Metrics failed",
            format!("the metrics could not be rendered: {error}"),
        )
        .into_response(),
    }
}
