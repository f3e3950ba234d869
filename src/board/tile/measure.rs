//! A KPI as a tile shows it: which contacts, which window, which limits; and its reading.
//!
//! Shared by all tiles that show numbers, so that a number means the same wherever it stands.

use std::borrow::Cow;

use serde::Serialize;

use crate::board::figures::Scene;
use crate::board::format::{self, Written};
use crate::board::reader::Section;
use crate::board::tile::rule::{self, Alarm, Look, Raised, Rule, Subject, Whose};
use crate::board::tile::trust::trust;
use crate::board::tile::{State, Tone, limits, verdict};
use crate::event::{Medium, Priority};
use crate::kpi::value::{Better, Figure, Unit, Value};
use crate::kpi::{self, Kpi};
use crate::scope::{Selector, Window};

/// Which number, and what is good.
#[derive(Clone)]
pub(crate) struct Measure {
    pub(crate) kpi: &'static Kpi,
    pub(crate) selector: Selector,
    pub(crate) window: Window,
    pub(crate) target: Option<f64>,
    pub(crate) limits: Limits,
    /// Fewer contacts behind a share or a mean time give it no colour; else the site's.
    pub(crate) min_volume: Option<i64>,
    /// What the site draws a line at beside all that.
    pub(crate) rules: Vec<Rule>,
}

/// From where on a number is worth a look, and from where on action.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Limits {
    pub(super) warn: Option<f64>,
    pub(super) bad: Option<f64>,
}

/// A number ready for the glass.
pub(crate) struct Reading {
    pub(crate) state: State,
    pub(crate) tone: Tone,
    pub(crate) note: Option<String>,
    pub(crate) number: Number,
    /// What it is measured against, where that is one number.
    pub(crate) target: Option<f64>,
}

/// The number's part of a tile's value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Number {
    pub(crate) text: String,
    pub(crate) unit: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// What the colour says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) word: Option<String>,
    /// Which rule holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alarm: Option<Alarm>,
}

impl Measure {
    /// Reads `kpi`, `channel`, `queue`, `window`, `target`, `warn`, `bad`, `min_volume`.
    pub(crate) fn parse(section: &Section<'_>) -> Option<Measure> {
        let kpi = parse_kpi(section);
        let selector = parse_selector(section);
        let window = parse_window(section);
        let target = section.number("target");
        let limits = [section.number("warn"), section.number("bad")];
        let min_volume = section.whole("min_volume");
        let Some(kpi) = kpi else {
            if !section.has("kpi") {
                section.problem("`kpi` is missing: which number?");
            }
            return None;
        };
        for limit in [&target, &limits[0], &limits[1]].into_iter().flatten() {
            if kpi.unit == Unit::Ratio && !(0.0..=1.0).contains(&limit.value) {
                section.problem_at(limit.offset, "a share is between 0 and 1 (0.8 is 80%)");
            }
        }
        let [warn, bad] = limits;
        if let (Some(warn), Some(bad)) = (&warn, &bad) {
            let (wrong, order) = match kpi.better {
                Better::Higher => (bad.value > warn.value, "below"),
                Better::Lower | Better::Neither => (bad.value < warn.value, "above"),
            };
            if wrong {
                let id = kpi.id;
                section.problem_at(bad.offset, format_args!("`bad` must be {order} `warn` ({id})"));
            }
        }
        Some(Measure {
            kpi,
            selector,
            window: window.unwrap_or_else(|| default_window(kpi)),
            target: target.map(|at| at.value),
            limits: Limits { warn: warn.map(|at| at.value), bad: bad.map(|at| at.value) },
            min_volume: min_volume.map(|at| at.value),
            rules: Vec::new(),
        })
    }

    /// The same, and the `[[tile.rule]]` sections.
    pub(crate) fn parse_with_rules(section: &Section<'_>) -> Option<Measure> {
        let Some(mut measure) = Measure::parse(section) else {
            // Known all the same.
            rule::parse(section, None);
            return None;
        };
        measure.rules = rule::parse(section, Some(Subject::kpi(measure.kpi)));
        Some(measure)
    }

    /// A measure of one KPI with nothing else said.
    pub(crate) fn plain(kpi: &'static Kpi, selector: Selector, window: Option<Window>) -> Measure {
        // What is a state now has no window of the tile's to be over.
        let window = match default_window(kpi) {
            Window::Now => Window::Now,
            other => window.unwrap_or(other),
        };
        let limits = Limits::default();
        Measure { kpi, selector, window, target: None, limits, min_volume: None, rules: Vec::new() }
    }

