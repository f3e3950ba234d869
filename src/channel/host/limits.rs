//! What one instance may take of the machine.

use wasmtime::ResourceLimiter;

/// Events that one call may return, over all its inputs.
pub const EVENTS_PER_CALL_MAX: usize = 20_000;
/// Bytes that one call may return, over all its events, commands and replies.
pub const OUTPUT_BYTES_MAX: usize = 16 << 20;
/// Bytes of a plugin's snapshot.
pub const SNAPSHOT_BYTES_MAX: usize = 4 << 20;

/// Elements of one table: indirect calls need a few hundred.
const TABLE_ELEMENTS_MAX: usize = 100_000;
/// Core instances inside a component: the module, its shims, a language runtime's helpers.
const INSTANCES_MAX: usize = 64;
const TABLES_MAX: usize = 16;
const MEMORIES_MAX: usize = 4;

/// Counts an instance's memory and refuses more than it may have.
#[derive(Debug)]
pub(super) struct Limits {
    memory_bytes_max: usize,
    memory_bytes: usize,
    refused: bool,
}

impl Limits {
    pub(super) fn new(memory_bytes_max: usize) -> Self {
        Self { memory_bytes_max, memory_bytes: 0, refused: false }
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

    pub(super) fn memory_bytes_max(&self) -> usize {
        self.memory_bytes_max
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
