//! Who may ask, as the gate's table says: nothing is said of it anywhere else.

use axum::http::Method;
use serde_json::Value;
use utoipa::openapi::Components;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};

use crate::http::gate::{Least, Rule, SESSION_COOKIE, TABLE};

const TOKEN: &str = "token";
const SESSION: &str = "session";
const TOKEN_IS: &str = "A token of /admin/people or `tablica access token new`, with a role: viewer, lead or admin. \
    Only with the section `access` in the config; without it being reachable is the permission.";
const SESSION_IS: &str = "A browser's login, by password or by OpenID Connect. What changes something must come from \
    a page of this server.";

/// The ways to say who one is.
pub(super) fn add_schemes(components: &mut Components) {
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(TOKEN_IS));
    let session = ApiKey::Cookie(ApiKeyValue::with_description(SESSION_COOKIE, SESSION_IS));
    let schemes = &mut components.security_schemes;
    schemes.insert(TOKEN.to_owned(), SecurityScheme::Http(token.build()).into());
    schemes.insert(SESSION.to_owned(), SecurityScheme::ApiKey(session).into());
}

/// What an operation needs.
pub(super) fn add(operation: &mut Operation, path: &str, method: &Method) {
    let Some(rule) = TABLE.iter().find(|it| it.path == path && it.method == *method) else {
        return;
    };
    if rule.least == Least::Anybody {
        operation.security = Some(Vec::new());
        return;
    }
    let by = |scheme: &str| SecurityRequirement::new(scheme, Vec::<String>::new());
    operation.security = Some(vec![by(TOKEN), by(SESSION)]);
    let role = Value::from(rule.needs().word());
    operation.extensions = Some(Extensions::from_iter([("x-role", role)]));
    let needs = words(rule);
    let description = operation.description.get_or_insert_default();
    if !description.is_empty() {
        description.push_str("\n\n");
    }
    description.push_str(&needs);
}

fn words(rule: &Rule) -> String {
    let role = rule.needs().word();
    let from = match rule.least {
        Least::Anybody | Least::Role(_) => "",
        Least::Watcher => ", or an address of `access.metrics_networks`",
        Least::Reader => ", or an address of `access.open_networks`",
        Least::Screen => ", or an address of `access.open_networks`, or a screen that was paired",
    };
    let above = if role == "admin" { "" } else { " or above" };
    format!("With `[access]` it needs the role {role}{above}{from}.")
}