    /// "Sales · last 15 min".
    pub(crate) fn subtitle(&self, scene: &Scene<'_>) -> String {
        let mut parts = Vec::new();
        if let Some(channel) = &self.selector.channel {
            parts.push(scene.site.channel_title(channel).to_owned());
        }
        match &self.selector.queue {
            Some(queue) => parts.push(scene.site.queue_title(queue).to_owned()),
            None if parts.is_empty() => parts.push(scene.language.all_queues()),
            None => {}
        }
        parts.extend(scene.language.window(self.window));
        parts.join(" · ")
    }

    /// The number with its receipt.
    pub(crate) fn value(&self, scene: &Scene<'_>) -> Value {
        scene.figures.value(self.kpi, &self.selector, self.window, scene.now_ms)
    }

    /// The number as it is now.
    pub(crate) fn read(&self, scene: &Scene<'_>) -> Reading {
        self.judged(&self.value(scene), scene)
    }

    /// The same, of a value that was asked for already.
    pub(crate) fn judged(&self, value: &Value, scene: &Scene<'_>) -> Reading {
        let (trust, note) = trust([&value.coverage], scene);
        let written = |target: f64| scene.goal(target, value.unit);
        let nothing = |state| {
            let target = self.target.or_else(|| limits::promised(self, scene.site));
            Reading {
                state,
                tone: Tone::Plain,
                note: note.clone(),
                number: Number {
                    text: format::NOTHING.into(),
                    unit: "".into(),
                    value: None,
                    target_text: target.map(written),
                    detail: None,
                    word: None,
                    alarm: None,
                },
                target,
            }
        };
        match value.figure {
            Figure::NoData => nothing(State::NoData),
            Figure::NotApplicable => nothing(State::NotApplicable),
            Figure::Concealed => nothing(State::Concealed),
            // A figure that is no number (a formula's 0/0) is no data, never text.
            Figure::Number(number) if !number.is_finite() => nothing(State::NoData),
            Figure::Number(number) => {
                let judgment = limits::judge(self, value, number, scene);
                let (tone, word, alarm) = self.call(value, number, &judgment, trust, scene);
                let target_text = judgment.target.map(written);
                let (text, unit, share) = match judgment.instead {
                    Some((text, share)) => (text, "".into(), share),
                    None => {
                        let Written { text, unit } =
                            format::figure(number, value.unit, scene.language);
                        let unit = match value.unit {
                            Unit::Money => scene.site.currency.clone().into(),
                            _ => unit.into(),
                        };
                        (text, unit, number)
                    }
                };
                Reading {
                    state: trust,
                    tone,
                    number: Number {
                        text,
                        unit,
                        value: Some(share),
                        target_text,
                        detail: judgment.detail.or_else(|| detail(value, number, scene)),
                        word,
                        alarm,
                    },
                    note,
                    target: judgment.target,
                }
            }
        }
    }
}

impl Measure {
    /// The colour, its word, and the rule that holds: the worse of what was promised and of what
    /// the rule says. An old number raises no alarm.
    fn call(
        &self,
        value: &Value,
        number: f64,
        judgment: &limits::Judgment,
        trust: State,
        scene: &Scene<'_>,
    ) -> (Tone, Option<String>, Option<Alarm>) {
        let tone = judgment.tone.unwrap_or(Tone::Plain);
        let word = |tone, target| verdict::word(self.kpi, number, target, tone, scene.language);
        match self.raised(value, number, scene).filter(|_| trust <= State::Late) {
            Some(Raised { tone: worse, word: own, alarm }) if worse >= tone => {
                let promised = || word(worse, judgment.target.filter(|_| worse == tone));
                (worse, own.or_else(promised), Some(alarm))
            }
            // Its icon belongs to its own word.
            Some(Raised { alarm, .. }) => {
                (tone, word(tone, judgment.target), Some(alarm.without_icon()))
            }
            None => (tone, word(tone, judgment.target), None),
        }
    }
}

