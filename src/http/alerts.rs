//! `/api/v1/alerts` and `/api/v1/silences`, on the admin listener alone: which alerts hold, who could not be
//! told, and what is silenced.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use super::{Problem, annotations};
use crate::access::Identity;
use crate::alert::alarms::{Alarms, Overview};
use crate::alert::desk::{Desk, Mute};
use crate::alert::history::Labels;
use crate::alert::notice::Line;
use crate::alert::send::Sender;
use crate::alert::silence::{Silence, SilenceError, Wish};
use crate::config::model::{Config, Severity};
use crate::config::units;
use crate::event::{Millis, UnixMs, millis};

/// Who knows of alerts, and by which config.
#[derive(Clone)]
pub struct AlertDesk {
    pub(crate) alarms: Arc<Alarms>,
    pub(crate) in_force: watch::Receiver<Arc<Config>>,
    /// What time it is.
    pub(crate) now: fn() -> UnixMs,
}

impl AlertDesk {
    pub(super) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.in_force.borrow())
    }

    pub(super) fn overview(&self) -> Overview {
        self.alarms.overview(&Desk::of(&self.config()), (self.now)())
    }

    pub(super) fn silence(&self, wish: Wish) -> Result<Silence, SilenceError> {
        self.alarms.silence(wish, self.config().alerts.silences_max, (self.now)())
    }

    /// Sends a receiver a message that says it is a test.
    pub(super) async fn test(&self, receiver: &str) -> Result<(), String> {
        let config = self.config();
        let to = config.receivers.get(receiver).ok_or("there is no such receiver")?;
        let (mail, zone) = (config.mail.clone(), config.site.time_zone.clone());
        let sender = spawn_blocking(move || Sender::new(mail, zone)).await;
        let sender = sender.map_err(|error| error.to_string())?;
        let sender = sender.map_err(|error| format!("{error:#}"))?;
        let now_ms = (self.now)();
        let notice = Desk::of(&config).test(receiver, now_ms);
        let outcome = sender.tell(to, &notice).await.map_err(|error| error.to_string());
        self.alarms.note_test(receiver, &outcome, now_ms);
        outcome
    }
}

/// Which alerts hold, and who is told.
#[derive(Serialize, ToSchema)]
pub(super) struct AlertList {
    /// When the rules were looked at last, in Unix milliseconds; null before the first look, and where
    /// `alerts.watch` is false.
    #[schema(value_type = Option<i64>)]
    looked_ms: Option<UnixMs>,
    /// Those that hold: pages first, then the oldest.
    alerts: Vec<HeldAlert>,
    /// How many are about to: what their rule says is so, but not for long enough.
    pending: usize,
    /// Silences that hold.
    silences: Vec<SilenceBody>,
    /// `[notify.NAME]`, by name.
    receivers: BTreeMap<String, ReceiverState>,
}

/// An alert that holds.
#[derive(Serialize, ToSchema)]
struct HeldAlert {
    /// The name of its rule, as in `grafana/runbooks`.
    alert: String,
    /// `page` or `ticket`.
    #[schema(value_type = String)]
    severity: Severity,
    /// What it is about.
    labels: Labels,
    /// Since when its rule has held, in Unix milliseconds.
    #[schema(value_type = i64)]
    since_ms: UnixMs,
    /// One line.
    summary: String,
    /// What it means.
    description: String,
    /// What to do.
    runbook_url: String,
    /// Where to look.
    dashboard_url: String,
    /// Receivers whose it is, by name.
    receivers: Vec<String>,
    /// Why nobody is told: `off`, `silenced` or `explained`; null where people are.
    muted: Option<&'static str>,
    /// The alert that explains it, where that is why.
    explained_by: Option<String>,
}

/// What became of messages to a receiver, since the server started.
#[derive(Serialize, ToSchema)]
struct ReceiverState {
    /// `webhook`, `telegram`, `slack` or `mail`.
    by: &'static str,
    /// When one was taken last, in Unix milliseconds.
    #[schema(value_type = Option<i64>)]
    sent_ms: Option<UnixMs>,
    /// Messages that were taken.
    sent: u64,
    /// Tries that failed.
    failed: u64,
    /// Why the last one was not taken; null if it was.
    trouble: Option<String>,
}

/// A silence.
#[derive(Serialize, ToSchema)]
#[schema(as = Silence)]
pub(super) struct SilenceBody {
    id: u64,
    /// The alert's name; null for all with these labels.
    alert: Option<String>,
    /// Labels that the alert must have.
    labels: Labels,
    /// Until when, in Unix milliseconds.
    #[schema(value_type = i64)]
    until_ms: UnixMs,
    /// Who silenced it.
    by: String,
    /// Why.
    why: String,
}

