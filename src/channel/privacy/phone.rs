//! Telephone numbers: every spelling of one number becomes one text, and two numbers never the
//! same one.
//!
//! That text is the number in E.164 with the extension behind it, `+48601222333` or
//! `+12125550123;ext=5` (RFC 3966): behind one switchboard there are many people. What a country's
//! numbers look like, and how they are written inside of it, is Google's libphonenumber's
//! knowledge, here by its port `rlibphonenumber`. Of a number that is written for use inside of a
//! country one must know which: it stands behind it, `;phone-context=+48`, as an operator's
//! `country_code` says. Without it such a number stays as dialled, `601222333`.
//!
//! No number, and so no customer, are: words, extensions, numbers that no country can have.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

/// Fewest digits of a number whose country is unknown: shorter ones are extensions, or numbers
/// that mean another person in the next town.
const AS_DIALLED_DIGITS_MIN: usize = 7;
/// Most digits of one: E.164's 15 behind a prefix for dialling abroad.
const AS_DIALLED_DIGITS_MAX: usize = 18;
/// Fewest digits behind the country code of a number that no numbering plan knows. Plans change,
/// so most are somebody's; shorter ones are extensions behind a country code.
const UNPLANNED_DIGITS_MIN: usize = 7;
/// Fewest digits before a word such as "ext.": fewer are not what the word belongs to.
const BEFORE_WORD_DIGITS_MIN: usize = 5;
/// What some gateways send for callers without a number: the word, spelt on a telephone's keys
/// (ANONYMOUS, BLOCKED, RESTRICTED, UNAVAILABLE, UNKNOWN).
const WORDS_IN_DIGITS: [&str; 5] = ["266696687", "2562533", "7378742833", "86282452253", "8656696"];
/// What goes before a number abroad nearly everywhere.
const ABROAD: &str = "00";

/// The one spelling of a number, given as in a `tel:` address but for the `tel:`; none when it is
/// no number.
pub(super) fn canonical(written: &str) -> Option<String> {
    let (number, parameters) = written.split_once(';').unwrap_or((written, ""));
    let number = readable(number.strip_prefix("//").unwrap_or(number));
    let subscriber = if is_plussed(&number) {
        best([plussed(&number)])
    } else {
        match parameter(parameters, "phone-context").map(readable) {
            // Numbers of a plan that somebody made for themselves (`;phone-context=example.org`)
            // are extensions of theirs.
            Some(context) => within(&number, &digits(context.strip_prefix('+')?)),
            None => best([abroad(&number)]).or_else(|| as_dialled(&number)),
        }
    };
    Some(subscriber?.written(parameter(parameters, "ext").map(digits)))
}

/// Made of digits and of what stands between them, and of nothing else.
pub(super) fn is_written_like_one(text: &str) -> bool {
    let fits =
        |c: char| c.is_numeric() || is_plus(c) || !(c.is_alphanumeric() || "@:#".contains(c));
    text.chars().all(fits) && text.contains(char::is_numeric)
}

/// Written with a `+` before everything else.
pub(super) fn is_plussed(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric() || is_plus(*c)).is_some_and(is_plus)
}

fn is_plus(c: char) -> bool {
    matches!(c, '+' | '\u{ff0b}')
}

/// Every kind of space is a plain one, and the marks that say in which direction a text runs are
/// gone: address books put them around numbers, and nobody sees them.
fn readable(text: &str) -> String {
    let is_mark = |c: char| {
        matches!(
            c,
            '\u{200e}'
                | '\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
    };
    let plain = |c: char| if c.is_whitespace() { ' ' } else { c };
    text.trim().chars().filter(|c| !is_mark(*c)).map(plain).collect()
}

/// The digits of any script, as ours.
fn digits(text: impl AsRef<str>) -> String {
    PHONE_NUMBER_UTIL.normalize_digits_only(text)
}

/// A parameter of a `tel:` address: `;ext=5`.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let pairs = parameters.split(';').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value)
}

/// Who can be reached by a number.
struct Subscriber {
    /// E.164 with `+`, or as dialled.
    number: String,
    extension: Option<String>,
}

impl Subscriber {
    /// With this extension, or the one that stood in the number itself.
    fn written(self, extension: Option<String>) -> String {
        let Subscriber { number, extension: own } = self;
        match extension.or(own).filter(|extension| !extension.is_empty()) {
            Some(extension) => format!("{number};ext={extension}"),
            None => number,
        }
    }
}

/// The first that is a number of its country's plan; without one, the first that could be one.
fn best(readings: impl IntoIterator<Item = Option<PhoneNumber>>) -> Option<Subscriber> {
    let readings: Vec<_> = readings.into_iter().flatten().collect();
    let number = readings.iter().find_map(planned);
    let number = number.or_else(|| readings.iter().find(|it| is_conceivable(it)).cloned())?;
    Some(Subscriber { number: e164(&number), extension: number.extension })
}

fn e164(number: &PhoneNumber) -> String {
    PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164).into_owned()
}

