//! What moves slowly and is dear to compute: whether something unusual comes, whether there are
//! enough agents, who waits in public, whom nobody reached.

use std::collections::BTreeMap;

use super::Moment;
use crate::engine::{Field, Tally};
use crate::event::{Millis, UnixMs};
use crate::kpi::forecast;
use crate::scope::{Selector, Window};
use crate::telemetry::names::{self, Metric};

/// What may jump, and its KPI.
const JUMPS: [(&str, &str); 3] =
    [("contacts", "contacts_jump"), ("mentions", "mentions_jump"), ("negative", "negative_jump")];
/// How often it is computed: a jump looks at five hours of five weeks.
const EVERY_MS: Millis = 60_000;

/// In how many seconds each queue has its turn.
const TURNS: usize = 60;

/// A gauge, its labels and its figure.
type Known = (&'static Metric, Vec<String>, Option<f64>);

/// All of it as it was computed last; said anew each second, as a gauge that nobody sets is gone.
#[derive(Default)]
pub(super) struct Slowly {
    known: Vec<Known>,
    due_ms: UnixMs,
    /// By queue, in turns: each looks at all agents.
    staffing: BTreeMap<String, [Option<f64>; 2]>,
    turn: usize,
}

impl Slowly {
    pub(super) fn publish(&mut self, moment: &Moment<'_>) {
        if moment.now_ms >= self.due_ms {
            self.known = known(moment);
            self.due_ms = moment.now_ms + EVERY_MS;
        }
        self.staff(moment);
        for (queue, [required, present]) in &self.staffing {
            names::AGENTS_REQUIRED.set(&[queue], *required);
            names::AGENTS_PRESENT.set(&[queue], *present);
        }
        for (metric, labels, figure) in &self.known {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            metric.set(&labels, *figure);
        }
    }

    /// One of so many queues; a new one is not known until its turn.
    fn staff(&mut self, moment: &Moment<'_>) {
        let queues = moment.engine.queues().filter(|queue| !queue.is_empty());
        for (number, queue) in queues.enumerate() {
            if number % TURNS == self.turn {
                self.staffing.insert(queue.to_owned(), staffing(moment, queue));
            } else if !self.staffing.contains_key(queue) {
                self.staffing.insert(queue.to_owned(), [None; 2]);
            }
        }
        self.turn = (self.turn + 1) % TURNS;
    }
}

fn known(moment: &Moment<'_>) -> Vec<Known> {
    let engine = moment.engine;
    let mut known = Vec::new();
    for channel in engine.channels() {
        known.extend(jumps(moment, channel));
        known.extend(fates(moment, channel));
    }
    for (channel, queue, overdue) in engine.overdue_in_public() {
        let labels = vec![channel.to_owned(), queue.to_owned()];
        known.push((&names::PUBLIC_OVERDUE, labels, Some(overdue as f64)));
    }
    known
}

fn jumps(moment: &Moment<'_>, channel: &str) -> [Known; JUMPS.len()] {
    let selector = Selector::channel(channel);
    JUMPS.map(|(of, kpi)| {
        let labels = vec![channel.to_owned(), of.to_owned()];
        (&names::JUMP, labels, moment.number(kpi, &selector, Window::Now))
    })
}

/// Whether the contacts of the last 48 hours reached a human.
fn fates(moment: &Moment<'_>, channel: &str) -> Vec<Known> {
    let Some(quarters) = moment.engine.quarters_of(Window::Hours48) else { return Vec::new() };
    let mut sum = Tally::default();
    for cell in moment.engine.select(&Selector::channel(channel)) {
        sum.add_up(&cell.quarters(quarters));
    }
    let [asking, reached, never] =
        [Field::Asking, Field::Reached, Field::NeverAnswered].map(|field| sum.get(field));
    let open = (asking - reached - never).max(0);
    [("reached", reached), ("never_answered", never), ("open", open)]
        .map(|(fate, count)| {
            let labels = vec![channel.to_owned(), fate.to_owned()];
            (&names::CONTACTS_48H, labels, Some(count as f64))
        })
        .into()
}

/// How many agents a queue needs, and how many are there.
fn staffing(moment: &Moment<'_>, queue: &str) -> [Option<f64>; 2] {
    let selector = Selector::queue(queue);
    let required = moment.number("agents_required", &selector, Window::Now);
    [required, forecast::present(moment.engine, &selector).map(f64::from)]
}
