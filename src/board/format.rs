//! How numbers, durations and times are written on a wall, in the site's language.
//!
//! The only place that turns figures into text. Knows no tile and no engine.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::length;
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Unit;
use crate::words::words;

/// A non-breaking space: a number never breaks across two lines.
pub(super) const SPACE: char = '\u{a0}';

/// What is shown where there is no number.
pub const NOTHING: &str = "–";

words! {
    /// A wall's language: decides separators and the few words that the server writes itself.
    #[derive(Default)]
    pub enum Language [id, from_id] {
        /// English: 1,017 and 81.1.
        #[default]
        English = "en",
        /// Polish.
        Polish = "pl",
        /// Russian.
        Russian = "ru",
        /// Ukrainian.
        Ukrainian = "uk",
    }
}

impl Language {
    fn decimal(self) -> char {
        if self == Language::English { '.' } else { ',' }
    }

    /// Between groups of three digits. Polish, Russian and Ukrainian leave numbers of four
    /// digits together.
    fn thousands(self) -> (char, usize) {
        if self == Language::English { (',', 4) } else { (SPACE, 5) }
    }

    /// "s", "min", "h" after a number.
    fn time_units(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Language::English => ("s", "min", "h"),
            Language::Polish => ("s", "min", "godz."),
            Language::Russian => ("с", "мин", "ч"),
            Language::Ukrainian => ("с", "хв", "год"),
        }
    }

    /// "per minute".
    pub fn per_minute(self) -> &'static str {
        match self {
            Language::English => "per minute",
            Language::Polish => "na minutę",
            Language::Russian => "в минуту",
            Language::Ukrainian => "за хвилину",
        }
    }

    /// The sentence that a length of time ago makes.
    fn ago(self, length: &str) -> String {
        match self {
            Language::English => format!("{length} ago"),
            Language::Polish => format!("{length} temu"),
            Language::Russian => format!("{length} назад"),
            Language::Ukrainian => format!("{length} тому"),
        }
    }

    fn just_now(self) -> &'static str {
        match self {
            Language::English => "now",
            Language::Polish => "teraz",
            Language::Russian => "сейчас",
            Language::Ukrainian => "зараз",
        }
    }

    /// "833 of 1,017".
    pub fn of(self, part: &str, whole: &str) -> String {
        match self {
            Language::English => format!("{part} of {whole}"),
            Language::Polish => format!("{part} z {whole}"),
            Language::Russian => format!("{part} из {whole}"),
            Language::Ukrainian => format!("{part} з {whole}"),
        }
    }

    /// "833 of 1,017 in 20 s".
    pub fn within(self, counts: &str, length: &str) -> String {
        match self {
            Language::English => format!("{counts} in {length}"),
            Language::Polish => format!("{counts} w {length}"),
            Language::Russian | Language::Ukrainian => format!("{counts} за {length}"),
        }
    }

    /// Contacts for which the network names no queue.
    pub fn no_queue(self) -> &'static str {
        match self {
            Language::English => "no queue",
            Language::Polish => "bez kolejki",
            Language::Russian => "без очереди",
            Language::Ukrainian => "без черги",
        }
    }

    /// "without Telegram since 14:02".
    pub fn without(self, channels: &str, since: Option<&str>) -> String {
        let (without, from) = match self {
            Language::English => ("without", "since"),
            Language::Polish => ("bez", "od"),
            Language::Russian => ("без", "с"),
            Language::Ukrainian => ("без", "з"),
        };
        match since {
            Some(since) => format!("{without} {channels} {from} {since}"),
            None => format!("{without} {channels}"),
        }
    }

    /// The one of four words, in the languages' order.
    pub(super) fn choose(self, words: [&str; 4]) -> String {
        let [english, polish, russian, ukrainian] = words;
        let word = match self {
            Language::English => english,
            Language::Polish => polish,
            Language::Russian => russian,
            Language::Ukrainian => ukrainian,
        };
        word.to_owned()
    }

    /// "40 days"; from two on.
    pub(super) fn days(self, number: i64) -> String {
        let word = self.choose(["days", "dni", "дн.", "дн."]);
        format!("{number}{SPACE}{word}")
    }

    /// "all queues".
    pub fn all_queues(self) -> &'static str {
        match self {
            Language::English => "all queues",
            Language::Polish => "wszystkie kolejki",
            Language::Russian => "все очереди",
            Language::Ukrainian => "усі черги",
        }
    }

    /// "last 15 min", "today"; nothing for the state at this moment.
    pub fn window(self, window: crate::scope::Window) -> Option<String> {
        use crate::scope::Window;
        let minutes = match window {
            Window::Now => return None,
            Window::Today => return Some(self.choose(["today", "dziś", "сегодня", "сьогодні"])),
            Window::Yesterday => {
                return Some(self.choose(["yesterday", "wczoraj", "вчера", "вчора"]));
            }
            Window::Shift => {
                return Some(self.choose(["this shift", "ta zmiana", "смена", "зміна"]));
            }
            Window::Hours24 => return Some(self.choose(["24 h", "24 h", "24 ч", "24 год"])),
            Window::Min5 => 5,
            Window::Min15 => 15,
            Window::Min30 => 30,
            Window::Min60 => 60,
        };
        let last = match self {
            Language::English => "last",
            Language::Polish => "ostatnie",
            Language::Russian => "последние",
            Language::Ukrainian => "останні",
        };
        Some(format!("{last} {minutes}{SPACE}{}", self.time_units().1))
    }
}

