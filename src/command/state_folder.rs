//! The state folder of commands that work beside a server, or without one.

use std::path::PathBuf;

use crate::config::{self, Environment, Problem, Problems};

/// Which state folder is meant.
#[derive(Debug, Default, clap::Args)]
pub struct StateFolder {
    /// The server's config; only server.state_dir is read. Without it the folder is ./state.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The state folder itself, instead of a config that names it.
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "config")]
    pub state_dir: Option<PathBuf>,
}

impl StateFolder {
    /// The folder. One that was named need not be there.
    pub fn find(&self, environment: &Environment) -> Result<PathBuf, Problems> {
        if let Some(folder) = &self.state_dir {
            return Ok(folder.clone());
        }
        let folder = config::state_dir(self.config.as_deref(), environment)?;
        if self.config.is_none() && !folder.is_dir() {
            // Of an empty folder made here nothing would be known to any server.
            let found = format!("there is no {}, and no other folder is named", folder.display());
            let expected = "the server's config, such as --config /etc/tablica/tablica.toml, or its \
                            state folder by --state-dir";
            return Err(vec![Problem::about("--config", found, expected)].into());
        }
        Ok(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_nobody_named_must_be_there() {
        let dir = tempfile::tempdir().expect("a folder");
        let gone = dir.path().join("gone");
        let at = |folder: &std::path::Path| {
            let setting = ("server.state_dir".to_owned(), folder.display().to_string());
            Environment { settings: vec![setting], ..Environment::default() }
        };
        let unnamed = StateFolder::default();
        assert_eq!(unnamed.find(&at(dir.path())).expect("it is there"), dir.path());
        let problems = unnamed.find(&at(&gone)).expect_err("it is not");
        assert!(problems.to_string().contains("--config /etc/tablica/tablica.toml"), "{problems}");
        let named = StateFolder { config: None, state_dir: Some(gone.clone()) };
        assert_eq!(named.find(&at(&gone)).expect("a first start makes it"), gone);
    }
}