/// The number, if it is one of its country's plan, with or without a zero before it: people go on
/// writing the zero of a plan that has abolished it, and `+48 (0)601 222 333`.
fn planned(number: &PhoneNumber) -> Option<PhoneNumber> {
    if PHONE_NUMBER_UTIL.is_valid_number(number) {
        return Some(number.clone());
    }
    number.italian_leading_zero?;
    let bare =
        PhoneNumber { italian_leading_zero: None, number_of_leading_zeros: None, ..number.clone() };
    PHONE_NUMBER_UTIL.is_valid_number(&bare).then_some(bare)
}

/// As long as numbers of its country are.
fn is_conceivable(number: &PhoneNumber) -> bool {
    let e164 = e164(number);
    let all = e164.trim_start_matches('+');
    let own = all.len().saturating_sub(number.country_code.to_string().len());
    PHONE_NUMBER_UTIL.is_possible_number(number)
        // A zero that no plan has is one of dialling: with it, a number has two spellings.
        && number.italian_leading_zero.is_none()
        && own >= UNPLANNED_DIGITS_MIN
        && number.national_number > 0
        && !WORDS_IN_DIGITS.contains(&all)
}

/// Reads a number; of the country, if it is not international. Words other than an extension's
/// are not turned into the digits on their keys: they are names.
fn parse(text: &str, region: Option<Region>) -> Option<PhoneNumber> {
    let number = PHONE_NUMBER_UTIL.parse(text, region).ok()?;
    match text.find(char::is_alphabetic) {
        Some(word) => {
            let is_extension = number.extension.as_ref().is_some_and(|it| !it.is_empty());
            (is_extension && digits(&text[..word]).len() >= BEFORE_WORD_DIGITS_MIN)
                .then_some(number)
        }
        None => Some(number),
    }
}

/// A number with `+` and country code, and `00` between them if need be.
fn plussed(text: &str) -> Option<PhoneNumber> {
    let text = after_zero(text).and_then(after_zero).unwrap_or(text);
    parse(&format!("+{}", text.trim_start_matches(is_between)), None)
}

/// What follows a zero with which a number begins.
fn after_zero(number: &str) -> Option<&str> {
    let number = number.trim_start_matches(is_between);
    number.strip_prefix(|c: char| digits(c.encode_utf8(&mut [0; 4])) == "0")
}

/// What is neither digit nor letter: `+`, and what stands between digits.
fn is_between(c: char) -> bool {
    !c.is_alphanumeric()
}

/// A number with `00` and country code.
fn abroad(text: &str) -> Option<PhoneNumber> {
    digits(text).starts_with(ABROAD).then(|| plussed(text)).flatten()
}

/// A number as it is written inside of what has that code: a country, rarely a town in it.
fn within(text: &str, code: &str) -> Option<Subscriber> {
    let Some(country) = country(code) else { return best([plussed(&format!("{code}{text}"))]) };
    let national = parse(text, Some(country));
    // Networks leave the `+` away. Where people write a zero before national numbers, one that
    // begins with the country's code instead is international.
    let bare = plussed(text);
    let is_own = digits(text).starts_with(code);
    let own = bare.clone().filter(|bare| is_own && is_written_with_zero(bare, country));
    // What is too long or too short for a national number may be one of another country's plan.
    let is_national =
        national.as_ref().is_some_and(|national| PHONE_NUMBER_UTIL.is_possible_number(national));
    let foreign = bare.as_ref().filter(|_| !is_national).and_then(planned);
    best([own, abroad(text), national, foreign])
}

/// The country whose numbering plan codes like this stand for: of all that share one, the main one.
/// Codes without a country, such as 800, have none.
fn country(code: &str) -> Option<Region> {
    let code = code.parse().ok()?;
    let country = PHONE_NUMBER_UTIL.get_region_for_country_code(code)?;
    (PHONE_NUMBER_UTIL.get_country_code_for_region(country) == Some(code)).then_some(country)
}

/// National numbers of that country have a zero before them, which others do not dial.
fn is_written_with_zero(number: &PhoneNumber, country: Region) -> bool {
    let own = PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164);
    let code = number.country_code.to_string();
    let own = own.trim_start_matches('+').strip_prefix(code.as_str());
    let read = own.and_then(|own| parse(&format!("0{own}"), Some(country)));
    PHONE_NUMBER_UTIL.is_valid_number(number)
        && read.is_some_and(|read| e164(&read) == e164(number))
}

/// The digits as they are: of a number whose country nobody knows.
fn as_dialled(text: &str) -> Option<Subscriber> {
    let digits = digits(text);
    let is_one = is_written_like_one(text)
        && !text.contains([',', '*'])
        && (AS_DIALLED_DIGITS_MIN..=AS_DIALLED_DIGITS_MAX).contains(&digits.len())
        && digits.contains(|digit| digit != '0');
    is_one.then_some(Subscriber { number: digits, extension: None })
}

#[cfg(test)]
mod tests;
