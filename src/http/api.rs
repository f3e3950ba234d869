//! `/api/v1`: the numbers with their receipts, the boards, the channels. Read only.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::openapi::{BoardSnapshot, ChannelList};
use super::refusals::Limit;
use super::{Counters, Problem, ServerStatus, instances};
use crate::board::figures::Figures;
use crate::board::frame::Listed;
use crate::board::hub::{AskError, HubHandle};
use crate::engine::Engine;
use crate::event::{Medium, Priority, UnixMs};
// utoipa takes whatever is called `Value` for any JSON.
use crate::kpi::value::Value as KpiValue;
use crate::kpi::{self, Kpi, KpiId};
use crate::scope::{Selector, SelectorError, Window};

#[derive(Clone)]
pub(super) struct Api {
    hub: HubHandle,
    status: Arc<dyn ServerStatus>,
    counters: Arc<Counters>,
}

/// `?channel=…&queue=…&window=…`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Contacts of this channel only.
    channel: Option<String>,
    /// Contacts of this queue only.
    queue: Option<String>,
    /// Contacts of this agent only.
    agent: Option<String>,
    /// Contacts of this kind only.
    #[param(value_type = Option<Medium>)]
    kind: Option<String>,
    /// Contacts of this priority only.
    #[param(value_type = Option<Priority>)]
    priority: Option<String>,
    /// Public contacts only, or private ones only.
    #[param(value_type = Option<bool>)]
    public: Option<String>,
    /// Contacts about this topic only.
    topic: Option<String>,
    /// What this policy promises.
    policy: Option<String>,
    /// Ratings of this dimension only.
    dimension: Option<String>,
    /// Counted over this span; by default today.
    #[param(value_type = Option<Window>)]
    window: Option<String>,
}

impl Filter {
    fn selector(&self) -> Result<Selector, SelectorError> {
        let values = [
            &self.channel,
            &self.queue,
            &self.agent,
            &self.kind,
            &self.priority,
            &self.public,
            &self.topic,
            &self.policy,
            &self.dimension,
        ];
        let mut selector = Selector::default();
        for (key, value) in Selector::KEYS.into_iter().zip(values) {
            if let Some(value) = value {
                selector.set(key, value)?;
            }
        }
        Ok(selector)
    }
}

/// Every number at one moment.
#[derive(Serialize, ToSchema)]
pub(super) struct Numbers {
    /// The moment, in Unix milliseconds.
    #[schema(value_type = i64)]
    at_ms: UnixMs,
    /// The span that was asked for; a state at this moment has none.
    window: Window,
    /// Every KPI, in the registry's order.
    kpis: Vec<Named>,
}

/// One number, and what it is called.
#[derive(Serialize, ToSchema)]
struct Named {
    /// What it is called in English.
    title: &'static str,
    #[serde(flatten)]
    value: KpiValue,
}

/// One number at one moment.
#[derive(Serialize, ToSchema)]
#[schema(as = NumberWithReceipt)]
pub(super) struct Receipt {
    /// The moment, in Unix milliseconds.
    #[schema(value_type = i64)]
    at_ms: UnixMs,
    #[serde(flatten)]
    named: Named,
}

/// Every board.
#[derive(Serialize, ToSchema)]
struct BoardList {
    /// By id.
    boards: Vec<Listed>,
}

pub(super) fn routes(
    hub: HubHandle,
    status: Arc<dyn ServerStatus>,
    counters: Arc<Counters>,
) -> Router {
    Router::new()
        .route("/api/v1/kpis", get(kpis))
        .route("/api/v1/kpis/{id}/receipt", get(receipt))
        .route("/api/v1/boards", get(boards))
        .route("/api/v1/boards/{board}", get(board))
        .route("/api/v1/channels", get(channels))
        .with_state(Api { hub, status, counters })
}

type FilterQuery = Result<Query<Filter>, QueryRejection>;

