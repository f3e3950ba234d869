//! What a plugin's requests lack, and the line that gives it: for the operator, who has the config, and
//! for the author, who has the `plugin.toml`. The plugin itself is told less: it knows no files.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{FetchError, Rules};
use crate::config::host::{Host, HostGrant};

/// Different lacks of one channel that are told; a plugin that asks for ever new hosts fills no log.
const LACKS_MAX: usize = 8;
/// Digits in a row: so many are in no host's name but in a telephone number.
const DIGITS_MAX: usize = 6;

/// Whose way out it is, for messages.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The channel's.
    pub channel: String,
    /// The plugin's.
    pub plugin: String,
    /// The config's file.
    pub config: Option<String>,
}

impl Names {
    /// Where a line belongs: `[channel.desk] in tablica.toml`.
    fn section(&self, below: &str) -> String {
        let file = self.config.as_deref().unwrap_or("the config");
        format!("[channel.{}{below}] in {file}", self.channel)
    }

    fn manifest(&self) -> String {
        format!("the plugin.toml of {}", self.plugin)
    }
}

/// What is known of a channel's rights, and what was told of them already.
pub(super) struct Lacks {
    names: Names,
    declared: Vec<String>,
    granted: Vec<String>,
    /// What each declared secret is.
    secrets: BTreeMap<String, String>,
    /// The same of accounts.
    accounts: BTreeMap<String, String>,
    told: Mutex<Vec<String>>,
}

impl Lacks {
    pub(super) fn of(rules: &Rules) -> Self {
        let secrets = rules.declared_secrets.iter();
        let accounts = rules.declared_accounts.iter();
        Self {
            names: rules.names.clone(),
            declared: rules.declared.clone(),
            granted: rules.granted.clone(),
            secrets: secrets.map(|(name, it)| (name.clone(), it.about.clone())).collect(),
            accounts: accounts.map(|(name, it)| (name.clone(), it.about.clone())).collect(),
            told: Mutex::default(),
        }
    }

    /// What was lacking since the channel was built.
    pub(super) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what a refused request lacks, and says it in the log the first time.
    pub(super) fn note(&self, error: &FetchError) {
        let Some(line) = self.remedy(error) else { return };
        let channel = &self.names.channel;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < LACKS_MAX && !told.contains(&line) {
            tracing::warn!(channel, lacks = %line, "the plugin may not do what it asks for");
            told.push(line);
        }
    }

    /// What is refused, and the line to add to which file; none where no line would help.
    pub(super) fn remedy(&self, error: &FetchError) -> Option<String> {
        let Self { names, declared, granted, .. } = self;
        Some(match error {
            FetchError::NotDeclared(host) => {
                let (host, line) = (tellable(host), list(declared, host));
                let manifest = names.manifest();
                format!("{host} is not declared: write `hosts = {line}` to [fetch] in {manifest}")
            }
            FetchError::NotGranted(host) => {
                let (host, line) = (tellable(host), list(granted, host));
                let section = names.section("");
                format!("{host} is not granted: write `grant_hosts = {line}` to {section}")
            }
            FetchError::PlainHttp(host) => {
                let line = list(granted, &with_port(host));
                let (host, section) = (tellable(host), names.section(""));
                format!(
                    "{host} is granted for TLS only: write `grant_hosts = {line}` to {section} if it is \
                     to go without"
                )
            }
            FetchError::UnknownSecret(name) => self.secret(name),
            FetchError::SecretElsewhere(name) => {
                let section = match self.accounts.contains_key(name) {
                    true => "oauth",
                    false => "secrets",
                };
                format!(
                    "the secret {name} is for other hosts: name this one in `hosts` of \
                     [{section}.{name}] in {}",
                    names.manifest()
                )
            }
            _ => return None,
        })
    }

    fn secret(&self, name: &str) -> String {
        let names = &self.names;
        if let Some(about) = self.accounts.get(name) {
            let section = names.section(&format!(".oauth.{name}"));
            return format!(
                "the account {name} is missing: write `client_id` to {section}{}",
                of(about)
            );
        }
        if let Some(about) = self.secrets.get(name) {
            let variable = format!("{}_{name}", names.channel).to_uppercase().replace('-', "_");
            let section = names.section(".grant_secrets");
            return format!(
                "the secret {name} is missing: write `{name} = {{ env = \"{variable}\" }}` to {section}{}",
                of(about)
            );
        }
        let name = tellable(name);
        let manifest = names.manifest();
        format!(
            "the secret {name} is not declared: write [secrets.{name}] with `hosts` to {manifest}"
        )
    }
}

/// What a refusal lacks by these rules, and the line to add to which file; none where no line would help.
pub fn remedy(rules: &Rules, error: &FetchError) -> Option<String> {
    Lacks::of(rules).remedy(error)
}

fn of(about: &str) -> String {
    if about.is_empty() { String::new() } else { format!(" ({about})") }
}

/// The line as it is to be: what stands there already, and one more.
fn list(known: &[String], one: &str) -> String {
    let quoted = |it: &String| format!("{it:?}");
    let mut all: Vec<String> = known.iter().map(quoted).collect();
    all.push(format!("{:?}", tellable(one)));
    format!("[{}]", all.join(", "))
}

/// A plugin may have taken a host's name from what a network said: none with a long number is told.
fn tellable(name: &str) -> &str {
    let is_address =
        matches!(name.parse::<HostGrant>(), Ok(HostGrant { host: Host::Address(_), .. }));
    let long = name.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > DIGITS_MAX);
    if long && !is_address { "a name with a long number" } else { name }
}

fn with_port(host: &str) -> String {
    match host.parse::<HostGrant>() {
        Ok(grant @ HostGrant { port: None, .. }) => {
            HostGrant { port: Some(80), ..grant }.to_string()
        }
        _ => host.to_owned(),
    }
}
