//! Reads `[[tile.rule]]` sections, with all that is wrong with them.

use super::limit::{self, Limit};
use super::{Quiet, Rule, Side, Subject};
use crate::board::reader::{At, Section, suggest};
use crate::board::tile::Tone;
use crate::config::model::Span;
use crate::kpi::value::Unit;
use crate::language::Text;

/// More cannot be told apart from five metres, nor by ear.
const RULES_MAX: usize = 3;
/// Longer words find no room beside a tile's title.
const WORD_CHARS_MAX: usize = 24;
/// Sounds that come more often make people pull the plug.
const REPEAT_MIN_S: i64 = 5;
const REPEAT_MAX_S: i64 = 3600;
/// What the page can play; `dashboards/app/src/alarm/sounds.ts` has their notes.
const SOUNDS: [&str; 4] = ["ping", "chime", "alert", "siren"];
/// What the page can draw beside the word, instead of the tone's own shape.
const ICONS: [&str; 4] = ["bell", "clock", "person", "phone"];
/// Before a calendar's name: quiet while it is closed.
const OUTSIDE: &str = "outside ";
/// `>=` and the like; the longer sign first: ">" begins ">=".
const SIDES: [(&str, Side); 4] =
    [(">=", Side::AtLeast), ("<=", Side::AtMost), (">", Side::Above), ("<", Side::Below)];

/// The rules of a tile of one value.
pub(in crate::board::tile) fn parse(section: &Section<'_>, only: Option<Subject>) -> Vec<Rule> {
    each(section, |_| only)
}

/// The rules of a tile of several values, of which each names one by `of`; else the first is meant.
pub(in crate::board::tile) fn parse_of(section: &Section<'_>, subjects: &[Subject]) -> Vec<Rule> {
    let names: Vec<&str> = subjects.iter().map(|subject| subject.name).collect();
    each(section, |own| {
        let find = |name: &str| subjects.iter().find(|subject| subject.name == name).copied();
        let named = own.one_of("of", &names, find);
        if own.has("of") { named } else { subjects.first().copied() }
    })
}

/// The same where the file itself says which numbers there are: `what` is what it calls them.
pub(in crate::board::tile) fn parse_of_kpis(
    section: &Section<'_>,
    subjects: &[Subject],
    what: &str,
) -> Vec<Rule> {
    each(section, |own| {
        let mut names: Vec<&str> = subjects.iter().map(|subject| subject.name).collect();
        names.sort_unstable();
        names.dedup();
        let Some(of) = own.text("of") else {
            if names.len() > 1 && !own.has("of") {
                let known = names.join(", ");
                own.problem(format_args!("`of` is missing: which {what}? There are {known}"));
                return None;
            }
            return subjects.first().copied().filter(|_| !own.has("of"));
        };
        let found = subjects.iter().find(|subject| subject.name == of.value).copied();
        if found.is_none() {
            let near = suggest(of.value, &names);
            own.problem_at(of.offset, format_args!("no {what} \"{}\"; {near}", of.value));
        }
        found
    })
}

/// Each section, with the value that it looks at.
fn each<'a>(section: &Section<'a>, subject: impl Fn(&Section<'a>) -> Option<Subject>) -> Vec<Rule> {
    let tables = section.tables("rule", "[[tile.rule]]");
    if tables.len() > RULES_MAX {
        section.problem(format_args!("{} rules; at most {RULES_MAX} are told apart", tables.len()));
    }
    let rules = tables.into_iter().enumerate().filter_map(|(place, at)| {
        let what = format!("{}, rule", section.what);
        let own = Section::new(section.source, what, at.offset, at.value);
        let rule = one(&own, place, subject(&own));
        own.finish();
        rule
    });
    rules.collect()
}