/// A silence that somebody wants.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SilenceWish)]
pub(super) struct WishBody {
    /// The alert's name; without it, all with these labels.
    alert: Option<String>,
    /// Labels that the alert must have.
    #[serde(default)]
    labels: Labels,
    /// For how long: `1h`, at most `30d`.
    lasts: String,
    /// Who wants it; with `[access]` it is whoever is logged in.
    #[serde(default)]
    by: String,
    /// Why.
    #[serde(default)]
    why: String,
}

/// What the API is made of.
#[derive(Clone)]
pub(super) struct Admin {
    desk: AlertDesk,
    body_timeout: Duration,
}

pub(super) fn admin(desk: AlertDesk, body_timeout: Duration) -> Router {
    Router::new()
        .route("/api/v1/alerts", get(list))
        .route("/api/v1/silences", post(silence))
        .route("/api/v1/silences/{id}", delete(end))
        .with_state(Admin { desk, body_timeout })
}

/// Which alerts hold, what is silenced, and who could not be told.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "alerts", operation_id = "alerts", responses(
    (status = 200, description = "All of them", body = AlertList)
))]
pub(super) async fn list(State(Admin { desk, .. }): State<Admin>) -> Json<AlertList> {
    let (config, overview) = (desk.config(), desk.overview());
    let held = overview.held.into_iter().map(|held| {
        let Line { alert, labels, severity, since_ms, summary, description, .. } = held.line;
        HeldAlert {
            alert,
            severity,
            labels,
            since_ms,
            summary,
            description,
            runbook_url: held.line.runbook_url,
            dashboard_url: held.line.dashboard_url,
            receivers: held.receivers,
            muted: held.mute.as_ref().map(muted),
            explained_by: match held.mute {
                Some(Mute::Explained(by)) => Some(by),
                _ => None,
            },
        }
    });
    let receivers = config.receivers.iter().map(|(name, receiver)| {
        let delivery = overview.deliveries.get(name).cloned().unwrap_or_default();
        let state = ReceiverState {
            by: receiver.way.by().word(),
            sent_ms: delivery.sent_ms,
            sent: delivery.sent,
            failed: delivery.failed,
            trouble: delivery.trouble,
        };
        (name.clone(), state)
    });
    Json(AlertList {
        looked_ms: overview.looked_ms,
        alerts: held.collect(),
        pending: overview.pending,
        silences: overview.silences.into_iter().map(Into::into).collect(),
        receivers: receivers.collect(),
    })
}

/// Silences alerts for a while: nobody is told of them.
#[utoipa::path(post, path = "/api/v1/silences", tag = "alerts", operation_id = "put_silence",
    request_body = WishBody,
    responses((status = 201, description = "It holds from now on", body = SilenceBody)))]
pub(super) async fn silence(
    State(Admin { desk, body_timeout }): State<Admin>,
    request: Request,
) -> Result<(StatusCode, Json<SilenceBody>), Problem> {
    // Put there by the gate; where nobody logs in, it is whoever they say.
    let who = request.extensions().get::<Identity>().map(|who| who.name.clone());
    let who = who.filter(|_| desk.config().access.is_some());
    let json = annotations::json(request, body_timeout).await?;
    let wish: WishBody = serde_json::from_value(json).map_err(|error| wrong(error.to_string()))?;
    let lasts = units::parse_duration(&wish.lasts).map(millis).ok_or_else(|| {
        wrong(format!("lasts: {:?} is no length of time such as \"1h\"", wish.lasts))
    })?;
    let WishBody { alert, labels, by, why, .. } = wish;
    let by = who.unwrap_or(by);
    let wish = Wish { alert, labels, lasts_ms: lasts as Millis, by, why };
    let silence = desk.silence(wish).map_err(|error| wrong(error.to_string()))?;
    Ok((StatusCode::CREATED, Json(silence.into())))
}

/// Ends a silence.
#[utoipa::path(delete, path = "/api/v1/silences/{id}", tag = "alerts",
    operation_id = "remove_silence",
    params(("id" = u64, Path, description = "The silence's id")),
    responses((status = 204, description = "It holds no longer")))]
pub(super) async fn end(
    State(Admin { desk, .. }): State<Admin>,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    if desk.alarms.end_silence(id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = format!("there is no silence {id}");
    Err(Problem::new(StatusCode::NOT_FOUND, "unknown-silence", "Unknown silence", detail))
}

/// Why nobody is told, in a word.
pub(super) fn muted(mute: &Mute) -> &'static str {
    match mute {
        Mute::Off => "off",
        Mute::Silenced(_) => "silenced",
        Mute::Explained(_) => "explained",
    }
}

fn wrong(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-silence", "Invalid silence", detail)
}

impl From<Silence> for SilenceBody {
    fn from(silence: Silence) -> Self {
        let Silence { id, alert, labels, until_ms, by, why } = silence;
        Self { id, alert, labels, until_ms, by, why }
    }
}
