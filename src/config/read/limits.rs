//! `[channel.NAME.limits]`.

use super::{GIB, MIB, MILLISECOND};
use crate::config::model::ChannelLimits;
use crate::config::section::Section;

const KIB: usize = 1024;

pub(super) fn limits(mut section: Section<'_>) -> ChannelLimits {
    let default = ChannelLimits::default();
    let limits = ChannelLimits {
        events_per_second_max: section.count(
            "events_per_second_max",
            default.events_per_second_max,
            1..=10_000_000,
        ),
        bytes_per_second_max: section.bytes(
            "bytes_per_second_max",
            default.bytes_per_second_max,
            KIB..=GIB,
        ),
        wakes_per_second_max: section.count(
            "wakes_per_second_max",
            default.wakes_per_second_max,
            1..=100_000,
        ),
        processor_per_second_max: section.duration(
            "processor_per_second_max",
            default.processor_per_second_max,
            MILLISECOND,
        ),
        under_way_bytes_max: section.bytes(
            "under_way_bytes_max",
            default.under_way_bytes_max,
            64 * KIB..=GIB,
        ),
        call_events_max: section.count("call_events_max", default.call_events_max, 1..=1_000_000),
        call_output_bytes_max: section.bytes(
            "call_output_bytes_max",
            default.call_output_bytes_max,
            64 * KIB..=256 * MIB,
        ),
        call_commands_max: section.count(
            "call_commands_max",
            default.call_commands_max,
            1..=100_000,
        ),
        call_input_bytes_max: section.bytes(
            "call_input_bytes_max",
            default.call_input_bytes_max,
            KIB..=64 * MIB,
        ),
        snapshot_bytes_max: section.bytes(
            "snapshot_bytes_max",
            default.snapshot_bytes_max,
            KIB..=64 * MIB,
        ),
        fetches_max: section.count("fetches_max", default.fetches_max, 1..=1024),
        links_max: section.count("links_max", default.links_max, 1..=64),
        link_queue_bytes_max: section.bytes(
            "link_queue_bytes_max",
            default.link_queue_bytes_max,
            KIB..=64 * MIB,
        ),
        frame_bytes_max: section.bytes("frame_bytes_max", default.frame_bytes_max, KIB..=64 * MIB),
        tag_bytes_max: section.bytes("tag_bytes_max", default.tag_bytes_max, 64..=MIB),
        timers_max: section.count("timers_max", default.timers_max, 1..=100_000),
        log_lines_per_minute_max: section.count(
            "log_lines_per_minute_max",
            default.log_lines_per_minute_max,
            0..=10_000,
        ),
        call_wall_timeout: section.duration(
            "call_wall_timeout",
            default.call_wall_timeout,
            MILLISECOND,
        ),
    };
    section.finish();
    limits
}
