//! Days by which files are named: a UTC day, and its first, second, third file. There is a second
//! one when the first is damaged and cannot be written further.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::event::UnixMs;

const SUFFIX: &str = ".sqlite";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A day's file; in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::journal) struct Day {
    /// Since 1970-01-01, UTC.
    days: i64,
    part: u32,
}

impl Day {
    /// The first file of a moment's day.
    pub(in crate::journal) fn of(ms: UnixMs) -> Self {
        Self { days: ms.div_euclid(DAY_MS), part: 1 }
    }

    /// The day's next file.
    pub(super) fn next_part(self) -> Self {
        Self { part: self.part.saturating_add(1), ..self }
    }

    /// Its last moment is longer ago than `keep`.
    pub(super) fn is_over_for(self, keep: Duration, now_ms: UnixMs) -> bool {
        let keep_ms = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
        (self.days + 1).saturating_mul(DAY_MS) <= now_ms.saturating_sub(keep_ms)
    }

    /// `2026-11-22.sqlite`, `2026-11-22.2.sqlite`.
    pub(super) fn file_name(self) -> String {
        let date = Timestamp::from_millisecond(self.days.saturating_mul(DAY_MS))
            .map_or(Date::MAX, |moment| moment.to_zoned(TimeZone::UTC).date());
        match self.part {
            1 => format!("{date}{SUFFIX}"),
            part => format!("{date}.{part}{SUFFIX}"),
        }
    }

    pub(super) fn from_file_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix(SUFFIX)?;
        let (date, part) = match name.split_once('.') {
            Some((date, part)) => (date, part.parse().ok().filter(|part| *part > 1)?),
            None => (name, 1),
        };
        let date: Date = date.parse().ok()?;
        let moment = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Self { part, ..Self::of(moment.as_millisecond()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_parts_come_in_order() {
        let first = Day::of(1_795_305_600_000);
        let second = first.next_part();
        assert_eq!(first.file_name(), "2026-11-22.sqlite");
        assert_eq!(second.file_name(), "2026-11-22.2.sqlite");
        for day in [first, second] {
            assert_eq!(Day::from_file_name(&day.file_name()), Some(day));
        }
        assert!(first < second && second < Day::of(1_795_305_600_000 + DAY_MS));
        for other in ["2026-11-22.1.sqlite", "2026-11-22.sqlite.damaged", "note.sqlite"] {
            assert_eq!(Day::from_file_name(other), None, "{other}");
        }
    }
}
