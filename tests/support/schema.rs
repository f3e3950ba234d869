//! Holds an answer against its description, in both directions: what must be there is, and what
//! is there is described.
//!
//! Knows as much of JSON Schema as `docs/openapi.json` uses.

use std::collections::BTreeMap;

use serde_json::Value;

/// All that differs, each with its place. `name` is a schema of the document's components.
pub(crate) fn differences(document: &Value, name: &str, answer: &Value) -> Vec<String> {
    let schema = &document["components"]["schemas"][name];
    assert!(schema.is_object(), "no schema {name}");
    let mut found = Vec::new();
    compare(document, schema, answer, name, &mut found);
    found
}

fn compare(document: &Value, schema: &Value, answer: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolve(document, schema);
    for choice in ["oneOf", "anyOf"] {
        let Some(choices) = schema[choice].as_array() else { continue };
        let mut misfits = Vec::new();
        for one in choices {
            let mut differs = Vec::new();
            compare(document, one, answer, at, &mut differs);
            if differs.is_empty() {
                return;
            }
            misfits.append(&mut differs);
        }
        found.push(format!("{at}: fits none of {choice}: {misfits:?}"));
        return;
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(answer)
    {
        found.push(format!("{at}: {answer} is not one of {values:?}"));
    }
    if !has_type(&schema["type"], answer) {
        found.push(format!("{at}: {answer} is no {}", schema["type"]));
    }
    match answer {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                compare(document, &schema["items"], item, &format!("{at}[{index}]"), found);
            }
        }
        Value::Object(object) => {
            let parts = parts(document, schema);
            for required in parts.iter().filter_map(|part| part["required"].as_array()).flatten() {
                let key = required.as_str().expect("a key");
                if !object.contains_key(key) {
                    found.push(format!("{at}: `{key}` is missing"));
                }
            }
            let described: BTreeMap<&String, &Value> =
                parts.iter().filter_map(|part| part["properties"].as_object()).flatten().collect();
            let is_open = parts.iter().any(|part| part["additionalProperties"] == true);
            // Of keys of any name, what their values are.
            let others = parts.iter().find(|part| part["additionalProperties"].is_object());
            let others = others.map(|part| &part["additionalProperties"]);
            for (key, value) in object {
                match described.get(key).copied().or(others) {
                    Some(schema) => {
                        compare(document, schema, value, &format!("{at}.{key}"), found);
                    }
                    None if is_open => {}
                    None => found.push(format!("{at}: `{key}` is not described")),
                }
            }
        }
        _ => {}
    }
}

/// The schema itself, or those that it consists of.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(document, schema);
    match schema["allOf"].as_array() {
        Some(all) => all.iter().flat_map(|part| parts(document, part)).collect(),
        None => vec![schema],
    }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a local reference");
            resolve(document, document.pointer(pointer).expect("it leads somewhere"))
        }
        None => schema,
    }
}

fn has_type(wanted: &Value, answer: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => answer.is_object(),
        "array" => answer.is_array(),
        "string" => answer.is_string(),
        "integer" => answer.is_i64() || answer.is_u64(),
        "number" => answer.is_number(),
        "boolean" => answer.is_boolean(),
        "null" => answer.is_null(),
        other => unreachable!("type {other} is not known here"),
    };
    match wanted {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}
