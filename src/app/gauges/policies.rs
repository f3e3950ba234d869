//! Policies: what was promised to customers one by one, and how it stands.

use super::Moment;
use crate::engine::{CellCounters, Field, PolicyRules, Standing};
use crate::scope::{Selector, Window};
use crate::telemetry::names;

const STANDINGS: [(&str, Standing); 4] = [
    ("running", Standing::Running),
    ("at_risk", Standing::AtRisk),
    ("breached", Standing::Breached),
    ("paused", Standing::Paused),
];

pub(super) fn publish(moment: &Moment<'_>) {
    for policy in &moment.engine.rules().policies {
        publish_promise(moment, policy);
        for place in moment.engine.promised(&policy.name) {
            publish_place(&policy.name, &place);
        }
    }
}

fn publish_promise(moment: &Moment<'_>, policy: &PolicyRules) {
    let name = policy.name.as_str();
    let selector = Selector { policy: Some(name.to_owned()), ..Selector::default() };
    let today = |kpi| moment.number(kpi, &selector, Window::Today);
    names::POLICY_GOAL.set(&[name], policy.goal);
    names::POLICY_RECOVERY.set(&[name], today("sla_recovery"));
    names::POLICY_BUDGET.set(&[name], today("sla_budget"));
}

/// One queue of a channel in which something was promised.
fn publish_place(policy: &str, cell: &CellCounters<'_>) {
    let (channel, queue) = (cell.channel(), cell.queue());
    for (state, standing) in STANDINGS {
        let open = f64::from(cell.standing(standing));
        names::POLICY_CLOCKS.set(&[policy, channel, queue, state], open);
    }
    names::POLICY_MET.reach(&[policy, channel, queue], cell.total(Field::PolicyMet));
    names::POLICY_BREACHED.reach(&[policy, channel, queue], cell.total(Field::PolicyBreached));
}
