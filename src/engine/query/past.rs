//! The past that is like a moment: the same time by the site's clock on the same weekday.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::engine::moment::{QUARTER_MS, WEEKS, quarter_of};
use crate::engine::{CellView, Engine, Quarters};
use crate::event::{Millis, UnixMs};
use crate::scope::Selector;

const WEEK_MS: Millis = 7 * 24 * 3_600_000;

impl CellView<'_> {
    /// When the first quarter of an hour begins that is still known here.
    pub fn known_since_ms(&self) -> Option<UnixMs> {
        let moment = &self.engine.state.cells.moment;
        self.cell.counts.first_quarter(moment).map(|quarter| quarter * QUARTER_MS)
    }
}

impl Engine {
    /// When the first quarter of an hour begins that is still known of what a selector covers.
    pub fn known_since_ms(&self, selector: &Selector) -> Option<UnixMs> {
        self.select(selector).iter().filter_map(CellView::known_since_ms).min()
    }

    /// The whole quarters of the last five weeks that are like the one that holds `at_ms`, which
    /// may be to come: same weekday, same time by the site's clock. The newest first.
    pub fn quarters_like(&self, at_ms: UnixMs) -> Vec<Quarters> {
        let (quarter_ms, now_ms) = (quarter_of(at_ms) * QUARTER_MS, self.now_ms());
        let nearest = (quarter_ms - now_ms).div_euclid(WEEK_MS).max(0);
        let weeks = nearest + 1..=nearest + 1 + WEEKS;
        let like = weeks.map(|weeks| {
            let zone = &self.rules.time_zone;
            let from_ms = crate::engine::moment::days_before(quarter_ms, 7 * weeks, zone);
            Quarters::between(from_ms, from_ms + QUARTER_MS)
        });
        let oldest_ms = now_ms - WEEKS * WEEK_MS - QUARTER_MS;
        let is_known = |like: &Quarters| like.to_ms() <= now_ms && like.from_ms() >= oldest_ms;
        like.filter(is_known).take(WEEKS as usize).collect()
    }

    /// When a day of the site begins and ends; none for a day that no calendar has.
    pub fn day_of(&self, date: Date) -> Option<(UnixMs, UnixMs)> {
        let rules = &self.rules;
        let begins = |date: Date| {
            let begins =
                date.to_datetime(rules.day_start).to_zoned(rules.time_zone.clone()).ok()?;
            Some(begins.timestamp().as_millisecond())
        };
        Some((begins(date)?, begins(date.checked_add(1.day()).ok()?)?))
    }

    /// When the site's day under way ends.
    pub fn day_end_ms(&self) -> UnixMs {
        self.state.cells.moment.day_end_ms
    }
}
