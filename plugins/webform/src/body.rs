//! A body as one tree of values, whatever it is written in: JSON, a form in either encoding, or XML.
//!
//! Of a form the fields are members by their names, those that stand there several times lists; files are left
//! out. What XML becomes is said in `xml`.

use serde_json::{Map, Value};
use tablica_plugin::{Failure, bad_input, form};

use crate::xml;

/// A body.
pub(crate) struct Read {
    pub(crate) value: Value,
    /// It knows lists, numbers and what is true.
    pub(crate) is_json: bool,
}

/// Reads a body. What it begins with goes before what it is called: many programs call JSON a form.
pub(crate) fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    json_fields: &[String],
) -> Result<Read, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is = |word: &str| content_type.is_some_and(|it| it.to_ascii_lowercase().contains(word));
    let value = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => {
            let value = serde_json::from_slice(bytes);
            let value = value.map_err(|error| bad_input(format!("not JSON: {error}")))?;
            return Ok(Read { value, is_json: true });
        }
        Some(b'<') => xml::read(text(bytes)?)?,
        Some(_) => {
            let fields = match form::boundary(content_type.filter(|_| is("multipart")), bytes) {
                Some(boundary) => in_parts(bytes, boundary)?,
                None if is("x-www-form-urlencoded") || looks_like_form(bytes) => {
                    form::fields(bytes).take(form::PARTS_MAX).collect()
                }
                None => return Err(bad_input("neither JSON nor XML nor a form")),
            };
            members(fields, json_fields)?
        }
        None => return Err(bad_input("neither JSON nor XML nor a form")),
    };
    Ok(Read { value, is_json: false })
}

fn text(bytes: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| bad_input("not UTF-8"))
}

/// One line that begins with `name=`.
fn looks_like_form(bytes: &[u8]) -> bool {
    let name = bytes.split(|byte| *byte == b'=').next().unwrap_or_default();
    let is_name = name.iter().all(|byte| byte.is_ascii_graphic());
    name.len() < bytes.len() && !name.is_empty() && is_name && !bytes.contains(&b'\n')
}

fn in_parts(bytes: &[u8], boundary: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut fields = Vec::new();
    for part in form::parts(bytes, boundary) {
        if part.file.is_none() && !part.name.is_empty() {
            fields.push((part.name.to_owned(), text(part.bytes)?.to_owned()));
        }
    }
    Ok(fields)
}

fn members(fields: Vec<(String, String)>, json_fields: &[String]) -> Result<Value, Failure> {
    let mut members = Map::new();
    for (name, text) in fields {
        let value = if json_fields.contains(&name) && !text.trim().is_empty() {
            let value = serde_json::from_str(&text);
            value.map_err(|error| bad_input(format!("/{name} is not JSON: {error}")))?
        } else {
            Value::String(text)
        };
        add(&mut members, name, value);
    }
    Ok(Value::Object(members))
}

/// Adds a member; one that is there already becomes a list.
pub(crate) fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        Some(Value::Array(list)) => list.push(value),
        Some(one) => {
            let first = one.take();
            *one = Value::Array(vec![first, value]);
        }
        None => {
            members.insert(name, value);
        }
    }
}
