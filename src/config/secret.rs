//! Reads secrets from where the config says they are. Their values never get into messages.

use std::path::Path;

use super::document::{Node, Table, Value};
use super::model::Secret;
use super::problem::Problem;
use super::section::{Reader, Section};

/// Largest secret; a larger file is something else.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

const EXPECTED: &str = r#"{ env = "NAME" }, { file = "/path" }, { credential = "name" } or a list of these, newest first"#;

/// Whether a table says where a secret is, and is no table of secrets.
pub(super) fn is_source(table: &Table) -> bool {
    table.is_empty()
        || table.keys().any(|key| ["env", "file", "credential"].contains(&key.as_str()))
}

/// One secret, or several while rotating.
pub(super) fn secrets(reader: &Reader<'_>, key: &str, node: Node) -> Vec<Secret> {
    match node.value {
        Value::List(items) if items.is_empty() => {
            reader.report(&node.place, Problem::about(key, "found an empty list", EXPECTED));
            Vec::new()
        }
        Value::List(items) => {
            items.into_iter().filter_map(|item| secret(reader, key, item)).collect()
        }
        _ => secret(reader, key, node).into_iter().collect(),
    }
}

/// One secret; none when it cannot be had, which is reported.
pub(super) fn secret(reader: &Reader<'_>, key: &str, node: Node) -> Option<Secret> {
    let place = node.place.clone();
    let report = |found: String, expected: &str| {
        reader.report(&place, Problem::about(key, found, expected));
    };
    let table = match node.value {
        Value::Table(table) => table,
        Value::Text(_) => {
            report(
                "the secret itself stands here, where everybody who reads or copies the config sees it".into(),
                EXPECTED,
            );
            return None;
        }
        other => {
            // The value is not shown: a number may be the secret itself.
            let kind = if matches!(other, Value::List(_)) { "a list" } else { "a plain value" };
            report(format!("found {kind}"), EXPECTED);
            return None;
        }
    };
    let source = Source::read(reader, key, Node { place: node.place, value: Value::Table(table) })?;
    if reader.environment.skips_secrets {
        return None;
    }
    match source.fetch(reader) {
        Ok(value) if value.is_empty() => {
            report(format!("{source} is empty"), "a secret");
            None
        }
        Ok(value) => Some(Secret::new(value)),
        Err(found) => {
            report(found, "a secret there; set it before the server starts");
            None
        }
    }
}

/// Where a secret is.
enum Source {
    Variable(String),
    File(std::path::PathBuf),
    Credential(String),
}

impl Source {
    fn read(reader: &Reader<'_>, key: &str, node: Node) -> Option<Self> {
        let place = node.place.clone();
        let count = |table: &Table| table.len();
        let given = if let Value::Table(table) = &node.value { count(table) } else { 0 };
        let mut section = Section::of(reader, key.to_owned(), Some(node));
        let variable = section.optional_text("env").map(Self::Variable);
        let file = section.path("file").map(Self::File);
        let credential = section.optional_text("credential").map(Self::Credential);
        section.finish();
        let mut sources: Vec<_> = [variable, file, credential].into_iter().flatten().collect();
        match (sources.pop(), sources.is_empty(), given) {
            (Some(source), true, 1) => Some(source),
            (None, _, 1) => None, // wrong in itself, and reported so
            (_, _, given) => {
                let found = format!("found {given} keys where one says it");
                reader.report(&place, Problem::about(key, found, EXPECTED));
                None
            }
        }
    }

    fn fetch(&self, reader: &Reader<'_>) -> Result<Vec<u8>, String> {
        match self {
            Self::Variable(name) => reader
                .environment
                .variables
                .get(name)
                .map(|value| value.clone().into_bytes())
                .ok_or_else(|| format!("{self} is not set")),
            Self::File(path) => read_file(path).map_err(|reason| format!("{self} {reason}")),
            Self::Credential(name) => {
                if name.contains(['/', '\\']) || name.starts_with('.') {
                    return Err(format!("{self} is no plain name"));
                }
                let folder = reader.environment.variables.get("CREDENTIALS_DIRECTORY").ok_or_else(
                    || format!("{self} cannot be read: CREDENTIALS_DIRECTORY is not set (systemd sets it for LoadCredential=)"),
                )?;
                read_file(&Path::new(folder).join(name))
                    .map_err(|reason| format!("{self} {reason}"))
            }
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Credential(name) => write!(f, "the credential {name}"),
        }
    }
}

/// A file's bytes without the line end that editors add.
fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        _ => format!("cannot be read ({error})"),
    };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err("is no file".to_owned());
    }
    if metadata.len() > SECRET_BYTES_MAX {
        return Err(format!("is larger than {SECRET_BYTES_MAX} bytes"));
    }
    let mut value = std::fs::read(path).map_err(unreadable)?;
    while matches!(value.last(), Some(b'\n' | b'\r')) {
        value.pop();
    }
    Ok(value)
}
