//! `[policy.NAME]` and `[costs]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::document::Value;
use super::super::model::{CLOCKS, Calendar, Channel, Clock, Costs, POLICIES_MAX, Policy};
use super::super::problem::Problem;
use super::super::section::{Section, text};
use super::{SECOND, hours, share};
use crate::event::{Medium, Priority};

/// Names that a policy may use.
pub(super) struct Known<'a> {
    pub(super) calendars: &'a BTreeMap<String, Calendar>,
    pub(super) channels: &'a BTreeMap<String, Channel>,
}

pub(super) fn policies(section: Section<'_>, known: &Known<'_>) -> BTreeMap<String, Policy> {
    let reader = section.reader;
    let policy = |(name, node)| {
        let section = Section::of(reader, format!("policy.{name}"), Some(node));
        (name, policy(section, known))
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

fn policy(mut section: Section<'_>, known: &Known<'_>) -> Policy {
    let policy = Policy {
        title: section.optional_text("title"),
        channels: channels(&mut section, known.channels),
        queues: section.texts("queues").into_iter().map(|(_, name)| name).collect(),
        kinds: words(&mut section, "kinds", &Medium::ALL.map(|kind| (kind.word(), kind))),
        priorities: words(&mut section, "priorities", &Priority::ALL.map(|it| (it.word(), it))),
        public: section.value("public", None, "true or false", |node| match node.value {
            Value::Boolean(public) => Some(Some(public)),
            _ => None,
        }),
        complaints: section.boolean("complaints", false),
        clock: clock(&mut section),
        target: target(&mut section),
        calendar: hours::calendar_name(&mut section, None, known.calendars),
        warn: share(&mut section, "warn", 0.75),
        goal: share(&mut section, "goal", 0.8),
    };
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

/// Words of a list, each with what it stands for.
fn words<T: Copy>(
    section: &mut Section<'_>,
    key: &'static str,
    known: &[(&'static str, T)],
) -> Vec<T> {
    let mut found = Vec::new();
    for (place, word) in section.texts(key) {
        if let Some((_, meant)) = known.iter().find(|(name, _)| *name == word) {
            found.push(*meant);
            continue;
        }
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let expected = format!("some of {}", names.join(", "));
        let problem = Problem::about(section.key(key), format!("found {word:?}"), expected);
        section.reader.report(&place, problem.suggest(&word, names));
    }
    found
}

fn channels(section: &mut Section<'_>, known: &BTreeMap<String, Channel>) -> Vec<String> {
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let mut found = Vec::new();
    for (place, name) in section.texts("channels") {
        if !known.contains_key(&name) {
            let expected = match names.as_slice() {
                [] => "a channel; the config has none".to_owned(),
                names => format!("the name of a channel: {}", names.join(", ")),
            };
            let problem =
                Problem::about(section.key("channels"), format!("found {name:?}"), expected);
            section.reader.report(&place, problem.suggest(&name, names.iter().copied()));
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
