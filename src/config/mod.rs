//! The operator's settings: a TOML file with environment variables laid over it, read into
//! validated values.
//!
//! [`load`] never stops at the first mistake: it names every problem with file, line and key,
//! what it found and what it expected. Durations are `"20s"`, `"1h30m"`, `"7d"`; secrets are
//! named by where they come from and are read here, once. A variable
//! `TABLICA_SERVER__LISTEN` sets `server.listen`. Nothing else in the house reads the
//! environment or knows TOML keys.

pub mod document;
pub mod host;
mod layers;
pub mod live;
pub mod model;
pub mod problem;
mod read;
mod secret;
mod section;
pub mod topics;
pub mod units;
pub mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use self::layers::{Layer, load_layers};
pub use self::model::Config;
pub use self::problem::{Problem, Problems};

/// Variables that begin so and hold a `__` are settings.
pub const VARIABLE_PREFIX: &str = "TABLICA_";

/// What the process was started with: settings laid over the file, and variables that secrets
/// may name. An argument, so that tests bring their own.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `server.listen` and the text it is set to.
    pub settings: Vec<(String, String)>,
    /// All variables, for `secret = { env = "…" }`.
    pub variables: BTreeMap<String, String>,
    /// Secrets are not read: for tools that only look at what was, in a shell that has none.
    pub skips_secrets: bool,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let settings = figment::providers::Env::prefixed(VARIABLE_PREFIX)
            .split("__")
            .iter()
            .map(|(key, value)| (key.into_string(), value))
            .filter(|(key, _)| key.contains('.'))
            .collect();
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { settings, variables, skips_secrets: false }
    }
}

/// Reads the file (none: the defaults), lays the process's environment over it and checks all.
pub fn load(path: Option<&Path>) -> Result<Config, Problems> {
    load_with(path, &Environment::of_process())
}

/// As [`load`], with the environment given.
pub fn load_with(path: Option<&Path>, environment: &Environment) -> Result<Config, Problems> {
    let Some(path) = path else {
        return read::config(document::Table::new(), None, PathBuf::new(), environment);
    };
    load_text(&read_file(path)?, &path.display().to_string(), folder_of(path), environment)
}

/// As [`load`], with the text that was read.
pub fn load_with_text(path: &Path) -> Result<(Config, String), Problems> {
    let text = read_file(path)?;
    let file = path.display().to_string();
    let config = load_text(&text, &file, folder_of(path), &Environment::of_process())?;
    Ok((config, text))
}

fn read_file(path: &Path) -> Result<String, Problems> {
    std::fs::read_to_string(path).map_err(|error| {
        Problems::from(vec![Problem::in_file(
            &path.display().to_string(),
            "the file cannot be read",
            &format!("a TOML file ({error})"),
        )])
    })
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// The state folder alone, whatever else is wrong: for tools that work beside a server and may
/// not see its secrets.
pub fn state_dir(path: Option<&Path>, environment: &Environment) -> Result<PathBuf, Problems> {
    let Some(path) = path else {
        return Ok(read::state_dir(document::Table::new(), PathBuf::new(), environment));
    };
    let table = document::parse(&read_file(path)?, &path.display().to_string())?;
    Ok(read::state_dir(table, folder_of(path), environment))
}

/// As [`load`], from a text; `file` is the name in messages, `folder` where relative paths start.
pub fn load_text(
    text: &str,
    file: &str,
    folder: PathBuf,
    environment: &Environment,
) -> Result<Config, Problems> {
    let table = document::parse(text, file)?;
    read::config(table, Some(file), folder, environment)
}

/// The annotated example that documents every key with its default.
#[cfg(test)]
pub(crate) fn reference() -> &'static str {
    include_str!("../../tablica.example.toml")
}

#[cfg(test)]
mod tests;
