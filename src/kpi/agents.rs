//! Agents by state.

use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::event::AgentStatus;

/// Reasons for pauses that a sentence names.
const REASONS_MAX: usize = 5;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Available),
        ..state(
            "agents_available",
            "Available",
            Better::Higher,
            "Agents who are ready for the next contact. Whose state was never told is unknown, not \
             available.",
        )
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Ringing),
        ..state(
            "agents_ringing",
            "Ringing",
            Better::Neither,
            "Agents at whom a contact is ringing.",
        )
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Talking),
        ..state("agents_talking", "Talking", Better::Neither, "Agents who talk in a call.")
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Hold),
        ..state(
            "agents_hold",
            "On hold",
            Better::Neither,
            "Agents in a call whose customer is on hold.",
        )
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::AfterWork),
        ..state(
            "agents_after_work",
            "After-work",
            Better::Neither,
            "Agents who wrap up after a contact. Known where the network tells when after-work \
             ends.",
        )
    },
    Kpi {
        compute: paused,
        ..state(
            "agents_paused",
            "Paused",
            Better::Neither,
            "Agents on a break; the receipt names the reasons. Who takes a call meanwhile counts \
             as talking.",
        )
    },
    Kpi {
        compute: |kpi, reading| in_state(kpi, reading, AgentStatus::Offline),
        ..state(
            "agents_offline",
            "Offline",
            Better::Neither,
            "Agents who are logged off. Who is still in a call counts as talking.",
        )
    },
    Kpi {
        compute: unknown,
        ..state(
            "agents_unknown",
            "Unknown",
            Better::Neither,
            "Agents who were seen in calls or messages, but whose state no network ever told. They \
             are in no other state.",
        )
    },
];

const fn state(id: &'static str, title: &'static str, better: Better, doc: &'static str) -> Kpi {
    Kpi {
        id,
        title,
        unit: Unit::Count,
        better,
        is_state: true,
        expression: "agents in this state now, each person once",
        source: OWN,
        doc,
        applies_to: AppliesTo::Agents,
        compute: |kpi, _| nothing_seen(kpi),
    }
}

fn in_state(kpi: &Kpi, reading: &Reading<'_>, status: AgentStatus) -> Outcome {
    told(kpi, reading, status, "")
}

fn unknown(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if reading.is_past() {
        return nothing_seen(kpi);
    }
    let unknown = reading.engine.agents_unknown(reading.selector);
    let agents = reading.engine.agents(reading.selector);
    if agents.is_empty() && unknown == 0 {
        return nothing_seen(kpi);
    }
    let counted = text::counted(i64::from(unknown), "agents");
    let sentence = format!("Of {counted} the state was never told.");
    Outcome::new(kpi, Figure::Number(f64::from(unknown)), sentence)
        .count("agents", i64::from(unknown))
        .count("known", i64::from(agents.values().sum::<u32>()))
}

/// Pauses are told with their reasons.
fn paused(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let pauses = reading.engine.pauses(reading.selector);
    let mut pauses: Vec<_> = pauses.into_iter().map(|(reason, count)| (count, reason)).collect();
    // The most frequent first.
    pauses.sort_by_key(|(count, reason)| (std::cmp::Reverse(*count), *reason));
    let others: u32 = pauses.iter().skip(REASONS_MAX).map(|(count, _)| count).sum();
    let named = pauses.iter().take(REASONS_MAX).map(|(count, reason)| match *reason {
        "" => format!("{count} for no stated reason"),
        reason => format!("{count} for {reason}"),
    });
    let others = (others > 0).then(|| format!("{others} for others"));
    let reasons: Vec<_> = named.chain(others).collect();
    let reasons =
        if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    told(kpi, reading, AgentStatus::Paused, &reasons)
}

/// `more` goes before the sentence's full stop.
fn told(kpi: &Kpi, reading: &Reading<'_>, status: AgentStatus, more: &str) -> Outcome {
    let agents = reading.engine.agents(reading.selector);
    let is_nobody = agents.is_empty() && reading.engine.agents_unknown(reading.selector) == 0;
    if reading.is_past() || is_nobody {
        return nothing_seen(kpi);
    }
    let count = agents.get(&status).copied().unwrap_or_default();
    let known: u32 = agents.values().sum();
    let state = kpi.title.to_lowercase();
    let sentence = format!(
        "{} of {} known agents are now: {state}{more}.",
        text::count(i64::from(count)),
        text::count(i64::from(known)),
    );
    Outcome::new(kpi, Figure::Number(f64::from(count)), sentence)
        .count("agents", i64::from(count))
        .count("known", i64::from(known))
}
