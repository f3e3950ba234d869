//! Why a channel cannot run.

use crate::channel::host::PackageError;
use crate::channel::verify::VerifyError;

/// Why a channel cannot run as configured.
#[derive(Debug, thiserror::Error)]
#[error("[channel.{channel}] {problem}")]
pub struct BuildError {
    /// The channel.
    pub channel: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// See [`BuildError`]. What is wrong where is in [`key`](Problem::key) and [`said`](Problem::said).
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no such plugin.
    #[error("plugin: {0}")]
    NoPlugin(String),
    /// The file is no plugin for this server.
    #[error("plugin: {0}")]
    Package(#[from] PackageError),
    /// Webhooks could not be verified.
    #[error("{0}")]
    Verify(#[from] VerifyError),
    /// The section and the plugin disagree on where the bytes come from.
    #[error("{0}")]
    Source(String),
    /// A secret that no request of the plugin mentions.
    #[error("grant_secrets: {0}")]
    Secrets(String),
    /// An account that the plugin cannot use as it is.
    #[error("oauth: {0}")]
    Oauth(String),
    /// The plugin may not ask what it must.
    #[error("grant_hosts: {0}")]
    Egress(String),
    /// The plugin does not start with these settings.
    #[error("settings: the plugin says: {0}")]
    Settings(String),
    /// The plugin does not start at all.
    #[error("the plugin does not start: {0}")]
    Start(String),
    /// The plugin starts, but not where the one that runs stands.
    #[error("the plugin cannot go on from the state of the one that runs: {0}")]
    State(String),
}

impl Problem {
    /// The key of the channel's section that it is about, such as `settings.wrap_up`; empty where it is
    /// about all of the section.
    pub fn key(&self) -> String {
        match self {
            Problem::NoPlugin(_) | Problem::Package(_) => "plugin".to_owned(),
            Problem::Secrets(_) => "grant_secrets".to_owned(),
            Problem::Oauth(_) => "oauth".to_owned(),
            Problem::Egress(_) => "grant_hosts".to_owned(),
            Problem::Settings(why) => match pointed(why) {
                Some((steps, _)) => format!("settings.{}", steps.join(".")),
                None => "settings".to_owned(),
            },
            Problem::Verify(_) | Problem::Source(_) | Problem::Start(_) | Problem::State(_) => {
                String::new()
            }
        }
    }

    /// What is wrong, for whoever was told the key.
    pub fn said(&self) -> String {
        match self {
            Problem::NoPlugin(why)
            | Problem::Secrets(why)
            | Problem::Oauth(why)
            | Problem::Egress(why) => why.clone(),
            Problem::Package(error) => error.to_string(),
            Problem::Settings(why) => {
                let why = pointed(why).map_or(why.as_str(), |(_, why)| why);
                format!("the plugin says: {why}")
            }
            Problem::Verify(_) | Problem::Source(_) | Problem::Start(_) | Problem::State(_) => {
                self.to_string()
            }
        }
    }
}

/// The JSON pointer with which a plugin begins, as steps, and what follows after its colon.
fn pointed(why: &str) -> Option<(Vec<String>, &str)> {
    let (pointer, rest) = why.split_once(": ")?;
    let steps = pointer.strip_prefix('/')?.split('/');
    let plain = |step: &str| step.replace("~1", "/").replace("~0", "~");
    Some((steps.map(plain).collect(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_that_points_at_a_setting_is_told_by_its_key() {
        for (why, key, said) in [
            ("/wrap_up: too long", "settings.wrap_up", "the plugin says: too long"),
            ("/a~1b/0/c: x: y", "settings.a/b.0.c", "the plugin says: x: y"),
            ("no such thing: /a", "settings", "the plugin says: no such thing: /a"),
            ("/etc is no pointer", "settings", "the plugin says: /etc is no pointer"),
            ("", "settings", "the plugin says: "),
        ] {
            let problem = Problem::Settings(why.to_owned());
            assert_eq!((problem.key().as_str(), problem.said().as_str()), (key, said));
        }
    }
}
