//! Agents by state.

use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, Outcome, Reading, text};
use crate::event::AgentStatus;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Available),
        ..state("agents_available", "Available", Better::Higher, "Ready for the next contact.")
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Ringing),
        ..state("agents_ringing", "Ringing", Better::Neither, "A contact is ringing at them.")
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Talking),
        ..state("agents_talking", "Talking", Better::Neither, "In a call.")
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Hold),
        ..state("agents_hold", "On hold", Better::Neither, "In a call, the customer on hold.")
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::AfterWork),
        ..state(
            "agents_after_work",
            "After-work",
            Better::Neither,
            "Wrapping up after a contact; known where the network says when that ends.",
        )
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Paused),
        ..state("agents_paused", "Paused", Better::Neither, "On a break. Not while in a call.")
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Offline),
        ..state("agents_offline", "Offline", Better::Neither, "Logged off. Not while in a call.")
    },
];

const fn state(id: &'static str, title: &'static str, better: Better, doc: &'static str) -> Kpi {
    Kpi {
        id,
        title,
        unit: Unit::Count,
        better,
        is_state: true,
        expression: "agents in that state now",
        source: "KPIs: waiting, handling",
        doc,
        applies_to: AppliesTo::Agents,
        compute: |kpi, _| nothing_seen(kpi),
    }
}

fn in_state(kpi: &Kpi, reading: &Reading<'_>, status: AgentStatus) -> Outcome {
    let agents = reading.engine.agents(reading.selector);
    if reading.is_past() || agents.is_empty() {
        return nothing_seen(kpi);
    }
    let count = agents.get(&status).copied().unwrap_or_default();
    let known: u32 = agents.values().sum();
    let state = kpi.title.to_lowercase();
    let sentence = format!(
        "{} of {} known agents are now: {state}.",
        text::count(i64::from(count)),
        text::count(i64::from(known)),
    );
    Outcome::new(kpi, Figure::Number(f64::from(count)), sentence)
        .count("agents", i64::from(count))
        .count("known", i64::from(known))
}
