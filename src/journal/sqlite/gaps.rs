//! Numbers of events that are not there: found where the next row begins too late.

use rusqlite::Connection;

use super::day_file::to_sql;
use crate::journal::Sequence;

/// Numbers from one to another, both among them.
pub(in crate::journal) type Span = (Sequence, Sequence);

/// The numbers that a file is known to have lost, in order: its `bad_rows`.
pub(super) fn noted(file: &Connection) -> rusqlite::Result<Vec<(Span, String)>> {
    file.prepare("SELECT first, count, reason FROM bad_rows ORDER BY first")?
        .query_map([], |row| {
            let (first, count): (i64, i64) = (row.get(0)?, row.get(1)?);
            let first: Sequence = first.try_into().unwrap_or(0);
            let last = first.saturating_add(count.max(1).unsigned_abs()).saturating_sub(1);
            Ok(((first, last), row.get(2)?))
        })?
        .collect()
}

/// Notes numbers as lost, so that it is said once. What is noted stays as it is.
pub(super) fn note(file: &Connection, span: Span, reason: &str) -> rusqlite::Result<()> {
    file.execute(
        "INSERT OR IGNORE INTO bad_rows (first, count, reason, bytes) VALUES (?1, ?2, ?3, NULL)",
        (to_sql(span.0), to_sql(count(span)), reason),
    )?;
    Ok(())
}

/// How many numbers.
pub(in crate::journal) fn count((first, last): Span) -> u64 {
    last.saturating_sub(first).saturating_add(1)
}

/// The numbers of a span that none of the others has; those are in order.
pub(super) fn without<'a>(span: Span, others: impl IntoIterator<Item = &'a Span>) -> Vec<Span> {
    let (mut first, last) = span;
    let mut left = Vec::new();
    for (other_first, other_last) in others {
        if *other_last < first || *other_first > last {
            continue;
        }
        if *other_first > first {
            left.push((first, other_first - 1));
        }
        first = other_last.saturating_add(1);
    }
    if first <= last {
        left.push((first, last));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_taken_out_of_a_span() {
        assert_eq!(without((5, 9), []), [(5, 9)]);
        assert_eq!(without((5, 9), &[(1, 4), (10, 12)]), [(5, 9)]);
        assert_eq!(without((5, 9), &[(1, 5), (7, 7)]), [(6, 6), (8, 9)]);
        assert_eq!(without((5, 9), &[(4, 20)]), [(0, 0); 0]);
    }
}
