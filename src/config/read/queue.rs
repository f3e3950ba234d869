//! `[queue.NAME]` and `[queue_default]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{SECOND, hours, share};
use crate::config::model::{Calendar, Queue, Queues, SERVICE_LEVELS};
use crate::config::section::Section;

pub(super) fn queues(root: &mut Section<'_>, calendars: &BTreeMap<String, Calendar>) -> Queues {
    let default = queue(root.section("queue_default"), &Queue::default(), calendars);
    let section = root.section("queue");
    let reader = section.reader;
    let named = section
        .entries()
        .into_iter()
        .map(|(name, node)| {
            let section = Section::of(reader, format!("queue.{name}"), Some(node));
            // A queue's title is its own: it does not come from the default.
            (name, queue(section, &Queue { title: None, ..default.clone() }, calendars))
        })
        .collect();
    Queues { default, named }
}

fn queue(
    mut section: Section<'_>,
    default: &Queue,
    calendars: &BTreeMap<String, Calendar>,
) -> Queue {
    let concurrency = section.count("concurrency", default.concurrency as usize, 1..=100);
    let required = section.count("agents_required", default.agents_required as usize, 0..=10_000);
    let queue = Queue {
        title: section.optional_text("title"),
        answer_threshold: section.duration("answer_threshold", default.answer_threshold, SECOND),
        reply_threshold: section.duration("reply_threshold", default.reply_threshold, SECOND),
        short_abandon: section.duration("short_abandon", default.short_abandon, Duration::ZERO),
        service_level: section.choice(
            "service_level",
            default.service_level.clone(),
            &SERVICE_LEVELS,
        ),
        goal: share(&mut section, "goal", default.goal),
        concurrency: u32::try_from(concurrency).unwrap_or(default.concurrency),
        agents_required: u32::try_from(required).unwrap_or(default.agents_required),
        wrap_up_max: section.duration("wrap_up_max", default.wrap_up_max, SECOND),
        calendar: hours::calendar_name(&mut section, default.calendar.clone(), calendars),
    };
    section.finish();
    queue
}
