//! Roll-ups on their way between the engine and their store: as rows of names and JSON.
//!
//! Rows are stored only after the snapshot of the same moment is on disk. So what is stored never
//! knows more than the newest snapshot, and after any kill the journal's tail, folded on top of
//! both, counts nothing twice.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, RollUp};
use crate::event::{Millis, UnixMs};
use crate::journal::rollups::{RollupError, Row};
use crate::scope::Selector;

/// The engine knows five weeks and a day.
pub(crate) const RECALLED_MS: Millis = 36 * 86_400_000;
/// Rows are loaded so much at a time.
const LOADED_MS: Millis = 86_400_000;

/// A row's counts: counts and sums by name, and distributions.
#[derive(Serialize, Deserialize)]
struct Counts {
    #[serde(flatten)]
    numbers: BTreeMap<String, i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    lengths_ms: BTreeMap<String, Vec<(Millis, u32)>>,
    /// Distributions by the numbers of bins that are others now: they cannot be used.
    #[serde(default, rename = "lengths", skip_serializing)]
    _by_old_bins: Option<IgnoredAny>,
}

/// As it is stored.
pub(crate) fn row(roll_up: RollUp) -> Result<Row, serde_json::Error> {
    let RollUp { quarter_ms, slice, mut counts, sums, lengths_ms } = roll_up;
    counts.extend(sums);
    Ok(Row {
        quarter_ms,
        slice: serde_json::to_string(&slice)?,
        counts: serde_json::to_string(&Counts { numbers: counts, lengths_ms, _by_old_bins: None })?,
    })
}

/// As the engine takes it.
fn roll_up(row: &Row) -> Result<RollUp, serde_json::Error> {
    let slice: Selector = serde_json::from_str(&row.slice)?;
    let Counts { numbers, lengths_ms, .. } = serde_json::from_str(&row.counts)?;
    // The engine takes each name for what it is.
    let sums = numbers.clone();
    Ok(RollUp { quarter_ms: row.quarter_ms, slice, counts: numbers, sums, lengths_ms })
}

/// Tells the engine what is stored of the five weeks before `to_ms`, day by day. Says how many
/// rows there were.
pub(crate) fn recall(
    engine: &mut Engine,
    to_ms: UnixMs,
    load: impl FnMut(UnixMs, UnixMs) -> Result<Vec<Row>, RollupError>,
) -> Result<usize, RollupError> {
    recall_span(engine, to_ms - RECALLED_MS, to_ms, load)
}

/// Tells the engine what is stored of a span, day by day. Says how many rows there were.
pub(crate) fn recall_span(
    engine: &mut Engine,
    mut from_ms: UnixMs,
    to_ms: UnixMs,
    mut load: impl FnMut(UnixMs, UnixMs) -> Result<Vec<Row>, RollupError>,
) -> Result<usize, RollupError> {
    let mut count = 0;
    while from_ms < to_ms {
        let day_ms = (from_ms + LOADED_MS).min(to_ms);
        for row in load(from_ms, day_ms)? {
            match roll_up(&row) {
                Ok(roll_up) => match engine.recall(&roll_up) {
                    Ok(()) => count += 1,
                    Err(error) => tracing::warn!(%error, "a roll-up is left out"),
                },
                Err(error) => {
                    tracing::warn!(quarter_ms = row.quarter_ms, %error, "a roll-up cannot be read");
                }
            }
        }
        from_ms = day_ms;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(counts: &str) -> Row {
        Row { quarter_ms: 0, slice: r#"{"channel":"pbx"}"#.to_owned(), counts: counts.to_owned() }
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let text =
            r#"{"answered":3,"wait_answered_ms":12120,"lengths_ms":{"wait":[[5120,2],[1880,1]]}}"#;
        let known = roll_up(&stored(text)).expect("it can be read");
        assert_eq!(known.counts["answered"], 3);
        assert_eq!(known.lengths_ms["wait"], [(5120, 2), (1880, 1)]);
        let written = RollUp { sums: BTreeMap::new(), ..known };
        assert_eq!(row(written).expect("it can be written"), stored(text));
    }

    #[test]
    fn distributions_by_old_bins_are_left_out_and_the_counts_read() {
        let text = r#"{"answered":3,"lengths":{"wait":[[40,2],[15,1]]}}"#;
        let known = roll_up(&stored(text)).expect("it can be read");
        assert_eq!((known.counts["answered"], known.lengths_ms.len()), (3, 0));
    }
}