/// Every KPI with its receipt and coverage.
#[utoipa::path(get, path = "/api/v1/kpis", tag = "kpis", params(Filter), responses(
    (status = 200, description = "All of them at one moment", body = Numbers)
))]
pub(super) async fn kpis(
    State(api): State<Api>,
    filter: FilterQuery,
) -> Result<Json<Numbers>, Problem> {
    let (selector, window) = parse(filter)?;
    let Api { hub, counters, .. } = api;
    let answer = hub.ask(move |engine, at_ms| {
        check(engine, &selector)?;
        counted(engine, &selector, &counters)?;
        let kpis = kpi::registry().iter().map(|kpi| named(kpi, engine, &selector, window, at_ms));
        Ok(Json(Numbers { at_ms, window, kpis: kpis.collect() }))
    });
    answer.await?
}

/// One KPI with its receipt: a sentence first, figures below.
#[utoipa::path(get, path = "/api/v1/kpis/{id}/receipt", tag = "kpis",
    params(("id" = KpiId, Path, description = "The KPI"), Filter),
    responses((status = 200, description = "The number at one moment", body = Receipt)))]
pub(super) async fn receipt(
    State(api): State<Api>,
    Path(id): Path<String>,
    filter: FilterQuery,
) -> Result<Json<Receipt>, Problem> {
    let Some(kpi) = kpi::find(&id) else {
        let ids = kpi::registry().iter().map(|kpi| kpi.id);
        let detail = format!("there is no KPI \"{id}\"");
        return Err(
            Problem::new(StatusCode::NOT_FOUND, "unknown-kpi", "Unknown KPI", detail).valid(ids)
        );
    };
    let (selector, window) = parse(filter)?;
    let Api { hub, counters, .. } = api;
    let answer = hub.ask(move |engine, at_ms| {
        check(engine, &selector)?;
        counted(engine, &selector, &counters)?;
        Ok(Json(Receipt { at_ms, named: named(kpi, engine, &selector, window, at_ms) }))
    });
    answer.await?
}

fn named(
    kpi: &'static Kpi,
    engine: &Engine,
    selector: &Selector,
    window: Window,
    at_ms: UnixMs,
) -> Named {
    Named { title: kpi.title, value: engine.value(kpi, selector, window, at_ms) }
}

/// What is asked for, as far as it can be checked without the engine.
fn parse(filter: FilterQuery) -> Result<(Selector, Window), Problem> {
    let bad =
        |detail: String| Problem::new(StatusCode::BAD_REQUEST, "bad-filter", "Bad filter", detail);
    let Query(filter) = filter.map_err(|error| {
        let keys = Selector::KEYS.into_iter().chain(["window"]);
        bad(error.body_text()).valid(keys)
    })?;
    let window = match filter.window.as_deref() {
        None => Window::Today,
        Some(id) => Window::from_id(id).ok_or_else(|| {
            bad(format!("there is no window \"{id}\"")).valid(Window::ALL.map(Window::id))
        })?,
    };
    let selector = filter.selector().map_err(|error| bad(error.to_string()))?;
    Ok((selector, window))
}

/// Refuses what is not counted. Whoever asks has nothing counted by that: each combination costs every
/// event something, so there is room for few, and boards have it.
fn counted(engine: &Engine, selector: &Selector, counters: &Counters) -> Result<(), Problem> {
    if engine.is_counted(selector) {
        return Ok(());
    }
    counters.refusals.note(Limit::NotCounted, None);
    let keys: Vec<&str> = selector.words().into_iter().map(|(key, _)| key).collect();
    let detail = format!(
        "contacts are not counted by {} together: they are as soon as a tile of a board (boards.dir) \
         selects by them",
        keys.join(" and ")
    );
    Err(Problem::new(StatusCode::BAD_REQUEST, "not-counted", "Not counted", detail))
}

