//! How the differences between two configs are told: which numbers first, then when.

use std::io::{self, Write};

use serde::Serialize;

use super::diff::Configs;
use super::fold::LeftOut;
use super::select::{name, of};
use super::span::Span;
use super::{csv, figures, notes};
use crate::event::UnixMs;
use crate::kpi::text;
use crate::kpi::value::{Figure, Unit};
use crate::scope::{Selector, Window};

/// A number that differs somewhere.
pub(super) struct Differing {
    pub(super) kpi: &'static str,
    pub(super) selector: Selector,
    pub(super) window: Window,
    pub(super) unit: Unit,
    /// At how many moments.
    pub(super) times: u64,
    /// Where it differs most.
    pub(super) most: Option<Difference>,
}

/// A number that differs at a moment.
#[derive(Clone, Copy)]
pub(super) struct Difference {
    pub(super) at_ms: UnixMs,
    /// Which, in [`Report::found`].
    pub(super) number: usize,
    pub(super) a: Figure,
    pub(super) b: Figure,
}

/// Everything that is told.
pub(super) struct Report<'a> {
    pub(super) configs: &'a Configs,
    pub(super) span: &'a Span,
    pub(super) found: &'a [Differing],
    /// By time.
    pub(super) listed: &'a [Difference],
    pub(super) not_listed: u64,
    /// Numbers looked at, over all moments.
    pub(super) compared: u64,
    pub(super) unreadable: u64,
}

/// A difference in JSON.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    at_ms: UnixMs,
    kpi: &'static str,
    selector: &'a Selector,
    window: Window,
    unit: Unit,
    a: Figure,
    b: Figure,
}

/// A difference on a line of its own.
#[derive(Serialize)]
struct ShortLine<'a> {
    at: String,
    kpi: &'static str,
    selector: &'a Selector,
    window: Window,
    a_state: &'static str,
    a: Option<f64>,
    b_state: &'static str,
    b: Option<f64>,
    unit: Unit,
}

#[derive(Serialize)]
struct Summary<'a> {
    kpi: &'static str,
    selector: &'a Selector,
    window: Window,
    steps_differing: u64,
    most: Option<Line<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    a: &'a str,
    b: &'a str,
    from: String,
    to: String,
    step_ms: i64,
    steps: i64,
    values_compared: u64,
    events_unreadable: u64,
    summary: Vec<Summary<'a>>,
    differences: Vec<Line<'a>>,
    differences_not_listed: u64,
}

impl<'a> Report<'a> {
    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let Configs { a, b } = self.configs;
        let (from, to) = (self.span.full(self.span.from_ms), self.span.full(self.span.to_ms));
        writeln!(out, "A is {a}, B is {b}.")?;
        let (step, moments) = (self.span.step(), self.span.told());
        writeln!(out, "From {from} to {to}, every {step}: {moments}.")?;
        notes::write_left_out(LeftOut { later: None, unreadable: self.unreadable }, out)?;
        if self.found.is_empty() {
            return match self.compared {
                1 => writeln!(out, "No difference: the one value is equal."),
                all => writeln!(out, "No difference: all {all} values are equal."),
            };
        }
        for number in self.found {
            self.write_sentence(number, out)?;
        }
        self.write_table(out)?;
        match self.not_listed {
            0 => Ok(()),
            more => writeln!(out, "and {more} more; take a longer --step or fewer numbers"),
        }
    }

    /// "service_level{queue=sales} today differs at 14 of 96 moments, most at …"
    fn write_sentence(&self, number: &Differing, out: &mut dyn Write) -> io::Result<()> {
        let name = name(number.kpi, &number.selector);
        let (window, times, moments) = (number.window.id(), number.times, self.span.told());
        write!(out, "{name} {window} differs at {times} of {moments}")?;
        if let Some(Difference { at_ms, a, b, .. }) = number.most {
            let (a, b) = (text::figure(a, number.unit), text::figure(b, number.unit));
            write!(out, ", most at {}: A {a}, B {b}", self.span.short(at_ms))?;
        }
        writeln!(out)
    }

    fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        let names: Vec<String> =
            self.found.iter().map(|number| name(number.kpi, &number.selector)).collect();
        let wide = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        writeln!(
            out,
            "\n{:<19}  {:<wide$}  {:<6}  {:>14}  {:>14}",
            "time", "number", "window", "A", "B"
        )?;
        for Difference { at_ms, number, a, b } in self.listed {
            let (at, name, number) =
                (self.span.short(*at_ms), &names[*number], &self.found[*number]);
            let (a, b) = (text::figure(*a, number.unit), text::figure(*b, number.unit));
            writeln!(out, "{at}  {name:<wide$}  {:<6}  {a:>14}  {b:>14}", number.window.id())?;
        }
        Ok(())
    }

    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let summary = self.found.iter().map(|number| Summary {
            kpi: number.kpi,
            selector: &number.selector,
            window: number.window,
            steps_differing: number.times,
            most: number.most.map(|most| self.line(&most)),
        });
        let document = Document {
            a: &self.configs.a,
            b: &self.configs.b,
            from: self.span.full(self.span.from_ms),
            to: self.span.full(self.span.to_ms),
            step_ms: self.span.step_ms,
            steps: self.span.len(),
            values_compared: self.compared,
            events_unreadable: self.unreadable,
            summary: summary.collect(),
            differences: self.listed.iter().map(|difference| self.line(difference)).collect(),
            differences_not_listed: self.not_listed,
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)
    }

    /// A line for each difference, as long as the numbers' own.
    pub(super) fn write_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        for difference in self.listed {
            let number = &self.found[difference.number];
            let Difference { a, b, .. } = *difference;
            let line = ShortLine {
                at: figures::moment(self.span.zone(), difference.at_ms),
                kpi: number.kpi,
                selector: &number.selector,
                window: number.window,
                a_state: figures::state(a),
                a: figures::number(a),
                b_state: figures::state(b),
                b: figures::number(b),
                unit: number.unit,
            };
            figures::line(out, &line)?;
        }
        Ok(())
    }

    pub(super) fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        csv::line(out, &["at", "kpi", "selector", "window", "a", "b", "a_display", "b_display"])?;
        for difference in self.listed {
            let number = &self.found[difference.number];
            let Difference { a, b, .. } = *difference;
            let cells = [
                self.span.full(difference.at_ms),
                number.kpi.to_owned(),
                of(&number.selector),
                number.window.id().to_owned(),
                csv::number(a),
                csv::number(b),
                text::figure(a, number.unit),
                text::figure(b, number.unit),
            ];
            csv::line(out, &cells)?;
        }
        Ok(())
    }

    fn line(&self, difference: &Difference) -> Line<'a> {
        let number = &self.found[difference.number];
        Line {
            at: self.span.full(difference.at_ms),
            at_ms: difference.at_ms,
            kpi: number.kpi,
            selector: &number.selector,
            window: number.window,
            unit: number.unit,
            a: difference.a,
            b: difference.b,
        }
    }
}