/// A number as it stands on a tile: the text, and the unit that is set smaller beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// "81", "4 min 07 s", "1,017".
    pub text: String,
    /// "%" or nothing.
    pub unit: &'static str,
}

/// Writes a figure in its unit.
pub fn figure(value: f64, unit: Unit, language: Language) -> Written {
    match unit {
        Unit::Ratio => Written { text: percent(value, language), unit: "%" },
        Unit::Seconds => {
            Written { text: length::written(seconds_to_ms(value), language), unit: "" }
        }
        Unit::Count => Written { text: count(value, language), unit: "" },
        Unit::Points => Written { text: decimals(value, 0, language), unit: "" },
        Unit::Number | Unit::Money => Written { text: decimals(value, 2, language), unit: "" },
    }
}

/// A figure with its unit in one piece of text: "80 %", "20 s", "5".
pub fn figure_in_line(value: f64, unit: Unit, language: Language) -> String {
    let written = figure(value, unit, language);
    match written.unit {
        "" => written.text,
        unit if language == Language::English => format!("{}{unit}", written.text),
        unit => format!("{}{SPACE}{unit}", written.text),
    }
}

/// 0.8113 → "81", 0.0349 → "3.4". Rounded down, so that 79.96 is not shown as the 80 that was
/// promised; below ten per cent with one digit more, where each tenth matters.
fn percent(ratio: f64, language: Language) -> String {
    // Binary fractions such as 0.29 * 100 = 28.999…96 must not lose a whole per cent.
    let percent = ratio * 100.0 + 1e-9;
    let tenths = (percent * 10.0).floor() / 10.0;
    if (0.0..10.0).contains(&percent) && tenths.fract() != 0.0 {
        return format!("{tenths:.1}").replace('.', &language.decimal().to_string());
    }
    format!("{:.0}", percent.floor())
}

/// A number with that many digits behind the decimal sign.
fn decimals(value: f64, digits: usize, language: Language) -> String {
    format!("{value:.digits$}").replace('.', &language.decimal().to_string())
}

/// 1017 → "1,017"; fractions keep one digit.
pub fn count(value: f64, language: Language) -> String {
    let whole = value.trunc();
    let mut text = group(&format!("{:.0}", whole.abs()), language);
    let tenths = ((value.abs() - whole.abs()) * 10.0).round();
    if (1.0..=9.0).contains(&tenths) {
        text.push(language.decimal());
        text.push_str(&format!("{tenths:.0}"));
    }
    if value < 0.0 { format!("−{text}") } else { text }
}

