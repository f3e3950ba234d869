//! The API's description is complete and checked in.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tablica::http::openapi::document;

/// `TABLICA_BLESS=1` rewrites the file.
#[test]
fn the_description_that_is_checked_in_is_the_servers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    if std::env::var_os("TABLICA_BLESS").is_some() {
        fs::write(&path, document()).unwrap();
    }
    let checked_in = fs::read_to_string(&path).unwrap();
    assert_eq!(checked_in, document(), "run the tests once with TABLICA_BLESS=1");
}

/// What programs ask for: of the rest, pages are for people, `/in` is the networks', and
/// `/metrics` is described by itself.
fn is_described(path: &str) -> bool {
    path.starts_with("/api/") || path == "/livez" || path == "/readyz"
}

#[test]
fn every_route_of_the_api_is_described_and_no_other() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<String> =
        document["paths"].as_object().unwrap().keys().cloned().collect();
    let mut routed = BTreeSet::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        let routes = source.split(".route(\"").skip(1);
        let paths = routes.filter_map(|rest| rest.split('"').next());
        routed.extend(paths.filter(|path| is_described(path)).map(str::to_owned));
    }
    assert_eq!(described, routed);
}

#[test]
fn every_kpi_is_named_with_its_meaning() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let ids = &document["components"]["schemas"]["KpiId"];
    let description = ids["description"].as_str().unwrap();
    let known: Vec<&str> = ids["enum"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    assert_eq!(known, tablica::kpi::registry().iter().map(|kpi| kpi.id).collect::<Vec<_>>());
    for kpi in tablica::kpi::registry() {
        assert!(description.contains(&format!("`{}`: {}. {}", kpi.id, kpi.title, kpi.doc)));
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let text = document();
    let document: Value = serde_json::from_str(&text).unwrap();
    let references = text.split("\"$ref\": \"#").skip(1).filter_map(|rest| rest.split('"').next());
    let lost: Vec<&str> =
        references.filter(|reference| document.pointer(reference).is_none()).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn limits_are_the_ones_that_hold() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let title = &document["components"]["schemas"]["NewAnnotation"]["properties"]["title"];
    assert_eq!(title["maxLength"], tablica::board::annotations::TITLE_CHARS_MAX);
}

/// By the gate's own table, and the other way round: nothing is described as open that is not.
#[test]
fn each_operation_says_who_may_ask() {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        (&schemes["token"]["type"], &schemes["token"]["scheme"]),
        (&json!("http"), &json!("bearer"))
    );
    let session = &schemes["session"];
    assert_eq!((&session["in"], &session["name"]), (&json!("cookie"), &json!("tablica_session")));
    let role_of = |path: &str, method: &str| {
        let operation = &document["paths"][path][method];
        (operation["security"].clone(), operation["x-role"].as_str().map(str::to_owned))
    };
    let either = json!([{ "token": [] }, { "session": [] }]);
    let needs = |role: &str| (either.clone(), Some(role.to_owned()));
    assert_eq!(role_of("/api/v1/openapi.json", "get"), (json!([]), None));
    assert_eq!(role_of("/livez", "get"), needs("viewer"));
    assert_eq!(role_of("/api/v1/kpis", "get"), needs("viewer"));
    assert_eq!(role_of("/api/v1/annotations", "get"), needs("viewer"));
    assert_eq!(role_of("/api/v1/annotations", "post"), needs("lead"));
    assert_eq!(role_of("/api/v1/screens/{name}", "delete"), needs("lead"));
    assert_eq!(role_of("/api/v1/reload", "post"), needs("admin"));
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["security"].is_array(), "{method} {path}");
        }
    }
}
