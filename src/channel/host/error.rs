//! How a call into a plugin can go wrong, told apart because each has its own remedy.

use std::fmt;
use std::time::Duration;

use wasmtime::{Store, Trap};

use super::deadline::RanOut;
use super::limits::{CallLimits, Limits};
use super::trapped::Trapped;
use crate::words::words;

/// A call that the plugin did not survive. The instance must be dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The guest hit `unreachable`, divided by zero, read outside its memory, …
    #[error("the plugin trapped: {0}")]
    Trap(Trapped),
    /// The guest did not return in time.
    #[error("the plugin took longer than {}", millis(.limit))]
    Deadline {
        /// `call_timeout`.
        limit: Duration,
    },
    /// The machine was too busy for the guest to return in any time. Not the guest's fault.
    #[error(
        "the machine was too busy for the plugin: after {} ms (limits.call_wall_timeout) it was \
         not done and had not used its own time",
        .limit.as_millis()
    )]
    Starved {
        /// `limits.call_wall_timeout`.
        limit: Duration,
    },
    /// The guest asked for more memory than it may have, and died of not getting it.
    #[error("the plugin needed more than {limit} bytes of memory (memory_bytes_max)")]
    OutOfMemory {
        /// `memory_bytes_max`.
        limit: usize,
    },
    /// The guest returned more than the host is willing to copy.
    #[error("the plugin returned too much: more than {max} {what} (limits.{key})")]
    OutputTooLarge {
        /// What there was too much of.
        what: &'static str,
        /// How much there may be.
        max: usize,
        /// The limit's key in the channel's section.
        key: &'static str,
    },
    /// The guest broke the contract in another way.
    #[error("the plugin broke the contract: {0}")]
    Contract(String),
}

fn millis(limit: &Duration) -> String {
    format!("{} ms (call_timeout)", limit.as_millis())
}

impl CallError {
    /// The class that counters and quarantine use.
    pub fn class(&self) -> FailureClass {
        match self {
            CallError::Trap(_) => FailureClass::Trap,
            CallError::Deadline { .. } | CallError::Starved { .. } => FailureClass::Deadline,
            CallError::OutOfMemory { .. } => FailureClass::OutOfMemory,
            CallError::OutputTooLarge { .. } => FailureClass::OutputTooLarge,
            CallError::Contract(_) => FailureClass::Contract,
        }
    }

    /// In words for the plugin's author, who tries inputs of their own: nothing is left out.
    pub fn to_its_author(&self) -> String {
        match self {
            CallError::Trap(trapped) => format!("the plugin trapped: {}", trapped.whole()),
            error => error.to_string(),
        }
    }

    /// Whether the machine is to blame and the same input may go well next time.
    pub fn is_machines(&self) -> bool {
        matches!(self, CallError::Starved { .. })
    }

    /// Says what wasmtime's error means, from the trap's code and what the limiter saw.
    pub(super) fn from_wasmtime(
        error: &wasmtime::Error,
        store: &Store<Limits>,
        limits: &CallLimits,
    ) -> CallError {
        let seen = store.data();
        match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) if seen.deadline.ran_out() == Some(RanOut::Wall) => {
                CallError::Starved { limit: limits.wall_timeout }
            }
            Some(Trap::Interrupt) => CallError::Deadline { limit: limits.call_timeout },
            _ if seen.refused() => CallError::OutOfMemory { limit: limits.memory_bytes_max },
            Some(trap) => CallError::Trap(Trapped::of(*trap, error, store)),
            None if ran_out_of_hostcall_fuel(error) => CallError::OutputTooLarge {
                what: "bytes",
                max: limits.output_bytes_max,
                key: "call_output_bytes_max",
            },
            None => CallError::Contract(format!("{error:#}")),
        }
    }
}

/// wasmtime has no public type for this one; a test of the giant-output guest holds the wording.
fn ran_out_of_hostcall_fuel(error: &wasmtime::Error) -> bool {
    error.root_cause().to_string().contains("fuel allocated for hostcalls")
}

words! {
    /// Why an input ended up in quarantine. Few and fixed: it is a metric's label.
    pub enum FailureClass [name, from_name] {
        /// The plugin says: these bytes are not what the network promises.
        BadInput = "bad_input",
        /// The plugin says: well-formed, but of a kind it does not know.
        Unsupported = "unsupported",
        /// The plugin says: the operator's settings make no sense.
        Config = "config",
        /// The plugin trapped on it.
        Trap = "trap",
        /// The plugin did not end with it in time.
        Deadline = "deadline",
        /// The plugin needed too much memory for it.
        OutOfMemory = "out_of_memory",
        /// The plugin answered with too much.
        OutputTooLarge = "output_too_large",
        /// The plugin broke the contract over it.
        Contract = "contract",
        /// The source: longer than `line_bytes_max`, so the plugin never saw it.
        LongLine = "long_line",
        /// The source: longer than `document_bytes_max`, so the plugin never saw it.
        LongDocument = "long_document",
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
