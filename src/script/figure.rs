//! An expected figure: `0.83`, `83.3 %`, `1m30s`, `> 5`, `no data`. As precise as it is written.

use crate::config::units;
use crate::kpi::value::{Figure, Unit};

/// Sums of floating point are this exact.
const NOISE: f64 = 1e-9;

/// What a figure must be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expected {
    /// As it stands in the script.
    pub(super) written: String,
    must: Must,
}

#[derive(Clone, Debug, PartialEq)]
enum Must {
    /// No further away than that.
    Be(f64, f64),
    Exceed(f64),
    Reach(f64),
    StayBelow(f64),
    NotExceed(f64),
    HaveNoData,
    NotApply,
    BeConcealed,
}

type Limit = fn(f64) -> Must;

const SIGNS: [(&str, Limit); 4] =
    [(">=", Must::Reach), ("<=", Must::NotExceed), (">", Must::Exceed), ("<", Must::StayBelow)];

impl Expected {
    /// Reads it for a KPI of that unit; else says what would be right.
    pub(super) fn read(text: &str, unit: Unit) -> Result<Self, String> {
        let written = text.to_owned();
        let bare = text.strip_prefix('=').unwrap_or(text).trim();
        let must = match bare {
            "no data" => Must::HaveNoData,
            "not applicable" => Must::NotApply,
            "concealed" => Must::BeConcealed,
            _ => {
                let sign = SIGNS.into_iter().find(|(sign, _)| bare.starts_with(sign));
                let number = bare[sign.map_or(0, |(sign, _)| sign.len())..].trim();
                let (value, half) = number_of(number, unit).ok_or_else(|| examples(unit))?;
                sign.map_or(Must::Be(value, half), |(_, must)| must(value))
            }
        };
        Ok(Expected { written, must })
    }

    /// Whether the figure is as expected.
    pub(super) fn holds(&self, figure: Figure) -> bool {
        match (&self.must, figure) {
            (Must::HaveNoData, figure) => figure == Figure::NoData,
            (Must::NotApply, figure) => figure == Figure::NotApplicable,
            (Must::BeConcealed, figure) => figure == Figure::Concealed,
            (_, Figure::NoData | Figure::NotApplicable | Figure::Concealed) => false,
            (Must::Be(value, half), Figure::Number(got)) => (got - value).abs() <= half + NOISE,
            (Must::Exceed(limit), Figure::Number(got)) => got > limit + NOISE,
            (Must::Reach(limit), Figure::Number(got)) => got >= limit - NOISE,
            (Must::StayBelow(limit), Figure::Number(got)) => got < limit - NOISE,
            (Must::NotExceed(limit), Figure::Number(got)) => got <= limit + NOISE,
        }
    }
}

fn examples(unit: Unit) -> String {
    let number = match unit {
        Unit::Ratio => "a share such as 0.83 or 83.3 %",
        Unit::Seconds => "a length such as 20s, 12.5s, 1m30s or 1:30",
        _ => "a number such as 12 or 1,060",
    };
    format!(
        "{number}, or `no data`, `not applicable` or `concealed`; > >= < <= may stand before it"
    )
}

/// The number in the KPI's own unit, and how far from it is still as written.
fn number_of(text: &str, unit: Unit) -> Option<(f64, f64)> {
    match unit {
        Unit::Ratio => match text.strip_suffix('%') {
            Some(percent) => {
                let (value, half) = decimal(percent.trim_end())?;
                Some((value / 100.0, half / 100.0))
            }
            // A whole share is all or nothing.
            None => decimal(text).map(|(value, half)| (value, if half < 0.5 { half } else { 0.0 })),
        },
        Unit::Seconds => length(text),
        _ => decimal(text),
    }
}

