//! What a KPI is computed from: the cells that its selector covers, over its span.

use std::collections::BTreeMap;

use super::covered::{Covered, asked_for, is_live};
use super::value::{Count, Figure, Variant};
use super::{AppliesTo, Kpi, text};
use crate::engine::{
    CellView, Engine, Field, Histogram, Length, QUARTER_MS, Quarters, Standing, Stretch, Sum, Tally,
};
use crate::event::{Millis, UnixMs};
use crate::scope::{Selector, Window};

/// What an agent does for contacts, and how much of it was again for the same contact.
const ONCE_BUT_FOR: [(Field, Field); 4] = [
    (Field::Answered, Field::AnsweredAgain),
    (Field::Answers, Field::AnswersAgain),
    (Field::Handled, Field::HandledAgain),
    (Field::Replies, Field::RepliesAgain),
];

/// What is counted once of each contact.
const ONCE_EACH: [Field; 7] = [
    Field::HandledWritten,
    Field::Responses,
    Field::Assignments,
    Field::Resolved,
    Field::ResolvedFinally,
    Field::Complaints,
    Field::Ratings,
];

/// The span of a reading.
#[derive(Clone, Copy)]
enum Span {
    Window(Window),
    /// A step of a series.
    Stretch(Stretch),
    /// Longer ago, or longer.
    Quarters(Quarters),
}

/// The cells that a selector covers, over the span of a window.
pub(crate) struct Reading<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) selector: &'a Selector,
    pub(crate) now_ms: UnixMs,
    span: Span,
    /// The window that was asked for.
    window: Option<Window>,
    /// What sentences call a span that is no window.
    called: &'static str,
    /// The cells where the KPI makes sense.
    cells: Vec<CellView<'a>>,
    /// Their counts over the span, and those of all together.
    tallies: Vec<Tally>,
    total: Tally,
    /// Who waits, of all together.
    waiting: i64,
    /// There are cells, but the KPI makes sense in none of them.
    elsewhere: bool,
}

/// A figure and how it was made; the part of a receipt that a KPI writes.
pub(crate) struct Outcome {
    pub(crate) figure: Figure,
    pub(crate) formula: &'static str,
    pub(crate) expression: &'static str,
    pub(crate) sentence: String,
    pub(crate) counts: Vec<Count>,
    pub(crate) thresholds_ms: Vec<Count>,
    pub(crate) variants: Vec<Variant>,
    /// The window, where it isn't the one that was asked for.
    pub(crate) window: Option<Window>,
    /// From when to when, where it isn't the window that was asked for.
    pub(crate) span_ms: Option<(UnixMs, UnixMs)>,
}

impl Outcome {
    pub(crate) fn new(kpi: &Kpi, figure: Figure, sentence: String) -> Self {
        Outcome {
            figure,
            formula: kpi.id,
            expression: kpi.expression,
            sentence,
            counts: Vec::new(),
            thresholds_ms: Vec::new(),
            variants: Vec::new(),
            window: None,
            span_ms: None,
        }
    }

    pub(crate) fn not_applicable(kpi: &Kpi, why: &str) -> Self {
        Outcome::new(kpi, Figure::NotApplicable, format!("Not applicable: {why}."))
    }

    pub(crate) fn count(mut self, name: &'static str, value: i64) -> Self {
        self.counts.push(Count { name, value });
        self
    }
}

impl<'a> Reading<'a> {
    pub(crate) fn of_window(
        kpi: &Kpi,
        engine: &'a Engine,
        selector: &'a Selector,
        window: Window,
        now_ms: UnixMs,
    ) -> Self {
        let span = match engine.quarters_of(window) {
            Some(quarters) => Span::Quarters(quarters),
            None => Span::Window(window),
        };
        Reading { window: Some(window), ..Reading::new(kpi, engine, selector, span, now_ms) }
    }

    pub(crate) fn of_quarters(
        kpi: &Kpi,
        engine: &'a Engine,
        selector: &'a Selector,
        quarters: Quarters,
    ) -> Self {
        Reading::new(kpi, engine, selector, Span::Quarters(quarters), engine.now_ms())
    }

