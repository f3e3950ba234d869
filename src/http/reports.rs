//! `/api/v1/reports`, on the admin listener alone: days and weeks that are over, as JSON or CSV, and
//! which reports go out by mail. A report names agents, by what `[agents]` calls them.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use crate::board::annotations::Annotations;
use crate::board::hub::HubHandle;
use crate::config::model::{ReportFormat, ReportKind, ReportOf};
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::language::Language;
use crate::mail::{Post, ReportStatus};
use crate::report::{Report, Span};
use crate::scope::Selector;

/// Reports that are made at one time: each takes the engine's turn for some milliseconds.
const AT_ONCE_MAX: usize = 1;
/// Days and weeks that are listed: the engine knows five weeks.
const DAYS_LISTED: usize = 35;
const WEEKS_LISTED: usize = 5;

/// Who makes reports for those who ask.
#[derive(Clone)]
pub(super) struct Reporter {
    pub(super) hub: HubHandle,
    pub(super) annotations: Annotations,
    pub(super) post: Option<Arc<Post>>,
    turns: Arc<Semaphore>,
}

/// Which day or week, and whose contacts.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) kind: ReportKind,
    pub(super) date: Date,
    pub(super) of: ReportOf,
}

/// `?format=…&queue=…&channel=…&language=…`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `json` (by default), `csv` or `html`.
    #[param(value_type = Option<String>)]
    format: Option<ReportFormat>,
    /// Contacts of this queue only.
    pub(super) queue: Option<String>,
    /// Contacts of this channel only.
    pub(super) channel: Option<String>,
    /// Of the page in `/admin/reports`.
    #[param(value_type = Option<String>)]
    pub(super) language: Option<Language>,
}

/// Days and weeks that are over, and what goes out by mail.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportList {
    /// First days, the newest first.
    pub(super) days: Vec<String>,
    /// Mondays, the newest first.
    pub(super) weeks: Vec<String>,
    /// `[report.NAME]`, by name.
    pub(super) mailed: Vec<ReportStatus>,
}

pub(super) fn admin(reporter: Reporter) -> Router {
    Router::new()
        .route("/api/v1/reports", get(list))
        .route("/api/v1/reports/{kind}/{date}", get(report))
        .with_state(reporter)
}

/// Which days and weeks can be asked for, and which reports go out by mail.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", operation_id = "reports", responses(
    (status = 200, description = "The newest first", body = ReportList)
))]
pub(super) async fn list(State(reporter): State<Reporter>) -> Result<Json<ReportList>, Problem> {
    Ok(Json(reporter.list().await?))
}

/// How a day or a week went: every figure as a number and as it is written.
#[utoipa::path(get, path = "/api/v1/reports/{kind}/{date}", tag = "reports",
    operation_id = "report",
    params(("kind" = String, Path, description = "`daily` or `weekly`"),
        ("date" = String, Path, description = "The day, or any day of the week: `2026-03-02`"), Asked),
    responses((status = 200, description = "As `tablica report` writes it", content(
        (Object = "application/json"), (String = "text/csv"), (String = "text/html")))))]
pub(super) async fn report(
    State(reporter): State<Reporter>,
    Path((kind, date)): Path<(String, String)>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let asked = read(asked)?;
    let wanted = Wanted::of(&kind, &date, &asked)?;
    let format = asked.format.unwrap_or(ReportFormat::Json);
    let report = reporter.made(&wanted).await?;
    let text = report.written(format).map_err(|error| {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Problem::new(status, "unwritten", "Report cannot be written", error.to_string())
    })?;
    let name = format!("{}-{}.{}", wanted.kind.word(), wanted.date, format.extension());
    let shown = if format == ReportFormat::Csv { "attachment" } else { "inline" };
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("{shown}; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
}

/// What was asked for; else what is wrong with it.
pub(super) fn read(asked: Result<Query<Asked>, QueryRejection>) -> Result<Asked, Problem> {
    let Query(asked) = asked.map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "bad-filter", "Bad filter", error.body_text())
            .valid(["format=json", "format=csv", "format=html", "queue", "channel", "language"])
    })?;
    Ok(asked)
}

impl Wanted {
    /// As it stands in an address.
    pub(super) fn of(kind: &str, date: &str, asked: &Asked) -> Result<Wanted, Problem> {
        let bad = |detail: String, valid: [&str; 2]| {
            Problem::new(StatusCode::BAD_REQUEST, "bad-report", "Bad report", detail).valid(valid)
        };
        let kind = ReportKind::from_word(kind);
        let kind =
            kind.ok_or_else(|| bad("there is no such report".to_owned(), ["daily", "weekly"]));
        let read = date.parse().map_err(|_| {
            bad(format!("\"{date}\" is no date"), ["daily/2026-03-02", "weekly/2026-03-02"])
        });
        let (queue, channel) = (asked.queue.clone(), asked.channel.clone());
        Ok(Wanted {
            kind: kind?,
            date: read?,
            of: ReportOf { queue, channel, ..ReportOf::default() },
        })
    }
}

impl Reporter {
    pub(super) fn new(
        hub: HubHandle,
        annotations: Annotations,
        post: Option<Arc<Post>>,
    ) -> Reporter {
        Reporter { hub, annotations, post, turns: Arc::new(Semaphore::new(AT_ONCE_MAX)) }
    }

    /// What can be asked for.
    pub(super) async fn list(&self) -> Result<ReportList, Problem> {
        let post = self.post.clone();
        let list = |engine: &Engine, now_ms| {
            let of = |kind, most| spans(engine, kind, now_ms, most);
            (of(ReportKind::Daily, DAYS_LISTED), of(ReportKind::Weekly, WEEKS_LISTED), now_ms)
        };
        let (days, weeks, now_ms) =
            self.hub.ask(move |engine, now_ms| list(engine, now_ms)).await?;
        let mailed = post.map(|post| post.status(now_ms)).unwrap_or_default();
        Ok(ReportList { days, weeks, mailed })
    }

    /// The report; a problem where nothing is known of that day or week.
    pub(super) async fn made(&self, wanted: &Wanted) -> Result<Report, Problem> {
        let turn = self.turns.acquire().await;
        let (site, annotations, asked) = (self.hub.site(), self.annotations.all(), wanted.clone());
        let made = self.hub.ask(move |engine, now_ms| {
            let span = Span::holding(asked.kind, asked.date, engine.rules())?;
            is_known(engine, &span, now_ms)
                .then(|| Report::about(engine, &site, &annotations, &span, &asked.of))
        });
        let made = made.await?;
        drop(turn);
        made.ok_or_else(|| {
            let detail = format!(
                "nothing is known of {}, or it is not over: /api/v1/reports lists what there is",
                wanted.date
            );
            Problem::new(StatusCode::NOT_FOUND, "unknown-report", "Unknown report", detail)
        })
    }
}

fn is_known(engine: &Engine, span: &Span, now_ms: UnixMs) -> bool {
    let since_ms = engine.known_since_ms(&Selector::default());
    span.to_ms <= now_ms && since_ms.is_some_and(|since_ms| since_ms < span.to_ms)
}

/// First days of what is known and over, the newest first.
fn spans(engine: &Engine, kind: ReportKind, now_ms: UnixMs, most: usize) -> Vec<String> {
    let newest = Span::last_whole(kind, now_ms, engine.rules());
    let all = std::iter::successors(newest, |span| span.earlier(engine.rules()));
    all.take(most)
        .take_while(|span| is_known(engine, span, now_ms))
        .map(|span| span.first.to_string())
        .collect()
}
