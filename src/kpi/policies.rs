//! What policies promise: how much of it was kept, how the open promises stand, and what the
//! goal still allows.
//!
//! A promise is counted when its verdict falls: when it was kept, or when its time ran out,
//! whichever is first. Without a policy's name in the selector, all policies count together,
//! each by its own target and calendar.

use super::budget::{self, Stand, Words};
use super::reading::share;
use super::value::{Better, Count, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::config::model::Clock;
use crate::engine::{CellView, Field, PolicyRules, Standing};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        unit: Unit::Ratio,
        better: Better::Higher,
        expression: "kept / (kept + broken)",
        compute: met,
        ..policy(
            "sla_met",
            "Promises kept",
            "Share of promises kept. A promise is what a policy of the config says to one contact, \
             for example a first reply within 4 hours. It counts when it is kept or when its time \
             runs out, whichever comes first.",
        )
    },
    Kpi {
        expression: "promises whose time ran out",
        compute: breaches,
        ..policy(
            "sla_breaches",
            "Promises broken",
            "Promises whose time ran out in the window, whether or not somebody answered later.",
        )
    },
    Kpi {
        expression: "open promises whose clock runs, not yet past the warning share",
        compute: |kpi, reading| standing(kpi, reading, Standing::Running),
        ..state(
            "sla_running",
            "Promises in time",
            Better::Neither,
            "Open promises that are in time and not at risk yet.",
        )
    },
    Kpi {
        expression: "open promises past the warning share, not yet out of time",
        compute: |kpi, reading| standing(kpi, reading, Standing::AtRisk),
        ..state(
            "sla_at_risk",
            "Promises at risk",
            Better::Lower,
            "Open promises that have used up the share of their time at which their policy warns \
             (`warn`, 75 % if not set). They can still be kept.",
        )
    },
    Kpi {
        expression: "open promises whose time has run out",
        compute: |kpi, reading| standing(kpi, reading, Standing::Breached),
        ..state(
            "sla_breached",
            "Promises overdue",
            Better::Lower,
            "Promises that are broken and still open: somebody waits beyond the target now.",
        )
    },
    Kpi {
        expression: "open promises whose clock stands still",
        compute: |kpi, reading| standing(kpi, reading, Standing::Paused),
        ..state(
            "sla_paused",
            "Promises paused",
            Better::Neither,
            "Open promises whose clock stands still, because the calendar is closed or because we \
             wait for the customer.",
        )
    },
    Kpi {
        unit: Unit::Seconds,
        expression: "the nearest deadline of a promise whose clock runs − now",
        compute: next_breach,
        ..state(
            "sla_next_breach",
            "Time to next breach",
            Better::Higher,
            "How long it takes until the next promise breaks if nobody acts, on the clock on the \
             wall: hours in which its calendar is closed are included. Paused promises are left \
             out.",
        )
    },
    Kpi {
        expression: "ceil((p·n − a) / (1 − p)); n promises counted, a of them kept, goal p",
        compute: |kpi, reading| {
            allowance(kpi, reading, |stands| budget::recovery(kpi, reading, stands, &PROMISES))
        },
        ..policy(
            "sla_recovery",
            "Promises to recover",
            "How many promises in a row must be kept until the policy is back at its goal; 0 when \
             it is at the goal. Over several policies: the sum of what each needs.",
        )
    },
    Kpi {
        better: Better::Higher,
        expression: "floor(a/p − n); n promises counted, a of them kept, goal p",
        compute: |kpi, reading| {
            allowance(kpi, reading, |stands| budget::budget(kpi, reading, stands, &PROMISES))
        },
        ..policy(
            "sla_budget",
            "Misses allowed",
            "How many promises may still be broken before the policy falls below its goal; 0 when \
             it is below. Over several policies: the sum of what each can afford.",
        )
    },
];

const PROMISES: Words = Words { what: "promises", good: "kept", again: "be kept" };

/// Policies whose terms a receipt spells out; of more it says how many there are.
const TERMS_MAX: usize = 3;

const fn policy(id: &'static str, title: &'static str, doc: &'static str) -> Kpi {
    Kpi {
        id,
        title,
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "",
        source: OWN,
        doc,
        applies_to: AppliesTo::Policies,
        compute: |kpi, _| nothing_seen(kpi),
    }
}

const fn state(id: &'static str, title: &'static str, better: Better, doc: &'static str) -> Kpi {
    Kpi { is_state: true, better, ..policy(id, title, doc) }
}

/// The policies that have promised something, with what became of it in the span.
pub(super) fn promised<'a>(reading: &Reading<'a>) -> Vec<(&'a PolicyRules, Stand)> {
    let mut promised: Vec<(&PolicyRules, Stand)> = Vec::new();
    for (cell, tally) in reading.tallies() {
        let Some(rules) = cell.policy() else { continue };
        let (kept, broken) = (tally.get(Field::PolicyMet), tally.get(Field::PolicyBreached));
        // Cells of one policy stand together.
        if promised.last().is_none_or(|(last, _)| last.name != rules.name) {
            promised.push((rules, Stand { goal: rules.goal, good: 0, counted: 0 }));
        }
        if let Some((_, stand)) = promised.last_mut() {
            stand.good += kept;
            stand.counted += kept + broken;
        }
    }
    promised
}

/// What the KPI says of the promises, once there are any.
fn of_promises(
    kpi: &Kpi,
    reading: &Reading<'_>,
    say: impl FnOnce(&[(&PolicyRules, Stand)]) -> Outcome,
) -> Outcome {
    if reading.engine.rules().policies.is_empty() {
        return Outcome::not_applicable(kpi, "the config has no policy");
    }
    let promised = promised(reading);
    if promised.is_empty() {
        return nothing_seen(kpi);
    }
    let mut outcome = say(&promised);
    let target =
        |(rules, _): &(&PolicyRules, Stand)| Count { name: "target", value: rules.target_ms };
    outcome.thresholds_ms = promised.iter().map(target).collect();
    outcome.sentence.push_str(&terms(&promised));
    outcome
}

