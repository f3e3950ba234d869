//! A KPI as a tile shows it: which contacts, which window, which limits; and its reading.
//!
//! Shared by all tiles that show numbers, so that a number means the same wherever it stands.

use serde::Serialize;

use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::board::tile::{State, Tone};
use crate::event::{Medium, Priority};
use crate::kpi::value::{Better, Figure, Unit, Value};
use crate::kpi::{self, Kpi};
use crate::scope::{ChannelCoverage, Coverage, FeedHealth, Selector, Window};

/// Which number, and what is good.
#[derive(Clone)]
pub(crate) struct Measure {
    pub(crate) kpi: &'static Kpi,
    pub(crate) selector: Selector,
    pub(crate) window: Window,
    pub(crate) target: Option<f64>,
    pub(crate) limits: Limits,
}

/// From where on a number is worth a look, and from where on action.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Limits {
    warn: Option<f64>,
    bad: Option<f64>,
}

/// A number ready for the glass.
pub(crate) struct Reading {
    pub(crate) state: State,
    pub(crate) tone: Tone,
    pub(crate) note: Option<String>,
    pub(crate) number: Number,
}

/// The number's part of a tile's value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Number {
    pub(crate) text: String,
    pub(crate) unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
}

impl Measure {
    /// Reads `kpi`, `channel`, `queue`, `window`, `target`, `warn`, `bad`.
    pub(crate) fn parse(section: &Section<'_>) -> Option<Measure> {
        let kpi = parse_kpi(section);
        let selector = parse_selector(section);
        let window = parse_window(section);
        let target = section.number("target");
        let limits = [section.number("warn"), section.number("bad")];
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
        })
    }

    /// A measure of one KPI with nothing else said.
    pub(crate) fn plain(kpi: &'static Kpi, selector: Selector, window: Option<Window>) -> Measure {
        // What is a state now has no window of the tile's to be over.
        let window = match default_window(kpi) {
            Window::Now => Window::Now,
            other => window.unwrap_or(other),
        };
        Measure { kpi, selector, window, target: None, limits: Limits::default() }
    }

    /// "Sales · last 15 min".
    pub(crate) fn subtitle(&self, scene: &Scene<'_>) -> String {
        let mut parts = Vec::new();
        if let Some(channel) = &self.selector.channel {
            parts.push(scene.site.channel_title(channel).to_owned());
        }
        match &self.selector.queue {
            Some(queue) => parts.push(scene.site.queue_title(queue).to_owned()),
            None if parts.is_empty() => parts.push(scene.language.all_queues().to_owned()),
            None => {}
        }
        parts.extend(scene.language.window(self.window));
        parts.join(" · ")
    }

    /// The number as it is now.
    pub(crate) fn read(&self, scene: &Scene<'_>) -> Reading {
        let value = scene.figures.value(self.kpi, &self.selector, self.window, scene.now_ms);
        let target = self.target_of(scene);
        let (trust, note) = trust(&value.coverage, scene);
        let target_text = target.map(|t| format::figure_in_line(t, value.unit, scene.language));
        let nothing = |state| Reading {
            state,
            tone: Tone::Plain,
            note: note.clone(),
            number: Number {
                text: format::NOTHING.into(),
                unit: "",
                value: None,
                target_text: target_text.clone(),
                detail: None,
            },
        };
        match value.figure {
            Figure::NoData => nothing(State::NoData),
            Figure::NotApplicable => nothing(State::NotApplicable),
            Figure::Concealed => nothing(State::Concealed),
            // A figure that is no number (a formula's 0/0) is no data, never text.
            Figure::Number(number) if !number.is_finite() => nothing(State::NoData),
            Figure::Number(number) => {
                let written = format::figure(number, value.unit, scene.language);
                Reading {
                    state: trust,
                    tone: self.tone(number, target),
                    number: Number {
                        text: written.text,
                        unit: written.unit,
                        value: Some(number),
                        target_text,
                        detail: detail(&value, number, scene),
                    },
                    note,
                }
            }
        }
    }

    /// The target: the file's, or for a service level the goal that its queue promises, for
    /// promises kept that of their policy.
    pub(crate) fn target_of(&self, scene: &Scene<'_>) -> Option<f64> {
        self.target.or_else(|| match self.kpi.id {
            "service_level" => Some(scene.site.goal(self.selector.queue.as_deref())),
            "sla_met" => scene.site.policy_goal(self.selector.policy.as_deref()?),
            _ => None,
        })
    }

    fn tone(&self, number: f64, target: Option<f64>) -> Tone {
        let beyond = |limit: f64| match self.kpi.better {
            Better::Higher => number < limit,
            Better::Lower | Better::Neither => number > limit,
        };
        // A limit itself is already a warning where less is better: "3 waiting" with `warn = 3`.
        let reached = |limit: f64| match self.kpi.better {
            Better::Higher => number < limit,
            Better::Lower | Better::Neither => number >= limit,
        };
        if self.limits.bad.is_some_and(reached) {
            Tone::Bad
        } else if self.limits.warn.is_some_and(reached) || target.is_some_and(beyond) {
            Tone::Warn
        } else if self.limits != Limits::default() || target.is_some() {
            Tone::Good
        } else {
            Tone::Plain
        }
    }
}

/// Reads `kpi`.
fn parse_kpi(section: &Section<'_>) -> Option<&'static Kpi> {
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

/// The window that a KPI is shown over where the file does not say.
fn default_window(kpi: &Kpi) -> Window {
    if kpi.is_state { Window::Now } else { Window::Min15 }
}

/// How far a number can be trusted, and who is missing in it.
pub(crate) fn trust(coverage: &Coverage, scene: &Scene<'_>) -> (State, Option<String>) {
    let broken =
        |channel: &&ChannelCoverage| matches!(channel.feed, FeedHealth::Late | FeedHealth::Silent);
    let missing: Vec<_> = coverage.channels.iter().filter(broken).collect();
    if missing.is_empty() {
        return (State::Live, None);
    }
    let any_live = coverage.channels.iter().any(|channel| channel.feed == FeedHealth::Live);
    let state = if any_live { State::Late } else { State::Stale };
    let names: Vec<_> =
        missing.iter().map(|channel| scene.site.channel_title(&channel.channel)).collect();
    // Since the earliest of them: from then on the number lacks something.
    let since = missing.iter().filter_map(|channel| channel.last_event_ms).min();
    let since = since.map(|at| format::clock_time(at, &scene.site.time_zone));
    (state, Some(scene.language.without(&names.join(", "), since.as_deref())))
}

/// The counts that a share is made of, by their names in receipts: the part, and those that are
/// the whole together.
pub(super) const SHARES: [(&str, &[&str]); 4] = [
    ("in_time", &["counted"]),
    ("abandoned", &["offered"]),
    ("kept", &["kept", "broken"]),
    ("positive", &["ratings"]),
];

/// "833 of 1,017 in 20 s": the counts behind a share, and the one threshold that it knows.
fn detail(value: &Value, share: f64, scene: &Scene<'_>) -> Option<String> {
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
