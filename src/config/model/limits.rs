//! What one channel's plugin may take of what all channels share.

use std::time::Duration;

/// `[channel.NAME.limits]`. What is beyond a limit by the second waits, and nothing of it is lost;
/// what is beyond another is refused. Both are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelLimits {
    /// Events in a second, over some seconds; the plugin then waits for its turn. Default 10,000.
    pub events_per_second_max: usize,
    /// Bytes of events and snapshots in a second, over some seconds. Default 8 MiB.
    pub bytes_per_second_max: usize,
    /// Timers and answers to fetches that the plugin is given in a second. Default 100.
    pub wakes_per_second_max: usize,
    /// Time of a processor in a second, over some seconds; the plugin then waits for its turn.
    /// Default 500 ms: half a processor.
    pub processor_per_second_max: Duration,
    /// Bytes on their way to the disk; then the plugin waits, and others have their turn. Default
    /// 4 MiB.
    pub under_way_bytes_max: usize,
    /// Events that one call may give. Default 20,000.
    pub call_events_max: usize,
    /// Bytes that one call may give. Default 16 MiB.
    pub call_output_bytes_max: usize,
    /// Commands that one call may give; more are not carried out. Default 1024.
    pub call_commands_max: usize,
    /// Bytes of inputs in one call, unless one alone is larger. Default 256 KiB.
    pub call_input_bytes_max: usize,
    /// Bytes of the plugin's snapshot. Default 4 MiB.
    pub snapshot_bytes_max: usize,
    /// Fetches under way; more are answered with status 0. Default 16.
    pub fetches_max: usize,
    /// Links at once; more are not opened. Default 4.
    pub links_max: usize,
    /// Bytes that wait to be sent on a link; more is not sent. Default 1 MiB.
    pub link_queue_bytes_max: usize,
    /// Bytes of a frame that comes on a link, and of all that wait for the plugin; a longer one closes
    /// the link. Default 1 MiB.
    pub frame_bytes_max: usize,
    /// Bytes of a timer's or fetch's tag, or of a link's name; one with a longer one is not carried out. Default 1 KiB.
    pub tag_bytes_max: usize,
    /// Timers set; more are not carried out. Default 256.
    pub timers_max: usize,
    /// Lines that the plugin may say in the log in a minute; more are left out. Default 60.
    pub log_lines_per_minute_max: usize,
    /// Longest single call by the wall clock, however busy the machine is. Default 10 s.
    pub call_wall_timeout: Duration,
}

impl Default for ChannelLimits {
    fn default() -> Self {
        Self {
            events_per_second_max: 10_000,
            bytes_per_second_max: 8 << 20,
            wakes_per_second_max: 100,
            processor_per_second_max: Duration::from_millis(500),
            under_way_bytes_max: 4 << 20,
            call_events_max: 20_000,
            call_output_bytes_max: 16 << 20,
            call_commands_max: 1024,
            call_input_bytes_max: 256 << 10,
            snapshot_bytes_max: 4 << 20,
            fetches_max: 16,
            links_max: 4,
            link_queue_bytes_max: 1 << 20,
            frame_bytes_max: 1 << 20,
            tag_bytes_max: 1 << 10,
            timers_max: 256,
            log_lines_per_minute_max: 60,
            call_wall_timeout: Duration::from_secs(10),
        }
    }
}
