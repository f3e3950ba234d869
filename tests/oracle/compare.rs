//! The engine's answers beside the recount's: what differs, and what is left out under which name.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use tablica::engine::Engine;
use tablica::kpi::{self, Kpi, value::Figure, value::Value};
use tablica::scope::{Selector, Window};

use super::ask::{Answer, Ask};
use super::draw::Scenario;
use super::figures;
use super::hours::{self, Span};
use super::reading::{Point, Reading};
use super::recount::Recount;
use super::refusals;
use super::world::tells;

/// Percentiles are exact to half a per cent of the value.
const PERCENTILE_TOLERANCE: f64 = 0.005;
/// A sliding window's span is within two per cent of its name.
const SPAN_TOLERANCE: f64 = 0.02;
/// Figures of one agent need so many contacts.
const CONTACTS_OF_AGENT_MIN: usize = 5;
/// Figures with a span of their own, which is not their window's.
const OWN_SPAN: [&str; 5] =
    ["fcr", "mentions_jump", "negative_jump", "contacts_jump", "topic_change"];

/// Figures of settlements begin so.
const SETTLED: [&str; 5] =
    ["ttr", "reopen_rate", "automation_rate", "complaints_resolved", "complaint_resolution"];

/// What is asked.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) kpi: &'static Kpi,
    pub(super) selector: Selector,
    pub(super) window: Window,
}

impl Question {
    /// `offered{channel=pbx, window=5m}`
    pub(super) fn words(&self) -> String {
        let mut words: Vec<_> = self.selector.words();
        words.push(("window", self.window.id().to_owned()));
        let words: Vec<_> = words.into_iter().map(|(key, it)| format!("{key}={it}")).collect();
        format!("{}{{{}}}", self.kpi.id, words.join(", "))
    }

    /// The keys by which it selects: `channel+queue`.
    pub(super) fn keys(&self) -> String {
        let keys: Vec<_> = self.selector.words().into_iter().map(|(key, _)| key).collect();
        keys.join("+")
    }
}

/// The engine said something that the definitions do not.
#[derive(Clone)]
pub(super) struct Difference {
    pub(super) question: Question,
    pub(super) expected: String,
    pub(super) got: String,
}

/// A scenario as the engine has it, and as it is recounted.
pub(super) struct Comparison<'a> {
    scenario: &'a Scenario,
    engine: Engine,
    /// What the engine has no room to watch, besides everything else.
    unwatched: Vec<Selector>,
    first: Recount,
    /// The other readings of the open points, made when they are needed.
    others: OnceCell<Vec<(Point, Recount)>>,
    /// How many answers were compared, and left out under which name.
    pub(super) compared: usize,
    pub(super) left_out: BTreeMap<String, usize>,
    /// Windows whose receipts tell another span.
    pub(super) spans: BTreeMap<Window, String>,
}

/// Tells the engine everything in the order in which it became known.
pub(super) fn play(scenario: &Scenario, watched: &[Selector]) -> Engine {
    play_watching(scenario, watched).0
}

/// Says, too, what there is no room to watch.
fn play_watching(scenario: &Scenario, watched: &[Selector]) -> (Engine, Vec<Selector>) {
    let mut engine = Engine::new(scenario.world.rules());
    let unwatched = watched.iter().filter(|selector| !engine.watch(selector)).cloned().collect();
    for event in &scenario.events {
        engine.apply(event, event.known_ms());
    }
    engine.tick(scenario.now_ms);
    (engine, unwatched)
}

impl<'a> Comparison<'a> {
    pub(super) fn new(scenario: &'a Scenario, watched: &[Selector]) -> Self {
        let (engine, unwatched) = play_watching(scenario, watched);
        Comparison {
            scenario,
            engine,
            unwatched,
            first: Recount::of(scenario, Reading::default()),
            others: OnceCell::new(),
            compared: 0,
            left_out: BTreeMap::new(),
            spans: BTreeMap::new(),
        }
    }

    pub(super) fn is_watched(&self, selector: &Selector) -> bool {
        !self.unwatched.contains(selector)
    }

    pub(super) fn value(&self, question: &Question) -> Value {
        let Question { kpi, selector, window } = question;
        kpi::compute(kpi, &self.engine, selector, *window, self.scenario.now_ms)
    }

