//! Times as networks write them in words. Of the feature `time`; they are read by the crate `jiff`.

use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::{LocalTime, Moment};

/// `2026-11-22T12:00:00+01:00` and what else RFC 3339 allows, also with the offset `+0100`, or `Sun, 22 Nov 2026 12:00:00 +0100` (RFC 5322).
/// One without an offset is a time of the site, whose zone the host knows. None when it is no time.
pub fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let at = text.parse().ok().or_else(|| rfc2822::parse(text).ok().as_ref().map(Zoned::timestamp));
    if let Some(at) = at {
        return utc_ms(at).map(Moment::Utc);
    }
    let wall = text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?;
    let wall_ms = utc_ms(wall.timestamp())?;
    Some(Moment::Local(LocalTime { wall_ms, zone: None }))
}

/// Zones by their names: those of RFC 5322, 4.3, and those of Europe. Names that mean several zones (`IST`) are not
/// among them.
const ZONES: [(&str, i32); 23] = [
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MET", 60),
    ("CEST", 120),
    ("MEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("JST", 540),
];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Minutes east of Greenwich of the zone that mails and feeds call so, in whatever case: `CEST`. None where it is no
/// such name, or one of several zones.
///
/// ```
/// # use tablica_plugin::time::zone_minutes;
/// assert_eq!([zone_minutes("cest"), zone_minutes("EST"), zone_minutes("IST")], [Some(120), Some(-300), None]);
/// ```
pub fn zone_minutes(name: &str) -> Option<i32> {
    ZONES.iter().find(|(zone, _)| zone.eq_ignore_ascii_case(name)).map(|(_, minutes)| *minutes)
}

/// The number of the month, from 1, whose English name begins like this: `Nov`, `november`.
///
/// ```
/// # use tablica_plugin::time::month;
/// assert_eq!([month("Jan"), month("december"), month("Foo")], [Some(1), Some(12), None]);
/// ```
pub fn month(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let place = MONTHS.iter().position(|month| name.starts_with(month))?;
    u32::try_from(place.saturating_add(1)).ok()
}

fn utc_ms(at: Timestamp) -> Option<u64> {
    u64::try_from(at.as_millisecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_with_an_offset_is_a_moment_and_one_without_is_of_the_site() {
        // The examples of RFC 3339, 5.8; the second is the same as 1996-12-20T00:39:57Z.
        assert_eq!(moment("1985-04-12T23:20:50.52Z"), Some(Moment::Utc(482_196_050_520)));
        assert_eq!(moment("1996-12-19T16:39:57-08:00"), Some(Moment::Utc(851_042_397_000)));
        // Offsets without a colon, as some networks write them.
        for text in ["1996-12-19T16:39:57.000-0800", "1996-12-20T00:39:57+0000"] {
            assert_eq!(moment(text), Some(Moment::Utc(851_042_397_000)), "{text}");
        }
        // RFC 5322, appendix A.1.1: 15:55:06 UTC.
        let mail = moment("Fri, 21 Nov 1997 09:55:06 -0600");
        assert_eq!(mail, Some(Moment::Utc(880_127_706_000)));
        let wall = LocalTime { wall_ms: 482_196_050_000, zone: None };
        for text in ["1985-04-12T23:20:50", "1985-04-12 23:20:50", " 1985-04-12T23:20:50 "] {
            assert_eq!(moment(text), Some(Moment::Local(wall.clone())), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "noon", "482196050", "1985-13-12T23:20:50Z", "1960-01-01T00:00:00Z"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
