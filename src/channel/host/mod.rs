//! The sandbox: plugins are loaded, started and called here, and can do nothing else.
//!
//! wasmtime's component model without WASI: the linker is empty, so a plugin has no network, no
//! files, no clock and no secrets. Every call has a deadline, every instance a memory limit,
//! every answer a size limit. Calls are synchronous and serial; who owns an [`Instance`] decides
//! on which thread it runs. This module knows nothing of channels, journals or HTTP.
//!
//! Bytes come in as [`Package`]s from plugin files and as [`Input`](super::input::Input)s from
//! the actor; what a plugin answers goes back to the actor in the contract's own types ([`wit`]).

#[allow(unreachable_pub, reason = "generated")]
mod bindings;
mod cache;
pub mod convert;
mod deadline;
pub mod elsewhere;
mod engine;
mod error;
mod instance;
mod limits;
mod package;
mod sections;
mod setup;
mod trapped;

pub use bindings::tablica::channel::types as wit;
pub use cache::{is_cache, users_cache};
pub use elsewhere::NotCompiled;
pub use engine::{EngineError, PluginEngine, TICK};
pub use error::{CallError, FailureClass};
pub use instance::{Call, Instance};
pub use limits::CallLimits;
pub use package::{Header, Package, PackageError, read_plugin};
pub use setup::Setup;

/// The major version of the contract that this server speaks.
pub const API_MAJOR: u32 = 1;
/// The minor one: plugins of a later one may use what this server does not know.
pub const API_MINOR: u32 = 0;
