//! `--diff`: the same events under two configs, and where their numbers differ.

use std::collections::HashMap;
use std::io::Write;

use super::args::{Args, Format};
use super::difference::{self, Difference, Differing};
use super::fold::Fold;
use super::select::Selection;
use super::span::Span;
use super::{ReplayError, config_name};
use crate::kpi::value::{Figure, Value};
use crate::scope::{Selector, Window};

/// Differences that are listed; the summary counts further ones, too.
const LISTED_MAX: usize = 200_000;

/// The two configs' names.
pub(super) struct Configs {
    pub(super) a: String,
    pub(super) b: String,
}

impl Configs {
    pub(super) fn of(args: &Args) -> Self {
        Self { a: config_name(args.config.as_deref()), b: config_name(args.diff.as_deref()) }
    }
}

/// Folds through the span under both and prints.
pub(super) fn print(
    mut fold: Fold<2>,
    configs: &Configs,
    span: &Span,
    selection: &Selection,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), ReplayError> {
    let mut found = Found::default();
    for at_ms in span.moments() {
        fold.advance(at_ms);
        let [a, b] = &fold.engines;
        let mut selectors = selection.selectors(a);
        for selector in selection.selectors(b) {
            if !selectors.contains(&selector) {
                selectors.push(selector);
            }
        }
        for selector in &selectors {
            let of_a = selection.figures(a, selector, at_ms);
            let of_b = selection.figures(b, selector, at_ms);
            for (a, b) in of_a.into_iter().zip(of_b) {
                found.compare(at_ms, a.value, &b.value);
            }
        }
    }
    selection.check(&fold.engines[0])?;
    let report = difference::Report {
        configs,
        span,
        found: &found.numbers,
        listed: &found.listed,
        not_listed: found.not_listed,
        compared: found.compared,
        unreadable: fold.unreadable(),
    };
    match format {
        Format::Text => report.write_text(out)?,
        Format::Json => report.write_json(out)?,
        Format::Jsonl => report.write_lines(out)?,
        Format::Csv => report.write_csv(out)?,
    }
    out.flush()?;
    Ok(())
}

/// What was found so far.
#[derive(Default)]
struct Found {
    /// In the order in which they first differed.
    numbers: Vec<Differing>,
    places: HashMap<(&'static str, Selector, Window), usize>,
    listed: Vec<Difference>,
    not_listed: u64,
    compared: u64,
}

impl Found {
    fn compare(&mut self, at_ms: i64, a: Value, b: &Value) {
        self.compared += 1;
        if a.figure == b.figure {
            return;
        }
        let window = a.receipt.window.window;
        let key = (a.kpi, a.selector.clone(), window);
        let number = *self.places.entry(key).or_insert_with(|| {
            self.numbers.push(Differing {
                kpi: a.kpi,
                selector: a.selector,
                window,
                unit: a.unit,
                times: 0,
                most: None,
            });
            self.numbers.len() - 1
        });
        let difference = Difference { at_ms, number, a: a.figure, b: b.figure };
        let known = &mut self.numbers[number];
        known.times += 1;
        if known.most.is_none_or(|most| distance(&difference) > distance(&most)) {
            known.most = Some(difference);
        }
        if self.listed.len() < LISTED_MAX {
            self.listed.push(difference);
        } else {
            self.not_listed += 1;
        }
    }
}

/// How far apart two figures are; "no data" is not far from anything.
fn distance(difference: &Difference) -> f64 {
    match (difference.a, difference.b) {
        (Figure::Number(a), Figure::Number(b)) => (a - b).abs(),
        _ => 0.0,
    }
}
