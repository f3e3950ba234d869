//! What a KPI can be asked for: found out by asking, so that the page says what the engine does.

use std::collections::BTreeMap;

use super::day;
use crate::engine::Engine;
use crate::kpi::value::{Figure, Value};
use crate::kpi::{Kpi, compute, text};
use crate::scope::{Selector, Window};

/// One KPI, asked in every way.
pub(super) struct Probe {
    /// A figure of the day, with its receipt.
    pub(super) example: Value,
    /// Its only window, where it has one that cannot be chosen.
    pub(super) only_window: Option<Window>,
    /// Windows that it can be over.
    pub(super) windows: Vec<Window>,
    /// Keys of selectors that it can follow.
    pub(super) keys: Vec<&'static str>,
    /// Why it cannot be over the other windows, nor follow the other keys: sentence → what.
    pub(super) refused: BTreeMap<String, Vec<String>>,
    /// Keys by which it says neither.
    pub(super) silent: Vec<&'static str>,
    /// What it says when nothing happened.
    pub(super) nothing: Value,
    /// Figures of one agent are concealed when there are few.
    pub(super) is_concealed: bool,
}

/// The engines that are asked.
pub(super) struct Asked {
    noon: Engine,
    later: Engine,
}

impl Asked {
    pub(super) fn new() -> Self {
        Asked { noon: day::at_noon(), later: day::later() }
    }

    pub(super) fn probe(&self, kpi: &Kpi) -> Probe {
        let all = Selector::default();
        let ask = |selector: &Selector, window| {
            compute(kpi, &self.noon, selector, window, self.noon.now_ms())
        };
        let mut refused: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (mut keys, mut silent, mut examples) = (Vec::new(), Vec::new(), Vec::new());
        examples.push(ask(&all, Window::Today));
        for (key, choices) in day::selectors() {
            let answers: Vec<Value> =
                choices.iter().map(|selector| ask(selector, Window::Today)).collect();
            if let Some(answer) = answers.iter().find(|answer| is_number(answer)) {
                keys.push(key);
                examples.push(answer.clone());
            } else if let Some(answer) =
                answers.iter().find(|answer| answer.figure == Figure::NotApplicable)
            {
                let sentence = answer.receipt.sentence.clone();
                refused.entry(sentence).or_default().push(format!("`{key}`"));
            } else {
                silent.push(key);
            }
        }
        let example = examples.iter().find(|answer| is_number(answer)).expect(kpi.id).clone();
        let only_window = kpi.is_state.then_some(example.receipt.window.window);
        let mut windows = Vec::new();
        for window in Window::ALL.into_iter().filter(|window| *window != Window::Now) {
            let answer = ask(&example.selector, window);
            match answer.figure {
                Figure::NotApplicable => {
                    let sentence = answer.receipt.sentence;
                    refused.entry(sentence).or_default().push(format!("`{}`", window.id()));
                }
                _ => windows.push(window),
            }
        }
        let window = if kpi.is_state { Window::Now } else { Window::Min5 };
        let now_ms = self.later.now_ms();
        let nothing = compute(kpi, &self.later, &example.selector, window, now_ms);
        let agent = Selector { agent: Some("boris".to_owned()), ..Selector::default() };
        let is_concealed = ask(&agent, Window::Today).figure == Figure::Concealed;
        Probe { example, only_window, windows, keys, refused, silent, nothing, is_concealed }
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value.figure, Figure::Number(_))
}

/// A figure as it is written, and the sentence that explains it.
pub(super) fn told(value: &Value) -> String {
    format!("{}: \"{}\"", text::figure(value.figure, value.unit), value.receipt.sentence)
}
