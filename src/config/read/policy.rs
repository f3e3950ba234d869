//! `[policy.NAME]` and `[costs]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::document::Value;
use super::super::model::{
    CLOCKS, Calendar, Clock, Costs, POLICIES_MAX, POLICY_FROMS, Policy, PolicyFrom, WARN_DEFAULT,
};
use super::super::problem::Problem;
use super::super::section::{Section, text};
use super::channel::ChannelNames;
use super::{SECOND, hours, share};
use crate::event::{Medium, Priority};

pub(super) fn policies(
    section: Section<'_>,
    calendars: &BTreeMap<String, Calendar>,
    channels: &ChannelNames<'_>,
) -> BTreeMap<String, Policy> {
    let reader = section.reader;
    let policy = |(name, node)| {
        let section = Section::of(reader, format!("policy.{name}"), Some(node));
        (name, policy(section, calendars, channels))
    };
    let mut entries = section.entries();
    if let Some((name, node)) = entries.get(POLICIES_MAX) {
        let found = format!("it is policy {} of {}", POLICIES_MAX + 1, entries.len());
        let expected = format!("at most {POLICIES_MAX} policies");
        reader.report(&node.place, Problem::about(format!("policy.{name}"), found, expected));
        entries.truncate(POLICIES_MAX);
    }
    entries.into_iter().map(policy).collect()
}

fn policy(
    mut section: Section<'_>,
    calendars: &BTreeMap<String, Calendar>,
    channels: &ChannelNames<'_>,
) -> Policy {
    let policy = Policy {
        title: section.optional_text("title"),
        channels: covered(&mut section, channels),
        queues: section.texts("queues").into_iter().map(|(_, name)| name).collect(),
        kinds: section.words("kinds", &Medium::ALL.map(|kind| (kind.word(), kind))),
        priorities: section.words("priorities", &Priority::ALL.map(|it| (it.word(), it))),
        public: section.value("public", None, "true or false", |node| match node.value {
            Value::Boolean(public) => Some(Some(public)),
            _ => None,
        }),
        complaints: section.boolean("complaints", false),
        clock: clock(&mut section),
        from: section.meaning("from", &POLICY_FROMS),
        target: target(&mut section),
        calendar: hours::calendar_name(&mut section, None, calendars),
        warn: share(&mut section, "warn", WARN_DEFAULT),
        goal: share(&mut section, "goal", 0.8),
    };
    if policy.from == PolicyFrom::Arrival && policy.queues.is_empty() {
        let expected = r#"queues = ["…"] beside it: without them a contact arrives as it opens"#;
        section.wrong("from", r#""arrival" without queues"#, expected);
    }
    section.finish();
    policy
}

fn clock(section: &mut Section<'_>) -> Clock {
    let names = CLOCKS.map(|(name, _)| name);
    let Some(node) = section.take("clock") else {
        let expected = format!("clock = one of {}", names.join(", "));
        section.wrong("clock", "the policy has no clock", expected);
        return Clock::FirstResponse;
    };
    let word = text(&node).unwrap_or_default();
    match CLOCKS.iter().find(|(name, _)| *name == word) {
        Some((_, clock)) => *clock,
        None => {
            let expected = format!("one of {}", names.join(", "));
            let problem = Problem::about(section.key("clock"), node.value.describe(), expected);
            section.reader.report(&node.place, problem.suggest(&word, names));
            Clock::FirstResponse
        }
    }
}

/// A policy's target has no default: it is what was promised.
fn target(section: &mut Section<'_>) -> Duration {
    let absent = Duration::ZERO;
    let target = section.duration("target", absent, SECOND);
    if target == absent && !section.has("target") {
        section.wrong("target", "the policy has no target", r#"a length of time such as "15m""#);
    }
    target
}

fn covered(section: &mut Section<'_>, channels: &ChannelNames<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (place, name) in section.texts("channels") {
        if let Some(problem) = channels.problem(&section.key("channels"), &name) {
            section.reader.report(&place, problem);
        }
        found.push(name);
    }
    found
}

pub(super) fn costs(mut section: Section<'_>) -> Costs {
    let costs = Costs { currency: section.text("currency", Costs::default().currency) };
    section.finish();
    costs
}

/// What a contact of a channel costs, if the operator says.
pub(super) fn cost_per_contact(section: &mut Section<'_>) -> Option<f64> {
    let expected = "an amount of money such as 2.5";
    section.value("cost_per_contact", None, expected, |node| {
        let amount = match node.value {
            Value::Float(amount) => amount,
            Value::Integer(amount) => f64::from(i32::try_from(amount).ok()?),
            _ => return None,
        };
        (amount.is_finite() && amount >= 0.0).then_some(Some(amount))
    })
}
