//! What all targets have in common: a limit of memory. A target that reaches it is ended, and its input
//! is a finding.

use std::alloc::System;

use cap::Cap;

/// Of all that is allocated at once.
const BYTES_MAX: usize = 768 << 20;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, BYTES_MAX);