impl Measure {
    /// The rule that holds for a number, if enough contacts stand behind it.
    fn raised(&self, value: &Value, number: f64, scene: &Scene<'_>) -> Option<Raised> {
        if self.rules.is_empty() || !limits::has_volume(self, value, scene.site) {
            return None;
        }
        let look = Look {
            subject: Subject::kpi(self.kpi),
            number,
            whose: self.whose(value),
            row: &self.selector,
            min_volume: self.min_volume.unwrap_or(i64::from(scene.site.min_volume)),
        };
        rule::raised(&self.rules, &look, scene)
    }

    fn whose<'a>(&'a self, value: &'a Value) -> Whose<'a> {
        match (&self.selector.policy, &self.selector.queue) {
            _ if !value.parts.is_empty() => Whose::Parts(&value.parts),
            // Of what is now each part is told, but for closed queues.
            _ if self.kpi.is_state => Whose::Nobody,
            (Some(policy), _) => Whose::Policy(policy),
            (None, Some(queue)) => Whose::Queue(queue),
            (None, None) if self.kpi.id == "sla_met" => Whose::Policies,
            (None, None) => Whose::Queues,
        }
    }
}

/// Reads `kpi`.
pub(crate) fn parse_kpi(section: &Section<'_>) -> Option<&'static Kpi> {
    section.one_of("kpi", &kpi_ids(), kpi::find)
}

/// Every KPI's id, for messages.
pub(crate) fn kpi_ids() -> Vec<&'static str> {
    kpi::registry().iter().map(|kpi| kpi.id).collect()
}

/// Reads `channel`, `queue` and whatever else contacts can be selected by.
pub(crate) fn parse_selector(section: &Section<'_>) -> Selector {
    let mut selector = Selector {
        channel: section.text("channel").map(|at| at.value.to_owned()),
        queue: section.text("queue").map(|at| at.value.to_owned()),
        agent: section.text("agent").map(|at| at.value.to_owned()),
        topic: section.text("topic").map(|at| at.value.to_owned()),
        policy: section.text("policy").map(|at| at.value.to_owned()),
        dimension: section.text("dimension").map(|at| at.value.to_owned()),
        public: section.truth("public").map(|at| at.value),
        ..Selector::default()
    };
    selector.kind = section.one_of("kind", &Medium::ALL.map(Medium::word), Medium::from_word);
    let priorities = Priority::ALL.map(Priority::word);
    selector.priority = section.one_of("priority", &priorities, Priority::from_word);
    selector
}

/// Reads `window`.
pub(crate) fn parse_window(section: &Section<'_>) -> Option<Window> {
    section.one_of("window", &Window::ALL.map(Window::id), Window::from_id)
}

/// The count of that name in a value's receipt.
pub(super) fn count(value: &Value, name: &str) -> Option<i64> {
    let found = value.receipt.counts.iter().find(|count| count.name == name)?;
    Some(found.value)
}

/// The window that a KPI is shown over where the file does not say.
fn default_window(kpi: &Kpi) -> Window {
    if kpi.is_state { Window::Now } else { Window::Min15 }
}

/// The counts that a share is made of, by their names in receipts: the part, and those that are
/// the whole together.
pub(super) const SHARES: [(&str, &[&str]); 5] = [
    ("in_time", &["counted"]),
    ("abandoned", &["offered"]),
    ("kept", &["kept", "broken"]),
    ("positive", &["ratings"]),
    ("reached", &["contacts"]),
];

/// "833 of 1,017 in 20 s": the counts behind a share, and the one threshold that it knows.
pub(super) fn detail(value: &Value, share: f64, scene: &Scene<'_>) -> Option<String> {
    if value.unit != Unit::Ratio {
        return None;
    }
    let language = scene.language;
    let count = |name: &str| {
        let found = value.receipt.counts.iter().find(|count| count.name == name)?;
        // Counts of contacts are far below 2^53.
        Some(found.value as f64)
    };
    // A formula may make its share of other counts than the plain ones: then nothing is said.
    let (part, whole) = SHARES.iter().find_map(|(part, whole)| {
        let (part, whole) =
            (count(part)?, whole.iter().map(|one| count(one)).sum::<Option<f64>>()?);
        ((part / whole - share).abs() < 1e-9).then_some((part, whole))
    })?;
    let counts = language.of(&format::count(part, language), &format::count(whole, language));
    let mut thresholds =
        value.receipt.thresholds_ms.iter().filter(|threshold| threshold.name != "short_abandon");
    Some(match (thresholds.next(), thresholds.next()) {
        (Some(only), None) => language.within(&counts, &format::span(only.value, language)),
        _ => counts,
    })
}
