//! `/api/v1/limits`: which limits of the engine were hit, and what the figures lack since.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use crate::board::hub::HubHandle;

/// The engine's limits.
#[derive(Serialize, ToSchema)]
pub(super) struct Limits {
    /// How much is kept in memory.
    kept: Vec<Kept>,
    /// Each limit of the engine, hit or not.
    limits: Vec<Limit>,
}

/// How much is kept of one thing.
#[derive(Serialize, ToSchema)]
struct Kept {
    /// `contacts` or `duplicate_ids`.
    what: &'static str,
    /// So many now.
    kept: usize,
    /// So many at most: `contacts.contacts_max`, `contacts.duplicate_ids_max`.
    kept_max: usize,
}

/// One limit.
#[derive(Serialize, ToSchema)]
struct Limit {
    /// Its name, as in the metric `tablica_engine_limited_total`.
    limit: &'static str,
    /// How often it was hit since the engine's beginning, restarts included.
    hits: u64,
    /// What each hit means.
    means: &'static str,
}

pub(super) fn routes(hub: HubHandle) -> Router {
    Router::new().route("/api/v1/limits", get(limits)).with_state(hub)
}

/// The engine's limits: how often each was hit, and what the figures lack since.
#[utoipa::path(get, path = "/api/v1/limits", tag = "limits", responses(
    (status = 200, description = "All of them", body = Limits)
))]
pub(super) async fn limits(State(hub): State<HubHandle>) -> Result<Json<Limits>, Problem> {
    let limits = hub.ask(|engine, _| Limits {
        kept: engine
            .kept()
            .map(|it| Kept { what: it.what, kept: it.kept, kept_max: it.kept_max })
            .into(),
        limits: engine
            .limits_hit()
            .each()
            .map(|it| Limit { limit: it.limit, hits: it.hits, means: it.means })
            .into(),
    });
    Ok(Json(limits.await?))
}
