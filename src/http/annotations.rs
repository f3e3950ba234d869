//! `/api/v1/annotations`: read on both listeners, written on the admin listener alone, because
//! nobody has to say who they are.
//!
//! Each comes with how much was offered before and after it began, from the engine's quarters of an
//! hour. `?format=grafana` answers in the shape that Grafana's annotation queries take from a JSON
//! data source.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use super::{Mistake, Problem};
use crate::board::annotations::{
    Annotation, Annotations, AnnotationsError, Draft, Fault, Filter, PutError, RemoveError, Volume,
    volume,
};
use crate::board::hub::HubHandle;
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::kpi::text;

/// Largest body: a title and a few names.
const BODY_BYTES_MAX: usize = 16 * 1024;
/// Annotations of one answer that come with their volume: each is a day's sum over every queue.
const VOLUMES_MAX: usize = 100;
/// Of them read at once: events get their turn in between.
const VOLUMES_AT_ONCE: usize = 4;

#[derive(Clone)]
pub(super) struct Readers {
    annotations: Annotations,
    hub: HubHandle,
}

#[derive(Clone)]
pub(super) struct Admin {
    annotations: Annotations,
    body_timeout: Duration,
}

/// `?from=…&to=…&channel=…&queue=…&format=…`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Those that had not ended before: a date with or without time and offset, or Unix
    /// milliseconds.
    from: Option<String>,
    /// Those that had begun by then; written as `from`.
    to: Option<String>,
    /// Those that concern this channel, alone or among all.
    channel: Option<String>,
    /// Those that concern this queue, alone or among all.
    queue: Option<String>,
    /// The shape of the answer; by default our own.
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnnotationFormat)]
pub(super) enum Format {
    /// A list for Grafana's annotation queries.
    Grafana,
}

/// In the shape that was asked for.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = AnnotationAnswer)]
pub(super) enum Answer {
    /// Our own.
    Own(Listed),
    /// With `format=grafana`.
    Grafana(Vec<GrafanaAnnotation>),
}

/// Annotations, by time.
#[derive(Serialize, ToSchema)]
#[schema(as = AnnotationList)]
pub(super) struct Listed {
    annotations: Vec<Weighed>,
    /// What is wrong with the file of annotations; what was read of it before is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// An annotation and what it did.
#[derive(Serialize, ToSchema)]
#[schema(as = WeighedAnnotation)]
pub(super) struct Weighed {
    #[serde(flatten)]
    annotation: Annotation,
    /// Contacts before and after it began; of the newest 100 that were asked for, but messages.
    volume: Option<Volume>,
}

/// An annotation as Grafana takes it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GrafanaAnnotation {
    /// Unix milliseconds.
    #[schema(value_type = i64)]
    time: UnixMs,
    /// Unix milliseconds; equal to `time` for a moment.
    #[schema(value_type = i64)]
    time_end: UnixMs,
    /// In the operator's words.
    title: String,
    /// The kind, what it concerns, and how much came in before and after.
    text: String,
    /// The kind and what it concerns, to filter by.
    tags: Vec<String>,
}

pub(super) fn public(annotations: Annotations, hub: HubHandle) -> Router {
    let readers = Readers { annotations, hub };
    Router::new().route("/api/v1/annotations", get(list)).with_state(readers)
}

pub(super) fn admin(annotations: Annotations, hub: HubHandle, body_timeout: Duration) -> Router {
    let admin = Admin { annotations: annotations.clone(), body_timeout };
    public(annotations, hub).merge(
        Router::new()
            .route("/api/v1/annotations", axum::routing::post(put))
            .route("/api/v1/annotations/{id}", delete(remove))
            .with_state(admin),
    )
}

/// Annotations that touch a span of time, with the contacts before and after. On both listeners.
#[utoipa::path(get, path = "/api/v1/annotations", operation_id = "annotations",
    params(Asked),
    responses((status = 200, description = "By time", body = Answer)))]
pub(super) async fn list(
    State(Readers { annotations, hub }): State<Readers>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Answer>, Problem> {
    let bad =
        |detail: String| Problem::new(StatusCode::BAD_REQUEST, "bad-filter", "Bad filter", detail);
    let Query(asked) = asked.map_err(|error| {
        bad(error.body_text()).valid(["from", "to", "channel", "queue", "format=grafana"])
    })?;
    let moment = |name: &str, text: Option<String>| match text {
        None => Ok(None),
        Some(text) => annotations.moment(&text).map(Some).ok_or_else(|| {
            bad(format!("{name}=\"{text}\" is no time")).valid([
                "2026-11-27",
                "2026-11-27T09:00:00+01:00",
                "1795766400000",
            ])
        }),
    };
    let filter = Filter {
        from_ms: moment("from", asked.from)?,
        to_ms: moment("to", asked.to)?,
        channel: asked.channel,
        queue: asked.queue,
    };
    let mut wanted = annotations.wanted(&filter);
    // A message to walls explains no number.
    wanted.retain(|it| asked.format.is_none() || it.explains_numbers());
    let wanted = weighed(&hub, wanted).await?;
    Ok(Json(match asked.format {
        Some(Format::Grafana) => Answer::Grafana(wanted.into_iter().map(Into::into).collect()),
        None => Answer::Own(Listed { annotations: wanted, problem: annotations.file_problem() }),
    }))
}

async fn weighed(hub: &HubHandle, wanted: Vec<Annotation>) -> Result<Vec<Weighed>, Problem> {
    let older = wanted.len().saturating_sub(VOLUMES_MAX);
    let (older, newest) = wanted.split_at(older);
    let unweighed =
        |annotation: &Annotation| Weighed { annotation: annotation.clone(), volume: None };
    let mut all: Vec<Weighed> = older.iter().map(unweighed).collect();
    for some in newest.chunks(VOLUMES_AT_ONCE) {
        let some = some.to_vec();
        let weigh = move |engine: &mut Engine, now_ms| {
            let weighed = some.into_iter().map(|annotation| Weighed {
                volume: annotation
                    .explains_numbers()
                    .then(|| volume::around(engine, &annotation, now_ms)),
                annotation,
            });
            weighed.collect::<Vec<_>>()
        };
        all.extend(hub.ask(weigh).await?);
    }
    Ok(all)
}

/// Keeps an annotation; one of the same id is replaced, so that an outage can be given its end
/// and a script may send the same again.
#[utoipa::path(post, path = "/api/v1/annotations", operation_id = "put_annotation", request_body = Draft, responses(
    (status = 201, description = "Kept, on disk", body = Annotation),
    (status = 200, description = "Kept, on disk, instead of the one of the same id",
        body = Annotation)
))]
pub(super) async fn put(
    State(admin): State<Admin>,
    request: Request,
) -> Result<(StatusCode, Json<Annotation>), Problem> {
    let json = json(request, admin.body_timeout).await?;
    let (draft, faults) = Draft::from_json(&json);
    let (annotation, is_new) = admin.annotations.put(draft, faults).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(annotation)))
}

