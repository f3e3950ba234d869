//! Agents: how many are in each state, and, where the operator wants it, what each has done.

use std::collections::BTreeMap;

use super::Moment;
use crate::board::figures::Site;
use crate::engine::{Engine, Field};
use crate::event::AgentStatus;
use crate::kpi;
use crate::scope::{Selector, Window};
use crate::telemetry::names;

/// Kinds of work in labels, and what counts them.
const WORK: [(&str, Field); 2] = [("calls", Field::Handled), ("written", Field::HandledWritten)];

pub(super) fn publish(moment: &Moment<'_>) {
    let all = Selector::default();
    for state in AgentStatus::ALL.map(AgentStatus::word) {
        // Each state has its KPI.
        let agents = moment.number(&format!("agents_{state}"), &all, Window::Now);
        names::AGENTS.set(&[state], agents.unwrap_or_default());
    }
}

/// Agents who are called the same count together. Of few contacts nothing is said.
pub(super) fn publish_work(engine: &Engine, site: &Site) {
    let mut totals = BTreeMap::<String, [u64; WORK.len()]>::new();
    for (agent, cell) in engine.agent_counters() {
        let total = totals.entry(site.agent_title(agent)).or_default();
        for (total, (_, field)) in total.iter_mut().zip(WORK) {
            *total += cell.total(field);
        }
    }
    let enough = kpi::CONTACTS_OF_AGENT_MIN.unsigned_abs();
    for (agent, handled) in totals {
        if handled.iter().sum::<u64>() >= enough {
            for ((work, _), handled) in WORK.iter().zip(handled) {
                names::AGENT_HANDLED.reach(&[&agent, work], handled);
            }
        }
    }
}
