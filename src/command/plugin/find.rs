//! From what somebody typed to a plugin file's bytes, and to its sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::channel::host::read_plugin;
use crate::channel::manifest::Manifest;

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

/// A plugin's folder.
pub(super) struct Sources {
    pub(super) folder: PathBuf,
    pub(super) manifest: Manifest,
    /// What [`plugin`] finds its plugin file by.
    pub(super) plugin: String,
}

/// The folder where plugins have theirs.
const PLUGINS: &str = "plugins";
const MANIFEST: &str = "plugin.toml";

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
            "there is no `{word}`: neither a file, nor a folder, nor a plugin that ships with this server \
             ({}); files and folders were sought in {}",
            shipped.names.join(", "),
            here()
        ),
    }
}

/// The folder of a plugin by itself, by a packed plugin in it, or by its name below `plugins`.
pub(super) fn sources(word: &str, plugin: Option<&str>) -> anyhow::Result<Sources> {
    let path = Path::new(word);
    let below = Path::new(PLUGINS).join(word);
    let (folder, file) = if path.is_file() {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        (folder.unwrap_or(Path::new(".")).to_path_buf(), Some(word))
    } else if path.is_dir() {
        (path.to_path_buf(), None)
    } else if below.is_dir() {
        (below, None)
    } else {
        let what = format!("neither a file nor a folder `{word}` or `{PLUGINS}/{word}`");
        bail!("there is no `{word}`: {} has {what}", here());
    };
    let manifest = manifest(&folder)?;
    let plugin = plugin.or(file).map_or_else(|| folder.display().to_string(), str::to_owned);
    Ok(Sources { folder, manifest, plugin })
}

/// The manifest of a plugin's folder.
pub(super) fn manifest(folder: &Path) -> anyhow::Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: expected a plugin's folder", path.display()))?;
    // It says `plugin.toml:LINE` itself.
    Manifest::parse(&text)
        .map_err(|error| anyhow::anyhow!("{}", folder.join(error.to_string()).display()))
}

fn here() -> String {
    std::env::current_dir().map_or_else(|_| ".".to_owned(), |folder| folder.display().to_string())
}

fn read(path: &Path) -> anyhow::Result<Found> {
    let bytes = read_plugin(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(Found { name, bytes })
}

/// The plugin file of a folder: `NAME.wasm` in it, or in `dist` beside it. NAME is the manifest's, or
/// the folder's own.
fn built(folder: &Path) -> anyhow::Result<PathBuf> {
    let own = fs::canonicalize(folder)
        .ok()
        .and_then(|folder| folder.file_name().map(|name| name.to_string_lossy().into_owned()));
    let named = manifest(folder).ok().map(|manifest| manifest.name);
    let mut places = Vec::new();
    for name in named.into_iter().chain(own) {
        let file = format!("{name}.wasm");
        places.extend([folder.join(&file), folder.join("../dist").join(&file)]);
    }
    places.iter().find(|place| place.is_file()).cloned().with_context(|| {
        let sought: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        format!(
            "{} has no plugin file yet, sought were {}: make it with `tablica plugin build {}`",
            folder.display(),
            sought.join(", "),
            folder.display()
        )
    })
}