/// The body of a request that brings a few words as JSON.
pub(super) async fn json(request: Request, within: Duration) -> Result<serde_json::Value, Problem> {
    let (parts, body) = request.into_parts();
    must_say_json(&parts.headers)?;
    timeout(within, read(body)).await.map_err(|_| {
        let detail = format!("the body did not arrive within {within:?}");
        Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", "Body too slow", detail)
    })?
}

/// A page of another site cannot send this type without asking first, and is told no.
pub(super) fn must_say_json(headers: &HeaderMap) -> Result<(), Problem> {
    let content = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content.and_then(|content| content.split(';').next()) == Some("application/json") {
        return Ok(());
    }
    let detail = "the body must be JSON, and Content-Type say application/json";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", "Not JSON", detail))
}

async fn read(body: Body) -> Result<serde_json::Value, Problem> {
    let bytes = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| {
        let detail = format!("the body is larger than {BODY_BYTES_MAX} bytes, or ended early");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Body too large", detail)
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let detail = format!("the body is no JSON: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "not-json", "Not JSON", detail)
    })
}

/// Removes an annotation that was made through the API.
#[utoipa::path(delete, path = "/api/v1/annotations/{id}", operation_id = "remove_annotation",
    params(("id" = String, Path, description = "The annotation's id")),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn remove(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    admin.annotations.remove(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Weighed> for GrafanaAnnotation {
    fn from(Weighed { annotation, volume }: Weighed) -> Self {
        let mut tags = vec![annotation.kind.id().to_owned()];
        tags.extend(annotation.channel.iter().map(|channel| format!("channel={channel}")));
        tags.extend(annotation.queue.iter().map(|queue| format!("queue={queue}")));
        GrafanaAnnotation {
            time: annotation.from_ms,
            time_end: annotation.end_ms(),
            title: annotation.title,
            text: match volume {
                Some(volume) => format!("{}: {}", tags.join(", "), in_words(volume)),
                None => tags.join(", "),
            },
            tags,
        }
    }
}

/// "12 contacts in the 1 h before, 31 after"
fn in_words(Volume { span_ms, before, after, is_whole, .. }: Volume) -> String {
    let counted = |count: Option<u64>, of: &str| match count {
        Some(count) => format!("{} {of}", text::counted(count as i64, "contacts")),
        None => format!("an unknown number of contacts {of}"),
    };
    let before = counted(before, &format!("in the {} before", text::length(span_ms)));
    let until = if is_whole { "after" } else { "after so far" };
    format!("{before}, {}", counted(after, until))
}

impl From<PutError> for Problem {
    fn from(error: PutError) -> Problem {
        let detail = error.to_string();
        match error {
            PutError::Invalid(faults) => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad-annotation",
                "Bad annotation",
                detail,
            )
            .errors(faults.into_iter().map(mistake)),
            PutError::InFile { .. } => in_file(detail),
            PutError::Full { .. } => Problem::new(
                StatusCode::CONFLICT,
                "too-many-annotations",
                "Too many annotations",
                detail,
            ),
            PutError::Store(error) => error.into(),
        }
    }
}

impl From<RemoveError> for Problem {
    fn from(error: RemoveError) -> Problem {
        let detail = error.to_string();
        match error {
            RemoveError::Unknown { .. } => {
                let status = StatusCode::NOT_FOUND;
                Problem::new(status, "unknown-annotation", "Unknown annotation", detail)
            }
            RemoveError::InFile { .. } => in_file(detail),
            RemoveError::Store(error) => error.into(),
        }
    }
}

impl From<AnnotationsError> for Problem {
    fn from(error: AnnotationsError) -> Problem {
        tracing::warn!(%error, "an annotation cannot be changed");
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "annotations-unavailable",
            "Annotations unavailable",
            error.to_string(),
        )
        .retry_after(10)
    }
}

fn in_file(detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, "annotation-in-file", "Annotation in the file", detail)
}

fn mistake(fault: Fault) -> Mistake {
    let pointer =
        if fault.field.is_empty() { "#".to_owned() } else { format!("#/{}", fault.field) };
    Mistake { pointer, detail: fault.to_string() }
}
