//! Lengths of time and sizes as an operator writes them: `"20s"`, `"1h30m"`, `"64KiB"`.

use std::time::Duration;

const TIME_UNITS_MS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

const SIZE_UNITS: [(&str, usize); 4] =
    [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// `"20s"`, `"15m"`, `"8h"`, `"7d"`, `"100ms"` or several together, largest first (`"1h30m"`);
/// a bare `"0"` is zero. None when it is no length of time.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total_ms: u64 = 0;
    let mut smaller_than = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: u64 = rest[..digits].parse().ok()?;
        let letters = &rest[digits..];
        let end = letters.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(letters.len());
        let (_, unit_ms) = TIME_UNITS_MS.iter().find(|(unit, _)| *unit == &letters[..end])?;
        if *unit_ms >= smaller_than {
            return None;
        }
        smaller_than = *unit_ms;
        total_ms = total_ms.checked_add(count.checked_mul(*unit_ms)?)?;
        rest = &letters[end..];
    }
    (smaller_than < u64::MAX).then(|| Duration::from_millis(total_ms))
}

/// The shortest writing that [`parse_duration`] reads back: `"1h30m"`.
pub fn format_duration(duration: Duration) -> String {
    let mut rest_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if rest_ms == 0 {
        return "0".to_owned();
    }
    let mut text = String::new();
    for (unit, unit_ms) in TIME_UNITS_MS.iter().rev() {
        let count = rest_ms / unit_ms;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
            rest_ms %= unit_ms;
        }
    }
    text
}

/// `"1MiB"`, `"64KiB"`, `"512B"`. None when it is no size.
pub fn parse_bytes(text: &str) -> Option<usize> {
    let text = text.trim();
    let (digits, unit) = SIZE_UNITS
        .iter()
        .find_map(|(unit, bytes)| text.strip_suffix(unit).map(|digits| (digits, bytes)))?;
    digits.trim().parse::<usize>().ok()?.checked_mul(*unit)
}

/// The largest unit that divides it: `"64KiB"`.
pub fn format_bytes(bytes: usize) -> String {
    for (unit, size) in SIZE_UNITS {
        if bytes >= size && bytes.is_multiple_of(size) {
            return format!("{}{unit}", bytes / size);
        }
    }
    format!("{bytes}B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_back() {
        for (text, ms) in
            [("20s", 20_000), ("100ms", 100), ("1h30m", 5_400_000), ("7d", 604_800_000), ("0", 0)]
        {
            let duration = parse_duration(text).expect(text);
            assert_eq!(duration, Duration::from_millis(ms));
            assert_eq!(format_duration(duration), text);
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "20",
            "s",
            "20 s",
            "-5s",
            "1.5h",
            "30m1h",
            "5s5s",
            "20sec",
            "99999999999999999999s",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_are_read_and_written_back() {
        for (text, bytes) in [("64KiB", 65_536), ("1MiB", 1_048_576), ("513B", 513)] {
            assert_eq!(parse_bytes(text), Some(bytes));
            assert_eq!(format_bytes(bytes), text);
        }
        assert_eq!(parse_bytes("1MB"), None);
    }
}