fn group(digits: &str, language: Language) -> String {
    let (separator, from) = language.thousands();
    if digits.len() < from {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// "20 s", "15 min", "1 h": a threshold, as people say it.
pub fn span(ms: Millis, language: Language) -> String {
    let seconds = ms.max(0) / 1000;
    let (s, min, h) = language.time_units();
    let (number, unit) = match seconds {
        whole if whole >= 3600 && whole % 3600 == 0 => (whole / 3600, h),
        whole if whole >= 120 && whole % 60 == 0 => (whole / 60, min),
        _ => (seconds, s),
    };
    format!("{number}{SPACE}{unit}")
}

/// "now", "40 s ago", "3 min ago", "2 h ago". Below a minute in steps of ten seconds: a wall
/// that counts seconds of silence is not calm.
pub fn ago(ms: Millis, language: Language) -> String {
    let seconds = ms.max(0) / 1000;
    let (s, min, h) = language.time_units();
    let (number, unit) = match seconds {
        0..10 => return language.just_now().to_owned(),
        10..60 => (seconds / 10 * 10, s),
        60..3600 => (seconds / 60, min),
        _ => (seconds / 3600, h),
    };
    language.ago(&format!("{number}{SPACE}{unit}"))
}

/// "14:02" in the site's zone.
pub fn clock_time(at_ms: UnixMs, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => {
            let local = zone.to_datetime(at);
            format!("{:02}:{:02}", local.hour(), local.minute())
        }
        Err(_) => NOTHING.to_owned(),
    }
}

fn seconds_to_ms(seconds: f64) -> Millis {
    // `as` saturates, and makes 0 of NaN: right for text.
    (seconds * 1000.0) as Millis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cents_never_promise_more_than_was_reached() {
        let of = |ratio| figure(ratio, Unit::Ratio, Language::English).text;
        assert_eq!(of(0.8113), "81");
        assert_eq!(of(0.7996), "79");
        assert_eq!(of(0.29), "29");
        assert_eq!(of(0.9999), "99");
        assert_eq!(of(1.0), "100");
        assert_eq!(of(0.0), "0");
        assert_eq!(of(0.0349), "3.4");
        assert_eq!(figure(0.0349, Unit::Ratio, Language::Polish).text, "3,4");
        assert_eq!(of(0.03), "3");
    }

    #[test]
    fn counts_are_grouped_as_the_language_does() {
        assert_eq!(count(1017.0, Language::English), "1,017");
        assert_eq!(count(1_234_567.0, Language::English), "1,234,567");
        assert_eq!(count(1017.0, Language::Polish), "1017");
        assert_eq!(count(21_017.0, Language::Russian), "21\u{a0}017");
        assert_eq!(count(2.5, Language::Ukrainian), "2,5");
        assert_eq!(count(-3.0, Language::English), "−3");
    }

    #[test]
    fn thresholds_are_told_as_people_say_them() {
        assert_eq!(span(20_000, Language::English), "20\u{a0}s");
        assert_eq!(span(90_000, Language::English), "90\u{a0}s");
        assert_eq!(span(900_000, Language::Russian), "15\u{a0}мин");
        assert_eq!(span(7_200_000, Language::English), "2\u{a0}h");
    }

    #[test]
    fn silence_is_counted_calmly() {
        assert_eq!(ago(9_999, Language::English), "now");
        assert_eq!(ago(47_000, Language::English), "40\u{a0}s ago");
        assert_eq!(ago(200_000, Language::Polish), "3\u{a0}min temu");
        assert_eq!(ago(7_300_000, Language::English), "2\u{a0}h ago");
    }

    #[test]
    fn times_are_the_sites() {
        let warsaw = TimeZone::get("Europe/Warsaw").expect("bundled");
        assert_eq!(clock_time(1_700_000_000_000, &warsaw), "23:13");
        assert_eq!(
            Language::English.without("Telegram", Some("14:02")),
            "without Telegram since 14:02"
        );
    }

    #[test]
    fn a_target_is_written_in_one_piece() {
        assert_eq!(figure_in_line(0.8, Unit::Ratio, Language::English), "80%");
        assert_eq!(figure_in_line(0.8, Unit::Ratio, Language::Polish), "80\u{a0}%");
        assert_eq!(figure_in_line(20.0, Unit::Seconds, Language::English), "20\u{a0}s");
    }
}
