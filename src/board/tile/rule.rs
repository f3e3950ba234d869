//! `[[tile.rule]]`: a line that the site draws itself, and what a wall does when a value crosses it.
//!
//! One model for all tiles: a tile says which values its rules may look at ([`Subject`]), and shows each of
//! them with whose it is ([`Look`]). A rule adds to the colour, it takes nothing away: the worse of both is
//! shown. Whether a screen has been heard already is the screen's matter; here is only said what holds now,
//! so that equal figures stay equal tiles.

mod called;
mod limit;
mod read;

use std::hash::Hash;

use serde::Serialize;

use super::limits;
use super::{State, Tone};
use crate::board::figures::{Scene, Site};
use crate::config::model::Span;
use crate::event::UnixMs;
use crate::kpi::Kpi;
use crate::kpi::value::{Better, Of, Unit};
use crate::language::Text;
pub(super) use called::{Called, Mark};
use limit::Limit;
pub(super) use limit::Whose;
pub(super) use read::{parse, parse_of, parse_of_kpis};

/// One rule of a tile.
#[derive(Clone)]
pub(crate) struct Rule {
    /// Which of the tile's values it looks at: a [`Subject`]'s name.
    of: &'static str,
    /// Which of the tile's rules it is, from 0.
    place: usize,
    side: Side,
    limit: Limit,
    tone: Tone,
    icon: Option<&'static str>,
    word: Option<Text>,
    sound: Option<&'static str>,
    repeat_s: Option<i64>,
    quiet: Option<Quiet>,
    flash: bool,
}

/// `>= 10`: which side of the limit is meant, and the limit in the value's unit.
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

    /// What is drawn beside its word.
    pub(super) fn icon(&self) -> Option<&'static str> {
        self.icon
    }

    /// A screen does something when it begins.
    fn is_felt(&self) -> bool {
        self.sound.is_some() || self.flash
    }
}

/// A value that the rules of a tile may look at.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    /// As in `of = "…"`.
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    /// Its rules may name what the config promises.
    pub(super) is_promised: bool,
}

impl Subject {
    /// A value that is no KPI's, and of which nothing is promised.
    pub(super) const fn new(name: &'static str, unit: Unit) -> Subject {
        Subject { name, unit, is_promised: false }
    }

    /// A KPI's number.
    pub(super) fn kpi(kpi: &Kpi) -> Subject {
        Subject { name: kpi.id, unit: kpi.unit, is_promised: limits::is_promised(kpi) }
    }
}

/// A value as the rules see it.
pub(super) struct Look<'a, H: Hash> {
    pub(super) subject: Subject,
    pub(super) number: f64,
    /// By whose promises a limit is told that names one.
    pub(super) whose: Whose<'a>,
    /// Of which row, line or selection it is: by that it is remembered whether a rule held.
    pub(super) row: H,
    /// So many contacts must stand behind a part of it.
    pub(super) min_volume: i64,
}

/// What the gravest rule that holds asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Raised {
    pub(super) tone: Tone,
    /// The file's own.
    pub(super) word: Option<String>,
    pub(super) alarm: Alarm,
}

impl When {
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

/// The gravest of the rules that hold for a value, of equals the first; with its tone and word.
pub(super) fn raised<H: Hash>(
    rules: &[Rule],
    look: &Look<'_, H>,
    scene: &Scene<'_>,
) -> Option<Raised> {
    let mut gravest: Option<&Rule> = None;
    for rule in rules.iter().filter(|rule| rule.of == look.subject.name) {
        // Each is asked, also after one was found: each remembers by itself whether it held.
        let bounds = rule.limit.bounds(look, scene.site).into_iter();
        let holding = bounds.filter(|bound| {
            let when = When { side: rule.side, limit: bound.limit };
            let part = bound.of.map(|of| match of {
                Of::Queue(name) => ("queue", name),
                Of::Policy(name) => ("policy", name),
            });
            holds(when, (rule.place, &look.row, part), look.subject.unit, bound.number, scene)
        });
        if holding.count() > 0 && gravest.is_none_or(|other| rule.tone > other.tone) {
            gravest = Some(rule);
        }
    }
    let rule = gravest?;
    let alarm = Alarm {
        rule: rule.place,
        icon: rule.icon,
        sound: rule.sound,
        repeat_s: rule.repeat_s,
        quiet: rule.quiet.as_ref().is_some_and(|quiet| quiet.holds(scene.site, scene.now_ms)),
        flash: rule.flash,
    };
    let word = rule.word.as_ref().map(|word| word.of(scene.language));
    Some(Raised { tone: rule.tone, word, alarm })
}

fn holds(when: When, what: impl Hash, unit: Unit, number: f64, scene: &Scene<'_>) -> bool {
    let tone = |number: f64| if when.holds(number) { Tone::Bad } else { Tone::Plain };
    let careful = limits::worse(number, unit, when.better());
    limits::settled(scene, ("rule", what), (number, careful), tone) == Tone::Bad
}

/// None while nobody knows what is true now.
pub(super) fn unless_old(rules: &[Rule], state: State) -> &[Rule] {
    if state == State::Stale { &[] } else { rules }
}

/// Those that look at that value.
pub(super) fn of(rules: &[Rule], subject: &str) -> Vec<Rule> {
    rules.iter().filter(|rule| rule.of == subject).cloned().collect()
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
