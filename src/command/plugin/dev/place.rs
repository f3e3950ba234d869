//! Where a plugin file goes, and how it gets there: in one step, so that a server never reads half of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::command::plugin::pack::Packed;
use crate::command::plugin::test;
use crate::config::{self, Config, Environment};

/// Where it goes.
pub(super) struct Place {
    file: PathBuf,
    /// The config of the server that looks there.
    pub(super) config: Option<Config>,
}

impl Place {
    /// By `--to`; or by the config: where a channel names the file itself, or in its first folder for
    /// plugins; or in the plugin's own folder.
    pub(super) fn find(
        folder: &Path,
        name: &str,
        config: Option<&Path>,
        to: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let file = format!("{name}.wasm");
        let config = match config {
            None => None,
            Some(path) => {
                // Nothing is verified or asked here.
                let environment = Environment { skips_secrets: true, ..Environment::of_process() };
                let config = config::load_with(Some(path), &environment);
                Some(config.map_err(|problems| anyhow::anyhow!("{problems}"))?)
            }
        };
        let file = match (to, &config) {
            (Some(to), _) if to.extension().is_some_and(|it| it == "wasm") => to.to_path_buf(),
            (Some(to), _) => to.join(file),
            (None, Some(config)) => by_config(config, &file)?,
            (None, None) => folder.join(file),
        };
        let below = file.parent().filter(|it| !it.as_os_str().is_empty());
        if below.is_some_and(|it| !it.is_dir()) {
            bail!("there is no folder {}", below.unwrap_or(Path::new(".")).display());
        }
        Ok(Self { file, config })
    }

    /// The plugin file beside the one that it is to replace.
    pub(super) fn draft(&self, packed: &Packed) -> anyhow::Result<Draft<'_>> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let draft =
            Draft { draft: self.file.with_file_name(format!(".{name}.new")), file: &self.file };
        packed.write(&draft.draft)?;
        Ok(draft)
    }
}

fn by_config(config: &Config, file: &str) -> anyhow::Result<PathBuf> {
    let mut named = config.channels.values().map(|channel| Path::new(&channel.plugin));
    let own = named.find(|it| it.file_name().is_some_and(|name| name == file));
    if let Some(own) = own {
        return Ok(own.to_path_buf());
    }
    let dir = config.server.plugin_dirs.first().with_context(|| {
        let path = config.places.file.as_deref().unwrap_or("the config");
        format!(
            "the server looks into no folder: write `plugin_dirs = [\"plugins\"]` to [server] in {path}, \
             and start it again; or say --to"
        )
    })?;
    Ok(dir.join(file))
}

/// Removed unless it was put.
pub(super) struct Draft<'a> {
    draft: PathBuf,
    file: &'a Path,
}

impl Draft<'_> {
    /// What is to be tested.
    pub(super) fn subject(&self, folder: &Path) -> test::Arguments {
        test::Arguments::of(folder, &self.draft)
    }

    /// Puts it in the place of the one before.
    pub(super) fn put(self) -> anyhow::Result<PathBuf> {
        let synced = fs::File::open(&self.draft).and_then(|draft| draft.sync_all());
        let put = synced.and_then(|()| fs::rename(&self.draft, self.file));
        put.with_context(|| format!("cannot write {}", self.file.display()))?;
        Ok(self.file.to_path_buf())
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // Gone already when it was put.
        let _ = fs::remove_file(&self.draft);
    }
}
