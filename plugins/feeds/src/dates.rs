//! Times as feeds write them: by the standards, and nearly so.

use tablica_plugin::{LocalTime, Moment, time};

/// The time, or none where nobody could say which it is.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim_start_matches(|it: char| !it.is_alphanumeric()).trim();
    // A zone that RFC 5322 does not know would be Greenwich.
    let zone = text.rsplit(' ').next().unwrap_or_default();
    let is_named = time::zone_minutes(zone).is_some();
    let named = is_named.then(|| nearly(text)).flatten();
    named.or_else(|| time::moment(text)).or_else(|| nearly(text))
}

/// `Wed, 22 November 2026 9:05 CET` with a wrong day of the week, a long month, no seconds, a zone by name or
/// none; `2026-11-22T12:00Z`; `2026-11-22`.
fn nearly(text: &str) -> Option<Moment> {
    let (date, clock) =
        match text.as_bytes().first()?.is_ascii_digit() && text.get(4..5) == Some("-") {
            true => {
                let (date, clock) = text.split_at_checked(10)?;
                let mut parts = date.split('-');
                let mut next = || parts.next()?.parse::<u32>().ok();
                let date = (next()?, next()?, next()?);
                (date, clock.trim_start_matches(['T', 't', ' ']).to_owned())
            }
            false => {
                let rest = text.split_once(',').map_or(text, |(_, rest)| rest);
                let rest = rest.replace('-', " ");
                let mut words = rest
                    .split_whitespace()
                    .skip_while(|it| !it.starts_with(|c: char| c.is_ascii_digit()));
                let day: u32 =
                    words.next()?.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
                let month = time::month(words.next()?)?;
                let year: u32 = words.next()?.parse().ok()?;
                let year = if year < 100 { year.saturating_add(2000) } else { year };
                let behind = text.split_whitespace().last().unwrap_or_default();
                // A hyphen that is a sign was taken away above.
                let mut clock: Vec<&str> = words.collect();
                if let (true, Some(last)) = (behind.starts_with('-'), clock.last_mut()) {
                    *last = behind;
                }
                ((year, month, day), clock.join(" "))
            }
        };
    let day_ms = days(date)?.checked_mul(86_400_000)?;
    let (clock, zone) = split_zone(&clock);
    let wall_ms = day_ms.checked_add(clock_ms(clock)?)?;
    match zone {
        "" => Some(Moment::Local(LocalTime { wall_ms, zone: None })),
        zone => {
            let east_ms = i64::from(offset(zone)?).checked_mul(60_000)?;
            let utc = i64::try_from(wall_ms).ok()?.checked_sub(east_ms)?;
            Some(Moment::from(u64::try_from(utc).ok()?))
        }
    }
}

fn split_zone(clock: &str) -> (&str, &str) {
    let end = clock
        .find(|it: char| !(it.is_ascii_digit() || it == ':' || it == '.'))
        .unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(end);
    (clock, zone.trim())
}

/// `9:05`, `09:05:07.25`; nothing is the beginning of the day.
fn clock_ms(clock: &str) -> Option<u64> {
    let mut parts = clock.split(':').filter(|it| !it.is_empty());
    let mut next = |max: u64| -> Option<u64> {
        let Some(part) = parts.next() else { return Some(0) };
        part.split('.').next()?.parse().ok().filter(|it| *it <= max)
    };
    let (hours, minutes, seconds) = (next(23)?, next(59)?, next(60)?);
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000)
}

/// Minutes east of Greenwich.
fn offset(zone: &str) -> Option<i32> {
    let zone = zone.to_lowercase();
    let zone = zone.trim_start_matches("gmt").trim_start_matches("utc").trim();
    if zone.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return time::zone_minutes(zone),
    };
    let digits: String = digits.chars().filter(char::is_ascii_digit).take(4).collect();
    let number: i32 = digits.parse().ok()?;
    let minutes = if digits.len() <= 2 { number * 60 } else { number / 100 * 60 + number % 100 };
    (minutes <= 14 * 60).then_some(sign * minutes)
}

/// Days since 1970-01-01 of the Gregorian calendar, by counting years from March.
fn days((year, month, day): (u32, u32, u32)) -> Option<u64> {
    let sound =
        (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !sound {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year;
    u64::from(days).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_many_spellings() {
        // 2026-11-22 is a Sunday.
        for text in [
            "2026-11-22T12:00:00Z",
            "2026-11-22T12:00Z",
            "2026-11-22T13:00+01:00",
            "Sun, 22 Nov 2026 12:00:00 GMT",
            ">Wed, 22 Nov 2026 12:00:00 GMT",
            "Sun, 22 November 2026 13:00 CET",
            "22 Nov 26 13:00:00 +0100",
            "Sun, 22-Nov-2026 12:00:00 UTC",
            "Sun, 22 Nov 2026 15:00:00 MSK",
            "Sun, 22 Nov 2026 07:00:00 -0500",
            "Wed, 22 Nov 2026 07:00:00 EST",
            "Wed, 22 Nov 2026 15:00:00 GMT+3",
        ] {
            assert_eq!(moment(text), Some(Moment::Utc(1_795_348_800_000)), "{text}");
        }
    }

    #[test]
    fn without_a_zone_it_is_the_sites_clock() {
        let wall = |wall_ms| Some(Moment::Local(LocalTime { wall_ms, zone: None }));
        assert_eq!(moment("2026-11-22"), wall(1_795_305_600_000));
        assert_eq!(moment("Wed, 22 Nov 2026 12:00"), wall(1_795_348_800_000));
        assert_eq!(moment("29 Feb 2024"), wall(1_709_164_800_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            ">",
            "yesterday",
            "Wed,",
            "22",
            "22 Foo 2026",
            "22 Nov",
            "22 Nov 2026 99:00 GMT",
            "2026-13-01",
            "2026-",
            "\u{17c}\u{17c}\u{17c}",
            "1 Jan 99999 0:0",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
