//! Numbers as Prometheus shows them, and strings that are numbers.

/// A way to make a number readable: the function of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `humanize`: with a prefix for a power of 1000.
    Plain,
    /// `humanize1024`: with a prefix for a power of 1024.
    Binary,
    /// `humanizeDuration`: seconds as days, hours, minutes and seconds.
    Duration,
    /// `humanizePercentage`: a ratio as a percentage.
    Percentage,
}

impl Style {
    const ALL: [Style; 4] = [Style::Plain, Style::Binary, Style::Duration, Style::Percentage];

    /// The name of its function.
    pub(super) fn name(self) -> &'static str {
        match self {
            Style::Plain => "humanize",
            Style::Binary => "humanize1024",
            Style::Duration => "humanizeDuration",
            Style::Percentage => "humanizePercentage",
        }
    }

    /// The style of this function.
    pub(super) fn named(name: &str) -> Option<Self> {
        Style::ALL.into_iter().find(|style| style.name() == name)
    }

    /// The number in this style. Each shows four significant digits where it shows a fraction.
    pub(super) fn show(self, number: f64) -> String {
        match self {
            Style::Percentage => format!("{}%", four_digits(number * 100.0)),
            _ if !number.is_finite() => four_digits(number),
            Style::Plain if number.abs() < 1.0 => small(number),
            Style::Plain => large(number, 1000.0, &["k", "M", "G", "T", "P", "E", "Z", "Y"]),
            // A value of exactly 1024 has a prefix, and there are none for fractions.
            Style::Binary => {
                large(number, 1024.0, &["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"])
            }
            Style::Duration if number.abs() < 1.0 => format!("{}s", small(number)),
            Style::Duration => duration(number),
        }
    }
}

/// A number as an action shows it: as Go's `%v`, with as few digits as tell it from all others.
pub(super) fn shortest(number: f64) -> String {
    let rust = format!("{number:e}");
    // Two numbers with so few digits may be equally near: then Go takes the one whose last digit is
    // even, Rust the larger one. Rust too takes the even one where the count of digits is given.
    let digits = rust.split('e').next().unwrap_or_default();
    let digits = digits.chars().filter(char::is_ascii_digit).count();
    let even = format!("{number:.*e}", digits.saturating_sub(1));
    let is_same = even.parse::<f64>().is_ok_and(|parsed| parsed == number);
    general(number, if is_same { &even } else { &rust }, 6)
}

/// A number with four significant digits: as Go's `%.4g`.
fn four_digits(number: f64) -> String {
    general(number, &format!("{number:.3e}"), 4)
}

/// A number as Go's `%g` lays it out. `scientific` is the number as Rust writes it with an
/// exponent, rounded already. From the exponent `large` on, and below -4, it keeps the exponent.
fn general(number: f64, scientific: &str, large: i32) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    // A zero at the end says nothing, but the first digit stays even when it is one.
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    if exponent < -4 || exponent >= large {
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        let exponent = exponent.unsigned_abs();
        return format!("{sign}{}e{exponent_sign}{exponent:02}", with_point(digits, 1));
    }
    match usize::try_from(exponent) {
        Ok(exponent) => format!("{sign}{}", with_point(digits, exponent + 1)),
        Err(_) => {
            let zeros = "0".repeat(exponent.unsigned_abs().saturating_sub(1) as usize);
            format!("{sign}0.{zeros}{digits}")
        }
    }
}

/// Digits with a point behind the first `whole` of them, filled up with zeros; none at the end.
fn with_point(digits: &str, whole: usize) -> String {
    match digits.split_at_checked(whole) {
        Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
        _ => format!("{digits:0<whole$}"),
    }
}

/// A number from 1 on with the prefix that leaves it below `step`, or with the last one.
fn large(number: f64, step: f64, prefixes: &[&str]) -> String {
    let mut rest = number;
    let mut shown = "";
    for prefix in prefixes {
        if rest.abs() < step {
            break;
        }
        shown = prefix;
        rest /= step;
    }
    format!("{}{shown}", four_digits(rest))
}

/// A number below 1 with the prefix that makes it at least 1, or with the last one; zero has none.
fn small(number: f64) -> String {
    let mut rest = number;
    let mut shown = "";
    for prefix in ["m", "u", "n", "p", "f", "a", "z", "y"] {
        if rest.abs() >= 1.0 || rest == 0.0 {
            break;
        }
        shown = prefix;
        rest *= 1000.0;
    }
    format!("{}{shown}", four_digits(rest))
}

/// A duration of at least a second. From a minute on fractions of a second are cut off. A number of
/// seconds that does not fit into 64 bits is shown as the largest that does.
fn duration(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    let exact = number.abs();
    let all = exact as i64;
    let (seconds, minutes, hours, days) =
        (all % 60, all / 60 % 60, all / 3600 % 24, all / (24 * 3600));
    if days > 0 {
        format!("{sign}{days}d {hours}h {minutes}m {seconds}s")
    } else if hours > 0 {
        format!("{sign}{hours}h {minutes}m {seconds}s")
    } else if minutes > 0 {
        format!("{sign}{minutes}m {seconds}s")
    } else {
        format!("{sign}{}s", four_digits(exact))
    }
}

/// The number that a string is for Go: decimal, with `_` between digits, or one of the names of
/// infinity and NaN. None if it is none or too large. Hexadecimal numbers, which Go knows too, are
/// left out.
pub(super) fn parsed(text: &str) -> Option<f64> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if ["inf", "infinity"].iter().any(|name| unsigned.eq_ignore_ascii_case(name)) {
        return Some(sign * f64::INFINITY);
    }
    // Rust knows more names of what is not a number; they begin with a letter.
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let groups: Vec<&str> = unsigned.split('_').collect();
    let between_digits = groups.windows(2).all(|pair| match pair {
        [left, right] => {
            left.ends_with(|last: char| last.is_ascii_digit())
                && right.starts_with(|first: char| first.is_ascii_digit())
        }
        _ => true,
    });
    if !between_digits {
        return None;
    }
    groups.concat().parse::<f64>().ok().filter(|number| number.is_finite()).map(|n| sign * n)
}
