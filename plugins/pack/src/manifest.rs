//! What must be in a `plugin.toml` for a plugin file to be worth making. The host checks the rest.

use toml::{Table, Value};

use crate::PackError;

/// Refuses a manifest that is no TOML, does not name the plugin, or is for another contract than
/// the module.
pub(crate) fn check(text: &str, api: &str) -> Result<(), PackError> {
    let table: Table = text.parse().map_err(|e: toml::de::Error| fault(e.to_string()))?;
    for key in ["name", "version", "network"] {
        string(&table, key)?;
    }
    let wanted = string(&table, "api")?;
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if major(wanted) != major(api) {
        return Err(fault(format!(
            "api = {wanted:?}, but the module speaks {api}: build it with that SDK"
        )));
    }
    Ok(())
}

fn string<'a>(table: &'a Table, key: &str) -> Result<&'a str, PackError> {
    match table.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(_) => Err(fault(format!("`{key}` must be a text that is not empty"))),
        None => Err(fault(format!("`{key}` is missing"))),
    }
}

fn fault(why: impl Into<String>) -> PackError {
    PackError::Manifest(why.into())
}
