//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Failure, Priority, check_rating_scale, pointer, setting_error, settings};

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Keys of the projects that count; all when empty.
    projects: Vec<String>,
    /// Account ids (Server: names) of agents; with them everybody else is a customer.
    pub(crate) agents: Vec<String>,
    /// Account ids of machines, besides those that Jira calls apps.
    pub(crate) bots: Vec<String>,
    /// What states mean, by name.
    statuses: BTreeMap<String, Status>,
    /// What priorities mean, by name.
    priorities: BTreeMap<String, Word>,
    /// Where in an issue its queue stands.
    pub(crate) queue: String,
    /// The custom field with the request's participants, who are customers.
    pub(crate) participants_field: String,
    /// The custom field with the rating.
    pub(crate) satisfaction_field: String,
    /// Best rating.
    pub(crate) rating_scale: f64,
    /// Labels that are topics.
    pub(crate) topics: Vec<String>,
}

/// What a state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    Open,
    /// Waits for the customer.
    Customer,
    /// Waits for somebody outside.
    ThirdParty,
    /// Waits for somebody of the company: an approval.
    Colleague,
    Resolved,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Low,
    Normal,
    High,
    Urgent,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            projects: Vec::new(),
            agents: Vec::new(),
            bots: Vec::new(),
            statuses: BTreeMap::new(),
            priorities: BTreeMap::new(),
            queue: "/fields/project/key".into(),
            participants_field: String::new(),
            satisfaction_field: String::new(),
            rating_scale: 5.0,
            topics: Vec::new(),
        }
    }
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        check_rating_scale(settings.rating_scale)?;
        if !settings.queue.is_empty() && !settings.queue.starts_with("/fields/") {
            let why = format!("found {:?}; such as \"/fields/project/key\"", settings.queue);
            return Err(setting_error("/queue", why));
        }
        for (key, field) in [
            ("participants_field", &settings.participants_field),
            ("satisfaction_field", &settings.satisfaction_field),
        ] {
            if !field.is_empty() && !field.starts_with("customfield_") {
                let why = format!("found {field:?}; such as \"customfield_10026\"");
                return Err(setting_error(&pointer([key]), why));
            }
        }
        Ok(settings)
    }

    /// Whether an issue of this project counts; one whose project is not told does.
    pub(crate) fn counts(&self, project: Option<&str>) -> bool {
        let is_listed = |project| self.projects.iter().any(|listed| listed == project);
        self.projects.is_empty() || project.is_none_or(is_listed)
    }

    /// A state by its name: Jira Service Management's own, and what the settings say. None: a state of work.
    pub(crate) fn status(&self, name: &str) -> Option<Status> {
        let same = |(theirs, _): &(&String, &Status)| theirs.eq_ignore_ascii_case(name);
        if let Some((_, status)) = self.statuses.iter().find(same) {
            return Some(*status);
        }
        Some(match name.to_lowercase().as_str() {
            "waiting for customer" => Status::Customer,
            "pending" => Status::ThirdParty,
            "waiting for approval" | "awaiting approval" => Status::Colleague,
            "done" | "resolved" | "closed" | "completed" | "canceled" | "cancelled"
            | "declined" => Status::Resolved,
            _ => return None,
        })
    }

    pub(crate) fn priority(&self, name: &str) -> Option<Priority> {
        let same = |(theirs, _): &(&String, &Word)| theirs.eq_ignore_ascii_case(name);
        if let Some((_, word)) = self.priorities.iter().find(same) {
            return Some(match word {
                Word::Low => Priority::Low,
                Word::Normal => Priority::Normal,
                Word::High => Priority::High,
                Word::Urgent => Priority::Urgent,
            });
        }
        Some(match name.to_lowercase().as_str() {
            "highest" | "blocker" | "critical" => Priority::Urgent,
            "high" | "major" => Priority::High,
            "medium" => Priority::Normal,
            "low" | "minor" | "lowest" | "trivial" => Priority::Low,
            _ => return None,
        })
    }
}
