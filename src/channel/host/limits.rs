//! What one instance may take of the machine.

use std::time::Duration;

use wasmtime::ResourceLimiter;

use super::deadline::Deadline;
use crate::config::model::Channel;

/// What one instance and each of its calls may take.
#[derive(Clone, Copy, Debug)]
pub struct CallLimits {
    /// Longest single call, in time of the processor.
    pub call_timeout: Duration,
    /// Longest single call by the wall clock, however busy the machine is.
    pub wall_timeout: Duration,
    /// Linear memory.
    pub memory_bytes_max: usize,
    /// Events that one call may return, over all its inputs.
    pub events_max: usize,
    /// Bytes that one call may return, over all its events, commands and replies.
    pub output_bytes_max: usize,
    /// Bytes of a plugin's snapshot.
    pub snapshot_bytes_max: usize,
}

impl From<&Channel> for CallLimits {
    fn from(channel: &Channel) -> Self {
        Self {
            call_timeout: channel.call_timeout,
            wall_timeout: channel.limits.call_wall_timeout,
            memory_bytes_max: channel.memory_bytes_max,
            events_max: channel.limits.call_events_max,
            output_bytes_max: channel.limits.call_output_bytes_max,
            snapshot_bytes_max: channel.limits.snapshot_bytes_max,
        }
    }
}

/// Elements of one table: indirect calls need a few hundred.
const TABLE_ELEMENTS_MAX: usize = 100_000;
/// Core instances inside a component: the module, its shims, a language runtime's helpers.
pub(super) const INSTANCES_MAX: usize = 64;
const TABLES_MAX: usize = 16;
const MEMORIES_MAX: usize = 4;
/// Handles of resources, which the contract knows none of: each takes memory of the host.
pub(super) const HANDLES_MAX: usize = 1_000;

/// Counts an instance's memory and time, and refuses more than it may have.
#[derive(Debug)]
pub(super) struct Limits {
    /// Of the call that runs.
    pub(super) deadline: Deadline,
    memory_bytes_max: usize,
    memory_bytes: usize,
    refused: bool,
}

impl Limits {
    pub(super) fn new(limits: &CallLimits) -> Self {
        let CallLimits { call_timeout, wall_timeout, memory_bytes_max, .. } = *limits;
        let deadline = Deadline::new(call_timeout, wall_timeout);
        Self { deadline, memory_bytes_max, memory_bytes: 0, refused: false }
    }

    /// Linear memory held. Memory never shrinks, so after a call this is the call's peak.
    pub(super) fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }

    /// Whether more memory was asked for than allowed. A guest that dies right after was killed
    /// by this, whatever its trap says.
    pub(super) fn refused(&self) -> bool {
        self.refused
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.memory_bytes.saturating_sub(current).saturating_add(desired);
        if total > self.memory_bytes_max {
            self.refused = true;
            return Ok(false);
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS_MAX)
    }

    fn instances(&self) -> usize {
        INSTANCES_MAX
    }

    fn tables(&self) -> usize {
        TABLES_MAX
    }

    fn memories(&self) -> usize {
        MEMORIES_MAX
    }
}
