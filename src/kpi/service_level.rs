//! Service level: the share that was served in time, by six formulas of the industry.
//!
//! A contact counts at the first of answered, abandoned and T passed, so that the figure falls
//! when somebody becomes late and not when they are answered at last. Who left the queue
//! otherwise counts as offered, and as not in time.

use std::collections::BTreeMap;

use super::budget::Stand;
use super::reading::share;
use super::value::{Better, Count, Unit, Variant};
use super::{AppliesTo, COMMON, Kpi, OWN, Outcome, Reading, text};
use crate::config::model::Queue;
use crate::engine::{CellCounters, CellView, Field};

/// How one formula makes a share of the counts.
pub struct Formula {
    /// Its id, which is also its KPI's.
    pub id: &'static str,
    /// In words.
    pub expression: &'static str,
    /// The formula needs s, the short-abandon limit; with what becomes of those within it.
    short_abandons: Option<&'static str>,
    good: fn(Counts<'_>) -> i64,
    counted: fn(Counts<'_>) -> i64,
}

type Counts<'a> = &'a dyn Fn(Field) -> i64;

/// Formula of queues that choose none, or one that does not exist.
pub const DEFAULT: &str = "sl_offered_net";

/// The six.
pub static FORMULAS: [Formula; 6] = [
    Formula {
        id: "sl_offered",
        expression: "answered within T / offered",
        short_abandons: None,
        good: |n| n(Field::DecidedInTime),
        counted: |n| n(Field::Decided),
    },
    Formula {
        id: "sl_offered_net",
        expression: "answered within T / (offered − abandoned within s)",
        short_abandons: Some("not counted"),
        good: |n| n(Field::DecidedInTime),
        counted: |n| n(Field::Decided) - n(Field::DecidedAbandonedShort),
    },
    Formula {
        id: "sl_short_positive",
        expression: "(answered within T + abandoned within s) / offered",
        short_abandons: Some("counted as in time"),
        good: |n| n(Field::DecidedInTime) + n(Field::DecidedAbandonedShort),
        counted: |n| n(Field::Decided),
    },
    Formula {
        id: "sl_ignore",
        expression: "answered within T / (answered + abandoned after T)",
        short_abandons: None,
        good: |n| n(Field::DecidedInTime),
        // Who waits beyond T now will be one or the other.
        counted: |n| {
            n(Field::Decided) - n(Field::DecidedAbandonedInTime) - n(Field::DecidedFlowedOut)
        },
    },
    Formula {
        id: "sl_positive",
        expression: "(answered within T + abandoned within T) / offered",
        short_abandons: None,
        good: |n| n(Field::DecidedInTime) + n(Field::DecidedAbandonedInTime),
        counted: |n| n(Field::Decided),
    },
    Formula {
        id: "sl_answered",
        expression: "answered within T / answered",
        short_abandons: None,
        good: |n| n(Field::DecidedInTime),
        counted: |n| n(Field::DecidedAnswered),
    },
];

/// One KPI for each formula, and one for what each queue has chosen.
pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "service_level",
        title: "Service level",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "the formula that each queue has chosen",
        source: OWN,
        doc: "Share of contacts that were served within the threshold T of their queue \
              (`answer_threshold` for calls, `reply_threshold` for written contacts), by the \
              formula that each queue has chosen. A contact counts at the first of three moments: \
              it is answered, it is abandoned, or T has passed. Several queues are added up by \
              their counts; percentages are never averaged.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| by_formula(kpi, reading, &|cell| chosen_by(cell.rules())),
    },
    variant(
        0,
        "Service level (offered)",
        "ICMI, \"Service Level Calculations\" (2002); Cisco Unified ICM: abandoned calls have \
         negative impact",
        "All contacts that entered the queue count. Whoever was not answered within T counts as \
         late, also a caller who hung up after two seconds.",
    ),
    variant(
        1,
        "Service level (net)",
        COMMON,
        "Callers who hung up within s (the queue's `short_abandon`, 5 s if not set) did not really \
         wait and are left out. All other contacts that entered the queue count. Queues that \
         choose no formula use this one.",
    ),
    variant(
        2,
        "Service level (short in time)",
        "ICMI, \"Service Level Calculations\" (2002)",
        "All contacts that entered the queue count. Callers who hung up within s (the queue's \
         `short_abandon`, 5 s if not set) count as served in time.",
    ),
    variant(
        3,
        "Service level (ignore)",
        "ICMI, \"Service Level Calculations\" (2002); Cisco Unified ICM: abandoned calls ignored",
        "Callers who hung up within T are left out; those who hung up later count as late. \
         Contacts that left the queue in another way (transfer, overflow, callback and so on) are \
         left out.",
    ),
    variant(
        4,
        "Service level (positive)",
        "ICMI, \"Service Level Calculations\" (2002); Cisco Unified ICM: abandoned calls have \
         positive impact",
        "All contacts that entered the queue count. Callers who hung up within T count as served \
         in time.",
    ),
    variant(
        5,
        "Service level (answered)",
        "ICMI, \"Service Level Calculations\" (2002)",
        "Looks only at contacts that were answered. It can look good while many callers hang up, \
         so read it together with the abandon rate.",
    ),
];

