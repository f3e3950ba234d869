//! `/api/v1/openapi.json`: the API's description, made of the types that it answers with.
//!
//! Each handler says its own part beside its code. What holds for all of them is added here: how
//! errors look, what is on the admin listener, and who may ask.

mod security;

use std::sync::LazyLock;

use axum::Router;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder, ServerBuilder};
use utoipa::{OpenApi, PartialSchema, ToSchema};

use super::{
    Problem, alerts, annotations, api, gauges, health, limits, reload, reports, screens, staffing,
};

/// Where the admin listener is unless the operator says otherwise.
const ADMIN_LISTENER: &str = "http://127.0.0.1:9464";

/// What is read on the admin listener alone: addresses of screens, and how a whole day went.
const ADMIN_READS: [&str; 4] =
    ["/api/v1/alerts", "/api/v1/screens", "/api/v1/reports", "/api/v1/reports/{kind}/{date}"];

#[derive(OpenApi)]
#[openapi(
    info(title = "Tablica"),
    paths(
        api::kpis,
        api::receipt,
        api::boards,
        api::board,
        api::channels,
        limits::limits,
        gauges::gauges,
        staffing::staffing,
        alerts::list,
        alerts::silence,
        alerts::end,
        annotations::list,
        annotations::put,
        annotations::remove,
        reload::reload,
        reports::list,
        reports::report,
        screens::list,
        screens::remove,
        health::livez,
        health::readyz,
        openapi,
    ),
    components(schemas(Problem, annotations::Format))
)]
struct Description;

pub(super) fn routes() -> Router {
    Router::new().route("/api/v1/openapi.json", get(openapi))
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses(
    (status = 200, description = "OpenAPI 3.1", body = Object)
))]
async fn openapi() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(document);
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The API's description, as it is served and checked in.
pub fn document() -> String {
    let mut document = Description::openapi();
    let problem = ResponseBuilder::new()
        .description("What went wrong, for machines and people (RFC 9457).")
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
        .build();
    let components = document.components.get_or_insert_default();
    components.responses.insert("Problem".to_owned(), problem.into());
    security::add_schemes(components);
    for (path, item) in &mut document.paths.paths {
        // That it answers is the answer.
        if path != "/livez" {
            let operations = [&mut item.get, &mut item.post, &mut item.delete];
            operations.into_iter().flatten().for_each(may_fail);
        }
        let methods = [
            (Method::GET, &mut item.get),
            (Method::POST, &mut item.post),
            (Method::DELETE, &mut item.delete),
        ];
        for (method, operation) in methods {
            operation.iter_mut().for_each(|operation| security::add(operation, path, &method));
        }
        let reads = item.get.as_mut().filter(|_| ADMIN_READS.contains(&path.as_str()));
        [reads, item.post.as_mut(), item.delete.as_mut()]
            .into_iter()
            .flatten()
            .for_each(is_administration);
    }
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn may_fail(operation: &mut Operation) {
    let problem = Ref::from_response_name("Problem");
    operation.responses.responses.insert("default".to_owned(), RefOr::Ref(problem));
}

fn is_administration(operation: &mut Operation) {
    let server = ServerBuilder::new()
        .url(ADMIN_LISTENER)
        .description(Some("The admin listener (server.admin_listen)"));
    operation.servers = Some(vec![server.build()]);
}

/// A board's state as its screens get it. The tiles' values differ by type of tile.
pub(super) struct BoardSnapshot;

impl PartialSchema for BoardSnapshot {
    fn schema() -> RefOr<Schema> {
        let text = |about: &str| {
            ObjectBuilder::new().schema_type(Type::String).description(Some(about.to_owned()))
        };
        let number = |about: &str| {
            ObjectBuilder::new().schema_type(Type::Integer).description(Some(about.to_owned()))
        };
        let object = |about: &str| {
            ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some(about.to_owned()))
                .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        };
        let mut snapshot = ObjectBuilder::new()
            .description(Some("A board's state, as its screens get it."))
            .property("type", text("`snapshot`"))
            .property("epoch", text("This run of the server"))
            .property("seq", number("Grows by one with each change"))
            .property("at_ms", number("When it was rendered, in Unix milliseconds"))
            .property("build", text("Hash of the front end"))
            .property("board", object("Title, language and where each tile stands"))
            .property("tiles", object("By the tile's id: its state, and a value by its type"));
        for required in ["type", "epoch", "seq", "at_ms", "build", "board", "tiles"] {
            snapshot = snapshot.required(required);
        }
        snapshot.into()
    }
}

impl ToSchema for BoardSnapshot {}

/// Channels as the house lists them.
pub(super) struct ChannelList;

impl PartialSchema for ChannelList {
    fn schema() -> RefOr<Schema> {
        let name = ObjectBuilder::new().schema_type(Type::String);
        let clock = ObjectBuilder::new().schema_type(Type::String);
        let reload = ObjectBuilder::new().schema_type(Type::Object);
        let webhook = ObjectBuilder::new().schema_type(Type::Object);
        let lacks = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
        let channel = ObjectBuilder::new()
            .description(Some("A channel, its plugin, and what it has counted."))
            .property("name", name.description(Some("Its name in the config")))
            .required("name")
            .property("clock", clock.description(Some(
                "Only while the machine's clock is in doubt, or numbers are counted anew after it \
                 was set or the rules were changed: what is known of that, in a sentence",
            )))
            .property("lacks", lacks.description(Some(
                "Only once a request or link was refused for want of a right: which, and the line \
                 that gives it",
            )))
            .property("webhook", webhook.description(Some(
                "Only of a channel with a webhook, since the start of the server: `state` is never \
                 (no request came), refused (signature or secret is wrong) or taken; `last_ms` of \
                 the last genuine one; `refused` since then, the first at `refused_since_ms`",
            )))
            .property("reload", reload.description(Some(
                "Only once a reload has concerned the channel: when (`at_ms`), what became of it \
                 (`result`: changed, started, kept as it was) and why it was kept (`reason`)",
            )))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)));
        ObjectBuilder::new()
            .description(Some("Every channel."))
            .property("channels", ArrayBuilder::new().items(channel))
            .required("channels")
            .into()
    }
}

impl ToSchema for ChannelList {}
