//! Operators between numbers, series, or both.

use std::collections::{BTreeMap, BTreeSet};

use super::{EvaluateError, Evaluated, Sample};
use crate::alert::expression::{Matching, Operator};
use crate::alert::history::Labels;

/// Two numbers. Numbers are not compared with each other: PromQL has no answer to that without `bool`.
pub(super) fn numbers(operator: Operator, left: f64, right: f64) -> f64 {
    apply(operator, left, right).unwrap_or(f64::NAN)
}

/// What an operation gives; none where a comparison does not hold.
fn apply(operator: Operator, left: f64, right: f64) -> Option<f64> {
    let holds = match operator {
        Operator::Add => return Some(left + right),
        Operator::Subtract => return Some(left - right),
        Operator::Multiply => return Some(left * right),
        Operator::Divide => return Some(left / right),
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        Operator::And | Operator::Or | Operator::Unless => return None,
    };
    holds.then_some(left)
}

fn is_comparison(operator: Operator) -> bool {
    !operator.is_set()
        && !matches!(
            operator,
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide
        )
}

pub(super) fn number_last(operator: Operator, left: Vec<Sample>, right: f64) -> Vec<Sample> {
    let of = |it: Sample| Some(Sample { value: apply(operator, it.value, right)?, ..it });
    left.into_iter().filter_map(of).collect()
}

/// A comparison keeps the series' value, on whichever side it stands.
pub(super) fn number_first(operator: Operator, left: f64, right: Vec<Sample>) -> Vec<Sample> {
    let of = |it: Sample| {
        let value = apply(operator, left, it.value)?;
        Some(Sample { value: if is_comparison(operator) { it.value } else { value }, ..it })
    };
    right.into_iter().filter_map(of).collect()
}

/// Series of two sides that have the same labels, by what they are matched.
pub(super) fn series(
    operator: Operator,
    matching: &Matching,
    left: Vec<Sample>,
    right: Vec<Sample>,
) -> Evaluated {
    if operator.is_set() {
        return Ok(sets(operator, matching, left, right));
    }
    let mut partners: BTreeMap<Labels, f64> = BTreeMap::new();
    for Sample { labels, value } in right {
        let key = matching.key(&labels);
        if partners.contains_key(&key) {
            return Err(EvaluateError::ManyToMany(text(&key)));
        }
        partners.insert(key, value);
    }
    let mut answered = BTreeSet::new();
    let mut answer = Vec::new();
    for Sample { labels, value } in left {
        let key = matching.key(&labels);
        let Some(partner) = partners.get(&key) else { continue };
        if !answered.insert(key.clone()) {
            return Err(EvaluateError::ManyToMany(text(&key)));
        }
        if let Some(value) = apply(operator, value, *partner) {
            answer.push(Sample { labels: key, value });
        }
    }
    Ok(answer)
}

fn sets(
    operator: Operator,
    matching: &Matching,
    mut left: Vec<Sample>,
    right: Vec<Sample>,
) -> Vec<Sample> {
    let keys = |samples: &[Sample]| -> BTreeSet<Labels> {
        samples.iter().map(|it| matching.key(&it.labels)).collect()
    };
    match operator {
        Operator::Or => {
            let known = keys(&left);
            let more = right.into_iter().filter(|it| !known.contains(&matching.key(&it.labels)));
            left.extend(more);
        }
        _ => {
            let others = keys(&right);
            let is_and = operator == Operator::And;
            left.retain(|it| others.contains(&matching.key(&it.labels)) == is_and);
        }
    }
    left
}

/// Labels as they are written.
fn text(labels: &Labels) -> String {
    let each = labels.iter().map(|(name, value)| format!("{name}={value:?}"));
    format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
}
