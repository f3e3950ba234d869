//! Where things are: the project, and the cache that outlives checkouts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::setup::WASM;

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
        fs::create_dir_all(&cache)
            .with_context(|| format!("cannot make the cache folder {}", cache.display()))?;
        let place = Self { root, cache };
        place.claim()?;
        Ok(place)
    }

    /// Cargo takes the members of equally laid out workspaces for the same packages: what
    /// another checkout has built in the cache may look fresh here. So whoever comes after
    /// another one has the workspace's own products removed; those of dependencies stay.
    fn claim(&self) -> anyhow::Result<()> {
        let mark = self.cache.join("checkout");
        let root = self.root.to_string_lossy();
        if fs::read_to_string(&mark).is_ok_and(|last| last == root) {
            return Ok(());
        }
        if self.target().exists() {
            for profile in ["dev", "release", "plugin"] {
                self.clean(&["--profile", profile])?;
            }
            self.clean(&["--profile", "plugin", "--target", WASM])?;
        }
        fs::write(&mark, root.as_bytes())
            .with_context(|| format!("cannot write {}", mark.display()))
    }

    fn clean(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut clean = self.cargo(&["clean", "--quiet", "--workspace"]);
        let status = clean.args(arguments).status().context("cannot run cargo clean")?;
        ensure!(status.success(), "cargo clean failed for the products of another checkout");
        Ok(())
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
