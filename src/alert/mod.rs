//! Alerts without Prometheus: the same rules, watched by Tablica itself, and told to people.
//!
//! [`rules`] are those of `grafana/rules`, as Prometheus is given them. Every few seconds the server's own
//! metrics go into a [`history`], as a scrape would take them ([`scrape`]); [`watch`] evaluates the rules
//! over it ([`expression`], [`evaluate`], the part of PromQL that they are written in) and says which alerts
//! hold. [`desk`] decides who is told what and when: grouped, without what another alert explains
//! ([`inhibit`]) or somebody has silenced ([`silence`]), repeated as long as it lasts. [`send`] tells them.
//! [`standing`] is what walls show.
//! [`files`] are the same rules for a Prometheus. All but `send` is pure: time is an argument, and nothing waits.

pub(crate) mod alarms;
pub(crate) mod delivery;
pub(crate) mod desk;
pub(crate) mod evaluate;
pub(crate) mod expression;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod inhibit;
pub(crate) mod notice;
pub(crate) mod rules;
pub(crate) mod scrape;
pub(crate) mod send;
pub(crate) mod silence;
mod standing;
pub(crate) mod text;
pub(crate) mod watch;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use self::rules::{Rules, RulesError};

/// The rules that ship, as JSON.
const RULES: &str = include_str!("../../grafana/mixin/rules.json");

/// The rules that ship.
pub(crate) fn shipped() -> Result<Rules, RulesError> {
    Rules::parse(RULES)
}

/// The names of all alerts that ship.
pub(crate) fn names() -> Vec<&'static str> {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let alerts = shipped().map(|rules| rules.alerts).unwrap_or_default();
        alerts.into_iter().map(|alert| alert.name).collect()
    });
    names.iter().map(String::as_str).collect()
}
