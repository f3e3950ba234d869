//! From when to when, in which steps; and what operators write for a moment.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::args::Args;
use super::source::Held;
use crate::config::units::format_duration;
use crate::event::{Millis, UnixMs};

/// Moments in one span at most.
const MOMENTS_MAX: i64 = 100_000;

/// Why there is no span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Not a time.
    #[error(
        "{option} {given}: not a time. Write 2026-03-02T18:00:00Z, or 2026-03-02T18:00:00 for the \
         site's zone ({zone}), or 18:00 of the last day there is"
    )]
    NotATime {
        /// `--from`.
        option: &'static str,
        /// What was given.
        given: String,
        /// The site's zone.
        zone: String,
    },
    /// The wrong way round.
    #[error("--to {to} is before --from {from}")]
    Backwards {
        /// As given.
        from: String,
        /// As given.
        to: String,
    },
    /// Too many steps.
    #[error("{moments} moments from --from to --to: more than {MOMENTS_MAX}. Take a longer --step")]
    TooMany {
        /// How many.
        moments: i64,
    },
    /// Nothing is journaled.
    #[error("the journal in {dir} holds no event yet")]
    Empty {
        /// Its folder.
        dir: String,
    },
    /// The journal doesn't reach there.
    #[error("{option} {given}: the journal in {dir} holds {first} to {last} (days in {zone})")]
    NotHeld {
        /// `--from`.
        option: &'static str,
        /// What was given.
        given: String,
        /// The journal's folder.
        dir: String,
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
        /// The site's zone.
        zone: String,
    },
}

/// What moments are read by.
pub(super) struct Times<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) held: Held,
}

impl Times<'_> {
    /// The moment that an option gives, which the journal must hold.
    pub(super) fn moment(&self, option: &'static str, given: &str) -> Result<UnixMs, SpanError> {
        let last = self.date(self.held.to_ms);
        let at = parse(given, self.zone, last).ok_or_else(|| SpanError::NotATime {
            option,
            given: given.to_owned(),
            zone: zone_name(self.zone),
        })?;
        let at_ms = at.as_millisecond();
        let Some(dir) = self.held.journal.clone() else { return Ok(at_ms) };
        if self.held.from_ms > self.held.to_ms {
            return Err(SpanError::Empty { dir });
        }
        let (first, day) = (self.date(self.held.from_ms), self.date(at_ms));
        if (first..=last).contains(&day) {
            return Ok(at_ms);
        }
        let (given, zone) = (given.to_owned(), zone_name(self.zone));
        Err(SpanError::NotHeld { option, given, dir, first, last, zone })
    }

    fn date(&self, at_ms: UnixMs) -> Date {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        self.zone.to_datetime(at).date()
    }
}

/// A moment with its offset, of the site's zone, or of its last day.
fn parse(given: &str, zone: &TimeZone, last: Date) -> Option<Timestamp> {
    let with_offset = given.parse::<Timestamp>().ok();
    let local = || {
        let of_last_day = || given.parse::<Time>().ok().map(|time| last.to_datetime(time));
        let local = given.parse::<DateTime>().ok().or_else(of_last_day)?;
        zone.to_ambiguous_timestamp(local).compatible().ok()
    };
    with_offset.or_else(local)
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("a fixed offset").to_owned()
}

/// The moments at which figures are wanted.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) from_ms: UnixMs,
    pub(super) to_ms: UnixMs,
    pub(super) step_ms: Millis,
    zone: TimeZone,
}

impl Span {
    pub(super) fn of(args: &Args, times: &Times<'_>) -> Result<Self, SpanError> {
        // The command line has seen to it that both are there.
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let (from, to) = (given(&args.from), given(&args.to));
        let (from_ms, to_ms) = (times.moment("--from", &from)?, times.moment("--to", &to)?);
        let step_ms = i64::try_from(args.step.as_millis()).unwrap_or(i64::MAX).max(1);
        let span = Span { from_ms, to_ms, step_ms, zone: times.zone.clone() };
        if to_ms < from_ms {
            return Err(SpanError::Backwards { from, to });
        }
        // A served span has no steps.
        if args.serve.is_none() && span.len() > MOMENTS_MAX {
            return Err(SpanError::TooMany { moments: span.len() });
        }
        Ok(span)
    }

