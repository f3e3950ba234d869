//! Queues: who waits, what was promised, what came and went.

use std::collections::BTreeMap;

use super::Moment;
use crate::config::model::Queues;
use crate::engine::{CellCounters, Engine, Field};
use crate::kpi::service_level;
use crate::kpi::value::Yardstick;
use crate::scope::{Selector, Window};
use crate::telemetry::names::{self, Metric};

/// Windows over which Prometheus gets service levels ready-made; others it makes of counters.
const SERVICE_LEVEL_WINDOWS: [Window; 3] = [Window::Min15, Window::Min60, Window::Today];

/// What is counted of each channel and queue.
pub(super) static FLOWS: [(&Metric, Field); 6] = [
    (&names::OFFERED, Field::Offered),
    (&names::ANSWERED, Field::Answered),
    (&names::ANSWERED_IN_THRESHOLD, Field::DecidedInTime),
    (&names::ABANDONED, Field::Abandoned),
    (&names::ABANDONED_SHORT, Field::AbandonedShort),
    (&names::FLOWED_OUT, Field::FlowedOut),
];

pub(super) fn publish(moment: &Moment<'_>, rules: &Queues) {
    for (queue, (in_time, counted)) in totals(moment.engine, rules) {
        names::SL_DECIDED.reach(&[&queue], counted);
        names::SL_IN_TIME.reach(&[&queue], in_time);
        publish_state(moment, rules, &queue);
    }
}

/// In time and counted, of each queue. Configured queues are there from the start, so that their
/// counters begin at 0 and Prometheus sees the first contact as an increase; others once they
/// appear. Those beyond what the engine tells apart are no queues: nothing is ever counted in them,
/// and of a hundred thousand each second would be too short.
fn totals(engine: &Engine, rules: &Queues) -> BTreeMap<String, (u64, u64)> {
    let told_apart = engine.queues().filter(|queue| rules.named.contains_key(*queue));
    let mut totals: BTreeMap<String, (u64, u64)> =
        told_apart.map(|queue| (queue.to_owned(), (0, 0))).collect();
    for cell in engine.counters() {
        let (in_time, counted) = service_level::in_time_and_counted(&cell);
        let total = totals.entry(cell.queue().to_owned()).or_default();
        *total = (total.0 + in_time, total.1 + counted);
    }
    totals
}

fn publish_state(moment: &Moment<'_>, rules: &Queues, queue: &str) {
    let selector = Selector::queue(queue);
    let read = |kpi, window| moment.number(kpi, &selector, window);
    let promise = rules.rules(queue);
    names::GOAL.set(&[queue], promise.goal);
    names::WAITING.set(&[queue], read("waiting", Window::Now).unwrap_or_default());
    let (longest, waits) = moment.number_and_parts("longest_wait_now", &selector);
    names::LONGEST_WAIT.set(&[queue], longest.unwrap_or_default());
    for (yardstick, metric) in
        [(Yardstick::Caller, &names::LONGEST_CALLER), (Yardstick::Message, &names::OLDEST_MESSAGE)]
    {
        let wait = waits.iter().find(|part| part.yardstick == yardstick);
        metric.set(&[queue], wait.map_or(0.0, |part| part.number));
    }
    names::ANSWER_THRESHOLD.set(&[queue], promise.answer_threshold.as_secs_f64());
    names::REPLY_THRESHOLD.set(&[queue], promise.reply_threshold.as_secs_f64());
    let calendar = promise.calendar.as_ref();
    if let Some(hours) = calendar.and_then(|it| moment.engine.rules().calendars.get(it)) {
        names::QUEUE_OPEN.set(&[queue], f64::from(hours.is_open(moment.now_ms)));
    }
    let formula = service_level::by_id(&promise.service_level).id;
    for window in SERVICE_LEVEL_WINDOWS {
        let ratio = read("service_level", window);
        names::SERVICE_LEVEL.set(&[queue, window.id(), formula], ratio);
    }
    names::RECOVERY.set(&[queue], read("service_level_recovery", Window::Today));
    names::BUDGET.set(&[queue], read("service_level_budget", Window::Today));
}

/// Of each channel and queue that had a contact.
pub(super) fn publish_flows(moment: &Moment<'_>) {
    moment.engine.counters().for_each(|cell| publish_flow(moment, &cell));
}

fn publish_flow(moment: &Moment<'_>, cell: &CellCounters<'_>) {
    let labels = [cell.channel(), cell.queue()];
    for (metric, field) in FLOWS {
        metric.reach(&labels, cell.total(field));
    }
    let selector =
        Selector { queue: Some(cell.queue().to_owned()), ..Selector::channel(cell.channel()) };
    let unanswered = moment.number("unanswered_now", &selector, Window::Now);
    names::UNANSWERED.set(&labels, unanswered.unwrap_or_default());
}
