//! Dates as mail servers and programs write them: RFC 5322, and what stands in mails beside that: fractions of
//! seconds, names of zones, a zone only in a comment, parts in another order.

use tablica_plugin::{Moment, time as times};

/// The date of a `Received` header: what stands behind its last semicolon.
pub(crate) fn of_received(header: &str) -> Option<u64> {
    read(header.rsplit_once(';')?.1)
}

/// A date as a moment; none when it is none.
pub(crate) fn moment(text: &str) -> Moment {
    read(text).map_or(Moment::None, Moment::Utc)
}

/// Parts of a date, as far as they were found.
#[derive(Default)]
struct Parts {
    day: Option<i64>,
    month: Option<i64>,
    year: Option<i64>,
    /// Milliseconds since midnight.
    time: Option<i64>,
    /// Minutes east of Greenwich.
    zone: Option<i64>,
}

/// Milliseconds since 1970; none without a zone: a clock somewhere is no moment.
fn read(text: &str) -> Option<u64> {
    let (plain, comments) = without_comments(text);
    let mut parts = Parts::default();
    for word in plain.split([' ', '\t', '\r', '\n', ',']).filter(|it| !it.is_empty()) {
        parts.take(word);
    }
    // `(CEST)`, where nothing else says the zone.
    let named = comments.split_whitespace().find_map(zone);
    let zone_min = parts.zone.or(named)?;
    let days = days(parts.year?, parts.month?, parts.day?)?;
    let wall_ms = days.checked_mul(86_400_000)?.checked_add(parts.time?)?;
    u64::try_from(wall_ms.checked_sub(zone_min.checked_mul(60_000)?)?).ok()
}

impl Parts {
    fn take(&mut self, word: &str) {
        let is_number = word.bytes().all(|it| it.is_ascii_digit()) && word.len() <= 4;
        if self.time.is_none() && word.contains(':') {
            self.time = time(word);
        } else if is_number {
            let number: Option<i64> = word.parse().ok();
            // The day goes first; of asctime the year stands behind the time.
            if self.day.is_none() && word.len() <= 2 {
                self.day = number;
            } else if self.year.is_none() {
                self.year = number.map(|it| match (word.len(), it) {
                    // RFC 5322, 4.3.
                    (..=2, ..50) => it.saturating_add(2000),
                    (..=3, _) => it.saturating_add(1900),
                    _ => it,
                });
            }
        } else if let Some(month) = times::month(word)
            && self.month.is_none()
        {
            self.month = Some(month.into());
        } else if self.zone.is_none() {
            self.zone = zone(word);
        }
    }
}

/// `11:45`, `11:45:00` or `11:45:00.123456`; a second that was put in (`:60`) is the next one.
fn time(word: &str) -> Option<i64> {
    let mut parts = word.split(':');
    let hour = part(parts.next()?, 23)?;
    let minute = part(parts.next()?, 59)?;
    let (second, fraction) = match parts.next() {
        Some(text) => text.split_once(['.', ',']).unwrap_or((text, "")),
        None => ("0", ""),
    };
    let second = part(second, 60)?;
    let is_digits = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !is_digits(fraction) {
        return None;
    }
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    let seconds = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?;
    seconds.checked_add(second)?.checked_mul(1000)?.checked_add(millis.parse().ok()?)
}

fn part(digits: &str, greatest: i64) -> Option<i64> {
    let is_plain = matches!(digits.len(), 1 | 2) && digits.bytes().all(|it| it.is_ascii_digit());
    is_plain.then(|| digits.parse().ok())?.filter(|it| *it <= greatest)
}

/// `+0200`, `-05:00`, or a name.
fn zone(word: &str) -> Option<i64> {
    let (sign, digits) = match word.as_bytes() {
        [b'+', ..] => (1, word.get(1..)?),
        [b'-', ..] => (-1, word.get(1..)?),
        _ => return times::zone_minutes(word).map(i64::from),
    };
    let digits: String = digits.chars().filter(|it| *it != ':').collect();
    let hours = part(digits.get(..2)?, 23)?;
    let minutes = part(digits.get(2..)?, 59)?;
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(sign)
}

/// The text without what stands in parentheses, and that.
fn without_comments(text: &str) -> (String, String) {
    let (mut plain, mut comments) = (String::new(), String::new());
    let mut depth = 0_u32;
    for it in text.chars() {
        match it {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => comments.push(it),
            _ => plain.push(it),
        }
        if matches!(it, '(' | ')') {
            plain.push(' ');
            comments.push(' ');
        }
    }
    (plain, comments)
}

/// Days from 1970 to a day of the calendar; none when there is no such day.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let date = times::moment(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z"))?;
    let Moment::Utc(ms) = date else { return None };
    i64::try_from(ms / 86_400_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T11:45:00Z.
    const AT_MS: u64 = 1_795_347_900_000;

    #[test]
    fn a_servers_date_is_read_as_servers_write_it() {
        for (text, after_ms) in [
            ("Sun, 22 Nov 2026 11:45:00 +0000", 0),
            ("Sun, 22 Nov 2026 12:45:00 +0100 (CET)", 0),
            ("Sun, 22 Nov 2026 12:45:00.123456 +0100 (CET)", 123),
            ("Sun, 22 Nov 2026 11:45:00.5 GMT", 500),
            ("Sun, 22 Nov 2026 13:45:00 CEST", 0),
            ("Sun, 22 Nov 2026 13:45:00 (CEST)", 0),
            ("Sun, 22 Nov 2026 06:45:00 EST", 0),
            ("Sun, 22 Nov 2026 06:45:00 -05:00", 0),
            ("22 Nov 26 11:45 UT", 0),
            ("Sun Nov 22 11:45:00 2026 +0000", 0),
            (" Sun, 22 Nov 2026\r\n\t11:45:00 -0000 (added by (a) relay)", 0),
        ] {
            assert_eq!(read(text), Some(AT_MS + after_ms), "{text}");
        }
        let header = "from a; by b with SMTP id x; Sun, 22 Nov 2026 11:45:00 +0000";
        assert_eq!(of_received(header), Some(AT_MS));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "Sun, 22 Nov 2026 11:45:00",
            "Sun, 22 Nov 2026 11:45:00 IST",
            "Sun, 31 Feb 2026 11:45:00 +0000",
            "Sun, 22 Nov 2026 25:45:00 +0000",
            "Sun, 22 Nov 2026 11:45:00.x +0000",
            "22 Nov 1926 11:45:00 +0000",
            "99999999999999999999 Nov 2026 11:45:00 +0000",
            "22 Nov 9999 11:45:00 -2359",
            "22 Nov 2026 11:45:00 +ąą",
            "noon",
        ] {
            assert!(read(text).is_none_or(|ms| text.contains("9999") && ms > AT_MS), "{text}");
        }
        assert_eq!(of_received("from a by b"), None);
    }
}