    /// One reading for each step of a series: what they cover is found once.
    pub(crate) fn of_stretches(
        kpi: &Kpi,
        engine: &'a Engine,
        selector: &'a Selector,
        stretches: impl IntoIterator<Item = Stretch>,
    ) -> impl Iterator<Item = Self> {
        let covered = Covered::of(kpi, engine, selector);
        stretches.into_iter().map(move |stretch| {
            let span = Span::Stretch(stretch);
            Reading::over(covered.clone(), engine, selector, span, engine.now_ms())
        })
    }

    fn new(
        kpi: &Kpi,
        engine: &'a Engine,
        selector: &'a Selector,
        span: Span,
        now_ms: UnixMs,
    ) -> Self {
        Reading::over(Covered::of(kpi, engine, selector), engine, selector, span, now_ms)
    }

    fn over(
        Covered { cells, elsewhere }: Covered<'a>,
        engine: &'a Engine,
        selector: &'a Selector,
        span: Span,
        now_ms: UnixMs,
    ) -> Self {
        let (mut tallies, mut total, mut waiting) = (Vec::new(), Tally::default(), 0);
        for cell in &cells {
            let (tally, wait) = match span {
                Span::Window(window) => (cell.tally(window), cell.waiting()),
                Span::Stretch(stretch) => cell.stretch(stretch),
                Span::Quarters(quarters) => (cell.quarters(quarters), 0),
            };
            total.add_up(&tally);
            tallies.push(tally);
            waiting += i64::from(wait);
        }
        let (window, called) = (None, "then");
        Reading {
            engine,
            selector,
            now_ms,
            span,
            window,
            called,
            cells,
            tallies,
            total,
            waiting,
            elsewhere,
        }
    }

