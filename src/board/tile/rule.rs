//! `[[tile.rule]]`: a line that the site draws itself, and what a wall does when a number crosses it.
//!
//! A rule adds to the tile's colour, it takes nothing away: the worse of both is shown. Whether a
//! screen has been heard already is the screen's matter; here is only said what holds now, so that
//! equal figures stay equal tiles.

use serde::Serialize;

use super::Tone;
use super::limits;
use super::measure::Measure;
use crate::board::figures::{Scene, Site};
use crate::board::reader::Section;
use crate::config::model::Span;
use crate::config::units::parse_duration;
use crate::event::UnixMs;
use crate::kpi::Kpi;
use crate::kpi::value::{Better, Unit, Value};
use crate::language::Text;

/// More cannot be told apart from five metres, nor by ear.
const RULES_MAX: usize = 3;
/// Longer words find no room beside a tile's title.
const WORD_CHARS_MAX: usize = 24;
/// Sounds that come more often make people pull the plug.
const REPEAT_MIN_S: i64 = 5;
const REPEAT_MAX_S: i64 = 3600;
/// What the page can play; `dashboards/app/src/alarm/sounds.ts` has their notes.
pub(crate) const SOUNDS: [&str; 4] = ["ping", "chime", "alert", "siren"];
/// What the page can draw beside the word, instead of the tone's own shape.
pub(crate) const ICONS: [&str; 4] = ["bell", "clock", "person", "phone"];
/// Before a calendar's name: quiet while it is closed.
const OUTSIDE: &str = "outside ";

/// One rule of a tile.
#[derive(Clone)]
pub(crate) struct Rule {
    when: When,
    tone: Tone,
    icon: Option<&'static str>,
    word: Option<Text>,
    sound: Option<&'static str>,
    repeat_s: Option<i64>,
    quiet: Option<Quiet>,
    flash: bool,
}

/// `>= 10`: which side of the limit is meant, and the limit in the KPI's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct When {
    side: Side,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// When the rule makes no sound.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Quiet {
    /// Between these times of the site's day.
    Daily(Span),
    /// While this calendar is open.
    Within(String),
    /// While it is closed.
    Outside(String),
}

/// What a screen is told of the rule that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Alarm {
    /// Which of the tile's rules it is, from 0.
    rule: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_s: Option<i64>,
    /// It makes no sound at this time of day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    quiet: bool,
    /// The whole screen's frame shows it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flash: bool,
}

impl Alarm {
    /// The same beside another's word.
    pub(super) fn without_icon(self) -> Alarm {
        Alarm { icon: None, ..self }
    }
}

/// Reads the `[[tile.rule]]` sections.
pub(super) fn parse(section: &Section<'_>, kpi: &Kpi) -> Vec<Rule> {
    let tables = section.tables("rule", "[[tile.rule]]");
    if tables.len() > RULES_MAX {
        section.problem(format_args!("{} rules; at most {RULES_MAX} are told apart", tables.len()));
    }
    let rules = tables.into_iter().filter_map(|at| {
        let what = format!("{}, rule", section.what);
        let own = Section::new(section.source, what, at.offset, at.value);
        let rule = one(&own, kpi);
        own.finish();
        rule
    });
    rules.collect()
}

fn one(section: &Section<'_>, kpi: &Kpi) -> Option<Rule> {
    let when = when(section, kpi);
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
    Some(Rule { when: when?, tone: tone?, icon, word, sound, repeat_s, quiet, flash })
}

