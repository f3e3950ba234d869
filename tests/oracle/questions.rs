//! What is asked of each scenario: everything that contacts can be selected by, alone and in pairs.

use tablica::kpi;
use tablica::scope::{Selector, Window};

use super::compare::Question;
use super::world::{CHANNELS, POLICIES};

/// The values of each key that occur in scenarios.
fn values() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("channel", CHANNELS.to_vec()),
        ("queue", vec!["sales", "care", "back", ""]),
        ("agent", vec!["ann", "ben", "eve", "fay"]),
        ("kind", vec!["call", "chat", "ticket", "comment", "message"]),
        ("priority", vec!["normal", "high"]),
        ("public", vec!["true", "false"]),
        ("topic", vec!["refund", "login"]),
        ("policy", POLICIES.map(|policy| policy.name).to_vec()),
        ("dimension", vec!["clear"]),
    ]
}

fn with(selector: &Selector, key: &str, value: &str) -> Selector {
    let mut selector = selector.clone();
    selector.set(key, value).expect("a key and its word");
    selector
}

/// All contacts, and those of each value of each key.
pub(super) fn singles() -> Vec<Selector> {
    let all = Selector::default();
    let each = values().into_iter().flat_map(|(key, values)| {
        values.into_iter().map(move |value| with(&Selector::default(), key, value))
    });
    std::iter::once(all).chain(each).collect()
}

/// All pairs of values of two keys.
pub(super) fn pairs() -> Vec<Selector> {
    let values = values();
    let mut pairs = Vec::new();
    for (index, (one, first)) in values.iter().enumerate() {
        for (other, second) in &values[index + 1..] {
            for a in first {
                for b in second {
                    pairs.push(with(&with(&Selector::default(), one, a), other, b));
                }
            }
        }
    }
    pairs
}

/// Every KPI, of these contacts, over every window.
pub(super) fn table(selectors: &[Selector]) -> impl Iterator<Item = Question> {
    selectors.iter().flat_map(|selector| {
        kpi::registry().iter().flat_map(move |&kpi| {
            Window::ALL
                .into_iter()
                .filter(move |it| !kpi.is_state || *it == Window::Now)
                .map(move |window| Question { kpi, selector: selector.clone(), window })
        })
    })
}