    /// The same KPI and span, of other contacts.
    pub(crate) fn of<'b>(&self, kpi: &Kpi, selector: &'b Selector) -> Reading<'b>
    where
        'a: 'b,
    {
        let reading = Reading::new(kpi, self.engine, selector, self.span, self.now_ms);
        Reading { window: self.window, called: self.called, ..reading }
    }

    /// The same, with words of the caller for its span: "that week".
    pub(crate) fn called(self, called: &'static str) -> Self {
        Reading { called, ..self }
    }

    /// Figures of the KPI are counted by what the selector names, for that span.
    pub(crate) fn is_counted(&self, kpi: &Kpi) -> bool {
        let of_last_hour = match self.span {
            Span::Window(window) => window.is_sliding(),
            Span::Stretch(_) => true,
            Span::Quarters(_) => false,
        };
        if of_last_hour {
            return is_live(kpi, self.engine, self.selector);
        }
        let asked = asked_for(kpi, self.engine, self.selector);
        asked.iter().all(|selector| self.engine.is_counted(selector))
    }

    /// It is one agent's, and of too few contacts.
    pub(crate) fn is_too_personal(&self) -> bool {
        self.selector.agent.is_some() && self.contacts() < super::CONTACTS_OF_AGENT_MIN
    }

    /// How many contacts of one agent stand behind it, at least.
    fn contacts(&self) -> i64 {
        let first = |(all, again)| self.get(all) - self.get(again);
        let at_work = ONCE_BUT_FOR.into_iter().map(first);
        let once = ONCE_EACH.into_iter().map(|field| self.get(field));
        at_work.chain(once).max().unwrap_or_default().max(self.contacts_promised())
    }

    /// Contacts of one agent that policies have promised something: a contact can be among those of
    /// several policies, so it is those of the one that has the most.
    fn contacts_promised(&self) -> i64 {
        let mut by_policy: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for (cell, tally) in self.tallies() {
            let Some(rules) = cell.policy() else { continue };
            let (counted, open) = by_policy.entry(&rules.name).or_default();
            let verdicts = tally.get(Field::PolicyMet) + tally.get(Field::PolicyBreached);
            *counted += verdicts - tally.get(Field::PolicyAgain);
            // Of one policy, a contact has one open promise.
            let now = Standing::ALL.into_iter().map(|it| i64::from(cell.standing(it)));
            *open += if self.is_now() { now.sum() } else { 0 };
        }
        by_policy.into_values().map(|(counted, open)| counted.max(open)).max().unwrap_or_default()
    }

    fn is_now(&self) -> bool {
        matches!(self.span, Span::Window(Window::Now))
    }

    /// The KPI makes no sense for what the selector covers.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.elsewhere
    }

    pub(crate) fn why_elsewhere(&self, kpi: &Kpi) -> &'static str {
        match kpi.applies_to {
            AppliesTo::Written => "calls are answered, not replied to",
            AppliesTo::Calls => "it is a figure of calls, and there are only written contacts",
            _ => "written contacts are not abandoned unless their network says so",
        }
    }

    pub(crate) fn cells(&self) -> &[CellView<'a>] {
        &self.cells
    }

    /// It is about a past minute: what is only known of this moment is not known of it.
    pub(crate) fn is_past(&self) -> bool {
        !matches!(self.span, Span::Window(_))
    }

    /// From when to when it is.
    pub(crate) fn span_ms(&self) -> (UnixMs, UnixMs) {
        match self.span {
            Span::Window(window) => self.engine.window_ms(window),
            Span::Stretch(stretch) => self.engine.stretch_ms(stretch),
            Span::Quarters(quarters) => {
                (quarters.from_ms(), quarters.to_ms().min(self.engine.now_ms()))
            }
        }
    }

    /// Its whole quarters of an hour that are over; of the last minutes as many as they are long,
    /// up to the last one that is over.
    pub(crate) fn whole_quarters(&self) -> Quarters {
        let (from_ms, to_ms) = self.span_ms();
        let over_ms = to_ms.div_euclid(QUARTER_MS) * QUARTER_MS;
        let sliding_ms = match self.span {
            Span::Window(window) => window.sliding_ms(),
            _ => None,
        };
        let from_ms = sliding_ms
            .map_or(from_ms, |length_ms| over_ms - length_ms.div_euclid(QUARTER_MS) * QUARTER_MS);
        Quarters::between(from_ms, over_ms)
    }

    /// Nothing at all has been seen of what the selector covers.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells with their counts.
    pub(crate) fn tallies(&self) -> impl Iterator<Item = (&CellView<'a>, &Tally)> {
        self.cells.iter().zip(&self.tallies)
    }

    pub(crate) fn get(&self, field: Field) -> i64 {
        self.total.get(field)
    }

    pub(crate) fn sum_ms(&self, sum: Sum) -> Millis {
        self.total.sum_ms(sum)
    }

    pub(crate) fn lengths(&self, length: Length) -> Histogram {
        let mut all = Histogram::default();
        for cell in &self.cells {
            all.merge(&self.lengths_of(cell, length));
        }
        all
    }

    /// The same, queue by queue.
    pub(crate) fn lengths_by_queue(&self, length: Length) -> BTreeMap<&'a str, Histogram> {
        let mut queues: BTreeMap<&str, Histogram> = BTreeMap::new();
        for cell in &self.cells {
            queues.entry(cell.queue()).or_default().merge(&self.lengths_of(cell, length));
        }
        queues
    }

    fn lengths_of(&self, cell: &CellView<'a>, length: Length) -> Histogram {
        match self.span {
            Span::Window(window) => cell.lengths(length, window),
            Span::Stretch(stretch) => cell.stretch_lengths(length, stretch),
            Span::Quarters(quarters) => cell.quarter_lengths(length, quarters),
        }
    }

    /// Who waits now; of a past minute the most who waited at once, queue by queue.
    pub(crate) fn waiting(&self) -> i64 {
        self.waiting
    }

    /// "calls", "written contacts" or both.
    pub(crate) fn noun(&self) -> &'static str {
        let voice = self.cells.iter().any(CellView::has_voice);
        let written = self.cells.iter().any(CellView::has_written);
        match (voice, written) {
            (true, false) => "calls",
            (false, true) => "written contacts",
            _ => "contacts",
        }
    }

    /// "in the last 15 minutes".
    pub(crate) fn when(&self) -> &'static str {
        match (self.span, self.window) {
            (Span::Window(window), _) | (Span::Quarters(_), Some(window)) => text::window(window),
            (Span::Stretch(_) | Span::Quarters(_), _) => self.called,
        }
    }
}

/// A share; no data when there is nothing to share.
pub(crate) fn share(part: i64, whole: i64) -> Figure {
    if whole > 0 { Figure::Number(part as f64 / whole as f64) } else { Figure::NoData }
}

/// A mean in seconds; no data when there is nothing to average.
pub(crate) fn mean_seconds(sum_ms: Millis, count: i64) -> Figure {
    if count > 0 { Figure::Number(sum_ms as f64 / count as f64 / 1000.0) } else { Figure::NoData }
}
