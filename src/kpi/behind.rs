//! How many contacts stand behind a share or a mean: of few of them it says little, and of one agent's
//! it would tell what one customer did.

use super::Kpi;
use super::value::{Count, Unit};

/// The counts that are all of the contacts behind a number, by their names in receipts.
const VOLUMES: [&[&str]; 11] = [
    &["counted"],
    &["kept", "broken"],
    &["ratings"],
    &["offered"],
    &["answered"],
    &["replies"],
    &["responses"],
    &["contacts"],
    &["resolved"],
    &["requests"],
    &["handled"],
];

/// Whether the number is a share or a mean of contacts.
pub fn is_rate(kpi: &Kpi) -> bool {
    !kpi.is_state && matches!(kpi.unit, Unit::Ratio | Unit::Seconds | Unit::Points)
}

/// How many contacts stand behind a share or a mean, by the counts of its receipt; nothing where that
/// is not told.
pub fn contacts_behind(kpi: &Kpi, counts: &[Count]) -> Option<i64> {
    let count = |name: &&str| {
        let found = counts.iter().find(|count| count.name == *name)?;
        Some(found.value)
    };
    let sum = |names: &&[&str]| names.iter().map(count).sum::<Option<i64>>();
    if is_rate(kpi) { VOLUMES.iter().find_map(sum) } else { None }
}