fn when(section: &Section<'_>, kpi: &Kpi) -> Option<When> {
    let Some(at) = section.text("when") else {
        if !section.has("when") {
            section.problem("`when` is missing: \">= 10\"");
        }
        return None;
    };
    let when = When::read(at.value, kpi.unit);
    if when.is_none() {
        let example = match kpi.unit {
            Unit::Ratio => "< 70%",
            Unit::Seconds => "> 10m",
            _ => ">= 10",
        };
        section.problem_at(
            at.offset,
            format_args!(
                "`when` is one of >=, >, <=, < and a limit, as in \"{example}\", not \"{}\"",
                at.value
            ),
        );
    }
    when
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

impl When {
    fn read(text: &str, unit: Unit) -> Option<When> {
        // The longer sign first: ">" begins ">=".
        let sides =
            [(">=", Side::AtLeast), ("<=", Side::AtMost), (">", Side::Above), ("<", Side::Below)];
        let text = text.trim();
        let (sign, side) = sides.into_iter().find(|(sign, _)| text.starts_with(sign))?;
        let limit = text[sign.len()..].trim();
        let limit: f64 = match (unit, limit.strip_suffix('%')) {
            (Unit::Ratio, Some(percent)) => percent.trim().parse::<f64>().ok()? / 100.0,
            (_, Some(_)) => return None,
            (Unit::Seconds, None) if limit.ends_with(char::is_alphabetic) => {
                parse_duration(limit)?.as_secs_f64()
            }
            _ => limit.parse().ok()?,
        };
        let is_share = unit != Unit::Ratio || (0.0..=1.0).contains(&limit);
        (limit.is_finite() && is_share).then_some(When { side, limit })
    }

    fn holds(self, number: f64) -> bool {
        match self.side {
            Side::AtLeast => number >= self.limit,
            Side::Above => number > self.limit,
            Side::AtMost => number <= self.limit,
            Side::Below => number < self.limit,
        }
    }

    /// What is better, as this rule sees it.
    fn better(self) -> Better {
        match self.side {
            Side::AtLeast | Side::Above => Better::Lower,
            Side::AtMost | Side::Below => Better::Higher,
        }
    }
}

impl Quiet {
    fn holds(&self, site: &Site, now_ms: UnixMs) -> bool {
        let is_open = |name: &str| {
            // A calendar that the config does not have hides no alarm.
            site.calendars.get(name).map(|calendar| calendar.is_open(now_ms))
        };
        match self {
            Quiet::Daily(span) => {
                let Ok(now) = jiff::Timestamp::from_millisecond(now_ms) else { return false };
                let now = site.time_zone.to_datetime(now);
                span.covers(now.hour(), now.minute())
            }
            Quiet::Within(name) => is_open(name) == Some(true),
            Quiet::Outside(name) => is_open(name) == Some(false),
        }
    }
}

/// The gravest of the rules that hold for a number, of equals the first; with its tone and word.
pub(super) fn raised(
    measure: &Measure,
    value: &Value,
    number: f64,
    scene: &Scene<'_>,
) -> Option<(Tone, Option<String>, Alarm)> {
    if measure.rules.is_empty() || !limits::has_volume(measure, value, scene.site) {
        return None;
    }
    let mut gravest: Option<(usize, &Rule)> = None;
    for (place, rule) in measure.rules.iter().enumerate() {
        // Each is asked, also after one was found: each remembers by itself whether it held.
        let holds = holds(rule, place, measure.kpi, number, scene);
        if holds && gravest.is_none_or(|(_, other)| rule.tone > other.tone) {
            gravest = Some((place, rule));
        }
    }
    let (place, rule) = gravest?;
    let alarm = Alarm {
        rule: place,
        icon: rule.icon,
        sound: rule.sound,
        repeat_s: rule.repeat_s,
        quiet: rule.quiet.as_ref().is_some_and(|quiet| quiet.holds(scene.site, scene.now_ms)),
        flash: rule.flash,
    };
    Some((rule.tone, rule.word.as_ref().map(|word| word.of(scene.language)), alarm))
}

fn holds(rule: &Rule, place: usize, kpi: &Kpi, number: f64, scene: &Scene<'_>) -> bool {
    let tone = |number: f64| if rule.when.holds(number) { Tone::Bad } else { Tone::Plain };
    let careful = limits::worse(number, kpi.unit, rule.when.better());
    limits::settled(scene, ("rule", place), (number, careful), tone) == Tone::Bad
}

/// What the gravest rule that has a sound would play.
pub(super) fn sound(rules: &[Rule]) -> Option<&'static str> {
    let mut found: Option<(Tone, &'static str)> = None;
    for rule in rules {
        if let Some(sound) = rule.sound
            && found.is_none_or(|(tone, _)| rule.tone > tone)
        {
            found = Some((rule.tone, sound));
        }
    }
    found.map(|(_, sound)| sound)
}
