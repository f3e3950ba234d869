//! `POST /api/v1/reload`, on the admin listener alone: the config is read again, and what a running
//! server can take up is taken up.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use utoipa::ToSchema;

use super::{Problem, annotations};

/// Reloads that may wait for the one that runs.
const WAITING_MAX: usize = 8;

/// Somebody who wants a reload, and how they are answered.
pub type Asked = oneshot::Sender<Result<Reloaded, Problem>>;

/// What a reload has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reloaded {
    /// What became of channels that it concerned, by name: `changed`, `started`, `stopped`.
    #[schema(value_type = BTreeMap<String, String>)]
    pub channels: BTreeMap<String, &'static str>,
    /// Keys that are other than when the config was read last, and hold now.
    pub changed: Vec<String>,
    /// Keys that are other than when the server started, and hold only after a restart.
    pub needs_restart: Vec<String>,
    /// Numbers are being counted anew by other rules; until that is done, walls say so.
    pub counted_anew: bool,
}

/// Asks the server to reload. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reloads(mpsc::Sender<Asked>);

impl Reloads {
    /// And where whoever reloads hears of it.
    pub fn pair() -> (Self, mpsc::Receiver<Asked>) {
        let (asks, asked) = mpsc::channel(WAITING_MAX);
        (Self(asks), asked)
    }

    /// Asks without waiting for the answer. Where enough wait already, the config is read after now
    /// as it is.
    pub fn ask_and_go(&self) {
        let (answer, _) = oneshot::channel();
        let _ = self.0.try_send(answer);
    }

    /// Asks and waits.
    async fn ask(&self) -> Result<Reloaded, Problem> {
        let later = |name, detail: &str| {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Problem::new(status, name, "No answer now", detail).retry_after(1)
        };
        let (answer, answered) = oneshot::channel();
        self.0.try_send(answer).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                later("busy", "enough reloads are waiting already: try again later")
            }
            mpsc::error::TrySendError::Closed(_) => later("stopping", "the server is stopping"),
        })?;
        let stopping = |_| later("stopping", "the server is stopping");
        answered.await.map_err(stopping)?
    }
}

pub(super) fn admin(reloads: Reloads) -> Router {
    Router::new().route("/api/v1/reload", post(reload)).with_state(reloads)
}

/// Reads the config again, with the plugins that it names, and takes up what a running server can.
///
/// A config with mistakes changes nothing. A channel that could not run as it says goes on as before,
/// and the answer is a problem that says why; all else holds then. Says `Content-Type:
/// application/json`; a body is not needed.
#[utoipa::path(post, path = "/api/v1/reload", responses(
    (status = 200, description = "The config is in force", body = Reloaded)
))]
pub(super) async fn reload(
    State(reloads): State<Reloads>,
    headers: HeaderMap,
) -> Result<Json<Reloaded>, Problem> {
    annotations::must_say_json(&headers)?;
    reloads.ask().await.map(Json)
}
