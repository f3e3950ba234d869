//! `/livez`, `/readyz` and `/metrics`: is it running, can it take events, how is it doing?

use std::io::{self, Write};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Problem, coding};
use crate::telemetry::Form;

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
    /// Every metric, in this form. May take a while: it is called off the runtime.
    fn metrics(&self, form: Form) -> String;
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

/// Every metric, in the form and coding that whoever scrapes asks for.
async fn render(State(status): State<Arc<dyn ServerStatus>>, asked: HeaderMap) -> Response {
    let accept: Vec<&str> =
        asked.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok()).collect();
    let form = Form::accepted(&accept.join(","));
    let small = coding::choose(&asked, ["gzip"].into_iter()).is_some();
    let made = tokio::task::spawn_blocking(move || {
        let text = status.metrics(form);
        let packed = if small { pack(&text).ok() } else { None };
        (packed.is_some(), packed.unwrap_or_else(|| text.into_bytes()))
    });
    match made.await {
        Ok((is_packed, body)) => {
            let kind = [
                (header::CONTENT_TYPE, HeaderValue::from_static(form.content_type())),
                (header::VARY, HeaderValue::from_static("Accept, Accept-Encoding")),
            ];
            let coding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            match is_packed {
                true => (kind, [coding], body).into_response(),
                false => (kind, body).into_response(),
            }
        }
        Err(error) => Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "metrics-failed",
            "Metrics failed",
            format!("the metrics could not be rendered: {error}"),
        )
        .into_response(),
    }
}

/// An eighth of the size. The fastest level: others take three times as long for a few percent.
fn pack(text: &str) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::with_capacity(text.len() / 4), Compression::fast());
    packer.write_all(text.as_bytes())?;
    packer.finish()
}