fn met(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    verdicts(kpi, reading, |kept, counted, _| {
        let (shown, all) = (text::count(kept), text::count(counted));
        (share(kept, counted), format!("{shown} of {all} promises {} were kept.", reading.when()))
    })
}

fn breaches(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    verdicts(kpi, reading, |_, counted, broken| {
        let (shown, all) = (text::count(broken), text::count(counted));
        let sentence = format!("{shown} of {all} promises {} were broken.", reading.when());
        (Figure::Number(broken as f64), sentence)
    })
}

fn verdicts(
    kpi: &Kpi,
    reading: &Reading<'_>,
    say: impl FnOnce(i64, i64, i64) -> (Figure, String),
) -> Outcome {
    of_promises(kpi, reading, |_| {
        let (kept, broken) = (reading.get(Field::PolicyMet), reading.get(Field::PolicyBreached));
        let (figure, mut sentence) = say(kept, kept + broken, broken);
        if kept + broken == 0 {
            sentence = format!("No promise was kept or broken {} yet.", reading.when());
        }
        let before = reading.get(Field::PolicyBrokenBefore);
        if before > 0 {
            let was = if before == 1 { "was" } else { "were" };
            sentence.push_str(&format!(
                " {} of the broken {was} broken before they came there, and counted as they came.",
                text::count(before),
            ));
        }
        let left = reading.get(Field::PolicyLeft);
        if left > 0 {
            sentence.push_str(&format!(
                " {} counted: the customer gave up in time, or nobody had to act any more.",
                not_counted(left),
            ));
        }
        Outcome::new(kpi, figure, sentence)
            .count("kept", kept)
            .count("broken", broken)
            .count("broken_before", before)
            .count("left", left)
    })
}

fn standing(kpi: &Kpi, reading: &Reading<'_>, standing: Standing) -> Outcome {
    of_promises(kpi, reading, |_| {
        if reading.is_past() {
            return nothing_seen(kpi);
        }
        let count = |standing| open(reading, standing);
        let these = count(standing);
        let how = match standing {
            Standing::Running => "in time so far",
            Standing::AtRisk => "at risk",
            Standing::Breached => "overdue",
            Standing::Paused => "paused",
        };
        let (running, at_risk) = (count(Standing::Running), count(Standing::AtRisk));
        let (breached, paused) = (count(Standing::Breached), count(Standing::Paused));
        let all = text::counted(running + at_risk + breached + paused, "open promises");
        let sentence = format!("Of {all}, {} now {how}.", are(these));
        Outcome::new(kpi, Figure::Number(these as f64), sentence)
            .count("running", running)
            .count("at_risk", at_risk)
            .count("breached", breached)
            .count("paused", paused)
    })
}

/// Open promises that stand so.
fn open(reading: &Reading<'_>, standing: Standing) -> i64 {
    let cells = reading.cells().iter();
    cells.map(|cell: &CellView<'_>| i64::from(cell.standing(standing))).sum()
}

fn next_breach(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    of_promises(kpi, reading, |_| {
        if reading.is_past() {
            return nothing_seen(kpi);
        }
        let [running, at_risk, paused] =
            [Standing::Running, Standing::AtRisk, Standing::Paused].map(|it| open(reading, it));
        let cells = reading.cells().iter();
        let next = cells.filter_map(|cell| Some((cell.next_breach_ms()?, cell.policy()?)));
        let next = next.min_by_key(|(due_ms, _)| *due_ms);
        let outcome = match next {
            None => {
                let paused = are(paused);
                let sentence = format!("No promise can break now; {paused} paused.");
                Outcome::new(kpi, Figure::NoData, sentence)
            }
            Some((due_ms, policy)) => {
                let left = due_ms.saturating_sub(reading.now_ms).max(0) as f64 / 1000.0;
                let sentence = format!(
                    "Of {} in time so far, the next breaks in {} if nobody acts, of {}; {} paused.",
                    text::counted(running + at_risk, "promises"),
                    text::clock(left),
                    policy.shown(),
                    are(paused),
                );
                Outcome::new(kpi, Figure::Number(left), sentence).count("due_ms", due_ms)
            }
        };
        outcome.count("running", running).count("at_risk", at_risk).count("paused", paused)
    })
}

fn not_counted(number: i64) -> String {
    format!("{} more {} not", text::count(number), if number == 1 { "is" } else { "are" })
}

fn are(number: i64) -> String {
    format!("{} {}", text::count(number), if number == 1 { "is" } else { "are" })
}

fn allowance(kpi: &Kpi, reading: &Reading<'_>, say: impl FnOnce(&[Stand]) -> Outcome) -> Outcome {
    of_promises(kpi, reading, |promised| {
        say(&promised.iter().map(|(_, stand)| *stand).collect::<Vec<_>>())
    })
}

/// What was promised.
fn terms(promised: &[(&PolicyRules, Stand)]) -> String {
    if promised.len() > TERMS_MAX {
        return format!(" These are the promises of {} policies.", promised.len());
    }
    let terms = promised.iter().map(|(rules, _)| {
        let what = match rules.clock {
            Clock::Answer => "an answer",
            Clock::FirstResponse => "a first reply by a human",
            Clock::NextResponse => "a reply by a human",
            Clock::Resolution => "a resolution",
        };
        format!(
            " {} promises {what} within {}, {}, to {}.",
            rules.shown(),
            text::length(rules.target_ms),
            rules.hours,
            text::percent(rules.goal),
        )
    });
    terms.collect()
}