/// A number and half of its last digit.
fn decimal(text: &str) -> Option<(f64, f64)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let in_thousands = groups.all(|group| group.len() == 3) && (first.len() <= 3 || first == whole);
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if !in_thousands || !is_number(&whole.replace(',', "")) || !is_number(fraction) {
        return None;
    }
    let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let half = 0.5 * 10_f64.powi(-i32::try_from(places).ok()?);
    text.replace(',', "").parse().ok().map(|value| (value, half))
}

/// Seconds: `20s`, `1m30s`, `250ms`, `12.5s`, and as the wall shows it, `1:30`.
fn length(text: &str) -> Option<(f64, f64)> {
    if text.contains(':') {
        let parts: Vec<u32> =
            text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let seconds = match parts.as_slice() {
            [minutes, seconds] => [0, *minutes, *seconds],
            [hours, minutes, seconds] => [*hours, *minutes, *seconds],
            _ => return None,
        };
        let [hours, minutes, seconds] = seconds.map(f64::from);
        return Some((hours * 3600.0 + minutes * 60.0 + seconds, 0.5));
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (format!("{whole}s"), fraction.strip_suffix('s')?),
        None => (text.to_owned(), ""),
    };
    let (fraction, half) = match fraction {
        "" if text.contains('.') => return None,
        "" if text.ends_with("ms") => (0.0, 0.0005),
        "" => (0.0, 0.5),
        digits => decimal(&format!("0.{digits}"))?,
    };
    Some((units::parse_duration(&whole)?.as_secs_f64() + fraction, half))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, unit: Unit, got: f64) -> bool {
        Expected::read(text, unit).expect(text).holds(Figure::Number(got))
    }

    #[test]
    fn a_figure_is_as_precise_as_it_is_written() {
        for (text, unit, near, far) in [
            ("0.83", Unit::Ratio, 0.8333, 0.836),
            ("83.3 %", Unit::Ratio, 0.8333, 0.834),
            ("80%", Unit::Ratio, 0.796, 0.794),
            ("1", Unit::Ratio, 1.0, 0.99),
            ("0", Unit::Ratio, 0.0, 0.01),
            ("1m30s", Unit::Seconds, 90.4, 91.0),
            ("2h", Unit::Seconds, 7200.0, 7230.0),
            ("12.5s", Unit::Seconds, 12.54, 12.6),
            ("1:02:03", Unit::Seconds, 3723.0, 3724.0),
            ("250ms", Unit::Seconds, 0.25, 0.251),
            ("1,060", Unit::Count, 1060.0, 1061.0),
            ("-0.5", Unit::Count, -0.52, 0.5),
            ("> 5", Unit::Count, 6.0, 5.0),
            (">=5", Unit::Count, 5.0, 4.0),
            ("< 20s", Unit::Seconds, 19.9, 20.0),
            ("<= 80 %", Unit::Ratio, 0.8, 0.801),
        ] {
            assert!(holds(text, unit, near), "{text}: {near}");
            assert!(!holds(text, unit, far), "{text}: {far}");
        }
    }

    #[test]
    fn no_data_is_never_a_number() {
        let no_data = Expected::read("= no data", Unit::Ratio).expect("no data");
        assert!(no_data.holds(Figure::NoData) && !no_data.holds(Figure::Number(0.0)));
        let zero = Expected::read("0", Unit::Ratio).expect("zero");
        assert!(!zero.holds(Figure::NoData) && !zero.holds(Figure::NotApplicable));
    }

    #[test]
    fn what_is_no_figure_of_that_unit_is_refused() {
        for (text, unit) in [
            ("20s", Unit::Count),
            ("20", Unit::Seconds),
            ("5 %", Unit::Count),
            ("1.5h", Unit::Seconds),
            ("1,06", Unit::Count),
            ("12,345.6s", Unit::Seconds),
            ("", Unit::Count),
            (">", Unit::Count),
            ("nan", Unit::Ratio),
            ("1e3", Unit::Count),
            ("0.", Unit::Ratio),
        ] {
            assert!(Expected::read(text, unit).is_err(), "{text}");
        }
    }
}