const fn variant(
    formula: usize,
    title: &'static str,
    source: &'static str,
    doc: &'static str,
) -> Kpi {
    Kpi {
        id: FORMULAS[formula].id,
        title,
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: FORMULAS[formula].expression,
        source,
        doc,
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let formula = by_id(kpi.id);
            by_formula(kpi, reading, &|_| formula)
        },
    }
}

/// The formula with that id; the default one for an id that does not exist.
pub fn by_id(id: &str) -> &'static Formula {
    let find = |id: &str| FORMULAS.iter().find(|formula| formula.id == id);
    find(id).or_else(|| find(DEFAULT)).unwrap_or(&FORMULAS[0])
}

fn chosen_by(queue: &Queue) -> &'static Formula {
    by_id(&queue.service_level)
}

/// Contacts in time, and contacts counted, since the beginning, by the queue's own formula: two
/// counters whose rates divide into its service level.
pub fn in_time_and_counted(cell: &CellCounters<'_>) -> (u64, u64) {
    let formula = chosen_by(cell.rules());
    let total = |field| i64::try_from(cell.total(field)).unwrap_or(i64::MAX);
    let positive = |number: i64| u64::try_from(number).unwrap_or_default();
    (positive((formula.good)(&total)), positive((formula.counted)(&total)))
}

/// By queue: its goal, and how many of the counted were in time by its own formula.
pub(super) fn by_queue(reading: &Reading<'_>) -> Vec<Stand> {
    stands(reading).into_values().collect()
}

/// The same with the queues' names.
pub(super) fn stands<'a>(reading: &Reading<'a>) -> BTreeMap<&'a str, Stand> {
    let mut queues = BTreeMap::new();
    for (cell, tally) in reading.tallies() {
        let formula = chosen_by(cell.rules());
        let get = |field| tally.get(field);
        let new = Stand { goal: cell.rules().goal, good: 0, counted: 0 };
        let stand: &mut Stand = queues.entry(cell.queue()).or_insert(new);
        stand.good += (formula.good)(&get);
        stand.counted += (formula.counted)(&get);
    }
    queues
}

