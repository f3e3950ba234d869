//! Complaints: how many, settled how soon, and whether what was promised to them was kept. By
//! owner: select a queue or an agent. What is promised are the policies with `complaints = true`.

use super::reading::{mean_seconds, share};
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{CellView, Field, Standing, Sum};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "complaints",
        title: "Complaints",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "contacts with a complaint, each once",
        source: OWN,
        doc: "Contacts with a message that complains by the site's topic rules, counted when that \
              message came.",
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
        title: "Complaint share",
        unit: Unit::Ratio,
        better: Better::Lower,
        is_state: false,
        expression: "complaints / contacts that came in",
        source: OWN,
        doc: "Complaints in the window for each contact that came in within the same window.",
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
        expression: "complaints resolved for the first time",
        source: OWN,
        doc: "Complaints that were resolved in the window, whenever they came in. Each counts \
              once, at its first resolution.",
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
        expression: "Σ (first resolution after it − complaint) / complaints resolved",
        source: OWN,
        doc: "Mean time from the message that complains to the first resolution after it, nights \
              and weekends included; counted when the complaint was resolved.",
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
        expression: "promises kept / (kept + broken), of the policies with complaints = true",
        source: OWN,
        doc: "Share of the promises to customers who complained that were kept, by the policies \
              with `complaints = true`. Their clock runs from the message that complains. A \
              promise counts as broken at its deadline, also when it is kept later.",
        applies_to: AppliesTo::Contacts,
        compute: in_time,
    },
    Kpi {
        id: "complaints_overdue",
        title: "Complaints overdue",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: true,
        expression: "open promises to customers who complained whose time has run out",
        source: OWN,
        doc: "Complaints that are still open although the time of a policy with `complaints = \
              true` has run out. One under two such policies counts twice.",
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
