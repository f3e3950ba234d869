//! Whom the made-up numbers are of, each beside what its queue or policy promises: colours come
//! from there.

use super::figures::MadeUp;
use crate::config::model::Queue;
use crate::event::Medium;
use crate::kpi::value::{Of, Part, Yardstick};
use crate::kpi::{self, Kpi};
use crate::scope::Selector;

/// Contacts behind each share: enough for a colour.
const VOLUME: i64 = 200;

impl MadeUp {
    /// The queue of who waits longest, and the parts.
    pub(super) fn parts(
        &self,
        kpi: &Kpi,
        selector: &Selector,
        number: Option<f64>,
    ) -> (Option<Of>, Vec<Part>) {
        let none = (None, Vec::new());
        let Some(number) = number else { return none };
        match kpi.id {
            "waiting" => (None, self.waits(selector, true)),
            "longest_wait_now" => (self.longest(selector, number), self.waits(selector, true)),
            "oldest_unanswered_now" => {
                (self.longest(selector, number), self.waits(selector, false))
            }
            "agents_available" => (None, self.waits(selector, true)),
            id if id.starts_with("unanswered") => (None, self.waits(selector, false)),
            "service_level" => (None, self.shares(kpi, selector)),
            "sla_met" => (None, self.promises(kpi, selector)),
            _ => none,
        }
    }

    /// The first has waited longest of all.
    fn longest(&self, selector: &Selector, number: f64) -> Option<Of> {
        let first = self.queues.iter().next().filter(|_| selector.queue.is_none() && number > 0.0);
        first.map(|queue| Of::Queue(queue.clone()))
    }

    fn asked_queues<'a>(&'a self, selector: &'a Selector) -> impl Iterator<Item = &'a String> {
        let is_asked = |queue: &&String| selector.queue.as_ref().is_none_or(|one| one == *queue);
        self.queues.iter().filter(is_asked)
    }

    fn waits(&self, selector: &Selector, callers: bool) -> Vec<Part> {
        let kinds = [
            (Yardstick::Caller, "longest_wait_now", Medium::Call),
            (Yardstick::Message, "oldest_unanswered_now", Medium::Chat),
        ];
        let is_asked = |yardstick: Yardstick| match (yardstick, selector.kind) {
            (Yardstick::Caller, kind) => callers && kind.is_none_or(|kind| kind == Medium::Call),
            (_, kind) => kind != Some(Medium::Call),
        };
        let mut parts = Vec::new();
        for queue in self.asked_queues(selector) {
            let rules: &Queue = self.rules.rules(queue);
            for (yardstick, id, kind) in kinds.into_iter().filter(|it| is_asked(it.0)) {
                let of = Selector {
                    queue: Some(queue.clone()),
                    kind: Some(kind),
                    ..Selector::default()
                };
                let number = kpi::find(id).and_then(|kpi| self.number(kpi, &of)).unwrap_or(0.0);
                let promised = match yardstick {
                    Yardstick::Caller => rules.answer_threshold,
                    _ => rules.reply_threshold,
                };
                let promised = promised.as_secs_f64();
                let of = Of::Queue(queue.clone());
                if number > 0.0 {
                    parts.push(Part { of, yardstick, number, promised, volume: None });
                }
            }
        }
        parts
    }

    fn shares(&self, kpi: &Kpi, selector: &Selector) -> Vec<Part> {
        let part = |queue: &String| {
            let of = Selector { queue: Some(queue.clone()), ..selector.clone() };
            Some(Part {
                of: Of::Queue(queue.clone()),
                yardstick: Yardstick::Share,
                number: self.number(kpi, &of)?,
                promised: self.rules.rules(queue).goal,
                volume: Some(VOLUME),
            })
        };
        self.asked_queues(selector).filter_map(part).collect()
    }

    fn promises(&self, kpi: &Kpi, selector: &Selector) -> Vec<Part> {
        let is_asked = |policy: &&String| selector.policy.as_ref().is_none_or(|one| one == *policy);
        let part = |policy: &String| {
            let of = Selector { policy: Some(policy.clone()), ..selector.clone() };
            Some(Part {
                of: Of::Policy(policy.clone()),
                yardstick: Yardstick::Share,
                number: self.number(kpi, &of)?,
                promised: super::POLICY_GOAL,
                volume: Some(VOLUME),
            })
        };
        self.policies.iter().filter(is_asked).filter_map(part).collect()
    }
}