    /// What a recount answers, over the span of the window's name.
    pub(super) fn answer_of(recount: &Recount, question: &Question) -> Answer {
        let Question { kpi, selector, window } = question;
        let now = Span { from_ms: recount.now_ms, to_ms: recount.now_ms };
        let span = hours::span(recount.world, *window, recount.now_ms).unwrap_or(now);
        figures::answer(kpi, &Ask { recount, selector, span })
    }

    /// What the definitions answer, if they decide it; else the reason why not.
    fn expected(&self, question: &Question, span: Span) -> Answer {
        self.answer(&self.first, question, span)
    }

    fn answer(&self, recount: &Recount, question: &Question, span: Span) -> Answer {
        let Question { kpi, selector, .. } = question;
        figures::answer(kpi, &Ask { recount, selector, span })
    }

    /// The open points by whose reading the answer differs, and whether the engine gives that one.
    fn open_points(&self, question: &Question, value: &Value, span: Span) -> Vec<(Point, bool)> {
        let base = self.expected(question, span);
        let others = self.others.get_or_init(|| {
            let recount = |point| (point, Recount::of(self.scenario, Reading(Some(point))));
            Point::ALL.iter().copied().map(recount).collect()
        });
        let answers =
            others.iter().map(|(it, recount)| (*it, self.answer(recount, question, span)));
        let other = answers.filter(|(_, answer)| *answer != base);
        other.map(|(it, answer)| (it, self.accepts(question, answer, value, span))).collect()
    }

    /// The difference, if there is one.
    pub(super) fn differs(&mut self, question: &Question) -> Option<Difference> {
        let value = self.value(question);
        let told = |expected: String| {
            Some(Difference { question: question.clone(), expected, got: shown(&value) })
        };
        if value.figure == Figure::NotApplicable && value.receipt.sentence.trim().is_empty() {
            return told("a sentence that says why it is not applicable".to_owned());
        }
        let named = hours::span(self.scenario.world, question.window, self.scenario.now_ms);
        let Some(named) = named.or(question
            .kpi
            .is_state
            .then_some(Span { from_ms: self.scenario.now_ms, to_ms: self.scenario.now_ms }))
        else {
            self.compared += 1;
            return match value.figure {
                Figure::NotApplicable | Figure::Concealed => None,
                _ => told("not applicable: there is no such span now".to_owned()),
            };
        };
        let span = self.told_span(question, &value, named);
        let expected = self.expected(question, span);
        if let Answer::Undecided(why) = expected {
            *self.left_out.entry(why.to_owned()).or_insert(0) += 1;
            return None;
        }
        self.compared += 1;
        if self.accepts(question, expected, &value, span) {
            return None;
        }
        let points = self.open_points(question, &value, span);
        if let Some((point, _)) = points.iter().find(|(_, is_given)| *is_given) {
            *self.left_out.entry(format!("{point:?}")).or_insert(0) += 1;
            return None;
        }
        let points: Vec<_> = points.into_iter().map(|(point, _)| point).collect();
        let open = if points.is_empty() { String::new() } else { format!(", or by {points:?}") };
        told(format!("{expected:?}{open}"))
    }

    /// The span to count over: the window's by its name, or as the receipt tells it where a window
    /// is a little shorter or longer than its name. A receipt of another span is a finding of its
    /// own; the figure is then held to what its receipt says.
    fn told_span(&mut self, question: &Question, value: &Value, named: Span) -> Span {
        let told = &value.receipt.window;
        let id = question.kpi.id;
        if question.kpi.is_state || OWN_SPAN.contains(&id) || value.figure == Figure::NotApplicable
        {
            return named;
        }
        let length_ms = (named.to_ms - named.from_ms) as f64;
        let is_about = question.window.is_sliding()
            || matches!(question.window, Window::Hours24 | Window::Hours48);
        let off_ms = (told.from_ms - named.from_ms).abs() as f64;
        let slack = if is_about { SPAN_TOLERANCE } else { 0.0 };
        let ends = [named.to_ms, named.to_ms + i64::from(question.window == Window::Yesterday)];
        if off_ms > length_ms * slack || !ends.contains(&told.to_ms) {
            let words = format!(
                "{}: expected a span from {} to {}, the receipt tells {} to {}",
                question.window.id(),
                named.from_ms,
                named.to_ms,
                told.from_ms,
                told.to_ms
            );
            self.spans.insert(question.window, words);
        }
        let from_ms = if is_about { told.from_ms } else { named.from_ms };
        Span { from_ms, to_ms: named.to_ms }
    }