fn one(section: &Section<'_>, place: usize, subject: Option<Subject>) -> Option<Rule> {
    let when = when(section, subject);
    let tone = section.one_of("tone", &["warn", "bad"], |word| match word {
        "warn" => Some(Tone::Warn),
        "bad" => Some(Tone::Bad),
        _ => None,
    });
    if !section.has("tone") {
        section.problem("`tone` is missing: warn or bad");
    }
    let known = |names: &'static [&'static str]| {
        move |word: &str| names.iter().find(|name| **name == word).copied()
    };
    let icon = section.one_of("icon", &ICONS, known(&ICONS));
    let word = section.words("word");
    let sound = section.one_of("sound", &SOUNDS, known(&SOUNDS));
    let repeat = section.whole("repeat");
    let quiet = quiet(section);
    let flash = section.truth("flash").is_some_and(|at| at.value);
    if let Some(at) = &repeat
        && !(REPEAT_MIN_S..=REPEAT_MAX_S).contains(&at.value)
    {
        section.problem_at(
            at.offset,
            format_args!(
                "`repeat` is {}; it must be {REPEAT_MIN_S} to {REPEAT_MAX_S} seconds",
                at.value
            ),
        );
    }
    for key in ["repeat", "quiet_hours"] {
        if section.has(key) && !section.has("sound") {
            section.problem(format_args!("`{key}` is of a sound: add `sound`"));
        }
    }
    let is_too_long = |text: &&str| text.chars().count() > WORD_CHARS_MAX;
    if word.iter().flat_map(Text::all).any(|text| is_too_long(&text)) {
        section.problem(format_args!("`word` has more than {WORD_CHARS_MAX} letters"));
    }
    if flash && tone == Some(Tone::Warn) {
        section.problem("`flash` is for the gravest: it needs `tone = \"bad\"`");
    }
    let repeat_s = repeat.map(|at| at.value);
    let (side, limit) = when?;
    let of = subject?.name;
    Some(Rule { of, place, side, limit, tone: tone?, icon, word, sound, repeat_s, quiet, flash })
}

fn when(section: &Section<'_>, subject: Option<Subject>) -> Option<(Side, Limit)> {
    let Some(at) = section.text("when") else {
        if !section.has("when") {
            section.problem("`when` is missing: \">= 10\"");
        }
        return None;
    };
    let subject = subject?;
    let text = at.value.trim();
    let sign = SIDES.into_iter().find(|(sign, _)| text.starts_with(sign));
    let read = sign.map(|(sign, side)| (side, Limit::read(&text[sign.len()..], subject)));
    match read {
        Some((side, Ok(limit))) => Some((side, limit)),
        Some((_, Err(limit::Wrong::Unit(promise)))) => {
            let (name, of) = (promise.name(), subject.name);
            let must = format_args!("`when`: {name} is {}, and {of} is not", promise.what());
            section.problem_at(at.offset, must);
            None
        }
        Some((_, Err(limit::Wrong::Free(promise)))) => {
            let (name, of) = (promise.name(), subject.name);
            let must = format_args!("`when`: {name} is not promised of {of}: say a number");
            section.problem_at(at.offset, must);
            None
        }
        Some((_, Err(limit::Wrong::Text))) | None => {
            misread(section, &at, subject);
            None
        }
    }
}

fn misread(section: &Section<'_>, at: &At<&str>, subject: Subject) {
    let example = match subject.unit {
        Unit::Ratio => "< 70%",
        Unit::Seconds => "> 10m",
        _ => ">= 10",
    };
    let promises = limit::fitting(subject);
    let or = if promises.is_empty() { String::new() } else { format!(" or {promises}") };
    section.problem_at(
        at.offset,
        format_args!(
            "`when` is one of >=, >, <=, < and a limit, as in \"{example}\"{or}, not \"{}\"",
            at.value
        ),
    );
}

/// `22:00-07:00`, a calendar's name, or `outside` and a calendar's name.
fn quiet(section: &Section<'_>) -> Option<Quiet> {
    let at = section.text("quiet_hours")?;
    let text = at.value.trim();
    if text.contains(':') {
        let span = Span::read(text);
        if span.is_none() {
            section.problem_at(at.offset, "`quiet_hours` is a calendar's name, or \"22:00-07:00\"");
        }
        return span.map(Quiet::Daily);
    }
    let (name, is_outside) = match text.strip_prefix(OUTSIDE) {
        Some(name) => (name.trim(), true),
        None => (text, false),
    };
    section.names("calendar", name, at.offset);
    let name = name.to_owned();
    Some(if is_outside { Quiet::Outside(name) } else { Quiet::Within(name) })
}