    /// How many moments it has.
    pub(super) fn len(&self) -> i64 {
        (self.to_ms - self.from_ms) / self.step_ms + 1
    }

    /// Every moment, first and last included where the steps hit it.
    pub(super) fn moments(&self) -> impl Iterator<Item = UnixMs> + use<> {
        let (from_ms, step_ms) = (self.from_ms, self.step_ms);
        (0..self.len()).map(move |step| from_ms + step * step_ms)
    }

    /// "1 moment", "96 moments"
    pub(super) fn told(&self) -> String {
        let moments = self.len();
        format!("{moments} {}", if moments == 1 { "moment" } else { "moments" })
    }

    /// `15m`
    pub(super) fn step(&self) -> String {
        let step_ms = u64::try_from(self.step_ms).unwrap_or(0);
        format_duration(std::time::Duration::from_millis(step_ms))
    }

    /// A moment with all that it can be mistaken in.
    pub(super) fn full(&self, at_ms: UnixMs) -> String {
        full(&self.zone, at_ms)
    }

    /// A moment within a table: site's time.
    pub(super) fn short(&self, at_ms: UnixMs) -> String {
        short(&self.zone, at_ms)
    }

    /// The site's.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// A moment within a text: the zone's time.
pub(super) fn short(zone: &TimeZone, at_ms: UnixMs) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => at_ms.to_string(),
    }
}

/// A moment with offset and zone.
pub(super) fn full(zone: &TimeZone, at_ms: UnixMs) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => at.to_zoned(zone.clone()).to_string(),
        Err(_) => at_ms.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn times(zone: &TimeZone, journal: bool) -> Times<'_> {
        let held = Held {
            from_ms: 1_772_438_400_000,
            to_ms: 1_772_611_200_000,
            journal: journal.then(|| "state/journal".to_owned()),
        };
        Times { zone, held }
    }

    #[test]
    fn a_time_without_an_offset_is_the_sites_time() {
        let zone = TimeZone::get("Europe/Warsaw").expect("a zone");
        let times = times(&zone, false);
        for same in [
            "2026-03-02T09:00",
            "2026-03-02T09:00:00",
            "2026-03-02T08:00:00Z",
            "2026-03-02T10:00:00+02:00",
        ] {
            assert_eq!(times.moment("--at", same), Ok(1_772_438_400_000), "{same}");
        }
        assert_eq!(times.moment("--at", "09:00"), Ok(1_772_611_200_000), "of the last day");
        expect!["--at yesterday: not a time. Write 2026-03-02T18:00:00Z, or 2026-03-02T18:00:00 for the site's zone (Europe/Warsaw), or 18:00 of the last day there is"]
            .assert_eq(&times.moment("--at", "yesterday").expect_err("no time").to_string());
    }

    #[test]
    fn what_the_journal_does_not_hold_is_refused_with_what_it_holds() {
        let zone = TimeZone::get("Europe/Warsaw").expect("a zone");
        let times = times(&zone, true);
        assert!(times.moment("--from", "2026-03-02T00:00").is_ok(), "its first day, all of it");
        assert!(times.moment("--to", "2026-03-04T23:59").is_ok(), "its last day, all of it");
        expect!["--from 2026-03-01T23:59: the journal in state/journal holds 2026-03-02 to 2026-03-04 (days in Europe/Warsaw)"]
            .assert_eq(&times.moment("--from", "2026-03-01T23:59").expect_err("before").to_string());
        assert!(times.moment("--to", "2026-03-05T00:00").is_err());
    }
}