fn by_formula(
    kpi: &Kpi,
    reading: &Reading<'_>,
    choose: &dyn Fn(&CellView<'_>) -> &'static Formula,
) -> Outcome {
    let (mut good, mut counted) = (0, 0);
    let mut formulas: Vec<&'static Formula> = Vec::new();
    for (cell, tally) in reading.tallies() {
        let formula = choose(cell);
        let get = |field| tally.get(field);
        good += (formula.good)(&get);
        counted += (formula.counted)(&get);
        if (formula.counted)(&get) > 0 && !formulas.iter().any(|known| known.id == formula.id) {
            formulas.push(formula);
        }
    }
    let sum = |field| reading.get(field);
    let mut outcome = Outcome::new(kpi, share(good, counted), String::new());
    outcome.thresholds_ms = thresholds(reading, &formulas);
    outcome.sentence = sentence(reading, (good, counted), &formulas, &outcome.thresholds_ms);
    match formulas.as_slice() {
        [only] => (outcome.formula, outcome.expression) = (only.id, only.expression),
        [] => {}
        _ => outcome.formula = "by_queue",
    }
    let late = sum(Field::Decided)
        - sum(Field::DecidedAnswered)
        - sum(Field::DecidedAbandoned)
        - sum(Field::DecidedFlowedOut);
    outcome.variants = FORMULAS
        .iter()
        .map(|formula| Variant {
            formula: formula.id,
            figure: share((formula.good)(&sum), (formula.counted)(&sum)),
        })
        .collect();
    outcome
        .count("in_time", good)
        .count("counted", counted)
        .count("offered", sum(Field::Decided))
        .count("answered", sum(Field::DecidedAnswered))
        .count("answered_within_threshold", sum(Field::DecidedInTime))
        .count("abandoned", sum(Field::DecidedAbandoned))
        .count("abandoned_within_threshold", sum(Field::DecidedAbandonedInTime))
        .count("abandoned_short", sum(Field::DecidedAbandonedShort))
        .count("flowed_out", sum(Field::DecidedFlowedOut))
        .count("waiting_beyond_threshold", late)
}

/// T of each kind of contact that is there, and s where a formula uses it. Queues that differ
/// are all listed.
fn thresholds(reading: &Reading<'_>, formulas: &[&'static Formula]) -> Vec<Count> {
    let mut thresholds = Vec::new();
    let mut add = |name, length: std::time::Duration| {
        let value = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
        let threshold = Count { name, value };
        if !thresholds.contains(&threshold) {
            thresholds.push(threshold);
        }
    };
    let uses_short = formulas.iter().any(|formula| formula.short_abandons.is_some());
    for cell in reading.cells() {
        let rules = cell.rules();
        if cell.has_voice() {
            add("answer_threshold", rules.answer_threshold);
        }
        if cell.has_written() {
            add("reply_threshold", rules.reply_threshold);
        }
        if uses_short {
            add("short_abandon", rules.short_abandon);
        }
    }
    thresholds.sort_by_key(|threshold| (threshold.name, threshold.value));
    thresholds
}

fn sentence(
    reading: &Reading<'_>,
    (good, counted): (i64, i64),
    formulas: &[&'static Formula],
    thresholds: &[Count],
) -> String {
    let (noun, when) = (reading.noun(), reading.when());
    let lengths = |short: bool| -> Vec<String> {
        let wanted = thresholds.iter().filter(|one| (one.name == "short_abandon") == short);
        wanted.map(|one| text::length(one.value)).collect()
    };
    let within = lengths(false).join(" or ");
    if counted <= 0 {
        return format!("No {noun} have been due to be served {when}, so there is no share yet.");
    }
    let (good, counted) = (text::count(good), text::count(counted));
    let mut sentence = format!("{good} of {counted} {noun} {when} were served in time");
    if !within.is_empty() {
        sentence.push_str(&format!(", which is within {within}"));
    }
    let short = reading.get(Field::DecidedAbandonedShort);
    if let [formula] = formulas
        && let Some(treated) = formula.short_abandons
        && short > 0
    {
        let (short, within) = (text::count(short), lengths(true).join(" or "));
        sentence.push_str(&format!("; {short} who hung up within {within} are {treated}"));
    }
    let flowed_out = reading.get(Field::DecidedFlowedOut);
    if flowed_out > 0 {
        let flowed_out = text::count(flowed_out);
        sentence.push_str(&format!("; {flowed_out} left the queue without an answer"));
    }
    sentence.push('.');
    sentence
}
