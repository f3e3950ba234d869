//! What is said beside the numbers: what is not among them, and how fresh their channels were.

use std::io::{self, Write};

use super::fold::LeftOut;
use super::select::health;
use super::span;
use crate::engine::Engine;
use crate::scope::{Coverage, FeedHealth};

/// "1 event", "3 events".
pub(super) fn events(count: u64) -> String {
    format!("{count} {}", if count == 1 { "event" } else { "events" })
}

/// Events that are not counted, a line for each reason.
pub(super) fn write_left_out(left_out: LeftOut, out: &mut dyn Write) -> io::Result<()> {
    let is = |count: u64| if count == 1 { "is" } else { "are" };
    if let Some(later) = left_out.later.filter(|later| *later > 0) {
        let (events, is) = (events(later), is(later));
        writeln!(out, "{events} of the file became known after this moment and {is} not counted.")?;
    }
    let unreadable = left_out.unreadable;
    if unreadable > 0 {
        let (events, is) = (events(unreadable), is(unreadable));
        writeln!(out, "{events} of the journal cannot be read back and {is} not counted.")?;
    }
    Ok(())
}

/// What channels delivered that could not be counted as it came, a line for each channel.
pub(super) fn write_faults(engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
    for (channel, faults) in engine.faults() {
        let parts = [
            (faults.duplicates, "came again and counted once"),
            (faults.clamped, "from the future, counted when known"),
            (faults.late, "too late for a contact that is over, not counted"),
            (faults.not_understood, "of a kind that this version does not know"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> =
            parts.map(|(count, what)| format!("{} {what}", events(*count))).collect();
        if !parts.is_empty() {
            writeln!(out, "Channel {channel}: {}.", parts.join("; "))?;
        }
    }
    Ok(())
}

/// "Channels: pbx (live), mail (silent, last event 2026-03-02 08:05:00)".
pub(super) fn channels(coverage: &Coverage, engine: &Engine) -> String {
    let zone = &engine.rules().time_zone;
    let channels = coverage.channels.iter().map(|one| {
        let last = one.last_event_ms.filter(|_| one.feed != FeedHealth::Live);
        let last = last.map(|at_ms| format!(", last event {}", span::short(zone, at_ms)));
        format!("{} ({}{})", one.channel, health(one.feed), last.unwrap_or_default())
    });
    let channels: Vec<_> = channels.collect();
    if channels.is_empty() {
        return "Channels: none has told of these contacts yet".to_owned();
    }
    format!("Channels: {}", channels.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_told_by_number() {
        let told = |later, unreadable| {
            let mut out = Vec::new();
            write_left_out(LeftOut { later, unreadable }, &mut out).expect("written");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(told(None, 0), "");
        assert_eq!(told(Some(0), 0), "");
        assert_eq!(
            told(Some(1), 2),
            "1 event of the file became known after this moment and is not counted.\n\
             2 events of the journal cannot be read back and are not counted.\n"
        );
        assert_eq!(
            told(Some(60), 1),
            "60 events of the file became known after this moment and are not counted.\n\
             1 event of the journal cannot be read back and is not counted.\n"
        );
    }
}
