//! `/api/v1/gauges`: what the networks count themselves.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use crate::board::hub::HubHandle;
use crate::event::UnixMs;

/// What the networks count themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = NetworkGauges)]
pub(super) struct Gauges {
    /// By channel, queue and name.
    gauges: Vec<Gauge>,
}

/// A network's own count: shown beside ours, and part of none.
#[derive(Serialize, ToSchema)]
#[schema(as = NetworkGauge)]
struct Gauge {
    /// The channel.
    channel: String,
    /// The queue; empty where the network names none.
    queue: String,
    /// What is counted, in the network's words.
    name: String,
    /// How many, or how much.
    value: f64,
    /// When it was so, in Unix milliseconds.
    #[schema(value_type = i64)]
    at_ms: UnixMs,
}

pub(super) fn routes(hub: HubHandle) -> Router {
    Router::new().route("/api/v1/gauges", get(gauges)).with_state(hub)
}

/// What the networks count themselves: the last value of each.
#[utoipa::path(get, path = "/api/v1/gauges", tag = "channels", responses(
    (status = 200, description = "All of them", body = Gauges)
))]
pub(super) async fn gauges(State(hub): State<HubHandle>) -> Result<Json<Gauges>, Problem> {
    let gauges = hub.ask(|engine, _| {
        let held = engine.network_gauges().map(|it| Gauge {
            channel: it.channel.to_owned(),
            queue: it.queue.to_owned(),
            name: it.name.to_owned(),
            value: it.value,
            at_ms: it.at_ms,
        });
        let mut gauges: Vec<_> = held.collect();
        gauges
            .sort_by(|a, b| (&a.channel, &a.queue, &a.name).cmp(&(&b.channel, &b.queue, &b.name)));
        Gauges { gauges }
    });
    Ok(Json(gauges.await?))
}