/// Refuses channels and queues that nobody knows: a typing error must not look like a quiet day. Who
/// works here is nobody's business who does not know it.
pub(super) fn check(engine: &Engine, selector: &Selector) -> Result<(), Problem> {
    if let Some(name) = &selector.agent
        && !engine.people().any(|known| known == name)
    {
        return Err(unknown("agent", name));
    }
    let names = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect();
    known("channel", &selector.channel, || Figures::channels(engine))?;
    known("queue", &selector.queue, || Figures::queues(engine))?;
    known("topic", &selector.topic, || names(&mut engine.topics()))?;
    known("dimension", &selector.dimension, || names(&mut engine.dimensions()))?;
    let policies = || engine.rules().policies.iter().map(|policy| policy.name.clone()).collect();
    known("policy", &selector.policy, policies)
}

/// Names that an error tells at most.
const VALID_MAX: usize = 50;

fn known(
    what: &str,
    asked: &Option<String>,
    known: impl FnOnce() -> Vec<String>,
) -> Result<(), Problem> {
    let Some(name) = asked else { return Ok(()) };
    let mut known = known();
    if known.contains(name) {
        return Ok(());
    }
    let (all, mut problem) = (known.len(), unknown(what, name));
    if all > VALID_MAX {
        known.truncate(VALID_MAX);
        problem = problem.with_detail(&format!("; of {all} the first {VALID_MAX} are listed"));
    }
    Err(problem.valid(known))
}

fn unknown(what: &str, name: &str) -> Problem {
    let detail = format!("there is no {what} \"{name}\"");
    Problem::new(StatusCode::BAD_REQUEST, "bad-filter", "Bad filter", detail)
}

/// Every board, and what is wrong with its file.
#[utoipa::path(get, path = "/api/v1/boards", tag = "boards", responses(
    (status = 200, description = "The boards by id", body = BoardList)
))]
pub(super) async fn boards(State(api): State<Api>) -> Response {
    Json(BoardList { boards: api.hub.boards() }).into_response()
}

/// The board's newest state, as its screens get it.
#[utoipa::path(get, path = "/api/v1/boards/{board}", tag = "boards",
    params(("board" = String, Path, description = "The board's id; of a file that has one for each \
        queue, `queue:NAME`")),
    responses((status = 200, description = "Its state", body = BoardSnapshot)))]
pub(super) async fn board(
    State(api): State<Api>,
    Path(board): Path<String>,
) -> Result<Response, Problem> {
    match api.hub.newest(&board) {
        Some(frame) => {
            let text = frame.snapshot().as_str().to_owned();
            Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
        }
        None => Err(unknown_board(&api.hub, &board)),
    }
}

/// Says which boards there are, and why one that has a file cannot be shown.
pub(super) fn unknown_board(hub: &HubHandle, board: &str) -> Problem {
    let boards = hub.boards();
    let problem = boards.iter().find(|listed| listed.id == board);
    let detail = match problem.and_then(|listed| listed.problem.as_deref()) {
        Some(problem) => format!("board \"{board}\" cannot be shown: {problem}"),
        None => format!("there is no board \"{board}\""),
    };
    let unknown = Problem::new(StatusCode::NOT_FOUND, "unknown-board", "Unknown board", detail);
    if let Some((_, _, mut ids)) = instances::others(hub, board) {
        ids.truncate(VALID_MAX);
        return unknown.valid(ids);
    }
    let shown = boards.into_iter().filter(|listed| listed.shown).map(|listed| listed.id);
    unknown.valid(shown)
}

/// The channels, their plugins and feeds.
#[utoipa::path(get, path = "/api/v1/channels", tag = "channels", responses(
    (status = 200, description = "The channels by name", body = ChannelList)
))]
pub(super) async fn channels(State(api): State<Api>) -> Response {
    Json(serde_json::json!({ "channels": api.status.channels() })).into_response()
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Problem {
        let name = match error {
            AskError::Busy => "busy",
            AskError::Stopped => "stopping",
        };
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Problem::new(status, name, "No answer now", error.to_string()).retry_after(1)
    }
}
