//! Queues: who waits, what was promised, what came and went.

use std::collections::BTreeMap;

use super::Moment;
use crate::config::model::Queues;
use crate::engine::{CellCounters, CellView, Engine, Field};
use crate::event::UnixMs;
use crate::kpi::service_level;
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
    names::LONGEST_WAIT.set(&[queue], read("longest_wait_now", Window::Now).unwrap_or_default());
    let hours = promise.calendar.as_ref();
    let hours = hours.and_then(|name| moment.engine.rules().calendars.get(name));
    // It stands still while the queue is closed: who waits has not been answered by that.
    let open_s = |since_ms: UnixMs| {
        let waited_ms = match hours {
            Some(hours) => hours.open_ms_between(since_ms, moment.now_ms),
            None => moment.now_ms.saturating_sub(since_ms).max(0),
        };
        waited_ms as f64 / 1000.0
    };
    let cells = moment.engine.select(&selector);
    let caller_ms = cells.iter().filter_map(CellView::calls_waiting_since_ms).min();
    let message_ms = cells.iter().filter_map(CellView::unanswered_since_ms).min();
    names::LONGEST_CALLER.set(&[queue], caller_ms.map_or(0.0, open_s));
    names::OLDEST_MESSAGE.set(&[queue], message_ms.map_or(0.0, open_s));
    names::ANSWER_THRESHOLD.set(&[queue], promise.answer_threshold.as_secs_f64());
    names::REPLY_THRESHOLD.set(&[queue], promise.reply_threshold.as_secs_f64());
    if let Some(hours) = hours {
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
