//! From what somebody typed to a plugin file's bytes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The plugins inside this binary.
pub struct Shipped<'a> {
    /// Their names.
    pub names: &'a [&'a str],
    /// A plugin file by its name.
    pub plugin: &'a dyn Fn(&str) -> Option<&'static [u8]>,
}

/// A plugin file in memory.
#[derive(Debug)]
pub(super) struct Found {
    /// For messages.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// A file, a plugin's folder, or a shipped name, in this order.
pub(super) fn plugin(word: &str, shipped: &Shipped<'_>) -> anyhow::Result<Found> {
    let path = Path::new(word);
    if path.is_dir() {
        return read(&built(path)?);
    }
    if path.is_file() {
        return read(path);
    }
    match (shipped.plugin)(word) {
        Some(bytes) => Ok(Found { name: format!("{word}.wasm"), bytes: bytes.to_vec() }),
        None => bail!(
            "`{word}` is neither a file, nor a folder, nor a plugin that ships with this server \
             ({})",
            shipped.names.join(", ")
        ),
    }
}

fn read(path: &Path) -> anyhow::Result<Found> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(Found { name, bytes })
}

/// The plugin file of a folder: `NAME.wasm` in it, or in `dist` beside it.
fn built(folder: &Path) -> anyhow::Result<PathBuf> {
    let name = fs::canonicalize(folder)
        .ok()
        .and_then(|folder| folder.file_name().map(|name| name.to_string_lossy().into_owned()))
        .with_context(|| format!("{} has no name", folder.display()))?;
    let file = format!("{name}.wasm");
    let places = [folder.join(&file), folder.join("../dist").join(&file)];
    places.iter().find(|place| place.is_file()).cloned().with_context(|| {
        format!(
            "{} has no plugin file: build it with `cargo xtask plugins`, or put a packed {file} \
             into it",
            folder.display()
        )
    })
}
