//! What is read from the state folder: rows of a day file, the mark of the last event, snapshots,
//! roll-ups.
//!
//! The first byte says which. Checksums are made to hold where the fuzzer could not guess them, so
//! that what is behind them is reached.
//!
//! Holds for all bytes:
//! - A row gives as many events as it says it has, or nothing, and takes no more memory than its bytes
//!   can unpack to. What is written is read back, event by event, also what versions before have
//!   written as JSON lines; with one bit turned around it is not believed. An event that is read is
//!   written and read again to the same, in a row and on one line, and an engine takes it whatever
//!   its times are, and its books balance.
//! - A mark that is believed is one that would be written so.
//! - A snapshot's file that is believed has the sum that is written in it. The state of an engine that
//!   is taken is given again, and that is taken to the same.
//! - A roll-up is taken or left out.

use arbitrary::{Result, Unstructured};

use super::plugin_output::balances;
use crate::app::roll_ups::recall_span;
use crate::engine::{Engine, Rules};
use crate::event::{Event, UnixMs};
use crate::journal::fuzzing::{Row, mark, snapshot};
use crate::journal::rollups;

/// 2026-03-02 11:00 UTC.
const NOW_MS: UnixMs = 1_772_449_200_000;
/// Lines of one input; more take longer than they find.
const LINES_MAX: usize = 64;
/// Where the state begins in an engine's snapshot, and where its sum stands.
const STATE_AT: usize = 14;
const SUM_AT: usize = 10;

/// See the file.
pub fn journal_rows(data: &[u8]) {
    let Some((what, rest)) = data.split_first() else { return };
    match what % 6 {
        0 => {
            // Bytes that end too early are no row.
            let _ = row(Unstructured::new(rest));
        }
        1 if rest.first() == Some(&1) => written(rest),
        1 => lines(rest),
        2 => {
            if let Ok(text) = std::str::from_utf8(rest)
                && let Some((_, written)) = mark(text)
            {
                assert_eq!(written, text, "a mark");
            }
        }
        3 => {
            if let Some(read) = snapshot(rest) {
                assert!(rest.ends_with(&read.bytes), "a snapshot's state");
                // Not in this folder by this name: what is in it is told by its head alone.
                assert!(rest.len() > read.bytes.len(), "a snapshot's head");
            }
        }
        4 => state(rest),
        _ => {
            let _ = roll_up(rest);
        }
    }
}

/// A row whose sum holds, with whatever in it.
fn row(mut input: Unstructured<'_>) -> Result<()> {
    let first = input.arbitrary()?;
    let count = *input.choose(&[1, 2, 0, u32::MAX])?;
    let row_bytes = match input.int_in_range(0..=3)? {
        0 => input.arbitrary::<i64>()?,
        1 => i64::from(input.arbitrary::<u32>()?),
        _ => i64::from(input.arbitrary::<u16>()?),
    };
    let row = Row::sealed(first, count, row_bytes, input.take_rest());
    if let Ok(items) = row.unpack() {
        assert_eq!(items.len(), usize::try_from(count).unwrap_or(usize::MAX));
        items.into_iter().flatten().for_each(|event| is_the_same_again(&event));
    }
    Ok(())
}

/// What was written into a row, whatever it is: each event behind its length.
fn written(row: &[u8]) {
    let mut count = 0;
    let mut rest = &row[1..];
    while let Some((head, behind)) = rest.split_first_chunk() {
        let length = usize::try_from(u32::from_le_bytes(*head)).unwrap_or(usize::MAX);
        let Some(behind) = behind.get(length..) else { break };
        (count, rest) = (count + 1, behind);
    }
    let read = Row::packed(7, count, row).unpack();
    assert_eq!(read.is_ok(), rest.is_empty(), "a row is as long as its events");
    let Ok(items) = read else { return };
    assert_eq!(items.len(), usize::try_from(count).unwrap_or(usize::MAX));
    let events: Vec<Event> = items.into_iter().flatten().take(LINES_MAX).collect();
    are_counted(&events);
}

/// An engine takes them.
fn are_counted(events: &[Event]) {
    let mut engine = Engine::new(Rules::default());
    for event in events {
        is_the_same_again(event);
        engine.apply(event, event.known_ms());
        balances(&engine, event.known_ms());
    }
    engine.tick(NOW_MS);
    balances(&engine, NOW_MS);
}

/// Lines that were written by a server of before.
fn lines(json: &[u8]) {
    let given: Vec<&[u8]> = json.split_inclusive(|byte| *byte == b'\n').collect();
    // A row is known to be one of lines by its first byte.
    if !json.starts_with(b"{") || given.len() > LINES_MAX {
        return;
    }
    let count = u32::try_from(given.len()).unwrap_or(u32::MAX);
    let read = Row::packed(7, count, json).unpack().expect("what is written is read back");
    assert_eq!(read.len(), given.len());
    let flipped = Row::packed(7, count, json).with_a_flipped_bit(json.len() * 31);
    assert!(flipped.unpack().is_err(), "a bit was turned around, and it was believed");
    for (line, given) in read.iter().zip(given) {
        if let Err(bytes) = line {
            assert_eq!(bytes, given, "a line that is no event is kept as it is");
        }
    }
    are_counted(&read.into_iter().flatten().collect::<Vec<_>>());
}

fn is_the_same_again(event: &Event) {
    let line = serde_json::to_string(event).expect("JSON");
    assert!(!line.contains('\n'), "one event is one line");
    let again: Event = serde_json::from_str(&line).unwrap_or_else(|why| panic!("{why}: {line}"));
    assert_eq!(&again, event, "{line}");
    let row = Row::written(7, std::slice::from_ref(event)).unpack().expect("its own row");
    assert_eq!(row, [Ok(again)], "{line}");
}

/// The state of an engine, as it stands in a snapshot whose sum holds.
fn state(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    if let Some(state) = bytes.get(STATE_AT..) {
        let sum = crc32fast::hash(state).to_le_bytes();
        bytes[SUM_AT..STATE_AT].copy_from_slice(&sum);
    }
    let Ok(engine) = Engine::restore(Rules::default(), &bytes) else { return };
    let given = engine.snapshot();
    let again = Engine::restore(Rules::default(), &given).expect("its own snapshot");
    assert_eq!(again.snapshot(), given, "an engine's state");
}

/// Two texts with an empty line between them: whose counts they are, and the counts.
fn roll_up(bytes: &[u8]) -> Option<()> {
    let (slice, counts) = std::str::from_utf8(bytes).ok()?.split_once("\n\n")?;
    let mut engine = Engine::new(Rules::default());
    engine.tick(NOW_MS);
    let row = rollups::Row {
        quarter_ms: NOW_MS - rollups::QUARTER_MS,
        slice: slice.to_owned(),
        counts: counts.to_owned(),
    };
    let taken = recall_span(&mut engine, 0, 1, |_, _| Ok(vec![row.clone()]));
    assert!(taken.expect("it was read") <= 1);
    engine.tick(NOW_MS + 86_400_000);
    Some(())
}
