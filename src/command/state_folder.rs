//! The state folder of commands that work beside a server, or without one.

use std::path::PathBuf;

use crate::config::{self, Environment, Problems};

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
    /// The folder; it need not be there.
    pub fn find(&self, environment: &Environment) -> Result<PathBuf, Problems> {
        match &self.state_dir {
            Some(folder) => Ok(folder.clone()),
            None => config::state_dir(self.config.as_deref(), environment),
        }
    }
}
