//! Complaints: how many, settled how soon, and whether what was promised to them was kept. By
//! owner: select a queue or an agent. What is promised are the policies with `complaints = true`.

use super::reading::{mean_seconds, share};
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, Outcome, Reading, text};
use crate::engine::{CellView, Field, Standing, Sum};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "complaints",
        title: "Complaints",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "contacts that complain, each once",
        source: "KPIs: quality",
        doc: "Contacts with a message that complains by the site's rules, counted when it came.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let complaints = reading.get(Field::Complaints);
            let sentence =
                format!("{} came in {}.", text::counted(complaints, "complaints"), reading.when(),);
            Outcome::new(kpi, Figure::Number(complaints as f64), sentence)
                .count("complaints", complaints)
                .count("resolved", reading.get(Field::ComplaintsResolved))
        },
    },
    Kpi {
        id: "complaint_share",
        title: "Complaints of contacts",
        unit: Unit::Ratio,
        better: Better::Lower,
        is_state: false,
        expression: "complaints / contacts that came in",
        source: "KPIs: quality",
        doc: "Complaints for each contact that came in within the same span.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let complaints = reading.get(Field::Complaints);
            let contacts = reading.get(Field::Contacts);
            let sentence = format!(
                "{} and {} came in {}.",
                text::counted(complaints, "complaints"),
                text::counted(contacts, "contacts"),
                reading.when(),
            );
            Outcome::new(kpi, share(complaints, contacts), sentence)
                .count("complaints", complaints)
                .count("contacts", contacts)
        },
    },
    Kpi {
        id: "complaints_resolved",
        title: "Complaints resolved",
        unit: Unit::Count,
        better: Better::Higher,
        is_state: false,
        expression: "complaints settled for the first time",
        source: "KPIs: quality",
        doc: "Complaints that were settled, counted when they were, whenever they had come in.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let resolved = reading.get(Field::ComplaintsResolved);
            let counted = text::counted(resolved, "complaints");
            let sentence = format!("{counted} settled {}.", reading.when());
            Outcome::new(kpi, Figure::Number(resolved as f64), sentence)
                .count("resolved", resolved)
                .count("complaints", reading.get(Field::Complaints))
        },
    },
    Kpi {
        id: "complaint_resolution_time",
        title: "Time to resolve complaints",
        unit: Unit::Seconds,
        better: Better::Lower,
        is_state: false,
        expression: "Σ (first settlement − complaint) / complaints settled",
        source: "KPIs: quality",
        doc: "Mean time from the message that complained to the first settlement after it, by \
              the calendar's time.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let resolved = reading.get(Field::ComplaintsResolved);
            let sum_ms = reading.sum_ms(Sum::ComplaintResolution);
            let figure = mean_seconds(sum_ms, resolved);
            let sentence = match figure {
                Figure::Number(mean) => format!(
                    "{} settled {} took {} on average.",
                    text::counted(resolved, "complaints"),
                    reading.when(),
                    text::clock(mean),
                ),
                _ => format!("No complaint was settled {}.", reading.when()),
            };
            Outcome::new(kpi, figure, sentence)
                .count("resolved", resolved)
                .count("resolution_ms", sum_ms)
        },
    },
    Kpi {
        id: "complaints_in_time",
        title: "Complaints in time",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "promises kept / (kept + broken), of the policies for complaints",
        source: "KPIs: quality",
        doc: "Share of what was promised to complaints that was kept, by the policies with \
              complaints = true. A promise is broken at its deadline, not when it is kept late.",
        applies_to: AppliesTo::Contacts,
        compute: in_time,
    },
    Kpi {
        id: "complaints_overdue",
        title: "Complaints overdue",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: true,
        expression: "promises to complaints that are broken and still not made good",
        source: "KPIs: quality",
        doc: "Complaints that wait now although the time of a policy with complaints = true is \
              up; one of two policies counts twice.",
        applies_to: AppliesTo::Contacts,
        compute: overdue,
    },
];

/// Where nothing was promised to complaints, nothing can be late.
fn nothing_promised(kpi: &Kpi, reading: &Reading<'_>) -> Option<Outcome> {
    let promised = reading.engine.rules().policies.iter().any(|policy| policy.complaints);
    let why = "no policy of the config has complaints = true";
    (!promised).then(|| Outcome::not_applicable(kpi, why))
}

fn in_time(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if let Some(outcome) = nothing_promised(kpi, reading) {
        return outcome;
    }
    let (kept, broken) = (reading.get(Field::ComplaintsInTime), reading.get(Field::ComplaintsLate));
    let when = reading.when();
    let sentence = match kept + broken {
        1.. => format!(
            "{} of {} promises to customers who complained were kept {when}.",
            text::count(kept),
            text::count(kept + broken),
        ),
        _ => format!("No promise to a customer who complained fell due {when}."),
    };
    Outcome::new(kpi, share(kept, kept + broken), sentence)
        .count("kept", kept)
        .count("broken", broken)
}

fn overdue(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    if let Some(outcome) = nothing_promised(kpi, reading) {
        return outcome;
    }
    if reading.is_past() || reading.is_empty() {
        return nothing_seen(kpi);
    }
    let cells = reading.cells();
    let stands = |standing| {
        let clocks = cells.iter().map(|cell: &CellView<'_>| cell.standing(standing));
        clocks.map(i64::from).sum::<i64>()
    };
    let (late, at_risk) = (stands(Standing::Breached), stands(Standing::AtRisk));
    let sentence = format!(
        "{} overdue now; {} at risk.",
        text::counted(late, "complaints"),
        text::count(at_risk),
    );
    Outcome::new(kpi, Figure::Number(late as f64), sentence)
        .count("overdue", late)
        .count("at_risk", at_risk)
        .count("running", stands(Standing::Running))
        .count("paused", stands(Standing::Paused))
}
