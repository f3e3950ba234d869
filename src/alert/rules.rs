//! The rules by which alerts are raised: the same file that Prometheus is given.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::alert::expression::{Expression, ExpressionError};
use crate::alert::history::{Ms, Wanted};
use crate::config::units::parse_duration;
use crate::event::millis;

/// Groups of rules, as in a rules file of Prometheus.
#[derive(Debug, Deserialize)]
struct File {
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    name: String,
    rules: Vec<Written>,
}

#[derive(Debug, Deserialize)]
struct Written {
    alert: Option<String>,
    record: Option<String>,
    expr: String,
    #[serde(rename = "for")]
    lasts: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// A number that rules ask for by its own name.
#[derive(Debug)]
pub(crate) struct Recording {
    /// Its name.
    pub(crate) record: String,
    /// What it is.
    pub(crate) expression: Expression,
}

/// An alert, as it is defined.
#[derive(Debug)]
pub(crate) struct Alert {
    /// Its name.
    pub(crate) name: String,
    /// It is one where this has a value.
    pub(crate) expression: Expression,
    /// Once that has been so for so long.
    pub(crate) lasts_ms: Ms,
    /// Labels that each of them has beside those of the value.
    pub(crate) labels: BTreeMap<String, String>,
    /// What is said of it, by what it is.
    pub(crate) annotations: BTreeMap<String, String>,
}

/// All rules.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Evaluated first, in this order.
    pub(crate) recordings: Vec<Recording>,
    /// The alerts.
    pub(crate) alerts: Vec<Alert>,
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RulesError {
    /// It is no file of rules.
    #[error("no file of rules: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// An expression is not understood.
    #[error("{rule}: {error}")]
    Expression {
        /// The rule's name.
        rule: String,
        /// What is wrong.
        error: ExpressionError,
    },
    /// A rule says something that is no length of time.
    #[error("{rule}: `for` is no length of time: {found}")]
    Length {
        /// The rule's name.
        rule: String,
        /// What it says.
        found: String,
    },
    /// A rule is neither an alert nor a recording.
    #[error("a rule of the group {0} is neither an alert nor a record")]
    Neither(String),
}

impl Rules {
    /// Reads rules as JSON.
    pub(crate) fn parse(json: &str) -> Result<Self, RulesError> {
        let file: File = serde_json::from_str(json)?;
        let mut rules = Rules::default();
        for group in file.groups {
            for rule in group.rules {
                let name = rule.alert.as_ref().or(rule.record.as_ref());
                let Some(name) = name.cloned() else {
                    return Err(RulesError::Neither(group.name));
                };
                let expression = Expression::parse(&rule.expr)
                    .map_err(|error| RulesError::Expression { rule: name.clone(), error })?;
                if let Some(record) = rule.record {
                    rules.recordings.push(Recording { record, expression });
                    continue;
                }
                let lasts_ms = parse_duration(rule.lasts.as_deref().unwrap_or("0"))
                    .map(millis)
                    .ok_or_else(|| {
                        let found = rule.lasts.clone().unwrap_or_default();
                        RulesError::Length { rule: name.clone(), found }
                    })?;
                let Written { labels, annotations, .. } = rule;
                rules.alerts.push(Alert { name, expression, lasts_ms, labels, annotations });
            }
        }
        Ok(rules)
    }

    /// Which metrics they ask for.
    pub(crate) fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        for recording in &self.recordings {
            recording.expression.wants(&mut wanted);
        }
        for alert in &self.alerts {
            alert.expression.wants(&mut wanted);
        }
        wanted
    }
}
