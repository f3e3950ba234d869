//! Open time: what a promise's clock counts.
//!
//! A calendar is open when the clock on its wall stands within the hours. So there are two steps:
//! `line` counts open time along the wall clock's own line, on which every day has 24 hours; here
//! the eras between changes of the wall clock (daylight saving, laws) are strung together, so that
//! an hour that is repeated counts twice and one that is skipped not at all. No step looks at the
//! time between, so ten years cost what ten seconds cost.
//!
//! Built once from the config; never changes, never fails. Pure: time is an argument.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::line::Line;
use crate::config::model;
use crate::event::{Millis, UnixMs};

/// The year 2200: later changes of the wall clock are not foreseen, its last offset stays.
const LAST_ERA_MS: UnixMs = 7_258_118_400_000;
/// The year 10,000. Later is never, earlier than as long before 1970 is then.
const MOMENT_MS_MAX: UnixMs = 253_402_300_800_000;

/// Business hours: when they begin and end, in one zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Calendar(Option<Plan>);

/// The plan of a calendar that is not always open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Plan {
    line: Line,
    /// By time; the first has no beginning.
    eras: Vec<Era>,
}

/// A time without a change of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Era {
    starts_ms: UnixMs,
    /// What the wall shows beyond UTC.
    offset_ms: Millis,
    /// Open time before it.
    open_before_ms: Millis,
    /// Open time before a moment of it, beyond what the line says.
    correction_ms: Millis,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar::always_open()
    }
}

impl From<&model::Calendar> for Calendar {
    fn from(config: &model::Calendar) -> Self {
        let line = Line::new(&config.hours, &config.exceptions);
        if line.is_always_open() {
            return Calendar::always_open();
        }
        let eras = eras(&config.time_zone, &line);
        Calendar(Some(Plan { line, eras }))
    }
}

/// The wall clock's changes from 1970 on.
fn eras(zone: &TimeZone, line: &Line) -> Vec<Era> {
    let offset_ms = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
    let first = Era {
        starts_ms: UnixMs::MIN,
        offset_ms: offset_ms(zone.to_offset(Timestamp::UNIX_EPOCH)),
        open_before_ms: Millis::MIN,
        correction_ms: 0,
    };
    let mut eras = vec![first];
    let mut last = first;
    for change in zone.following(Timestamp::UNIX_EPOCH) {
        let starts_ms = change.timestamp().as_millisecond();
        let offset_ms = offset_ms(change.offset());
        if starts_ms >= LAST_ERA_MS {
            break;
        }
        // A change of the name alone is none.
        if offset_ms == last.offset_ms {
            continue;
        }
        let open_before_ms = last.correction_ms + line.open_before(starts_ms + last.offset_ms);
        let correction_ms = open_before_ms - line.open_before(starts_ms + offset_ms);
        last = Era { starts_ms, offset_ms, open_before_ms, correction_ms };
        eras.push(last);
    }
    eras
}

impl Calendar {
    /// Around the clock: what holds where nothing else is said.
    pub fn always_open() -> Self {
        Calendar(None)
    }

    /// Whether it is always open: its open time is then the time itself.
    pub fn is_always_open(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it is open at that moment. The moment of closing is closed.
    pub fn is_open(&self, at_ms: UnixMs) -> bool {
        self.0.as_ref().is_none_or(|plan| plan.is_open(within(at_ms)))
    }

    /// The next moment at which it opens or closes; none when it stays as it is for ever.
    pub fn next_change_ms(&self, at_ms: UnixMs) -> Option<UnixMs> {
        let plan = self.0.as_ref()?;
        let at_ms = within(at_ms);
        let change_ms = if plan.is_open(at_ms) {
            plan.closes_ms(at_ms)
        } else {
            plan.reaches_ms(plan.open_before(at_ms) + 1).map(|at_ms| at_ms - 1)
        };
        change_ms.filter(|at_ms| *at_ms < MOMENT_MS_MAX)
    }

    /// How much of the time between was open; 0 when `to_ms` is not later.
    pub fn open_ms_between(&self, from_ms: UnixMs, to_ms: UnixMs) -> Millis {
        if to_ms <= from_ms {
            return 0;
        }
        match &self.0 {
            None => to_ms.saturating_sub(from_ms),
            Some(plan) => plan.open_before(within(to_ms)) - plan.open_before(within(from_ms)),
        }
    }

    /// When a clock of that length, started then, runs out: the first moment by which so much of
    /// the time was open. None when that never comes.
    pub fn add_open_ms(&self, from_ms: UnixMs, length_ms: Millis) -> Option<UnixMs> {
        if length_ms <= 0 {
            return Some(from_ms);
        }
        let due_ms = match &self.0 {
            None => from_ms.checked_add(length_ms),
            Some(plan) => {
                plan.reaches_ms(plan.open_before(within(from_ms)).checked_add(length_ms)?)
            }
        };
        due_ms.filter(|due_ms| *due_ms < MOMENT_MS_MAX)
    }
}

fn within(at_ms: UnixMs) -> UnixMs {
    at_ms.clamp(-MOMENT_MS_MAX, MOMENT_MS_MAX)
}

impl Plan {
    /// The era of a moment and its place among the others.
    fn era(&self, at_ms: UnixMs) -> (usize, &Era) {
        let index = self.eras.partition_point(|era| era.starts_ms <= at_ms).saturating_sub(1);
        (index, &self.eras[index])
    }

    fn is_open(&self, at_ms: UnixMs) -> bool {
        self.line.is_open(at_ms + self.era(at_ms).1.offset_ms)
    }

    /// Open time before a moment, counted from some fixed one.
    fn open_before(&self, at_ms: UnixMs) -> Millis {
        let (_, era) = self.era(at_ms);
        era.correction_ms + self.line.open_before(at_ms + era.offset_ms)
    }

    /// The first moment with so much open time before it.
    fn reaches_ms(&self, open_ms: Millis) -> Option<UnixMs> {
        let after = self.eras.partition_point(|era| era.open_before_ms < open_ms);
        let era = &self.eras[after.saturating_sub(1)];
        Some(self.line.reaches(open_ms.checked_sub(era.correction_ms)?)? - era.offset_ms)
    }

    /// When it closes that is open at `at_ms`.
    fn closes_ms(&self, at_ms: UnixMs) -> Option<UnixMs> {
        let (index, era) = self.era(at_ms);
        let mut local_ms = at_ms + era.offset_ms;
        for (index, era) in self.eras.iter().enumerate().skip(index) {
            let closes_ms = self.line.closes(local_ms).map(|local_ms| local_ms - era.offset_ms);
            let Some(next) = self.eras.get(index + 1) else { return closes_ms };
            if let Some(closes_ms) = closes_ms.filter(|closes_ms| *closes_ms < next.starts_ms) {
                return Some(closes_ms);
            }
            // The wall clock jumps before it closes: perhaps to an hour at which it is closed.
            local_ms = next.starts_ms + next.offset_ms;
            if !self.line.is_open(local_ms) {
                return Some(next.starts_ms);
            }
        }
        None
    }
}
