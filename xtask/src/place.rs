//! Where things are: the project, and the cache that outlives checkouts.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// Folders that tasks work in.
pub(crate) struct Place {
    /// The project's root.
    pub(crate) root: PathBuf,
    /// Kept between runs and shared by checkouts.
    pub(crate) cache: PathBuf,
}

impl Place {
    /// The project that this program was built from; the cache under the home folder or where
    /// `TABLICA_CACHE` says.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask is not inside the project")?
            .to_path_buf();
        let cache = match std::env::var_os("TABLICA_CACHE") {
            Some(folder) => std::path::absolute(folder)?,
            None => std::env::home_dir()
                .context("no home folder for the cache; set TABLICA_CACHE to a folder")?
                .join(".cache/tablica"),
        };
        std::fs::create_dir_all(&cache)
            .with_context(|| format!("cannot make the cache folder {}", cache.display()))?;
        Ok(Self { root, cache })
    }

    /// Cargo's products for this machine.
    pub(crate) fn target(&self) -> PathBuf {
        self.cache.join("target")
    }

    /// A cargo command in the project, with products in the cache.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(cargo.as_ref());
        command.args(arguments).env("CARGO_TARGET_DIR", self.target());
        command
    }

    /// A command in the project's root. What cargo told *this* program about itself is taken
    /// out of its environment.
    pub(crate) fn command(&self, program: &std::ffi::OsStr) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name);
            }
        }
        command
    }
}