    /// No network of the selected contacts can tell what the figure is made of.
    fn is_untold(&self, question: &Question) -> bool {
        let can_tell: fn(&str) -> bool = match question.kpi.id {
            "after_work_time" | "time_after_work" | "agents_after_work" => {
                |channel| tells(channel).wrapped_up
            }
            id if SETTLED.iter().any(|begins| id.starts_with(begins)) => {
                |channel| tells(channel).resolved
            }
            _ => return false,
        };
        let now = Span { from_ms: self.scenario.now_ms, to_ms: self.scenario.now_ms };
        let selector = &question.selector;
        let ask = Ask { recount: &self.first, selector, span: now };
        match &selector.channel {
            Some(channel) => !can_tell(channel),
            None => !ask.contacts().any(|contact| can_tell(&contact.channel)),
        }
    }

    fn accepts(&self, question: &Question, expected: Answer, value: &Value, span: Span) -> bool {
        let keys = question.selector.words();
        let follows = |key: &str| !refusals::cannot_follow(question.kpi.id, key);
        let is_plain = keys.iter().all(|(key, _)| follows(key));
        let is_nought = matches!(expected, Answer::NoData | Answer::Number(0.0));
        let may_refuse = !is_plain
            || matches!(expected, Answer::Nothing)
            || is_nought && self.is_untold(question);
        // Before the first event nothing is known, which is not nothing.
        let is_unknown = span.to_ms < self.first.first_ms;
        let is_zero = matches!(expected, Answer::Nothing | Answer::Number(0.0));
        match (expected, value.figure) {
            (_, Figure::Concealed) => self.may_conceal(question, span),
            (Answer::NotApplicable, figure) => figure == Figure::NotApplicable,
            (_, Figure::NotApplicable) => may_refuse,
            (Answer::Number(expected), Figure::Number(got)) => {
                self.may_show(question, span) && is_close(question.kpi, expected, got)
            }
            (Answer::Nothing, Figure::Number(got)) => got == 0.0,
            (Answer::NoData | Answer::Nothing, Figure::NoData) => true,
            (Answer::Number(_), Figure::NoData) => is_unknown && is_zero,
            (Answer::NoData | Answer::Undecided(_), _) => false,
        }
    }

    /// Enough contacts of the agent stand behind the figure, if it is one of an agent's.
    fn may_show(&self, question: &Question, span: Span) -> bool {
        let ask = Ask { recount: &self.first, selector: &question.selector, span };
        let Some(agent) = &question.selector.agent else { return true };
        let contacts = if is_of_promises(question.kpi) {
            ask.contacts_promised(question.kpi.is_state)
        } else {
            ask.contacts_ever(agent)
        };
        contacts >= CONTACTS_OF_AGENT_MIN
    }

    /// It is a figure of one agent, of which it is not certain that five contacts stand behind it.
    /// Certain are promises of one policy to contacts that nobody else has had, nor the same agent
    /// at another time. Whether a figure's own contacts are to be five, or all that the agent has
    /// had then, is not defined for the others.
    fn may_conceal(&self, question: &Question, span: Span) -> bool {
        let ask = Ask { recount: &self.first, selector: &question.selector, span };
        let is_certain = is_of_promises(question.kpi)
            && question.selector.policy.is_some()
            && ask.contacts_promised_here_only() >= CONTACTS_OF_AGENT_MIN;
        question.selector.agent.is_some() && !is_certain
    }
}

fn is_of_promises(kpi: &Kpi) -> bool {
    kpi.id.starts_with("sla_")
}

fn is_close(kpi: &Kpi, expected: f64, got: f64) -> bool {
    if kpi.id == "sla_next_breach" {
        return (expected - got).abs() < 1.0; // which is told to the second
    }
    let is_quantile = ["_median", "_p90", "_p95"].iter().any(|end| kpi.id.ends_with(end));
    let tolerance = if is_quantile { PERCENTILE_TOLERANCE } else { 1e-9 };
    (expected - got).abs() <= tolerance * expected.abs() + 1e-9
}

fn shown(value: &Value) -> String {
    format!("{:?}: {}", value.figure, value.receipt.sentence)
}
