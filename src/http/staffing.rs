//! `/api/v1/staffing`: contacts expected and agents needed, quarter hour by quarter hour.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::api::check;
use crate::board::hub::HubHandle;
use crate::event::UnixMs;
use crate::kpi::forecast;
use crate::scope::Selector;

/// `?channel=…&queue=…&day=…`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Contacts of this channel only.
    channel: Option<String>,
    /// Contacts of this queue only.
    queue: Option<String>,
    /// The whole of this day of the site (`2026-03-02`); by default the rest of today.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<String>,
}

/// What a day will bring, and who it takes.
#[derive(Serialize, ToSchema)]
pub(super) struct Staffing {
    /// The moment of computing, in Unix milliseconds.
    #[schema(value_type = i64)]
    at_ms: UnixMs,
    /// Agents who are there now, neither logged off nor on a break; nothing when none is known.
    agents_present: Option<u32>,
    /// From the first to the last; the one under way is among them.
    quarters: Vec<Quarter>,
}

/// A quarter of an hour.
#[derive(Serialize, ToSchema)]
#[schema(as = StaffingQuarter)]
struct Quarter {
    /// When it begins, in Unix milliseconds.
    #[schema(value_type = i64)]
    from_ms: UnixMs,
    /// Contacts expected: the mean of the same time of the same weekday; nothing until a week has
    /// passed.
    forecast_contacts: Option<f64>,
    /// How long each is expected to take an agent.
    aht_seconds: Option<f64>,
    /// Agents needed; nothing where that is not known, or no team reaches the goal.
    agents_required: Option<u32>,
    /// Of how many past weeks it is made, at most five.
    weeks: usize,
}

pub(super) fn routes(hub: HubHandle) -> Router {
    Router::new().route("/api/v1/staffing", get(staffing)).with_state(hub)
}

/// Contacts expected and agents needed for each quarter of an hour.
#[utoipa::path(get, path = "/api/v1/staffing", tag = "kpis", params(Asked), responses(
    (status = 200, description = "The rest of the day, or a whole day", body = Staffing)
))]
pub(super) async fn staffing(
    State(hub): State<HubHandle>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Staffing>, Problem> {
    let Query(asked) =
        asked.map_err(|error| bad_filter(error.body_text()).valid(["channel", "queue", "day"]))?;
    let no_day = |day: &str| bad_filter(format!("\"{day}\" is no day such as 2026-03-02"));
    let day: Option<Date> = match &asked.day {
        None => None,
        Some(day) => Some(day.parse().map_err(|_| no_day(day))?),
    };
    let selector = Selector { channel: asked.channel, queue: asked.queue, ..Selector::default() };
    let answer = hub.ask(move |engine, at_ms| {
        check(engine, &selector)?;
        let span = match day {
            None => (at_ms, engine.day_end_ms()),
            Some(day) => engine.day_of(day).ok_or_else(|| no_day(&day.to_string()))?,
        };
        let quarters = forecast::quarters(engine, &selector, span).into_iter().map(Quarter::from);
        let agents_present = forecast::present(engine, &selector);
        Ok(Json(Staffing { at_ms, agents_present, quarters: quarters.collect() }))
    });
    answer.await?
}

fn bad_filter(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-filter", "Bad filter", detail)
}

impl From<forecast::Quarter> for Quarter {
    fn from(quarter: forecast::Quarter) -> Self {
        Quarter {
            from_ms: quarter.from_ms,
            forecast_contacts: quarter.contacts,
            aht_seconds: quarter.aht_s,
            agents_required: quarter.agents,
            weeks: quarter.weeks,
        }
    }
}
